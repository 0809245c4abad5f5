"""Scenes: a chat server, a database, and what works between them, in this process or in others."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.database.memory import Memory, remember
from adapters.serving.health import Health
from adapters.serving.metrics import Metrics
from adapters.serving.server import Parts, Server
from bot.inbox import Limits
from tests.chats import Counter, Direct, FakePlatform, Saying

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from bot.ports import Ending, Entry, Platform, Responder, Task
    from tests.chats import Chat

ROOT = Path(__file__).parents[1]


async def until(happened: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 - what happens is not ours to signal
            await asyncio.sleep(0.01)


class Watching(Metrics):
    """Metrics that also remember."""

    def __init__(self) -> None:
        super().__init__()
        self.counter = Counter()

    def ended(self, task: Task, entry: Entry | None, ending: Ending, seconds: Mapping[str, float]) -> None:
        super().ended(task, entry, ending, seconds)
        self.counter.ended(task, entry, ending, seconds)

    def retried(self, platform: str, reason: str) -> None:
        super().retried(platform, reason)
        self.counter.retried(platform, reason)


@dataclass
class Scene:
    """A chat, and one replica that works on it."""

    chat: Chat
    memory: Memory
    health: Health
    metrics: Watching
    emptied: list[bool]

    @property
    def observer(self) -> Counter:
        """Return what was counted."""
        return self.metrics.counter

    async def answered(self, number: int, seconds: float = 30) -> dict[str, list[str]]:
        """Wait until so many questions have an answer and nothing is left to do; return what stands below each."""
        async with asyncio.timeout(seconds):
            await until(lambda: len(self.chat.answers()) >= number and not self.chat.waiting, seconds)
            while sum((await self.memory.inbox.depth()).values()):  # noqa: ASYNC110 - the database does not signal
                await asyncio.sleep(0.01)
        return self.chat.answers()


@asynccontextmanager
async def playing(
    chat: Chat,
    url: str,
    responder: Responder | None = None,
    platform: Platform | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[Scene]:
    """Run a replica on a chat, in this process."""
    memory = await remember(url)
    health, metrics, stop, emptied = Health(), Watching(), asyncio.Event(), list[bool]()
    parts = Parts(
        memory, responder or Saying(), limits or Limits(), health, metrics, lambda: "g1", lambda: emptied.append(True)
    )
    running = asyncio.create_task(Server([platform or FakePlatform(Direct(chat))], parts).run(stop))
    try:
        yield Scene(chat, memory, health, metrics, emptied)
    finally:
        stop.set()
        await running
        await memory.close()


class Replica:
    """A replica in a process of its own, that can be killed."""

    def __init__(
        self, url: str, server: int | str, *given: str, pause: float = 0.02, module: str = "tests.replica"
    ) -> None:
        self._command = (sys.executable, "-m", module, url, str(server), str(pause), *given)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=environment)

    async def stop(self, *, hard: bool = False) -> None:
        """Kill it, or tell it to stop and wait for that."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL if hard else signal.SIGTERM)
            await asyncio.to_thread(self._process.wait, 60)
            self._process = None
