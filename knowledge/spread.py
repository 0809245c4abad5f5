"""Let the first passages speak of all that is asked: a question may need two rules, from two documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FIRST = 5
"""Passages that are spread; the others keep their order."""
AMONG = 40
"""Passages among which they are chosen."""
NEW = 0.5
"""What a passage gains by speaking of the whole of what those before it do not speak of."""
SAME = 0.04
"""What it loses for each of those before it that comes from the same document."""


def spread(
    scores: NDArray[np.float64], said: NDArray[np.float64], worth: NDArray[np.float64], documents: Sequence[int]
) -> NDArray[np.intp]:
    """Return the passages in order, the best first and the next four such that they add to it.

    `said` tells how surely each passage (a column) speaks of each word (a row), `worth` how much of the question each word makes up.
    """
    order = np.argsort(-scores, kind="stable")
    left, placed = order[:AMONG].copy(), order[:1].tolist()
    own, gain = np.asarray(documents)[left], scores[left]
    spoken, same = np.zeros((len(worth), 1)), np.zeros(len(left))
    free = np.arange(len(left)) > 0
    among = said[:, left]
    last = 0
    while free.any() and len(placed) < FIRST:
        spoken = np.maximum(spoken, among[:, last : last + 1])
        same += own == own[last]
        value = gain + NEW * (worth @ np.maximum(among - spoken, 0.0)) - SAME * same
        last = int(np.argmax(np.where(free, value, -np.inf)))
        free[last] = False
        placed.append(int(left[last]))
    return np.array([*placed, *left[free].tolist(), *order[AMONG:].tolist()], np.intp)
