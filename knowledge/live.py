"""The generation that answers right now: follows the pointer, falls back from a damaged one, and closes what nobody uses any more."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from knowledge import generations, manifest
from knowledge.errors import DamagedGeneration, EmbedderMismatch, KnowledgeError, NewerGeneration
from knowledge.generation import Generation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOOK = 1.0
"""Seconds after which the files of the generation in use are looked at again."""


class Lease:
    """The hold of one question on a generation, which stays open until the hold is given back.

    `trouble` is what is wrong with the generation that should answer, where this is an earlier one.
    """

    def __init__(self, live: LiveGeneration, opened: _Opened) -> None:
        self._live = live
        self._opened = opened
        self.generation = opened.generation
        self.trouble = opened.trouble

    def end(self) -> None:
        """Give the hold back. Call it once."""
        self._live.leave(self._opened)


class LiveGeneration:
    """The generation that answers right now, for any number of threads.

    Each question looks at the pointer; the first one after a switch opens the new generation, others go on with the old one meanwhile.
    A generation is closed when it was replaced and the last question that used it has ended.
    """

    def __init__(self, data: Path, embedder: str, look: float = LOOK) -> None:
        self._data = data
        self._embedder = embedder
        self._every = look
        self._counting = threading.Lock()
        self._opening = threading.Lock()
        self._current: _Opened | None = None

    def lease(self) -> Lease:
        """Hold the live generation until the lease ends. Raises KnowledgeError."""
        while True:
            self._follow()
            with self._counting:
                if self._current is not None:
                    self._current.users += 1
                    return Lease(self, self._current)

    @contextmanager
    def using(self) -> Iterator[Generation]:
        """Give the live generation, which stays open and the same until the end. Raises KnowledgeError."""
        lease = self.lease()
        try:
            yield lease.generation
        finally:
            lease.end()

    def close(self) -> None:
        """Give everything back as soon as nobody uses it."""
        self._replace(None)

    def leave(self, opened: _Opened) -> None:
        """Take note that a question has ended."""
        with self._counting:
            opened.users -= 1
            unused = opened.users == 0 and opened is not self._current
        if unused:
            opened.generation.close()

    def _follow(self) -> None:
        """See that what is open is what should answer."""
        current = self._current
        if current is not None and current.is_current(self._every):
            return
        if not self._opening.acquire(blocking=current is None):
            return
        try:
            if self._current is current:
                self._renew(current)
        finally:
            self._opening.release()

    def _renew(self, current: _Opened | None) -> None:
        stamp = _stamp(self._data / "live")
        try:
            self._replace(self._open(stamp))
        except KnowledgeError as error:
            if current is None or current.is_disturbed():
                raise
            current.stay(stamp, error)

    def _open(self, stamp: _Stamp) -> _Opened:
        """Open what the pointer names, or the nearest earlier generation that is whole. Raises KnowledgeError."""
        trouble: KnowledgeError | None
        name, trouble = generations.named(self._data)
        for candidate in (name, *generations.earlier(self._data, name)):
            try:
                return _Opened(self._data, self._whole(candidate), stamp, trouble)
            except (DamagedGeneration, NewerGeneration) as error:
                trouble = trouble or error
            except EmbedderMismatch:
                if trouble is None:
                    raise
        assert trouble is not None  # noqa: S101 - there is at least one candidate
        raise trouble

    def _whole(self, name: str) -> Generation:
        """Open a generation whose files hold what they held when it was verified, with everything that a question needs."""
        generation = Generation(generations.place(self._data, name), self._embedder)
        try:
            manifest.verify(generation.folder, generation.manifest)
            generation.open()
        except BaseException:
            generation.close()
            raise
        return generation

    def _replace(self, opened: _Opened | None) -> None:
        with self._counting:
            before, self._current = self._current, opened
            unused = before is not None and before.users == 0
        if before is not None and unused:
            before.generation.close()


class _Opened:
    """A generation that was found whole, what its files and the pointer looked like then, and how many questions use it."""

    def __init__(self, data: Path, generation: Generation, pointer: _Stamp, trouble: KnowledgeError | None) -> None:
        self.generation = generation
        self.trouble = trouble
        self.users = 0
        self._data = data
        self._pointer = pointer
        self._files = self._look()
        self._looked = time.monotonic()

    def is_current(self, every: float) -> bool:
        """Say whether the pointer is as it was, and, every so many seconds, whether the files are."""
        if _stamp(self._data / "live") != self._pointer:
            return False
        if time.monotonic() < self._looked + every:
            return True
        self._looked = time.monotonic()
        return not self.is_disturbed()

    def is_disturbed(self) -> bool:
        """Say whether somebody has touched the files."""
        return self._look() != self._files

    def stay(self, pointer: _Stamp, trouble: KnowledgeError) -> None:
        """Go on though the pointer moved, because what it names cannot be used."""
        self._pointer, self.trouble = pointer, trouble

    def _look(self) -> list[_Stamp]:
        files = (manifest.MANIFEST, manifest.SEAL, *self.generation.manifest.files)
        return [_stamp(self.generation.folder / path) for path in files]


_Stamp = tuple[int, int, int]


def _stamp(path: Path) -> _Stamp:
    """Return what changes when a file does; zeros where it is missing."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0, 0
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
