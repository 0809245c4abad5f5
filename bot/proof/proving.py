"""Does the cited text really say so? Sentence by sentence, in plain code: what cannot be shown is not proven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.proof.claims import read
from bot.proof.copies import copied
from bot.proof.lexicon import lexicon
from bot.proof.quotes import place, stands
from bot.proof.rewriting import claim
from bot.proof.statements import statements
from bot.proof.weigh import weigh
from knowledge.language import ENGLISH, LANGUAGES, detect
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.proof.lexicon import Lexicon
    from bot.proof.statements import Statement
    from knowledge.glossary import Glossary


class Check(StrEnum):
    """What was looked at and did not agree."""

    NO_QUOTE = "no_quote"
    TOO_LONG = "too_long"
    NOT_VERBATIM = "not_verbatim"
    VALUE = "value"
    DIRECTION = "direction"
    CONTENT = "content"
    NEGATION = "negation"
    MODALITY = "modality"
    QUANTITY = "quantity"
    BOUND = "bound"
    CONDITION = "condition"
    SCOPE = "scope"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote and the passage that it is said to stand in: headings on the first line, text below."""

    quote: str
    passage: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A check that failed, and the words over which it failed."""

    check: Check
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.check.value}: {', '.join(self.words)}" if self.words else self.check.value


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether the quotes carry the sentence; the reasons say why not."""

    proven: bool
    reasons: tuple[Reason, ...] = ()


LONGEST = 2_000
"""Characters of a sentence that is looked at; a longer one is not proven."""
LONGEST_PASSAGE = 50_000
"""The same for a quote and for a passage."""
MOST_QUOTES = 20


def prove(question: str, sentence: str, language: str, quotes: Sequence[Quoted], glossary: Glossary) -> Proof:
    """Say whether the quotes carry the sentence.

    The question is never evidence for what a sentence says. It only tells what the sentence is about: what it has asked of,
    an answer need not say again.
    """
    if not quotes or not sentence.strip():
        return Proof(proven=False, reasons=(Reason(Check.NO_QUOTE),))
    if _too_long(sentence, quotes):
        return Proof(proven=False, reasons=(Reason(Check.TOO_LONG),))
    language = language if language in LANGUAGES else detect(sentence) or ENGLISH
    loose = tuple(
        Reason(Check.NOT_VERBATIM, (quoted.quote,)) for quoted in quotes if not _stands(quoted.quote, quoted.passage)
    )
    if loose:
        return Proof(proven=False, reasons=loose)
    words = lexicon(glossary)
    known = _known(tuple(quotes), language, words)
    said = replace(read(claim(sentence), language, words), asked=question[:LONGEST], memo={})
    found = weigh(said, known, words) or copied(sentence, [quoted.quote for quoted in quotes])
    reasons = tuple(Reason(Check(check), over) for check, over in found)
    return Proof(not reasons, reasons)


_stands = remembered(2048)(stands)


@remembered(512)
def _known(quotes: tuple[Quoted, ...], language: str, words: Lexicon) -> tuple[Statement, ...]:
    """Return what the quotes say; an answer's sentences share them, so they are read once."""
    return statements([place(quoted.quote, quoted.passage) for quoted in quotes], language, words)


def _too_long(sentence: str, quotes: Sequence[Quoted]) -> bool:
    longest = max(max(len(quoted.quote), len(quoted.passage)) for quoted in quotes)
    return len(sentence) > LONGEST or len(quotes) > MOST_QUOTES or longest > LONGEST_PASSAGE
