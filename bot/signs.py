"""Signs of life while an answer is made: shown beside the work, in order, and never in its way."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from bot.errors import PlatformError, Refused, Unavailable, Uncertain, Unreachable, Vanished
from bot.messages import Progress

if TYPE_CHECKING:
    from bot.messages import Sign
    from bot.ports import Outbox, Platform, Task

GRACE = 3.0
"""Seconds that an answer waits for a sign that is being shown, so as to take its place."""
LONGEST = 20.0
"""Seconds for which it waits at most for a message that is being changed: longer than any platform's request takes."""
TRIES = 10
"""Times that a sign which came too late is taken back."""
_UNDER_WAY: set[asyncio.Task[None]] = set()
"""Tasks that outlive whoever began them."""
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
            _UNDER_WAY.add(self._showing)
            self._showing.add_done_callback(_UNDER_WAY.discard)

    async def now(self, sign: Sign) -> None:
        """Show a sign and wait a little for it."""
        self.show(sign)
        await self._wait()

    async def close(self) -> None:
        """Show nothing more; wait a little for what is under way."""
        self._next.clear()
        await self._wait()

    async def _wait(self) -> None:
        """Wait for what is under way. It is never broken off: nobody would know what became of it.

        What changes a message is waited for to its end, else it could come after the answer and take its place.
        """
        if self._showing is not None:
            await asyncio.wait({self._showing}, timeout=LONGEST if self._sent else GRACE)

    async def _all(self) -> None:
        while self._next:
            try:
                await self._one(self._next.popleft())
            except (PlatformError, Unavailable) as error:
                _log.info("no sign shown", extra={"reason": type(error).__name__})

    async def _one(self, sign: Sign) -> None:
        if self._sent is None:
            self._sent = await self._earlier()
        shown = await self._platform.show(self._task.message, sign, self._task.key(0), self._sent)
        if shown != self._sent and not await self._outbox.drafted(self._task, shown):
            await self._take_back(shown)
            shown = ""
        self._sent = shown

    async def _earlier(self) -> str:
        """Return the id of the sign that was shown before, by whoever it was."""
        if not self._task.told and self._task.attempts == 1:
            return ""
        if known := await self._outbox.draft(self._task):
            return known
        try:
            return await self._platform.find(self._task.message, self._task.key(0)) or ""
        except PlatformError:
            return ""

    async def _take_back(self, shown: str) -> None:
        """Take back what came after the answer."""
        for _ in range(TRIES):
            try:
                await self._platform.remove(self._task.message.place, shown)
            except (Refused, Uncertain) as error:
                await asyncio.sleep(max(getattr(error, "seconds", 0.0), 1.0))
            except (Unreachable, Vanished):
                return
            else:
                return
