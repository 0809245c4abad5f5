"""The generations of a data folder: which one answers, which ones were published before; publish, go back, clean up.

data/live                     the pointer: the name of the generation that answers
data/history.jsonl            what was published, a line each time
data/generations/<name>/      one generation: manifest, passages, arrays, keywords/, chroma/
data/lock, data/owner         held and written by whoever is writing
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from knowledge import disk, manifest
from knowledge.building import Build, write
from knowledge.disk import UNFINISHED, writing
from knowledge.errors import DamagedGeneration, EmbedderMismatch, NoGeneration, NothingEarlier, UnknownGeneration
from knowledge.generation import Generation
from knowledge.manifest import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 3
"""Earlier generations that stay on disk, and as many that were gone back from."""
_POINTER, _HISTORY, _FOLDER = "live", "history.jsonl", "generations"


class Cause(StrEnum):
    """Why a generation became the one that answers."""

    INGEST = "ingest"
    ROLLBACK = "rollback"
    PURGE = "purge"


@dataclass(frozen=True, slots=True)
class Publication:
    """A generation became the one that answers, at a moment in UTC."""

    generation: str
    moment: datetime
    cause: Cause


def place(data: Path, name: str) -> Path:
    """Return the folder of a generation."""
    return data / _FOLDER / name


def publish(data: Path, name: str, cause: Cause = Cause.INGEST) -> None:
    """Make a generation that was written the one that answers, in one step, and remove the oldest ones.

    Raises StorageFull, StorageRefused; then the one before still answers.
    """
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    with writing(data):
        disk.append_json(data / _HISTORY, {"generation": name, "moment": moment, "cause": cause})
        disk.write_json(data / _POINTER, {"generation": name})
    for old in _outlived(data, name):
        with suppress(OSError):
            disk.remove(place(data, old))


def _outlived(data: Path, name: str) -> set[str]:
    """Return the generations that need not stay: neither one of those before, nor among those that answered last."""
    lines = [publication.generation for publication in publications(data)]
    latest_first = list(dict.fromkeys(reversed(lines)))
    kept = {name, *earlier(data, name)[:KEPT], *latest_first[: KEPT + 1]}
    return set(history(data)) & set(lines) - kept


def live(data: Path) -> str:
    """Return the name of the generation that answers. Raises NoGeneration, DamagedGeneration."""
    try:
        return str(json.loads((data / _POINTER).read_text("utf-8"))["generation"])
    except FileNotFoundError as error:
        if publications(data):
            raise DamagedGeneration(_POINTER, "pointer") from error
        raise NoGeneration(str(data)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedGeneration(_POINTER, "pointer") from error


def named(data: Path) -> tuple[str, DamagedGeneration | None]:
    """Return which generation should answer, and what is wrong with the pointer; then it is the one that was published last.

    A name in the pointer must be one that was ever published, as far as the history can be read. Raises NoGeneration.
    """
    try:
        name = live(data)
    except DamagedGeneration as error:
        return latest(data), error
    told, unreadable = _told(data)
    if told and not unreadable and name not in {publication.generation for publication in told}:
        return latest(data), DamagedGeneration(_POINTER, "pointer")
    return name, None


def history(data: Path) -> list[str]:
    """Return the names of all complete generations, the newest first."""
    return [name for name in _names(data) if (place(data, name) / MANIFEST).is_file()]


def _names(data: Path) -> list[str]:
    folder = data / _FOLDER
    if not folder.is_dir():
        return []
    return sorted((f.name for f in folder.iterdir() if f.is_dir() and f.suffix != UNFINISHED), reverse=True)


def publications(data: Path) -> list[Publication]:
    """Return what was published, the oldest first; lines that cannot be read are left out."""
    return _told(data)[0]


def unreadable(data: Path) -> int:
    """Return how many lines of the history cannot be read."""
    return _told(data)[1]


def _told(data: Path) -> tuple[list[Publication], int]:
    try:
        lines = (data / _HISTORY).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return [], 0
    told = [_publication(line) for line in lines if line.strip()]
    return [each for each in told if each], told.count(None)


def _publication(line: str) -> Publication | None:
    try:
        fields = json.loads(line)
        return Publication(str(fields["generation"]), datetime.fromisoformat(fields["moment"]), Cause(fields["cause"]))
    except (ValueError, KeyError, TypeError):
        return None


def earlier(data: Path, name: str) -> list[str]:
    """Return what answered before a generation did and is still there, the nearest first.

    In the order of the history, whatever the clock said, and without what was gone back from: to answer again, it must be named.
    """
    there = set(history(data))
    return [other for other in reversed(_before(data, name)) if other in there]


def _before(data: Path, name: str) -> list[str]:
    """Return what the history says of before a generation answered last; of all times where it does not name it."""
    lines = [publication.generation for publication in publications(data)]
    end = len(lines) - lines[::-1].index(name) if name in lines else len(lines)
    answered: list[str] = []
    for line in lines[:end]:
        if line in answered:
            del answered[answered.index(line) :]  # it was gone back to
        answered.append(line)
    return [other for other in answered if other != name]


def latest(data: Path) -> str:
    """Return the name of the generation that was published last; the pointer may be damaged. Raises NoGeneration."""
    published = publications(data)
    if not published:
        raise NoGeneration(str(data))
    return published[-1].generation


def rollback(data: Path, name: str | None = None, embedder: str = "") -> str:
    """Let an earlier generation answer again, the one before the live one where none is named, and return its name.

    Where the `embedder` in use is named, one whose vectors it cannot search is refused. Call it with the lock held. Raises
    UnknownGeneration, NothingEarlier, DamagedGeneration, NewerGeneration, EmbedderMismatch and what `publish` raises.
    """
    name = name or _previous(data)
    if name not in history(data):
        raise UnknownGeneration(name)
    folder = place(data, name)
    about = manifest.read(folder)
    if embedder and about.embedder != embedder:
        raise EmbedderMismatch(about.embedder, embedder)
    manifest.verify(folder, about)
    publish(data, name, Cause.ROLLBACK)
    return name


def _previous(data: Path) -> str:
    now, _ = named(data)
    for name in earlier(data, now):
        return name
    raise NothingEarlier(now)


def purge(data: Path) -> tuple[str, int]:
    """Remove every generation but the live one, and from that one what is left of documents that are gone.

    Returns the name of what is live then and how many generations were removed. Call it with the lock held. Raises
    DamagedGeneration and what `write` and `publish` raise.
    """
    recover(data)
    name = live(data)
    before = set(history(data))
    generation = Generation(place(data, name))
    try:
        manifest.verify(generation.folder, generation.manifest)
        if not generation.manifest.compact:
            name = write(data, _anew(generation))
            publish(data, name, Cause.PURGE)
    finally:
        generation.close()
    with writing(data):
        for other in history(data):
            if other != name:
                disk.remove(place(data, other))
        if unreadable(data):
            _mend(data, name)
    return name, len(before - {name})


def _mend(data: Path, name: str) -> None:
    """Begin the history anew where it cannot be read: nothing but what is live is there any more."""
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    disk.write_json(data / _HISTORY, {"generation": name, "moment": moment, "cause": Cause.PURGE})


def recover(data: Path) -> None:
    """Remove what writers left that were killed: parts, and generations that were never published. Call it with the lock held.

    While a line of the history cannot be read, it may be the one that says that a generation was published.
    """
    folder = data / _FOLDER
    told, lost = _told(data)
    published = {publication.generation for publication in told}
    with suppress(NoGeneration, DamagedGeneration):
        published.add(live(data))
    with writing(data):
        for path in (*data.glob(f"*{UNFINISHED}"), *folder.glob(f"*{UNFINISHED}")):
            if path.is_dir():
                disk.remove(path)
            else:
                path.unlink()
        for name in _names(data):
            unfinished = not (place(data, name) / MANIFEST).is_file()
            if told and name not in published and (unfinished or not lost):
                disk.remove(place(data, name))


def _anew(generation: Generation) -> Build:
    """Return a build of exactly what a generation holds, whose files share nothing with those of before."""
    about = generation.manifest
    nothing = np.zeros((0, generation.vectors.shape[1]), np.float32)
    return Build(
        folder=about.folder,
        embedder=about.embedder,
        entries=about.entries,
        passages=(),
        keys=(),
        vectors=nothing,
        piece_vectors=nothing,
        base=generation,
        origin=np.arange(about.passages),
        compact=True,
    )
