"""Build a generation beside the live one: what stays is carried over, what is new is added; checked before anybody sees it."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from knowledge import disk, keywords, store
from knowledge import manifest as manifests
from knowledge.counting import Counter
from knowledge.disk import UNFINISHED, writing
from knowledge.generation import Generation, part_texts
from knowledge.manifest import Entry, Manifest
from knowledge.postings import grow
from knowledge.store import Rows
from knowledge.verification import verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from knowledge.documents import Passage
    from knowledge.store import Audience

GROWN = 0.2
"""Share of passages that may be new, or have left, for Chroma's files to be copied and changed; beyond it they are made anew."""
MOST_TAKEN = 1.5
"""Ids ever used, for each passage, beyond which Chroma's files are made anew: what has left still takes up room in a copy."""


@dataclass(frozen=True, slots=True)
class Build:
    """Everything that a new generation is made of.

    `entries` are its documents in order. `origin` says for each passage which number it has in `base`, -1 if it is new; those that stay
    must stay in their order. `passages` are the new ones in order, with 16 bytes each that say what its vectors were made from (`keys`),
    a row each in `vectors`, and a row for each of their pieces in `piece_vectors`. `compact` makes Chroma's files anew, whatever stays.
    """

    folder: str
    embedder: str
    entries: tuple[Entry, ...]
    passages: Sequence[Passage]
    keys: Sequence[bytes]
    vectors: NDArray[np.float32]
    piece_vectors: NDArray[np.float32]
    base: Generation | None = None
    origin: NDArray[np.int64] | None = None
    compact: bool = False


def write(data: Path, build: Build, now: datetime | None = None) -> str:
    """Write a generation beside the live one, unpublished, see that everything is found again, and return its name.

    Raises NotVerified, StorageFull, StorageRefused.
    """
    now = now or datetime.now(UTC)
    name = f"{now:%Y%m%d-%H%M%S}-{os.urandom(3).hex()}"
    folder = data / "generations" / f"{name}{UNFINISHED}"
    try:
        with writing(data):
            folder.mkdir(parents=True)
            work = _Work(build, folder)
            compact = work.write()
            words, files = keywords.fingerprint(), manifests.sums(folder)
            about = (name, now, build.folder, build.embedder, build.entries, work.total, words, compact, files)
            manifests.write(folder, Manifest(*about))
            verify(folder, work.fresh)
            disk.settle(folder)
            disk.move(folder, folder.with_suffix(""))
    except BaseException:
        disk.discard(folder)
        raise
    return name


