"""Where a platform hands in what it received: written down, counted, and the worker woken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.serving.health import Health
    from adapters.serving.metrics import Metrics
    from bot.inbox import Worker
    from bot.messages import Message
    from bot.ports import Inbox


class InboxDesk:
    """Implements the core's Desk for one platform."""

    def __init__(self, inbox: Inbox, worker: Worker, platform: str, health: Health, metrics: Metrics) -> None:
        self._inbox, self._worker, self._platform = inbox, worker, platform
        self._health, self._metrics = health, metrics

    async def receive(self, message: Message) -> bool:
        """Write a message down; False if it was there before. Raises Unavailable."""
        fresh = await self._inbox.receive(message)
        self._metrics.received(self._platform, message.kind.value, fresh=fresh)
        self.heard()
        self._worker.wake()
        return fresh

    async def asked(self, message: Message) -> bool:
        """Say whether the same person asked a message of this id in this place before. Raises Unavailable."""
        return await self._inbox.asked(message)

    def heard(self, *, well: bool = True) -> None:
        """Note that the platform's server was heard from, or could not be reached."""
        self._health.heard(self._platform, well=well)
