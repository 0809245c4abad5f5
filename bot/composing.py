"""Put proven sentences together: markers, citations, verdict, suggestions; and say whether the rest still answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import answerer, choosing
from bot.checking import NO_ROOM, Dropped, Proven, asked_about
from bot.cleaning import clean, domains
from bot.messages import Citation, Drop, Sentence, Verdict
from bot.standing import content
from bot.verdict import verdict as by_rule
from knowledge.language import detect
from knowledge.manipulation import orders

if TYPE_CHECKING:
    from bot.chain import Candidates
    from bot.choosing import Quote
    from bot.drafts import Draft
    from bot.evidence import Located
    from knowledge.glossary import Glossary

MOST = 6
"""Sentences of an answer at most."""
WRITTEN = 700
"""Characters of all its sentences together at most."""
SUGGESTIONS = 2
"""Follow-up questions shown at most."""
LONG = 400
"""Characters of a question from which on no verdict is green."""
LONGEST_SUGGESTION = 120
"""Characters of a follow-up question at most."""


class Composition:
    """A written answer while it grows. Its citations hold choosing.QUOTED characters in all, as those of a quoted answer."""

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.drops: list[Drop] = []
        self._places: list[Located] = []
        self._first_kept = False

    def drop(self, dropped: Dropped) -> None:
        """Leave a sentence out and remember why."""
        self.drops.append(Drop(dropped.text, dropped.reasons))

    def add(self, proven: Proven) -> tuple[Sentence, tuple[Citation, ...]] | None:
        """Take a sentence in and return it with its new citations; None if there is no room for them."""
        before = len(self.citations)
        numbers = tuple(dict.fromkeys(map(self._cite, proven.places)))
        shown = sum(len(citation.quote) for citation in self.citations)
        said = sum(len(sentence.text) for sentence in self.sentences) + len(proven.text)
        if shown > choosing.QUOTED or said > WRITTEN or len(self.sentences) == MOST:
            del self.citations[before:], self._places[before:]
            self.drop(Dropped(proven.text, (NO_ROOM,)))
            return None
        self._first_kept = self._first_kept or not self.drops
        sentence = Sentence(proven.text, numbers)
        self.sentences.append(sentence)
        return sentence, tuple(self.citations[before:])

    def _cite(self, place: Located) -> int:
        """Return the number of a place, a new one unless its words are quoted from there already."""
        passage = place.offered.found.passage
        for known, citation in zip(self._places, self.citations, strict=True):
            if known.offered.found.passage == passage and place.shown in citation.quote:
                return citation.number
        number = len(self.citations) + 1
        self.citations.append(answerer.citation(number, place.quote))
        self._places.append(place)
        return number

    @property
    def contact(self) -> str:
        """Return the contact of the first place that is cited."""
        return self._places[0].offered.found.metadata.contact if self._places else ""

    @property
    def answers(self) -> bool:
        """Say whether what is left still answers: the first sentence stands, which is the direct answer, or at least half of all."""
        return bool(self.sentences) and (self._first_kept or len(self.sentences) >= len(self.drops))

    def cites(self, quote: Quote) -> bool:
        """Say whether a piece is one of those that are cited."""
        cited = {(place.offered.found.number, place.piece) for place in self._places}
        return quote.first == quote.last and (quote.found.number, quote.first) in cited

    def verdict(
        self, question: str, language: str, decided: Verdict | None, opinion: Verdict | None, glossary: Glossary
    ) -> Verdict | None:
        """Return the verdict, never greener than the rule over what is cited; the model can only make it stricter.

        `decided` is what the rule says of the places that are cited and of those that would be quoted without a model: a model cannot
        turn an answer green by leaving out the place that forbids. In a long message, an order can hide: nothing there is green.
        """
        if len(question) > LONG:
            return stricter(decided, Verdict.UNDECIDED)
        cited = by_rule(question, [place.offered.quoted(place.shown) for place in self._places], language, glossary)
        return stricter(decided, stricter(cited, opinion))

    def suggestions(self, candidates: Candidates, draft: Draft) -> tuple[str, ...]:
        """Return the model's follow-up questions that say nothing which the quotes or the question do not say."""
        asked = candidates.understood.asked
        places = (f"{place.offered.source.place} {place.shown}" for place in self._places)
        told = " ".join((asked_about(asked.original(candidates.understood.question)), *places))
        known = content(told)
        offered = (clean(suggestion) for suggestion in draft.suggestions)
        fitting = (text for text in offered if _is_question(text, asked.language) and content(text) <= known)
        return tuple(dict.fromkeys(fitting))[:SUGGESTIONS]


_GREEN = (Verdict.FORBIDDEN, Verdict.UNDECIDED, Verdict.CONDITIONAL, Verdict.ALLOWED)
"""From the strictest to the greenest."""


def stricter(rule: Verdict | None, opinion: Verdict | None) -> Verdict | None:
    """Return the rule's verdict, or a stricter one where the model doubts it. Only the rule says forbidden; a model's is a doubt."""
    if rule is None or opinion is None:
        return rule
    doubt = Verdict.UNDECIDED if opinion is Verdict.FORBIDDEN else opinion
    return min(rule, doubt, key=_GREEN.index)


def _is_question(text: str, language: str) -> bool:
    return (
        text.endswith("?")
        and len(text) <= LONGEST_SUGGESTION
        and detect(text) in (None, language)
        and not orders(text)
        and not domains(text)
        and not re.search(r"[@<>\[\]{}|]", text)
    )
