"""Handler.handle: the only door through which every adapter's questions go."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import answerer, choosing, wording
from bot.intent import Intent, intent
from bot.messages import Answer, Outcome, Retrieved, Role, Searching
from knowledge.language import LANGUAGES, detect
from knowledge.search import Reader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.messages import Event, Question
    from bot.ports import Finder
    from knowledge.search import Findings

LONGEST = 2000
"""Characters of a message that are read."""
SHOWN = 10
"""Passages named under `retrieved`."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What an answer falls back on: a language, whom to ask, whom to tell about an incident."""

    language: str
    contact: str = ""
    incident_contact: str = ""


class Handler:
    """Answers questions. One for the whole process; it keeps nothing between two questions."""

    def __init__(self, finder: Finder, defaults: Defaults) -> None:
        self._finder = finder
        self._defaults = defaults

    async def handle(self, question: Question) -> AsyncIterator[Event]:
        """Yield signs of life and, last, exactly one Answer. Raises KnowledgeError."""
        with self._finder.steady() as finder:
            turn = _Turn(question, finder, self._defaults)
            if turn.intent in SMALL_TALK:
                yield turn.decline()
                return
            findings = await asyncio.to_thread(turn.find)
            yield Searching(findings.documents, turn.language)
            yield await asyncio.to_thread(turn.answer, findings)


SMALL_TALK = frozenset(Intent) - {Intent.QUESTION, Intent.INCIDENT}


class _Turn:
    """One question on its way to its answer."""

    def __init__(self, question: Question, finder: Finder, defaults: Defaults) -> None:
        self._question = question
        self._finder = finder
        self._defaults = defaults
        self._started = time.perf_counter()
        self._timings: dict[str, float] = {}
        self._text = question.text[:LONGEST]
        self.intent = intent(self._text)
        self.language = self._told_language()
        self._notices = [wording.cut(LONGEST, self.language)] if len(question.text) > LONGEST else []
        self._reader = Reader(question.asker.groups, question.today or datetime.now(UTC).astimezone().date())

    def _told_language(self) -> str:
        """Return the language to answer in: the one that was set, the question's, an earlier one's, the default."""
        said = (self._text, *(turn.text for turn in reversed(self._question.history) if turn.role is Role.USER))
        fallback = self._question.locale or self._defaults.language
        return self._question.language or next(filter(None, map(detect, said)), fallback)

    def decline(self) -> Answer:
        """Return the friendly sentence for a message that asks nothing."""
        return self._finish(self._empty(Outcome.DECLINED, wording.declined(self.intent, self.language)))

    def find(self) -> Findings:
        """Search the handbook."""
        history = tuple(turn.text[:LONGEST] for turn in self._question.history)
        findings = self._finder.find(self._text, self.language, self._reader, history)
        if findings.fallback:
            self._notices.append(wording.fallback(findings.created.astimezone().date(), self.language))
        self._lap("find")
        return findings

    def answer(self, findings: Findings) -> Answer:
        """Return the answer: quotes, or an honest no."""
        confidence = answerer.confidence(findings.signals) if findings.found else 0.0
        quotes = choosing.choose(self._text, findings)
        if self.intent is Intent.INCIDENT:
            answer = self._incident(quotes)
        elif quotes and confidence >= answerer.ANSWERABLE:
            answer = self._quoted(quotes)
        else:
            answer = self._not_found(findings, confidence)
        found = tuple(
            Retrieved(f.passage.document, answerer.place(f), f.passage.text, round(f.score, 4))
            for f in findings.found[:SHOWN]
        )
        return self._finish(
            replace(answer, generation=findings.generation, confidence=round(confidence, 4), retrieved=found)
        )

    def _quoted(self, quotes: tuple[choosing.Quote, ...]) -> Answer:
        sentences, citations = answerer.cite(quotes)
        text = wording.quoted(citations, self.language)
        answer = self._empty(Outcome.QUOTED, text)
        return replace(
            answer,
            sentences=sentences,
            citations=citations,
            contact=quotes[0].found.metadata.contact or self._defaults.contact,
        )

    def _incident(self, quotes: tuple[choosing.Quote, ...]) -> Answer:
        """Return what to do now: whom to tell first, then what the handbook says."""
        alarms = filter(None, map(self._alarm, LANGUAGES))
        first = max(alarms, key=lambda quote: (choosing.is_urgent(quote), quote.value), default=None)
        both = (
            *((first,) if first else ()),
            *(quote for quote in quotes if first is None or not quote.overlaps(first)),
        )
        kept = choosing.fitting(both)
        contact = self._defaults.incident_contact
        sentences, citations = answerer.cite(kept)
        text = wording.incident(citations, contact, self.language)
        return replace(self._empty(Outcome.QUOTED, text), sentences=sentences, citations=citations, contact=contact)

    def _alarm(self, language: str) -> choosing.Quote | None:
        """Return the place that says whom to tell; the handbook may say it in one language only."""
        return choosing.alarm(self._finder.find(wording.incident_query(language), language, self._reader))

    def _not_found(self, findings: Findings, confidence: float) -> Answer:
        near = answerer.nearest(findings)
        nearest = findings.found[0].metadata.contact if findings.found and confidence >= answerer.RELATED else ""
        contact = nearest or self._contact(findings.contact)
        text = wording.not_found(near, contact, self.language)
        return replace(self._empty(Outcome.NOT_FOUND, text), nearest=near, contact=contact)

    def _contact(self, of_handbook: str) -> str:
        return self._defaults.contact or of_handbook

    def _empty(self, outcome: Outcome, text: str) -> Answer:
        return Answer(self._question.id or secrets.token_hex(6), self._question.text, self.language, outcome, text)

    def _finish(self, answer: Answer) -> Answer:
        self._timings["total"] = _since(self._started)
        return replace(answer, notice="\n".join(self._notices), milliseconds=dict(self._timings))

    def _lap(self, phase: str) -> None:
        self._timings[phase] = _since(self._started)


def _since(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 2)
