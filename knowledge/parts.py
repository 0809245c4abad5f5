"""Parts: which terms each part of a passage holds; what stands above it, each piece, and the line that leads the piece."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


def renamed(parts: Parts, names: NDArray[np.int64] | NDArray[np.int32]) -> Parts:
    """Return parts with other numbers for their terms; those whose new number is negative are left out."""
    return _known(Parts(parts.firsts, parts.starts, names[parts.terms].astype(np.int32, copy=False)))


@dataclass(frozen=True, slots=True)
class Side:
    """Parts that go into others: which passages come from here (their numbers here and there, in order), and its terms' new numbers."""

    parts: Parts
    here: NDArray[np.int64]
    there: NDArray[np.int64]
    names: NDArray[np.int64]


def merge(total: int, sides: Sequence[Side]) -> Parts:
    """Return the parts of so many passages, each of which comes from one of the sides."""
    counts, wholes = np.zeros(total, np.int64), np.zeros(total, np.int64)
    for side in sides:
        first, end = side.parts.firsts[side.here], side.parts.firsts[side.here + 1]
        counts[side.there] = end - first
        wholes[side.there] = side.parts.starts[end] - side.parts.starts[first]
    firsts, begins = offsets(counts), offsets(wholes)
    sizes, terms = np.empty(int(firsts[-1]), np.int64), np.empty(int(begins[-1]), np.int32)
    for side in sides:
        names = side.names.astype(np.int32)
        for here, there, count in _runs(side.here, side.there):
            starts = side.parts.starts[side.parts.firsts[here] : side.parts.firsts[here + count] + 1]
            sizes[firsts[there] : firsts[there + count]] = np.diff(starts)
            terms[begins[there] : begins[there + count]] = names[side.parts.terms[starts[0] : starts[-1]]]
    return _known(Parts(firsts, offsets(sizes), terms))


def _runs(here: NDArray[np.int64], there: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Yield where passages that follow each other on both sides begin, and how many there are."""
    breaks = np.flatnonzero((np.diff(here) != 1) | (np.diff(there) != 1)) + 1
    for first, end in pairwise((0, *breaks.tolist(), len(here))):
        if end > first:
            yield int(here[first]), int(there[first]), end - first


def _known(parts: Parts) -> Parts:
    """Leave out terms without a number."""
    known = parts.terms >= 0
    if known.all():
        return parts
    return Parts(parts.firsts, offsets(known)[parts.starts], parts.terms[known])
