"""From a folder of documents to a published generation: list, compare, read, split, embed, build, verify, publish, report."""

from __future__ import annotations

import gc
import hashlib
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest import vectors
from ingest.cutting import Cutting
from ingest.errors import FolderEmpty, FolderMissing, FolderWithinData, ReadingError, Unreadable
from ingest.isolation import Readers
from ingest.ports import Phase, Silent
from ingest.readers import FORM
from ingest.report import Rejection, Report
from ingest.sources.folder import Folder, Listing, is_as_examined, refused, walk
from knowledge import generations, keywords, manifest
from knowledge.building import Build, write
from knowledge.documents import Status
from knowledge.errors import DamagedGeneration, KnowledgeError, NewerGeneration, NoGeneration
from knowledge.generation import Generation, search_text
from knowledge.lock import only_writer
from knowledge.manifest import SCHEMA, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.cutting import Cut
    from ingest.ports import Progress
    from ingest.report import Order
    from ingest.sources.folder import Source
    from knowledge.documents import Metadata, Passage
    from knowledge.embeddings import Embedder
    from knowledge.manifest import Manifest

LOST = 1 / 3
"""Share of a folder's documents that may be gone since its own last run; beyond it something may be amiss with the folder."""


TRIES = 3
"""How often a file is read that changes meanwhile; what was read last is taken then, and read anew by the next ingest."""
COLLECT_EVERY = 200_000
"""New objects between two looks."""


@dataclass(frozen=True, slots=True)
class _Document:
    """One document on its way. `passages` is None where it stays as the live generation has it."""

    entry: Entry
    passages: tuple[Passage, ...] | None = None