class _Work:
    """The parts of one generation. `origin`: where each passage comes from; `fresh`: the numbers of the new ones."""

    def __init__(self, build: Build, folder: Path) -> None:
        self._build = build
        self._folder = folder
        self.total = sum(entry.count for entry in build.entries)
        self._origin = np.full(self.total, -1, np.int64) if build.origin is None else build.origin
        self.fresh = np.flatnonzero(self._origin < 0)
        self._stays = np.flatnonzero(self._origin >= 0)
        self._from = self._origin[self._stays]

    def write(self) -> bool:
        """Write every part; say whether Chroma's files hold nothing but what is there now."""
        self._texts()
        self._vectors()
        with ThreadPoolExecutor(1) as thread:
            compact = thread.submit(self._chroma)  # works outside of the interpreter most of its time
            self._words()
        return compact.result()

    def _save(self, name: str, array: NDArray[np.generic]) -> None:
        np.save(self._folder / f"{name}.npy", array)

    def _texts(self) -> None:
        fresh = iter([_line(passage) for passage in self._build.passages])
        lengths = [0]
        with (self._folder / "passages.jsonl").open("wb") as file:
            for first, count in self._runs():
                if first < 0:
                    lines = [next(fresh) for _ in range(count)]
                    file.writelines(lines)
                    lengths.extend(map(len, lines))
                else:
                    starts = self._base.text_starts[first : first + count + 1]
                    file.write(self._base.texts[starts[0] : starts[-1]])
                    lengths.extend(np.diff(starts).tolist())
        self._save("text_starts", np.cumsum(lengths))

    def _vectors(self) -> None:
        build = self._build
        keys = np.frombuffer(b"".join(build.keys), np.uint8).reshape(-1, 16)
        starts = np.cumsum([0, *(len(passage.pieces) for passage in build.passages)])
        counts = np.zeros(self.total, np.int64)
        counts[self.fresh] = np.diff(starts)
        if build.base is not None:
            counts[self._stays] = np.diff(build.base.piece_starts)[self._from]
        self._save("piece_starts", np.concatenate(([0], np.cumsum(counts))))
        self._save("keys", self._joined("keys", keys))
        self._save("vectors", self._joined("vectors", build.vectors.astype(np.float16)))
        self._save("piece_vectors", self._joined_pieces(build.piece_vectors.astype(np.float16), starts))

    def _joined(self, name: str, fresh: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return an array with a row a passage: rows of the base where a passage stays, fresh ones in between."""
        if self._build.base is None:
            return fresh
        before = getattr(self._build.base, name)
        joined = np.empty((self.total, before.shape[1]), before.dtype)
        joined[self._stays] = before[self._from]
        joined[self.fresh] = fresh
        return joined

    def _joined_pieces(self, fresh: NDArray[np.float16], starts: NDArray[np.int64]) -> NDArray[np.float16]:
        if self._build.base is None:
            return fresh
        parts, next_fresh = [], 0
        for first, count in self._runs():
            if first < 0:
                parts.append(fresh[starts[next_fresh] : starts[next_fresh + count]])
                next_fresh += count
            else:
                bounds = self._base.piece_starts
                parts.append(self._base.piece_vectors[bounds[first] : bounds[first + count]])
        return np.concatenate(parts) if parts else self._base.piece_vectors[:0]

    def _words(self) -> None:
        about = [entry.metadata for entry in self._build.entries for _ in range(entry.count)]
        counter = Counter(keywords.terms)
        for number, passage in zip(self.fresh, self._build.passages, strict=True):
            texts = part_texts(passage, about[number].title)
            counter.add(map(keywords.words, texts), about[number].language)
        postings = counter.postings(self.fresh, self.total)
        if self._build.base is not None:
            postings = grow(self._build.base.keywords.postings, self._origin, postings)
        keywords.KeywordIndex(postings).save(self._folder / "keywords")

    def _chroma(self) -> bool:
        base = self._build.base
        taken = 0 if base is None else int(base.ids[-1])
        gone: list[int] = [] if base is None else np.setdiff1d(np.arange(base.manifest.passages), self._from).tolist()
        changes = len(gone) + len(self.fresh)
        if base is None or self._build.compact or changes > GROWN * self.total or taken > MOST_TAKEN * self.total:
            self._save("ids", np.arange(self.total + 1))
            store.build(self._folder / "chroma", self._rows(np.arange(self.total), np.arange(self.total)))
            return True
        ids = np.empty(self.total + 1, np.int64)
        ids[self._stays] = base.ids[self._from]
        ids[self.fresh] = np.arange(taken, taken + len(self.fresh))
        ids[-1] = taken + len(self.fresh)
        self._save("ids", ids)
        rows = self._rows(self.fresh, ids[self.fresh])
        store.grow(base.folder / "chroma", self._folder / "chroma", rows, _gone(base, gone))
        return base.manifest.compact and not gone

    def _rows(self, numbers: NDArray[np.int64], ids: NDArray[np.int64]) -> Rows:
        audiences = [entry.metadata.audience for entry in self._build.entries for _ in range(entry.count)]
        vectors = np.load(self._folder / "vectors.npy", mmap_mode="r")[numbers].astype(np.float32)
        return Rows(vectors, [audiences[number] for number in numbers], ids)

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Yield how the passages follow each other: so many from this number of the base on, or (-1, so many) new ones."""
        origin = self._origin
        new = origin < 0
        breaks = np.flatnonzero((new[1:] != new[:-1]) | (~new[1:] & (np.diff(origin) != 1))) + 1
        for first, end in pairwise((0, *breaks.tolist(), self.total)):
            if end > first:
                yield int(origin[first]), end - first

    @property
    def _base(self) -> Generation:
        assert self._build.base is not None  # noqa: S101 - without a base every passage is new
        return self._build.base


def _gone(base: Generation, numbers: Sequence[int]) -> dict[Audience, list[int]]:
    """Return the ids of passages that left, by their audience."""
    found: dict[Audience, list[int]] = {}
    for number in numbers:
        audience = base.manifest.entries[base.document_of[number]].metadata.audience
        found.setdefault(audience, []).append(int(base.ids[number]))
    return found


def _line(passage: Passage) -> bytes:
    fields = {
        "section": passage.section,
        "kind": passage.kind,
        "pieces": passage.pieces,
        "header": passage.header,
        "leads": passage.leads,
        "page": passage.page,
    }
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"
