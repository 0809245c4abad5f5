"""Telegram as a Platform of the core: listens, renders, sends, shows signs of life."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from adapters.telegram import errors, files, receiving, rendering
from adapters.telegram.calling import Calling
from adapters.telegram.ledger import Ledger
from adapters.telegram.menus import Menus
from adapters.telegram.pace import Pace
from adapters.telegram.polling import PAUSE, Poller, Tolerant, reason_of
from adapters.telegram.presses import Presses, query_of
from adapters.telegram.receiving import NAME, Me
from adapters.telegram.signs import Shown, answer_of
from bot.errors import CannotTell, Vanished
from bot.messages import Kind
from bot.phrases import say
from bot.wording import signed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from telegram import Update

    from bot.messages import Answer, Message, Place, Sign
    from bot.ports import Desk

Heard = Callable[[Any], Awaitable[None]]
API = "https://api.telegram.org"
SECONDS = 15.0
"""Longest time for one request that is no long poll."""
CONNECTIONS = 64
ALBUMS = 200
"""Albums that are remembered as answered by what was written beside one picture."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_log = logging.getLogger("lotse.telegram")


def connect(token: str, api: str = "", seconds: float = SECONDS, heard: Heard | None = None) -> Bot:
    """Return the library's bot for a token; nothing is asked yet. `heard` is given each response, as httpx has it."""
    address = api or API
    more = {"event_hooks": {"response": [heard]}} if heard else None

    def line(kind: type[HTTPXRequest], connections: int) -> HTTPXRequest:
        return kind(connections, seconds, seconds, seconds, seconds, httpx_kwargs=more)

    return Bot(
        token,
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=line(HTTPXRequest, CONNECTIONS),
        get_updates_request=line(Tolerant, 1),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of an answer as it was rendered."""

    text: str
    entities: tuple[MessageEntity, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None
    toast: str = ""
    below: InlineKeyboardMarkup | None = None

    @classmethod
    def read(cls, part: str, bot: Bot) -> _Part:
        known: dict[str, Any] = json.loads(part)
        return cls(
            known.get("text", ""),
            MessageEntity.de_list(known.get("entities", []), bot),
            _markup(known.get("keyboard"), bot),
            known.get("toast", ""),
            _markup(known.get("below"), bot),
        )


def _toast(phrase: str, language: str) -> str:
    """Return what is shown for a moment to whoever pressed a button: at most 200 characters."""
    return signed(say(phrase, language), language)


def _markup(rows: object, bot: Bot) -> InlineKeyboardMarkup | None:
    return None if rows is None else InlineKeyboardMarkup.de_json({"inline_keyboard": rows}, bot)


class TelegramPlatform:
    """One bot. `admins` tells the user ids of those whose menu has the admins' commands, as they stand now; `menus` keeps who has it."""

    def __init__(
        self,
        bot: Bot,
        admins: Callable[[], frozenset[str]] = frozenset,
        bot_name: str = "",
        ledger: Ledger | None = None,
        menus: Path | None = None,
    ) -> None:
        self._bot, self._bot_name = bot, bot_name.removeprefix("@")
        self._ledger = ledger or Ledger()
        self.pace = Pace()
        self._calling = Calling(self.pace)
        self._menus = Menus(bot, admins, menus)
        self.signs = Shown(bot, self.pace, self._stay)
        self._left: dict[str, str] | None = None
        self._albums: deque[str] = deque(maxlen=ALBUMS)
        self._presses = Presses(bot, self._calling)

    @property
    def name(self) -> str:
        """Return the name that the places of its messages carry."""
        return NAME

    # receiving

    async def listen(self, desk: Desk) -> None:
        """Hand in each message addressed to Lotse, until cancelled."""
        me = await self._introduced(desk)
        menus = asyncio.create_task(self._menus.keep())
        try:
            await Poller(self._bot, lambda update: self._take(desk, me, update)).run(desk)
        finally:
            menus.cancel()

    async def _introduced(self, desk: Desk) -> Me:
        """Ask Telegram who this bot is, until it answers."""
        while True:
            try:
                await self._bot.initialize()
            except TelegramError as error:
                desk.heard(well=False, reason=reason_of(error))
                _log.warning("not introduced", extra={"reason": reason_of(error)})
                await asyncio.sleep(PAUSE if reason_of(error) != "token" else errors.TOKEN_PAUSE)
            else:
                desk.heard()
                self._bot_name = self._bot.username
                return Me(self._bot.id, self._bot.username)

    async def _take(self, desk: Desk, me: Me, update: Update) -> None:
        """Write an update down, if it says something to Lotse. Raises Unavailable."""
        try:
            message = receiving.received(update, me)
        except Exception as error:  # noqa: BLE001 - whatever an update holds, the next one waits
            _log.error("update not understood", extra={"reason": type(error).__name__})
            return
        if message is None:
            if query := update.callback_query:
                self._presses.soon(query.id, _toast("press_gone", receiving.locale(query.from_user)))
            return
        self._menus.met(message.user)
        if message.kind is not Kind.CLICK:
            await self._heard(desk, me, update, message)
        elif await desk.press(message):
            self._presses.met(query_of(message))
        elif not self._presses.knows(query_of(message)):
            self._presses.soon(query_of(message), _toast("press_again", message.locale))

    async def _heard(self, desk: Desk, me: Me, update: Update, message: Message) -> None:
        """Write down what somebody wrote or sent."""
        if album := receiving.asked_beside(update, me):
            self._albums.append(album)
        if message.id.startswith(receiving.ALBUM):
            await asyncio.sleep(0)  # what came with it is looked at first
            if message.id in self._albums:
                return
        await (desk.revise(message) if message.revision else desk.receive(message))
        if message.goes_on:
            self.signs.glimpse(message)

    async def vouch(self, message: Message) -> Message | None:
        """Return a message as it is: Telegram knows no more of whoever wrote."""
        return message

    async def attached(self, message: Message) -> str:
        """Return the text of a file that came with a message. Raises PlatformError."""
        return await self._calling.call(message.place, lambda: files.text(self._bot, message.context))

    # sending

    def render(self, answer: Answer, message: Message) -> Sequence[str]:
        """Return an answer to a message as at least one part."""
        return rendering.render(answer, message, self._bot_name)

    async def send(self, message: Message, part: str, key: str) -> str:
        """Send one part in reply to a message and return its id; what is only told in passing has none. Raises PlatformError."""
        self.signs.done(key)
        if left := await self._left_over(key):
            with suppress(Vanished):
                return await self.edit(message, left, part)
        read = _Part.read(part, self._bot)
        if read.toast:
            return await self._tell(message, read)
        if message.kind is Kind.CLICK:
            await self._presses.let_go(query_of(message))
        sent = await self._post(message, read)
        self._ledger.note(key, sent)
        return sent

    async def _left_over(self, key: str) -> str:
        """Return the id of a sign that a process showed which was killed before the database heard of it."""
        if self._left is None:
            self._left = await asyncio.to_thread(self._ledger.signs)
        return self._left.get(answer_of(key), "") if key.endswith("-1") else ""

    async def _post(self, message: Message, part: _Part, *, paced: bool = False) -> str:
        place = message.place
        reply = ReplyParameters(int(message.about), allow_sending_without_reply=True)
        if not paced:
            await self.pace.turn(place.conversation, group=not place.private)

        async def post(chat: int, *, plain: bool) -> str:
            sent = await self._bot.send_message(
                chat,
                part.text,
                entities=None if plain else part.entities,
                message_thread_id=int(place.thread) if place.thread else None,
                reply_parameters=None if place.private else reply,
                reply_markup=None if plain else part.keyboard,
                link_preview_options=_NO_PREVIEW,
            )
            return str(sent.message_id)

        return await self._calling.insist(place, post)

    async def edit(self, message: Message, sent: str, part: str) -> str:
        """Put a part in the place of what was sent and return its id. Raises PlatformError.

        A waiting message, too: to delete it and send the answer would bring a notification, but after a kill or a lost reply the
        answer twice, while an edit can be made as often as need be.
        """
        read = _Part.read(part, self._bot)
        if read.toast:
            with suppress(Vanished):
                await self.remove(message.place, sent)
            return await self._tell(message, read)
        return await self._change(message, sent, read)

    async def _change(self, message: Message, sent: str, part: _Part, *, paced: bool = False) -> str:
        place = message.place
        if not paced:
            await self.pace.turn(place.conversation, group=not place.private)

        async def change(chat: int, *, plain: bool) -> str:
            try:
                await self._bot.edit_message_text(
                    part.text,
                    chat,
                    int(sent),
                    entities=None if plain else part.entities,
                    reply_markup=None if plain else part.keyboard,
                    link_preview_options=_NO_PREVIEW,
                )
            except BadRequest as error:
                if not errors.says(error, errors.SAME):
                    raise
            return sent

        return await self._calling.insist(place, change)

    async def remove(self, place: Place, sent: str) -> None:
        """Take back what was sent. Raises PlatformError."""
        await self._calling.call(place, lambda: self._bot.delete_message(int(place.conversation), int(sent)))

    async def find(self, message: Message, key: str) -> str | None:  # noqa: ARG002 - a key is good for all chats
        """Return what was noted: a bot cannot read what stands in a chat. Raises CannotTell where nothing was."""
        if found := await asyncio.to_thread(self._ledger.find, key):
            return found
        raise CannotTell

    async def show(self, message: Message, sign: Sign, key: str, sent: str) -> str:
        """Show a sign of life. Raises PlatformError."""
        if message.kind is Kind.CLICK:
            await self._presses.let_go(query_of(message))
        return await self.signs.show(message, sign, key, sent)

    async def _stay(self, message: Message, text: str, key: str, sent: str) -> str:
        """Show a sign as a message, new or in the place of the one before; its turn was taken. Raises PlatformError."""
        part = _Part(text)
        if sent:
            return await self._change(message, sent, part, paced=True)
        await self._left_over(key)  # what is noted from now on is this process's own
        sent = await self._post(message, part, paced=True)
        self._ledger.note(key, sent)
        return sent

    async def ended(self, message: Message, key: str) -> None:
        """Stop typing, and let whoever pressed a button go."""
        self.signs.done(key)
        if message.kind is Kind.CLICK:
            await self._presses.let_go(query_of(message))

    async def _tell(self, message: Message, part: _Part) -> str:
        """Tell whoever pressed a button, in passing; what is too long for that, or too late, is sent where nobody reads along."""
        sent = await self._presses.tell(message, part.toast, lambda to: self._post(to, _Part(part.toast)))
        if part.below is not None:
            await self._presses.put_below(message, part.below)
        return sent

    async def close(self) -> None:
        """Let go of connections and files."""
        self._ledger.close()
        await self._bot.shutdown()
