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
    left, placed = order[:AMONG].tolist(), order[:1].tolist()
    left = left[1:]
    while left and len(placed) < FIRST:
        spoken = said[:, placed].max(axis=1, keepdims=True)
        new = worth @ np.maximum(said[:, left] - spoken, 0.0)
        same = [sum(documents[one] == documents[other] for other in placed) for one in left]
        placed.append(left.pop(int(np.argmax(scores[left] + NEW * new - SAME * np.array(same)))))
    return np.array([*placed, *left, *order[AMONG:].tolist()], np.intp)
