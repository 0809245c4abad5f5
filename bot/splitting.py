"""Split what is too long for one message: between blocks, then between paragraphs, lines, sentences, words. Nothing visible is lost.

`split` returns slices, not texts, so that a platform can carry its own marks (bold, links, code) along.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GAP = "\n\n"
"""Stands between two blocks of one message."""
_FULL = 0.5
"""How full a message has to be before a nicer cut is preferred to a later one."""
_BREAKS = tuple(re.compile(pattern) for pattern in (r"\n[ \t]*\n", r"\n", r"(?<=[.!?…:;])\s", r"\s"))
"""Where a block may be cut, the best first. What stands there is white, and goes."""
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")
"""Zero-width joiner, variation selectors, keycap: they belong to the character in front."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of a block: its number, from where and up to where."""

    block: int
    start: int
    end: int


def utf16(text: str) -> int:
    """Return how long a text is in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(
    blocks: Sequence[str], limit: int, measure: Callable[[str], int] = len, gap: str = GAP
) -> list[tuple[Slice, ...]]:
    """Return messages, each the slices that fit into it with `gap` between them, in order.

    A block is cut only if it does not fit into a message of its own. `measure` has to be additive: the length of a text is
    the sum over its characters. Blocks without anything visible are left out. Never between a character and what belongs to
    it, unless that alone is too long. Every slice holds something visible, and every message at most `limit`.
    """
    messages: list[list[Slice]] = []
    room, between = 0, measure(gap)
    for number, block in enumerate(blocks):
        for piece in _pieces(number, block, limit, measure):
            size = measure(block[piece.start : piece.end])
            if messages and size + between <= room:
                messages[-1].append(piece)
                room -= size + between
            else:
                messages.append([piece])
                room = limit - size
    return [tuple(message) for message in messages]


def joined(blocks: Sequence[str], message: Sequence[Slice], gap: str = GAP) -> str:
    """Return the text of a message."""
    return gap.join(blocks[piece.block][piece.start : piece.end] for piece in message)


def _pieces(number: int, block: str, limit: int, measure: Callable[[str], int]) -> list[Slice]:
    """Cut one block into as few pieces as fit."""
    start, end = _trim(block, 0, len(block))
    ends = list(accumulate(map(measure, block)))
    found = []
    while start < end:
        used = ends[start - 1] if start else 0
        fits = min(bisect_right(ends, used + limit), end)
        cut = end if fits >= end else _cut(block, start, max(fits, start + 1))
        piece = _trim(block, start, cut)
        if piece[0] < piece[1]:
            found.append(Slice(number, *piece))
        start = _trim(block, cut, end)[0] if cut < end else end
    return found


def _trim(block: str, start: int, end: int) -> tuple[int, int]:
    """Leave out empty lines in front and what is white behind; spaces that indent a line stay."""
    text = block[start:end].rstrip()
    first = len(text) - len(text.lstrip())
    line = text.rfind("\n", 0, first) + 1
    return start + line if text else start + len(text), start + len(text)


def _cut(block: str, start: int, most: int) -> int:
    """Return where to cut so that nothing behind `most` is in the piece."""
    least = start + int((most - start) * _FULL)
    for pattern in _BREAKS:
        found = [match.start() for match in pattern.finditer(block, least, most + 1) if match.start() <= most]
        if found and block[start : found[-1]].strip():
            return found[-1]
    cut = most
    while cut > start + 1 and _belongs(block, cut):
        cut -= 1
    return most if cut == start + 1 and _belongs(block, cut) else cut


def _belongs(block: str, at: int) -> bool:
    """Say whether the character at a place belongs to the one in front of it."""
    before, here = block[at - 1], block[at]
    return (
        here in _JOINERS
        or before == "\u200d"
        or unicodedata.category(here).startswith("M")
        or "\U0001f3fb" <= here <= "\U0001f3ff"
        or (_is_flag(here) and _flags(block, at) % 2 == 1)
        or (before == "\r" and here == "\n")
    )


def _is_flag(character: str) -> bool:
    """Say whether a character is half of a flag."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags(block: str, at: int) -> int:
    """Return how many halves of flags stand right in front of a place."""
    first = at
    while first and _is_flag(block[first - 1]):
        first -= 1
    return at - first
