"""Drills: each does Lotse some harm and returns what came of it. The tests run them small, the bench in full."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import time
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url

from bot.inbox import Limits
from bot.messages import Kind
from tests.chats import Chat, Direct, FakePlatform, Saying, message, serve
from tests.scenes import Replica, playing, until

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.scenes import Scene

Harm = Callable[["Scene"], Coroutine[object, object, None]]
"""Something that puts Lotse out of order for as long as it lasts."""
QUEUED = 20
"""Questions that wait when a replica is killed."""
PAUSE = 0.1
"""Seconds that an answer takes: between quoting, which takes a tenth of it, and a model, which takes twenty times as long."""


@dataclass(frozen=True, slots=True)
class Toll:
    """What a drill cost: questions asked, without an answer, with more than one, answered to something else."""

    asked: int
    lost: int = 0
    twice: int = 0
    confused: int = 0
    seconds: float = 0.0
    red: bool = True


def toll(chat: Chat, asked: int) -> Toll:
    """Count what stands in a chat."""
    answers = chat.answers()
    twice = sum(number > 1 for place, number in chat.posts().items() if place.endswith("/1"))
    confused = sum(not text[0].startswith(f"{question}.") for question, text in answers.items())
    return Toll(asked, asked - len(answers), twice, confused)


async def kills(url: str, times: int, replicas: int, *, tells: bool, seed: int = 1) -> Toll:
    """Kill a replica so many times, each at a random moment of the time that QUEUED questions take to be answered."""
    chance, chat = random.Random(seed), Chat()  # noqa: S311 - a drill, no secret
    chat.failures.tells = tells
    server, port = await serve(chat)
    crew = [Replica(url, port, pause=PAUSE) for _ in range(replicas)]
    for each in crew:
        each.start()
    await until(lambda: chat.fetched, 60)
    _ask(chat)
    lasting = await _answered(chat)
    for number in range(times):
        _ask(chat)
        victim = crew[number % replicas]
        await asyncio.sleep(chance.uniform(0.0, lasting))
        await victim.stop(hard=True)
        victim.start()
        await _answered(chat)
    await asyncio.sleep(0.5)
    for each in crew:
        await each.stop()
    server.close()
    return toll(chat, len(chat.asked_at))


def _ask(chat: Chat) -> None:
    asked = len(chat.asked_at)
    for number in range(asked, asked + QUEUED):
        chat.say(message(number, f"C{number % 50}"))


async def _answered(chat: Chat) -> float:
    """Wait until all is answered and return how long that took, in seconds."""
    started = time.perf_counter()
    await until(lambda: len(chat.answers()) == len(chat.asked_at), 120)
    return time.perf_counter() - started


async def triples(url: str, questions: int) -> Toll:
    """Deliver each message three times, as two kinds of event, to two replicas, with a restart between."""
    chat = Chat()
    server, port = await serve(chat)
    crew = [Replica(url, port, pause=0.0) for _ in range(2)]
    for each in crew:
        each.start()
    for number in range(questions):
        chat.say(message(number), times=2)
        if number == questions // 2:
            await until(lambda: len(chat.answers()) > questions // 8, 120)
            await crew[0].stop(hard=True)
            crew[0].start()
    await until(lambda: len(chat.answers()) >= questions and not chat.waiting, 300)
    for number in range(questions):
        chat.say(message(number, context="the same, as a mention"))
    await until(lambda: not chat.waiting, 300)
    await asyncio.sleep(1)
    for each in crew:
        await each.stop()
    server.close()
    return toll(chat, questions)


@dataclass(frozen=True, slots=True)
class Rush:
    """How long each of many questions at once took, in seconds: to be acknowledged, and beyond its answer and its wait."""

    toll: Toll
    acknowledged: list[float]
    overhead: list[float]
    seconds: float


async def rush(url: str, questions: int, pause: float = 0.02) -> Rush:
    """Ask many questions at once."""
    chat, started = Chat(), time.perf_counter()
    async with playing(chat, url, Saying(pause), FakePlatform(Direct(chat), batch=questions)) as scene:
        await until(lambda: scene.health.ready)
        for number in range(questions):
            chat.say(message(number))
        await scene.answered(questions, 600)
        seconds = time.perf_counter() - started
        acknowledged = [chat.acknowledged[name] - asked for name, asked in chat.asked_at.items()]
        overhead = [spent["total"] - pause for ending, spent in scene.observer.endings]
    return Rush(toll(chat, questions), acknowledged, overhead, seconds)


async def outage(url: str, harm: Harm, questions: int = 20) -> Toll:
    """Ask before, while and after something is out of order for as long as `harm` lasts; say how soon all is answered."""
    chat = Chat()
    red: list[float] = []
    async with playing(chat, url, Saying(0.05)) as scene:
        await until(lambda: scene.health.ready)
        for number in range(questions):
            chat.say(message(number))
        watching = asyncio.create_task(_watch(scene, red))
        harming = asyncio.create_task(harm(scene))
        for number in range(questions, 2 * questions):
            chat.say(message(number))
            await asyncio.sleep(0.05)
        await harming
        over = time.monotonic()
        for number in range(2 * questions, 3 * questions):
            chat.say(message(number))
        await scene.answered(3 * questions, 120)
        await until(lambda: scene.health.ready, 60)
        seconds = time.monotonic() - over
        watching.cancel()
    return replace(toll(chat, 3 * questions), seconds=seconds, red=bool(red))


async def _watch(scene: Scene, red: list[float]) -> None:
    while True:
        if not scene.health.ready:
            red.append(time.monotonic())
        await asyncio.sleep(0.1)


def locked(seconds: float) -> Harm:
    """Lock the SQLite file, as a backup program or an administrator might."""

    def _lock(file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            other.execute("ROLLBACK")

    async def _harm(scene: Scene) -> None:
        await asyncio.to_thread(_lock, Path(make_url(str(scene.memory.database.engine.url)).database or ""))

    return _harm


def full(seconds: float) -> Harm:
    """Let SQLite find no room for another page, which is how it meets a full disk."""

    async def _harm(_: Scene) -> None:
        limit = ["1"]

        def _limit(connection: Connection) -> None:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"PRAGMA max_page_count={limit[0]}")

        event.listen(Engine, "begin", _limit)  # whichever of Lotse's connections writes
        await asyncio.sleep(seconds)
        limit[0] = "1073741823"

    return _harm


def refusing(seconds: float) -> Harm:
    """Let the platform take nothing."""

    async def _harm(scene: Scene) -> None:
        scene.chat.failures.closed = True
        await asyncio.sleep(seconds)
        scene.chat.failures.closed = False

    return _harm


async def set_back(scene: Scene) -> None:
    """Let the clock have been an hour ahead until now: all that was written down bears a time to come."""
    async with scene.memory.database.writing() as connection:
        for column in ("written", "received", "finished", "expires"):
            moved = (
                f"{column} = datetime({column}, '+1 hour')"
                if scene.memory.database.sqlite
                else f"{column} = {column} + interval '1 hour'"
            )
            await connection.execute(text(f"UPDATE inbox SET {moved} WHERE {column} IS NOT NULL"))  # noqa: S608 - fixed names


async def muddle(url: str, conversations: int, seed: int = 1) -> Toll:
    """Ask, edit, delete, click and ask again in quick succession; what stands in the end must be what was said last."""
    chance, chat = random.Random(seed), Chat()  # noqa: S311 - a drill, no secret
    said: dict[str, str | None] = {}
    async with playing(chat, url, Saying(0.01), limits=Limits(answering=8)) as scene:
        for turn in range(4):
            for number in range(conversations):
                _say(chance, chat, said, turn, number)
            await asyncio.sleep(chance.uniform(0, 0.1))
        wanted = {name: words for name, words in said.items() if words is not None}
        await scene.answered(0, 300)
        await until(lambda: not chat.waiting, 60)
        await scene.answered(len(wanted), 300)
    answers = chat.answers()
    confused = sum(answers.get(name) != [f"{name}.{words}"] for name, words in wanted.items())
    lost = len(wanted.keys() - answers.keys())
    return Toll(
        len(said),
        lost,
        sum(len(texts) > 1 for texts in answers.values()),
        confused + len(answers.keys() - wanted.keys()),
    )


def _say(chance: random.Random, chat: Chat, said: dict[str, str | None], turn: int, number: int) -> None:
    """Do one thing in one conversation."""
    name, conversation = f"q{number}-{turn}", f"C{number}"
    fresh = replace(message(number, conversation), id=name)
    earlier = f"q{number}-{turn - 1}"
    written = "click" not in (said.get(earlier) or "click")  # what was clicked is neither edited nor deleted
    deed = chance.choice(("ask", "ask", "edit", "delete", "click")) if written else "ask"
    if deed == "edit":
        chat.say(replace(fresh, id=earlier, revision=turn, text=f"Edited {turn}?"), times=2)
        said[earlier] = f"{turn}: You asked: Edited {turn}?"
    elif deed == "delete":
        chat.say(replace(fresh, id=earlier, kind=Kind.DELETION, text=""))
        said[earlier] = None
    else:
        kind = Kind.CLICK if deed == "click" else Kind.MESSAGE
        chat.say(replace(fresh, kind=kind, text=f"{deed} {turn}?", about=earlier), times=2)
        said[name] = f"0: You asked: {deed} {turn}?"


def resident() -> float:
    """Return this process's memory in megabytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files() -> int:
    """Return how many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))
