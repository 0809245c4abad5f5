"""Calls to Telegram: what it refuses becomes the core's errors, and what it asks for in time is noted."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from adapters.telegram import errors

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from adapters.telegram.pace import Pace
    from bot.messages import Place

T = TypeVar("T")
_log = logging.getLogger("lotse.telegram")


class Calling:
    """Calls for one bot."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    async def insist(self, place: Place, call: Callable[..., Awaitable[str]]) -> str:
        """Call; where the chat has moved, call there; what Telegram does not take is sent without marks and buttons."""
        chat = int(place.conversation)
        try:
            return await self._tried(place, lambda: call(chat, plain=False))
        except ChatMigrated as moved:
            chat = moved.new_chat_id
            return await self.call(place, lambda: call(chat, plain=False))
        except BadRequest as error:
            if errors.closed(error):
                raise errors.mapped(error) from error
            _log.error("refused", extra={"reason": "marks or buttons"})
            return await self.call(place, lambda: call(chat, plain=True))

    async def call(self, place: Place, call: Callable[[], Awaitable[T]]) -> T:
        """Call Telegram. Raises PlatformError."""
        try:
            return await self._tried(place, call)
        except (BadRequest, ChatMigrated) as error:
            raise errors.mapped(error) from error

    async def _tried(self, place: Place, call: Callable[[], Awaitable[T]]) -> T:
        """Call Telegram; note when it asks to wait. Raises BadRequest, ChatMigrated, PlatformError."""
        try:
            done = await call()
        except (BadRequest, ChatMigrated):
            raise
        except RetryAfter as error:
            self.pace.hold(place.conversation, errors.seconds(error))
            raise errors.mapped(error) from error
        except TelegramError as error:
            raise errors.mapped(error) from error
        self.pace.done(place.conversation)
        return done
