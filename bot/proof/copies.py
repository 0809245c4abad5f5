"""What a sentence that copies its quote leaves out: a copy with another sense shows no word that the quote does not have."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from bot.proof.quotes import cells, is_row
from knowledge.language import ENGLISH, FUNCTION_WORDS, detect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.proof.weigh import Finding

COPIED = 0.75
"""Share of a sentence's words that stand in the quote in the same order, from which on it copies it."""
SHORTEST = 4
"""Words of a sentence that can be told to copy another."""

_WORD = re.compile(r"\w+")
_DENYING = re.compile(
    r"not|no|never|none|nothing|nobody|neither|nor|without|cannot|don|doesn|didn|isn|aren|won|mustn|forbidden|prohibited|banned|refused?"
    r"|nicht|nichts|niemand|niemals|nie|kein\w*|ohne|weder|noch|verboten|untersagt|unzulässig|abgelehnt|verweigert"
)
_LIMITS = (
    (re.compile(r"\b(?:up to|at (?:the )?most|at (?:the )?latest|no (?:more|later|higher) than|bis(?: zu[mr]?)?|höchstens|maximal|spätestens|until|maximum|under|below|unter)\b"),
     re.compile(r"\b(?:from|at (?:the )?least|above|over|beyond|ab|mindestens|über|after|nach)\b")),
)  # fmt: skip
_CLASSES = frozenset("strictly highly streng höchst particularly besonders personally sensitive sensible".split())
"""Words that make another class of data, or of anything, of what they stand before."""


def copied(sentence: str, quotes: Sequence[str]) -> Iterator[Finding]:
    """Yield what a sentence that copies one of its quotes leaves out so that it says something else."""
    best = max(quotes, key=lambda quote: _matched(sentence, quote))
    if is_row(sentence) and is_row(best):
        yield from _cells(sentence, best)
        return
    said, there = _words(sentence), _words(best)
    if len(said) < SHORTEST or _matched(sentence, best) < COPIED * len(said):
        return
    names = frozenset() if is_row(best) else _names(best)
    for lost, instead in _differences(there, said):
        yield from _lost(lost, instead)
        yield from _renamed(lost, instead, names)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _matched(sentence: str, quote: str) -> int:
    return sum(block.size for block in _matcher(_words(quote), _words(sentence)).get_matching_blocks())


def _matcher(there: Sequence[str], said: Sequence[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, there, said, autojunk=False)


def _differences(there: Sequence[str], said: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield what stands in the quote and what in the sentence instead, from the word before the first that both have on."""
    codes = [code for code in _matcher(there, said).get_opcodes() if code[0] != "insert"]
    equal = [place for place, code in enumerate(codes) if code[0] == "equal"]
    for place, (kind, first, end, begin, stop) in enumerate(codes):
        if kind == "equal" or place > equal[-1]:
            continue
        own = list(said[begin:stop])
        yield list(there[end - 1 : end] if place < equal[0] and not own else there[first:end]), own


def _lost(lost: Sequence[str], instead: Sequence[str]) -> Iterator[Finding]:
    denied = [word for word in lost if _DENYING.fullmatch(word)]
    others = [word for word in lost if word not in denied and word not in instead]
    if denied and not others and not any(_DENYING.fullmatch(word) for word in instead):
        yield "negation", tuple(denied)
    classes = [word for word in lost if word in _CLASSES]
    if classes and not any(word in _CLASSES for word in instead):
        yield "scope", tuple(classes)
    before, after = " ".join(lost), " ".join(instead)
    for most, least in _LIMITS:
        if (most.search(before) and least.search(after)) or (least.search(before) and most.search(after)):
            yield "direction", (after,)


def _names(quote: str) -> frozenset[str]:
    """Return the words that an English quote writes as names: with a capital letter, and not at the beginning of a sentence."""
    return frozenset(word.lower() for word in _NAME.findall(quote)) if detect(quote) == ENGLISH else frozenset()


_NAME = re.compile(r"(?<=[\w,;] )[A-Z]\w*")


def _renamed(lost: Sequence[str], instead: Sequence[str], names: frozenset[str]) -> Iterator[Finding]:
    """Yield the words that a copy has in place of a name."""
    own = [word for word in instead if word not in FUNCTION_WORDS[ENGLISH]]
    gone = [word for word in lost if word in names]
    if own and gone and not any(alike(word, other) for word in own for other in gone):
        yield "role", tuple(own)


def alike(word: str, other: str) -> bool:
    """Say whether two words begin alike or one is the first letters of the other."""
    return word[:4] == other[:4] or word.startswith(other[:3]) or other.startswith(word[:3])


def _cells(sentence: str, quote: str) -> Iterator[Finding]:
    """Yield the cells of a row that the sentence writes in another way, or empties."""
    there, said = cells(quote), cells(sentence)
    strange = tuple(
        cell for cell in (each.rstrip(" .") for each in said) if cell not in (known.rstrip(" .") for known in there)
    )
    if strange:
        yield "content", strange
