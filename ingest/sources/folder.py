"""A folder of files: what is in it, and what each file's content amounts to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import OutsideFolder
from ingest.readers import handbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the folder. `path` is relative, with forward slashes; `modified` is in nanoseconds.

    `checksum` covers the file and every handbook.yaml that speaks about it, so that a change of either counts.
    """

    path: str
    file: Path
    checksum: str
    size: int
    modified: int


def walk(folder: Path) -> Iterator[Path]:
    """Yield every file of a folder and its sub-folders, sorted, without hidden ones and those that speak about others."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.name in handbook.NAMES:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from walk(path)
        elif path.is_file() or path.is_symlink():
            yield path


def examine(file: Path, folder: Path) -> Source:
    """Return what identifies a file and its content. Raises OutsideFolder for a link that leads out, and OSError."""
    if not file.resolve().is_relative_to(folder.resolve()):
        raise OutsideFolder
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while part := content.read(1 << 20):
            digest.update(part)
    for settings in _spoken_of_by(file, folder):
        digest.update(f"\0{settings.parent.relative_to(folder)}\0".encode(errors="replace"))
        digest.update(settings.read_bytes())
    stat = file.stat()
    return Source(file.relative_to(folder).as_posix(), file, digest.hexdigest(), stat.st_size, stat.st_mtime_ns)


def _spoken_of_by(file: Path, folder: Path) -> Iterator[Path]:
    """Yield the handbook.yaml files from a file's own folder up to the top."""
    for parent in file.parents:
        yield from (settings for name in handbook.NAMES if (settings := parent / name).is_file())
        if parent == folder:
            return
