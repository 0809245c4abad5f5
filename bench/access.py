"""Who gets in, what is counted, what is left of somebody who was forgotten, what leaves this machine."""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from adapters.database import tables
from adapters.database.connection import url_of
from adapters.database.memory import remember
from bench.table import Line
from bot import journal
from bot.access import Denied, decide
from bot.errors import Unavailable
from bot.limits import DAY, Allowance, Limits
from bot.messages import Answer, Message, Place
from bot.pairing import ALPHABET, SECRET, Redemption, issue, redeem
from bot.ports import Ending
from bot.senders import Account, Membership
from tests.bot.test_access import POLICY, SPOOFS
from tests.fakes import CodeBox
from tests.faults.crowds import told
from tests.faults.door import POLICY as CHATS
from tests.faults.door import Door, Rules, handbook
from tests.postgres import Postgres, binaries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.database.memory import Memory
    from bot.handler import Handler

GUESSES = 100_000
QUESTIONS = 50
ALLOWED = 200
FEW = (1, 2, 3, 4)
"""People whose figures are too small to be shown."""
CANARY = Account("fake", "W1", "U0CANARY42")
TRACES = ("U0CANARY42", "D0CANARYROOM", "canary.bird@firm.example", "Zilpzalp", "ornithology")


def run() -> Iterator[Line]:
    """Try all of it, on PostgreSQL too where it is installed."""
    yield _spoofs()
    yield asyncio.run(_guesses())
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        handler = stack.enter_context(handbook(place / "knowledge"))
        yield from _on("SQLite", url_of("", place / "sqlite"), handler, place / "sqlite")
        yield from _figures("SQLite", [url_of("", _folder(place / f"figures-{few}")) for few in FEW], handler)
        if binaries():
            server = Postgres()
            stack.callback(server.remove)
            server.start()
            yield from _on("PostgreSQL", url_of(server.database(), place), handler, None)
            yield from _figures("PostgreSQL", [url_of(server.database(), place) for _ in FEW], handler)
        yield _connections(place)


def _spoofs() -> Line:
    decisions = [decide(POLICY, account, origin, frozenset()) for account, origin in SPOOFS.values()]
    through = sum(not isinstance(decision, Denied) and decision.admin for decision in decisions)
    return Line("spoofed admins let through", through, "", 0, f"of {len(SPOOFS)}")


async def _guesses() -> Line:
    """Guess at fifty open invitations whose names are known, by somebody whom no limit holds back."""
    now = datetime.now(UTC)
    box = CodeBox(*(issue(now)[1] for _ in range(50)))
    names, paired = list(box.kept), 0
    for number in range(GUESSES):
        guess = names[number % 50] + "".join(secrets.choice(ALPHABET) for _ in range(SECRET))
        paired += (await redeem(guess, box, now))[0] is Redemption.PAIRED
    return Line("guessed codes that let somebody in", paired, "", 0, f"of {GUESSES:,}")


def _on(name: str, url: str, handler: Handler, folder: Path | None) -> Iterator[Line]:
    yield _limits(name, url)
    known, rows, traces = asyncio.run(_canary(url, handler, folder))
    note = f"{known:,} before; {QUESTIONS} questions, /forget, sweep"
    yield Line(f"{name}: rows that know a forgotten person", rows, "", 0, note)
    if folder is not None:
        yield Line(f"{name}: traces in the files", traces, "", 0, "while the database is open, its log included")


def _folder(place: Path) -> Path:
    place.mkdir()
    return place


def _figures(name: str, urls: Sequence[str], handler: Handler) -> Iterator[Line]:
    """Let fewer than five people ask and judge, each time on a fresh database, and look where it can be seen."""
    seen = Counter[str]()
    for people, url in zip(FEW, urls, strict=True):
        seen.update(asyncio.run(told(url, handler, people)))
    for place in ("report", "metrics", "journal", "export"):
        yield Line(f"{name}: figures over fewer than five people in the {place}", seen[place], "", 0)


def _limits(name: str, url: str) -> Line:
    """Let two processes ask at once for more than is allowed."""
    asyncio.run(_prepare(url))
    command = (sys.executable, "-c", _TAKE, url, str(ALLOWED))
    replicas = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]  # noqa: S603 - this file's own words
    taken = sum(int(replica.communicate()[0]) for replica in replicas)
    return Line(f"{name}: limit of {ALLOWED} over two replicas, off by", abs(taken - ALLOWED), "", 1, f"{taken} let in")


