"""What was sent, noted in a file the moment Telegram said so: a bot cannot ask Telegram later whether a message arrived.

The database hears of it some milliseconds later. A process that is killed in between finds its note when it is started again, and
sends nothing twice. A line holds the id of a part of an answer and the id of a message, nothing else, and goes with the sweep once
the answer is out. A replica on another machine does not see the file; there, Telegram's silence stays what it is.
"""

from __future__ import annotations

import itertools
import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

LARGEST = 1_000_000
"""Bytes after which a new file is begun; the one before is kept, the one before that is not."""
_log = logging.getLogger("lotse.telegram")


class Ledger:
    """Notes what was sent in a file; without one, nothing is remembered."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._open: int | None = None

    def note(self, key: str, sent: str) -> None:
        """Note the id of what was sent under a key. Takes microseconds; what cannot be written is not worth an answer."""
        if self._file is None:
            return
        try:
            if self._open is not None and not os.fstat(self._open).st_nlink:
                self.close()  # the sweep has put another file in its place
            if self._open is None:
                self._open = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(self._open, f"{key} {sent}\n".encode())
            if os.fstat(self._open).st_size > LARGEST:
                self.close()
                self._file.replace(_earlier(self._file))
        except OSError as error:
            _log.warning("not noted", extra={"reason": type(error).__name__})

    def signs(self) -> dict[str, str]:
        """Return the ids of the signs of life that are noted, by the id of the answer that is to take their place. Blocking."""
        lines = itertools.chain.from_iterable(_lines(file) for file in reversed(self._files()))
        noted = (line.partition(" ") for line in lines)
        return {_reference(key): sent for key, _, sent in noted if key.endswith("-0") and sent.isdecimal()}

    def noted(self) -> frozenset[str]:
        """Return the ids of the answers of which something is noted. Blocking."""
        return frozenset(map(_reference, itertools.chain.from_iterable(map(_lines, self._files()))))

    def drop(self, references: Collection[str]) -> None:
        """Forget what is noted of answers that are out. Blocking.

        What another process notes at this very moment may go with it, and matters only if that process is killed just then.
        """
        for file in self._files():
            before = _lines(file)
            kept = [line for line in before if _reference(line) not in references]
            if not kept:
                file.unlink(missing_ok=True)
            elif kept != before:
                part = file.with_name(f"{file.name}.part")
                part.touch(0o600)
                part.write_text("".join(f"{line}\n" for line in kept), "ascii", "replace")
                part.replace(file)

    def _files(self) -> tuple[Path, ...]:
        return (self._file, _earlier(self._file)) if self._file else ()

    def find(self, key: str) -> str | None:
        """Return the id of what was sent under a key, None if that is not noted. Blocking."""
        for file in self._files():
            lines = reversed(_lines(file))
            found = next((line.partition(" ")[2] for line in lines if line.startswith(f"{key} ")), None)
            if found and found.isdecimal():
                return found
        return None

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            os.close(self._open)
            self._open = None


def _earlier(file: Path) -> Path:
    return file.with_name(f"{file.name}.1")


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return []


def _reference(line: str) -> str:
    """Return the id of the answer that a line is about."""
    return line.partition(" ")[0].rpartition("-")[0]
