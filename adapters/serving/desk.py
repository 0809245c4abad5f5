"""Where a platform hands in what it received: written down, counted, and the worker woken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from adapters.serving.health import Health
    from adapters.serving.metrics import Metrics
    from bot.inbox import Worker
    from bot.messages import Message
    from bot.ports import Inbox, Replicas

PRESSES = 50
"""Times that one button can be pressed by one person."""


class InboxDesk:
    """Implements the core's Desk for one platform."""

    def __init__(  # noqa: PLR0913, PLR0917 - one for each port
        self, inbox: Inbox, replicas: Replicas, worker: Worker, platform: str, health: Health, metrics: Metrics
    ) -> None:
        self._inbox, self._replicas, self._worker = inbox, replicas, worker
        self._platform, self._health, self._metrics = platform, health, metrics

    async def receive(self, message: Message) -> bool:
        """Write a message down; False if it was there before. Raises Unavailable."""
        return await self._received(message, self._inbox.receive)

    async def revise(self, message: Message) -> bool:
        """Write an edit down; False if it was there before, or says what was said before. Raises Unavailable."""
        return await self._received(message, self._inbox.revise)

    async def _received(self, message: Message, write: Callable[[Message], Awaitable[bool]]) -> bool:
        try:
            with self._worker.receiving():
                fresh = await write(message)
        except Unavailable:
            self._health.missed()
            raise
        except Exception:
            self._metrics.retried(self._platform, "unwritable")
            raise
        self._metrics.received(message, fresh=fresh)
        self.heard()
        self._worker.wake()
        return fresh

    async def press(self, message: Message) -> bool:
        """Write a press down; False if the same one is in work or its answer stands. Raises Unavailable."""
        for number in range(PRESSES):
            again = replace(message, id=f"{message.id}/{number}") if number else message
            if await self.receive(again):
                return True
            if not await self._inbox.spent(again, self._health.generation):
                return False
        return False

    async def asked(self, message: Message) -> bool:
        """Say whether the same person asked a message of this id in this place before. Raises Unavailable."""
        return await self._inbox.asked(message)

    async def answered(self, message: Message) -> bool:
        """Say whether the same person was answered to a message of this id in this place. Raises Unavailable."""
        return await self._inbox.answered(message)

    async def take(self, duty: str) -> bool:
        """Take a duty that only one replica may have at a time. Raises Unavailable."""
        return await self._replicas.take(duty)

    def heard(self, *, well: bool = True, reason: str = "") -> None:
        """Note that the platform's server was heard from, or why it could not be worked with."""
        self._health.heard(self._platform, well=well, reason=reason)
