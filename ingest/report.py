"""What is to be ingested, and what came of it: plain data that goes to a child process and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from ingest.errors import IngestError


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be ingested, and where to. `allow_shrink`: even if a third of the documents is gone, or all of them."""

    folder: Path
    data: Path
    default_audience: tuple[str, ...]
    dry_run: bool = False
    allow_shrink: bool = False


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that was not taken, and why."""

    path: str
    error: IngestError


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did. `generation` is empty when nothing was published; `embedded` counts texts that were embedded.

    `inside` names documents that were not given to a foreign embedder.
    `open_by_default` names documents that got their audience from the setting; `hidden` counts the characters of hidden text that were
    taken out of a document, `withheld` the sentences that order assistants about, `overdue` says since when a document should have been
    reviewed; `replaces` is the folder that answered until now, where it was another one. Where too many of the `before` documents of the
    folder's last run were `lost`, nothing was published.
    """

    folder: str
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    generation: str = ""
    passages: int = 0
    embedded: int = 0
    inside: tuple[str, ...] = ()
    open_by_default: tuple[str, ...] = ()
    hidden: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)
    overdue: Mapping[str, date] = field(default_factory=dict)
    default_audience: tuple[str, ...] = ()
    replaces: str = ""
    lost: int = 0
    before: int = 0
