"""How fast Lotse writes into a channel: one message after the other, and as slowly as Slack asks, so that none waits in vain."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.cache import Cache
from bot.errors import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

APART = 1.0
"""Seconds between two messages in a channel that Slack asked to wait (docs.slack.dev/apis/web-api/rate-limits, posting messages)."""
WARY = 60.0
"""Seconds for which that holds after Slack last asked."""
PATIENCE = 5.0
"""Seconds that a message waits in here; one that has to wait longer is offered again by whoever sends it."""
CHANNELS = 5000
"""Channels that are remembered."""


@dataclass(slots=True)
class _Channel:
    """When the next message may go, and until when they stand apart."""

    free: float = 0.0
    wary: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pace:
    """Gives turns, to each channel its own."""

    def __init__(self) -> None:
        self._channels: Cache[_Channel] = Cache(CHANNELS)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for a turn, and learn within from what Slack says. Raises Refused where it takes too long."""
        channel = self._channels.get(name) or _Channel()
        self._channels.put(name, channel)
        async with channel.turn:
            wait = channel.free - time.monotonic()
            if wait > PATIENCE:
                raise Refused(wait)
            await asyncio.sleep(max(0.0, wait))
            try:
                yield
            except Refused as error:
                if error.seconds:
                    channel.free = time.monotonic() + error.seconds
                    channel.wary = channel.free + WARY
                raise
            if time.monotonic() < channel.wary:
                channel.free = time.monotonic() + APART
