"""A folder of files: what is in it, and what each file's content amounts to."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from stat import S_ISLNK
from typing import TYPE_CHECKING, Protocol

from ingest.errors import OutsideFolder
from ingest.readers import handbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SETTLED = 2_000_000_000
"""Nanoseconds after which a file's times tell a later change apart; a younger file is read again next time."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the folder. `path` is relative, with forward slashes, `file` is where it lies; the times are in nanoseconds.

    `content` is the SHA-256 of the file, `checksum` covers the file and every handbook.yaml that speaks about it, so that a change of
    either counts. `changed` is when the file or what the system knows of it changed last, 0 if that is too short ago to rely on.
    """

    path: str
    file: str
    content: str
    checksum: str
    size: int
    modified: int
    changed: int


class Known(Protocol):
    """What is remembered of a file since it was last read."""

    @property
    def content(self) -> str:
        """The SHA-256 of its content."""

    @property
    def size(self) -> int:
        """Its bytes."""

    @property
    def modified(self) -> int:
        """When its content changed last, in nanoseconds."""

    @property
    def changed(self) -> int:
        """When anything about it changed last, 0 if unknown."""


def walk(folder: Path) -> list[str]:
    """Return the path of every file of a folder and its sub-folders, sorted, without hidden ones and those that speak about others."""
    return sorted(_walk(str(folder), ""), key=lambda path: path.split("/"))


def _walk(folder: str, below: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "~$")) or entry.name in handbook.NAMES:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{below}{entry.name}/")
            elif entry.is_symlink() or entry.is_file():
                yield f"{below}{entry.name}"


class Folder:
    """A folder that is being looked through. `known` is remembered of files by their path, so that they need not be read again."""

    def __init__(self, folder: Path, known: Mapping[str, Known]) -> None:
        self._folder = folder.resolve()
        self._known = known
        self._spoken = lru_cache(maxsize=None)(self._spoken_of)
        self._now = time.time_ns()

    def examine(self, path: str) -> Source:
        """Return what identifies a file and its content. Raises OutsideFolder for a link that leads out, and OSError."""
        file = f"{self._folder}/{path}"
        stat = os.lstat(file)
        if S_ISLNK(stat.st_mode):
            if not Path(file).resolve().is_relative_to(self._folder):
                raise OutsideFolder
            stat = os.stat(file)  # noqa: PTH116 - ten thousand of them in half a second
        changed = stat.st_ctime_ns if stat.st_ctime_ns < self._now - SETTLED else 0
        content = self._remembered(path, stat) or _content(file)
        checksum = hashlib.sha256(f"{content}{self._spoken(path.rpartition('/')[0])}".encode()).hexdigest()
        return Source(path, file, content, checksum, stat.st_size, stat.st_mtime_ns, changed)

    def _remembered(self, path: str, stat: os.stat_result) -> str:
        known = self._known.get(path)
        if known is None:
            return ""
        same = (known.size, known.modified, known.changed) == (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        return known.content if same else ""

    def _spoken_of(self, below: str) -> str:
        """Return what the handbook.yaml files from a folder up to the top amount to."""
        digest = hashlib.sha256()
        place = self._folder / below
        for parent in (place, *place.parents):
            for settings in (parent / name for name in handbook.NAMES):
                if settings.is_file():
                    digest.update(f"\0{parent.relative_to(self._folder)}\0".encode(errors="replace"))
                    digest.update(settings.read_bytes())
            if parent == self._folder:
                break
        return digest.hexdigest()


def _content(file: str) -> str:
    with open(file, "rb") as content:  # noqa: PTH123 - the same
        return hashlib.file_digest(content, "sha256").hexdigest()
