"""Signs of life while an answer is made: shown beside the work, in order, and never in its way."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import PlatformError, Unavailable
from bot.messages import Progress

if TYPE_CHECKING:
    from bot.messages import Sign
    from bot.ports import Outbox, Platform, Task

GRACE = 3.0
"""Seconds that an answer waits for a sign that is being shown, so as to take its place."""
_log = logging.getLogger("lotse.signs")


class Signs:
    """Shows the signs of one message."""

    def __init__(self, platform: Platform, outbox: Outbox, task: Task) -> None:
        self._platform, self._outbox, self._task = platform, outbox, task
        self._next: deque[Sign] = deque()
        self._showing: asyncio.Task[None] | None = None
        self._sent: str | None = None

    def show(self, sign: Sign) -> None:
        """Show a sign as soon as those before it are through."""
        if self._next and isinstance(sign, Progress) and isinstance(self._next[-1], Progress):
            self._next.pop()  # how far it was has become how far it is
        self._next.append(sign)
        if self._showing is None or self._showing.done():
            self._showing = asyncio.create_task(self._all())

    async def now(self, sign: Sign) -> None:
        """Show a sign and wait for it. Raises PlatformError, Unavailable, TimeoutError."""
        async with asyncio.timeout(GRACE):
            await self._one(sign)

    async def close(self) -> None:
        """Show nothing more; wait a little for what is under way."""
        self._next.clear()
        if self._showing is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._showing, GRACE)

    async def _all(self) -> None:
        while self._next:
            try:
                await self._one(self._next.popleft())
            except (PlatformError, Unavailable) as error:
                _log.info("no sign shown", extra={"reason": type(error).__name__})

    async def _one(self, sign: Sign) -> None:
        if self._sent is None:
            known = self._task.told or self._task.attempts > 1
            self._sent = await self._outbox.draft(self._task) if known else ""
        shown = await self._platform.show(self._task.message, sign, self._task.key(0), self._sent)
        if shown != self._sent and not await self._outbox.drafted(self._task, shown):
            await self._platform.remove(self._task.message.place, shown)
        self._sent = shown
