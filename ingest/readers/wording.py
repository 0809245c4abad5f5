"""Cleans the wording of a file: what nobody sees goes, what is seen stays as it was written."""

from __future__ import annotations

import re
import unicodedata

SOFT_HYPHEN = "\u00ad"
JOINER = "\u200d"

_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
_INVISIBLE = re.compile(
    "["
    "\u200b-\u200f\u061c\u2060-\u206f\ufeff"  # zero width and bidirectional marks, embeddings, isolates
    "\u202a-\u202e"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # fillers and Mongolian separators
    "\ufe00-\ufe0f\ufff9-\ufffb"  # variation selectors, interlinear annotation
    "\U000e0000-\U000e0fff"  # tags and further variation selectors, both used to smuggle text
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "]"
)
_EMOJI_PARTS = frozenset({JOINER, "\ufe0f"})


def clean(text: str) -> tuple[str, int]:
    """Return the text without what nobody sees, and how many hidden characters went.

    The result is NFC, without soft hyphens (not counted as hidden), with plain spaces and line feeds. Emoji stay whole.
    """
    composed = unicodedata.normalize("NFC", text).replace(SOFT_HYPHEN, "")
    if composed.isascii() and composed.isprintable():
        return composed, 0
    even = _SPACES.sub(" ", _LINE_ENDS.sub("\n", composed))
    shown = _INVISIBLE.sub(_seen, even)
    return shown, len(even) - len(shown)


def squeeze(text: str) -> str:
    """Return the text with single spaces, its line feeds kept, no line empty."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def visible(text: str) -> int:
    """Count the characters that a reader would have seen."""
    return len(re.sub(r"\s", "", text))


def _seen(match: re.Match[str]) -> str:
    """Keep a joiner or selector that holds an emoji together."""
    before = match.string[match.start() - 1 : match.start()]
    keeps = match.group() in _EMOJI_PARTS and before and _pictorial(before)
    return match.group() if keeps else ""


def _pictorial(character: str) -> bool:
    """Tell whether an emoji may go on after the character."""
    return character == "\ufe0f" or unicodedata.category(character) in ("So", "Sk")
