"""Send what was written down, once: part by part, with patience, and only as long as it is wanted."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from bot.errors import CannotTell, Refused, Unavailable, Uncertain, Unreachable, Vanished
from bot.ports import Ending, Standing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.ports import Observer, Outbox, Part, Platform, Task

T = TypeVar("T")

PATIENCE = 86_400.0
"""Seconds for which a part that a platform refuses is offered again."""
PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two tries, the first and the longest, where the platform names none."""
FRESH = 1.0
"""Seconds since an answer was kept after which it is asked again whether it is still wanted: this process may have stood still."""
_log = logging.getLogger("lotse.delivery")


async def again(observer: Observer, call: Callable[..., Awaitable[T]], *arguments: object) -> T:
    """Call the memory of messages until it can be reached."""
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(Unavailable),
        wait=wait_random_exponential(multiplier=0.05, max=2),
        before_sleep=lambda _: observer.retried("", "database"),
    )
    return await retrying(call, *arguments)


class _NoLongerWantedError(Exception):
    def __init__(self, standing: Standing) -> None:
        self.standing = standing


class Delivery:
    """Brings kept answers to their platform."""

    def __init__(self, platform: Platform, outbox: Outbox, observer: Observer) -> None:
        self._platform, self._outbox, self._observer = platform, outbox, observer

    async def deliver(self, task: Task, kept: Sequence[Part], since: float) -> Ending:
        """Send what has not been sent yet, and end the task. `since`: when it was kept, on the process's own clock."""
        parts = [part for part in kept if not part.done]
        try:
            for number, part in enumerate(parts, 1):
                if number > 1 or task.attempts > 1 or time.monotonic() - since > FRESH:
                    await self._assure(task)
                sent = await self._insist(task, part)
                ending = Ending.ANSWERED if number == len(parts) else None
                await self._note(task, part, sent, ending)
        except _NoLongerWantedError as unwanted:
            return await self.leave(task, unwanted.standing)
        except Unreachable as error:
            _log.warning("unreachable", extra={"platform": self._platform.name, "reason": error.reason})
            return await self._finish(task, Ending.UNDELIVERABLE)
        return Ending.ANSWERED if parts else await self._finish(task, Ending.ANSWERED)

    async def _note(self, task: Task, part: Part, sent: str, ending: Ending | None) -> None:
        """Note that a part arrived. One that was replaced on its way is taken back, unless its place is the new answer's."""
        if await self._again(self._outbox.sent, task, part, sent, ending):
            return
        if sent and sent != part.sent:
            await self._take_back(task, sent)
        raise _NoLongerWantedError(Standing.SUPERSEDED)

    async def withdraw(self, task: Task) -> Ending:
        """Take back all that a deleted message was answered with."""
        for sent in await self._again(self._outbox.all_sent, task):
            await self._take_back(task, sent)
        return await self._finish(task, Ending.REMOVED)

    async def silence(self, task: Task) -> Ending:
        """End a task that gets no answer; a sign of life does not stay."""
        if sent := await self._again(self._outbox.draft, task):
            await self._take_back(task, sent)
            await self._again(self._outbox.drafted, task, "")
        return await self._finish(task, Ending.SILENT)

    async def leave(self, task: Task, standing: Standing) -> Ending:
        """Leave a task to the newer revision, or to the replica that has it now."""
        if standing is Standing.SUPERSEDED:
            await self._finish(task, Ending.SUPERSEDED)
        return Ending.SUPERSEDED

    async def _finish(self, task: Task, ending: Ending) -> Ending:
        await self._again(self._outbox.finish, task, ending)
        return ending

    async def _take_back(self, task: Task, sent: str) -> None:
        try:
            await self._patiently(task, lambda: self._platform.remove(task.message.place, sent))
        except (Unreachable, Vanished):
            _log.info("nothing to take back", extra={"platform": self._platform.name})

    async def _assure(self, task: Task) -> None:
        standing = await self._again(self._outbox.standing, task)
        if standing is not Standing.WANTED:
            raise _NoLongerWantedError(standing)

    async def _insist(self, task: Task, part: Part) -> str:
        """Bring one part there and return its id (empty: it was taken back). Raises Unreachable."""
        attempt = _Attempt(self._platform, task, part)
        return await self._patiently(task, attempt.make)

    async def _patiently(self, task: Task, call: Callable[[], Awaitable[T]]) -> T:
        """Try until it is taken; between two tries, look whether it is still wanted."""
        pause, since = PAUSE, time.monotonic()
        while True:
            try:
                return await call()
            except (Refused, Uncertain) as error:
                wait = max(getattr(error, "seconds", 0.0), pause)
                if time.monotonic() + wait - since > PATIENCE:
                    raise Unreachable("patience") from error
                self._observer.retried(self._platform.name, type(error).__name__)
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)
            await self._assure(task)

    async def _again(self, call: Callable[..., Awaitable[T]], *arguments: object) -> T:
        return await again(self._observer, call, *arguments)


class _Attempt:
    """One part's way to its platform, over several tries: after one whose end is unknown, look before sending again."""

    def __init__(self, platform: Platform, task: Task, part: Part) -> None:
        self._platform, self._task, self._part = platform, task, part
        self._place_of = part.sent
        self._look = task.attempts > 1

    async def make(self) -> str:
        """Try once. Raises Refused, Uncertain, Unreachable."""
        if not self._part.body:
            return await self._remove()
        if not self._place_of and self._look and (found := await self._found()):
            return found
        try:
            return await self._put()
        except Vanished:
            self._place_of = ""
            return await self._put()
        except Uncertain:
            self._look = True
            raise

    async def _put(self) -> str:
        message = self._task.message
        if self._place_of:
            return await self._platform.edit(message, self._place_of, self._part.body)
        return await self._platform.send(message, self._part.body, self._task.key(self._part.number))

    async def _remove(self) -> str:
        with suppress(Vanished):
            await self._platform.remove(self._task.message.place, self._place_of)
        return ""

    async def _found(self) -> str:
        """Return the id of the part if it arrived; a sign of life that did is what the first part takes the place of.

        Where a platform cannot tell, it may still know of a sign. That counts only for what another process showed: a sign that
        came late is taken back by this one.
        """
        number, tells = self._part.number, True
        try:
            found = await self._platform.find(self._task.message, self._task.key(number)) or ""
        except (CannotTell, Vanished):
            found, tells = "", False
        if not found and number == 1 and (tells or self._task.attempts > 1):
            with suppress(CannotTell, Vanished):
                self._place_of = await self._platform.find(self._task.message, self._task.key(0)) or ""
        return found
