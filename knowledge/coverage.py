"""How much of what is asked a single piece of a passage says, with what stands above it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from knowledge.keywords import terms
from knowledge.query import ALIKE, HINTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from knowledge.generation import Generation
    from knowledge.keywords import KeywordView
    from knowledge.query import Asked

ABOVE = 0.8
"""How much a word counts that stands above a piece only: in the title, a heading, a column's name or the line that leads it."""
KEPT = 5_000
"""Passages whose terms are kept in memory as numbers once they were looked at: about 3 kB each."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The terms of a passage as numbers of the index, part by part.

    `places` says for each of `numbers` which part holds it: 0 is what stands above the whole passage, then come each piece and the
    line that leads it, in turn.
    """

    numbers: NDArray[np.int32]
    places: NDArray[np.int32]
    pieces: int


class PartsOf:
    """The parts of a generation's passages."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self.of = lru_cache(maxsize=KEPT)(self._of)

    def _of(self, number: int) -> Parts:
        passage = self._generation.passage(number)
        about = self._generation.metadata[passage.document]
        above = " ".join((about.title, *passage.section, *passage.header))
        leads = passage.leads or ("",) * len(passage.pieces)
        texts = [above, *(text for pair in zip(passage.pieces, leads, strict=True) for text in pair)]
        known = self._generation.keywords.vocabulary
        rows = [{known[term] for term in terms(text, about.language) if term in known} for text in texts]
        numbers = np.fromiter((number for row in rows for number in row), np.int32)
        places = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows])
        return Parts(numbers, places, len(passage.pieces))


class Coverage:
    """Says for passages how much of what is asked their best piece says, each word counted by how telling it is (0..1)."""

    def __init__(
        self, asked: Sequence[Asked], view: KeywordView, parts: PartsOf, vocabulary: Mapping[str, int]
    ) -> None:
        self._asked = asked
        self._parts = parts
        listed = list(dict.fromkeys(term for each in asked for term in each.terms))
        self._line = {term: line for line, term in enumerate(listed)}
        self._table = np.full(len(vocabulary) + 1, len(listed), np.int32)
        for term, line in self._line.items():
            if (number := vocabulary.get(term)) is not None:
                self._table[number] = line
        rarity = dict(zip(listed, view.idf(listed).tolist(), strict=True))
        worth = np.array([each.weight * each.rarity(rarity) for each in asked])
        self._worth = worth / (worth.sum() or 1.0)

    def best(self, numbers: Sequence[int]) -> NDArray[np.float64]:
        """Return for each of these passages the share that its best piece says."""
        if not self._asked:
            return np.zeros(len(numbers))
        said, firsts = self._said(numbers)
        return np.asarray(np.maximum.reduceat(self._worth @ said, firsts), np.float64)

    def pieces(self, numbers: Sequence[int]) -> list[list[list[float]]]:
        """Return for each passage, and each of its pieces, how surely it speaks of each word."""
        counts = [self._parts.of(number).pieces for number in numbers]
        if not self._asked:
            return [[[] for _ in range(count)] for count in counts]
        said, firsts = self._said(numbers)
        return [said[:, first : first + count].T.tolist() for first, count in zip(firsts, counts, strict=True)]

    def _said(self, numbers: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return how surely each piece (a column) speaks of each word (a row), and each passage's first column."""
        parts = [self._parts.of(number) for number in numbers]
        counts = np.array([each.pieces for each in parts])
        starts = np.concatenate(([0], np.cumsum(1 + 2 * counts)))
        held = np.zeros((len(self._line) + 1, int(starts[-1])), bool)
        terms = self._table[np.concatenate([each.numbers for each in parts])]
        sizes = [len(each.numbers) for each in parts]
        held[terms, np.concatenate([each.places for each in parts]) + np.repeat(starts[:-1], sizes)] = True
        spoken = np.stack([self._spoken(each, held) for each in self._asked])
        firsts = np.cumsum(counts) - counts
        above = np.repeat(starts[:-1], counts)
        own = above + 1 + 2 * (np.arange(len(above)) - np.repeat(firsts, counts))
        said = np.maximum(spoken[:, own], ABOVE * np.maximum(spoken[:, own + 1], spoken[:, above]))
        return np.asarray(said, np.float64), firsts

    def _spoken(self, asked: Asked, held: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return for each part how surely (0..1) it speaks of a word: itself, another name, or much the same letters."""
        grams = held[self._lines(asked.grams)].sum(axis=0) / max(len(asked.grams), 1)
        result = np.where(grams >= ALIKE, grams, 0.0)
        for name in asked.names:
            sure = HINTED if name in asked.hinted else 1.0
            np.maximum(result, sure * held[self._lines(name)].all(axis=0), out=result)
        stems = held[self._lines((asked.stem, asked.other))].any(axis=0)
        return np.maximum(result, stems)

    def _lines(self, terms: Sequence[str]) -> list[int]:
        return [self._line[term] for term in terms]
