"""Compose an answer from passages by quoting: choose the pieces, cite them, or say that there are none."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.messages import Citation, Near, Sentence
from knowledge.documents import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.search import Findings, Found, Signals

QUOTES = 3
"""Quotes of an answer at most."""
QUOTED = 700
"""Characters of all its quotes together at most."""
NEAREST = 3
"""Places named when nothing answers the question."""
PASSAGE = 0.3
"""Weight of a passage's rank beside the fit of one of its pieces."""
PAIR = 0.3
"""What the weaker of two neighbouring sentences adds to the better one."""
ANSWERABLE = 0.55
"""Confidence below which a question counts as not answered by the handbook."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece, or two neighbouring ones, chosen to be quoted. `first` and `last` number its pieces in the passage."""

    found: Found
    first: int
    last: int
    text: str
    value: float

    def overlaps(self, other: Quote) -> bool:
        """Say whether two quotes share a piece."""
        return self.found is other.found and self.first <= other.last and other.first <= self.last


def choose(findings: Findings) -> tuple[Quote, ...]:
    """Return up to QUOTES quotes of QUOTED characters in all, the best first."""
    chosen: list[Quote] = []
    room = QUOTED
    for quote in sorted(_candidates(findings), key=lambda candidate: -candidate.value):
        if len(quote.text) <= room and not any(quote.overlaps(other) or quote.text == other.text for other in chosen):
            chosen.append(quote)
            room -= len(quote.text)
        if len(chosen) == QUOTES:
            break
    return tuple(chosen)


def _candidates(findings: Findings) -> Iterator[Quote]:
    top = findings.found[0].score if findings.found else 0.0
    for found in findings.found:
        rank = PASSAGE * found.score / top if top else 0.0
        pieces, fits = found.passage.pieces, found.pieces
        for n, fit in enumerate(fits):
            if _says_something(pieces[n]):
                yield Quote(found, n, n, pieces[n], rank + fit)
            if found.passage.kind is Kind.TEXT and n + 1 < len(fits) and _make_a_pair(pieces[n], pieces[n + 1]):
                better, weaker = max(fit, fits[n + 1]), min(fit, fits[n + 1])
                yield Quote(found, n, n + 1, f"{pieces[n]} {pieces[n + 1]}", rank + better + PAIR * weaker)


def _says_something(piece: str) -> bool:
    """Say whether a piece can stand alone: not the line above a list, not the head of a mail."""
    return not piece.endswith(":") and not MAIL_HEAD.match(piece)


def _make_a_pair(first: str, second: str) -> bool:
    """Say whether two neighbouring pieces can be quoted together; the line above a list may lead, not end."""
    return not MAIL_HEAD.match(first) and _says_something(second)


def alarm(findings: Findings) -> Quote | None:
    """Return the best piece that names a way to reach somebody: a phone number, an extension or an e-mail address."""
    reaching = [quote for quote in _candidates(findings) if REACHED.search(quote.text) and quote.first == quote.last]
    return max(reaching, key=lambda quote: (is_urgent(quote), quote.value), default=None)


def is_urgent(quote: Quote) -> bool:
    """Say whether a quote tells the way to report an accident, and not just some way to reach somebody."""
    return URGENT.search(quote.text) is not None


def fitting(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return the first quotes that fit an answer together."""
    kept: list[Quote] = []
    for quote in quotes[:QUOTES]:
        if sum(len(other.text) for other in kept) + len(quote.text) <= QUOTED:
            kept.append(quote)
    return tuple(kept)


URGENT = re.compile(
    r"sofort|umgehend|unverzüglich|notruf|notfall|rund um die uhr|24 stunden|24/7"
    r"|\bat once\b|immediately|right away|emergency|24 hours|security line",
    re.IGNORECASE,
)
MAIL_HEAD = re.compile(r"(?:from|to|cc|sent|subject|von|an|gesendet|betreff):", re.IGNORECASE)
REACHED = re.compile(
    r"\b(?:ext(?:ension|\.)?|durchwahl|dw|tel(?:efon|\.)?|phone|hotline|line|nummer)\W{0,3}(?:\w+\W+){0,2}?\d{3,}|\S@\S+\.\w|\+\d{2}",
    re.IGNORECASE,
)


def cite(quotes: Sequence[Quote]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Return the quotes as sentences of an answer, each with its citation."""
    citations = tuple(_citation(number, quote) for number, quote in enumerate(quotes, start=1))
    sentences = tuple(Sentence(citation.quote, (citation.number,)) for citation in citations)
    return sentences, citations


def _citation(number: int, quote: Quote) -> Citation:
    passage, about = quote.found.passage, quote.found.metadata
    return Citation(
        number,
        passage.document,
        about.title,
        place(quote.found),
        quote.text,
        passage.page,
        about.url,
        about.version,
        about.effective,
    )


def place(found: Found) -> str:
    """Return the heading path of a passage, without a top heading that only repeats the title."""
    headings = [heading for heading in found.passage.section if heading]
    if len(headings) > 1 or (headings and headings[0].casefold() == found.metadata.title.casefold()):
        headings = headings[1:]
    return " > ".join(headings)


def nearest(findings: Findings) -> tuple[Near, ...]:
    """Return the best place of each of the nearest documents."""
    near: dict[str, Near] = {}
    for found in findings.found:
        document = found.passage.document
        near.setdefault(document, Near(document, found.metadata.title, place(found)))
    return tuple(near.values())[:NEAREST]


def confidence(signals: Signals) -> float:
    """Return how likely (0..1) it is that the handbook answers the question at all: a logistic over what was found."""
    score = BIAS + sum(weight * getattr(signals, name) for name, weight in SIGNAL_WEIGHTS.items())
    return 1 / (1 + math.exp(-score))


RELATED = 0.4
"""Confidence from which on whoever is named in the nearest document is the one to ask."""
BIAS = -0.9
SIGNAL_WEIGHTS = {"coverage": 2.6, "known": 1.3}
"""Fitted to the golden questions by logistic regression; the other signals added nothing under cross-validation."""
