"""Say whether a restated question is still the asker's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.keywords import stem, words
from knowledge.language import ENGLISH, FUNCTION_WORDS, GERMAN

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEGATIONS = frozenset("no not never without cannot nor nicht nie kein keine keinen keiner keinem keines ohne".split())
_NEUTRAL = frozenset(
    """use uses used using usage allow allowed allowing permit permitted tool tools rule rules apply applies purpose handbook company
    nutze nutzen nutzt genutzt nutzung verwende verwenden verwendet verwendung einsetzen einsetze eingesetzt erlaubt gestattet werkzeug
    werkzeuge regel regeln gelten gilt zweck handbuch firma unternehmen""".split()
)
"""Words that a question needs to stand alone and that say nothing new."""
_FUNCTION = frozenset[str]().union(*FUNCTION_WORDS.values())


def faithful(restated: str, text: str, earlier: Iterable[str]) -> bool:
    """Say whether a restated question holds all that the message is about, and nothing that the asker did not say.

    A model that is led astray could turn "and customer data?" into a question about something harmless, whose verdict would then
    stand below the asker's own question.
    """
    said = (text, *earlier)
    told, own = content(restated), content(text)
    known = frozenset[str]().union(_stems(_NEUTRAL), *map(content, said))
    denied = _NEGATIONS.intersection(words(restated)) - frozenset(words(" ".join(said)))
    return own <= told <= known and not denied


def content(text: str) -> frozenset[str]:
    """Return the stems of the words that say what a text is about."""
    return _stems(word for word in words(text) if word not in _FUNCTION)


def _stems(listed: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(stem(word, GERMAN), ENGLISH) for word in listed)
