"""Postings: which passage holds which term how often, and which part of it; grown from those of the generation before.

Always in the same order, terms by their letters and passages by their number, so that what has grown is what would be made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from knowledge.parts import Parts, Side, merge, offsets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of term t stand from `starts[t]` to `starts[t + 1]` in `passages` and `counts`.

    `lengths` holds the number of terms of each passage, `parts` the terms of each part of each passage.
    """

    terms: Sequence[str]
    starts: NDArray[np.int64]
    passages: NDArray[np.int32]
    counts: NDArray[np.float32]
    lengths: NDArray[np.float32]
    parts: Parts


def grow(base: Postings, origin: NDArray[np.int64], fresh: Postings) -> Postings:
    """Return the postings of passages some of which were there before.

    `origin` says which number each passage had in the base, -1 for those that are new, whose postings are in `fresh`. Passages that
    stay must stay in their order.
    """
    total = len(origin)
    kept_terms, kept_passages, kept_counts = _kept(base, origin)
    used = np.flatnonzero(np.bincount(kept_terms, minlength=len(base.terms)))
    staying = [base.terms[t] for t in used.tolist()]
    known = set(staying)
    names = sorted((*staying, *(term for term in fresh.terms if term not in known)))
    place = {name: number for number, name in enumerate(names)}
    old = np.full(len(base.terms), -1, np.int64)
    old[used] = [place[name] for name in staying]
    new = np.array([place[name] for name in fresh.terms], np.int64)
    kept_terms = old[kept_terms]
    fresh_terms = np.repeat(new, np.diff(fresh.starts))
    at = np.searchsorted(kept_terms * total + kept_passages, fresh_terms * total + fresh.passages)
    counted = np.bincount(kept_terms, minlength=len(names)) + np.bincount(fresh_terms, minlength=len(names))
    lengths = fresh.lengths.copy()
    lengths[origin >= 0] = base.lengths[origin[origin >= 0]]
    return Postings(
        names,
        offsets(counted),
        np.insert(kept_passages, at, fresh.passages).astype(np.int32),
        np.insert(kept_counts, at, fresh.counts),
        lengths,
        merge(
            total, (_side(base.parts, origin, old), _side(fresh.parts, np.where(origin < 0, np.arange(total), -1), new))
        ),
    )


def _side(parts: Parts, numbers: NDArray[np.int64], names: NDArray[np.int64]) -> Side:
    """Return the passages that have a number on a side (others have -1)."""
    there = np.flatnonzero(numbers >= 0)
    return Side(parts, numbers[there], there, names)


def _kept(
    base: Postings, origin: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return term, new passage and count of each posting whose passage stays."""
    moved = np.full(len(base.lengths), -1, np.int64)
    moved[origin[origin >= 0]] = np.flatnonzero(origin >= 0)
    passages = moved[base.passages]
    stays = passages >= 0
    terms = np.repeat(np.arange(len(base.terms)), np.diff(base.starts))
    return terms[stays], passages[stays], np.asarray(base.counts)[stays]
