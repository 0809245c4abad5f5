"""A generation: one complete, immutable, published state of the knowledge; write, publish, list and open it.

data/live                     the pointer: the name of the generation that answers
data/generations/<name>/      manifest.json, passages.jsonl, arrays, keywords/, chroma/
"""

from __future__ import annotations

import json
import mmap
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.documents import Kind, Metadata, Passage, Status
from knowledge.errors import DamagedGeneration, EmbedderMismatch, NoGeneration
from knowledge.keywords import KeywordIndex, terms
from knowledge.store import VectorStore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

SCHEMA = 1
CACHED = 5_000
"""Passages whose text and terms are kept in memory once they were looked at: about 10 kB each."""
KEPT = 3
"""Earlier generations that stay on disk."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a generation: what it was made from, and which passages are its own (`first`, `count`)."""

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


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation consists of. `folder` is where its documents came from; `created` is in UTC."""

    name: str
    created: datetime
    folder: str
    embedder: str
    entries: tuple[Entry, ...]
    passages: int


class Generation:
    """A published generation, opened for reading. Its arrays stay on disk until they are touched."""

    def __init__(self, folder: Path, embedder: str | None = None) -> None:
        """Open the generation; `embedder` is the fingerprint in use. Raises DamagedGeneration, EmbedderMismatch."""
        self._folder = folder
        self.manifest = read_manifest(folder)
        if embedder is not None and embedder != self.manifest.embedder:
            raise EmbedderMismatch(made_with=self.manifest.embedder, in_use=embedder)
        self.passage = lru_cache(maxsize=CACHED)(self._passage)
        self.held = lru_cache(maxsize=CACHED)(self._held)
        self.pieces_held = lru_cache(maxsize=CACHED)(self._pieces_held)

    @property
    def name(self) -> str:
        """Return the generation's name."""
        return self.manifest.name

    @cached_property
    def metadata(self) -> Mapping[str, Metadata]:
        """Return each document's metadata by its path."""
        return {entry.path: entry.metadata for entry in self.manifest.entries}

    @cached_property
    def groups(self) -> frozenset[str]:
        """Return every group that some document names."""
        return frozenset(group for entry in self.manifest.entries for group in entry.metadata.audience)

    @cached_property
    def document_of(self) -> NDArray[np.int32]:
        """Return, for each passage, the number of its document in the manifest."""
        return np.repeat(
            np.arange(len(self.manifest.entries), dtype=np.int32), [e.count for e in self.manifest.entries]
        )

    @cached_property
    def keys(self) -> NDArray[np.uint8]:
        """Return, for each passage, 16 bytes that say what its vectors were made from."""
        return self._array("keys")

    @cached_property
    def vectors(self) -> NDArray[np.float16]:
        """Return a vector a passage."""
        return self._array("vectors")

    @cached_property
    def piece_vectors(self) -> NDArray[np.float16]:
        """Return a vector a piece; those of passage n stand from `piece_starts[n]` to `piece_starts[n + 1]`."""
        return self._array("piece_vectors")

    @cached_property
    def piece_starts(self) -> NDArray[np.int64]:
        """Return where each passage's pieces begin, and where the last one's end."""
        return self._array("piece_starts")

    @cached_property
    def keywords(self) -> KeywordIndex:
        """Return the keyword index."""
        try:
            return KeywordIndex.load(self._folder / "keywords")
        except (OSError, ValueError, EOFError) as error:
            raise DamagedGeneration(self.name, "keywords") from error

    @cached_property
    def store(self) -> VectorStore:
        """Return the vectors in Chroma."""
        if not (self._folder / "chroma" / "chroma.sqlite3").is_file():
            raise DamagedGeneration(self.name, "chroma")
        return VectorStore(self._folder / "chroma", self.name)

    @cached_property
    def _texts(self) -> mmap.mmap | bytes:
        try:
            with (self._folder / "passages.jsonl").open("rb") as file:
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.manifest.passages else b""
        except (OSError, ValueError) as error:
            raise DamagedGeneration(self.name, "passages") from error

    @cached_property
    def _text_starts(self) -> NDArray[np.int64]:
        return self._array("text_starts")

    def _array(self, name: str) -> NDArray[Any]:
        try:
            array: NDArray[Any] = np.asarray(np.load(self._folder / f"{name}.npy", mmap_mode="r"))
        except (OSError, ValueError, EOFError) as error:
            raise DamagedGeneration(self.name, name) from error
        return array

    def _passage(self, number: int) -> Passage:
        start, end = self._text_starts[number : number + 2]
        try:
            fields = json.loads(self._texts[start:end])
        except ValueError as error:
            raise DamagedGeneration(self.name, "passages") from error
        document = self.manifest.entries[self.document_of[number]].path
        return Passage(
            document,
            tuple(fields["section"]),
            Kind(fields["kind"]),
            tuple(fields["pieces"]),
            tuple(fields["header"]),
            tuple(fields["leads"]),
            fields["page"],
        )

    def _held(self, number: int, metadata: Metadata) -> frozenset[str]:
        """Return the terms that a passage is found by."""
        return frozenset(terms(search_text(self.passage(number), metadata.title), metadata.language))

    def _pieces_held(self, number: int, metadata: Metadata) -> tuple[frozenset[str], ...]:
        """Return the terms of each piece of a passage."""
        return tuple(frozenset(terms(piece, metadata.language)) for piece in self.passage(number).pieces)

    def check(self) -> None:
        """Open every part and compare their sizes. Raises DamagedGeneration."""
        total = self.manifest.passages
        audiences = {entry.metadata.audience for entry in self.manifest.entries}
        parts = (
            ("manifest", sum(entry.count for entry in self.manifest.entries), total),
            ("keys", len(self.keys), total),
            ("vectors", len(self.vectors), total),
            ("piece_starts", len(self.piece_starts) - 1, total),
            ("piece_vectors", len(self.piece_vectors), self.piece_starts[-1]),
            ("text_starts", len(self._text_starts) - 1, total),
            ("passages", len(self._texts), self._text_starts[-1]),
            ("keywords", len(self.keywords.lengths), total),
            ("keywords", len(self.keywords.vocabulary), len(self.keywords.starts) - 1),
            ("chroma", sum(self.store.counts(audiences).values()), total),
        )
        for part, found, expected in parts:
            if found != expected:
                raise DamagedGeneration(self.name, part)

    def close(self) -> None:
        """Give back memory and file handles."""
        if "store" in self.__dict__:
            self.store.close()
        if isinstance(texts := self.__dict__.get("_texts"), mmap.mmap):
            texts.close()


