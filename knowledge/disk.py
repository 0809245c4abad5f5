"""How a data folder is written: whole or not at all, and still there after a loss of power."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from knowledge.errors import StorageFull, StorageRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

UNFINISHED = ".part"
"""Ends the name of what is being written, or was when its writer was killed."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SHORT = 4_000_000
"""Bytes free below which a library that only says that it could not write is taken to have run out of room."""


@contextmanager
def writing(data: Path) -> Iterator[None]:
    """Say in our own errors why a data folder cannot be written. Raises StorageFull, StorageRefused."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or (error.errno is None and is_short(data)):  # numpy leaves the number out
            raise StorageFull(str(data)) from error
        raise StorageRefused(str(data), errno.errorcode.get(error.errno or 0, "")) from error


def is_short(folder: Path) -> bool:
    """Say whether there is next to no room left where a folder lies."""
    return shutil.disk_usage(folder).free < _SHORT


def write_json(path: Path, content: Mapping[str, Any], *, lasting: bool = True) -> None:
    """Write a file so that a reader sees the old one or the new one, whole; if it is to be `lasting`, even after a loss of power."""
    part = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        part.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        if lasting:
            _flush(part)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    if lasting:
        _flush(path.parent)


def append_json(path: Path, content: Mapping[str, Any]) -> None:
    """Add a line to a file and see it onto the disk. A line that was cut off earlier is ended first."""
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(json.dumps(content, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """See everything below a folder onto the disk, its names too."""
    for path in (*folder.rglob("*"), folder):
        _flush(path)


def move(old: Path, new: Path) -> None:
    """Rename a folder for good."""
    old.rename(new)
    _flush(new.parent)


def remove(folder: Path) -> None:
    """Remove a folder. Killed meanwhile, it is already no generation any more."""
    doomed = folder if folder.suffix == UNFINISHED else folder.with_name(f"{folder.name}{UNFINISHED}")
    if doomed != folder:
        folder.rename(doomed)
    shutil.rmtree(doomed)


def discard(folder: Path) -> None:
    """Remove what was being written, as far as that is possible; the next writer removes the rest."""
    shutil.rmtree(folder, ignore_errors=True)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
