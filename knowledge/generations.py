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
from knowledge.errors import DamagedGeneration, NoGeneration, NothingEarlier, UnknownGeneration
from knowledge.generation import Generation
from knowledge.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEPT = 3
"""Earlier generations that stay on disk."""
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
    names = history(data)
    for old in names[names.index(name) + 1 + KEPT :] if name in names else ():
        with suppress(OSError):
            disk.remove(place(data, old))


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


def ask_published(data: Path, name: str) -> None:
    """See that a name in the pointer is one that was ever published. Raises DamagedGeneration."""
    published = {publication.generation for publication in publications(data)}
    if published and name not in published:
        raise DamagedGeneration(_POINTER, "pointer")


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
    return list(_publications(data))


def _publications(data: Path) -> Iterator[Publication]:
    try:
        lines = (data / _HISTORY).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            fields = json.loads(line)
            yield Publication(fields["generation"], datetime.fromisoformat(fields["moment"]), Cause(fields["cause"]))
        except (ValueError, KeyError, TypeError):
            continue


def earlier(data: Path, name: str) -> list[str]:
    """Return the generations that were published before another one was made and are still there, the newest first."""
    published = {publication.generation for publication in publications(data)}
    return [other for other in history(data) if other < name and other in published]


def latest(data: Path) -> str:
    """Return the name of the generation that was published last; the pointer may be damaged. Raises NoGeneration."""
    published = publications(data)
    if not published:
        raise NoGeneration(str(data))
    return published[-1].generation


def rollback(data: Path, name: str | None = None) -> str:
    """Let an earlier generation answer again, the one before the live one where none is named, and return its name.

    Call it with the lock held. Raises UnknownGeneration, NothingEarlier, DamagedGeneration and what `publish` raises.
    """
    if name is None:
        now = _live_or_latest(data)
        name = next(iter(earlier(data, now)), None)
        if name is None:
            raise NothingEarlier(now)
    if name not in history(data):
        raise UnknownGeneration(name)
    folder = place(data, name)
    manifest.verify(folder, manifest.read(folder))
    publish(data, name, Cause.ROLLBACK)
    return name


def _live_or_latest(data: Path) -> str:
    try:
        return live(data)
    except DamagedGeneration:
        return latest(data)


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
    return name, len(before - {name})


def recover(data: Path) -> None:
    """Remove what writers left that were killed: parts, and generations that were never published. Call it with the lock held."""
    folder = data / _FOLDER
    published = {publication.generation for publication in publications(data)}
    with writing(data):
        for path in (*data.glob(f"*{UNFINISHED}"), *folder.glob(f"*{UNFINISHED}")):
            if path.is_dir():
                disk.remove(path)
            else:
                path.unlink()
        for name in _names(data):
            if published and name not in published:
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
