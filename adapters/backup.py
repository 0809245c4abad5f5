"""One file with everything that Lotse keeps: the database, whichever it is, and the generation that answers."""

from __future__ import annotations

import io
import json
import os
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters.database.copying import dump, load, vacant
from adapters.errors import BackupUnreadable, NotEmpty
from knowledge import generations, manifest
from knowledge.errors import KnowledgeError, NoGeneration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from adapters.database.connection import Database

FORMAT = 1
ABOUT = "lotse-backup.json"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds."""

    rows: Mapping[str, int]
    generation: str


async def save(database: Database, data: Path, file: Path) -> Contents:
    """Write a backup that only its owner can read; it appears under its name when it is complete. Raises Unavailable, OSError."""
    revision, tables = await dump(database)
    name = _live(data)
    rows = {table: len(lines) for table, lines in tables.items()}
    about = {"format": FORMAT, "created": datetime.now(UTC).isoformat(), "revision": revision, "generation": name}
    part = file.with_name(f"{file.name}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz") as archive:
            _add(archive, ABOUT, json.dumps(about).encode())
            for table, lines in tables.items():
                _add(archive, f"tables/{table}.jsonl", "".join(f"{line}\n" for line in lines).encode())
            if name:
                archive.add(generations.place(data, name), f"generations/{name}")
        raw.flush()
        os.fsync(raw.fileno())
    part.replace(file)
    return Contents(rows, name)


async def bring_back(database: Database, data: Path, file: Path) -> Contents:
    """Put a backup into an empty database that no Lotse runs on, and an empty data folder; one that was cut off can be done again.

    Raises BackupUnreadable, NotEmpty, Unavailable.
    """
    try:
        with tarfile.open(file, "r:gz") as archive:
            about = json.loads(_read(archive, ABOUT))
            if about["format"] != FORMAT:
                raise BackupUnreadable(str(file))
            name, revision = str(about["generation"]), str(about["revision"])
            tables = {
                member.name.removeprefix("tables/").removesuffix(".jsonl"): _read(archive, member.name).splitlines()
                for member in archive.getmembers()
                if member.name.startswith("tables/")
            }
            if _live(data) not in {"", name}:
                raise NotEmpty(str(data))
            occupied = NotEmpty("LOTSE_DATABASE_URL" if not database.sqlite else str(database.file))
            if not await vacant(database, revision, tables):
                raise occupied
            if name:  # before the rows: whoever is killed in between can begin anew
                _unpack(archive, name, data)
            if not await load(database, revision, tables):
                raise occupied
    except (OSError, tarfile.TarError, ValueError, KeyError, EOFError) as error:
        raise BackupUnreadable(str(file)) from error
    return Contents({table: len(lines) for table, lines in tables.items()}, name)


def _unpack(archive: tarfile.TarFile, name: str, data: Path) -> None:
    """Take out a generation, look whether it is whole, and let it answer."""
    data.mkdir(parents=True, exist_ok=True)
    members = [member for member in archive.getmembers() if member.name.startswith(f"generations/{name}")]
    folder = generations.place(data, name)
    archive.extractall(data, members, filter="data")
    try:
        manifest.verify(folder, manifest.read(folder))
    except KnowledgeError as error:
        raise BackupUnreadable(name) from error
    if _live(data) != name:
        generations.publish(data, name)


def _live(data: Path) -> str:
    try:
        return generations.live(data)
    except NoGeneration:
        return ""


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _read(archive: tarfile.TarFile, name: str) -> str:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read().decode()
