"""How fast handbooks of several sizes are taken in, taken in again and asked, beside LangChain's tutorial; and at what cost."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from adapters import wiring
from adapters.settings import Settings
from bench.handbooks import SECTIONS, make
from bench.table import Line, quantile
from bench.tutorial import Tutorial
from bot.messages import Answer, Asker, Question
from ingest.pipeline import ingest
from ingest.report import Order
from knowledge import generations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.handler import Handler
    from ingest.report import Report
    from knowledge.embeddings import Embedder

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "golden" / "questions.jsonl"
SMALL, LARGE = 500, 10_000
"""Documents."""
GOALS = {1_000: (5, 20), 20_000: (6, 25), 100_000: (12, 50)}
"""Milliseconds, p50 and p99, by passages."""
SWITCHES = 60
MEGABYTE = 1024 * 1024


def run(*, full: bool = False) -> Iterator[Line]:
    """Measure small handbooks; `full` measures 10,000 documents and 100,000 passages too."""
    yield from _ingests(SMALL, again=0.05, changed=0.5)
    if full:
        yield from _ingests(LARGE, again=0.5, changed=5.0)
    for passages, goals in GOALS.items():
        if full or passages < max(GOALS):
            yield from _questions(passages, goals)
    yield from _switches()


# Ingests


def _ingests(documents: int, again: float, changed: float) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make(place / "warm", SECTIONS)
        _taken_in(place / "warm", place / "warm-data")
        folder, data = place / "handbook", place / "data"
        make(folder, documents * SECTIONS)
        time.sleep(2.1)  # so that the files' times tell a later change apart
        first, _, used = _taken_in(folder, data)
        yield Line(f"{documents} documents, first ingest", documents / first, "d/s", note=used)
        seconds, report, used = _taken_in(folder, data)
        yield Line("  again, nothing changed", seconds, "s", again, f"{report.embedded} embedded, {used}")
        yield Line("  the same, whole command", _command(folder, data), "s", 2 if documents == SMALL else None)
        _change(folder, documents // 100, "first")
        seconds, report, used = _taken_in(folder, data)
        note = f"{len(report.changed)} documents, {report.embedded} embedded, {used}"
        yield Line("  1 % changed", seconds, "s", changed, note)
        _change(folder, documents // 100, "second")
        yield Line("  the same, whole command", _command(folder, data), "s", 2 if documents == SMALL else None)


@cache
def _embedder() -> Embedder:
    """Return one embedder for all: a process that stays has loaded its tables."""
    return wiring.embedder(Settings())


def _taken_in(folder: Path, data: Path) -> tuple[float, Report, str]:
    """Take a folder in; return the seconds, the report, and in words how many seconds processors worked for it."""
    start, before = time.perf_counter(), os.times()
    report = ingest(Order(folder, data, ("all",)), _embedder())
    seconds, after = time.perf_counter() - start, os.times()
    return seconds, report, f"{sum(after[:4]) - sum(before[:4]):.2f} s of processors"


def _change(folder: Path, count: int, word: str) -> None:
    for file in sorted(folder.glob("*.md"))[:: max(len(list(folder.glob("*.md"))) // count, 1)][:count]:
        file.write_text(f"{file.read_text('utf-8')}\nThis is the {word} change.\n", "utf-8")


def _command(folder: Path, data: Path) -> float:
    start = time.perf_counter()
    _lotse(data, "ingest", str(folder)).wait()
    return time.perf_counter() - start


def _lotse(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    surroundings = {**os.environ, "LOTSE_DATA_DIR": str(data)}  # noqa: TID251 - of the process that it starts
    command = [sys.executable, "-m", "adapters.cli", *arguments]
    return subprocess.Popen(command, env=surroundings, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


# Questions


def _questions(passages: int, goals: tuple[float, float]) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder, data = place / "handbook", place / "data"
        make(folder, passages)
        memory = _building(folder, data)
        texts = _texts()
        served = json.loads(_serve(data).splitlines()[-1])
        yield Line(
            f"{passages} passages, question to answer, p50", served["p50"], "ms", goals[0], _beside(place, texts)
        )
        note = "of processors: p50 {:.1f} ms, p99 {:.1f} ms".format(*served["processor"])
        yield Line("  p99", served["p99"], "ms", goals[1], note)
        yield Line("  memory serving", served["memory"], "MB", 1200)
        yield Line("  memory building", memory, "MB", 2500)
        if passages == min(GOALS):
            yield from _meanwhile(folder, data)


def _texts() -> list[str]:
    return [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]


def _beside(place: Path, texts: Sequence[str]) -> str:
    tutorial = Tutorial(place / "handbook", place / "tutorial", wiring.embedder(Settings()))
    vectors, words = (quantile(ask(texts[:50]), 0.5) for ask in (tutorial.by_vectors, tutorial.by_words))
    return f"finding alone: tutorial {vectors:.1f} ms, BM25Retriever {words:.1f} ms"


def _building(folder: Path, data: Path) -> float:
    """Take a handbook in and return the largest resident size of the process that did it, in MB."""
    code = (
        "import sys; from pathlib import Path; from ingest.pipeline import ingest; from ingest.report import Order;"
        "from ingest.isolation.confinement import peak;"
        "from knowledge.embeddings import EmbedderConfig;"
        "ingest(Order(Path(sys.argv[1]), Path(sys.argv[2]), ('all',)), EmbedderConfig().embedder());"
        "print(peak())"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code, str(folder), str(data)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout) / MEGABYTE


def _serve(data: Path) -> str:
    """Ask in a process of its own, so that its memory is that of serving."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bench.serving", str(data)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def asker(data: Path) -> Handler:
    """Return a handler over a data folder."""
    return wiring.handler(Settings(data_dir=data))


