"""Make a question's words into weighted terms: its own, their other names, and what went before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from knowledge.keywords import query_terms, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from knowledge.glossary import Glossary, Match
    from knowledge.keywords import KeywordView

TRANSLATION = 1.0
"""Weight of a concept's name in the other language."""
SYNONYM = 0.2
"""Weight of another name in the question's own language."""
CROWD = 0.25
"""Exponent by which a concept's names lose weight the more of them there are in a language: else many names drown few."""
HINTED = 0.5
"""Factor for a concept that the question only hints at."""
EARLIER = 0.5
"""Weight of the question that went before."""
REPLY = 0.25
"""Weight of the answer that went before."""


@dataclass(frozen=True, slots=True)
class Widening:
    """A concept's other names as weighted terms, and the stems by which one can tell how common the concept is."""

    stems: tuple[str, ...]
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the retriever takes it. `terms` maps a keyword term to its weight; `texts` are embedded and averaged."""

    text: str
    language: str
    terms: Mapping[str, float]
    widenings: tuple[Widening, ...]
    texts: tuple[str, ...]

    def weighted(self, view: KeywordView) -> dict[str, float]:
        """Return every term with its weight for what a reader may read.

        A name counts as no rarer than its concept (after Pirkola, SIGIR 1998): in a handbook with few German pages every German word
        is rare, and would otherwise pull those pages up.
        """
        weights = dict(self.terms)
        for widening in self.widenings:
            names = list(widening.terms)
            rarity = view.idf([*names, *widening.stems])
            known = rarity[len(names) :][rarity[len(names) :] > 0]
            cap = float(known.min()) if known.size else np.inf
            for name, own in zip(names, rarity[: len(names)], strict=True):
                if own > 0:
                    weight = widening.terms[name] * min(1.0, cap / own)
                    weights[name] = max(weights.get(name, 0.0), weight)
        return weights


def understand(text: str, language: str, glossary: Glossary, history: Sequence[str] = ()) -> Query:
    """Return the query for a question. `history` holds the earlier turns in order, a question and its answer in turn."""
    terms = query_terms(text, language)
    widenings = list(_widen(text, language, glossary))
    for weight, turn in zip((REPLY, EARLIER), reversed(history[-2:]), strict=False):
        for term, own in query_terms(turn, language, weight).items():
            terms[term] = max(terms.get(term, 0.0), own)
        if weight == EARLIER:
            widenings.extend(_widen(turn, language, glossary, EARLIER))
    return Query(text, language, terms, tuple(widenings), (text, *history[-2:-1]))


def _widen(text: str, language: str, glossary: Glossary, factor: float = 1.0) -> Iterator[Widening]:
    """Yield the other names of what a text names."""
    for match in glossary.matches(text):
        strength = factor * (HINTED if match.hint else 1.0)
        yield _widening(match, language, strength)


def _widening(match: Match, language: str, strength: float) -> Widening:
    names = [name for name in match.concept.names if not name.hint]
    crowd = Counter(name.language for name in names)
    terms: dict[str, float] = {}
    for name in names:
        weight = strength * (SYNONYM if name.language == language else TRANSLATION) / crowd[name.language] ** CROWD
        for term, own in query_terms(name.text, name.language, weight).items():
            terms[term] = max(terms.get(term, 0.0), own)
    single = ((listed[0], name.language) for name in names if len(listed := words(name.text)) == 1)
    return Widening(tuple("=" + stem(word, spoken) for word, spoken in single), terms)
