"""What the quoted pieces say to a may-I question: the one that speaks most of it decides, contradictions decide nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.messages import Verdict
from bot.proof import Quoted
from bot.verdict import verdict
from knowledge.documents import CELL_SEPARATOR, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.choosing import Quote
    from knowledge.glossary import Glossary

HEARD = 0.85
"""Share of what the best piece speaks of the question from which on another piece is heard, too."""
SURE = 0.6
"""How much of the question a piece must speak of to allow something; to forbid, any that is heard will do."""
GREEN = frozenset({Verdict.ALLOWED, Verdict.CONDITIONAL})


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, and the documents in force that contradict each other about it."""

    verdict: Verdict | None
    contradiction: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Voice:
    """What a piece says, how much of the question it speaks of, and whether it is the very thing's own row."""

    about: float
    verdict: Verdict
    document: str
    own: bool


def decide(question: str, quotes: Sequence[Quote], language: str, glossary: Glossary) -> Decision:
    """Return what the quotes say to a may-I question; no verdict for another question."""
    if verdict(question, [Quoted(quote.text, passage(quote)) for quote in quotes], language, glossary) is None:
        return Decision(None)
    voices = list(_voices(question, quotes, language, glossary))
    most = max((voice.about for voice in voices), default=0.0)
    heard = [voice for voice in voices if voice.about >= HEARD * most and _counts(voice)]
    said = {voice.verdict for voice in heard}
    if any(voice.own and voice.verdict is Verdict.UNDECIDED for voice in voices):
        said -= GREEN
    if Verdict.FORBIDDEN in said:
        return _forbidden(heard)
    if said:
        return Decision(Verdict.CONDITIONAL if Verdict.CONDITIONAL in said else Verdict.ALLOWED)
    return Decision(Verdict.UNDECIDED)


def _voices(question: str, quotes: Sequence[Quote], language: str, glossary: Glossary) -> Iterator[_Voice]:
    """Yield what each single piece says, with how much of the question it speaks of."""
    for quote in quotes:
        where, document = passage(quote), quote.found.passage.document
        for number in range(quote.first, quote.last + 1):
            piece = quote.found.passage.pieces[number]
            said = verdict(question, [Quoted(piece, where)], language, glossary) or Verdict.UNDECIDED
            yield _Voice(quote.spoken(number), said, document, _is_own(question, quote))


def _is_own(question: str, quote: Quote) -> bool:
    """Say whether a quote is the row of the very thing that is asked about: what it leaves open, no other text allows."""
    name = re.findall(r"\w+", quote.text.partition(CELL_SEPARATOR)[0].casefold())
    asked = set(re.findall(r"\w+", question.casefold()))
    return quote.found.passage.kind is Kind.ROW and bool(name) and asked.issuperset(name)


def _counts(voice: _Voice) -> bool:
    return voice.verdict is Verdict.FORBIDDEN or (voice.verdict in GREEN and voice.about >= SURE)


def _forbidden(heard: Sequence[_Voice]) -> Decision:
    """Return forbidden, unless another document allows the very thing."""
    forbidding = {voice.document for voice in heard if voice.verdict is Verdict.FORBIDDEN}
    allowing = {voice.document for voice in heard if voice.verdict is Verdict.ALLOWED} - forbidding
    if allowing:
        return Decision(Verdict.UNDECIDED, tuple(sorted(forbidding | allowing)))
    return Decision(Verdict.FORBIDDEN)


def passage(quote: Quote) -> str:
    """Return the passage of a quote as the proof reads it: title and headings on one line, then the line that leads it, then its text."""
    found = quote.found
    heading = " > ".join((found.metadata.title, *filter(None, found.passage.section)))
    lead = quote.lead if found.passage.kind is Kind.ROW or quote.lead not in found.passage.text else ""
    return "\n".join(filter(None, (heading, lead, found.passage.text)))
