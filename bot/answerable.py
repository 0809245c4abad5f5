"""Is a question answered by what would be quoted? A near miss has the topic and lacks the detail that is asked for."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bot.intent import asks_detail
from bot.sought import asking
from knowledge.common import everyday
from knowledge.keywords import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.choosing import Quote
    from knowledge.findings import Findings

ANSWERABLE = 0.28
"""Confidence below which a question counts as not answered by the handbook."""
RELATED = 0.1
"""Confidence from which on whoever is named in the nearest document is the one to ask."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What speaks for and against an answer, each 0..1, the question's words counted by how telling they are.

    `spoken`: how much of the question the first quote speaks of, where the word that asks ("how often") is spoken of by what holds such
    a thing; `unknown`: how much of it nothing here speaks of; `words`: how many words it has that tell anything: half of many says more
    than half of two; `strange`: how little the quote speaks of an everyday subject ("canteen") that the question names; `lacks`: the
    quote does not hold the kind of thing that is asked for; `detail`: the question wants a detail, not a rule; `tally`: it asks how
    often something has happened, which rules do not tell.
    """

    spoken: float
    unknown: float
    words: float
    strange: float
    lacks: bool
    detail: bool
    tally: bool


def traits(question: str, findings: Findings, chosen: Sequence[Quote], *, follows: bool) -> Traits:
    """Return the traits of a question and what would be quoted; one that `follows` another leaves out what has been said."""
    first = chosen[0] if chosen else None
    return Traits(
        _spoken(question, findings, first) if first else 0.0,
        sum(share for share, word in zip(findings.worth, findings.asked, strict=False) if word in findings.unknown),
        min(len(findings.asked) / MANY, 1.0),
        _strange(question, findings, first) if first else 0.0,
        first is None or not first.holds,
        asks_detail(question) and not follows,
        _COUNTS.search(question) is not None and _HAPPENED.search(question) is not None,
    )


def _spoken(question: str, findings: Findings, quote: Quote) -> float:
    answered = asking(question) if quote.holds else frozenset()
    listed = zip(findings.worth, quote.speaks, findings.asked, strict=False)
    return sum(share * (1.0 if word in answered else spoken) for share, spoken, word in listed)


def _strange(question: str, findings: Findings, quote: Quote) -> float:
    named = frozenset(words(question))
    subjects = (
        1.0 - spoken
        for word, spoken in zip(findings.asked, quote.speaks, strict=False)
        if word in named and everyday(word)
    )
    return max(subjects, default=0.0)


def confidence(these: Traits) -> float:
    """Return how likely (0..1) the quotes answer the question: a logistic over its traits."""
    score = BIAS + sum(WEIGHTS[field.name] * float(getattr(these, field.name)) for field in fields(these))
    return 1 / (1 + math.exp(-score))


MANY = 8
"""Words of a question that count as many."""
BIAS = -1.28
WEIGHTS = {
    "spoken": 4.4,
    "unknown": -2.0,
    "words": 2.0,
    "strange": -2.5,
    "lacks": -0.9,
    "detail": -2.1,
    "tally": -3.9,
}
"""Fitted to five handbooks that count the same, by logistic regression: `python -m bench refusing --full` fits them anew."""

_COUNTS = re.compile(
    r"\b(?:how (?:many|much|often|accurate\w*|was|were)|wie ?(?:viele?n?|oft|häufig)|what (?:was|were)|on which day|when|wann"
    r"|who (?:was|were))\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:did|was|were|had|(?:have|has) (?:we |you |they |i |our |the |been |already )?\w+ed|wurden?|gab es)\b"
    r"|\b(?:hat|haben|habt|hatten?)\b[^?]*\b(?:ge\w+(?:t|en)|\w+iert|be\w+(?:en|t)|ver\w+(?:t|en))\s*\?"
    r"|\b(?:last|this|past|previous) (?:year|month|week|quarter)\b|\b(?:letzte|diese|vorige)[nsmr]? (?:jahr|monat|woche|quartal)\b"
    r"|\b(?:bisher|gerade|bereits|currently|right now|at the moment|so far|already|zurzeit|derzeit|aktuell|momentan)\b",
    re.IGNORECASE,
)
