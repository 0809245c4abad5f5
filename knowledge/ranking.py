"""Rank the passages that a reader may read by words and vectors, fused, and look at the pieces of the best."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from knowledge.coverage import Coverage
from knowledge.embeddings import unit
from knowledge.findings import Findings, Found
from knowledge.parts import spans
from knowledge.pieces import Fit
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
        self._by_words = view.keywords.scores(self._terms)
        self._candidates = self._propose()
        self._coverage = Coverage(query.asked, view.keywords)
        self._covered = self._coverage.of(self._candidates)

    def findings(self, limit: int) -> Findings:
        """Return the best candidates, the best first."""
        pieces, passages = self._similarities()
        weights = self._weights
        fused = (
            weights.words * _scaled(self._by_words[self._candidates])
            + weights.best_piece * _scaled(self._covered.most(pieces))
            + weights.passage * _scaled(passages)
            + weights.said * self._covered.best()
        )
        order = np.argsort(-fused, kind="stable")[:limit]
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

    def _propose(self) -> NDArray[np.int64]:
        """Return the passages that either leg proposes, in reading order."""
        readable_numbers = np.flatnonzero(self._view.keywords.readable)
        top = readable_numbers[_best(self._by_words[readable_numbers])]
        near = self._generation.store.nearest(self._vector, self._view.wanted)
        near = near[self._view.keywords.readable[near]]
        cosines = self._generation.vectors[near].astype(np.float32) @ self._vector
        proposed = np.zeros(len(self._view.keywords.readable), bool)
        proposed[top] = proposed[near[_best(cosines)]] = True
        return np.flatnonzero(proposed)

    def _similarities(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the cosine of each piece of the candidates, and of each candidate as a whole."""
        firsts = self._generation.piece_starts[self._candidates]
        places = spans(firsts, self._generation.piece_starts[self._candidates + 1] - firsts)
        pieces = self._generation.piece_vectors[places].astype(np.float32) @ self._vector
        return pieces, self._generation.vectors[self._candidates].astype(np.float32) @ self._vector

    def _found(self, number: int, score: float, pieces: tuple[Fit, ...]) -> Found:
        passage = self._generation.passage(number)
        return Found(number, passage, self._generation.metadata[passage.document], score, pieces)

    def _fits(self, places: Sequence[int], cosines: NDArray[np.float32]) -> Iterator[tuple[Fit, ...]]:
        """Say how well each piece of some candidates fits: the words that it speaks of; its share of the telling terms, and its vector."""
        held = self._covered.sums(self._coverage.values(self._telling))
        near = TELLING * held / (sum(self._telling.values()) or 1.0) + VECTOR * cosines
        for place in places:
            pieces, spoken = self._covered.pieces(place)
            yield tuple(map(Fit, map(tuple, spoken), near[pieces].tolist()))

    def _shares(self) -> tuple[float, ...]:
        """Return how much of the question each word makes up that is asked about."""
        total = sum(self._worth)
        return tuple(worth / total for worth in self._worth) if total else ()

    @cached_property
    def _telling(self) -> dict[str, float]:
        """Return each term of the query with its weight times how telling it is here."""
        names = list(self._terms)
        idf = self._view.keywords.idf(names)
        return {name: self._terms[name] * float(value) for name, value in zip(names, idf, strict=True) if value > 0}

    @cached_property
    def _known(self) -> frozenset[str]:
        """Return the terms of what is asked about that anything here holds."""
        wanted = [term for asked in self._query.asked for term in asked.terms]
        rarities = self._view.keywords.idf(wanted)
        return frozenset(term for term, rarity in zip(wanted, rarities, strict=True) if rarity > 0)

    def _unknown(self, found: Sequence[Found]) -> Iterator[str]:
        """Yield the words that nobody here uses, by any name, and that no word that was found is spelled like."""
        for asked in self._query.asked:
            named = asked.stem in self._known or asked.other in self._known
            named = named or any(all(stem in self._known for stem in name) for name in asked.names)
            if not named and not any(map(asked.resembles, self._words_of(found))):
                yield asked.word

    def _words_of(self, found: Sequence[Found]) -> frozenset[str]:
        return frozenset().union(*(self._generation.words(each.number) for each in found))

    @cached_property
    def _worth(self) -> list[float]:
        """Return how telling each word is that is asked about; one that nobody here uses is the most telling, an earlier one less."""
        rarity = self._view.keywords.idf([asked.stem for asked in self._query.asked])
        own = (float(value) or self._view.keywords.rarest for value in rarity)
        return [worth * asked.weight for worth, asked in zip(own, self._query.asked, strict=True)]


def _best(scores: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return the places of the CANDIDATES highest scores; among equals, the first ones."""
    if len(scores) <= CANDIDATES:
        return np.arange(len(scores))
    least = np.partition(scores, -CANDIDATES)[-CANDIDATES]
    above = np.flatnonzero(scores > least)
    return np.concatenate((above, np.flatnonzero(scores == least)[: CANDIDATES - len(above)]))


def _scaled(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Scale scores to 0..1 among the candidates; all alike are all 0."""
    span = float(scores.max() - scores.min())
    return (scores - scores.min()) / span if span else np.zeros(len(scores))
