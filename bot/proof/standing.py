"""May one word stand in for another? For a word of the quote that is left over, of the same kind of doing, one for one."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from bot.proof.claims import carried
from bot.proof.lexicon import fold
from knowledge.language import ENGLISH, GERMAN

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from bot.proof.claims import Text
    from bot.proof.lexicon import Keys, Lexicon
    from bot.proof.statements import Statement
    from bot.proof.words import Word

_SOMEBODY = re.compile(r"(?:er|ers|or|ors|ee|ees|ist|ists|ant|ants|in|innen|ern)$")
_FAMILY = 5
"""Letters that two words of one family share at least."""
_ENDING = 5
"""Letters in which they differ at most."""


def standing(
    missing: Sequence[Word], strict: Container[Word], said: Text, statement: Statement, lexicon: Lexicon
) -> set[Word]:
    """Return those of the missing words of a sentence that stand in for a word of the quote that the sentence has in no other form.

    In a row, or a quote without a verb, any verb may join the cells that no rule turns on. `strict` words need one of their own kind.
    """
    if not missing:
        return set()
    quoted = statement.quoted
    left = [word for word in quoted.words if not carried(word, said, quoted.language, lexicon)]
    found = _paired(missing, left, said, quoted)
    loose = [word for word in missing if word not in found and word not in strict and soft(word, said.language)]
    if statement.row or not any(does(word, quoted.language) for word in quoted.words):
        return found | set(loose)
    return found | set(loose[: sum(does(word, quoted.language) for word in left)])


def _paired(missing: Sequence[Word], left: list[Word], said: Text, quoted: Text) -> set[Word]:
    """Return the words that have a twin of their kind or family among those that are left over, and take the twins out."""
    found: set[Word] = set()
    for word in missing:
        if word.name or (word.noun and said.language == ENGLISH):
            continue
        twin = next((other for other in left if word.kinds & other.kinds or _related(word, other, said, quoted)), None)
        if twin is not None:
            left.remove(twin)
            found.add(word)
    return found


def soft(word: Word, language: str) -> bool:
    """Say whether a word tells of doing that no rule turns on."""
    return does(word, language) and not any(key[0] == "d" for key in word.kinds)


def does(word: Word, language: str) -> bool:
    """Say whether a word seems to be a verb."""
    if word.name or word.joined or word.names or (word.noun and language == ENGLISH):
        return False
    if word.verb:
        return True
    if any(key[0] in "cpn" for key in word.keys):
        return False
    if language == GERMAN:
        return not word.noun and _GERMAN_VERB.search(word.lower) is not None
    return word.acts


_GERMAN_VERB = re.compile(r"(?:en|ern|eln|t|te|ten)$")


def _related(word: Word, other: Word, said: Text, quoted: Text) -> bool:
    """Say whether two words are of one family (sensitive, sensitivity), and neither is somebody."""
    if said.language != quoted.language or word.light or other.light:
        return False
    one, two = fold(word.lower), fold(other.lower)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))
    if shared < _FAMILY or max(len(one), len(two)) - shared > _ENDING:
        return False
    return bool(_SOMEBODY.search(one)) == bool(_SOMEBODY.search(two))


def leftover(text: Text, by: Text, lexicon: Lexicon) -> list[Word]:
    """Return the words of doing of a text that another text does not have."""
    return [word for word in text.words if word.kinds and not carried(word, by, text.language, lexicon)]


def replaced(word: Word, others: Iterable[Keys]) -> bool:
    """Say whether a word of a quote has one that stands in for it among the kinds of those that are left over in a sentence."""
    return any(word.kinds & kinds for kinds in others)
