"""Keep what a model may use in a day: when it is used up, answers are quoted until the next one."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import limits
from bot.administration import clock
from bot.messages import Answer, Outcome
from bot.phrases import say

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.limits import Allowance
    from bot.messages import Event, Question
    from bot.people import Counter, Policies
    from bot.ports import Answers

RESERVED = 8_000
"""Tokens that are set aside before a model is asked: more than an answer takes, with its restated question."""
UNWRITTEN = frozenset({Outcome.QUOTED, Outcome.NOT_FOUND})


class Metered:
    """Puts questions to the handler and counts what its model uses, for all replicas together."""

    def __init__(self, handler: Answers, counter: Counter, policies: Policies) -> None:
        self._handler, self._counter, self._policies = handler, counter, policies

    @property
    def writes(self) -> bool:
        """Say whether a model writes answers."""
        return self._handler.writes

    async def ready(self) -> None:
        """Load now what the first question would wait for."""
        await self._handler.ready()

    def forget(self) -> None:
        """Empty the memory of what was asked and written."""
        self._handler.forget()

    async def handle(self, question: Question) -> AsyncGenerator[Event]:
        """Do what Handler.handle does. Raises Unavailable too."""
        allowance, now = limits.tokens(self._policies.policy().limits), datetime.now(UTC)
        reserved = min(RESERVED, allowance.most) if self._handler.writes else 0
        spent = bool(reserved) and await self._counter.take((allowance,), now, reserved) is not None
        used = 0
        try:
            async with aclosing(self._handler.handle(replace(question, unwritten=spent))) as events:
                async for event in events:
                    if isinstance(event, Answer):
                        used = _used(event)
                        yield _told(event, allowance, now) if spent else event
                    else:
                        yield event
        finally:
            if reserved and not spent:
                await self._counter.take((allowance,), now, used - reserved)


def _used(answer: Answer) -> int:
    writing = answer.writing
    return writing.prompt_tokens + writing.completion_tokens if writing and not writing.cached else 0


def _told(answer: Answer, allowance: Allowance, now: datetime) -> Answer:
    """Return an answer that says why no model wrote it."""
    if answer.outcome not in UNWRITTEN:
        return answer
    why = say("tokens_spent", answer.language, time=clock(allowance.renewed(now)))
    return replace(answer, notice="\n".join(filter(None, (answer.notice, why))))
