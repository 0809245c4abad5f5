"""Find the passages that answer a question: words and vectors, fused, over what the asker may read today and nothing else."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from knowledge import view as views
from knowledge.findings import Findings
from knowledge.query import understand
from knowledge.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from knowledge.embeddings import Embedder
    from knowledge.findings import Reader
    from knowledge.generation import Generation
    from knowledge.glossary import Glossary
    from knowledge.live import Lease, LiveGeneration
    from knowledge.view import View

LIMIT = 20
"""Passages that are returned."""
VIEWS = 32
"""Views kept: a view is a mask and a number for each passage."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: a question, its language, and the earlier turns."""

    text: str
    language: str
    history: Sequence[str]


class Searcher:
    """Both legs over the live generation. Blocking: call it off the event loop."""

    def __init__(self, live: LiveGeneration, embedder: Embedder, glossary: Glossary) -> None:
        self._live = live
        self._embedder = embedder
        self._glossary = glossary
        self._views: dict[tuple[frozenset[str], date], View] = {}

    def find(
        self, text: str, language: str, reader: Reader | None, history: Sequence[str] = (), limit: int = LIMIT
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
        return Ranking(view, query, self._embedder).findings(limit)

    def standing(self, generation: Generation, asked: Asked, reader: Reader | None, limit: int) -> Findings:
        """Return the best passages for a question that Lotse itself asks time and again: they are kept with the reader's view."""
        if reader is None:
            return self.search(generation, asked, reader, limit)
        kept, key = self.view(generation, reader).standing, (asked.text, asked.language)
        if key not in kept:
            kept[key] = self.search(generation, asked, reader, limit)
        return kept[key]

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
            view = self._views[key] = views.view(generation, reader)
        return view


class _Steady:
    """A searcher for one question. It takes hold of the live generation when it is first asked."""

    def __init__(self, searcher: Searcher, live: LiveGeneration) -> None:
        self._searcher = searcher
        self._live = live
        self._lease: Lease | None = None

    def find(
        self, text: str, language: str, reader: Reader | None, history: Sequence[str] = (), limit: int = LIMIT
    ) -> Findings:
        """Do what Searcher.find does."""
        lease = self._held()
        findings = self._searcher.search(lease.generation, Asked(text, language, history), reader, limit)
        return replace(findings, fallback=lease.trouble is not None)

    def look(self, text: str, language: str, reader: Reader) -> Findings:
        """Do what find does, for one of the few questions that Lotse itself asks time and again."""
        lease = self._held()
        findings = self._searcher.standing(lease.generation, Asked(text, language, ()), reader, LIMIT)
        return replace(findings, fallback=lease.trouble is not None)

    def _held(self) -> Lease:
        if self._lease is None:
            self._lease = self._live.lease()
        return self._lease

    def steady(self) -> AbstractContextManager[_Steady]:
        """Be steady already."""
        return nullcontext(self)

    def end(self) -> None:
        """Let go of the generation."""
        if self._lease is not None:
            self._lease.end()
