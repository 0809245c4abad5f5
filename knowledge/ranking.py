"""Rank the passages that a reader may read by words and vectors, fused, and look at the pieces of the best."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from knowledge.coverage import Coverage
from knowledge.embeddings import unit
from knowledge.findings import Findings, Found
from knowledge.keywords import Weighted
from knowledge.parts import spans
from knowledge.pieces import Fit
from knowledge.pruning import highest
from knowledge.query import COMMON, HALF
from knowledge.spread import spread
from knowledge.view import CANDIDATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from knowledge.embeddings import Embedder
    from knowledge.query import Query
    from knowledge.view import View

TELLING = 0.5
"""Weight of a piece's share of the telling terms, letters and other names included, in its likeness to the question."""
VECTOR = 0.2
"""Weight of its cosine beside it."""
DETAILED = 8
"""Passages whose pieces are looked at one by one."""


class Ranking:
    """One question's way through both legs. Blocking: make it off the event loop."""

    def __init__(self, view: View, query: Query, embedder: Embedder) -> None:
        self._view = view
        self._generation = view.generation
        self._query = query
        self._weights = embedder.weights
        self._vector = unit(embedder.embed(query.texts).sum(axis=0, keepdims=True))[0]
        self._terms = query.weighted(view.capped)
        self._candidates, self._by_words = view.keywords.best(self._terms, CANDIDATES, self._near())
        self._coverage = Coverage(query.asked, view)
        self._covered = self._coverage.of(self._candidates)

    def findings(self, limit: int) -> Findings:
        """Return the best candidates, the best first."""
        pieces, passages = self._similarities()
        weights = self._weights
        fused = (
            weights.words * _scaled(self._by_words)
            + weights.best_piece * _scaled(self._covered.most(pieces))
            + weights.passage * _scaled(passages)
            + weights.said * self._covered.best()
        )
        documents = self._generation.document_of[self._candidates].tolist()
        order = spread(fused, self._covered.passages(), self._covered.worth, documents)[:limit]
        fits = [*self._fits(order[:DETAILED].tolist(), pieces), *((),) * len(order[DETAILED:])]
        found = tuple(map(self._found, self._candidates[order].tolist(), fused[order].tolist(), fits))
        manifest = self._generation.manifest
        return Findings(
            manifest.name,
            manifest.created,
            len(self._view.documents),
            self._view.contact,
            found,
            self._shares(),
            tuple(asked.word for asked in self._query.asked),
            frozenset(self._unknown(found[:DETAILED])),
        )

    def _near(self) -> NDArray[np.int64]:
        """Return the passages that the vectors propose."""
        near = self._generation.store.nearest(self._vector, self._view.wanted)
        near = near[self._view.keywords.readable[near]]
        cosines = self._generation.vectors[near].astype(np.float32) @ self._vector
        return near[highest(cosines, CANDIDATES)]

    def _similarities(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the cosine of each piece of the candidates, and of each candidate as a whole."""
        firsts = self._generation.piece_starts[self._candidates]
        places = spans(firsts, self._generation.piece_starts[self._candidates + 1] - firsts)
        pieces = self._generation.compared_pieces[places].astype(np.float32, copy=False) @ self._vector
        return pieces, self._generation.vectors[self._candidates].astype(np.float32) @ self._vector

    def _found(self, number: int, score: float, pieces: tuple[Fit, ...]) -> Found:
        passage = self._generation.passage(number)
        return Found(number, passage, self._generation.metadata[passage.document], score, pieces)

    def _fits(self, places: Sequence[int], cosines: NDArray[np.float32]) -> Iterator[tuple[Fit, ...]]:
        """Say how well each piece of some candidates fits: the words that it speaks of; its share of the telling terms, and its vector."""
        telling = self._terms.weights * self._view.keywords.rarities(self._terms.numbers)
        held = self._coverage.sums(self._candidates[list(places)], Weighted(self._terms.numbers, telling))
        total = telling.sum() or 1.0
        for place, own in zip(places, held, strict=True):
            pieces, spoken = self._covered.pieces(place)
            near = TELLING * own / total + VECTOR * cosines[pieces]
            yield tuple(map(Fit, map(tuple, spoken), near.tolist()))

    def _shares(self) -> tuple[float, ...]:
        """Return how much of the question each word makes up that is asked about."""
        total = sum(self._worth)
        return tuple(worth / total for worth in self._worth) if total else ()

    def _unknown(self, found: Sequence[Found]) -> Iterator[str]:
        """Yield the words that nobody here uses, by any name, and that no word that was found is spelled like."""
        unnamed = ((each, self._view.ways(each)) for each in self._query.asked if not each.common)
        strange = [(each, ways) for each, ways in unnamed if not ways.named]
        held = self._coverage.held(np.array([each.number for each in found], np.int64)) if strange else None
        for asked, ways in strange:
            alike = held is not None and held[ways.letters].sum() >= HALF * ways.grams
            if not (alike and any(map(asked.resembles, self._words_of(found)))):
                yield asked.word

    def _words_of(self, found: Sequence[Found]) -> frozenset[str]:
        return frozenset().union(*(self._generation.words(each.number) for each in found))

    @cached_property
    def _worth(self) -> list[float]:
        """Return how telling each word is that is asked about; one that nobody here uses is the most telling, an earlier one less."""
        return [
            self._view.ways(asked).own * asked.weight * (COMMON if asked.common else 1.0) for asked in self._query.asked
        ]


def _scaled(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Scale scores to 0..1 among the candidates; all alike are all 0."""
    span = float(scores.max() - scores.min())
    return (scores - scores.min()) / span if span else np.zeros(len(scores))
