"""Handler.handle: the only door through which every adapter's questions go."""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import answerer, sought, wording
from bot.following import goes_on
from bot.intent import Intent, intent
from bot.messages import Answer, Outcome, Role, Searching
from bot.quoting import Message, Quoting
from knowledge import remembered
from knowledge.findings import Reader
from knowledge.language import detect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.messages import Event, Question
    from bot.ports import Finder
    from bot.quoting import Defaults
    from bot.written import Otherwise, Request, WrittenAnswers
    from knowledge.findings import Findings
    from knowledge.glossary import Glossary

LONGEST = 2000
"""Characters of a message that are read."""


class Handler:
    """Answers questions. One for the whole process; it keeps nothing between two questions, but what a model wrote lately."""

    def __init__(
        self, finder: Finder, defaults: Defaults, glossary: Glossary, writing: WrittenAnswers | None = None
    ) -> None:
        self._finder = finder
        self._defaults = defaults
        self._glossary = glossary
        self._writing = writing

    @property
    def writes(self) -> bool:
        """Say whether a model writes answers."""
        return self._writing is not None

    async def ready(self) -> None:
        """Load now what the first question would wait for."""
        if self._writing is not None:
            await self._writing.ready()

    def forget(self) -> None:
        """Empty the memory of what was asked and written."""
        remembered.forget()
        if self._writing is not None:
            self._writing.forget()

    async def handle(self, question: Question) -> AsyncGenerator[Event]:
        """Yield signs of life and, last, exactly one Answer. Raises KnowledgeError."""
        with self._finder.steady() as finder:
            turn = _Turn(question, self._defaults.language)
            if turn.message.intent in SMALL_TALK:
                yield turn.decline()
                return
            quoting = Quoting(finder, self._glossary, self._defaults)
            findings, answer = await asyncio.to_thread(turn.quote, finder, quoting)
            yield Searching(findings.documents, turn.language)
            if self._writing is None or question.unwritten or not turn.is_open(answer):
                yield turn.finish(answer)
                return
            request, otherwise = turn.request(finder, findings), turn.otherwise(quoting, answer)
            async with aclosing(self._writing.answer(request, otherwise)) as events:
                async for event in events:
                    yield turn.finish(event) if isinstance(event, Answer) else event


SMALL_TALK = frozenset(Intent) - {Intent.QUESTION, Intent.INCIDENT}


class _Turn:
    """One question on its way to its answer."""

    def __init__(self, question: Question, default: str) -> None:
        self._question = question
        self._started = time.perf_counter()
        self._timings: dict[str, float] = {}
        self.language = self._told_language(default)
        today = question.today or datetime.now(UTC).astimezone().date()
        text = question.text[:LONGEST]
        reader = Reader(question.asker.groups, today)
        self._earlier = tuple(question.history) if goes_on(text, self.language) else ()
        self.message = Message(text, intent(text), self.language, reader, follows=bool(self._earlier))
        self._notices = [wording.cut(LONGEST, self.language)] if len(question.text) > LONGEST else []

    def _told_language(self, default: str) -> str:
        """Return the language to answer in: the one that was set, the question's, an earlier one's, the default."""
        earlier = (turn.text for turn in reversed(self._question.history) if turn.role is Role.USER)
        said = (self._question.text[:LONGEST], *earlier)
        fallback = self._question.locale or default
        return self._question.language or next(filter(None, map(detect, said)), fallback)

    def decline(self) -> Answer:
        """Return the friendly sentence for a message that asks nothing."""
        text = wording.declined(self.message.intent, self.language)
        return self.finish(Answer("", self._question.text, self.language, Outcome.DECLINED, text))

    def find(self, finder: Finder) -> Findings:
        """Search the handbook."""
        history = tuple(turn.text[:LONGEST] for turn in self._earlier)
        findings = sought.first(
            self.message.text, finder.find(self.message.text, self.language, self.message.reader, history)
        )
        if findings.fallback:
            self._notices.append(wording.fallback(findings.created.astimezone().date(), self.language))
        self._timings["find"] = _since(self._started)
        return findings

    def quote(self, finder: Finder, quoting: Quoting) -> tuple[Findings, Answer]:
        """Search, and answer by quoting: in one go, because handing work to a thread takes longer than some steps of it."""
        findings = self.find(finder)
        return findings, self.made(quoting.answer(self.message, findings), findings)

    def made(self, answer: Answer, findings: Findings) -> Answer:
        """Return an answer with what it was made from."""
        return replace(answer, generation=findings.generation, retrieved=answerer.retrieved(findings, answer.retrieved))

    def is_open(self, answer: Answer) -> bool:
        """Say whether a model may write in place of an answer: not where a person has to be called, or has to say more."""
        return self.message.intent is Intent.QUESTION and answer.outcome in (Outcome.QUOTED, Outcome.NOT_FOUND)

    def request(self, finder: Finder, findings: Findings) -> Request:
        """Return what shall be written. A model gets the asker's own earlier messages, never what was answered."""
        from bot.written import Request

        history = tuple(turn.text[:LONGEST] for turn in self._earlier)
        earlier = tuple(turn.text[:LONGEST] for turn in self._question.history if turn.role is Role.USER and turn.own)
        said = (self.message.text, self.language, self.message.reader)
        return Request(*said, finder, findings, earlier, history, whole=self._question.text)

    def otherwise(self, quoting: Quoting, quoted: Answer) -> Otherwise:
        """Return what is answered when nothing is written."""
        from bot.written import Otherwise

        def nothing(findings: Findings) -> Answer:
            return self.made(quoting.nothing(self.message, findings, quoted.confidence), findings)

        return Otherwise(quoted, nothing)

    def finish(self, answer: Answer) -> Answer:
        """Return an answer with its id, the time that it took, and what else there is to say."""
        notices = dict.fromkeys(filter(None, (*answer.notice.split("\n"), *self._notices)))
        self._timings["total"] = _since(self._started)
        return replace(
            answer,
            id=self._question.id or secrets.token_hex(6),
            question=self._question.text,
            notice="\n".join(notices),
            milliseconds=dict(self._timings),
        )


def _since(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 2)
