"""Fakes: each implements one of our ports, so that a test decides what the other side does."""

from __future__ import annotations

import hashlib
import time
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embeddings import Weights, unit
from knowledge.keywords import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from numpy.typing import NDArray

    from bot.limits import Allowance
    from bot.pairing import Invitation
    from ingest.ports import Phase
    from knowledge.findings import Findings, Reader


class WordEmbedder:
    """An Embedder whose vectors depend on a text's words alone, and which remembers what it was asked to embed."""

    weights = Weights(words=0.6, best_piece=0.1, passage=0.05, said=0.7)
    _DIMENSION = 32

    def __init__(self, fingerprint: str = "words-1", *, foreign: bool = False) -> None:
        self._fingerprint = fingerprint
        self.foreign = foreign
        self.embedded: list[str] = []

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        vectors = np.zeros((len(texts), self._DIMENSION), np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                vectors[row] += _direction(word)
        return unit(vectors)


def _direction(word: str) -> NDArray[np.float32]:
    digest = hashlib.blake2b(word.encode(), digest_size=32).digest()
    return (np.frombuffer(digest, np.uint8).astype(np.float32) - 127.5) / 127.5


class Steps:
    """A Progress that writes down every step."""

    def __init__(self) -> None:
        self.seen: list[tuple[Phase, int, int]] = []

    def step(self, phase: Phase, done: int, total: int) -> None:
        self.seen.append((phase, done, total))


class Shelf:
    """A Finder that always finds the same, after a pause that keeps its thread busy, and remembers what it was asked."""

    def __init__(self, findings: Findings, pause: float = 0.0) -> None:
        self._findings = findings
        self._pause = pause
        self.asked: list[tuple[str, str, Reader | None, tuple[str, ...]]] = []

    def find(self, text: str, language: str, reader: Reader | None, history: Sequence[str] = ()) -> Findings:
        self.asked.append((text, language, reader, tuple(history)))
        time.sleep(self._pause)
        return self._findings

    def look(self, text: str, language: str, reader: Reader) -> Findings:
        return self.find(text, language, reader)

    def steady(self) -> AbstractContextManager[Shelf]:
        return nullcontext(self)


class CodeBox:
    """Invitations in memory."""

    def __init__(self, *invitations: Invitation) -> None:
        self.kept = {invitation.name: invitation for invitation in invitations}
        self.users: dict[str, str] = {}

    async def add(self, invitation: Invitation) -> None:
        self.kept[invitation.name] = invitation

    async def find(self, name: str) -> Invitation | None:
        return self.kept.get(name)

    async def miss(self, name: str) -> None:
        self.kept[name] = replace(self.kept[name], tries=self.kept[name].tries + 1)

    async def use(self, name: str, by: str = "") -> bool:
        free = not self.kept[name].used
        self.kept[name] = replace(self.kept[name], used=True)
        if free:
            self.users[name] = by
        return free

    async def used_by(self, name: str, by: str) -> bool:
        return self.users.get(name) == by


class Tally:
    """A Counter in memory."""

    def __init__(self) -> None:
        self.counts: dict[tuple[Allowance, datetime], int] = {}
        self.marks: set[tuple[str, str]] = set()

    async def take(
        self, allowances: Sequence[Allowance], now: datetime, amount: int = 1, by: str = ""
    ) -> Allowance | None:
        mark = (allowances[0].what, by)
        if by and mark in self.marks:
            return None
        keys = [(allowance, allowance.window(now)) for allowance in allowances]
        for key in keys:
            if self.counts.get(key, 0) + amount > key[0].most or self._lately(key[0], now):
                return key[0]
        for key in keys:
            self.counts[key] = self.counts.get(key, 0) + amount
        self.marks.add(mark)
        return None

    def _lately(self, allowance: Allowance, now: datetime) -> bool:
        """Say whether what may be used once since the last time was used less than its time ago."""
        begun = (begun for known, begun in self.counts if known == allowance and known.since_last)
        return any((now - each).total_seconds() < allowance.seconds for each in begun)
