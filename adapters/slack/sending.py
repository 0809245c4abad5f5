"""Bring parts of answers to Slack: blocks, and where Slack does not take them, the same words more and more simply."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from adapters.slack import blocks
from adapters.slack.api import Malformed
from adapters.slack.drafts import QUIET, SAME
from adapters.slack.receiving import context
from bot.errors import CannotTell, PlatformError, Unreachable, Vanished
from bot.messages import Kind
from bot.phrases import say
from bot.wording import signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.slack.api import Api
    from adapters.slack.receiving import Context
    from adapters.slack.rendering import Part
    from bot.messages import Message

Fields = dict[str, Any]

PAGE = 200
"""Messages of a thread that are looked through for one of ours."""
WHISPERED = "whispered"
"""Stands for the id of what only one person saw: it cannot be changed or found."""
EPHEMERAL: Fields = {
    "response_type": "ephemeral",
    "replace_original": False,
    "unfurl_links": False,
    "unfurl_media": False,
}
"""What goes to a response_url is seen by one person, and stands beside what was there."""
NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "user_not_in_channel", "is_archived"})
"""The conversation is closed to Lotse; somebody can invite it."""


class Sending:
    """Sends, changes and finds messages."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def send(self, message: Message, part: Part) -> str:
        """Send a part in reply to a message and return where it stands. Raises PlatformError."""
        said = context(message)
        if part.aside or said.whisper:
            return await self._whisper(message, part)
        arguments = {"channel": message.place.conversation, "thread_ts": said.answer_to or None, **QUIET}
        return await self._shown(message, "chat.postMessage", part, arguments)

    async def direct(self, channel: str, part: Part) -> str:
        """Send a part into somebody's direct messages, where the answer began. Raises PlatformError."""
        return await self._simply("chat.postMessage", part, {"channel": channel, **QUIET})

    async def beside(self, message: Message, part: Part, tab: str) -> str:
        """Show what stands beside the conversation to whoever opened the app. Raises PlatformError."""
        if tab == "home" and part.home:
            await self._api.call("views.publish", user_id=message.user, view=part.home)
        elif part.prompts:
            channel, found = message.place.conversation, list(part.prompts)
            await self._api.call("assistant.threads.setSuggestedPrompts", channel_id=channel, prompts=found)
        elif tab == "home":
            await self._api.call(
                "views.publish", user_id=message.user, view={"type": "home", "blocks": list(part.blocks)}
            )
        return WHISPERED

    async def change(self, message: Message, sent: str, part: Part) -> str:
        """Put a part in the place of what was sent. Raises PlatformError."""
        channel, _, ts = sent.partition("/")
        return await self._shown(message, "chat.update", part, {"channel": channel, "ts": ts, **SAME})

    async def remove(self, sent: str) -> None:
        """Take back what was sent. Raises PlatformError."""
        channel, _, ts = sent.partition("/")
        if ts:
            await self._api.call("chat.delete", channel=channel, ts=ts)

    async def find(self, message: Message, key: str) -> str | None:
        """Return where what was sent under a key stands, None if it never arrived. Raises CannotTell, PlatformError."""
        said, channel = context(message), message.place.conversation
        if said.whisper or not said.answer_to:
            raise CannotTell
        cursor: str | None = None
        while True:
            try:
                reply = await self._api.call(
                    "conversations.replies",
                    channel=channel,
                    ts=said.answer_to,
                    oldest=None if message.kind is Kind.CLICK else message.id,
                    limit=PAGE,
                    cursor=cursor,
                )
            except Unreachable as error:
                raise CannotTell from error
            for each in reply["messages"]:
                if any(str(block.get("block_id", "")).startswith(f"lotse-{key}-") for block in each.get("blocks", ())):
                    return f"{channel}/{each['ts']}"
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None

    async def _shown(self, message: Message, method: str, part: Part, arguments: Fields) -> str:
        """Show a part where a question was asked; where that can never be, tell its asker so in private. Raises PlatformError."""
        try:
            return await self._simply(method, part, arguments)
        except Unreachable as error:
            if not message.place.private:
                with suppress(PlatformError):
                    await self._tell(message, error.reason, part.language)
            raise

    async def _simply(self, method: str, part: Part, arguments: Fields) -> str:
        """Call a method with the richest form that Slack takes. Raises PlatformError."""
        for form in forms(part):
            try:
                reply = await self._api.call(method, **arguments, **form)
            except Malformed:
                continue
            return f"{reply['channel']}/{reply['ts']}"
        raise Unreachable("malformed")

    async def _whisper(self, message: Message, part: Part) -> str:
        """Send what only the sender sees: to the address that came with it, else below the message, else in private."""
        said = context(message)
        if said.respond:
            with suppress(Vanished, Unreachable):  # an address is good for half an hour
                return await self._respond(said, part)
        return await self._whisper_late(message, part)

    async def _respond(self, said: Context, part: Part) -> str:
        """Send to the address that came with a command or a press. Raises PlatformError."""
        thread = {"thread_ts": said.answer_to} if said.answer_to else {}
        for form in forms(part):
            with suppress(Malformed):
                await self._api.answer(said.respond, {**EPHEMERAL, **thread, **form})
                return WHISPERED
        raise Unreachable("malformed")

    async def _whisper_late(self, message: Message, part: Part) -> str:
        """Send what only the sender sees when the address is no good any more. Raises PlatformError."""
        channel = message.place.conversation
        if not channel.startswith("D"):
            thread = context(message).answer_to or None
            arguments = {"channel": channel, "user": message.user, "thread_ts": thread}
            for form in forms(part):
                try:
                    await self._api.call("chat.postEphemeral", **arguments, **form)
                except Malformed:
                    continue
                except (Unreachable, Vanished):
                    break
                return WHISPERED
        return await self._simply("chat.postMessage", part, {"channel": message.user, **QUIET})

    async def _tell(self, message: Message, reason: str, language: str) -> None:
        """Tell somebody in private that Lotse cannot answer where they asked."""
        phrase = "slack_not_there" if reason in NOT_THERE else "slack_not_shown"
        words = signed(say(phrase, language, reason=reason), language)
        await self._api.call("chat.postMessage", channel=message.user, text=blocks.unlinked(words), **QUIET)


def forms(part: Part) -> Iterator[Fields]:
    """Yield what a message is sent as: blocks, Slack's markup, plain words, a short error."""
    named = [dict(block) for block in part.blocks]
    digest = hashlib.sha256(json.dumps(named).encode()).hexdigest()[:8]
    named[0]["block_id"] = f"lotse-{part.key}-{digest}"
    yield {"blocks": named, "text": part.short}
    simple = list(blocks.marked(part.blocks))
    simple[0]["block_id"] = f"lotse-{part.key}-{digest}s"
    yield {"blocks": simple, "text": part.short}
    yield {"text": blocks.unlinked("\n\n".join(filter(None, map(blocks.spoken, part.blocks)))), "blocks": []}
    reference = part.key.partition("-")[0]
    yield {
        "text": blocks.unlinked(signed(say("unexpected", part.language, reference=reference), part.language)),
        "blocks": [],
    }
