"""Long polling: an update is written down before Telegram is told that it arrived, by the one replica that polls."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from adapters.telegram import errors
from adapters.telegram.receiving import WANTED
from bot.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from telegram import Bot

    from bot.ports import Desk

WAIT = 25
"""Seconds for which Telegram keeps a request open when there is nothing new."""
MOST = 100
"""Updates that are fetched at once, the most that Telegram gives (https://core.telegram.org/bots/api#getupdates)."""
DUTY = "telegram polling"
"""What only one replica does at a time."""
PAUSE, LONGEST_PAUSE = 1.0, 10.0
"""Seconds before the next request after one that failed, the first time and at most."""
TRIES = 3
"""Times that an update is taken up which cannot be written down although the database is there; then it is passed over."""
IDLE = 2.0
"""Seconds between two looks whether the replica that polls has died."""
_log = logging.getLogger("lotse.telegram")


class Tolerant(HTTPXRequest):
    """Fetches updates; one that this version of the library cannot read does not stand in the way of the others."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return what Telegram sent, with nothing but its number of an update that cannot be read."""
        data: dict[str, Any] = HTTPXRequest.parse_json_payload(payload)
        if isinstance(data.get("result"), list):
            data["result"] = [each if _readable(each) else {"update_id": each["update_id"]} for each in data["result"]]
        return data


def _readable(update: dict[str, Any]) -> bool:
    try:
        Update.de_json(update, None)
    except Exception as error:  # noqa: BLE001 - whatever a library stumbles over, the next update waits
        _log.warning("update not readable", extra={"reason": type(error).__name__})
        return False
    return True


class Poller:
    """Fetches updates and hands them on; `take` writes one down and raises Unavailable when that failed."""

    def __init__(self, bot: Bot, take: Callable[[Update], Awaitable[None]]) -> None:
        self._bot, self._take = bot, take
        self._next: int | None = None
        self._pause = PAUSE
        self._stuck = (0, 0)

    async def run(self, desk: Desk) -> None:
        """Poll until cancelled, as long as no other replica does."""
        while True:
            if await self._is_mine(desk):
                await self._round(desk)
            else:
                await asyncio.sleep(IDLE)

    async def _is_mine(self, desk: Desk) -> bool:
        """Say whether this replica polls. One that does not is well as long as the database says that another does."""
        try:
            mine = await desk.take(DUTY)
        except Unavailable:
            return False
        if not mine:
            self._next = None
            desk.heard()
        return mine

    async def _round(self, desk: Desk) -> None:
        try:
            updates = await self._bot.get_updates(self._next, MOST, WAIT, allowed_updates=WANTED)
        except TelegramError as error:
            await self._wait_out(desk, error)
            return
        desk.heard()
        self._pause = PAUSE
        try:
            await self._write_down(updates)
        except Exception as error:  # noqa: BLE001 - whatever it is, what was sent is fetched again
            _log.warning("not written down", extra={"reason": getattr(error, "reason", type(error).__name__)})
            await asyncio.sleep(PAUSE)

    async def _write_down(self, updates: Sequence[Update]) -> None:
        """Write all down, then confirm them with the next request; of those that failed, and what follows them, none."""
        if not updates:
            return
        results = await asyncio.gather(*map(self._take, updates), return_exceptions=True)
        for update, result in zip(updates, results, strict=True):
            if isinstance(result, BaseException) and not self._is_faulty(update, result):
                raise result
            self._next = update.update_id + 1

    def _is_faulty(self, update: Update, error: BaseException) -> bool:
        """Say whether an update is passed over: nobody after it would be heard any more."""
        if isinstance(error, Unavailable) or not isinstance(error, Exception):
            return False
        number, tries = self._stuck
        self._stuck = (update.update_id, tries + 1 if number == update.update_id else 1)
        faulty = self._stuck[1] >= TRIES
        if faulty:
            _log.error("update passed over", extra={"reason": type(error).__name__})
        return faulty

    async def _wait_out(self, desk: Desk, error: TelegramError) -> None:
        """Say what is wrong, and try again after a growing pause; a conflict passes when the other one's request ends."""
        reason = reason_of(error)
        desk.heard(well=False, reason=reason)
        _log.warning("not polled", extra={"reason": reason})
        asked = errors.seconds(error) if isinstance(error, RetryAfter) else 0.0
        await asyncio.sleep(max(asked, errors.TOKEN_PAUSE if reason == "token" else self._pause))
        self._pause = min(self._pause * 2, LONGEST_PAUSE)


def reason_of(error: TelegramError) -> str:
    """Return in a word why Telegram does not answer: what health shows and the manual explains."""
    if isinstance(error, Conflict):
        return "webhook" if errors.says(error, "webhook") else "conflict"
    if isinstance(error, InvalidToken):
        return "token"
    if isinstance(error, RetryAfter):
        return "busy"
    return "refused" if isinstance(error, BadRequest) else "unreachable"
