"""The best passages by words without reading every posting: what cannot reach them any more is left out, nothing else.

After Turtle and Flood, Query evaluation: strategies and optimizations (1995), for arrays: the terms that tell most for what they cost are
summed for all passages; a passage goes on only if the most that the others could still add would lift it among the best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from knowledge.keywords import KeywordView

READ = 150_000
"""Postings that are simply read: below, choosing costs more than it spares."""
LATER = 0.05
"""Share of the highest possible score that is left to the terms that only promising passages are looked at for: a quarter of what the
best passages have of it, so that few others can still reach them."""
_BLOCK = 16
_SLACK = 1e-6
"""Share of a score that rounding may cost."""


def best(
    view: KeywordView, numbers: NDArray[np.int64], strength: NDArray[np.float64], count: int, also: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return, in order, the `count` readable passages that score highest and those in `also`, and their scores.

    `strength` is what a term adds at most to a passage that holds nothing else. Among equals the first ones count.
    """
    sizes = view.index.sizes[numbers]
    if sizes.sum() <= READ or view.total <= 2 * count:
        return _of_all(view, view.sums(numbers, strength), count, also)
    most = strength * view.most(numbers)
    order = np.argsort(-most / sizes, kind="stable")
    left = np.append(np.cumsum(most[order][::-1])[::-1], 0.0)
    cut = int(np.argmax(left <= LATER * left[0]))
    sums = view.sums(numbers[order[:cut]], strength[order[:cut]])
    if cut == len(order):
        return _of_all(view, sums, count, also)
    rest = numbers[order[cut:]], strength[order[cut:]], float(left[cut] + _SLACK * left[0])
    return _narrowed(view, sums, rest, count, also)


def highest(scores: NDArray[np.floating], count: int) -> NDArray[np.int64]:
    """Return the places of the highest scores; among equals, the first ones."""
    if len(scores) <= count:
        return np.arange(len(scores))
    near = _promising(scores, count)
    found = scores[near]
    least = np.partition(found, -count)[-count]
    above = near[found > least]
    return np.concatenate((above, near[found == least][: count - len(above)]))


def _promising(scores: NDArray[np.floating], count: int) -> NDArray[np.int64]:
    """Return, in order, places among which the `count` highest are: what the highest of so many blocks reach, they reach, too."""
    blocks = len(scores) // _BLOCK
    if blocks <= 2 * count:
        return np.arange(len(scores))
    tops = scores[: blocks * _BLOCK].reshape(-1, _BLOCK).max(axis=1)
    return np.flatnonzero(scores >= np.partition(tops, -count)[-count])


def _of_all(
    view: KeywordView, sums: NDArray[np.float64], count: int, also: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    readable = view.readable_numbers
    chosen = np.union1d(readable[highest(sums[readable], count)], also)
    return chosen, sums[chosen]


_Rest = tuple["NDArray[np.int64]", "NDArray[np.float64]", float]
"""Terms, what each adds at most, and what all of them can add together."""


def _narrowed(
    view: KeywordView, sums: NDArray[np.float64], rest: _Rest, count: int, also: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Look for the other terms in those passages only that can still be among the best."""
    numbers, strength, reach = rest
    sums[~view.readable] = -np.inf
    leading = _promising(sums, 2 * count)
    leading = leading[view.readable[leading]]
    scored = sums[leading] + view.gained(leading, numbers, strength)
    least = np.partition(scored, -count)[-count] - reach  # so many score higher: whoever is below cannot be among them
    kept = np.union1d(np.flatnonzero((sums >= least) & view.readable), also)
    found = sums[kept] + view.gained(kept, numbers, strength)
    chosen = np.isin(kept, also)
    chosen[highest(found, count)] = True
    return kept[chosen], found[chosen]
