"""Reads `handbook.yaml`: what a folder says about its documents."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import cast

from ingest.errors import BrokenMetadata
from ingest.readers import guards
from ingest.readers.encoding import decode
from ingest.readers.front_matter import parse, shown

NAMES = ("handbook.yaml", "handbook.yml")
"""The names that such a file may have; only one of them may lie in a folder."""

LONGEST = 8_000_000
"""The most characters of such a file: about 50,000 documents."""

_BYTES = 4 * LONGEST  # as many as that many characters take at most

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
        files = [folder / place / name for name in NAMES if os.path.lexists(folder / place / name)]
        if len(files) > 1:
            raise BrokenMetadata("twice", source=(place / NAMES[0]).as_posix())
        found += [_load(file, place.as_posix(), folder) for file in files]
    return found


def content(file: Path, folder: Path) -> bytes:
    """Return the bytes of a handbook.yaml; `folder` is the one that is read.

    Raises BrokenMetadata for what cannot be read, whatever it is: what goes by that name and is passed over could close documents.
    """
    source = file.relative_to(folder).as_posix()
    _ask_regular(file, folder, source)
    try:
        with guards.opened(str(file)) as handbook:
            read = handbook.read(_BYTES + 1)
    except OSError as error:
        raise BrokenMetadata("no file", source=source) from error
    if len(read) > _BYTES:
        raise BrokenMetadata("too long", source=source)
    return read


def _ask_regular(file: Path, folder: Path, source: str) -> os.stat_result:
    """Return the state of a regular file inside the folder, links followed. Raises BrokenMetadata for all else."""
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise BrokenMetadata("outside", source=source)
        state = file.stat()
    except (OSError, RuntimeError) as error:  # not there, a ring of links
        raise BrokenMetadata("no file", source=source) from error
    if not stat.S_ISREG(state.st_mode):
        raise BrokenMetadata("no file", source=source)
    return state


def _load(file: Path, place: str, folder: Path) -> Handbook:
    state = _ask_regular(file, folder, f"{place}/{file.name}".removeprefix("./"))
    return _parsed(file, folder, place, (state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=32)
def _parsed(file: Path, folder: Path, place: str, state: tuple[int, int]) -> Handbook:  # noqa: ARG001 -- names the file's state
    source = f"{place}/{file.name}".removeprefix("./")
    try:
        return _handbook(parse(decode(content(file, folder), file.suffix), LONGEST), source, place)
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
