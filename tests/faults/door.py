"""A door for tests: the reception on a real database, in front of a handler over a small handbook."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from adapters.database.connection import url_of
from adapters.database.memory import remember
from bot import journal
from bot.access import ANY, NOTHING_MORE, Policy, Workspace
from bot.administration import Administration
from bot.messages import Answer, Message, Place, Progress
from bot.overview import Known
from bot.phrases import say
from bot.ports import Ending, Task
from bot.reception import Manners, Reception, Registers
from bot.retention import Retention
from bot.self_service import SelfService
from bot.senders import Account, Membership
from bot.visits import account
from knowledge.language import LANGUAGES
from tests.fakes import WordEmbedder
from tests.handbooks import asking, page, take_in, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from adapters.database.memory import Memory
    from bot.handler import Handler
    from bot.ports import Answers

ADMIN = Account("fake", "W1", "U0ADMIN")
HANDBOOK = {
    "open.md": page("# Tools\n\nCustomer data never goes into ChatGPT. DeepL Pro is approved.", title="Tools"),
    "hr.md": page("# Payroll\n\nPayroll lists may go into ChatGPT Enterprise.", title="Payroll", audience="hr"),
}
POLICY = Policy(
    workspaces={
        ("fake", "W1"): Workspace(rooms={ANY: NOTHING_MORE, "C0HR": frozenset({"hr"})}),
        ("phone", ""): Workspace(rooms={}, pairing=True),
    },
    reads={Account("fake", "W1", "U0HR"): frozenset({"hr"})},
    groups={"hr": frozenset({"hr"})},
    admins=frozenset({ADMIN}),
    blocked=frozenset({Account("fake", "W1", "U0GONE")}),
)


@contextmanager
def handbook(place: Path) -> Iterator[Handler]:
    """Give a handler over the small handbook."""
    take_in(write(place / "handbook", HANDBOOK), place / "data", WordEmbedder())
    with asking(place / "data", WordEmbedder()) as opened:
        yield opened


async def emptied(folder: Path) -> Path:
    """Put a database with its tables and nothing else into a folder, to be copied, and return the folder."""
    await (await remember(url_of("", folder))).close()
    return folder


@dataclass
class Shelf:
    """A Handbook that says what it was asked."""

    asked: list[str] = field(default_factory=list)

    async def status(self, language: str) -> str:
        self.asked.append("status")
        return f"status in {language}"

    async def troubles(self, language: str) -> tuple[str, ...]:
        return (f"trouble in {language}",)

    async def known(self, groups: frozenset[str]) -> tuple[Known, ...]:
        closed = (Known("hr.md", "Payroll", review_by=date(2026, 1, 1)),) if "hr" in groups else ()
        return (*closed, Known("open.md", "Tools", date(2026, 3, 1)))

    async def take_in(self, language: str, told: Callable[[Progress], None]) -> str:
        self.asked.append("take in")
        told(Progress("read", 1, 2, language))
        await asyncio.sleep(0)
        return f"report in {language}"


@dataclass
class Rules:
    """Policies that a test changes."""

    now: Policy = POLICY

    def policy(self) -> Policy:
        return self.now


@dataclass
class Door:
    """Where people of a test knock."""

    memory: Memory
    handler: Answers
    rules: Rules = field(default_factory=Rules)
    handbook: Shelf = field(default_factory=Shelf)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        kept = self.memory
        self.reception = Reception(
            self.handler,
            Registers(
                self.rules,
                kept.people,
                kept.invitations,
                kept.counter,
                kept.conversations,
                kept.journal,
                kept.conversations,
            ),
            SelfService(kept.people, kept.opinions, Retention(), "dpo@firm.example"),
            Administration(
                kept.invitations,
                kept.audit,
                kept.opinions,
                self.handbook,
                lambda code: f"https://chat.example/{code}",
            ),
            Manners("en", "ext. 4400"),
        )

    def message(self, user: str, text: str, **fields: Any) -> Message:  # noqa: ANN401 - fields of Message
        """Return what somebody says in private, or wherever the fields say."""
        number = next(self.numbers)
        given: dict[str, Any] = {
            "place": Place("fake", "W1", f"D{user}", private=True),
            "id": f"q{number}",
            "user": user,
            "text": text,
            "written": datetime.now(UTC),
            "membership": Membership.MEMBER,
            "home": "" if fields.get("place", SHARED).platform == "phone" else "W1",
        }
        return Message(**(given | fields))

    async def answer(self, user: str, text: str, **fields: Any) -> Answer | None:  # noqa: ANN401 - fields of Message
        """Return the answer to what somebody says."""
        message = self.message(user, text, **fields)
        return await self.said(Task(f"{next(self.numbers):012x}", message, datetime.now(UTC)))

    async def kept(self, user: str, text: str, **fields: Any) -> str:  # noqa: ANN401 - fields of Message
        """Let somebody be answered as a worker does, and return the id of what was written down."""
        await self.memory.inbox.receive(self.message(user, text, **fields))
        (task,) = await self.memory.inbox.claim("fake", 1)
        answer = await self.said(task)
        assert answer
        noted = journal.entry(task, answer, 1, late=False, error="")
        await self.memory.outbox.keep(task, journal.kept(answer, ("sent",), noted))
        await self.memory.outbox.finish(task, Ending.ANSWERED)
        return task.reference

    async def said(self, task: Task) -> Answer | None:
        """Return what the reception says to a task."""
        events = [event async for event in self.reception.respond(task)]
        if not events:
            return None
        last = events[-1]
        assert isinstance(last, Answer)
        assert [event for event in events if isinstance(event, Answer)] == [last]
        if last.introduces:  # as is noted when an answer is written down
            await self.memory.people.welcome(account(task.message))
        return last

    async def text(self, user: str, text: str, **fields: Any) -> str:  # noqa: ANN401 - fields of Message
        """Return what is said, without the introduction of a first contact or the line on who says it; "" for silence."""
        answer = await self.answer(user, text, **fields)
        return unsigned(answer.text) if answer else ""

    def change(self, **fields: Any) -> None:  # noqa: ANN401 - fields of Policy
        """Change the access file."""
        self.rules.now = replace(self.rules.now, **fields)


def unsigned(text: str) -> str:
    """Return what is said without the line that tells who says it."""
    for language in LANGUAGES:
        text = text.removesuffix(f"\n\n{say('automatic', language)}")
    return text


PHONE = Place("phone", "", "D1", private=True)
SHARED = Place("fake", "W1", "C0ALL")
