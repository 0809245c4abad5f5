"""Ingest in a process of its own, so that questions are answered at their usual speed meanwhile, and nothing can break them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ingest.ports import Phase, Silent
from knowledge import spawned

if TYPE_CHECKING:
    from ingest.ports import Progress
    from ingest.report import Order, Report
    from knowledge.embeddings import EmbedderConfig
    from knowledge.spawned import Tell

OFTEN = 0.05
"""Seconds between two signs of progress."""


def ingest_apart(order: Order, config: EmbedderConfig, progress: Progress | None = None) -> Report:
    """Do what `ingest` does in a child process, and raise what it raises, and Stopped. Blocking."""
    told = progress or Silent()
    return spawned.run(work, order, config, listen=lambda step: told.step(*step))  # type: ignore[misc]


def work(order: Order, config: EmbedderConfig, tell: Tell) -> Report:
    """Be what the child process does."""
    from ingest.pipeline import ingest

    return ingest(order, config.embedder(), _Told(tell))


class _Told:
    """A Progress that passes on the last step of each phase, and of the others one now and then."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._next = 0.0

    def step(self, phase: Phase, done: int, total: int) -> None:
        if done >= total or time.monotonic() >= self._next:
            self._tell((phase, done, total))
            self._next = time.monotonic() + OFTEN
