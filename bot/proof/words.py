"""The words of a text, each with its meanings: what a word is called in the lexicon, and what it carries by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.proof.function_words import AUXILIARY, LABELS
from bot.proof.lexicon import NONE, PARTICLES, Keys, Lexicon, is_light, stem
from knowledge.language import ENGLISH, GERMAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.proof.facts import Value

_WORD = re.compile(r"\w+")
COMPOUND = 7
"""Letters of the longest German word that is never taken apart."""
_SOMEBODY = frozenset(
    "person persons people somebody someone anyone anybody everyone personen jemand jemanden menschen".split()
)
_RELATIVE = re.compile(r" (?:who|whose|whom|that)\b|, (?:die|der|den|dem|deren|dessen|denen)\b")
"""What stands behind a word for somebody who is only told by what follows ("the person who sent it")."""
_NAMED = re.compile(r" [\"„“»]\w")
"""What stands behind a noun that only says what kind of thing a quoted name is (the workspace "Vault")."""
_GREATER = frozenset(
    "longer shorter higher lower larger smaller bigger länger kürzer höher niedriger größer kleiner älter older".split()
)
_THAN = re.compile(r" (?:than|als) (?:\d|an? |one |eine? )")
"""The direction of the value that follows says as much."""
_HOLDING = frozenset(
    "a an the in on at of for and or with from by to its their your our this these every each any all no".split()
)
"""Words behind which an English word is a noun, even if it could be a verb."""
_ENDS = frozenset({"end", "ende"})
ENDING = 4
"""Characters between "end" and the month whose end it is."""
LABELLED = 2
"""Characters between a label and what it labels ("level L2")."""


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One word. `held`: an article or a preposition stands in front of it. `keys` are its own meanings, `names` those of longer names that it is part of; `light` words carry nothing. `kinds` of doing are looser: they only let one word stand in for another."""

    lower: str
    start: int
    end: int
    keys: Keys
    names: Keys
    light: bool
    name: bool
    verb: bool = False
    joined: int = 0
    noun: bool = False
    held: bool = False
    kinds: Keys = NONE
    acts: bool = False


def words(text: str, language: str, values: Sequence[Value], lexicon: Lexicon) -> Iterator[Word]:
    """Yield the words of a text that stand in none of its values."""
    found = [match for match in _WORD.finditer(text) if not _inside(match.start(), values)]
    listed = [_singular(match.group()).lower() for match in found]
    names, phrased = _names(listed, language, lexicon)
    verbs, particles = _separated(text, found) if language == GERMAN else ({}, set())
    for place, match in enumerate(found):
        lower = listed[place]
        noun = match.group()[0].isupper()
        keys, kinds = lexicon.keys(lower, language), lexicon.kinds(lower, language, noun=noun) | phrased[place]
        if place in verbs:
            keys |= lexicon.verb(verbs[place], lower)
            kinds |= lexicon.kinds(verbs[place] + lower, GERMAN, noun=False)
        proper = match.group()[0].isupper() and any(key[0] == "n" for key in names[place])
        light = not proper and (lower.isdigit() or place in particles or is_light(lower, language))
        light = light or (
            lower in _ENDS and any(0 < value.start - match.end() <= ENDING for value in values if value.kind == "date")
        )
        light = light or (lower in _SOMEBODY and _RELATIVE.match(text, match.end()) is not None)
        light = light or (not proper and _NAMED.match(text, match.end()) is not None and _kind_of(keys))
        light = light or (lower in _GREATER and _THAN.match(text, match.end()) is not None)
        light = light or (lower in LABELS and any(0 < value.start - match.end() <= LABELLED for value in values))
        first = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".:;!?"
        named = any(key[0] in "cn" or key in lexicon.people for key in names[place])
        verb = lower in AUXILIARY or (
            not named and (first or not match.group()[0].isupper()) and lexicon.verbal(lower, language)
        )
        yield Word(
            lower,
            match.start(),
            match.end(),
            keys,
            names[place],
            light,
            proper,
            verb,
            _hyphened(text, match),
            match.group()[0].isupper() and not (first and language == ENGLISH),
            listed[place - 1] in _HOLDING if place else False,
            kinds,
            verb or (language == ENGLISH and (first or match.group().islower()) and _acts(listed, place)),
        )


