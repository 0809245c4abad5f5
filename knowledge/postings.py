"""Postings: which passage holds which term how often; made from texts, or grown from those of the generation before.

Always in the same order, terms by their letters and passages by their number, so that what has grown is what would be made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of term t stand from `starts[t]` to `starts[t + 1]` in `passages` and `counts`.

    `lengths` holds the number of terms of each passage.
    """

    terms: Sequence[str]
    starts: NDArray[np.int64]
    passages: NDArray[np.int32]
    counts: NDArray[np.float32]
    lengths: NDArray[np.float32]


class Counter:
    """Counts the terms of one passage after the other. A word is taken apart once and remembered."""

    def __init__(self, terms_of: Callable[[str, str], Iterable[str]]) -> None:
        self._terms_of = terms_of
        self._numbers: dict[str, int] = {}
        self._words: dict[tuple[str, str], NDArray[np.int32]] = {}
        self._found: list[NDArray[np.int32]] = []
        self._counts: list[NDArray[np.float32]] = []
        self._lengths: list[int] = []

    def add_words(self, words: Iterable[str], language: str) -> None:
        """Take in a passage by its words."""
        parts = [self._word(word, language) for word in words]
        self._add(np.concatenate(parts) if parts else np.empty(0, np.int32))

    def add_terms(self, terms: Iterable[str]) -> None:
        """Take in a passage by its terms."""
        self._add(self._numbered(terms))

    def postings(self, numbers: NDArray[np.int64], total: int) -> Postings:
        """Return the postings of all passages that were taken in; `numbers` are theirs among the `total` passages."""
        names = sorted(self._numbers)
        rank = np.empty(len(names), np.int64)
        rank[[self._numbers[name] for name in names]] = np.arange(len(names))
        terms = rank[np.concatenate(self._found)] if self._found else np.empty(0, np.int64)
        passages = np.repeat(numbers, [len(found) for found in self._found])
        order = np.argsort(terms * total + passages)
        starts = _starts(np.bincount(terms, minlength=len(names)))
        counts = np.concatenate(self._counts) if self._counts else np.empty(0, np.float32)
        lengths = np.zeros(total, np.float32)
        lengths[numbers] = self._lengths
        return Postings(names, starts, passages[order].astype(np.int32), counts[order], lengths)

    def _word(self, word: str, language: str) -> NDArray[np.int32]:
        found = self._words.get((word, language))
        if found is None:
            found = self._words[word, language] = self._numbered(self._terms_of(word, language))
        return found

    def _numbered(self, terms: Iterable[str]) -> NDArray[np.int32]:
        return np.array([self._numbers.setdefault(term, len(self._numbers)) for term in terms], np.int32)

    def _add(self, numbers: NDArray[np.int32]) -> None:
        found, counts = np.unique(numbers, return_counts=True)
        self._found.append(found)
        self._counts.append(counts.astype(np.float32))
        self._lengths.append(len(numbers))


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
    renamed = np.zeros(len(base.terms), np.int64)
    renamed[used] = [place[name] for name in staying]
    kept_terms = renamed[kept_terms]
    fresh_terms = np.repeat(np.array([place[name] for name in fresh.terms], np.int64), np.diff(fresh.starts))
    at = np.searchsorted(kept_terms * total + kept_passages, fresh_terms * total + fresh.passages)
    counted = np.bincount(kept_terms, minlength=len(names)) + np.bincount(fresh_terms, minlength=len(names))
    lengths = fresh.lengths.copy()
    lengths[origin >= 0] = base.lengths[origin[origin >= 0]]
    return Postings(
        names,
        _starts(counted),
        np.insert(kept_passages, at, fresh.passages).astype(np.int32),
        np.insert(kept_counts, at, fresh.counts),
        lengths,
    )


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


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))
