"""From a folder of documents to a published generation: list, compare, read, split, embed, build, publish, report."""

from __future__ import annotations

import errno
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from ingest import metadata
from ingest.errors import FolderMissing, IngestError, ReadingError, Unreadable
from ingest.isolation import Readers
from ingest.ports import Phase, Silent
from ingest.sources.folder import examine, walk
from ingest.splitter import split
from knowledge import generations
from knowledge.documents import Document, Status
from knowledge.errors import DamagedGeneration, NoGeneration
from knowledge.generations import Build, Entry, Generation, search_text
from knowledge.keywords import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ingest.ports import Progress
    from ingest.readers import Content
    from ingest.sources.folder import Source
    from knowledge.documents import Passage
    from knowledge.embeddings import Embedder


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be ingested, and where to. Plain data."""

    folder: Path
    data: Path
    default_audience: tuple[str, ...]
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that was not taken, and why."""

    path: str
    error: IngestError


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did. `generation` is empty when nothing was published; `embedded` counts texts that were embedded.

    `open_by_default` names documents that got their audience from the setting; `hidden` counts the characters of hidden text that were
    taken out of a document, `withheld` the sentences that order assistants about, `overdue` says since when a document should have been
    reviewed; `replaces` is the folder that answered until now, where it was another one.
    """

    folder: str
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    generation: str = ""
    passages: int = 0
    embedded: int = 0
    open_by_default: tuple[str, ...] = ()
    hidden: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)
    overdue: Mapping[str, date] = field(default_factory=dict)
    default_audience: tuple[str, ...] = ()
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """One document on its way: its entry and its passages."""

    entry: Entry
    passages: tuple[Passage, ...]


def ingest(order: Order, embedder: Embedder, progress: Progress | None = None) -> Report:
    """Bring the live generation up to what the folder holds. Blocking. Raises FolderMissing, NotStarted, EmbeddingFailed."""
    started = _Ingest(order, embedder, progress or Silent())
    try:
        return started.run()
    finally:
        started.close()


class _Ingest:
    """One run. What is live stays untouched until the new generation is complete."""

    def __init__(self, order: Order, embedder: Embedder, progress: Progress) -> None:
        self._order = order
        self._folder = order.folder.resolve()
        self._embedder = embedder
        self._progress = progress
        self._rejected: list[Rejection] = []
        self._live = _open_live(order.data)
        self._known = {entry.path: entry for entry in self._live.manifest.entries} if self._live else {}

    def run(self) -> Report:
        if not self._folder.is_dir():
            raise FolderMissing(str(self._order.folder))
        sources = self._sources()
        same = {path for path, source in sources.items() if self._is_same(source)}
        documents = list(self._documents(sources, same))
        report = self._report([document.entry for document in documents], same)
        if self._order.dry_run or not documents or not self._differs(report):
            return report
        return self._publish(documents, report)

    def close(self) -> None:
        """Let go of the live generation."""
        if self._live:
            self._live.close()

    def _sources(self) -> dict[str, Source]:
        files = list(walk(self._folder))
        found: dict[str, Source] = {}
        for done, file in enumerate(files, start=1):
            self._progress.step(Phase.LIST, done, len(files))
            path = file.relative_to(self._folder).as_posix()
            try:
                path.encode()
                found[path] = examine(file, self._folder)
            except UnicodeEncodeError:
                self._rejected.append(Rejection(path.encode(errors="replace").decode(), Unreadable("EILSEQ")))
            except IngestError as error:
                self._rejected.append(Rejection(path, error))
            except OSError as error:
                self._rejected.append(Rejection(path, Unreadable(errno.errorcode.get(error.errno or 0, ""))))
        return found

    def _is_same(self, source: Source) -> bool:
        entry = self._known.get(source.path)
        return entry is not None and entry.checksum == self._checksum(source)

    def _checksum(self, source: Source) -> str:
        """Return a checksum over the content and the settings that shape what becomes of it."""
        shaped = f"{source.checksum} {generations.SCHEMA} {','.join(self._order.default_audience)}"
        return hashlib.sha256(shaped.encode()).hexdigest()

    def _documents(self, sources: Mapping[str, Source], same: set[str]) -> Iterator[_Read]:
        with Readers(self._folder) as isolated:
            contents = isolated.read_all(source.file for path, source in sources.items() if path not in same)
            for done, (path, source) in enumerate(sources.items(), start=1):
                self._progress.step(Phase.READ, done, len(sources))
                try:
                    yield self._kept(path) if path in same else self._read(source, next(contents)[1])
                except ReadingError as error:
                    self._rejected.append(Rejection(path, error))

    def _kept(self, path: str) -> _Read:
        """Return a document as the live generation has it."""
        entry, live = self._known[path], cast("Generation", self._live)
        return _Read(entry, tuple(live.passage(n) for n in range(entry.first, entry.first + entry.count)))

    def _read(self, source: Source, content: Content | ReadingError) -> _Read:
        if isinstance(content, ReadingError):
            raise content
        resolved = metadata.resolve(content, Path(source.path), self._folder, self._order.default_audience)
        cut = split(Document(source.path, resolved.metadata, content.sections))
        notes = ("open_by_default",) if resolved.audience_defaulted else ()
        entry = Entry(
            source.path,
            self._checksum(source),
            source.size,
            source.modified,
            resolved.metadata,
            count=len(cut.passages),
            notes=notes,
            hidden=content.hidden,
            withheld=cut.withheld,
        )
        return _Read(entry, cut.passages)

    def _report(self, entries: Sequence[Entry], same: set[str]) -> Report:
        taken = {entry.path for entry in entries}
        changed = [path for path in taken if path in self._known and path not in same]
        before = self._live.manifest.folder if self._live else ""
        return Report(
            str(self._folder),
            new=tuple(sorted(taken - self._known.keys())),
            changed=tuple(sorted(changed)),
            unchanged=tuple(sorted(taken & same)),
            gone=tuple(sorted(self._known.keys() - taken)),
            rejected=tuple(self._rejected),
            passages=sum(entry.count for entry in entries),
            open_by_default=tuple(entry.path for entry in entries if "open_by_default" in entry.notes),
            default_audience=self._order.default_audience,
            hidden={entry.path: entry.hidden for entry in entries if entry.hidden},
            withheld={entry.path: entry.withheld for entry in entries if entry.withheld},
            overdue=_overdue(entries),
            replaces=before if before != str(self._folder) else "",
        )

    def _differs(self, report: Report) -> bool:
        other = self._live is None or self._live.manifest.embedder != self._embedder.fingerprint
        return other or bool(report.new or report.changed or report.gone or report.replaces)

    def _publish(self, documents: Sequence[_Read], report: Report) -> Report:
        passages = [passage for document in documents for passage in document.passages]
        titles = [document.entry.metadata for document in documents for _ in document.passages]
        texts = [search_text(passage, about.title) for passage, about in zip(passages, titles, strict=True)]
        keys = [_key(text, passage) for text, passage in zip(texts, passages, strict=True)]
        vectors, piece_vectors, embedded = self._vectors(passages, texts, keys)
        self._progress.step(Phase.BUILD, 0, 1)
        build = Build(
            folder=report.folder,
            embedder=self._embedder.fingerprint,
            entries=tuple(_numbered([document.entry for document in documents])),
            passages=passages,
            keys=keys,
            terms=[terms(text, about.language) for text, about in zip(texts, titles, strict=True)],
            vectors=vectors,
            piece_vectors=piece_vectors,
        )
        name = generations.write(self._order.data, build)
        generations.publish(self._order.data, name)
        self._progress.step(Phase.BUILD, 1, 1)
        return replace(report, generation=name, embedded=embedded)

    def _vectors(
        self, passages: Sequence[Passage], texts: Sequence[str], keys: Sequence[bytes]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
        """Return a vector for each passage and each piece, taken from the live generation where the text is the same."""
        cached = self._cached()
        fresh = [n for n, key in enumerate(keys) if key not in cached]
        wanted = [texts[n] for n in fresh] + [piece for n in fresh for piece in passages[n].pieces]
        made = self._embed(wanted)
        whole: list[NDArray[np.float32]] = []
        parts: list[NDArray[np.float32]] = []
        next_whole, next_part = 0, len(fresh)
        for passage, key in zip(passages, keys, strict=True):
            if key in cached:
                vector, pieces = cached[key]
            else:
                vector, pieces = made[next_whole], made[next_part : next_part + len(passage.pieces)]
                next_whole, next_part = next_whole + 1, next_part + len(passage.pieces)
            whole.append(vector)
            parts.append(pieces)
        if not whole:
            return made, made, 0
        return np.vstack(whole), np.vstack(parts), len(wanted)

    def _cached(self) -> dict[bytes, tuple[NDArray[np.float32], NDArray[np.float32]]]:
        live = self._live
        if live is None or live.manifest.embedder != self._embedder.fingerprint:
            return {}
        starts = live.piece_starts
        vectors, pieces = live.vectors.astype(np.float32), live.piece_vectors.astype(np.float32)
        return {bytes(key): (vectors[n], pieces[starts[n] : starts[n + 1]]) for n, key in enumerate(live.keys)}

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed in batches, as exactly as a generation keeps vectors: the same text then always has the same vector."""
        batches: list[NDArray[np.float32]] = []
        for first in range(0, len(texts), EMBED_BATCH):
            batches.append(self._embedder.embed(texts[first : first + EMBED_BATCH]))
            self._progress.step(Phase.EMBED, min(first + EMBED_BATCH, len(texts)), len(texts))
        made = np.vstack(batches) if batches else np.zeros((0, 0), np.float32)
        return made.astype(np.float16).astype(np.float32)


EMBED_BATCH = 512


def _overdue(entries: Sequence[Entry]) -> dict[str, date]:
    """Return the documents whose day of review has passed."""
    today = datetime.now(UTC).date()
    due = {entry.path: entry.metadata.review_by for entry in entries if entry.metadata.status is Status.CURRENT}
    return {path: day for path, day in due.items() if day and day < today}


def _key(text: str, passage: Passage) -> bytes:
    """Return what a passage's vectors depend on, in 16 bytes."""
    return hashlib.blake2b("\0".join((text, *passage.pieces)).encode(), digest_size=16).digest()


def _numbered(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries with the number of their first passage."""
    first = 0
    for entry in entries:
        yield replace(entry, first=first)
        first += entry.count


def _open_live(data: Path) -> Generation | None:
    """Return what is live, or None where there is nothing that can be built on: then everything is read anew."""
    try:
        generation = Generation(data / "generations" / generations.live(data))
        generation.check()
    except (NoGeneration, DamagedGeneration):
        return None
    return generation
