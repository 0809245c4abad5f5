"""How far documents are taken in: a direct message that is updated, since what one person sees in a channel cannot be."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.slack import blocks, rendering
from adapters.slack.drafts import PAUSE, QUIET, SAME
from adapters.slack.receiving import context
from adapters.slack.sending import EPHEMERAL
from bot import wording
from bot.cache import Cache
from bot.errors import PlatformError
from bot.phrases import say

if TYPE_CHECKING:
    from adapters.slack.api import Api
    from bot.messages import Message, Progress

UNDER_WAY = 100
"""Commands whose progress is remembered."""


@dataclass
class Told:
    """Where progress was told, nothing where no direct message could be sent, and when last."""

    sent: str
    updated: float
    words: str


class Telling:
    """Tells whoever gave a command in private how far it is. The report takes the place of what was told."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: Cache[Told] = Cache(UNDER_WAY)

    async def show(self, message: Message, sign: Progress, key: str, sent: str) -> str:
        """Tell how far it is and return where. Raises PlatformError."""
        words, known = wording.sign(sign), self._known.get(_answer(key))
        if known is None:
            known = Told(sent or await self._begin(message, words, sign.language), time.monotonic(), words)
            self._known.put(_answer(key), known)
        elif known.sent and known.words != words and time.monotonic() - known.updated > PAUSE:
            channel, _, ts = known.sent.partition("/")
            known.updated, known.words = time.monotonic(), words
            await self._api.call("chat.update", channel=channel, ts=ts, **_said(words), **SAME)
        return known.sent

    def channel(self, key: str) -> str:
        """Return the direct messages in which the progress of an answer was told, if any."""
        known = self._known.get(_answer(key))
        return known.sent.partition("/")[0] if known else ""

    async def _begin(self, message: Message, words: str, language: str) -> str:
        """Send a direct message, and say where the command was given that it is there; without one, say there how far it is."""
        respond, private = context(message).respond, message.place.conversation.startswith("D")
        sent, told = "", words
        with suppress(PlatformError):
            reply = await self._api.call("chat.postMessage", channel=message.user, **_said(words), **QUIET)
            sent, told = f"{reply['channel']}/{reply['ts']}", say("slack_in_direct", language)
        if respond and not (sent and private):
            with suppress(PlatformError):
                await self._api.answer(respond, {**EPHEMERAL, "text": blocks.unlinked(told)})
        return sent


def _said(words: str) -> dict[str, object]:
    return {"blocks": [rendering.sign(words)], "text": blocks.unlinked(words)}


def _answer(key: str) -> str:
    """Return the answer that a part belongs to."""
    return key.rpartition("-")[0]
