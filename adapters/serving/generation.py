"""Follow what is published: each replica answers from a copy of its own of the generation in the shared folder or object store."""

from __future__ import annotations

import json
import logging
import shutil
from typing import TYPE_CHECKING

from knowledge import disk, generations, manifest
from knowledge.disk import UNFINISHED
from knowledge.errors import DamagedGeneration, KnowledgeError, NoGeneration
from knowledge.lock import only_writer

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from fsspec import AbstractFileSystem

POINTER, FOLDER = "live", "generations"
_log = logging.getLogger("lotse.generation")


class Follower:
    """Keeps the local copy up to date. `address`: folder or object store, as fsspec writes it; empty: the data folder itself."""

    def __init__(self, data: Path, address: str = "") -> None:
        self._data, self._address = data, address
        self._name = ""
        self.created: datetime | None = None

    def follow(self) -> str:
        """Fetch what was published since, and return the name of what answers; nothing before there is one. Blocking."""
        try:
            if self._address:
                fetch(self._data, self._address)
        except (OSError, ValueError, KeyError, ImportError, KnowledgeError) as error:
            _log.warning("not fetched", extra={"reason": type(error).__name__})
        try:
            name = generations.live(self._data)
            if name != self._name:
                self.created = manifest.read(generations.place(self._data, name)).created
                self._name = name
        except KnowledgeError:
            return ""
        return name


def fetch(data: Path, address: str) -> str:
    """Copy the published generation here, if it is another one, check it, and let it answer. Raises OSError, KnowledgeError.

    What was erased where it is published is erased here, too.
    """
    files, root = _open(address)
    name = published(address)
    if name != _here(data):
        with only_writer(data):
            target = generations.place(data, name)
            if not target.is_dir():
                _copy(files, f"{root}/{FOLDER}/{name}", target)
            generations.publish(data, name)
    kept = _shared(files, root)
    for old in set(generations.history(data)) - kept - {name}:
        disk.remove(generations.place(data, old))
    return name


def _shared(files: AbstractFileSystem, root: str) -> set[str]:
    """Return the names of the generations in the shared place."""
    return {str(path).rstrip("/").rpartition("/")[2] for path in files.ls(f"{root}/{FOLDER}", detail=False)}


def _copy(files: AbstractFileSystem, source: str, target: Path) -> None:
    """Copy a generation, and give it its name when every file holds what it held when it was published."""
    part = target.with_suffix(UNFINISHED)
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    files.get(f"{source}/", f"{part}/", recursive=True)
    manifest.verify(part, manifest.read(part))
    part.rename(target)


def published(address: str) -> str:
    """Return the name of the generation that replicas fetch. Raises OSError, ValueError, KeyError, DamagedGeneration."""
    files, root = _open(address)
    name = str(json.loads(files.cat_file(f"{root}/{POINTER}"))["generation"])
    if "/" in name or name.startswith("."):
        raise DamagedGeneration("live", "pointer")
    return name


def share(data: Path, address: str) -> str:
    """Copy the live generation to where the replicas fetch it: first what it holds, then, in one step, its name.

    What is not in the data folder any more is removed there.
    """
    files, root = _open(address)
    name = generations.live(data)
    place = f"{root}/{FOLDER}/{name}"
    if not files.exists(f"{place}/manifest.json"):
        files.makedirs(place, exist_ok=True)
        files.put(f"{generations.place(data, name)}/", f"{place}/", recursive=True)
    files.pipe_file(f"{root}/{POINTER}.part", json.dumps({"generation": name}).encode())
    files.mv(f"{root}/{POINTER}.part", f"{root}/{POINTER}")
    for old in _shared(files, root) - set(generations.history(data)):
        files.rm(f"{root}/{FOLDER}/{old}", recursive=True)
    return name


def _here(data: Path) -> str:
    try:
        return generations.live(data)
    except NoGeneration:
        return ""


def _open(address: str) -> tuple[AbstractFileSystem, str]:
    from fsspec.core import url_to_fs

    files, root = url_to_fs(address)
    files.invalidate_cache()
    return files, str(root).rstrip("/")
