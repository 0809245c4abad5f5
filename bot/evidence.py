"""What a model is given to answer from, and where its excerpts really stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answerer import place
from bot.choosing import Quote
from bot.cleaning import links
from bot.drafts import Source
from bot.proof import Quoted
from bot.proof.quotes import normal, stands
from knowledge.documents import CELL_SEPARATOR, Kind
from knowledge.manipulation import orders
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.findings import Found

ROOM = 9500
"""Characters of all passages of one request: with the instructions about 3,700 tokens, counted high."""
FRAME = 45
"""Characters that the frame around a passage costs."""
LEAST = 60
"""Characters below which the rest of the room is not worth a passage."""
WIDENED = 320
"""Characters of a piece up to which an excerpt is filled up to the whole of it."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A passage that a model was given, and where it comes from."""

    source: Source
    found: Found

    def quoted(self, quote: str) -> Quoted:
        """Return a quote with the passage around it, as the proof reads it."""
        return quoted(self.found, quote)


@dataclass(frozen=True, slots=True)
class Located:
    """An excerpt in the words that stand in the document, and the whole piece around it where that is short enough."""

    offered: Offered
    excerpt: str
    shown: str
    piece: int = 0

    @property
    def quote(self) -> Quote:
        """Return what is shown as a quote of its piece."""
        return Quote(self.offered.found, self.piece, self.piece, self.shown, 0.0)


def offer(found: Sequence[Found], room: int = ROOM) -> tuple[Offered, ...]:
    """Return what may go to a model: in order, within the room, without closed documents and without orders to assistants."""
    offered: list[Offered] = []
    for each in found:
        if room < LEAST:
            break
        if each.metadata.external and (source := _source(len(offered) + 1, each, room)):
            offered.append(Offered(source, each))
            room -= len(source.place) + len(source.text) + FRAME
    return tuple(offered)


def quoted(found: Found, quote: str) -> Quoted:
    """Return a quote with the passage around it, headings on the first line, as the proof reads it."""
    return Quoted(quote, f"{_where(found)}\n{_text(found, found.passage.pieces)}")


def _where(found: Found) -> str:
    return " > ".join(filter(None, (found.metadata.title, place(found))))


def _source(number: int, found: Found, room: int) -> Source | None:
    where = _where(found)
    pieces = tuple(_fitting(found, room - len(where) - FRAME))
    return Source(number, where, _text(found, pieces)) if pieces else None


def _fitting(found: Found, room: int) -> Iterator[str]:
    """Yield a passage's pieces in order as long as there is room."""
    room -= len(CELL_SEPARATOR.join(found.passage.header))
    for piece in found.passage.pieces:
        room -= len(piece) + 1
        if room < 0:
            return
        if not _obeyed(piece):
            yield piece


_obeyed = remembered(4096)(orders)
"""Whether a piece of a document orders an assistant about; the same pieces are offered again and again."""


def _text(found: Found, pieces: Sequence[str]) -> str:
    """Return a passage as it is read: the names of a row's columns and the line that leads to a list above, where they carry the sense."""
    passage = found.passage
    lines: list[str] = [CELL_SEPARATOR.join(passage.header)] if passage.header else []
    for piece in pieces:
        lead = passage.leads[passage.pieces.index(piece)] if passage.leads else ""
        lines += [line for line in (lead,) if line and line not in lines and line not in passage.pieces]
        lines.append(piece)
    joined = "\n" if len(lines) > len(pieces) or passage.kind in (Kind.ITEM, Kind.RULE) else " "
    return joined.join(lines)


def locate(quote: str, offered: Offered) -> Located | None:
    """Return where a model's excerpt stands in a passage, None if it does not stand there word for word."""
    pattern, passage = _pattern(quote), offered.found.passage
    if pattern is None:
        return None
    for number, piece in enumerate(passage.pieces):
        if match := pattern.search(piece):
            return _located(offered, match[0], number)
    if match := pattern.search(passage.text):
        return None if orders(match[0]) else Located(offered, match[0], match[0])
    rows = enumerate(passage.pieces) if passage.kind is Kind.ROW else ()
    return next((Located(offered, piece, piece, number) for number, piece in rows if stands(quote, piece)), None)


def _located(offered: Offered, excerpt: str, number: int) -> Located | None:
    piece = offered.found.passage.pieces[number]
    if orders(piece) or not stands(excerpt, piece):
        return None
    whole = offered.found.passage.kind is Kind.ROW or (len(piece) <= WIDENED and not links(piece))
    return Located(offered, excerpt, piece if whole else excerpt, number)


_ALIKE = {'"': '["„“”«»‟″]', "'": "['‚‘’‹›`´]", "-": "[-‐‑‒–—−]"}


def _pattern(quote: str) -> re.Pattern[str] | None:
    """Return what finds a quote however its spaces, dashes and quotation marks are written."""
    parts = normal(quote).strip().split()
    if not parts or not re.search(r"\w", quote):
        return None
    written = ("".join(_ALIKE.get(c, re.escape(c)) for c in part) for part in parts)
    return re.compile(r"\s+".join(written))
