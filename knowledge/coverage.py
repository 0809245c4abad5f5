"""How much of what is asked a single piece of a passage says, with what stands above it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from knowledge.parts import spans
from knowledge.query import ALIKE, BEGUN, HINTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from knowledge.keywords import KeywordView, Weighted
    from knowledge.parts import Parts
    from knowledge.query import Asked
    from knowledge.view import View

ABOVE = 0.8
"""How much a word counts that stands above a piece only: in the title, a heading, a column's name or the line that leads it."""


_GRAM, _SURE, _HINTED, _SEVERAL = range(4)
"""Ways of speaking of a word: much the same letters; itself or another name; a name that is hinted at; a name of several words."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How the passages that a reader may read can speak of a word: by which terms of the index, and which way each of them leads.

    `several` says of each name of several words how surely it means the word, and how many there are; its way is _SEVERAL and its place
    here; `hint` is how surely a name that is hinted at means it. `letters` are those of the word's `grams` 4-grams that the index knows.
    `rarity` is how telling the word is by the most common of its names, `own` by itself; `named`: some name of it is used here.
    """

    terms: NDArray[np.int64]
    ways: NDArray[np.int64]
    several: tuple[tuple[float, int], ...]
    hint: float
    letters: NDArray[np.int64]
    grams: int
    rarity: float
    own: float
    named: bool


def ways(asked: Asked, view: KeywordView) -> Ways:
    """Return how a word can be spoken of."""
    listed = list(dict.fromkeys(asked.terms))
    numbers = dict(zip(listed, view.numbers(listed).tolist(), strict=True))
    rarity = dict(zip(listed, view.idf(listed).tolist(), strict=True))
    own, hint = _HINTED if asked.part else _SURE, BEGUN if asked.first else HINTED
    leading = [(gram, _GRAM) for gram in asked.grams if not asked.part] + [(asked.stem, own), (asked.other, own)]
    several: list[tuple[float, int]] = []
    for name in asked.names:
        hinted = name in asked.hinted
        way = (_HINTED if hinted else _SURE) if len(name) == 1 else _SEVERAL + len(several)
        leading += [(term, way) for term in name]
        if len(name) > 1:
            several.append((hint if hinted else 1.0, len(name)))
    known = [(numbers[term], way) for term, way in leading if numbers[term] >= 0]
    names = ((asked.stem,), (asked.other,), *asked.names)
    return Ways(
        np.array([number for number, _ in known], np.int64),
        np.array([way for _, way in known], np.int64),
        tuple(several),
        hint,
        np.array([numbers[gram] for gram in asked.grams if numbers[gram] >= 0], np.int64),
        len(asked.grams),
        asked.rarity(rarity),
        rarity[asked.stem] or view.rarest,
        any(all(rarity[term] > 0 for term in name) for name in names),
    )