def ingest(order: Order, embedder: Embedder, progress: Progress | None = None) -> Report:
    """Bring the live generation up to what the folder holds. Blocking, in this process.

    Raises FolderMissing, FolderWithinData, FolderEmpty, NotStarted, EmbeddingFailed, Busy, StorageFull, StorageRefused, NotVerified; then
    what is live stays.
    """
    if not order.folder.is_dir():
        raise FolderMissing(str(order.folder))
    if order.folder.resolve().is_relative_to(order.data.resolve()):
        raise FolderWithinData(str(order.folder))
    with nullcontext() if order.dry_run else only_writer(order.data), _seldom_collecting():
        if not order.dry_run:
            generations.recover(order.data)
        started = _Ingest(order, embedder, progress or Silent())
        try:
            return started.run()
        finally:
            started.close()


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let Python look for circles of objects less often: an ingest makes many objects and few circles, and looking takes a tenth of it."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_EVERY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


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
        self._files = Folder(self._folder, self._known, order.data)
        self._shape = f"{SCHEMA} {FORM} {version('lotse')} {','.join(order.default_audience)}"

    def run(self) -> Report:
        sources = self._sources()
        same = {path for path, source in sources.items() if self._is_same(source)}
        if not sources and not self._rejected and not (self._order.allow_shrink and self._known):
            raise FolderEmpty(str(self._order.folder))
        documents = self._documents(sources, same)
        report = self._report([document.entry for document in documents], same)
        nothing = not documents and bool(self._rejected or not self._known)
        if self._order.dry_run or nothing or report.lost or not self._differs(report):
            return report
        return self._publish(documents, report)

    def close(self) -> None:
        """Let go of the live generation."""
        if self._live:
            self._live.close()

    def _sources(self) -> dict[str, Source]:
        listing = self._listing()
        found: dict[str, Source] = {}
        for done, path in enumerate(listing.files, start=1):
            self._progress.step(Phase.LIST, done, len(listing.files))
            try:
                path.encode()
                found[path] = self._files.examine(path)
            except UnicodeEncodeError:
                self._reject(path, Unreadable("EILSEQ"))
            except ReadingError as error:
                self._reject(path, error)
        return found

    def _listing(self) -> Listing:
        """List the folder; what lies in it of Lotse's own data is no document."""
        try:
            listing = walk(self._folder, self._order.data)
        except OSError as error:
            self._reject(".", refused(error))
            return Listing(())
        for path, reason in listing.closed.items():
            self._reject(path, reason)
        return listing

    def _reject(self, path: str, error: ReadingError) -> None:
        self._rejected.append(Rejection(path.encode(errors="replace").decode(), error))

    def _is_same(self, source: Source) -> bool:
        entry = self._known.get(source.path)
        return entry is not None and entry.checksum == self._checksum(source)

    def _checksum(self, source: Source) -> str:
        """Return a checksum over the content and all that shapes what becomes of it: settings, and the version that reads it."""
        return hashlib.sha256(f"{source.checksum} {self._shape}".encode()).hexdigest()

    def _documents(self, sources: Mapping[str, Source], same: set[str]) -> list[_Document]:
        """Return what can be taken, in the order of the folder."""
        found = {path: _Document(self._known[path]) for path in same}
        waiting = [source for path, source in sources.items() if path not in same]
        with Readers(self._folder, then=Cutting(str(self._folder), self._order.default_audience)) as isolated:
            for left in reversed(range(TRIES)):
                moved: list[Source] = []
                cuts = isolated.read_all(Path(source.file) for source in waiting)
                for done, (source, (_, cut)) in enumerate(zip(waiting, cuts, strict=True), len(same) + 1):
                    self._progress.step(Phase.READ, min(done, len(sources)), len(sources))
                    if left and not is_as_examined(source):
                        moved.append(source)
                    elif isinstance(cut, ReadingError):
                        self._reject(source.path, cut)
                    else:
                        found[source.path] = self._read(source, cut)
                waiting = [again for source in moved if (again := self._again(source))]
        return [found[path] for path in sources if path in found]

    def _again(self, source: Source) -> Source | None:
        """Look at a file once more that changed while it was read, None where it cannot be taken any more."""
        try:
            return self._files.examine(source.path)
        except ReadingError as error:
            self._reject(source.path, error)
            return None

    def _read(self, source: Source, cut: Cut) -> _Document:
        notes = ("open_by_default",) if cut.audience_defaulted else ()
        entry = Entry(
            source.path,
            self._checksum(source) if is_as_examined(source) else "",
            source.size,
            source.modified,
            cut.metadata,
            count=len(cut.passages),
            notes=notes,
            hidden=cut.hidden,
            withheld=cut.withheld,
            content=source.content,
            changed=source.changed,
        )
        return _Document(entry, cut.passages)

    def _report(self, entries: Sequence[Entry], same: set[str]) -> Report:
        taken = {entry.path for entry in entries}
        changed = [path for path in taken if path in self._known and path not in same]
        folder = self._live.manifest.folder if self._live else ""
        lost, before = self._lost(entries)
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
            replaces=folder if folder != str(self._folder) else "",
            lost=0 if self._order.allow_shrink or lost <= LOST * before else lost,
            before=before,
        )

    def _lost(self, entries: Sequence[Entry]) -> tuple[int, int]:
        """Return how many documents of this folder's last run are gone, and how many there were; one that moved is not gone."""
        last = self._last_run()
        paths, contents = {entry.path for entry in entries}, {entry.content for entry in entries}
        return sum(entry.path not in paths and entry.content not in contents for entry in last), len(last)

    def _last_run(self) -> Sequence[Entry]:
        """Return what this folder's last run published, whatever was gone back to since."""
        told = reversed(generations.publications(self._order.data))
        runs = [publication.generation for publication in told if publication.cause is not generations.Cause.ROLLBACK]
        for name in dict.fromkeys((*runs, *generations.history(self._order.data))):
            about = self._about(name)
            if about and about.folder == str(self._folder):
                return about.entries
        return ()

    def _about(self, name: str) -> Manifest | None:
        """Return what a published generation says about itself, None if it is gone or damaged."""
        if self._live and self._live.manifest.name == name:
            return self._live.manifest
        try:
            return manifest.read(generations.place(self._order.data, name))
        except KnowledgeError:
            return None

    def _differs(self, report: Report) -> bool:
        other = self._live is None or self._live.manifest.embedder != self._embedder.fingerprint
        return other or bool(report.new or report.changed or report.gone or report.replaces)

    def _publish(self, documents: Sequence[_Document], report: Report) -> Report:
        base = self._base()
        documents = [self._loaded(document) if base is None else document for document in documents]
        fresh = [(d.entry, passage) for d in documents for passage in d.passages or ()]
        passages = [passage for _, passage in fresh]
        sources = [self._source(entry.metadata, passage) for entry, passage in fresh]
        made = vectors.make(sources, self._cache(), self._embedder, self._progress)
        self._progress.step(Phase.BUILD, 0, 1)
        build = Build(
            folder=report.folder,
            embedder=self._embedder.fingerprint,
            entries=tuple(_numbered([document.entry for document in documents])),
            passages=passages,
            keys=made.keys,
            vectors=made.whole,
            piece_vectors=made.pieces,
            base=base,
            origin=_origin(documents),
        )
        name = write(self._order.data, build)
        generations.publish(self._order.data, name)
        self._progress.step(Phase.BUILD, 1, 1)
        inside = dict.fromkeys(source.passage.document for source in sources if source.inside)
        return replace(report, generation=name, embedded=made.embedded, inside=tuple(inside))

    def _source(self, about: Metadata, passage: Passage) -> vectors.Source:
        """Return what a passage's vectors are made from; what may not leave the house is not given to a foreign embedder."""
        inside = self._embedder.foreign and not about.external
        return vectors.Source(passage, search_text(passage, about.title), inside)

    def _cache(self) -> Generation | None:
        """Return the live generation if its vectors are those that would be made."""
        same = self._live and self._live.manifest.embedder == self._embedder.fingerprint
        return self._live if same else None

    def _base(self) -> Generation | None:
        """Return the live generation if its documents can stay as they are, with vectors and words."""
        cache = self._cache()
        return cache if cache and cache.manifest.words == keywords.fingerprint() else None

    def _loaded(self, document: _Document) -> _Document:
        """Return a document with its passages, from the live generation where they were not read anew."""
        if document.passages is not None or self._live is None:
            return document
        first = document.entry.first
        return replace(document, passages=tuple(map(self._live.passage, range(first, first + document.entry.count))))


def _origin(documents: Sequence[_Document]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return, for each passage, its number in the live generation, -1 where its document was read anew."""
    spans = [
        np.arange(d.entry.first, d.entry.first + d.entry.count)
        if d.passages is None
        else np.full(d.entry.count, -1, np.int64)
        for d in documents
    ]
    return np.concatenate(spans) if spans else np.empty(0, np.int64)


def _overdue(entries: Sequence[Entry]) -> dict[str, date]:
    """Return the documents whose day of review has passed."""
    today = datetime.now(UTC).date()
    due = {entry.path: entry.metadata.review_by for entry in entries if entry.metadata.status is Status.CURRENT}
    return {path: day for path, day in due.items() if day and day < today}


def _numbered(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries with the number of their first passage."""
    first = 0
    for entry in entries:
        yield replace(entry, first=first)
        first += entry.count


def _open_live(data: Path) -> Generation | None:
    """Return what is live, or None where there is nothing that can be built on: then everything is read anew."""
    try:
        generation = Generation(generations.place(data, generations.live(data)))
        manifest.verify(generation.folder, generation.manifest)
    except (NoGeneration, DamagedGeneration, NewerGeneration):
        return None
    return generation
