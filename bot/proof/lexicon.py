"""What a word means, as far as plain lists know: its root, its concepts in the glossary, its everyday equals, its parts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.proof.function_words import LIGHT, MODAL
from bot.proof.inflection import INFINITIVES, infinitive
from knowledge.glossary import parsed
from knowledge.keywords import stem as snowball
from knowledge.keywords import words
from knowledge.language import ENGLISH, GERMAN, LANGUAGES
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.glossary import Glossary

PARAPHRASES = Path(__file__).with_name("paraphrases.yaml")
SHORTEST_PART = 4
"""Letters of the shortest part of a German compound."""
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_PARTICLES = (
    "zusammen|zurück|weiter|wieder|heraus|herunter|hinein|hinzu|vorbei|voraus|bereit|bekannt|durch|statt|teil|fest|frei|fern"
    "|nach|hoch|mit|auf|aus|ein|her|hin|um|zu|an|ab|vor|bei|los|da|weg|über|unter|entgegen|hervor|hinaus|voran|sicher|dar|nieder|bevor"
)
PARTICLES = frozenset(_PARTICLES.split("|"))
_PARTICIPLE = re.compile(rf"^({_PARTICLES})?(ge|zu)(?=\w{{3,}})(\w+(?:t|en|te[nrsm]?|ene[nrsm]?))$")
_NOUN_ENDING = re.compile(r"(?<=\w{4})(?:ungen|ungs|ung|em|er)$")
_ENGLISH_ENDING = re.compile(r"(?:ions?|ments?|(?<=[vsw])als?|ings?|ed|es|e|ly|s|y)$")
_DERIVED = re.compile(r"(?:ational|ation|ality|ity|ally|al|able|ible|ive|ist|ant|ary|ee|er|or)$")
_ADJECTIVE = re.compile(r"(?:lich|ig|isch|bar|sam|los)(?:e[nrsm]?)?$")
_ENGLISH_NOUN = re.compile(r"(?:tion|sion|ment|ance|ence|oval|ity|ness)s?$")
_SHORTEST_ROOT = 4

Keys = frozenset[str]
NONE: Keys = frozenset()


@dataclass(frozen=True, slots=True)
class Equals:
    """One line of the file: names that say the same, each with its language. `part` is where it stands: verbs, people, words."""

    names: tuple[tuple[str, str], ...]
    part: str


def paraphrases(text: str) -> tuple[Equals, ...]:
    """Return the lines of the file."""
    content = parsed(text)
    return tuple(_equals(line, part) for part in PARTS for line in content[part])


PARTS = ("verbs", "people", "words")
KINDS = ("deeds", "soft")
DEEDS = Path(__file__).with_name("deeds.yaml")


def deeds(text: str) -> tuple[Equals, ...]:
    """Return the kinds of doing."""
    content = parsed(text)
    return tuple(_equals(line, part) for part in KINDS for line in content[part])


def _equals(line: str, part: str) -> Equals:
    english, _, german = line.partition("|")
    sides = ((ENGLISH, english), (GERMAN, german))
    names = ((language, name.strip()) for language, side in sides for name in side.split(",") if name.strip())
    return Equals(tuple(names), part)


@remembered(200_000)
def stem(word: str, language: str) -> str:
    """Return a word's stem, which in English tells what Snowball makes one: employer and employee, intern and internal."""
    word = infinitive(word, language)
    base = snowball(word, language)
    if language != ENGLISH:
        return base
    singular = word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")
    ending = _DERIVED.search(singular)
    return f"{base}+{ending.group()}" if ending and len(base) < len(singular) - 1 else base


