"""Answer by quoting: what to do now, the rule that decides, a question back, or an honest no."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import answerable, answerer, choosing, clarifying, unlisted, wording
from bot.deciding import Decision, decide
from bot.intent import Intent, asks_permission
from bot.messages import Answer, Outcome
from knowledge.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.choosing import Quote
    from bot.ports import SteadyFinder
    from knowledge.findings import Findings, Reader
    from knowledge.glossary import Glossary

LONGEST_TEXT = 1500
"""Characters of an answer at most."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What an answer falls back on: a language, whom to ask, whom to tell about an incident."""

    language: str
    contact: str = ""
    incident_contact: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be answered, for whom, in which language; `follows`: something was said before."""

    text: str
    intent: Intent
    language: str
    reader: Reader
    follows: bool = False


class Quoting:
    """Makes answers of quotes. They have no id yet."""

    def __init__(self, finder: SteadyFinder, glossary: Glossary, defaults: Defaults) -> None:
        self._finder = finder
        self._glossary = glossary
        self._defaults = defaults

    def answer(self, message: Message, findings: Findings) -> Answer:
        """Return the answer to a message, with how sure it is."""
        quotable = choosing.quotable(message.text, findings)
        quotes = choosing.choose(quotable, findings.worth)
        traits = answerable.traits(message.text, findings, quotes, follows=message.follows)
        sure = answerable.confidence(traits) if quotes else 0.0
        return replace(self._answer(message, findings, quotes, sure), confidence=round(sure, 4))

    def _answer(self, message: Message, findings: Findings, quotes: Sequence[Quote], sure: float) -> Answer:
        if message.intent is Intent.INCIDENT:
            return self._incident(message, quotes)
        choices = () if message.follows else clarifying.choices(message.text, findings, message.language)
        if choices:
            return _empty(message, Outcome.CLARIFY, wording.clarify(choices, message.language), choices=choices)
        name = unlisted.named(message.text, findings)
        if name and (rule := self._unlisted(message)):
            return self._about_unlisted(message, name, rule, quotes)
        if quotes and sure >= answerable.ANSWERABLE:
            return self._quoted(message, quotes)
        return self.nothing(message, findings, sure)

    def nothing(self, message: Message, findings: Findings, sure: float) -> Answer:
        """Return the honest no: that the handbook does not say, what comes nearest, whom to ask."""
        near = answerer.nearest(findings)
        nearest = findings.found[0].metadata.contact if findings.found and sure >= answerable.RELATED else ""
        contact = nearest or self._defaults.contact or findings.contact
        text = wording.not_found(near, contact, message.language)
        return replace(_empty(message, Outcome.NOT_FOUND, text), nearest=near, contact=contact)

    def _quoted(self, message: Message, quotes: Sequence[Quote]) -> Answer:
        decision = decide(message.text, quotes, message.language, self._glossary)
        contact = quotes[0].found.metadata.contact or self._defaults.contact
        shown = _show(message, quotes, wording.first_line(decision, message.language))
        return replace(shown, verdict=decision.verdict, contradiction=decision.contradiction, contact=contact)

    def _about_unlisted(self, message: Message, name: str, rule: Quote, quotes: Sequence[Quote]) -> Answer:
        """Return the rule for tools that are not listed, and what else speaks of the question."""
        others = [quote for quote in quotes if quote.about >= ALSO and not quote.overlaps(rule)]
        decision = Decision(unlisted.forbids(rule) if asks_permission(message.text) else None)
        first = wording.unlisted(name, decision, message.language)
        contact = rule.found.metadata.contact or self._defaults.contact
        shown = _show(message, (rule, *others), first)
        return replace(shown, verdict=decision.verdict, contact=contact, retrieved=(answerer.shown(rule.found),))

    def _unlisted(self, message: Message) -> Quote | None:
        """Return the rule for tools that are not listed; the handbook may have it in one language only."""
        found = [self._look(wording.unlisted_query(language), language, message.reader) for language in LANGUAGES]
        return unlisted.rule(quote for quotes in found for quote in quotes)

    def _look(self, query: str, language: str, reader: Reader) -> tuple[Quote, ...]:
        return choosing.quotable(query, self._finder.look(query, language, reader))

    def _incident(self, message: Message, quotes: Sequence[Quote]) -> Answer:
        """Return what to do now: whom to tell first, then what the handbook says."""
        found = [self._look(wording.incident_query(language), language, message.reader) for language in LANGUAGES]
        first = choosing.alarm(quote for quotes in found for quote in quotes)
        rest = [quote for quote in quotes if first is None or not quote.overlaps(first)]
        contact = self._defaults.incident_contact
        kept = choosing.fitting((*((first,) if first else ()), *rest))
        sentences, citations = answerer.cite(kept)
        text = wording.incident(citations, contact, message.language)
        looked_up = tuple(answerer.shown(quote.found) for quote in kept if quote is first)
        told = replace(_empty(message, Outcome.QUOTED, text), sentences=sentences, citations=citations, contact=contact)
        return replace(told, retrieved=looked_up, urgent=True)


ALSO = 0.5
"""How much of a question about a tool that nobody knows another quote must speak of to be shown, too."""


def _show(message: Message, quotes: Sequence[Quote], first: str) -> Answer:
    """Return an answer of the first quotes that it has room for."""
    kept = choosing.fitting(quotes)
    while True:
        sentences, citations = answerer.cite(kept)
        text = wording.quoted(citations, message.language, first)
        if len(text) <= LONGEST_TEXT or len(kept) == 1:
            return replace(_empty(message, Outcome.QUOTED, text), sentences=sentences, citations=citations)
        kept = kept[:-1]


def _empty(message: Message, outcome: Outcome, text: str, choices: tuple[str, ...] = ()) -> Answer:
    return Answer("", message.text, message.language, outcome, text, choices=choices)
