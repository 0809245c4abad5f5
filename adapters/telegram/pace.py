"""How fast Lotse sends: within what Telegram publishes, and, where Telegram asks to wait, not before that time is over.

A chat that has to wait delays nobody but itself. python-telegram-bot's own limiter forgets a wait as soon as any other request
goes through (its issue 5338), so this keeps a time for each chat.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

APART = 1.02
"""Seconds between two messages to one chat; published: one a second (https://core.telegram.org/bots/faq#broadcasting-to-users)."""
GROUP_MOST, GROUP_SPAN = 20, 61.0
"""Messages to one group in so many seconds; published: 20 a minute, at the same place."""
BETWEEN = 1 / 26
"""Seconds between two messages to any chats; published: about 30 a second, at the same place.

Never a burst: each is noted as sent before the next one goes, so that a process that is killed leaves one at most of which
nobody knows whether it arrived.
"""
STORM, STORM_SPAN = 3, 2.0
"""So many chats refused within so many seconds are no accident of one chat: then all of them wait."""
CHATS = 5_000
"""Chats that are remembered; one that is forgotten has been silent for longest."""


@dataclass(slots=True)
class _Chat:
    """What is known about one chat: when its next turn is, until when Telegram asked to wait, what it was sent, who waits."""

    free: float = 0.0
    asked: float = 0.0
    sent: deque[float] = field(default_factory=lambda: deque(maxlen=GROUP_MOST))
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pace:
    """Gives turns. Times are on the process's own clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._chats: OrderedDict[str, _Chat] = OrderedDict()
        self._gate = asyncio.Lock()
        self._slot = 0.0
        self._free = 0.0
        self._refused: deque[tuple[float, str]] = deque(maxlen=STORM)

    async def turn(self, chat: str, *, group: bool) -> None:
        """Wait until a chat may be sent to, behind those that waited before."""
        known = self._chat(chat)
        async with known.turn:
            while not await self._through(known, group=group):  # noqa: ASYNC110 - a time, not an event, is waited for
                await asyncio.sleep(self._wait(known, group=group))

    async def _through(self, chat: _Chat, *, group: bool) -> bool:
        """Take the next turn of all, unless this chat has to wait."""
        if self._wait(chat, group=group) > 0:
            return False
        async with self._gate:
            await asyncio.sleep(max(0.0, self._slot - self._clock()))
            if self._wait(chat, group=group) > 0:  # Telegram asked for it meanwhile
                return False
            self._note(chat)
        return True

    def at_once(self, chat: str, *, group: bool) -> bool:
        """Take a turn if it can be had without waiting; else there is none."""
        known = self._chat(chat)
        if (
            known.turn.locked()
            or self._gate.locked()
            or self._slot > self._clock()
            or self._wait(known, group=group) > 0
        ):
            return False
        self._note(known)
        return True

    def done(self, chat: str) -> None:
        """Say that something has arrived: only from now on Telegram's time runs, however long it was under way."""
        if known := self._chats.get(chat):
            now = self._clock()
            known.free = max(known.free, now + APART)
            if known.sent:
                known.sent[-1] = now

    def held(self, chat: str) -> bool:
        """Say whether Telegram asked to wait with this chat."""
        known = self._chats.get(chat)
        return self._clock() < max(self._free, known.asked if known else 0.0)

    def hold(self, chat: str, seconds: float) -> None:
        """Send nothing to a chat for so long, because Telegram asks for it; to none, if it asks for several chats at once."""
        now = self._clock()
        known = self._chat(chat)
        known.asked = max(known.asked, now + seconds)
        self._refused.append((now, chat))
        recent = {name for since, name in self._refused if now - since <= STORM_SPAN}
        if len(recent) >= STORM:
            self._free = max(self._free, now + seconds)

    def __len__(self) -> int:
        return len(self._chats)

    def _chat(self, chat: str) -> _Chat:
        known = self._chats.setdefault(chat, _Chat())
        self._chats.move_to_end(chat)
        while len(self._chats) > CHATS:
            self._chats.popitem(last=False)
        return known

    def _wait(self, chat: _Chat, *, group: bool) -> float:
        now = self._clock()
        times = [chat.free, chat.asked, self._free]
        if group and len(chat.sent) == GROUP_MOST:
            times.append(chat.sent[0] + GROUP_SPAN)
        return max(times) - now

    def _note(self, chat: _Chat) -> None:
        now = self._clock()
        chat.free = max(chat.free, now + APART)
        chat.sent.append(now)
        self._slot = now + BETWEEN