def ask(handler: Handler, text: str) -> tuple[Answer, float]:
    """Return the answer to a question and the milliseconds that it took."""

    async def _ask() -> Answer:
        last = [event async for event in handler.handle(Question(text, Asker("bench", "", "")))][-1]
        assert isinstance(last, Answer)  # noqa: S101 - the handler's promise
        return last

    start = time.perf_counter()
    answer = asyncio.run(_ask())
    return answer, (time.perf_counter() - start) * 1000


def _meanwhile(folder: Path, data: Path) -> Iterator[Line]:
    """Ask while every document is ingested anew by a command of its own."""
    for file in folder.glob("*.md"):
        file.write_text(file.read_text("utf-8") + "\nAnd one more sentence.\n", "utf-8")
    handler = asker(data)
    texts = _texts()
    warm = [ask(handler, text)[1] for text in texts]
    command = _lotse(data, "ingest", str(folder))
    times: list[float] = []
    states: set[str] = set()
    errors = 0
    while command.poll() is None or len(times) < len(texts):
        try:
            answer, taken = ask(handler, texts[len(times) % len(texts)])
            states.add(answer.generation)
        except Exception:  # noqa: BLE001 - counted
            errors += 1
            continue
        times.append(taken)
    note = f"{len(times)} questions, {len(states - {''})} states, {quantile(warm, 0.5):.1f} ms before"
    yield Line("  questions during an ingest: errors", errors, "", 0, note)
    yield Line("  p50 meanwhile, times that before", quantile(times, 0.5) / quantile(warm, 0.5), "", 2)


# Switches


def _switches() -> Iterator[Line]:
    """Publish and follow 60 generations in one process; what it holds in the end must not have grown with them."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder, data = place / "handbook", place / "data"
        make(folder, 1_000)
        _taken_in(folder, data)
        _change(folder, 2, "first")
        _taken_in(folder, data)
        names = generations.history(data)
        handler = asker(data)
        held = []
        for turn in range(SWITCHES):
            generations.publish(data, names[turn % 2])
            ask(handler, "May I paste customer data into a tool?")
            if turn in (SWITCHES // 6, SWITCHES - 1):
                gc.collect()
                held.append((_resident(), len(os.listdir("/proc/self/fd")), threading.active_count()))  # noqa: PTH208
        (memory, handles, _), (later, more, threads) = held
    yield Line(
        f"{SWITCHES} generations in one process: memory grew by", later - memory, "MB", 100, f"to {later:.0f} MB"
    )
    yield Line("  file handles grew by", more - handles, "", 10, f"to {more}, {threads} threads")


def _resident() -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024 / MEGABYTE
