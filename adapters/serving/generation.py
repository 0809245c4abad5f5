"""Follow what is published: each replica answers from a copy of its own of the generation in the shared folder or object store."""

from __future__ import annotations

import json
import logging
import shutil
import time
from typing import TYPE_CHECKING

from knowledge import disk, generations, manifest
from knowledge.disk import UNFINISHED
from knowledge.errors import DamagedGeneration, KnowledgeError, NoGeneration
from knowledge.lock import only_writer
from knowledge.manifest import MANIFEST, SEAL

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from fsspec import AbstractFileSystem

    from knowledge.manifest import Manifest

POINTER, FOLDER = "live", "generations"
PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds after a fetch that failed before the next, the first time and at most: each may copy all there is."""
_log = logging.getLogger("lotse.generation")


class Follower:
    """Keeps the local copy up to date. `address`: folder or object store, as fsspec writes it; empty: the data folder itself."""

    def __init__(self, data: Path, address: str = "") -> None:
        self._data, self._address = data, address
        self._name = ""
        self._again, self._pause = 0.0, 0.0
        self._missed: float | None = None
        self.created: datetime | None = None

    def behind(self) -> float:
        """Return for how many seconds what is published could not be fetched, 0 when it is here."""
        return time.monotonic() - self._missed if self._missed else 0.0

    def follow(self) -> str:
        """Fetch what was published since, and return the name of what answers; nothing before there is one. Blocking."""
        try:
            if self._address and time.monotonic() >= self._again:
                fetch(self._data, self._address, seen=self._name)
                self._pause, self._missed = 0.0, None
        except (OSError, ValueError, KeyError, ImportError, KnowledgeError) as error:
            _log.warning("not fetched", extra={"reason": type(error).__name__})
            self._pause = min(max(self._pause * 2, PAUSE), LONGEST_PAUSE)
            self._again = time.monotonic() + self._pause
            self._missed = self._missed or time.monotonic()
        try:
            name = generations.live(self._data)
            if name != self._name:
                self.created = manifest.read(generations.place(self._data, name)).created
                self._name = name
        except KnowledgeError:
            return ""
        return name


def fetch(data: Path, address: str, seen: str = "") -> str:
    """Copy the published generation here, if it is another one, check it, and let it answer. Raises OSError, KnowledgeError.

    A copy that is here already is checked, too, unless it has been `seen` to answer; one that is damaged is fetched again.
    What was erased where it is published is erased here, too.
    """
    files, root = _open(address)
    name = published(address)
    if name != seen or name != _here(data):
        target = generations.place(data, name)
        with only_writer(data):
            for part in target.parent.glob(f"*{UNFINISHED}"):  # of a fetch that was killed
                disk.discard(part)
            if not _whole(target):
                if target.is_dir():
                    disk.remove(target)
                _copy(files, f"{root}/{FOLDER}/{name}", target)
            if name != _here(data):
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


def _whole(folder: Path) -> bool:
    try:
        manifest.verify(folder, manifest.read(folder))
    except KnowledgeError:
        return False
    return True


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
    about = manifest.read(generations.place(data, name))
    if not _arrived(files, place, generations.place(data, name), about):
        _upload(files, place, generations.place(data, name), about)
    files.pipe_file(f"{root}/{POINTER}.part", json.dumps({"generation": name}).encode())
    files.mv(f"{root}/{POINTER}.part", f"{root}/{POINTER}")
    for old in _shared(files, root) - set(generations.history(data)):
        files.rm(f"{root}/{FOLDER}/{old}", recursive=True)
    return name


def _arrived(files: AbstractFileSystem, place: str, source: Path, about: Manifest) -> bool:
    """Say whether a whole generation is there: its manifest, which arrives last, its seal, and every file in its length."""
    try:
        same = all(files.cat_file(f"{place}/{name}") == (source / name).read_bytes() for name in (MANIFEST, SEAL))
        return same and all(files.size(f"{place}/{path}") == file.size for path, file in about.files.items())
    except FileNotFoundError:
        return False


def _upload(files: AbstractFileSystem, place: str, source: Path, about: Manifest) -> None:
    """Copy a generation there, its manifest last: an upload that was cut off is none, and is made anew."""
    for name in (*about.files, SEAL, MANIFEST):
        files.makedirs(f"{place}/{name}".rpartition("/")[0], exist_ok=True)
        files.put_file(str(source / name), f"{place}/{name}")


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
