"""A folder of files: what is in it, and what each file's content amounts to."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import TYPE_CHECKING, Protocol

from ingest.errors import OutsideFolder, ReadingError, TooLarge, Unreadable
from ingest.readers import guards, handbook
from ingest.readers.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SETTLED = 2_000_000_000
"""Nanoseconds after which a file's times tell a later change apart; a younger file is read again next time."""

_LIMITS = Limits()


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


@dataclass(frozen=True, slots=True)
class Listing:
    """The paths of a folder's files, sorted, and the folders below it that could not be looked into."""

    files: tuple[str, ...]
    closed: Mapping[str, ReadingError] = field(default_factory=dict)


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


def walk(folder: Path, without: Path | None = None) -> Listing:
    """List every file of a folder and its sub-folders, without hidden ones, those that speak about others, and the folder `without`.

    Whatever is no folder is listed, a pipe or a link to nothing too, so that it can be rejected by its name. Raises OSError for the
    folder itself.
    """
    apart = _identity(without)
    files: list[str] = []
    closed: dict[str, ReadingError] = {}
    waiting = list(_entries(str(folder), ""))
    while waiting:
        entry, path = waiting.pop()
        if not entry.is_dir(follow_symlinks=False):
            files.append(path)
        elif apart is None or _identity(Path(entry.path)) != apart:
            try:
                waiting += _below(entry, path)
            except ReadingError as error:
                closed[path] = error
    return Listing(tuple(sorted(files, key=lambda path: path.split("/"))), closed)


def _below(entry: os.DirEntry[str], path: str) -> list[tuple[os.DirEntry[str], str]]:
    """Return what lies in a sub-folder. Raises TooLarge, Unreadable."""
    depth = path.count("/") + 1
    if depth > _LIMITS.depth:
        raise TooLarge("depth", _LIMITS.depth, depth)
    try:
        return list(_entries(entry.path, f"{path}/"))
    except OSError as error:
        raise refused(error) from error


def _entries(folder: str, below: str) -> Iterator[tuple[os.DirEntry[str], str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith((".", "~$")) and entry.name not in handbook.NAMES:
                yield entry, f"{below}{entry.name}"


def _identity(folder: Path | None) -> tuple[int, int] | None:
    """Return what tells a folder from every other, whatever it is called; None where it is not there."""
    try:
        state = folder.stat() if folder else None
    except OSError:
        return None
    return (state.st_dev, state.st_ino) if state else None


def refused(error: OSError) -> Unreadable:
    """Return the system's refusal as one of ours."""
    return Unreadable(errno.errorcode.get(error.errno or 0, ""))


class Folder:
    """A folder that is being looked through. `known` is remembered of files by their path, so that they need not be read again.

    `without` is a folder whose files are not taken, by a link neither.
    """

    def __init__(self, folder: Path, known: Mapping[str, Known], without: Path | None = None) -> None:
        self._folder = folder.resolve()
        self._without = without.resolve() if without else None
        self._known = known
        self._spoken = lru_cache(maxsize=None)(self._spoken_of)
        self._now = time.time_ns()

    def examine(self, path: str) -> Source:
        """Return what identifies a file and its content.

        Raises OutsideFolder for a link that leads out, Unreadable, TooLarge, and BrokenMetadata where what speaks about the file cannot
        be read.
        """
        try:
            return self._examine(path)
        except OSError as error:
            raise refused(error) from error

    def _examine(self, path: str) -> Source:
        file = f"{self._folder}/{path}"
        stat = os.lstat(file)
        if S_ISLNK(stat.st_mode):
            self._ask_inside(file)
            stat = os.stat(file)  # noqa: PTH116 - ten thousand of them in half a second
        _ask_file(stat)
        changed = stat.st_ctime_ns if stat.st_ctime_ns < self._now - SETTLED else 0
        content = self._remembered(path, stat) or _content(file)
        checksum = hashlib.sha256(f"{content}{self._spoken(path.rpartition('/')[0])}".encode()).hexdigest()
        return Source(path, file, content, checksum, stat.st_size, stat.st_mtime_ns, changed)

    def _ask_inside(self, link: str) -> None:
        """See that a link leads to something in the folder. Raises OutsideFolder, Unreadable."""
        try:
            target = Path(link).resolve()
        except RuntimeError as error:  # a ring of links, in Python before 3.13
            raise Unreadable("ELOOP") from error
        if not target.is_relative_to(self._folder) or (self._without and target.is_relative_to(self._without)):
            raise OutsideFolder

    def _remembered(self, path: str, stat: os.stat_result) -> str:
        known = self._known.get(path)
        if known is None:
            return ""
        same = (known.size, known.modified, known.changed) == (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        return known.content if same else ""

    def _spoken_of(self, below: str) -> str:
        """Return what the handbook.yaml files from a folder up to the top amount to. Raises BrokenMetadata."""
        digest = hashlib.sha256()
        place = self._folder / below
        for parent in (place, *place.parents):
            for settings in (parent / name for name in handbook.NAMES):
                if os.path.lexists(settings):
                    digest.update(f"\0{parent.relative_to(self._folder)}\0".encode(errors="replace"))
                    digest.update(handbook.content(settings, self._folder))
            if parent == self._folder:
                break
        return digest.hexdigest()


def is_as_examined(source: Source) -> bool:
    """Say whether a file is still what it was when it was examined."""
    try:
        stat = os.stat(source.file)  # noqa: PTH116 - as above
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (source.size, source.modified)


def _ask_file(stat: os.stat_result) -> None:
    """See that something is a file, and not too long to be read at all. Raises Unreadable, TooLarge."""
    if not S_ISREG(stat.st_mode):
        raise Unreadable("EISDIR" if S_ISDIR(stat.st_mode) else "ENODEV")
    if stat.st_size > _LIMITS.file:
        raise TooLarge("file", _LIMITS.file, stat.st_size)


def _content(file: str) -> str:
    with guards.opened(file) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
