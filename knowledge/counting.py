"""Count the terms of new passages: which passage holds which how often, and which part of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from knowledge.parts import Parts, offsets, renamed, spans
from knowledge.postings import Postings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

T = TypeVar("T", bound=np.generic)

AT_ONCE = 100_000
"""Words that are counted together: few enough for their terms to stay near the processor."""
_TERM = 32
_MASK = (1 << _TERM) - 1
"""The lower bits of a key hold a term's number."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """The terms of some passages: of each passage, with how often, and of each part; `lengths` counts a passage's terms."""

    found: NDArray[np.int32]
    counts: NDArray[np.float32]
    held: NDArray[np.int64]
    lengths: NDArray[np.int64]
    part_terms: NDArray[np.int32]
    part_sizes: NDArray[np.int64]


class Counter:
    """Counts the terms of one passage after the other. A word is taken apart once and remembered."""

    def __init__(self, terms_of: Callable[[str, str], Iterable[str]]) -> None:
        self._terms_of = terms_of
        self._numbers: dict[str, int] = {}
        self._words: dict[str, _Words] = {}
        self._terms: list[list[int]] = []
        self._shapes: list[int] = []
        self._said: list[int] = []
        self._sizes: list[int] = []
        self._done: list[_Counted] = []
        self._waiting = 0

    def add(self, parts: Iterable[Sequence[str]], language: str) -> None:
        """Take in a passage by the words of its parts: what stands above it, then each piece and the line that leads it, in turn."""
        known = self._words.setdefault(language, _Words(self, language))
        before = len(self._sizes)
        for words in parts:
            self._said.extend(map(known.__getitem__, words))
            self._sizes.append(len(words))
        self._shapes.append(len(self._sizes) - before)
        self._waiting += 1
        if len(self._said) > AT_ONCE:
            self._count()

    def postings(self, numbers: NDArray[np.int64], total: int) -> Postings:
        """Return what was counted; `numbers` are the passages' own among the `total` ones."""
        self._count()
        found = _joined([each.found for each in self._done], np.int32)
        listed = list(self._numbers)
        used = np.flatnonzero(np.bincount(found, minlength=len(listed)))
        names = sorted(listed[number] for number in used.tolist())
        rank = np.full(len(listed), -1, np.int32)
        rank[[self._numbers[name] for name in names]] = np.arange(len(names), dtype=np.int32)
        lengths = np.zeros(total, np.float32)
        lengths[numbers] = _joined([each.lengths for each in self._done], np.int64)
        passages, counts = self._ordered(rank[found], numbers)
        starts = offsets(np.bincount(rank[found], minlength=len(names)))
        return Postings(names, starts, passages, counts, lengths, self._parts(numbers, total, rank))

    def _ordered(
        self, terms: NDArray[np.int32], numbers: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return all postings in order, term by term: the passage of each, and how often it holds the term.

        The passages come in order, and each term's stay so. Few large arrays live at once: at 100,000
        passages each of 30 million numbers takes 120 or 240 MB.
        """
        order = terms.astype(np.int64) << _TERM
        order |= np.arange(len(terms), dtype=np.uint32)
        order.sort()
        order &= _MASK
        counts = _joined([each.counts for each in self._done], np.float32)[order]
        passages = np.repeat(numbers.astype(np.int32), _joined([each.held for each in self._done], np.int64))
        return passages[order], counts

    def word(self, word: str, language: str) -> int:
        """Take a word apart, and return its number."""
        number = self._numbers
        self._terms.append([number.setdefault(term, len(number)) for term in self._terms_of(word, language)])
        return len(self._terms) - 1

    def _parts(self, numbers: NDArray[np.int64], total: int, rank: NDArray[np.int32]) -> Parts:
        shapes = np.zeros(total, np.int64)
        shapes[numbers] = self._shapes
        starts = offsets(_joined([each.part_sizes for each in self._done], np.int64))
        terms = _joined([each.part_terms for each in self._done], np.int32)
        parts = renamed(Parts(offsets(shapes), starts, terms), rank)
        keys = np.repeat(np.arange(len(parts.starts) - 1) << _TERM, np.diff(parts.starts))
        keys |= parts.terms
        keys.sort()
        keys &= _MASK
        return Parts(parts.firsts, parts.starts, keys.astype(np.int32))

    def _count(self) -> None:
        """Count what is waiting."""
        if not self._waiting:
            return
        shapes = np.array(self._shapes[-self._waiting :])
        parts = np.repeat(np.arange(len(self._sizes)), self._sizes)
        passage = np.repeat(np.arange(len(shapes)), shapes)
        place = np.arange(len(passage)) - np.repeat(np.cumsum(shapes) - shapes, shapes)
        leads = (place > 0) & (place % 2 == 0)
        sizes = np.fromiter(map(len, self._terms), np.int64, len(self._terms))
        terms = np.fromiter((term for listed in self._terms for term in listed), np.int64, int(sizes.sum()))
        said = np.array(self._said, np.int64)
        starts, many = (offsets(sizes)[said], sizes[said]) if said.size else (said, said)
        keys = (np.repeat(parts, many) << _TERM) | terms[spans(starts, many)]
        keys, counts = np.unique(keys, return_counts=True)
        part, term = keys >> _TERM, keys & _MASK
        own = ~leads[part]
        found, often = _summed((passage[part[own]] << _TERM) | term[own], counts[own])
        self._done.append(
            _Counted(
                (found & _MASK).astype(np.int32),
                often.astype(np.float32),
                np.bincount(found >> _TERM, minlength=len(shapes)),
                np.bincount(passage[part[own]], counts[own], minlength=len(shapes)).astype(np.int64),
                term.astype(np.int32),
                np.bincount(part, minlength=len(self._sizes)),
            )
        )
        self._said, self._sizes, self._waiting = [], [], 0


class _Words(dict[str, int]):
    """The numbers of the words of a language; a new one is taken apart."""

    def __init__(self, counter: Counter, language: str) -> None:
        super().__init__()
        self._counter = counter
        self._language = language

    def __missing__(self, word: str) -> int:
        number = self[word] = self._counter.word(word, self._language)
        return number


def _summed(keys: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each key once, in order, with the sum of its counts."""
    order = np.argsort(keys)
    keys, counts = keys[order], counts[order]
    firsts = np.flatnonzero(np.concatenate((np.ones(min(len(keys), 1), bool), keys[1:] != keys[:-1])))
    return (keys[firsts], np.add.reduceat(counts, firsts)) if len(keys) else (keys, counts)


def _joined(arrays: Sequence[NDArray[T]], kind: type[T]) -> NDArray[T]:
    return np.concatenate(arrays) if arrays else np.empty(0, kind)
