"""Where a platform hands in what it received: written down, counted, and the worker woken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.serving.health import Health
    from adapters.serving.metrics import Metrics
    from bot.inbox import Worker
    from bot.messages import Message
    from bot.ports import Inbox, Replicas


class InboxDesk:
    """Implements the core's Desk for one platform."""

    def __init__(  # noqa: PLR0913, PLR0917 - one for each port
        self, inbox: Inbox, replicas: Replicas, worker: Worker, platform: str, health: Health, metrics: Metrics
    ) -> None:
        self._inbox, self._replicas, self._worker = inbox, replicas, worker
        self._platform, self._health, self._metrics = platform, health, metrics

    async def receive(self, message: Message) -> bool:
        """Write a message down; False if it was there before. Raises Unavailable."""
        with self._worker.receiving():
            fresh = await self._inbox.receive(message)
        self._metrics.received(message, fresh=fresh)
        self.heard()
        self._worker.wake()
        return fresh

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