async def _prepare(url: str) -> None:
    await (await remember(url)).close()


async def _opened(url: str) -> Memory:
    """Open a database in which another process writes without a pause."""
    while True:
        try:
            return await remember(url)
        except Unavailable:
            await asyncio.sleep(1)


async def take(url: str, allowed: int) -> int:
    """Take as many as are allowed, ten at a time, and return how many were."""
    memory = await _opened(url)
    limit = Allowance("bench", "everyone", allowed, DAY)
    taken = 0
    for _ in range(allowed // 10):
        asked = (memory.counter.take([limit], datetime.now(UTC)) for _ in range(10))
        taken += (await asyncio.gather(*asked)).count(None)
    await memory.close()
    return taken


_TAKE = "import asyncio, sys; from bench.access import take; print(asyncio.run(take(sys.argv[1], int(sys.argv[2]))))"


async def _canary(url: str, handler: Handler, folder: Path | None) -> tuple[int, int, int]:
    """Let the canary ask and be forgotten. Return how many traces rows hold before and after, and files after."""
    memory = await remember(url)
    door = Door(memory, handler, Rules(replace(CHATS, limits=Limits(person_minute=1000))))
    for number in range(QUESTIONS):
        await _asked(memory, door, number, f"May Zilpzalp of ornithology, canary.bird@firm.example, paste {number}?")
    person = await memory.people.find(CANARY)
    lookup = memory.hashes.account(CANARY.platform, CANARY.workspace, CANARY.user)
    traces = (*TRACES, person.pseudonym, lookup, lookup[:32])
    before = await _rows(memory, traces)
    await _asked(memory, door, QUESTIONS, "/forget yes")
    await memory.sweeper.sweep()
    after = await _rows(memory, traces)
    found = await asyncio.to_thread(_in_files, folder, traces) if folder else 0
    await memory.close()
    return before, after, found


def _in_files(folder: Path, traces: tuple[str, ...]) -> int:
    """Return how many traces the files of a folder hold."""
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return sum(trace.encode() in content for content in contents for trace in traces)


async def _rows(memory: Memory, traces: tuple[str, ...]) -> int:
    """Return how many traces the rows of all tables hold."""
    async with memory.database.reading() as connection:
        rows = [str(row) for table in tables.metadata.sorted_tables for row in await connection.execute(select(table))]
    return sum(trace in row for row in rows for trace in traces)


async def _asked(memory: Memory, door: Door, number: int, text: str) -> None:
    """Bring one message through the inbox, the door and the outbox."""
    place = Place("fake", "W1", "D0CANARYROOM", private=True)
    now = datetime.now(UTC)
    member = Membership.MEMBER
    await memory.inbox.receive(Message(place, f"q{number}", CANARY.user, text, now, home="W1", membership=member))
    for task in await memory.inbox.claim("fake", 1):
        events = [event async for event in door.reception.respond(task)]
        answer = events[-1]
        if isinstance(answer, Answer):
            noted = journal.entry(task, answer, 1, late=False, error="")
            await memory.outbox.keep(task, journal.kept(answer, [answer.text], noted))
        await memory.outbox.finish(task, Ending.ANSWERED)


def _connections(place: Path) -> Line:
    """Ask, and check a text, without a key, and count every way out of this machine that is tried."""
    (place / "text.txt").write_text("Write to canary.bird@firm.example.", "utf-8")
    commands = (["ingest", "--starter"], ["ask", "May I use DeepL?"], ["check-text", str(place / "text.txt")])
    tried: list[str] = []
    for command in commands:
        done = subprocess.run(  # noqa: S603 - this file's own words
            (sys.executable, "-c", _WATCHED, json.dumps(command)),
            cwd=place,
            env={"PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode > 1:
            raise RuntimeError(done.stderr)
        tried += [line for line in done.stderr.splitlines() if line.startswith("way out: ")]
    return Line("ways out of this machine without a key", len(tried), "", 0, f"{len(commands)} commands")


_WATCHED = """
import ipaddress, json, sys
def watch(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}:
        host = arguments[0] if event.startswith("socket.get") else arguments[-1]
        host = host[0] if isinstance(host, tuple) else host
        if isinstance(host, str) and host not in {"", "localhost", "127.0.0.1", "::1"} and not host.startswith("/"):
            print("way out:", event, host, file=sys.stderr)
sys.addaudithook(watch)
from adapters.cli import main
sys.exit(main(json.loads(sys.argv[1])))
"""
