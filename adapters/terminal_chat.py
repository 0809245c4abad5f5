"""The terminal as a chat platform: what is typed goes through the inbox, like a message from anywhere else."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters import terminal, wiring
from adapters.database.replicas import PERIOD
from adapters.serving import start
from adapters.serving.desk import InboxDesk
from adapters.serving.health import Health
from adapters.serving.metrics import Metrics
from bot import wording
from bot.errors import CannotTell, Unavailable
from bot.inbox import Worker
from bot.messages import Message, Place
from bot.phrases import say
from bot.responder import QuestionResponder
from bot.senders import Membership
from knowledge import generations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.status import Status

    from adapters.database.memory import Memory
    from adapters.settings import Settings
    from bot.messages import Answer, Sign
    from bot.ports import Desk

KIND = "terminal"


async def chat(settings: Settings, groups: frozenset[str], language: str, console: Console) -> None:
    """Talk until an empty line or the end of input. Raises Unavailable, KnowledgeError."""
    generations.live(settings.data_dir)
    remembered = await wiring.memory(settings)
    platform, health, metrics = TerminalPlatform(console, language), Health(), Metrics()
    answers = QuestionResponder(wiring.handler(settings), remembered.conversations, lambda _: groups)
    worker = Worker(platform, remembered.inbox, remembered.outbox, answers, health, start.limits(settings))
    running = [asyncio.create_task(worker.run()), asyncio.create_task(_live(remembered))]
    try:
        desk = InboxDesk(remembered.inbox, remembered.replicas, worker, platform.name, health, metrics)
        await platform.listen(desk)
    finally:
        worker.stop()
        await running[0]
        running[1].cancel()
        await remembered.replicas.leave()
        await remembered.close()


async def _live(remembered: Memory) -> None:
    """Show the replicas that may serve on the same database that this process lives."""
    while True:
        with suppress(Unavailable):
            await remembered.replicas.beat()
        await asyncio.sleep(PERIOD)


class TerminalPlatform:
    """One conversation at one terminal. No other process can answer here, so its name is its own."""

    def __init__(self, console: Console, language: str) -> None:
        self._console, self._language = console, language
        self.name = f"{KIND}-{secrets.token_hex(4)}"
        self._place = Place(self.name, "", KIND, private=True)
        self._answers: dict[str, Answer] = {}
        self._answered = asyncio.Event()
        self._status: Status | None = None

    async def listen(self, desk: Desk) -> None:
        """Hand in what is typed, one line after the other was answered, until an empty line or the end of input."""
        self._console.print(say("chat_intro", self._language), style="dim")
        number = 0
        while text := await asyncio.to_thread(terminal.read, self._console, self._language):
            number += 1
            self._answered.clear()
            self._status = self._console.status("…")
            self._status.start()
            await desk.receive(self._message(number, text))
            await self._answered.wait()
        self._console.print(say("chat_bye", self._language), style="dim")

    def _message(self, number: int, text: str) -> Message:
        member = Membership.MEMBER
        return Message(
            self._place, str(number), KIND, text, datetime.now(UTC), locale=self._language, membership=member
        )

    async def vouch(self, message: Message) -> Message:
        """Leave it as it is: whoever sits at this machine is known."""
        return message

    def render(self, answer: Answer, message: Message) -> Sequence[str]:
        """Return the answer's words; on the screen it is shown in its parts."""
        self._answers[message.id] = answer
        return (answer.text,)

    async def send(self, message: Message, part: str, key: str) -> str:
        """Show the answer."""
        if self._status:
            self._status.stop()
        self._console.print()
        if answer := self._answers.pop(message.id, None):
            terminal.show(answer, self._console)
        else:
            self._console.print(part, markup=False)
        self._console.print()
        self._answered.set()
        return key

    async def edit(self, message: Message, sent: str, part: str) -> str:
        """Show the answer below: what stands on a terminal stays."""
        return await self.send(message, part, sent)

    async def remove(self, place: Place, sent: str) -> None:
        """Leave it: what stands on a terminal stays."""

    async def find(self, message: Message, key: str) -> str | None:  # noqa: ARG002 - it never does
        """Not know: a terminal does not tell what it has shown."""
        raise CannotTell

    async def show(self, message: Message, sign: Sign, key: str, sent: str) -> str:  # noqa: ARG002 - one line for all signs
        """Say what is going on, on a line that goes away."""
        if self._status:
            self._status.update(wording.sign(sign))
        return ""

    async def ended(self, message: Message, key: str) -> None:
        """Leave the line: the answer has taken it away."""

    async def close(self) -> None:
        """Hold nothing."""
