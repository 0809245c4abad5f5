"""Run every platform with its worker until told to stop; then take in nothing new and let what runs finish."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.database.replicas import PERIOD
from adapters.serving.desk import InboxDesk
from adapters.serving.watchdog import Watchdog, forever
from bot.errors import Unavailable
from bot.inbox import Worker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from adapters.database.memory import Memory
    from adapters.serving.health import Health
    from adapters.serving.metrics import Metrics
    from bot.inbox import Limits
    from bot.ports import Ending, Entry, Platform, Responder, Task

SWEEP = 300.0
"""Seconds between two sweeps of what is past its time."""
GRACE = 10.0
"""Seconds for which a worker may take to give back what did not end within the limit of a stop."""
FOLLOW = 5.0
"""Seconds between two looks for a new generation."""
_log = logging.getLogger("lotse.server")


@dataclass(frozen=True, slots=True)
class Both:
    """Health and metrics as one Observer."""

    health: Health
    metrics: Metrics

    def ended(self, task: Task, entry: Entry | None, ending: Ending, seconds: Mapping[str, float]) -> None:
        """Note how a message ended."""
        self.health.ended(task, entry, ending, seconds)
        self.metrics.ended(task, entry, ending, seconds)

    def retried(self, platform: str, reason: str) -> None:
        """Note that something is tried again."""
        self.health.retried(platform, reason)
        self.metrics.retried(platform, reason)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a server is made of. `follow` looks for a new generation and returns the name of the one that answers.

    `forget` empties what is held in memory of questions, because somebody was forgotten; `tidy` does with every sweep what
    the database has no part in.
    """

    memory: Memory
    responder: Responder
    limits: Limits
    health: Health
    metrics: Metrics
    follow: Callable[[], str]
    forget: Callable[[], None] = lambda: None
    tidy: Callable[[], Awaitable[None]] | None = None


class Server:
    """All that runs in one process."""

    def __init__(self, platforms: Sequence[Platform], parts: Parts) -> None:
        self._parts = parts
        memory, observer = parts.memory, Both(parts.health, parts.metrics)
        self._workers = {
            platform.name: Worker(platform, memory.inbox, memory.outbox, parts.responder, observer, parts.limits)
            for platform in platforms
        }
        self._platforms, self._forgettings = platforms, b""
        for platform in platforms:
            parts.health.of(platform.name)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set."""
        basis = [self._start("beat", self._beat), self._start("sweep", self._sweep)]
        basis += [self._start("follow", self._follow), asyncio.create_task(Watchdog().run())]
        workers = [self._working(name, worker) for name, worker in self._workers.items()]
        listeners = [self._start(f"platform {p.name}", self._listening(p)) for p in self._platforms]
        _log.info(
            "serving",
            extra={"platforms": [p.name for p in self._platforms], "replica": self._parts.memory.replicas.name},
        )
        await stop.wait()
        _log.info("stopping")
        self._parts.health.stopping = True
        await _cancel(listeners)
        with suppress(Unavailable):  # another replica listens while this one still finishes what it has
            await self._parts.memory.replicas.give_up()
        await self._wind_down(workers)
        await asyncio.gather(*(platform.close() for platform in self._platforms), return_exceptions=True)
        await _cancel(basis)
        with suppress(Unavailable):
            await self._parts.memory.replicas.leave()
        _log.info("stopped")

    def _start(self, name: str, run: Callable[[], Awaitable[object]]) -> asyncio.Task[None]:
        return asyncio.create_task(forever(name, run), name=name)

    @staticmethod
    def _working(platform: str, worker: Worker) -> asyncio.Task[None]:
        return asyncio.create_task(forever(f"worker {platform}", worker.run, lambda: worker.stopping))

    def _listening(self, platform: Platform) -> Callable[[], Awaitable[object]]:
        parts = self._parts
        memory, worker = parts.memory, self._workers[platform.name]
        desk = InboxDesk(memory.inbox, memory.replicas, worker, platform.name, parts.health, parts.metrics)
        return lambda: platform.listen(desk)

    async def _wind_down(self, workers: Sequence[asyncio.Task[None]]) -> None:
        """Let what is in work end; each worker gives the rest back at its limit."""
        for worker in self._workers.values():
            worker.stop()
        if workers:
            await asyncio.wait(workers, timeout=self._parts.limits.stop + GRACE)
        await _cancel(workers)

    async def _beat(self) -> None:
        while True:
            try:
                if freed := await self._parts.memory.replicas.beat():
                    _log.warning("took over", extra={"messages": freed})
                    for worker in self._workers.values():
                        worker.wake()
                self._parts.health.beat()
                await self._heed()
            except Unavailable as error:
                _log.warning("database unavailable", extra={"reason": error.reason})
            await asyncio.sleep(PERIOD)

    async def _heed(self) -> None:
        """Empty what is held in memory when somebody was forgotten, by whichever process."""
        mark = await self._parts.memory.people.forgettings()
        if mark != self._forgettings:
            self._forgettings = mark
            self._parts.forget()

    async def _sweep(self) -> None:
        while True:
            with suppress(Unavailable):
                await self._parts.memory.sweeper.sweep()
                if self._parts.tidy:
                    await self._parts.tidy()
            await asyncio.sleep(SWEEP)

    async def _follow(self) -> None:
        while True:
            name = await asyncio.to_thread(self._parts.follow)
            if name != self._parts.health.generation:
                _log.info("generation", extra={"generation": name})
            self._parts.health.generation = name
            await asyncio.sleep(FOLLOW)


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