class Coverage:
    """Says for passages how much of what is asked their best piece says, each word counted by how telling it is (0..1)."""

    def __init__(self, asked: Sequence[Asked], view: View) -> None:
        self._parts = view.keywords.index.postings.parts
        self._terms = len(view.keywords.index.sizes)
        known = [view.ways(each) for each in asked]
        self._ways = _Rows(known, self._terms)
        worth = np.array([each.weight * ways.rarity for each, ways in zip(asked, known, strict=True)])
        self._worth = worth / (worth.sum() or 1.0)

    def of(self, numbers: NDArray[np.int64]) -> Covered:
        """Return what these passages say."""
        held = _Held(self._parts, numbers)
        spoken = self._ways.spoken(held.terms, held.places, held.total)
        above = np.maximum(spoken[:, held.own + 1], spoken[:, held.above])
        said = np.asarray(np.maximum(spoken[:, held.own], ABOVE * above), np.float64)
        return Covered(held, said, self._worth)

    def sums(self, numbers: NDArray[np.int64], weighted: Weighted) -> list[NDArray[np.float64]]:
        """Return for each piece of these passages the sum of what its terms are worth."""
        held = _Held(self._parts, numbers)
        value = np.zeros(self._terms)
        value[weighted.numbers] = weighted.weights
        sums = np.bincount(held.places, value[held.terms], minlength=held.total)[held.own]
        return [sums[first:end] for first, end in pairwise(held.bounds)]

    def held(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say of each term of the index whether some part of these passages holds it."""
        held = np.zeros(self._terms, np.bool_)
        held[_Held(self._parts, numbers).terms] = True
        return held


class Covered:
    """What some passages say, passage by passage in the order in which they were named.

    `said` tells how surely each piece (a column) speaks of each word (a row); `worth` how much of the question each word makes up.
    """

    def __init__(self, held: _Held, said: NDArray[np.float64], worth: NDArray[np.float64]) -> None:
        self._held, self._said, self.worth = held, said, worth

    def best(self) -> NDArray[np.float64]:
        """Return for each passage the share that its best piece says."""
        return np.asarray(np.maximum.reduceat(self.worth @ self._said, self._held.firsts), np.float64)

    def passages(self) -> NDArray[np.float64]:
        """Return how surely each passage (a column) speaks of each word (a row)."""
        return np.asarray(np.maximum.reduceat(self._said, self._held.firsts, axis=1), np.float64)

    def most(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return for each passage the highest of its pieces' values."""
        return np.asarray(np.maximum.reduceat(values, self._held.firsts), np.float32)

    def pieces(self, place: int) -> tuple[slice, list[list[float]]]:
        """Return where the pieces of a passage stand among all, and how surely each speaks of each word."""
        columns = slice(*self._held.bounds[place : place + 2])
        return columns, self._said[:, columns].T.tolist()


class _Held:
    """The terms of some passages, part by part: the part of each of `terms`, the part of each piece and of what stands above it.

    `firsts` numbers each passage's first piece.
    """

    def __init__(self, parts: Parts, numbers: NDArray[np.int64]) -> None:
        firsts, sizes = parts.firsts[numbers], parts.firsts[numbers + 1] - parts.firsts[numbers]
        begins = parts.starts[firsts]
        self.terms = parts.terms[spans(begins, parts.starts[firsts + sizes] - begins)]
        listed = spans(firsts, sizes)
        self.total = len(listed)
        self.places = np.repeat(np.arange(self.total), parts.starts[listed + 1] - parts.starts[listed])
        counts = sizes // 2
        self.firsts = np.cumsum(counts) - counts
        self.bounds = [*self.firsts.tolist(), int(counts.sum())]
        self.above = np.repeat(np.cumsum(sizes) - sizes, counts)
        self.own = self.above + 1 + 2 * (np.arange(len(self.above)) - np.repeat(self.firsts, counts))


class _Rows:
    """The ways in which a text can speak of the words that are asked about, a row each.

    First come each word's 4-grams, then its stems and single names, then names that are only hinted at, last each name of several words.
    """

    def __init__(self, known: Sequence[Ways], terms: int) -> None:
        size = len(known)
        self._grams = np.array([max(each.grams, 1) for each in known], float)[:, None]
        self._hint = np.array([each.hint for each in known])[:, None]
        self._several = [(row, *each) for row, ways in enumerate(known) for each in ways.several]
        before = np.cumsum([0, *(len(each.several) for each in known)])[:-1]
        counts = [len(each.terms) for each in known]
        rows, firsts = np.repeat(np.arange(size), counts), np.repeat(before, counts)
        numbers = np.concatenate([np.empty(0, np.int64), *(each.terms for each in known)])
        ways = np.concatenate([np.empty(0, np.int64), *(each.ways for each in known)])
        order = np.argsort(numbers, kind="stable")
        asked, self._starts = np.unique(numbers[order], return_index=True)
        self._starts = np.append(self._starts, len(numbers))
        self._line = np.full(terms, len(asked), np.int32)
        self._line[asked] = np.arange(len(asked))
        self._rows = np.where(ways < _SEVERAL, ways * size + rows, _SEVERAL * (size - 1) + firsts + ways)[order]

    def spoken(self, terms: NDArray[np.int32], places: NDArray[np.int64], total: int) -> NDArray[np.float64]:
        """Return how surely (0..1) each part (a column) speaks of each word (a row): itself, another name, much the same letters."""
        size = len(self._grams)
        counts = self._counts(self._line[terms], places, total)
        grams = counts[:size] / self._grams
        result = np.where(grams >= ALIKE, grams, 0.0)
        np.maximum(result, counts[size : 2 * size] > 0, out=result)
        np.maximum(result, self._hint * (counts[2 * size : 3 * size] > 0), out=result)
        for held, (row, sure, needed) in zip(counts[3 * size :], self._several, strict=True):
            np.maximum(result[row], sure * (held == needed), out=result[row])
        return result

    def _counts(self, lines: NDArray[np.int32], places: NDArray[np.int64], total: int) -> NDArray[np.int64]:
        """Return how many of the terms of each way (a row) each part (a column) holds."""
        asked = np.flatnonzero(lines < len(self._starts) - 1)
        firsts = self._starts[lines[asked]]
        sizes = self._starts[lines[asked] + 1] - firsts
        rows = self._rows[spans(firsts, sizes)]
        ways = 3 * len(self._grams) + len(self._several)
        return np.bincount(rows * total + np.repeat(places[asked], sizes), minlength=ways * total).reshape(ways, total)
