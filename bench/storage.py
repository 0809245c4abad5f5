"""Harm a data folder in every way that disks and people do, ask a question, and see that no answer is silently wrong."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from adapters import doctor, wiring
from adapters.settings import Settings
from bench.table import Line
from bot.messages import Answer, Asker, Outcome, Question
from ingest.pipeline import ingest
from ingest.report import Order
from knowledge import generations
from knowledge.errors import KnowledgeError
from knowledge.live import LOOK
from knowledge.lock import only_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from bot.handler import Handler
    from knowledge.embeddings import Embedder

ROOT = Path(__file__).parents[1]
QUESTION = Question(
    "Where do drones have to be parked?", Asker("bench", "", ""), language="en", today=date(2026, 11, 20)
)
OLD, NEW = "Drones are parked in hall seven.", "Drones are parked in hall nine."
_SMALL = 16_384
"""Bytes that a file may have where files are limited."""
_LEFT = 120_000
"""Bytes that are left on a disk that is next to full."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one fault. `silent`: an answer that is wrong and does not say so; `named`: the doctor says what is wrong."""

    fault: str
    silent: bool
    named: bool
    note: str = ""


def run() -> Iterator[Line]:
    """Play every fault and count what went wrong in silence."""
    with tempfile.TemporaryDirectory() as place:
        for seen in play(Path(place)):
            yield Line(f"{seen.fault}: silent wrong answers", float(seen.silent), "", 0, seen.note)
            yield Line(f"{seen.fault}: not named", float(not seen.named), "", 0)


def play(place: Path) -> Iterator[Seen]:
    """Play every fault on a copy of a folder in which two editions of a handbook were published."""
    pattern = place / "pattern"
    prepare(place / "handbook", pattern, wiring.embedder(Settings()))
    for number, (fault, harm) in enumerate(HARMS.items()):
        for running in (False, True):
            data = Path(shutil.copytree(pattern, place / f"{number}-{running}"))
            yield harmed(f"{fault} ({'while answering' if running else 'at the start'})", harm, data, running=running)
            shutil.rmtree(data)
    yield from (refused(place, pattern, fault) for fault in REFUSALS)


def prepare(handbook: Path, data: Path, embedder: Embedder) -> None:
    """Publish two editions of a small handbook."""
    handbook.mkdir(exist_ok=True)
    for number in range(12):
        (handbook / f"{number:02}.md").write_text(f"# Guide {number}\n\nGuide {number} speaks of tools.\n", "utf-8")
    for said in (OLD, NEW):
        (handbook / "drones.md").write_text(f"# Drones\n\n{said}\n", "utf-8")
        ingest(Order(handbook, data, ("all",)), embedder)


def _live(data: Path) -> Path:
    return generations.place(data, generations.live(data))


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for place in range(len(content) // 2, min(len(content) // 2 + 64, len(content))):
        content[place] ^= 0xFF
    file.write_bytes(content)


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _newer(data: Path) -> None:
    file = _live(data) / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"schema": 99}), "utf-8")


HARMS: dict[str, Callable[[Path], object]] = {
    "index removed": lambda data: shutil.rmtree(next(_live(data).glob("chroma/*/"))),
    "database removed": lambda data: (_live(data) / "chroma/chroma.sqlite3").unlink(),
    "index cut": lambda data: _cut(next(_live(data).glob("chroma/*/data_level0.bin"))),
    "index garbled": lambda data: _flip(next(_live(data).glob("chroma/*/data_level0.bin"))),
    "database garbled": lambda data: _flip(_live(data) / "chroma/chroma.sqlite3"),
    "vectors cut": lambda data: _cut(_live(data) / "vectors.npy"),
    "words garbled": lambda data: _flip(_live(data) / "keywords/passages.npy"),
    "texts garbled": lambda data: _flip(_live(data) / "passages.jsonl"),
    "manifest garbled": lambda data: _flip(_live(data) / "manifest.json"),
    "generation removed": lambda data: shutil.rmtree(_live(data)),
    "pointer removed": lambda data: (data / "live").unlink(),
    "pointer garbled": lambda data: (data / "live").write_bytes(b"\0\xff{"),
    "pointer to nothing": lambda data: (data / "live").write_text('{"generation": "20200101-000000-aaaaaa"}', "utf-8"),
    "manifest of a newer version": _newer,
}


