"""One generation's vectors in Chroma: a collection for each audience, numbers for ids, no text."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import struct
import tempfile
import warnings
import weakref
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.disk import is_short, writing
from knowledge.errors import DamagedGeneration, StorageFull, StorageRefused
from knowledge.pruning import highest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray


Audience = tuple[str, ...]
"""The groups that may read a document, as its metadata lists them."""

_HNSW = {"space": "ip", "max_neighbors": 32, "ef_construction": 200, "ef_search": 200, "sync_threshold": 2}
"""Measured at 20,000 passages: recall of the best 50 is .93 with these, .82 with Chroma's defaults.

From two written entries on, everything goes to the index's files at once, so that opening it leaves nothing to be written.
"""
SMALL = 25_000
"""Vectors of a collection up to which they are read once, 40 MB, and questions compare them in memory, where a query of Chroma takes
1 to 4 ms and misses one in fourteen of the nearest fifty."""
WHOLE = 5_000
"""Vectors up to which all are compared as a whole (.05 ms for 1,000); of more, the sketches are (.4 ms for 20,000)."""
SKETCHED = 128
"""Numbers of a vector's sketch: its share along those axes that tell the collection's vectors apart best."""
LOOKED_AT = 8
"""Vectors that are then compared as a whole for each one that is wanted: at 20,000 passages .998 of the nearest fifty are found."""
_DATABASE = "chroma.sqlite3"
_LENGTH = 4
"""Bytes that an index keeps beside each vector."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors (float32, of length 1), with the audience and the id of each row."""

    vectors: NDArray[np.float32]
    audiences: Sequence[Audience]
    ids: NDArray[np.int64]


class VectorStore:
    """The vectors of one generation, opened for reading. Blocking: call it off the event loop.

    What a person may not read lies in collections that their questions never touch, so it cannot push anything out of the candidates.

    `ids` holds each passage's id in Chroma. Chroma writes into its database even when it only reads: it gets a copy of that small
    file in a place of its own, beside links to the index's files, so that a generation never changes and can lie on a read-only disk.
    `effort` is how many candidates a search of the index goes by, where it is less than what questions get.
    """

    def __init__(self, folder: Path, generation: str, ids: NDArray[np.int64], effort: int | None = None) -> None:
        self._generation = generation
        self._number = np.full(int(ids.max()) + 1 if ids.size else 0, -1, np.int64)
        self._number[ids] = np.arange(ids.size)
        self._small = lru_cache(maxsize=None)(self._read)
        place = _place()
        self._clear = weakref.finalize(self, shutil.rmtree, place, ignore_errors=True)
        try:
            self._client = _client(_lay_out(folder.resolve(), place))
            self._collections: dict[str, Any] = {c.name: c for c in self._client.list_collections()}
            if effort:
                _lessen(self._collections.values(), effort)
        except Exception as error:
            short = is_short(place)
            self._clear()
            if short:
                raise StorageFull(str(place.parent)) from error
            raise DamagedGeneration(generation, "chroma") from error

    def nearest(self, vector: NDArray[np.float32], wanted: Mapping[Audience, int]) -> NDArray[np.int64]:
        """Return the numbers of the passages nearest to a vector: for each audience as many as are wanted."""
        found = [self._nearest(vector, audience, count) for audience, count in wanted.items()]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def nearest_of(self, vectors: NDArray[np.float32], audience: Audience, count: int) -> list[NDArray[np.int64]]:
        """Return, for each vector, the numbers of its nearest passages of an audience. Raises DamagedGeneration."""
        collection = self._collections.get(_name(audience))
        if collection is None:
            raise DamagedGeneration(self._generation, "chroma")
        try:
            answer = collection.query(query_embeddings=vectors, n_results=count, include=[])
            return [self._number[np.array(ids, np.int64)] for ids in answer["ids"]]
        except Exception as error:
            raise DamagedGeneration(self._generation, "chroma") from error

    def _nearest(self, vector: NDArray[np.float32], audience: Audience, count: int) -> NDArray[np.int64]:
        held = self._small(audience)
        if held is None:
            return self.nearest_of(vector[None, :], audience, count)[0]
        numbers, vectors = held
        return numbers if len(numbers) <= count else numbers[vectors.nearest(vector, count)]

    def _read(self, audience: Audience) -> tuple[NDArray[np.int64], _Vectors] | None:
        """Read a small collection: the numbers of its passages and their vectors. Raises DamagedGeneration."""
        collection = self._collections.get(_name(audience))
        if collection is None:
            raise DamagedGeneration(self._generation, "chroma")
        try:
            if collection.count() > SMALL:
                return None
            content = collection.get(include=["embeddings"])
            vectors = _Vectors(np.asarray(content["embeddings"], np.float32))
            return self._number[np.array(content["ids"], np.int64)], vectors
        except Exception as error:
            raise DamagedGeneration(self._generation, "chroma") from error

    def counts(self, audiences: Iterable[Audience]) -> dict[Audience, int]:
        """Return how many vectors each audience's collection holds (0 where it is missing)."""
        found = {audience: self._collections.get(_name(audience)) for audience in audiences}
        return {audience: collection.count() if collection else 0 for audience, collection in found.items()}

    def close(self) -> None:
        """Give back memory, file handles and the place on disk."""
        self._small.cache_clear()
        self._client.close()
        self._clear()


