"""What the tests of the inbox stand on: both databases, a chat server, and a worker between them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from adapters.database.connection import url_of
from adapters.database.memory import Memory, remember
from bot.inbox import Limits, Worker
from tests.chats import Chat, Counter, Direct, FakePlatform, Saying
from tests.postgres import Postgres, binaries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from bot.messages import Message
    from bot.ports import Platform, Responder

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, absent: Callable[[str], NoReturn]) -> Iterator[Postgres]:
    """Run a real PostgreSQL."""
    if binaries() is None:
        absent("PostgreSQL is not installed (Debian: the package postgresql)")
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.stop(hard=True)


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return url_of("", tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return url_of(server.database(), Path())


@pytest.fixture
async def memory(url: str) -> AsyncIterator[Memory]:
    """Return an open database."""
    opened = await remember(url)
    yield opened
    await opened.close()


@dataclass
class Reception:
    """A Desk that writes into the inbox and wakes the worker."""

    memory: Memory
    worker: Worker
    heard_from: list[bool] = field(default_factory=list)

    async def receive(self, message: Message) -> bool:
        fresh = await self.memory.inbox.receive(message)
        self.worker.wake()
        return fresh

    def heard(self, *, well: bool = True) -> None:
        self.heard_from.append(well)


@dataclass
class Scene:
    """A chat, and one replica that works on it."""

    chat: Chat
    memory: Memory
    observer: Counter
    worker: Worker

    async def answered(self, number: int, seconds: float = 20) -> dict[str, list[str]]:
        """Wait until so many questions have an answer, and return what stands below each."""
        async with asyncio.timeout(seconds):
            await until(lambda: len(self.chat.answers()) >= number and not self.chat.waiting)
            while sum((await self.memory.inbox.depth()).values()):  # noqa: ASYNC110 - the database does not signal
                await asyncio.sleep(0.01)
        return self.chat.answers()


async def until(happened: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 - what happens is not ours to signal
            await asyncio.sleep(0.01)


@asynccontextmanager
async def playing(
    chat: Chat,
    url: str,
    responder: Responder | None = None,
    platform: Platform | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[Scene]:
    """Run a replica on a chat."""
    memory = await remember(url)
    platform = platform or FakePlatform(Direct(chat))
    observer = Counter()
    worker = Worker(platform, memory.inbox, memory.outbox, responder or Saying(), observer, limits)
    running = asyncio.create_task(worker.run())
    listening = asyncio.create_task(platform.listen(Reception(memory, worker)))
    beating = asyncio.create_task(beat(memory))
    try:
        yield Scene(chat, memory, observer, worker)
    finally:
        listening.cancel()
        worker.stop()
        await running
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        await memory.close()


async def beat(memory: Memory) -> None:
    """Let the replica live."""
    while True:
        await memory.replicas.beat()
        await asyncio.sleep(0.2)
