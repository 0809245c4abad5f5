"""One generation, opened for reading: its documents, passages, vectors and words."""

from __future__ import annotations

import json
import mmap
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge import manifest as manifests
from knowledge.documents import Kind, Metadata, Passage
from knowledge.errors import DamagedGeneration, EmbedderMismatch
from knowledge.keywords import KeywordIndex, terms, words
from knowledge.store import VectorStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

CACHED = 5_000
"""Passages whose text and terms are kept in memory once they were looked at: about 10 kB each."""

FEW_PIECES = 20_000
"""Pieces whose vectors are kept in memory, 20 MB."""

_ARRAYS = ("keys", "ids", "vectors", "piece_vectors", "piece_starts", "text_starts")


class Generation:
    """A generation, opened for reading. Its arrays stay on disk until they are touched. Nothing is ever written."""

    def __init__(self, folder: Path, embedder: str | None = None) -> None:
        """Open the generation; `embedder` is the fingerprint in use. Raises DamagedGeneration, NewerGeneration, EmbedderMismatch."""
        self.folder = folder
        self.manifest = manifests.read(folder)
        if embedder is not None and embedder != self.manifest.embedder:
            raise EmbedderMismatch(made_with=self.manifest.embedder, in_use=embedder)
        self.passage = lru_cache(maxsize=CACHED)(self._passage)
        self.held = lru_cache(maxsize=CACHED)(self._held)
        self.words = lru_cache(maxsize=CACHED)(self._words)

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
        counts = [entry.count for entry in self.manifest.entries]
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    @cached_property
    def keys(self) -> NDArray[np.uint8]:
        """Return, for each passage, 16 bytes that say what its vectors were made from."""
        return self._array("keys")

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """Return each passage's id in Chroma; the next free one stands at the end."""
        return self._array("ids")

    @cached_property
    def vectors(self) -> NDArray[np.float16]:
        """Return a vector a passage."""
        return self._array("vectors")

    @cached_property
    def piece_vectors(self) -> NDArray[np.float16]:
        """Return a vector a piece; those of passage n stand from `piece_starts[n]` to `piece_starts[n + 1]`."""
        return self._array("piece_vectors")

    @cached_property
    def compared_pieces(self) -> NDArray[np.float16] | NDArray[np.float32]:
        """Return the vectors of pieces as questions compare them.

        Few are kept in memory: taking hundreds from half to full precision for every question takes nine times as long.
        """
        return self.piece_vectors.astype(np.float32) if len(self.piece_vectors) <= FEW_PIECES else self.piece_vectors

    @cached_property
    def piece_starts(self) -> NDArray[np.int64]:
        """Return where each passage's pieces begin, and where the last one's end."""
        return self._array("piece_starts")

    @cached_property
    def text_starts(self) -> NDArray[np.int64]:
        """Return where each passage's line begins in `texts`, and where the last one's ends."""
        return self._array("text_starts")

    @cached_property
    def texts(self) -> mmap.mmap | bytes:
        """Return the passages as they lie on disk, a line each."""
        try:
            with (self.folder / "passages.jsonl").open("rb") as file:
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.manifest.passages else b""
        except (OSError, ValueError) as error:
            raise DamagedGeneration(self.name, "passages") from error

    @cached_property
    def keywords(self) -> KeywordIndex:
        """Return the keyword index."""
        try:
            return KeywordIndex.load(self.folder / "keywords")
        except (OSError, ValueError, EOFError) as error:
            raise DamagedGeneration(self.name, "keywords") from error

    @cached_property
    def store(self) -> VectorStore:
        """Return the vectors in Chroma."""
        return VectorStore(self.folder / "chroma", self.name, self.ids[:-1])

    def _array(self, name: str) -> NDArray[Any]:
        try:
            array: NDArray[Any] = np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))
        except (OSError, ValueError, EOFError) as error:
            raise DamagedGeneration(self.name, name) from error
        return array

    def _passage(self, number: int) -> Passage:
        start, end = self.text_starts[number : number + 2]
        try:
            fields = json.loads(self.texts[start:end])
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

    def _words(self, number: int) -> frozenset[str]:
        """Return the words of a passage, in lower case."""
        return frozenset(words(self.passage(number).text))

    def open(self) -> None:
        """Open now what would be opened when it is first needed. Raises DamagedGeneration."""
        for name in (*_ARRAYS, "texts", "keywords", "store"):
            getattr(self, name)
        _ = self.keywords.vocabulary

    def close(self) -> None:
        """Give back memory and file handles."""
        for cache in (self.passage, self.held, self.words):
            cache.cache_clear()
        if store := self.__dict__.pop("store", None):
            store.close()
        texts = self.__dict__.pop("texts", None)
        for name in (*_ARRAYS, "keywords", "compared_pieces"):
            self.__dict__.pop(name, None)
        if isinstance(texts, mmap.mmap):
            texts.close()


def search_text(passage: Passage, title: str) -> str:
    """Return what a passage is found by: title, heading path and column names in front of its text."""
    return " ".join((title, *passage.section, *passage.header, passage.text))


def part_texts(passage: Passage, title: str) -> Iterator[str]:
    """Yield what stands above a passage, then each piece and the line that leads it: all but those lines is what it is found by."""
    yield " ".join((title, *passage.section, *passage.header))
    leads = passage.leads or ("",) * len(passage.pieces)
    for piece, lead in zip(passage.pieces, leads, strict=True):
        yield piece
        yield lead
