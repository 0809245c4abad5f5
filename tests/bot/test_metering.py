"""What a model may use in a day is counted, set aside before it is asked and given back; without it, answers are quoted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from bot import journal
from bot.access import Policy
from bot.limits import Limits
from bot.messages import Answer, Asker, Drop, Outcome, Question, Writing
from bot.metering import RESERVED, Metered
from bot.ports import Task
from tests.chats import message
from tests.fakes import Tally

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.messages import Event

QUESTION = Question("May I?", Asker("fake", "W1", "U1"))
WRITING = Writing("gpt", drops=(Drop("x", ("number", "negation")),), prompt_tokens=3000, completion_tokens=200, calls=2)


@dataclass
class Scribe:
    """Answers that say whether a model wrote them."""

    writes: bool = True
    writing: Writing = WRITING
    outcome: Outcome = Outcome.QUOTED
    fails: bool = False
    forgot: int = 0

    async def ready(self) -> None:
        return None

    def forget(self) -> None:
        self.forgot += 1

    async def handle(self, question: Question) -> AsyncGenerator[Event]:
        if self.fails:
            raise ConnectionError
        quoted = Answer("1", question.text, "en", self.outcome, "text")
        wrote = self.writes and not question.unwritten
        yield replace(quoted, outcome=Outcome.WRITTEN, writing=self.writing) if wrote else quoted


@dataclass
class House:
    """A policy with so many tokens a day."""

    tokens: int

    def policy(self) -> Policy:
        return Policy(limits=Limits(tokens_day=self.tokens))


@dataclass
class Meter:
    """What is metered, and what was counted."""

    tokens: int
    scribe: Scribe = field(default_factory=Scribe)
    tally: Tally = field(default_factory=Tally)

    async def ask(self) -> Answer:
        metered = Metered(self.scribe, self.tally, House(self.tokens))
        (answer,) = [event async for event in metered.handle(QUESTION)]
        assert isinstance(answer, Answer)
        return answer

    @property
    def used(self) -> int:
        return sum(self.tally.counts.values())


async def test_what_was_set_aside_and_not_used_is_given_back() -> None:
    meter = Meter(100_000)
    assert (await meter.ask()).outcome is Outcome.WRITTEN
    assert meter.used == 3200


async def test_when_the_day_is_used_up_the_handbook_is_quoted_and_the_notice_says_so() -> None:
    meter = Meter(RESERVED + 5000)
    ended = [await meter.ask() for _ in range(4)]
    assert [each.outcome for each in ended] == [Outcome.WRITTEN] * 2 + [Outcome.QUOTED] * 2
    assert "share for today" in ended[-1].notice
    assert meter.used == 6400


async def test_what_came_from_memory_uses_nothing() -> None:
    meter = Meter(100_000, Scribe(writing=replace(WRITING, cached=True)))
    await meter.ask()
    assert meter.used == 0


async def test_without_a_model_nothing_is_counted() -> None:
    meter = Meter(100_000, Scribe(writes=False))
    assert (await meter.ask()).notice == ""
    assert meter.tally.counts == {}


async def test_a_failure_gives_back_what_was_set_aside() -> None:
    meter = Meter(100_000, Scribe(fails=True))
    with pytest.raises(ConnectionError):
        await meter.ask()
    assert meter.used == 0


async def test_tokens_and_drops_stand_in_the_journal() -> None:
    answer = await Meter(100_000).ask()
    asked = message(1)
    entry = journal.entry(Task("1", asked, asked.written), answer, 1, late=False, error="")
    assert entry.tokens == {"prompt": 3000, "completion": 200}
    assert entry.drops == {"number": 1, "negation": 1}
