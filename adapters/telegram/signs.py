"""Signs of life: a draft that grows in private chats, "typing" and a message that is edited in groups, gathered to one a second."""

from __future__ import annotations

import asyncio
import logging
import time
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telegram.constants import ChatAction
from telegram.error import EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from adapters.telegram import errors
from adapters.telegram.rendering import LONGEST, messages
from adapters.telegram.rich import foreign, join
from bot import wording
from bot.errors import Uncertain
from bot.messages import Progress, Waiting, Wrote
from bot.splitting import GAP

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from telegram import Bot

    from adapters.telegram.pace import Pace
    from bot.messages import Message, Sign

APART, GROUP_APART = 1.0, 3.0
"""Seconds between two signs in a private chat and in a group, where messages are counted by the minute."""
TYPING = 4.5
"""Seconds after which "typing" is shown again: Telegram shows it for five (https://core.telegram.org/bots/api#sendchataction)."""
RENEWED = 20.0
"""Seconds after which a draft is shown again: it stays for 30 (https://core.telegram.org/bots/api#sendmessagedraft)."""
LONGEST_SHOWN = 120.0
"""Seconds after which neither is shown any more, whatever became of the answer."""
REMEMBERED = 500
"""Answers under way whose signs are remembered."""
_log = logging.getLogger("lotse.telegram")


@dataclass(slots=True)
class _State:
    """What was shown of one answer: its sentences, when it was shown last, what goes on beside.

    `doubtful`: nobody knows whether a message that shows it was sent. A second one could stay beside the answer.
    """

    sentences: list[str] = field(default_factory=list)
    last: float = float("-inf")
    doubtful: bool = False
    beside: asyncio.Task[None] | None = None
    over: bool = False

    def go_on(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Let something go on until the answer is there, in the place of what did."""
        if self.over:
            return
        if self.beside:
            self.beside.cancel()
        self.beside = asyncio.create_task(work())

    def end(self) -> None:
        """Let nothing go on."""
        self.over = True
        if self.beside:
            self.beside.cancel()


class Shown:
    """Shows signs. `say` sends (under a key) or edits a message and returns its id; a draft is `renewed` after so many seconds."""

    def __init__(
        self,
        bot: Bot,
        pace: Pace,
        say: Callable[[Message, str, str, str], Awaitable[str]],
        renewed: float = RENEWED,
    ) -> None:
        self._bot, self._pace, self._say, self._renewed = bot, pace, say, renewed
        self._states: OrderedDict[str, _State] = OrderedDict()
        self._drafts = True
        self._glimpses: set[asyncio.Task[bool]] = set()

    async def show(self, message: Message, sign: Sign, key: str, sent: str) -> str:
        """Show a sign, unless one was shown just now: the next one says it, too. Return the id of what stays."""
        state = self._state(answer_of(key))
        if isinstance(sign, Wrote):
            state.sentences.append(sign.sentence.text)
        apart = APART if message.place.private else GROUP_APART
        if time.monotonic() - state.last < apart:
            return sent
        state.last = time.monotonic()
        text = " ".join(state.sentences) or wording.sign(sign)
        stays = isinstance(sign, (Waiting, Progress)) or (isinstance(sign, Wrote) and not message.place.private)
        if stays or sent:
            return await self._stay(message, text, key, sent, quiet=isinstance(sign, Waiting))
        if not (message.place.private and self._drafts and await self._draft(message, text, key)):
            self._type(message, state)
        return sent

    def glimpse(self, message: Message) -> None:
        """Type for a moment: a text whose next piece is waited for has arrived."""
        task = asyncio.create_task(self._action(message))
        self._glimpses.add(task)
        task.add_done_callback(self._glimpses.discard)

    def done(self, key: str) -> None:
        """Forget an answer: it is being sent, or there is none."""
        if state := self._states.pop(answer_of(key), None):
            state.end()

    def __len__(self) -> int:
        return len(self._states)

    def _state(self, answer: str) -> _State:
        state = self._states.setdefault(answer, _State())
        while len(self._states) > REMEMBERED:
            _, oldest = self._states.popitem(last=False)
            oldest.end()
        return state

    async def _stay(self, message: Message, text: str, key: str, sent: str, *, quiet: bool) -> str:
        """Send a message that the answer takes the place of, or edit it; only if nothing else has to wait for that."""
        state = self._state(answer_of(key))
        unsure = state.doubtful and not sent
        if unsure or not self._pace.at_once(message.place.conversation, group=not message.place.private):
            if not quiet:
                self._type(message, state)
            return sent
        try:
            return await self._say(message, short(text), key, sent)
        except Uncertain:
            state.doubtful = True
            raise

    async def _draft(self, message: Message, text: str, key: str) -> bool:
        """Show a draft, which goes by itself. Return False where Telegram shows none."""
        if not await self._drafted(message, text, key):
            return False
        if state := self._states.get(answer_of(key)):
            state.go_on(lambda: self._keep(message, text, key))
        return True

    async def _drafted(self, message: Message, text: str, key: str) -> bool:
        place = message.place
        if self._pace.held(place.conversation):
            return True
        number = zlib.crc32(answer_of(key).encode()) & 0x7FFFFFFF or 1
        thread = int(place.thread) if place.thread else None
        try:
            await self._bot.send_message_draft(int(place.conversation), number, short(text), thread)
        except RetryAfter as error:
            self._pace.hold(place.conversation, errors.seconds(error))
        except (EndPointNotFound, InvalidToken) as error:
            self._drafts = self._drafts and not errors.says(error, "not found")  # a server of an earlier Bot API
            return False
        except TelegramError:
            return False
        return True

    async def _keep(self, message: Message, text: str, key: str) -> None:
        """Show a draft again before it goes, as long as there is nothing newer."""
        until = time.monotonic() + LONGEST_SHOWN
        while time.monotonic() < until:
            await asyncio.sleep(self._renewed)
            if not await self._drafted(message, text, key):
                return

    def _type(self, message: Message, state: _State) -> None:
        if state.beside is None or state.beside.done():
            state.go_on(lambda: self._typing(message))

    async def _typing(self, message: Message) -> None:
        until = time.monotonic() + LONGEST_SHOWN
        while time.monotonic() < until and await self._action(message):  # noqa: ASYNC110 - a time is waited for
            await asyncio.sleep(TYPING)

    async def _action(self, message: Message) -> bool:
        """Show "typing"; False where Telegram asks to wait."""
        place = message.place
        thread = int(place.thread) if place.thread else None
        try:
            await self._bot.send_chat_action(int(place.conversation), ChatAction.TYPING, thread)
        except RetryAfter as error:
            self._pace.hold(place.conversation, errors.seconds(error))
            return False
        except TelegramError:
            _log.info("not typing")
        return True


def answer_of(key: str) -> str:
    """Return the id of the answer that a key names a part of."""
    return key.rpartition("-")[0]


def short(text: str) -> str:
    """Return as much of a text as fits into one message."""
    first = messages([join((foreign(text),), GAP)])[0].text
    return first[:LONGEST]
