"""Bounds: what a child that reads files may use, and the order that it works by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.readers.limits import MEGABYTE, Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingest.readers import Content


def as_read(content: Content, _: Path) -> Content:
    """Return what was read as it is."""
    return content


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that reading one file may use. `limits` bounds the file, this bounds the process that reads it.

    `seconds` is processor time, so that a busy machine rejects nothing. A long pdf takes longer than any bound on what
    hangs: each page that is done earns one second for `pace` characters, until there are `seconds` again, and `longest`
    in all. `patience` is how many seconds, by the clock on the wall, the parent waits for a sign of life: long enough for `seconds` of
    processor time on a machine with much else to do.
    `memory` is bytes of private data: with the libraries that are mapped beside it, the process stays below 512 MB.
    `handles` counts open files. `nice` is added to the priority, so that questions go before an ingest. Where the system
    cannot limit memory or files, time still holds.
    """

    seconds: float = 8.0
    pace: float = 10_000.0
    longest: float = 180.0
    patience: float = 180.0
    memory: int = 440 * MEGABYTE
    handles: int = 64
    nice: int = 5


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is told when it starts. `folder` is absolute, "" where a file may lie anywhere.

    `then` makes of what was read what the parent wants to have; it can be found by its name, or is plain data that can be called.
    """

    folder: str = ""
    limits: Limits = field(default_factory=Limits)
    bounds: Bounds = field(default_factory=Bounds)
    then: Callable[[Content, Path], object] = as_read
