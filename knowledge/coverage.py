"""How much of what is asked a single piece of a passage says, with what stands above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from knowledge.parts import spans
from knowledge.query import ALIKE, HINTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from knowledge.keywords import KeywordView
    from knowledge.parts import Parts
    from knowledge.query import Asked

ABOVE = 0.8
"""How much a word counts that stands above a piece only: in the title, a heading, a column's name or the line that leads it."""


class Coverage:
    """Says for passages how much of what is asked their best piece says, each word counted by how telling it is (0..1)."""

    def __init__(self, asked: Sequence[Asked], view: KeywordView) -> None:
        self._parts = view.index.postings.parts
        vocabulary = self._vocabulary = view.index.vocabulary
        listed = list(dict.fromkeys(term for each in asked for term in each.terms))
        self._ways = _Ways(asked, {term: line for line, term in enumerate(listed)})
        numbers = [vocabulary.get(term, -1) for term in listed]
        self._line = np.full(len(vocabulary), len(listed), np.int32)
        self._line[[number for number in numbers if number >= 0]] = [
            line for line, number in enumerate(numbers) if number >= 0
        ]
        rarity = dict(zip(listed, view.idf(listed).tolist(), strict=True))
        worth = np.array([each.weight * each.rarity(rarity) for each in asked])
        self._worth = worth / (worth.sum() or 1.0)

    def of(self, numbers: NDArray[np.int64]) -> Covered:
        """Return what these passages say."""
        held = _Held(self._parts, numbers)
        spoken = self._ways.spoken(self._line[held.terms], held.places, held.total)
        above = np.maximum(spoken[:, held.own + 1], spoken[:, held.above])
        said = np.asarray(np.maximum(spoken[:, held.own], ABOVE * above), np.float64)
        return Covered(held, said, self._worth)

    def values(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        """Return weighted terms of the index as a weight for each of its terms."""
        value = np.zeros(len(self._vocabulary))
        value[[self._vocabulary[term] for term in weights]] = list(weights.values())
        return value


class Covered:
    """What some passages say, passage by passage in the order in which they were named.

    `said` tells how surely each piece (a column) speaks of each word (a row); `worth` how much of the question each word makes up.
    """

    def __init__(self, held: _Held, said: NDArray[np.float64], worth: NDArray[np.float64]) -> None:
        self._held, self._said, self._worth = held, said, worth

    def best(self) -> NDArray[np.float64]:
        """Return for each passage the share that its best piece says."""
        return np.asarray(np.maximum.reduceat(self._worth @ self._said, self._held.firsts), np.float64)

    def most(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return for each passage the highest of its pieces' values."""
        return np.asarray(np.maximum.reduceat(values, self._held.firsts), np.float32)

    def pieces(self, place: int) -> tuple[slice, list[list[float]]]:
        """Return where the pieces of a passage stand among all, and how surely each speaks of each word."""
        columns = slice(*self._held.bounds[place : place + 2])
        return columns, self._said[:, columns].T.tolist()

    def sums(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each piece the sum of what its terms are worth."""
        held = self._held
        return np.asarray(np.bincount(held.places, value[held.terms], minlength=held.total)[held.own], np.float64)


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


class _Ways:
    """The ways in which a text can speak of the words that are asked about, a row each.

    First come each word's 4-grams, then its stems and single names, then names that are only hinted at, last each name of several words.
    """

    def __init__(self, asked: Sequence[Asked], line: Mapping[str, int]) -> None:
        size = len(asked)
        self._grams = np.array([max(len(each.grams), 1) for each in asked], float)[:, None]
        listed = [(line[gram], row) for row, each in enumerate(asked) if not each.part for gram in each.grams]
        listed += [
            (line[term], (2 if each.part else 1) * size + row)
            for row, each in enumerate(asked)
            for term in (each.stem, each.other)
        ]
        self._several: list[tuple[int, float, int]] = []
        for row, each in enumerate(asked):
            for name in each.names:
                hinted = name in each.hinted
                way = size * (2 if hinted else 1) + row if len(name) == 1 else 3 * size + len(self._several)
                listed += [(line[term], way) for term in name]
                if len(name) > 1:
                    self._several.append((row, HINTED if hinted else 1.0, len(name)))
        listed.sort()
        self._rows = np.array([row for _, row in listed], np.int64)
        self._starts = np.searchsorted([each for each, _ in listed], np.arange(len(line) + 1))

    def spoken(self, lines: NDArray[np.int32], places: NDArray[np.int64], total: int) -> NDArray[np.float64]:
        """Return how surely (0..1) each part (a column) speaks of each word (a row): itself, another name, much the same letters."""
        size = len(self._grams)
        counts = self._counts(lines, places, total)
        grams = counts[:size] / self._grams
        result = np.where(grams >= ALIKE, grams, 0.0)
        np.maximum(result, counts[size : 2 * size] > 0, out=result)
        np.maximum(result, HINTED * (counts[2 * size : 3 * size] > 0), out=result)
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
