"""An answer while it is being written: streamed, or one message that is updated where streaming fails."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from adapters.slack import rendering
from adapters.slack.api import Malformed, StreamOver
from adapters.slack.receiving import context
from bot.cache import Cache
from bot.errors import PlatformError, Refused, Uncertain, Unreachable, Vanished

if TYPE_CHECKING:
    from adapters.slack.api import Api
    from adapters.slack.blocks import Block
    from bot.messages import Message, Wrote

SENTENCES = 40
"""Blocks of a stream: Slack takes 50 (docs.slack.dev/reference/methods/chat.stopStream, chunks)."""
PAUSE = 1.5
"""Seconds between two updates of one message: about fifty a minute are allowed for all of them (rate limits, tier 3)."""
STREAM = 240.0
"""Seconds for which a stream is added to; after about five minutes Slack ends it."""
UNDER_WAY = 2000
"""Drafts that are remembered."""


@dataclass
class Draft:
    """What was shown so far. `streams`: more can be added; `over`: nothing more is shown."""

    streams: bool
    began: float
    shown: list[Block] = field(default_factory=list)
    waiting: list[Block] = field(default_factory=list)
    updated: float = 0.0
    over: bool = False


class Drafts:
    """Shows sentences one after the other, in one message of each answer."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: Cache[Draft] = Cache(UNDER_WAY)
        self._doubtful: Cache[bool] = Cache(UNDER_WAY)

    async def show(self, message: Message, wrote: Wrote, key: str, sent: str) -> str:
        """Show a sentence and return where: in the message that was `sent`, else in a new one. Raises PlatformError."""
        block = rendering.sentence(wrote)
        if not sent:
            return await self._begin(message, block, key)
        draft = self._known.get(sent)
        if draft is not None and not draft.over:
            await self._go_on(sent, draft, block)
        return sent

    def is_doubtful(self, key: str) -> bool:
        """Say whether it is not known if a draft arrived."""
        return bool(self._doubtful.get(key))

    def streams(self, sent: str) -> bool:
        """Say whether a message is being streamed, as far as is known here."""
        draft = self._known.get(sent)
        return draft is not None and draft.streams

    async def end(self, sent: str) -> None:
        """End a stream, so that its message can be updated; it is well if it ended before. Raises PlatformError."""
        channel, _, ts = sent.partition("/")
        with suppress(StreamOver, Vanished, Unreachable, Malformed):
            await self._api.call("chat.stopStream", channel=channel, ts=ts)
        if draft := self._known.get(sent):
            draft.streams, draft.over = False, True

    def forget(self, sent: str) -> None:
        """Let go of what was shown in a draft: the answer takes its place."""
        if draft := self._known.get(sent):
            draft.over, draft.shown, draft.waiting = True, [], []

    async def _begin(self, message: Message, block: Block, key: str) -> str:
        """Open a stream; where that is not possible, send a message that will be updated."""
        named = [block | {"block_id": f"lotse-{key}-0"}]
        self._doubtful.put(key, value=True)
        try:
            sent, streams = await self._stream(message, named), True
        except (Malformed, StreamOver, Unreachable, Vanished):
            sent, streams = await self._post(message, named), False
        except Refused:
            self._doubtful.put(key, value=False)
            raise
        self._doubtful.put(key, value=False)
        self._known.put(sent, Draft(streams, time.monotonic(), named, updated=time.monotonic()))
        return sent

    async def _stream(self, message: Message, blocks: list[Block]) -> str:
        place = message.place
        reply = await self._api.call(
            "chat.startStream",
            channel=place.conversation,
            thread_ts=context(message).answer_to or place.thread,
            recipient_user_id=message.user,
            recipient_team_id=message.home or place.workspace,
            chunks=_chunks(blocks),
        )
        return f"{reply['channel']}/{reply['ts']}"

    async def _post(self, message: Message, blocks: list[Block]) -> str:
        fields = {"thread_ts": context(message).answer_to or None, "blocks": blocks, "text": "…"}
        reply = await self._api.call("chat.postMessage", channel=message.place.conversation, **fields, **QUIET)
        return f"{reply['channel']}/{reply['ts']}"

    async def _go_on(self, sent: str, draft: Draft, block: Block) -> None:
        draft.waiting.append(block)
        if len(draft.shown) + len(draft.waiting) > SENTENCES or time.monotonic() - draft.began > STREAM:
            draft.over = True
            return
        channel, _, ts = sent.partition("/")
        try:
            if draft.streams:
                await self._api.call("chat.appendStream", channel=channel, ts=ts, chunks=_chunks(draft.waiting))
            elif time.monotonic() - draft.updated < PAUSE:
                return
            else:
                whole = [*draft.shown, *draft.waiting]
                await self._api.call("chat.update", channel=channel, ts=ts, blocks=whole, text="…", **SAME)
        except (Refused, Uncertain):
            raise
        except PlatformError:
            draft.over = True
            raise
        draft.shown, draft.waiting, draft.updated = [*draft.shown, *draft.waiting], [], time.monotonic()


QUIET: dict[str, Any] = {
    "unfurl_links": False,
    "unfurl_media": False,
    "mrkdwn": False,
    "parse": "none",
    "link_names": False,
}
"""Nothing that stands in a message is looked up or linked."""
SAME: dict[str, Any] = {"parse": "none", "link_names": False}
"""The same for an update, whose `parse` is `client` otherwise (docs.slack.dev/reference/methods/chat.update)."""


def _chunks(blocks: list[Block]) -> list[dict[str, Any]]:
    """Return blocks as they are streamed (docs.slack.dev/reference/methods/chat.appendStream, blocks chunks)."""
    return [{"type": "blocks", "blocks": blocks}]
