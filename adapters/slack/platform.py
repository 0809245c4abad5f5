"""Slack as a platform of the core: what is said to Lotse comes in, answers go out."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from slack_bolt.response import BoltResponse

from adapters.slack import home, receiving, rendering
from adapters.slack.api import Api, StillStreaming, word_of
from adapters.slack.drafts import Drafts
from adapters.slack.progress import Telling
from adapters.slack.receiving import NAME, Identity, context
from adapters.slack.rendering import parts
from adapters.slack.sending import EPHEMERAL, WHISPERED, Sending
from adapters.slack.socket import Socket
from adapters.slack.vouching import Vouching
from bot import buttons, wording
from bot.buttons import Action
from bot.cache import Cache
from bot.commands import Command
from bot.errors import CannotTell, PlatformError, Vanished
from bot.messages import Progress, Wrote
from bot.phrases import say
from bot.visits import prose
from knowledge.language import detect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from bot.messages import Answer, Message, Place, Sign
    from bot.ports import Desk

    Fields = Mapping[str, Any]

PRESSES = 5000
"""Presses that are remembered, so that the same one delivered again is told from a second one."""
GLANCE = 0.4
"""Seconds that a look at somebody may take before a command of theirs is acknowledged."""
TRIGGER = 2.0
"""Seconds that a form may take to open: a press has to be acknowledged within three."""
_log = logging.getLogger("lotse.slack")


class SlackPlatform:
    """One workspace, with a bot token for the Web API and an app-level token for Socket Mode."""

    name = NAME

    def __init__(self, bot_token: str, app_token: str, url: str = "", language: str = "en") -> None:
        self._api, self._app_token, self._language = Api(bot_token, url), app_token, language
        self._drafts, self._sending = Drafts(self._api), Sending(self._api)
        self._vouching, self._telling = Vouching(self._api), Telling(self._api)
        self._presses: Cache[bool] = Cache(PRESSES)
        self._desk: Desk | None = None
        self._me: Identity | None = None
        self._beside: set[asyncio.Task[None]] = set()

    # receiving

    async def listen(self, desk: Desk) -> None:
        """Hand in what is said to Lotse, until cancelled."""
        self._desk = desk
        self._me = await self._introduce(desk)
        await Socket(self._api, self._app_token, self._take).run(
            lambda well: desk.heard(well=well, reason="" if well else "disconnected")
        )

    async def _introduce(self, desk: Desk) -> Identity:
        """Ask Slack who Lotse is there, until it says so; health shows meanwhile that it does not."""
        pause = 0.5
        while True:
            try:
                reply = await self._api.call("auth.test")
                return Identity(reply["team_id"], reply["user_id"], reply.get("bot_id", ""))
            except PlatformError as error:
                reason = word_of(error)
                desk.heard(well=False, reason=reason)
                _log.warning("Slack does not say who we are", extra={"reason": reason})
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)

    async def _take(self, body: Fields) -> BoltResponse | None:
        """Write down what is said to Lotse. Raises Unavailable; then it is not acknowledged and comes again."""
        if body.get("type") == "event_callback":
            await self._event(body)
            return None
        if "command" in body:
            return await self._command(body)
        if body.get("type") == "block_actions":
            await self._press(body)
        elif body.get("type") == "view_submission" and (said := receiving.feedback(body, self._identity)):
            await self._receive(said)
        return None

    @property
    def _identity(self) -> Identity:
        assert self._me is not None  # noqa: S101 - listen knows who we are before anything is delivered
        return self._me

    async def _receive(self, message: Message) -> bool:
        assert self._desk is not None  # noqa: S101 - the same
        return await self._desk.receive(message)

    async def _event(self, body: Fields) -> None:
        said = receiving.event(body, self._identity)
        if said is None or self._desk is None:
            return
        if context(said).overheard:
            if said.revision and await self._desk.answered(said):
                said = receiving.settled(said)
            elif not await self._desk.asked(receiving.root(said)):
                return
        await (self._desk.revise if said.revision else self._desk.receive)(said)

    async def _command(self, body: Fields) -> BoltResponse:
        said = receiving.command(body, self._identity)
        if said is None:
            return BoltResponse(status=200)
        await self._receive(said)
        words = say("slack_moment", detect(prose(said.text)) or await self._locale(said) or self._language)
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": words})

    async def _locale(self, said: Message) -> str:
        """Return the language in which somebody uses Slack; nothing where Slack does not tell at once."""
        with suppress(PlatformError, TimeoutError):
            async with asyncio.timeout(GLANCE):
                await self._vouching.standing(said.user, said.place.workspace)
        return self._vouching.locale(said.user)

    async def _press(self, body: Fields) -> None:
        said = receiving.pressed(body, self._identity)
        if said is None:
            await self._give(body)
            return
        if await self._form(body, said):
            return
        assert self._desk is not None  # noqa: S101 - listen sets it before anything is delivered
        press = f"{said.id} {body['actions'][0].get('action_ts', '')}"
        if await self._desk.press(said):
            self._presses.put(press, True)  # noqa: FBT003 - it was met
        elif self._presses.get(press) is None:
            self._aside(self._again(said, self._spoken(body, said)))

    async def _give(self, body: Fields) -> None:
        """Take a command from the Home tab; a language that was chosen is shown there at once."""
        command = receiving.given(body, self._identity)
        if command and await self._receive(command) and command.text.startswith(f"/{Command.LANGUAGE.value}"):
            await self._receive(receiving.again(command))

    async def _form(self, body: Fields, said: Message) -> bool:
        """Ask in a form what was wrong with an answer; False: there is none, so the core asks with buttons."""
        press = buttons.read(said.text)
        if press is None or press.action is not Action.UNHELPFUL:
            return False
        form = home.form(said.text, said.place.conversation, context(said).respond, self._spoken(body, said))
        try:
            async with asyncio.timeout(TRIGGER):
                await self._api.call("views.open", trigger_id=body.get("trigger_id"), view=form)
        except (PlatformError, TimeoutError) as error:
            _log.info("no form", extra={"reason": type(error).__name__})
            return False
        return True

    def _spoken(self, body: Fields, said: Message) -> str:
        """Return the language in which to speak to whoever pressed a button: that of the answer, else their own."""
        return receiving.spoken(body) or self._vouching.locale(said.user) or self._language

    async def _again(self, said: Message, language: str) -> None:
        """Tell somebody that they pressed this before."""
        await self._api.answer(
            context(said).respond, {**EPHEMERAL, "text": wording.signed(say("press_again", language), language)}
        )

    def _aside(self, work: Any) -> None:  # noqa: ANN401 - a coroutine
        """Do something that nobody waits for."""

        async def _quietly() -> None:
            try:
                await work
            except PlatformError as error:
                _log.info("left out", extra={"reason": type(error).__name__})

        task = asyncio.create_task(_quietly())
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def vouch(self, message: Message) -> Message | None:
        """Return a message with what Slack says of its sender, None when it was said to other people. Raises PlatformError."""
        return await self._vouching.vouch(message)

    # sending

    def render(self, answer: Answer, message: Message) -> Sequence[str]:
        """Return an answer as messages of Slack."""
        return [part.written() for part in parts(answer, message)]

    async def send(self, message: Message, part: str, key: str) -> str:
        """Send a part, in the place of a draft of which it was not known whether it arrived. Raises PlatformError."""
        draft = f"{key.rpartition('-')[0]}-0"
        if key.endswith("-1") and self._drafts.is_doubtful(draft):
            try:
                if found := await self._sending.find(message, draft):
                    return await self.edit(message, found, part)
            except CannotTell:
                pass
        read = rendering.read(part)
        if tab := context(message).tab:
            return await self._sending.beside(message, read, tab)
        if channel := self._telling.channel(key):
            return await self._sending.direct(channel, read)
        return await self._sending.send(message, read)

    async def edit(self, message: Message, sent: str, part: str) -> str:
        """Put a part in the place of what was sent. Raises PlatformError."""
        if sent == WHISPERED:
            return await self._sending.send(message, rendering.read(part))
        if self._drafts.streams(sent):
            await self._drafts.end(sent)
        self._drafts.forget(sent)
        try:
            return await self._sending.change(message, sent, rendering.read(part))
        except StillStreaming:  # begun by a process that is no more
            await self._drafts.end(sent)
            return await self._sending.change(message, sent, rendering.read(part))

    async def remove(self, place: Place, sent: str) -> None:
        """Take back what was sent; what one person saw for a while cannot be. Raises PlatformError."""
        del place
        if sent == WHISPERED:
            return
        try:
            await self._sending.remove(sent)
        except Vanished:
            _log.info("gone already")

    async def find(self, message: Message, key: str) -> str | None:
        """Return where what was sent under a key stands. Raises CannotTell, PlatformError."""
        return await self._sending.find(message, key)

    async def show(self, message: Message, sign: Sign, key: str, sent: str) -> str:
        """Show that Lotse is at work, or a sentence that it wrote. Raises PlatformError."""
        said = context(message)
        if said.whisper or not said.answer_to:
            return await self._telling.show(message, sign, key, sent) if isinstance(sign, Progress) else sent
        if isinstance(sign, Wrote):
            if not sent and self._drafts.is_doubtful(key):
                sent = await self._sending.find(message, key) or ""
            return await self._drafts.show(message, sign, key, sent)
        if not sent:
            words = wording.sign(sign)
            await self._api.call(
                "assistant.threads.setStatus",
                channel_id=message.place.conversation,
                thread_ts=said.answer_to,
                status=words,
                loading_messages=[words],
            )
        return sent

    async def ended(self, message: Message, key: str) -> None:
        """Slack takes a status away by itself, when an answer comes or after two minutes."""

    async def close(self) -> None:
        """Let go of connections."""
        for task in self._beside:
            task.cancel()
        await self._api.close()
