"""What becomes of messages when Lotse is killed, flooded, cut off from its database or its platform."""

from __future__ import annotations

import asyncio
import io
import logging
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from adapters.database.connection import url_of
from adapters.database.tables import journal
from adapters.serving import logs
from bench.table import Line, quantile
from tests.chats import Chat, Direct, FakePlatform, Saying, message
from tests.faults import drills
from tests.postgres import Postgres, binaries
from tests.scenes import playing, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.drills import Toll
    from tests.scenes import Scene

ONE_IN_A_HUNDRED = 0.01
MARK = "xylophonequartz"
"""A word that stands in every text, name and id of the long run, and may stand nowhere else."""


def run(full: bool) -> Iterator[Line]:  # noqa: FBT001 - as every part of the bench is called
    """Do Lotse all the harm that it must survive, on each database that is here."""
    with tempfile.TemporaryDirectory() as place:
        number = iter(range(1000))
        yield from _on("SQLite", lambda: url_of("", _folder(Path(place) / str(next(number)))), full=full)
        yield from _sqlite(lambda: url_of("", _folder(Path(place) / str(next(number)))), full=full)
        yield from _long(url_of("", _folder(Path(place) / "long")), 10_000 if full else 1_000)
    if binaries() is None:
        yield Line("PostgreSQL is not installed: not measured", 1, "", 0)
        return
    server = Postgres()
    server.start()
    try:
        yield from _on("PostgreSQL", lambda: url_of(server.database(), Path()), full=full)
        yield from _restart(server)
    finally:
        server.remove()


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


def _on(name: str, url: Callable[[], str], *, full: bool) -> Iterator[Line]:
    """Do what both databases have to stand."""
    times = 100 if full else 10
    for replicas in (1, 2):
        for tells in (True, False):
            toll = asyncio.run(drills.kills(url(), times, replicas, tells=tells))
            what = f"{name}, {replicas} replica{'s' * (replicas > 1)}, {times} kills"
            yield from _counted(what, toll, 0 if tells else ONE_IN_A_HUNDRED, "can be found" if tells else "cannot")
    questions = 1000 if full else 200
    toll = asyncio.run(drills.triples(url(), questions))
    yield from _counted(f"{name}, each three times, two replicas, restart", toll)
    yield from _rush(name, url(), questions)
    yield from _outage(f"{name}, platform refuses", url(), drills.refusing(60 if full else 15), full=full)
    yield from _outage(f"{name}, clock set back an hour", url(), drills.set_back, full=full, red=False)
    toll = asyncio.run(drills.muddle(url(), 500 if full else 100))
    yield from _counted(f"{name}, edits, deletions, clicks", toll)


def _counted(what: str, toll: Toll, twice: float = 0.0, note: str = "") -> Iterator[Line]:
    yield Line(f"{what}: lost", toll.lost, "", 0, f"of {toll.asked} {note}")
    yield Line(f"{what}: answered twice", toll.twice / toll.asked, "", twice, f"{toll.twice} of {toll.asked}")
    yield Line(f"{what}: confused", toll.confused, "", 0)


def _rush(name: str, url: str, questions: int) -> Iterator[Line]:
    rush = asyncio.run(drills.rush(url, questions))
    what = f"{name}, {questions} at once"
    yield from _counted(what, rush.toll)
    note = f"p50 {1000 * quantile(rush.acknowledged, 0.5):.0f}"
    yield Line(f"{what}: acknowledged, p99", 1000 * quantile(rush.acknowledged, 0.99), "ms", 500, note)
    note = f"p50 {1000 * quantile(rush.overhead, 0.5):.0f}; {questions / rush.seconds:.0f} a second"
    yield Line(f"{what}: overhead, p99", 1000 * quantile(rush.overhead, 0.99), "ms", 50, note)


def _outage(what: str, url: str, harm: drills.Harm, *, full: bool, red: bool = True) -> Iterator[Line]:
    toll = asyncio.run(drills.outage(url, harm, 50 if full else 20))
    yield from _counted(what, toll)
    yield Line(f"{what}: recovered", toll.seconds, "s", 30)
    if red:
        yield Line(f"{what}: health stayed green", float(not toll.red), "", 0)


def _sqlite(url: Callable[[], str], *, full: bool) -> Iterator[Line]:
    """Do what happens to files."""
    seconds = 30 if full else 13
    yield from _outage("SQLite, locked", url(), drills.locked(seconds), full=full)
    yield from _outage("SQLite, disk full", url(), drills.full(seconds), full=full)


def _restart(server: Postgres) -> Iterator[Line]:
    """Let PostgreSQL die and come back."""

    async def _harm(_scene: Scene) -> None:
        await asyncio.to_thread(server.stop, hard=True)
        await asyncio.sleep(12)
        await asyncio.to_thread(server.start)

    yield from _outage("PostgreSQL, killed and restarted", url_of(server.database(), Path()), _harm, full=False)


def _long(url: str, questions: int) -> Iterator[Line]:
    """Ask many questions, and look at what grows, and at what was written where it does not belong."""
    written = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:]
    logs.configure("debug", written)
    try:
        yield from asyncio.run(_asked(url, questions, written))
    finally:
        root.handlers[:] = before


async def _asked(url: str, questions: int, written: io.StringIO) -> list[Line]:
    chat, started = Chat(), time.perf_counter()
    async with playing(chat, url, Saying(), FakePlatform(Direct(chat))) as scene:
        sizes: list[tuple[float, int]] = []
        for number in range(questions):
            asked = message(number, f"{MARK}-{number % 200}", text=f"May {MARK}@company.example ask {number}?")
            chat.say(asked)
            if number % (questions // 10) == questions // 10 - 1:
                await until(lambda number=number: len(chat.answers()) > number, 600)  # type: ignore[misc]
                sizes.append((drills.resident(), drills.open_files()))
        await scene.answered(questions, 600)
        page = scene.metrics.page({}, scene.health.silence(), None).decode()
        async with scene.memory.database.reading() as connection:
            entries = str((await connection.execute(select(journal))).all())
    file = Path(url.partition(":///")[2])
    size = sum(each.stat().st_size for each in file.parent.glob("lotse.db*")) / 1e6
    slips = sum(text.count(MARK) for text in (written.getvalue(), page, entries))
    what = f"{questions} questions"
    rate = questions / (time.perf_counter() - started)
    return [
        Line(
            f"{what}: memory, last tenth against the second",
            sizes[-1][0] - sizes[1][0],
            "MB",
            60,
            f"{sizes[-1][0]:.0f} MB",
        ),
        Line(f"{what}: open files, the same", sizes[-1][1] - sizes[1][1], "", 4, f"{sizes[-1][1]}"),
        Line(f"{what}: database, a question", 1000 * size / questions, "kB", 10, f"{size:.1f} MB; {rate:.0f} a second"),
        Line(
            f"{what}: texts, names or ids in log, metrics, journal",
            slips,
            "",
            0,
            f"{len(written.getvalue()) // 1000} kB of log",
        ),
    ]
