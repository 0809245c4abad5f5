"""Make a question's words into weighted terms: its own, their other names, and what went before."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from knowledge.common import common
from knowledge.keywords import Weighted, grams, heaviest, query_terms, stem, words
from knowledge.language import FUNCTION_WORDS
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from knowledge.glossary import Concept, Glossary, Match
    from knowledge.keywords import KeywordView

TRANSLATION = 1.0
"""Weight of a concept's name in the other language."""
SYNONYM = 0.2
"""Weight of another name in the question's own language."""
CROWD = 0.25
"""Exponent by which a concept's names lose weight the more of them there are in a language: else many names drown few."""
HINTED = 0.5
"""Factor for a concept that the question only hints at."""
BEGUN = 0.25
"""Factor for one that only the first part of a compound names: a company bike is no kind of company."""
EARLIER = 0.5
"""Weight of the question that went before."""
REPLY = 0.4
"""Weight of the answer that went before."""
TOLD = 2
"""Words of that answer that count in full; the more it has, the less each of them tells what is asked about now."""
ALIKE = 0.6
"""Share of 4-grams from which on two words count as forms of one."""

COMMON = 0.4
"""Factor for a word that is said about anything, and tells little of what a question is about."""
WIDENINGS = 4096
"""Widenings kept for a reader: more than a glossary has concepts."""
HALF = 0.5
"""Share of the 4-grams of the longer of two words from which on one is taken for a misspelling of the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Widening:
    """A concept's other names as weighted terms, and the stems by which one can tell how common the concept is."""

    stems: tuple[str, ...]
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """A word that tells what the question is about: its term, its 4-grams, and the stems of each other name of what it names.

    `other` is its term in the other language; `hinted` are the names to which only a hint or a part of the word leads; `weight` is less
    than 1 for a word of an earlier turn; `word` is how it is written, in lower case; `part`: it is one word of a name of several ("customer
    data"), and says less on its own.
    """

    stem: str
    grams: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    other: str = ""
    hinted: frozenset[tuple[str, ...]] = frozenset()
    weight: float = 1.0
    word: str = ""
    part: bool = False
    common: bool = False
    first: bool = False

    @property
    def terms(self) -> Iterator[str]:
        """Yield every term that can tell whether a text speaks of it."""
        yield self.stem
        yield self.other
        yield from self.grams
        for name in self.names:
            yield from name

    def held(self, terms: Container[str]) -> float:
        """Return how surely (0..1) a text with these terms speaks of it: itself, another name, or much the same letters."""
        if self.stem in terms or any(all(stem in terms for stem in name) for name in self.names):
            return 1.0
        share = sum(gram in terms for gram in self.grams) / len(self.grams) if self.grams else 0.0
        return share if share >= ALIKE else 0.0

    def resembles(self, word: str) -> bool:
        """Say whether a single word is spelled much the same: a slip of the hand, not another word."""
        held = _letters(word)
        most = max(len(held), len(self.grams))
        return not held.isdisjoint(self.grams) and sum(gram in held for gram in self.grams) >= HALF * most

    def rarity(self, idf: Mapping[str, float]) -> float:
        """Return how telling the word is where terms are as telling as `idf` says: no more than its most common name is.

        A name of several words is as telling as they are on average; it counts where no single word names the same.
        """
        ways = [[idf[term] for term in name] for name in ((self.stem,), *self.names)]
        known = [way for way in ways if min(way) > 0]
        single = [way for way in known if len(way) == 1]
        if known:
            return min(sum(way) / len(way) for way in single or known)
        letters = sorted(idf[gram] for gram in self.grams if idf[gram] > 0)
        return letters[len(letters) // 2] if letters and len(letters) >= ALIKE * len(self.grams) else 0.0


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the retriever takes it. `terms` maps a keyword term to its weight; `texts` are embedded and averaged."""

    text: str
    language: str
    terms: Mapping[str, float]
    widenings: tuple[Widening, ...]
    texts: tuple[str, ...]
    asked: tuple[Asked, ...]

    def weighted(self, capped: Capped) -> Weighted:
        """Return every term with its weight for what a reader may read."""
        return heaviest((capped.own(self.terms), *map(capped.of, self.widenings)))


class Capped:
    """The other names of concepts as they count for one reader; what was worked out once is kept.

    A name counts as no rarer than its concept (after Pirkola, SIGIR 1998): in a handbook with few German pages every German word
    is rare, and would otherwise pull those pages up.
    """

    def __init__(self, view: KeywordView) -> None:
        self._view = view
        self.own = view.weighted
        self.of = remembered(WIDENINGS)(self._of)

    def _of(self, widening: Widening) -> Weighted:
        own = self._view.weighted(widening.terms)
        rarity = self._view.rarities(own.numbers)
        known = [each for each in self._view.idf(widening.stems).tolist() if each > 0]
        cap = min(known, default=math.inf)
        held = rarity > 0
        return Weighted(own.numbers[held], own.weights[held] * np.minimum(1.0, cap / rarity[held]))


def understand(text: str, language: str, glossary: Glossary, history: Sequence[str] = ()) -> Query:
    """Return the query for a question. `history` holds the earlier turns in order, a question and its answer in turn."""
    terms = query_terms(text, language)
    matches = glossary.matches(text)
    widenings = list(_widen(matches, language))
    asked = list(_asked(text, language, matches))
    for weight, turn in zip((REPLY, EARLIER), reversed(history[-2:]), strict=False):
        for term, own in query_terms(turn, language, weight).items():
            terms[term] = max(terms.get(term, 0.0), own)
    for turn in history[-1:] if len(history) > 1 else ():
        named = tuple(_asked(turn, language, glossary.matches(turn)))
        weight = REPLY * min(1.0, TOLD / max(len(named), 1))
        asked.extend(replace(each, weight=weight) for each in named)
    for turn in history[-2:-1]:
        matches = glossary.matches(turn)
        widenings.extend(_widen(matches, language, EARLIER))
        asked.extend(_asked(turn, language, matches, EARLIER))
    return Query(text, language, terms, tuple(widenings), (text, *history[-2:-1]), tuple(asked))


def _asked(text: str, language: str, matches: Sequence[Match], weight: float = 1.0) -> Iterator[Asked]:
    """Yield the words that tell what a question is about."""
    for place, word in enumerate(words(text)):
        if word in FUNCTION_WORDS.get(language, ()):
            continue
        here = [match for match in matches if match.start <= place < match.end]
        names = tuple(name for match in here for name in _named(match.concept))
        hinted = frozenset(name for match in here if match.hint for name in _named(match.concept))
        other = "=" + stem(word, "en" if language == "de" else "de")
        first = bool(here) and all(match.first for match in here)
        part = any(match.end - match.start > 1 and not match.hint for match in here)
        yield Asked(
            "=" + stem(word, language),
            grams(word),
            names,
            other,
            hinted,
            weight,
            word,
            part,
            common(word, language),
            first,
        )


@remembered(100_000)
def _letters(word: str) -> frozenset[str]:
    return frozenset(grams(word))


@remembered(8192)
def _named(concept: Concept) -> tuple[tuple[str, ...], ...]:
    """Return the stems of each name of a concept."""
    names = (name for name in concept.names if not name.hint)
    return tuple(tuple("=" + stem(part, name.language) for part in words(name.text)) for name in names)


def _widen(matches: Sequence[Match], language: str, factor: float = 1.0) -> Iterator[Widening]:
    """Yield the other names of what a text names."""
    for match in matches:
        yield _widening(match.concept, language, factor * (HINTED if match.hint else 1.0))


@remembered(8192)
def _widening(concept: Concept, language: str, strength: float) -> Widening:
    names = [name for name in concept.names if not name.hint]
    crowd = Counter(name.language for name in names)
    terms: dict[str, float] = {}
    for name in names:
        weight = strength * (SYNONYM if name.language == language else TRANSLATION) / crowd[name.language] ** CROWD
        for term, own in query_terms(name.text, name.language, weight).items():
            terms[term] = max(terms.get(term, 0.0), own)
    single = ((listed[0], name.language) for name in names if len(listed := words(name.text)) == 1)
    return Widening(tuple("=" + stem(word, spoken) for word, spoken in single), terms)