class _Vectors:
    """A collection's vectors in memory, and where there are many, a sketch of each that says which are worth comparing."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors
        self._axes = _telling(vectors) if len(vectors) > WHOLE else None
        self._sketches = vectors @ self._axes if self._axes is not None else vectors

    def nearest(self, vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Return the places of the nearest vectors."""
        if self._axes is None:
            return highest(self._vectors @ vector, count)
        places = highest(self._sketches @ (vector @ self._axes), LOOKED_AT * count)
        return places[highest(self._vectors[places] @ vector, count)]


def _telling(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the axes (columns) along which vectors differ most, as principal component analysis finds them."""
    return np.asarray(np.linalg.eigh(vectors.T @ vectors)[1][:, -SKETCHED:])


def build(folder: Path, rows: Rows) -> None:
    """Write rows to a new folder, each into its audience's collection. Raises StorageFull, StorageRefused."""
    with _writing(folder) as client:
        _add(client, rows)


def grow(base: Path, folder: Path, rows: Rows, gone: Mapping[Audience, Sequence[int]]) -> None:
    """Copy a closed store, add rows to the copy, then take out the ids that are gone. Raises StorageFull, StorageRefused.

    An id that is gone is never used again: an index in which ids come back finds less.
    """
    shutil.copytree(base, folder)
    with _writing(folder) as client:
        _add(client, rows)
        for audience, ids in gone.items():
            _delete(client, audience, ids)


def _add(client: Any, rows: Rows) -> None:  # noqa: ANN401 - chromadb is imported late
    members: dict[Audience, list[int]] = {}
    for row, audience in enumerate(rows.audiences):
        members.setdefault(audience, []).append(row)
    batch = client.get_max_batch_size()
    for audience, numbers in sorted(members.items()):
        collection = client.get_or_create_collection(
            _name(audience), embedding_function=None, configuration={"hnsw": _HNSW}
        )
        for first in range(0, len(numbers), batch):
            part = numbers[first : first + batch]
            collection.add(ids=[str(rows.ids[row]) for row in part], embeddings=rows.vectors[part])
        if collection.count() == 1:  # a first entry on its own would stay in the log
            collection.update(ids=[str(rows.ids[numbers[0]])], embeddings=rows.vectors[numbers[:1]])


def _delete(client: Any, audience: Audience, ids: Sequence[int]) -> None:  # noqa: ANN401
    collection = client.get_collection(_name(audience), embedding_function=None)
    if collection.count() == len(ids):
        client.delete_collection(_name(audience))
        return
    batch = client.get_max_batch_size()
    for first in range(0, len(ids), batch):
        collection.delete(ids=[str(number) for number in ids[first : first + batch]])


@contextmanager
def _writing(folder: Path) -> Iterator[Any]:
    """Open a folder for writing; in the end everything is in its files, and what was deleted is no longer in the database."""
    try:
        client = _client(folder)
        yield client
        for collection in client.list_collections():
            first = collection.get(limit=1, include=["embeddings"])["embeddings"]
            collection.query(query_embeddings=first, n_results=1, include=[])
        client.close()
        with closing(sqlite3.connect(folder / _DATABASE)) as database:
            database.execute("VACUUM")
        for header in folder.glob("*/header.bin"):
            _wipe(header)
    except Exception as error:
        if is_short(folder.parent):
            raise StorageFull(str(folder)) from error
        raise StorageRefused(str(folder), type(error).__name__) from error


def _wipe(header: Path) -> None:
    """Zero the places of an index that are not taken: Chroma saves them as it got them, with what this memory held before."""
    _, _, _, taken, size = struct.unpack_from("<i4Q", header.read_bytes())
    for name, each in (("data_level0.bin", size), ("length.bin", _LENGTH)):
        with header.with_name(name).open("r+b") as file:
            rest = file.seek(0, os.SEEK_END) - taken * each
            file.seek(taken * each)
            file.write(bytes(max(rest, 0)))


def _place() -> Path:
    """Make a folder among the system's temporary ones. Raises StorageFull, StorageRefused."""
    above = Path(tempfile.gettempdir())
    with writing(above):
        return Path(tempfile.mkdtemp(prefix="lotse-", dir=above))


def _lay_out(folder: Path, place: Path) -> Path:
    """Put a copy of the database and links to the index's files into a place, and return it."""
    shutil.copyfile(folder / _DATABASE, place / _DATABASE)
    for index in folder.iterdir():
        if index.is_dir():
            (place / index.name).symlink_to(index, target_is_directory=True)
    return place


def _lessen(collections: Iterable[Any], effort: int) -> None:
    """Let searches go by fewer candidates, in this copy of the database only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # for want of an embedding function, which nobody needs
        for collection in collections:
            collection.modify(configuration={"hnsw": {"ef_search": effort}})


def _name(audience: Audience) -> str:
    """Return a collection's name: Chroma takes only some letters in a name, a group may have any."""
    return "a-" + hashlib.sha256("\0".join(audience).encode()).hexdigest()[:24]


def _client(folder: Path) -> Any:  # noqa: ANN401 - chromadb is imported late: .8 s
    import chromadb

    return chromadb.PersistentClient(str(folder), settings=_settings().model_copy())


@cache
def _settings() -> Any:  # noqa: ANN401 - looking through the environment for its settings takes Chroma .05 s
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)
