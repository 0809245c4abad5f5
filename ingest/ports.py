"""What ingest needs from others."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Phase(StrEnum):
    """What an ingest is doing."""

    LIST = "list"
    READ = "read"
    EMBED = "embed"
    BUILD = "build"


class Progress(Protocol):
    """Somebody who wants to know how far an ingest is."""

    def step(self, phase: Phase, done: int, total: int) -> None:
        """Take note that `done` of `total` things of a phase are done."""


class Silent:
    """Nobody wants to know."""

    def step(self, phase: Phase, done: int, total: int) -> None:
        """Do nothing."""
