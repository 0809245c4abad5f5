"""Find the passages that answer a question: words and vectors, fused, over what the asker may read today and nothing else."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from knowledge.coverage import Coverage, PartsOf
from knowledge.currency import in_force, readable
from knowledge.embeddings import unit
from knowledge.keywords import words
from knowledge.pieces import Fit
from knowledge.query import understand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from numpy.typing import NDArray

    from knowledge.documents import Metadata, Passage
    from knowledge.embeddings import Embedder
    from knowledge.generation import Generation
    from knowledge.glossary import Glossary
    from knowledge.keywords import KeywordView
    from knowledge.live import Lease, LiveGeneration
    from knowledge.query import Query
    from knowledge.store import Audience

CANDIDATES = 50
"""Passages that each leg proposes; more change nothing on the sets measured."""
MOST_WANTED = 400
"""Nearest vectors asked of one collection, where passages that are not in force have to be passed over."""
TELLING = 0.5
"""Weight of a piece's share of the telling terms, letters and other names included, in its likeness to the question."""
VECTOR = 0.2
"""Weight of its cosine beside it."""
DETAILED = 8
"""Passages whose pieces are looked at one by one."""
CONSULTED = 5
"""Passages in which the words of a question are looked for, to tell whether it is answered at all."""
VIEWS = 32
"""Views kept: a view is a mask and a number for each passage."""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom is searched: a member of these groups, on this day."""

    groups: frozenset[str]
    today: date


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found, with its number in the generation.

    `score` orders the passages of one question; `pieces` says how well each piece fits, for the first DETAILED of them.
    """

    number: int
    passage: Passage
    metadata: Metadata
    score: float
    pieces: tuple[Fit, ...] = ()


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for the question being answered here at all; each about 0..1.

    `coverage`: share of what is asked about in the best passage; `known`: the same in all that may be read; `similarity`: cosine of
    the nearest piece; `strength`: BM25 of the best passage by the question's length.
    """

    coverage: float = 0.0
    known: float = 0.0
    similarity: float = 0.0
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for one question. `documents` counts those that were searched; `contact` is the one that most of them name.

    `worth` says for each word that is asked about how much of the question it makes up; together they make 1. `asked` are the words,
    in lower case; `unknown` those of them that nothing the reader may read speaks of.
    `fallback`: this comes from an earlier state, because the one that should answer is damaged.
    """

    generation: str
    created: datetime
    documents: int
    contact: str = ""
    found: tuple[Found, ...] = ()
    signals: Signals = Signals()
    worth: tuple[float, ...] = ()
    asked: tuple[str, ...] = ()
    unknown: frozenset[str] = frozenset()
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: a question, its language, and the earlier turns."""

    text: str
    language: str
    history: Sequence[str]


@dataclass(frozen=True)
class View:
    """A generation as one reader sees it: documents that may be shown, passages that may be found."""

    generation: Generation
    documents: tuple[str, ...]
    contact: str
    keywords: KeywordView
    wanted: Mapping[Audience, int]
    parts: PartsOf


class Searcher:
    """Both legs over the live generation. Blocking: call it off the event loop."""

    def __init__(self, live: LiveGeneration, embedder: Embedder, glossary: Glossary) -> None:
        self._live = live
        self._embedder = embedder
        self._glossary = glossary
        self._views: dict[tuple[frozenset[str], date], View] = {}

    def find(
        self, text: str, language: str, reader: Reader | None, history: Sequence[str] = (), limit: int = 20
    ) -> Findings:
        """Return the best passages for a question; nothing without a reader.

        `history` holds the earlier turns, a question and its answer in turn. Raises KnowledgeError.
        """
        with self.steady() as steady:
            return steady.find(text, language, reader, history, limit)

    @contextmanager
    def steady(self) -> Iterator[_Steady]:
        """Give a searcher for one question: it stays with the generation that it first finds in."""
        steady = _Steady(self, self._live)
        try:
            yield steady
        finally:
            steady.end()

    def search(self, generation: Generation, asked: Asked, reader: Reader | None, limit: int) -> Findings:
        """Return the best passages of a generation that is being held."""
        manifest = generation.manifest
        if reader is None:
            return Findings(manifest.name, manifest.created, 0)
        view = self.view(generation, reader)
        if not view.wanted:
            return Findings(manifest.name, manifest.created, 0)
        query = understand(asked.text, asked.language, self._glossary, asked.history)
        return _OneSearch(view, query, self._embedder).findings(limit)

    def readable(self, reader: Reader) -> tuple[str, ...]:
        """Return the documents that a reader may be shown. Raises KnowledgeError."""
        with self._live.using() as generation:
            return self.view(generation, reader).documents

    def unspoken(self, text: str, language: str, document: str) -> tuple[str, ...]:
        """Return the words of a question that nothing in a document speaks of, in order. Raises KnowledgeError."""
        query = understand(text, language, self._glossary)
        with self._live.using() as generation:
            metadata = generation.metadata[document]
            number = [entry.path for entry in generation.manifest.entries].index(document)
            passages = np.flatnonzero(generation.document_of == number)
            held = frozenset().union(*(generation.held(int(passage), metadata) for passage in passages))
        return tuple(asked.word for asked in query.asked if not asked.held(held))

    def view(self, generation: Generation, reader: Reader) -> View:
        """Return a generation as a reader sees it."""
        key = (reader.groups & generation.groups, reader.today)
        view = self._views.get(key)
        if view is None or view.generation is not generation:
            self._views = {k: v for k, v in list(self._views.items())[-VIEWS:] if v.generation is generation}
            parts = next((v.parts for v in self._views.values()), None) or PartsOf(generation)
            view = self._views[key] = _view(generation, reader, parts)
        return view


class _Steady:
    """A searcher for one question. It takes hold of the live generation when it is first asked."""

    def __init__(self, searcher: Searcher, live: LiveGeneration) -> None:
        self._searcher = searcher
        self._live = live
        self._lease: Lease | None = None

    def find(
        self, text: str, language: str, reader: Reader | None, history: Sequence[str] = (), limit: int = 20
    ) -> Findings:
        """Do what Searcher.find does."""
        if self._lease is None:
            self._lease = self._live.lease()
        findings = self._searcher.search(self._lease.generation, Asked(text, language, history), reader, limit)
        return replace(findings, fallback=self._lease.trouble is not None)

    def steady(self) -> AbstractContextManager[_Steady]:
        """Be steady already."""
        return nullcontext(self)

    def end(self) -> None:
        """Let go of the generation."""
        if self._lease is not None:
            self._lease.end()


def _view(generation: Generation, reader: Reader, parts: PartsOf) -> View:
    allowed = in_force(generation.metadata, reader.groups, reader.today)
    entries = generation.manifest.entries
    shown = np.array([entry.path in allowed for entry in entries], bool)
    wanted: dict[Audience, int] = {}
    for entry in entries:
        if readable(entry.metadata, reader.groups):
            # Passages that are not in force lie in the same collection: ask for as many more.
            extra = 0 if entry.path in allowed else entry.count
            wanted[entry.metadata.audience] = wanted.get(entry.metadata.audience, CANDIDATES) + extra
    mask = shown[generation.document_of] if len(entries) else np.zeros(0, bool)
    wanted = {audience: min(count, MOST_WANTED) for audience, count in wanted.items()} if mask.any() else {}
    paths = tuple(sorted(allowed))
    contacts = Counter(contact for path in paths if (contact := generation.metadata[path].contact))
    contact = contacts.most_common(1)[0][0] if contacts else ""
    return View(generation, paths, contact, generation.keywords.view(mask), wanted, parts)


class _OneSearch:
    """One question's way through both legs."""

    def __init__(self, view: View, query: Query, embedder: Embedder) -> None:
        self._view = view
        self._generation = view.generation
        self._query = query
        self._weights = embedder.weights
        self._vector = unit(embedder.embed(query.texts).sum(axis=0, keepdims=True))[0]
        self._terms = query.weighted(view.keywords)
        self._by_words = view.keywords.scores(self._terms)
        self._candidates = self._propose()
        self._coverage = Coverage(query.asked, view.keywords, view.parts, view.generation.keywords.vocabulary)

    def findings(self, limit: int) -> Findings:
        best_piece, by_passage = self._similarities()
        by_words = self._by_words[self._candidates]
        weights = self._weights
        fused = (
            weights.words * _scaled(by_words)
            + weights.best_piece * _scaled(best_piece)
            + weights.passage * _scaled(by_passage)
            + weights.said * self._coverage.best(self._candidates.tolist())
        )
        order = np.argsort(-fused, kind="stable")[:limit]
        numbers = self._candidates[order].tolist()
        fits = [*self._fits(numbers[:DETAILED]), *((),) * len(numbers[DETAILED:])]
        found = tuple(map(self._found, numbers, fused[order].tolist(), fits))
        manifest = self._generation.manifest
        return Findings(
            manifest.name,
            manifest.created,
            len(self._view.documents),
            self._view.contact,
            found,
            self._signals(found, float(best_piece.max()), float(by_words.max())),
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
        return np.union1d(top, near[_best(cosines)])

    def _similarities(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return, for each candidate, the cosine of its best piece and of the whole."""
        starts = self._generation.piece_starts
        spans = [np.arange(starts[n], starts[n + 1]) for n in self._candidates]
        pieces = self._generation.piece_vectors[np.concatenate(spans)].astype(np.float32) @ self._vector
        bounds = np.cumsum([0, *map(len, spans[:-1])])
        passages = self._generation.vectors[self._candidates].astype(np.float32) @ self._vector
        return np.maximum.reduceat(pieces, bounds), passages

    def _found(self, number: int, score: float, pieces: tuple[Fit, ...]) -> Found:
        passage = self._generation.passage(number)
        return Found(number, passage, self._generation.metadata[passage.document], score, pieces)

    def _fits(self, numbers: Sequence[int]) -> Iterator[tuple[Fit, ...]]:
        """Say how well each piece of these passages fits: the words that it speaks of; its share of the telling terms, and its vector."""
        telling, total = self._telling, sum(self._telling.values()) or 1.0
        for number, spoken in zip(numbers, self._coverage.pieces(numbers), strict=True):
            start, end = self._generation.piece_starts[number : number + 2]
            cosines = self._generation.piece_vectors[start:end].astype(np.float32) @ self._vector
            held = self._generation.pieces_held(number, self._metadata(number))
            shares = [sum(map(telling.__getitem__, telling.keys() & piece)) / total for piece in held]
            near = (TELLING * share + VECTOR * cosine for share, cosine in zip(shares, cosines.tolist(), strict=True))
            yield tuple(map(Fit, map(tuple, spoken), near))

    def _metadata(self, number: int) -> Metadata:
        return self._generation.metadata[self._generation.passage(number).document]

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

    def _signals(self, found: tuple[Found, ...], similarity: float, strength: float) -> Signals:
        """Return what speaks for an answer at all, measured on the question's own words only."""
        held = [self._generation.held(each.number, each.metadata) for each in found[:CONSULTED]]
        return Signals(
            coverage=max(map(self._share, held)),
            known=self._share(self._known),
            similarity=similarity,
            strength=strength / (1.0 + sum(self._telling.values())),
        )

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
            if not named and not any(map(asked.resembles, _words_of(found))):
                yield asked.word

    def _share(self, held: AbstractSet[str]) -> float:
        """Return which share of what is asked about a text holds, each word counted by how telling it is here."""
        worth = self._worth
        total = sum(worth)
        return (
            sum(w * asked.held(held) for w, asked in zip(worth, self._query.asked, strict=True)) / total
            if total
            else 0.0
        )

    @cached_property
    def _worth(self) -> list[float]:
        """Return how telling each word is that is asked about; one that nobody here uses is the most telling."""
        rarity = self._view.keywords.idf([asked.stem for asked in self._query.asked])
        return [float(value) or self._view.keywords.rarest for value in rarity]


def _words_of(found: Sequence[Found]) -> set[str]:
    return {word for each in found for word in words(each.passage.text)}


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
