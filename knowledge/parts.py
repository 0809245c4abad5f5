"""Parts: which terms each part of a passage holds; what stands above it, each piece, and the line that leads the piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Parts:
    """The terms of each part of each passage.

    The parts of passage p are numbered from `firsts[p]` to `firsts[p + 1]`; the terms of part q stand from `starts[q]` to
    `starts[q + 1]`. First comes what stands above the whole passage, then each piece and the line that leads it, in turn. A part
    names each of its terms once, in order.
    """

    firsts: NDArray[np.int64]
    starts: NDArray[np.int64]
    terms: NDArray[np.int32]


def spans(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of several runs, one after the other: so many from each start on."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))


def offsets(sizes: NDArray[np.int64] | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return where runs of these sizes begin, and where the last one ends."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)))


def renamed(parts: Parts, names: NDArray[np.int64]) -> Parts:
    """Return parts with other numbers for their terms; those whose new number is negative are left out."""
    terms = names[parts.terms]
    known = terms >= 0
    if known.all():
        return Parts(parts.firsts, parts.starts, terms.astype(np.int32))
    kept = offsets(known)
    return Parts(parts.firsts, kept[parts.starts], terms[known].astype(np.int32))


def merge(base: Parts, origin: NDArray[np.int64], fresh: Parts) -> Parts:
    """Return the parts of passages some of which were there before; both sides number terms alike.

    `origin` says which number each passage had in the base, -1 for those that are new, whose parts are in `fresh`.
    """
    sides = (base, origin, np.flatnonzero(origin >= 0)), (fresh, np.arange(len(origin)), np.flatnonzero(origin < 0))
    counts = np.zeros(len(origin), np.int64)
    for side, numbers, places in sides:
        counts[places] = np.diff(side.firsts)[numbers[places]]
    firsts = offsets(counts)
    sizes = np.zeros(int(firsts[-1]), np.int64)
    wholes = np.zeros(len(origin), np.int64)
    for side, numbers, places in sides:
        of = numbers[places]
        sizes[spans(firsts[places], counts[places])] = np.diff(side.starts)[spans(side.firsts[of], counts[places])]
        wholes[places] = side.starts[side.firsts[of + 1]] - side.starts[side.firsts[of]]
    begins = offsets(wholes)
    terms = np.empty(int(begins[-1]), np.int32)
    for side, numbers, places in sides:
        starts = side.starts[side.firsts[numbers[places]]]
        terms[spans(begins[places], wholes[places])] = side.terms[spans(starts, wholes[places])]
    return Parts(firsts, offsets(sizes), terms)
