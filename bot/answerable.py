"""Is a question answered by what would be quoted? A near miss has the topic and lacks the detail that is asked for."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bot.intent import asks_detail
from bot.sought import asking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.choosing import Quote
    from knowledge.findings import Findings

ANSWERABLE = 0.20
"""Confidence below which a question counts as not answered by the handbook."""
RELATED = 0.1
"""Confidence from which on whoever is named in the nearest document is the one to ask."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What speaks for and against an answer, each 0..1, the question's words counted by how telling they are.

    `spoken`: how much of the question the first quote speaks of, where the word that asks ("how often") is spoken of by what holds such
    a thing; `near`: how like the quote is to the whole question, which at the same `spoken` a near miss is more; `lacks`: it does not
    hold the kind of thing that is asked for; `detail`: the question wants a detail, not a rule; `tally`: it asks how often something
    has happened, which rules do not tell.
    """

    spoken: float
    near: float
    lacks: bool
    detail: bool
    tally: bool


def traits(question: str, findings: Findings, chosen: Sequence[Quote], *, follows: bool) -> Traits:
    """Return the traits of a question and what would be quoted; one that `follows` another leaves out what has been said."""
    first = chosen[0] if chosen else None
    return Traits(
        _spoken(question, findings, first) if first else 0.0,
        max((fit.near for fit in first.found.pieces[first.first : first.last + 1]), default=0.0) if first else 0.0,
        first is None or not first.holds,
        asks_detail(question) and not follows,
        _COUNTS.search(question) is not None and _HAPPENED.search(question) is not None,
    )


def _spoken(question: str, findings: Findings, quote: Quote) -> float:
    answered = asking(question) if quote.holds else frozenset()
    words = zip(findings.worth, quote.speaks, findings.asked, strict=False)
    return sum(share * (1.0 if word in answered else spoken) for share, spoken, word in words)


def confidence(these: Traits) -> float:
    """Return how likely (0..1) the quotes answer the question: a logistic over its traits."""
    score = BIAS + sum(WEIGHTS[field.name] * float(getattr(these, field.name)) for field in fields(these))
    return 1 / (1 + math.exp(-score))


def foreign(findings: Findings, these: Traits, first: Quote) -> bool:
    """Say whether a question is about something else altogether: most of it nothing here speaks of, and the first quote of little."""
    if first.own:
        return False
    unknown = sum(
        share for share, word in zip(findings.worth, findings.asked, strict=False) if word in findings.unknown
    )
    return unknown >= STRANGE and these.spoken < LITTLE


STRANGE, LITTLE = 0.5, 0.3
"""Found on four handbooks: of 48 questions about dogs, pay and parking it refuses one in six more, of answerable ones one in a hundred;
`python -m bench refusing --full` counts what is refused."""
BIAS = -0.67
WEIGHTS = {"spoken": 5.2, "near": -3.3, "lacks": -0.7, "detail": -1.9, "tally": -3.2}
"""Fitted to four handbooks that count the same, by logistic regression: `python -m bench refusing --full` fits them anew."""

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