def search_text(passage: Passage, title: str) -> str:
    """Return what a passage is found by: title, heading path and column names in front of its text."""
    return " ".join((title, *passage.section, *passage.header, passage.text))


@dataclass(frozen=True, slots=True)
class Build:
    """Everything that a new generation is made of.

    `keys` has 16 bytes a passage that say what its vectors were made from; `vectors` has a row a passage, `piece_vectors` one a piece.
    """

    folder: str
    embedder: str
    entries: tuple[Entry, ...]
    passages: Sequence[Passage]
    keys: Sequence[bytes]
    terms: Sequence[Sequence[str]]
    vectors: NDArray[np.float32]
    piece_vectors: NDArray[np.float32]


def write(data: Path, build: Build, now: datetime | None = None) -> str:
    """Write a generation beside the live one, unpublished, and return its name."""
    now = now or datetime.now(UTC)
    name = f"{now:%Y%m%d-%H%M%S}-{os.urandom(3).hex()}"
    folder = data / "generations" / f"{name}.part"
    folder.mkdir(parents=True)
    _write_passages(folder, build.passages)
    np.save(folder / "keys.npy", np.frombuffer(b"".join(build.keys), np.uint8).reshape(-1, 16))
    np.save(folder / "vectors.npy", build.vectors.astype(np.float16))
    np.save(folder / "piece_vectors.npy", build.piece_vectors.astype(np.float16))
    np.save(folder / "piece_starts.npy", np.cumsum([0, *(len(p.pieces) for p in build.passages)]))
    KeywordIndex.build(build.terms).save(folder / "keywords")
    audiences = [entry.metadata.audience for entry in build.entries for _ in range(entry.count)]
    VectorStore.build(folder / "chroma", build.vectors, audiences)
    _write_json(
        folder / "manifest.json",
        _manifest_fields(Manifest(name, now, build.folder, build.embedder, build.entries, len(audiences))),
    )
    folder.rename(folder.with_suffix(""))
    return name