class Lexicon:
    """Every name of every concept and every everyday equal, found by stems and by roots."""

    def __init__(self, glossary: Glossary, groups: Sequence[Equals], deeds: Sequence[Equals] = ()) -> None:
        self.glossary = glossary
        self._single: dict[tuple[str, str], set[str]] = {}
        self._phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = {}
        self._deeds: dict[tuple[str, str], set[str]] = {}
        for number, group in enumerate(deeds):
            self._add_deeds(f"{group.part[0]}{number}", group.names)
        for number, concept in enumerate(glossary.concepts):
            names = [(name.language, name.text) for name in concept.names if not name.hint]
            if not any(name.lower() in MODAL for _, name in names):
                self._add(f"{'n' if _proper(names) else 'c'}{number}", names)
        self._verbs: set[tuple[str, str]] = set()
        for number, group in enumerate(groups):
            self._add(f"p{number}", group.names)
            if group.part == "verbs" and _infinitive(group):
                self._verbs.update(
                    (language, stem(name, language)) for language, name in group.names if _verbal(name, language)
                )
        self.people = frozenset(f"p{number}" for number, group in enumerate(groups) if group.part == "people")
        self.verbal = remembered(50_000)(self._verbal)
        self.keys = remembered(100_000)(self._keys)
        self.kinds = remembered(50_000)(self._kinds)
        self.parts = remembered(50_000)(self._parts)

    def _add(self, key: str, names: Iterable[tuple[str, str]]) -> None:
        for language, name in names:
            stems = tuple(stem(word, language) for word in words(name))
            if len(stems) == 1:
                word = words(name)[0]
                self._single.setdefault((language, stems[0]), set()).add(key)
                self._single.setdefault((language, "/" + root(word, language)), set()).add(key)
            elif stems:
                self._phrases.setdefault((language, stems[0]), []).append((stems, key))

    def _add_deeds(self, key: str, names: Iterable[tuple[str, str]]) -> None:
        for language, name in names:
            first, *rest = words(name)
            if not rest:
                self._deeds.setdefault((language, stem(first, language)), set()).add(key)
                self._deeds.setdefault((language, "/" + root(first, language)), set()).add(key)
            else:
                stems = tuple(stem(word, language) for word in (first, *rest))
                self._phrases.setdefault((language, stems[0]), []).append((stems, key))

    def _kinds(self, word: str, language: str, *, noun: bool) -> Keys:
        """Return the kinds of doing that a lower-case word names; a noun only if it is listed itself, because it may be a thing."""
        by_stem = self._deeds.get((language, stem(word, language)), set())
        if noun and language == GERMAN:
            return frozenset(by_stem)
        return frozenset(by_stem | self._deeds.get((language, "/" + root(word, language)), set()))

    def _keys(self, word: str, language: str) -> Keys:
        """Return all meanings of a lower-case word; a word that its language does not know is looked up in the other, too."""
        found = self._concepts(word, language)
        if not found:
            found = self._concepts(word, GERMAN if language == ENGLISH else ENGLISH)
        return frozenset(
            (f"={fold(word)}", f"{language}:{stem(word, language)}", f"{language}/{root(word, language)}", *found)
        )

    def _concepts(self, word: str, language: str) -> set[str]:
        by_stem = self._single.get((language, stem(word, language)), set())
        return by_stem | self._single.get((language, "/" + root(word, language)), set())

    def phrases(self, stems: Sequence[str], start: int, language: str) -> Iterator[tuple[int, str]]:
        """Yield the end and the meaning of each name of several words that begins here."""
        for name, key in self._phrases.get((language, stems[start]), ()):
            if tuple(stems[start : start + len(name)]) == name:
                yield start + len(name), key

    def verb(self, particle: str, word: str) -> Keys:
        """Return the meanings of a German verb whose particle stands at the end of its clause."""
        whole = self._concepts(particle + word, GERMAN)
        return frozenset((f"{GERMAN}/{root(particle + word, GERMAN)}", *whole))

    def _parts(self, word: str) -> tuple[tuple[Keys, Keys], ...]:
        """Return the ways to cut a German compound in two, each half with its meanings."""
        return tuple(self._cuts(word))

    def _cuts(self, word: str) -> Iterator[tuple[Keys, Keys]]:
        for cut in range(SHORTEST_PART - 1, len(word) - SHORTEST_PART + 1):
            tail = word[cut:]
            for link in _LINKS:
                head = word[: cut - len(link)]
                if word[:cut].endswith(link) and len(head) >= SHORTEST_PART - 1:
                    yield (
                        self.keys(head, GERMAN) | (NONE if link else self.keys(head + "e", GERMAN)),
                        self.keys(tail, GERMAN),
                    )

    def _verbal(self, word: str, language: str) -> bool:
        """Say whether a lower-case word may be a verb: the file has it among those, and it does not end like an adjective."""
        ending = _ADJECTIVE if language == GERMAN else _ENGLISH_NOUN
        return (language, stem(word, language)) in self._verbs and not ending.search(word)

    def knows(self, word: str, language: str) -> bool:
        """Say whether a word has a meaning beyond itself."""
        return bool(self._concepts(word, language))

    def known_parts(self, word: str) -> Keys:
        """Return the meanings of the halves of a compound, for each cut that gives two known words."""
        found: set[str] = set()
        for head, tail in self.parts(word):
            if len(head) > _OWN_KEYS and len(tail) > _OWN_KEYS:
                found |= head | tail
        return frozenset(found)


