"""Reads `handbook.yaml`: what a folder says about its documents."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import cast

from ingest.errors import BrokenMetadata
from ingest.readers.encoding import decode
from ingest.readers.front_matter import parse, shown

NAMES = ("handbook.yaml", "handbook.yml")
"""The names that such a file may have; only one of them may lie in a folder."""

LONGEST = 8_000_000
"""The most characters of such a file: about 50,000 documents."""

_PARTS = {"defaults": "defaults", "vorgaben": "defaults", "documents": "documents", "dokumente": "documents"}


@dataclass(frozen=True, slots=True)
class Handbook:
    """What one handbook.yaml says: `defaults` for every document in and below its folder, and entries for single ones.

    `source` is its own path and `place` its folder, both relative to the folder that is read, with forward slashes.
    Entries are named by file name or by path from its own folder.
    """

    source: str
    place: str
    defaults: Mapping[str, object]
    documents: Mapping[str, Mapping[str, object]]

    def entry(self, path: Path) -> Mapping[str, object]:
        """Return the entry of the document at this path relative to the folder, {} if there is none."""
        below = PurePosixPath(path.as_posix()).relative_to(self.place)
        for name in (below.as_posix(), below.name):
            if _plain(name) in self.documents:
                return self.documents[_plain(name)]
        return {}


def above(path: Path, folder: Path) -> list[Handbook]:
    """Return the handbooks from the document's own folder up to `folder`, the nearest first. `path` is relative to it.

    Raises BrokenMetadata when one of them cannot be understood; to ignore it could open a document that it closes.
    """
    found: list[Handbook] = []
    for place in path.parents:
        files = [folder / place / name for name in NAMES if (folder / place / name).exists()]
        if len(files) > 1:
            raise BrokenMetadata("twice", source=(place / NAMES[0]).as_posix())
        found += [_load(file, place.as_posix(), folder) for file in files]
    return found


def _load(file: Path, place: str, folder: Path) -> Handbook:
    if not file.resolve().is_relative_to(folder.resolve()):
        raise BrokenMetadata("outside", source=f"{place}/{file.name}".removeprefix("./"))
    state = file.stat()
    return _parsed(file, place, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)
def _parsed(file: Path, place: str, changed: int, size: int) -> Handbook:  # noqa: ARG001 -- both name the file's state
    source = f"{place}/{file.name}".removeprefix("./")
    try:
        return _handbook(parse(decode(file.read_bytes(), file.suffix), LONGEST), source, place)
    except BrokenMetadata as error:
        raise error.within(source) from error


def _handbook(loaded: Mapping[str, object], source: str, place: str) -> Handbook:
    parts: dict[str, Mapping[str, object]] = {"defaults": {}, "documents": {}}
    for key, value in loaded.items():
        if key.casefold() not in _PARTS:
            raise BrokenMetadata("unknown key", shown(key))
        parts[_PARTS[key.casefold()]] = _fields(key, value)
    documents = {_plain(name): _fields(name, entry) for name, entry in parts["documents"].items()}
    return Handbook(source, place, parts["defaults"], documents)


def _fields(key: str, value: object) -> Mapping[str, object]:
    """Return a value that must be a mapping, {} for an empty one."""
    if value in (None, ""):
        return {}
    if not isinstance(value, Mapping):
        raise BrokenMetadata("shape", shown(key), shown(value))
    return cast("Mapping[str, object]", value)


def _plain(name: str) -> str:
    """Return a file name as it compares: composed, with forward slashes, not beginning with a dot."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")
