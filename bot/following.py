"""Tell whether a message goes on from what was said before, or stands alone."""

from __future__ import annotations

import re

from knowledge.common import common
from knowledge.keywords import words
from knowledge.language import FUNCTION_WORDS

STANDS, PLAIN = 2, 4
"""Words that tell what a message is about from which on it stands alone, unless it points back; and even if it does, for what it
points at may well be in the message itself."""
_OPENS = re.compile(
    r"^\W*(?:and|or|but|so|then|also|even|what about|how about|same|und|oder|aber|also|dann|auch|sogar|nur|was ist mit"
    r"|wie ist es mit|wie sieht es (?:mit|bei)"
    r"|(?:for|with|in|on|at|by|für|mit|bei|im|in|am)(?! (?:which|what|whom|how|welche\w*|was|wie|wem|wen)))\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:(?<!is )it|they|them|their|its|that|this|these|those|there|ones?|both|either|else|instead|another|he|she|him|her"
    r"|(?<!gibt )(?<!ist )es(?! gibt)|er|ihn|ihm|ihr|ihnen|ihre[mnrs]?|dies\w*|jene\w*|dort|sowas|solche\w*|dessen|deren|beide\w*|darunter"
    r"|da(?:von|für|mit|bei|ran|rüber|rin|zu|nach|gegen)|dasselbe|sonst|stattdessen|andere\w*|(?:der|die|das|den|dem)(?=\W*$|[,?.!]))\b"
    r"|\b(?-i:sie)\b",
    re.IGNORECASE,
)


def goes_on(text: str, language: str) -> bool:
    """Say whether a message takes up what was said before: it begins with "and", points back, or is too short to stand alone."""
    telling = [word for word in words(text) if word not in FUNCTION_WORDS[language] and not common(word, language)]
    points = _POINTS.search(text) is not None and len(telling) < PLAIN
    return points or _OPENS.search(text) is not None or len(telling) < STANDS
