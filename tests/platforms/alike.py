"""Put the same questions to Slack, to Telegram and to the terminal, and tell what differs in what people read."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from sqlalchemy import select

from adapters import terminal
from adapters.database import tables
from bot.access import ANY, NOTHING_MORE, Policy, Workspace
from bot.limits import Limits as Allowed
from bot.messages import Answer, Asker, Question
from bot.phrases import say
from bot.senders import Account
from tests.faults.door import Door, Rules
from tests.platforms import slack_scenes, telegram_scene
from tests.platforms.slack_people import TEAM
from tests.platforms.slack_server import Slack
from tests.platforms.telegram_server import Telegram

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.database.memory import Memory
    from bot.handler import Handler
    from bot.reception import Reception

GOLDEN = Path(__file__).parents[1] / "golden" / "questions.jsonl"
MUCH = 1_000_000
POLICY = Policy(
    workspaces={
        ("slack", TEAM): Workspace(rooms={ANY: NOTHING_MORE}),
        ("telegram", ""): Workspace(rooms={}),
    },
    limits=Allowed(MUCH, MUCH, MUCH, MUCH, MUCH),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one platform made of a question: outcome, verdict, places quoted, and all that was read."""

    outcome: str
    verdict: str
    places: tuple[tuple[str, str], ...]
    read: str


def questions(number: int) -> list[str]:
    """Return the first so many of the project's own questions that need no group and no history."""
    lines = (json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines())
    return [line["question"] for line in lines if not line["groups"] and not line.get("history")][:number]


async def in_terminal(handler: Handler, asked: Sequence[str]) -> list[Answer]:
    """Return the answers that the terminal shows."""
    found = []
    for text in asked:
        events = [event async for event in handler.handle(Question(text, Asker("terminal", "", "U1"), locale="de"))]
        answer = events[-1]
        assert isinstance(answer, Answer)
        found.append(answer)
    return found


def on_terminal(answer: Answer) -> str:
    """Return what is read on a terminal."""
    screen = io.StringIO()
    terminal.show(answer, Console(file=screen, width=100_000, color_system=None))
    return screen.getvalue()


async def in_slack(url: str, handler: Handler, asked: Sequence[str]) -> list[Told]:
    """Ask one question after the other in direct messages."""
    async with Slack() as slack, slack_scenes.working(slack, url, lambda kept: door(kept, handler)) as scene:
        found = []
        for number, text in enumerate(asked):
            ts = slack.say(f"U{number}", f"DU{number}", text)
            posted = await scene.answers(f"DU{number}", ts)
            found.append(await told(scene.memory, "\n".join(each.visible for each in posted)))
        assert slack.refusals == []
    return found


async def in_telegram(url: str, handler: Handler, asked: Sequence[str]) -> list[Told]:
    """Ask one question after the other in private chats."""
    telegram = Telegram()
    async with telegram_scene.playing(telegram, url, lambda kept, _: door(kept, handler)) as scene:
        found = []
        for number, text in enumerate(asked, 1):
            telegram.say(number, text, language="de")
            found.append(await told(scene.memory, "\n".join(await scene.answered(number))))
    return found


def door(kept: Memory, handler: Handler) -> Reception:
    """Return a door that is open to everybody."""
    return Door(kept, handler, Rules(replace(POLICY, admins=frozenset({Account("slack", TEAM, "U0ADMIN")})))).reception


async def told(kept: Memory, read: str) -> Told:
    """Return the last entry of the journal, with what was read."""
    newest = select(tables.journal).order_by(tables.journal.c.created.desc()).limit(1)
    async with kept.database.reading() as connection:
        row = (await connection.execute(newest)).one()
    places = tuple((str(quote["document"]), str(quote.get("section", ""))) for quote in row.quotes)
    return Told(row.outcome, row.verdict, places, read)


def differences(answer: Answer, found: Told) -> Iterator[str]:
    """Yield how what was told differs from the answer that the terminal shows."""
    if found.outcome != answer.outcome.value:
        yield f"outcome: {found.outcome}, not {answer.outcome.value}"
    if found.verdict != (answer.verdict or ""):
        yield f"verdict: {found.verdict}, not {answer.verdict}"
    if found.places != tuple((each.document, each.section) for each in answer.citations):
        yield f"places: {found.places}"
    read = _letters(found.read)
    wanted = [each.quote for each in answer.citations] + [each.text for each in answer.sentences]
    wanted += (
        [say(f"verdict_{answer.verdict.value}", answer.language)] if answer.verdict and not answer.contradiction else []
    )
    yield from (f"not shown: {text}" for text in wanted if not _shown(text, read))


def _shown(text: str, read: str) -> bool:
    """Say whether a text is read; of a row of a table, whether each cell is."""
    return all(_letters(cell) in read for cell in text.split(" | "))


def _letters(text: str) -> str:
    """Return what is seen of a text: without space, and without what keeps Telegram from making links."""
    return "".join(text.split()).replace("\u2060", "")