def publish(data: Path, name: str) -> None:
    """Make a written generation the one that answers, in one step, and remove the oldest ones."""
    _write_json(data / "live", {"generation": name})
    names = history(data)
    for old in names[names.index(name) + 1 + KEPT :] if name in names else ():
        shutil.rmtree(data / "generations" / old, ignore_errors=True)


def live(data: Path) -> str:
    """Return the name of the generation that answers. Raises NoGeneration, DamagedGeneration."""
    try:
        return str(json.loads((data / "live").read_text("utf-8"))["generation"])
    except FileNotFoundError as error:
        raise NoGeneration(str(data)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedGeneration("live", "pointer") from error


def history(data: Path) -> list[str]:
    """Return the names of all complete generations, the newest first."""
    folder = data / "generations"
    if not folder.is_dir():
        return []
    return sorted(
        (f.name for f in folder.iterdir() if (f / "manifest.json").is_file() and f.suffix != ".part"), reverse=True
    )


def read_manifest(folder: Path) -> Manifest:
    """Read what a generation consists of. Raises DamagedGeneration."""
    try:
        fields = json.loads((folder / "manifest.json").read_text("utf-8"))
        if fields["schema"] != SCHEMA:
            raise DamagedGeneration(folder.name, "schema")
        entries = tuple(_entry(entry) for entry in fields["documents"])
        created = datetime.fromisoformat(fields["created"])
        return Manifest(fields["name"], created, fields["folder"], fields["embedder"], entries, fields["passages"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedGeneration(folder.name, "manifest") from error


class LiveGeneration:
    """The generation that answers right now; follows the pointer when it moves."""

    def __init__(self, data: Path, embedder: str) -> None:
        self._data = data
        self._embedder = embedder
        self._seen: tuple[int, int] | None = None
        self._generation: Generation | None = None

    def current(self) -> Generation:
        """Return the live generation, opened anew if another was published since. Raises KnowledgeError."""
        try:
            stat = (self._data / "live").stat()
        except OSError as error:
            raise NoGeneration(str(self._data)) from error
        seen = (stat.st_mtime_ns, stat.st_ino)
        if self._generation is None or seen != self._seen:
            self._generation = Generation(self._data / "generations" / live(self._data), self._embedder)
            self._seen = seen
        return self._generation


def _write_passages(folder: Path, passages: Sequence[Passage]) -> None:
    lines = [
        json.dumps(
            {
                "section": p.section,
                "kind": p.kind,
                "pieces": p.pieces,
                "header": p.header,
                "leads": p.leads,
                "page": p.page,
            },
            ensure_ascii=False,
        ).encode()
        + b"\n"
        for p in passages
    ]
    (folder / "passages.jsonl").write_bytes(b"".join(lines))
    np.save(folder / "text_starts.npy", np.cumsum([0, *map(len, lines)]))


def _manifest_fields(manifest: Manifest) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "name": manifest.name,
        "created": manifest.created.isoformat(),
        "folder": manifest.folder,
        "embedder": manifest.embedder,
        "passages": manifest.passages,
        "documents": [_entry_fields(entry) for entry in manifest.entries],
    }


_METADATA = tuple(Metadata.__dataclass_fields__)
_ENTRY = tuple(name for name in Entry.__dataclass_fields__ if name != "metadata")


def _entry_fields(entry: Entry) -> dict[str, Any]:
    fields = {name: getattr(entry, name) for name in _ENTRY}
    values = {name: getattr(entry.metadata, name) for name in _METADATA}
    return fields | {"metadata": {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items()}}


def _entry(fields: dict[str, Any]) -> Entry:
    values = dict(fields["metadata"])
    for name in ("effective", "review_by"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in ("audience", "supersedes"):
        values[name] = tuple(values[name])
    values["status"] = Status(values["status"])
    plain = {name: fields[name] for name in _ENTRY}
    return Entry(metadata=Metadata(**values), **(plain | {"notes": tuple(plain["notes"])}))


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file so that a reader sees the old one or the new one, whole, even after a loss of power."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
