"""The manifest: what a generation consists of, which documents it holds, and the checksum of each of its files."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from knowledge.disk import digest
from knowledge.documents import Metadata, Status
from knowledge.errors import DamagedGeneration, NewerGeneration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA = 3
"""The form of a generation. A higher one was made by a later version of Lotse."""
_THREADS = 2
MANIFEST, SEAL = "manifest.json", "manifest.sha256"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a generation: what it was made from, and which passages are its own (`first`, `count`).

    `content` is the SHA-256 of its file, `checksum` covers all that shapes what becomes of it. `modified` and `changed` are the file's
    times in nanoseconds; `changed` is 0 where the file was too young to be told from a later state by its times.
    """

    path: str
    checksum: str
    size: int
    modified: int
    metadata: Metadata
    first: int = 0
    count: int = 0
    notes: tuple[str, ...] = ()
    hidden: int = 0
    withheld: int = 0
    content: str = ""
    changed: int = 0


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file's size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation consists of. `folder` is where its documents came from; `created` is in UTC.

    `embedder` and `words` name what made its vectors and its words. `compact` is False where Chroma's files may still hold numbers and
    vectors of documents that are gone.
    """

    name: str
    created: datetime
    folder: str
    embedder: str
    entries: tuple[Entry, ...]
    passages: int
    words: str = ""
    compact: bool = True
    files: Mapping[str, FileSum] = field(default_factory=dict)


def sums(folder: Path) -> dict[str, FileSum]:
    """Return size and checksum of every file that a generation is made of."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in {MANIFEST, SEAL})
    return {path.relative_to(folder).as_posix(): FileSum(path.stat().st_size, digest(path)) for path in files}


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a generation, and its seal."""
    content = json.dumps(_fields(manifest), ensure_ascii=False).encode()
    (folder / MANIFEST).write_bytes(content)
    (folder / SEAL).write_text(hashlib.sha256(content).hexdigest(), "ascii")


def read(folder: Path) -> Manifest:
    """Read what a generation consists of. Raises DamagedGeneration, NewerGeneration."""
    try:
        content = (folder / MANIFEST).read_bytes()
        fields = json.loads(content)
        _ask_schema(folder.name, fields["schema"])
        if (folder / SEAL).read_text("ascii") != hashlib.sha256(content).hexdigest():
            raise DamagedGeneration(folder.name, "manifest")
        return _manifest(fields)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedGeneration(folder.name, "manifest") from error


def _ask_schema(name: str, schema: object) -> None:
    if isinstance(schema, int) and schema > SCHEMA:
        raise NewerGeneration(name, schema)
    if schema != SCHEMA:
        raise DamagedGeneration(name, "schema")


def verify(folder: Path, manifest: Manifest) -> None:
    """See that every file is there and holds what it held when the generation was made. Raises DamagedGeneration."""
    with ThreadPoolExecutor(_THREADS) as threads:
        whole = threads.map(lambda file: _is_whole(folder / file[0], file[1]), manifest.files.items())
        for path, right in zip(manifest.files, whole, strict=True):
            if not right:
                raise DamagedGeneration(manifest.name, part(path))


def _is_whole(file: Path, expected: FileSum) -> bool:
    try:
        return file.stat().st_size == expected.size and digest(file) == expected.sha256
    except OSError:
        return False


def part(path: str) -> str:
    """Return the part of a generation that a file belongs to: its folder or its own name."""
    return path.partition("/")[0].partition(".")[0]


def _fields(manifest: Manifest) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "name": manifest.name,
        "created": manifest.created.isoformat(),
        "folder": manifest.folder,
        "embedder": manifest.embedder,
        "words": manifest.words,
        "compact": manifest.compact,
        "passages": manifest.passages,
        "files": {path: [file.size, file.sha256] for path, file in manifest.files.items()},
        "documents": [_entry_fields(entry) for entry in manifest.entries],
    }


def _manifest(fields: Mapping[str, Any]) -> Manifest:
    return Manifest(
        fields["name"],
        datetime.fromisoformat(fields["created"]),
        fields["folder"],
        fields["embedder"],
        tuple(_entry(entry) for entry in fields["documents"]),
        fields["passages"],
        fields["words"],
        fields["compact"],
        {path: FileSum(*file) for path, file in fields["files"].items()},
    )


_METADATA = tuple(Metadata.__dataclass_fields__)
_ENTRY = tuple(name for name in Entry.__dataclass_fields__ if name != "metadata")


def _entry_fields(entry: Entry) -> dict[str, Any]:
    fields = {name: getattr(entry, name) for name in _ENTRY}
    values = {name: getattr(entry.metadata, name) for name in _METADATA}
    return fields | {"metadata": {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items()}}


def _entry(fields: dict[str, Any]) -> Entry:
    """Return a document as it was written down; ten thousand of them are read before each ingest."""
    said = fields["metadata"]
    about = {
        **said,
        "effective": _day(said["effective"]),
        "review_by": _day(said["review_by"]),
        "audience": tuple(said["audience"]),
        "supersedes": tuple(said["supersedes"]),
        "status": _STATUS[said["status"]],
    }
    return Entry(**{**fields, "metadata": Metadata(**about), "notes": tuple(fields["notes"])})


_STATUS = {status.value: status for status in Status}


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