def _infinitive(group: Equals) -> bool:
    """Say whether a line has a German infinitive: it is about doing, not about a deed."""
    return any(
        language == GERMAN and name[0].islower() and name.endswith(("en", "ern", "eln"))
        for language, name in group.names
    )


def _verbal(name: str, language: str) -> bool:
    return " " not in name and (
        language == ENGLISH or (name[0].islower() and name.endswith(("en", "ern", "eln", "t", "te")))
    )


def _proper(names: Sequence[tuple[str, str]]) -> bool:
    """Say whether a concept is one of a kind (a product, a company): its name is the same in both languages."""
    german = {name for language, name in names if language == GERMAN}
    return any(name in german and not name.islower() for language, name in names if language == ENGLISH)


_OWN_KEYS = 3
"""The keys that every word has: itself, its stem, its root."""


@cache
def _everyday() -> tuple[Equals, ...]:
    return paraphrases(PARAPHRASES.read_text("utf-8"))


@cache
def _kinds_of_doing() -> tuple[Equals, ...]:
    return deeds(DEEDS.read_text("utf-8"))


_MADE: list[Lexicon] = []
"""The lexicons of the glossaries in use: one in a running bot."""
_KEPT = 4


def lexicon(glossary: Glossary) -> Lexicon:
    """Return the lexicon of a glossary; made once, because it takes a tenth of a second."""
    for made in _MADE:
        if made.glossary is glossary:
            return made
    made = Lexicon(glossary, _everyday(), _kinds_of_doing())
    _MADE.append(made)
    del _MADE[:-_KEPT]
    return made


@remembered(100_000)
def root(word: str, language: str) -> str:
    """Return what a verb, its participle and its noun share: gelöscht, löschen, Löschung; approve, approval."""
    word = infinitive(word, language)
    if language == GERMAN:
        return _german_root(word)
    cut = _ENGLISH_ENDING.sub("", word)
    return cut if len(cut) >= _SHORTEST_ROOT else word


def _german_root(word: str) -> str:
    match = _PARTICIPLE.match(word)
    if match and (match[2] == "zu" or match[2] + match[3] not in INFINITIVES):
        word = (match[1] or "") + match[3]
    word = _NOUN_ENDING.sub("", word)
    return word[:_SHORTEST_ROOT] + word[_SHORTEST_ROOT:].rstrip("enst")


@remembered(100_000)
def fold(word: str) -> str:
    """Return a word without accents, and with the letters that German and English write differently made one."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return plain.replace("ß", "ss").replace("k", "c")


@remembered(100_000)
def cognate(one: str, other: str) -> bool:
    """Say whether two words of different languages are one word in two spellings (Infrastruktur, infrastructure)."""
    first, second = fold(one), fold(other)
    if len(first) > SHORTEST_PART and second.endswith(first) and one not in FALSE_FRIENDS:
        return True
    if min(len(first), len(second)) < 5 or first[:2] != second[:2] or (one in FALSE_FRIENDS or other in FALSE_FRIENDS):  # noqa: PLR2004
        return False
    shared = len(_pairs(first) & _pairs(second))
    return 2 * shared / (len(_pairs(first)) + len(_pairs(second))) >= 0.72  # noqa: PLR2004 - tried on 200 pairs


@remembered(50_000)
def _pairs(word: str) -> frozenset[str]:
    return frozenset(word[i : i + 2] for i in range(len(word) - 1))


FALSE_FRIENDS = frozenset(
    """actual actually aktuell aktuelle become bekommen brief briefly chef eventual eventually eventuell fabric fabrik formula formular
    konkurrenz concurrence konsequent consequent note noten pregnant prägnant provision rente rent sensible sensibel sympathetic
    sympathisch personal personnel personell international internal intern external extern""".split()
)


def is_light(word: str, language: str) -> bool:
    """Say whether a word carries no content of its own."""
    return word in LIGHT[language] or (word in LIGHT[_OTHER[language]] and len(word) <= _SHORT)


_OTHER = dict(zip(LANGUAGES, reversed(LANGUAGES), strict=True))
_SHORT = 2