def harmed(fault: str, harm: Callable[[Path], object], data: Path, *, running: bool) -> Seen:
    """Harm a data folder, before it is opened or while it answers, and ask."""
    handler = wiring.handler(Settings(data_dir=data))
    if running:
        asyncio.run(_ask(handler))
        time.sleep(LOOK)
    harm(data)
    try:
        answer = asyncio.run(_ask(handler))
        silent, note = _is_silent(answer), f"{answer.outcome}, {'with' if answer.notice else 'without'} a notice"
    except KnowledgeError as error:
        silent, note = False, type(error).__name__
    return Seen(fault, silent, _is_named(data), note)


async def _ask(handler: Handler) -> Answer:
    last = [event async for event in handler.handle(QUESTION)][-1]
    assert isinstance(last, Answer)  # noqa: S101 - the handler's promise
    return last


def _is_silent(answer: Answer) -> bool:
    """Say whether an answer is not the current one and does not say so; nothing found is a wrong answer here."""
    quotes = {citation.quote for citation in answer.citations}
    if answer.outcome is Outcome.QUOTED and NEW in quotes:
        return False
    return not (OLD in quotes and answer.notice)


def _is_named(data: Path) -> bool:
    return not all(finding.well for finding in doctor.examine(Settings(data_dir=data)))


# Faults that meet an ingest: it must fail by name, and what is live must answer as before.


def refused(place: Path, pattern: Path, fault: str) -> Seen:
    """Ingest a third edition under a fault; the second one must still answer."""
    data = place / fault.replace(" ", "-")
    (place / "handbook" / "drones.md").write_text("# Drones\n\nDrones are parked in hall eleven.\n", "utf-8")
    with REFUSALS[fault](pattern, data) as possible:
        if not possible:
            return Seen(fault, silent=False, named=True, note="skipped: nothing can be mounted here")
        code, said = _lotse(place / "handbook", data, limit=_SMALL if fault == "file limit" else None)
        return Seen(fault, _answers_wrong(data), named=code != 0 and _NAMES[fault] in said, note=said[:60])


@contextmanager
def _copied(pattern: Path, data: Path) -> Iterator[bool]:
    shutil.copytree(pattern, data)
    yield True


@contextmanager
def _locked(pattern: Path, data: Path) -> Iterator[bool]:
    shutil.copytree(pattern, data)
    with only_writer(data):
        yield True


@contextmanager
def _full(pattern: Path, data: Path) -> Iterator[bool]:
    """Be on a disk with next to no room left."""
    size = sum(-(-file.stat().st_size // 4096) * 4096 for file in pattern.rglob("*") if file.is_file()) + _LEFT
    data.mkdir()
    with _mounted(data, "-t", "tmpfs", "-o", f"size={size}", "tmpfs") as possible:
        if possible:
            shutil.copytree(pattern, data, dirs_exist_ok=True)
        yield possible


@contextmanager
def _read_only(pattern: Path, data: Path) -> Iterator[bool]:
    shutil.copytree(pattern, data)
    with _mounted(data, "--bind", "-o", "ro", str(data)) as possible:
        yield possible


@contextmanager
def _mounted(place: Path, *options: str) -> Iterator[bool]:
    """Mount something over a folder, where the system lets us."""
    possible = shutil.which("mount") is not None and not _call("mount", *options, str(place))[0]
    try:
        yield possible
    finally:
        if possible:
            _call("umount", "--lazy", str(place))  # Chroma lets go of its files late


REFUSALS: dict[str, Callable[[Path, Path], AbstractContextManager[bool]]] = {
    "disk full": _full,
    "file limit": _copied,
    "disk read-only": _read_only,
    "second writer": _locked,
}
_NAMES = {
    "disk full": "no room",
    "file limit": "Nothing can be written",
    "disk read-only": "EROFS",
    "second writer": f"process {os.getpid()}",
}


def _lotse(handbook: Path, data: Path, limit: int | None) -> tuple[int, str]:
    def confine() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return _call(sys.executable, "-m", "adapters.cli", "ingest", str(handbook), data=data, confine=confine)


def _call(*command: str, data: Path | None = None, confine: Callable[[], None] | None = None) -> tuple[int, str]:
    surroundings = {**os.environ, **({"LOTSE_DATA_DIR": str(data)} if data else {})}  # noqa: TID251 - of what it starts
    done = subprocess.run(  # noqa: S603 - our own command; no thread runs beside it
        command, env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=confine
    )
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def _answers_wrong(data: Path) -> bool:
    """Say whether the edition that was published last does not answer any more."""
    try:
        answer = asyncio.run(_ask(wiring.handler(Settings(data_dir=data))))
    except KnowledgeError:
        return True
    return NEW not in {citation.quote for citation in answer.citations} or bool(answer.notice)
