"""Whoever pressed a button waits for a word from Telegram: each press is let go once, with what there is to say."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.error import BadRequest, TelegramError

from adapters.telegram import errors, rendering
from bot.errors import Unreachable, Vanished

if TYPE_CHECKING:
    from telegram import Bot, InlineKeyboardMarkup

    from adapters.telegram.calling import Calling
    from bot.messages import Message

REMEMBERED = 200
"""Presses that are remembered as let go."""
Post = Callable[["Message"], Awaitable[str]]
"""Sends what there is to say as a message of its own."""
_log = logging.getLogger("lotse.telegram")


class Presses:
    """Lets those go who pressed buttons of one bot."""

    def __init__(self, bot: Bot, calling: Calling) -> None:
        self._bot, self._calling = bot, calling
        self._let_gone: deque[str] = deque(maxlen=REMEMBERED)
        self._told: OrderedDict[str, str] = OrderedDict()
        self._beside: set[asyncio.Task[bool]] = set()
        self._met: deque[str] = deque(maxlen=REMEMBERED)

    def met(self, query: str) -> None:
        """Remember a press that will get its word."""
        self._met.append(query)

    def knows(self, query: str) -> bool:
        """Say whether a press is one that Telegram delivered before."""
        return query in self._met

    async def let_go(self, query: str, text: str = "") -> bool:
        """End the wait of whoever pressed; False if it has ended already."""
        if not query or query in self._let_gone:
            return False
        self._let_gone.append(query)
        try:
            return await self._bot.answer_callback_query(query, text or None, show_alert=bool(text))
        except TelegramError as error:
            _log.info("press not answered", extra={"reason": type(error).__name__})
            return False

    def soon(self, query: str, text: str) -> None:
        """Do the same while other things go on."""
        task = asyncio.create_task(self.let_go(query, text))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def tell(self, message: Message, text: str, post: Post) -> str:
        """Tell whoever pressed, once, however often this is tried. Return the id of a message, if it took one. Raises PlatformError."""
        press = query_of(message) or message.id
        if press in self._told:
            return self._told[press]
        self._told[press] = sent = await self._tell(message, text, post)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return sent

    async def _tell(self, message: Message, text: str, post: Post) -> str:
        told = text if len(text) <= rendering.TOAST else text[: rendering.TOAST - 1] + "…"
        if message.place.private and told != text:
            await self.let_go(query_of(message))
            return await post(message)
        if await self.let_go(query_of(message), told):
            return ""
        if message.place.private:
            return await post(message)
        alone = replace(message.place, conversation=message.user, thread="", private=True)
        with suppress(Unreachable):  # a bot cannot write first to somebody who never wrote to it
            await post(replace(message, place=alone))
        return ""

    async def put_below(self, message: Message, keyboard: InlineKeyboardMarkup) -> None:
        """Put other buttons below the message whose button was pressed, if it is still there. Raises PlatformError."""
        place = message.place
        await self._calling.pace.turn(place.conversation, group=not place.private)

        async def change() -> None:
            try:
                await self._bot.edit_message_reply_markup(
                    int(place.conversation), int(message.about), reply_markup=keyboard
                )
            except BadRequest as error:
                if not errors.says(error, errors.SAME):
                    raise

        with suppress(Unreachable, Vanished):
            await self._calling.call(place, change)


def query_of(message: Message) -> str:
    """Return the id under which Telegram waits for a word on a press."""
    return str(json.loads(message.context).get("query", "")) if message.context else ""
