"""What hostile files do to the children that read them."""

from __future__ import annotations

import contextlib
import json
import re
import resource
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bench.reading import SHARED
from bench.table import Line
from ingest.errors import ReadingError
from ingest.isolation import Readers
from ingest.readers import Content
from tests import hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1024 * 1024


def run(shared: Path = SHARED) -> Iterator[Line]:
    """Read hostile files of our own making, then names that climb out of folders, where `shared` has some."""
    yield from _safety()
    names = shared / "corpora" / "path_traversal.jsonl"
    if names.is_file():
        yield from _climbing([json.loads(line)["text"] for line in names.read_text("utf-8").splitlines()])


def _safety() -> Iterator[Line]:
    """Read hostile files one by one, each by a fresh child."""
    slowest, largest, outside = (0.0, "", 0.0), (0, ""), 0
    broken: list[str] = []
    files = hostile.files()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "folder"
        folder.mkdir()
        secret = Path(place) / "secret.txt"
        secret.write_text(hostile.CANARY, "utf-8")
        for file in files:
            path = folder / file.name
            path.write_bytes(file.make(secret.as_uri()))
            start, used = time.perf_counter(), _used()
            with _Memory() as memory, Readers(folder) as isolated:
                ((_, outcome),) = isolated.read_all([path])
            slowest = max(slowest, (_used() - used, file.name, time.perf_counter() - start))
            largest = max(largest, (memory.most, file.name))
            if isolated.broken and not _out_of_time(outcome):
                broken.append(f"{file.name} {outcome!r}")
            outside += hostile.CANARY in repr(getattr(outcome, "sections", ""))
            path.unlink()
    yield Line("hostile files: crashes", len(broken), "", 0, "; ".join((f"{len(files)} files", *broken)))
    yield Line("hostile files: reads outside the folder", outside, "", 0)
    note = f"{slowest[1]}; {slowest[2]:.1f} s by the clock on the wall"
    yield Line("hostile files: slowest, with the start of its child", slowest[0], "s", 10, note)
    yield Line("hostile files: most memory of a child", largest[0] / MEGABYTE, "MB", 512, largest[1])


def _used() -> float:
    """Return the seconds of processor time that children which have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _out_of_time(outcome: object) -> bool:
    """Tell whether a child ended because its time was up, which is no crash."""
    return isinstance(outcome, ReadingError) and outcome.args[:1] == ("seconds",)


class _Memory:
    """Look, every few milliseconds, how much memory children that read have held at most; 0 where nobody tells."""

    def __init__(self) -> None:
        self.most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.005):
            for listed in Path("/proc/self/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    for child in listed.read_text("utf-8").split():
                        self.most = max(self.most, _held(Path("/proc") / child))


def _held(process: Path) -> int:
    """Return the most bytes that a process held; 0 for one that is not yet our child, and still shows what we hold."""
    if b"ingest.isolation" not in (process / "cmdline").read_bytes():
        return 0
    found = re.search(rb"VmHWM:\s+(\d+) kB", (process / "status").read_bytes())
    return int(found[1]) * 1024 if found else 0


def _climbing(names: list[str]) -> Iterator[Line]:
    """Ask for files by names that climb, and read archives whose members have them."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "folder"
        folder.mkdir()
        before = set(Path(place).rglob("*"))
        paths = [folder / f"{name.lstrip('/')}{ending}" for name in names for ending in ("", ".md")]
        archives = [folder / f"members{suffix}" for suffix in hostile.PARTS]
        members = {name.encode("utf-8", "replace").decode() or "x": b"x" for name in names}
        for archive in archives:
            archive.write_bytes(hostile.repacked(archive.suffix, members))
        with Readers(folder) as isolated:
            taken = sum(isinstance(outcome, Content) for _, outcome in isolated.read_all(paths))
            read = sum(isinstance(outcome, Content) for _, outcome in isolated.read_all(archives))
            broken = isolated.broken
        left = set(Path(place).rglob("*")) - before - set(archives)
    yield Line("names that climb: files read", taken, "", 0, f"{len(paths)} names")
    yield Line("names that climb: files written by archives", len(left), "", 0, f"{read} archives read")
    yield Line("names that climb: crashes", broken, "", 0)