_ACTING = frozenset(
    """to must may can could should will shall would might not never don't you i we they he she it who which that then also always often
    is are was were be been being has have had do does did must""".split()
)
"""Words behind which an English word may be a verb."""
_NOUN = re.compile(r"(?:tion|sion|ment|ance|ence|ity|ness|ship|ism|er|ers|or|ors|ist|ists|ee|ees)s?$")
_FOLLOWS = frozenset(
    "a an the its their your his her our no all any each every this that these those in on at to for with by from up down out off over into until within only as if when them it you".split()
)


def _acts(listed: Sequence[str], place: int) -> bool:
    """Say whether an English word stands like a verb: behind one that calls for it, or before one that a verb has behind it."""
    word = listed[place]
    before = listed[place - 1] if place else ""
    after = listed[place + 1] if place + 1 < len(listed) else ""
    if before in _HOLDING - {"and", "or", "to"} or _NOUN.search(word):
        return False
    if before in _ACTING or word.endswith(("ed", "ing")):
        return True
    return word.endswith("s") and (after in _FOLLOWS or after.isdigit())


def _kind_of(keys: Keys) -> bool:
    """Say whether a word is known and no name: a word for a kind of thing."""
    return any(key[0] in "pc" for key in keys) and not any(key[0] == "n" for key in keys)


def _singular(word: str) -> str:
    """Return an abbreviation without the s of its plural (PRs, LLMs)."""
    return word[:-1] if len(word) > 2 and word[-1] == "s" and word[:-1].isupper() else word  # noqa: PLR2004 - two letters and s


def _hyphened(text: str, match: re.Match[str]) -> int:
    """Return where a word with hyphens begins, plus one, or 0 for a word without."""
    start = match.start()
    if text[match.end() : match.end() + 1] != "-" and text[max(start - 1, 0) : start] != "-":
        return 0
    while start and (text[start - 1].isalnum() or text[start - 1] == "-"):
        start -= 1
    return start + 1


def _inside(start: int, values: Sequence[Value]) -> bool:
    return any(value.start <= start < value.end and value.kind != "code" for value in values)


def _names(listed: Sequence[str], language: str, lexicon: Lexicon) -> tuple[list[Keys], list[Keys]]:
    """Return for each word the meanings of the names of several words that run over it, and the kinds of doing that such names are of."""
    over: list[set[str]] = [set() for _ in listed]
    doing: list[set[str]] = [set() for _ in listed]
    stems = [stem(word, language) for word in listed]
    for start in range(len(stems)):
        for end, key in lexicon.phrases(stems, start, language):
            for place in range(start, end):
                (doing if key[0] in "ds" else over)[place].add(key)
    return [frozenset(keys) for keys in over], [frozenset(keys) for keys in doing]


def _separated(text: str, found: Sequence[re.Match[str]]) -> tuple[dict[int, str], set[int]]:
    """Return German verbs with the particle at the end of their clause ("Leiten Sie die Anfrage weiter"), and where it stands."""
    verbs: dict[int, str] = {}
    particles: set[int] = set()
    begin = 0
    for place, match in enumerate(found):
        ends = place + 1 == len(found) or re.match(r"\s*(?:[,;.:!?)]|und\b|oder\b|$)", text[match.end() :])
        if ends and match.group() in PARTICLES:
            verbs |= {n: match.group() for n in range(begin, place) if _verbal(found[n], n == begin)}
            particles.add(place)
        if ends and re.match(r"\s*[;.:!?]", text[match.end() :]):
            begin = place + 1
    return verbs, particles


def _verbal(match: re.Match[str], first: bool) -> bool:  # noqa: FBT001 - the only switch
    return first or match.group().islower()


def bag(words: Iterable[Word], language: str, lexicon: Lexicon, *, parts: bool = True) -> Keys:
    """Return every meaning of some words; without `parts` only what they name."""
    found: set[str] = set()
    for word in words:
        if not parts and word.verb and not word.light and not (word.held and language == ENGLISH):
            continue
        found |= word.keys
        found |= word.names
        if parts and language == GERMAN and word.noun and len(word.lower) > COMPOUND:
            found |= lexicon.known_parts(word.lower)
    return frozenset(found)
