"""Is a question answered by what would be quoted? A near miss has the topic and lacks the detail that is asked for."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bot.intent import asks_detail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.choosing import Quote
    from knowledge.search import Findings

ANSWERABLE = 0.20
"""Confidence below which a question counts as not answered by the handbook."""
RELATED = 0.1
"""Confidence from which on whoever is named in the nearest document is the one to ask."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What speaks for and against an answer, each 0..1, the question's words counted by how telling they are.

    `support`: how much of the question the best piece speaks of that holds what is asked for; `known`: how much all that may be read
    does; `missing`: the most telling word that the first quote does not speak of; `detail`: it wants a detail, not a rule; `tally`: it
    asks how often something has happened, which rules do not tell.
    """

    support: float
    known: float
    missing: float
    detail: bool
    tally: bool


def traits(
    question: str, findings: Findings, quotable: Sequence[Quote], chosen: Sequence[Quote], *, follows: bool
) -> Traits:
    """Return the traits of a question and what would be quoted; one that `follows` another leaves out what has been said."""
    first = chosen[0].speaks if chosen else ()
    return Traits(
        max((quote.about for quote in quotable if quote.holds), default=0.0),
        1.0
        - sum(share for share, word in zip(findings.worth, findings.asked, strict=False) if word in findings.unknown),
        max((share * (1 - spoken) for share, spoken in zip(findings.worth, first, strict=False)), default=0.0),
        asks_detail(question) and not follows,
        _COUNTS.search(question) is not None and _HAPPENED.search(question) is not None,
    )


def confidence(these: Traits) -> float:
    """Return how likely (0..1) the quotes answer the question: a logistic over its traits."""
    score = BIAS + sum(WEIGHTS[field.name] * float(getattr(these, field.name)) for field in fields(these))
    return 1 / (1 + math.exp(-score))


BIAS = -1.0
WEIGHTS = {"support": 3.3, "known": 2.6, "missing": -3.6, "detail": -2.4, "tally": -3.5}
"""Fitted to the golden questions that may be looked at, by logistic regression: `python -m bench refusing --full` fits them anew."""

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
