"""Choose the pieces to quote: those that speak of what is asked about and hold what is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING

from bot.intent import asks_permission
from bot.sought import Wanted
from knowledge.documents import CELL_SEPARATOR, Kind
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from knowledge.findings import Findings, Found

QUOTES = 3
"""Quotes of an answer at most."""
QUOTED = 700
"""Characters of all its quotes together at most, with the lines that lead them."""
LEAD = 160
"""Characters of a leading line at most; a longer one introduces nothing."""
PASSAGE = 0.3
"""Weight of a passage's rank beside the fit of one of its pieces."""
SOUGHT = 0.2
"""What a piece gains by holding what is asked for."""
OWN = 0.25
"""What the row of a thing gains that a may-I question names."""
NEW = 0.3
"""What a further quote gains by speaking of words that those before it do not speak of."""
LEAST = 0.5
"""Share of the best quote's value that a further one must have."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece, or two neighbouring ones, chosen to be quoted. `first` and `last` number its pieces in the passage.

    `speaks` says how surely it speaks of each word that is asked about, `about` of how much of the question that is, `value` how well
    it answers; `holds`: it has the kind of thing that is asked for, or nothing of a kind is. `worth`: see Findings.
    `own`: it is the row of what a may-I question names.
    """

    found: Found
    first: int
    last: int
    text: str
    value: float
    speaks: tuple[float, ...] = ()
    about: float = 0.0
    holds: bool = True
    worth: tuple[float, ...] = ()
    own: bool = False

    @property
    def lead(self) -> str:
        """Return the line above the quote that carries its sense ("Not allowed:", a question, a row's column names), or ""."""
        passage = self.found.passage
        above = passage.leads[self.first] if passage.leads else ""
        line = CELL_SEPARATOR.join(passage.header) if passage.kind is Kind.ROW else above
        return line if len(line) <= LEAD else ""

    @property
    def length(self) -> int:
        """Return how many characters of an answer it takes."""
        return len(self.text) + len(self.lead)

    def spoken(self, piece: int) -> float:
        """Return of how much of the question one of its pieces speaks."""
        return _about(self.found.pieces[piece].speaks, self.worth)

    def overlaps(self, other: Quote) -> bool:
        """Say whether two quotes share a piece."""
        return self.found is other.found and self.first <= other.last and other.first <= self.last


def choose(found: Iterable[Quote], worth: Sequence[float]) -> tuple[Quote, ...]:
    """Return up to QUOTES quotes of QUOTED characters in all, the best first, from all that can be quoted."""
    left = sorted(found, key=lambda quote: -quote.value)
    chosen: list[Quote] = []
    while left and len(chosen) < QUOTES:
        best = _best(left, _spoken(chosen), worth) if chosen else left[0]
        left.remove(best)
        if _fits(best, chosen):
            chosen.append(best)
            left = [quote for quote in left if quote.value >= LEAST * chosen[0].value]
    return tuple(chosen)


def _best(left: Sequence[Quote], spoken: Sequence[float], worth: Sequence[float]) -> Quote:
    """Return the quote that says most, with what it says that is new; `left` goes from the highest value down."""
    best, most = left[0], 0.0
    for quote in left:
        if quote.value + NEW <= most:
            break
        worthwhile = quote.value + NEW * _new(quote, spoken, worth)
        if worthwhile > most:
            best, most = quote, worthwhile
    return best


def _fits(quote: Quote, chosen: Sequence[Quote]) -> bool:
    """Say whether a quote has room beside those chosen, and says something else."""
    room = QUOTED - sum(other.length for other in chosen)
    return quote.length <= room and not any(quote.overlaps(other) or quote.text == other.text for other in chosen)


def _spoken(chosen: Sequence[Quote]) -> tuple[float, ...]:
    """Return how surely the quotes together speak of each word."""
    return tuple(max(column) for column in zip(*(quote.speaks for quote in chosen), strict=True))


def _new(quote: Quote, spoken: Sequence[float], worth: Sequence[float]) -> float:
    """Return how much of the question a quote speaks of that those before it do not."""
    news = ((share, mine - before) for share, mine, before in zip(worth, quote.speaks, spoken, strict=False))
    return sum(share * new for share, new in news if new > 0)


def quotable(question: str, findings: Findings) -> tuple[Quote, ...]:
    """Return every piece that can be quoted, and every two sentences in a row, with their value."""
    return tuple(_quotable(question, findings))


def _quotable(question: str, findings: Findings) -> Iterator[Quote]:
    wanted, worth = Wanted(question), findings.worth
    things = frozenset(findings.asked if asks_permission(question) else ())
    asks = bool(wanted.kinds)
    top = max((found.score for found in findings.found), default=0.0)
    for found in findings.found:
        own = _is_named(found, things)
        rank = (PASSAGE * found.score / top if top else 0.0) + OWN * own
        for first, last in _spans(found):
            if first == last:
                text, speaks, near = found.passage.pieces[first], found.pieces[first].speaks, found.pieces[first].near
            else:
                one, two = found.pieces[first : last + 1]
                text = " ".join(found.passage.pieces[first : last + 1])
                speaks, near = tuple(map(max, one.speaks, two.speaks)), one.near + two.near
            about = _about(speaks, worth)
            held = not asks or wanted.held(text)
            value = rank + about + near + SOUGHT * (held and asks)
            yield Quote(found, first, last, text, value, speaks, about, held, worth, own)


def _is_named(found: Found, things: AbstractSet[str]) -> bool:
    """Say whether a passage is the row of one of these things."""
    first = found.passage.text.partition(CELL_SEPARATOR)[0]
    return found.passage.kind is Kind.ROW and not things.isdisjoint(re.findall(r"\w+", first.lower()))


def _about(speaks: Sequence[float], worth: Sequence[float]) -> float:
    return float(sum(map(mul, worth, speaks)))


def _spans(found: Found) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of what can be quoted together."""
    pieces = found.passage.pieces[: len(found.pieces)]
    before = False
    for place, alone in enumerate(map(_says_something, pieces)):
        if alone and before:
            yield place - 1, place
        if alone:
            yield place, place
        before = alone and found.passage.kind is Kind.TEXT


@remembered(20_000)
def _says_something(piece: str) -> bool:
    """Say whether a piece can stand alone: no line above a list, no question, no head of a mail, no markup of a link or an image."""
    return not piece.endswith((":", "?")) and not _MAIL_HEAD.match(piece) and "](" not in piece


def alarm(quotable: Iterable[Quote]) -> Quote | None:
    """Return the best piece that names a way to reach somebody: a phone number, an extension or an e-mail address."""
    reaching = [quote for quote in quotable if _REACHED.search(quote.text) and quote.first == quote.last]
    return max(reaching, key=lambda quote: (is_urgent(quote), quote.value), default=None)


def is_urgent(quote: Quote) -> bool:
    """Say whether a quote tells the way to report an accident, and not just some way to reach somebody."""
    return _URGENT.search(quote.text) is not None


def fitting(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """Return the first quotes that fit an answer together."""
    kept: list[Quote] = []
    for quote in quotes:
        if len(kept) < QUOTES and _fits(quote, kept):
            kept.append(quote)
    return tuple(kept)


_URGENT = re.compile(
    r"sofort|umgehend|unverzüglich|notruf|notfall|rund um die uhr|24 stunden|24/7"
    r"|\bat once\b|immediately|right away|emergency|24 hours|security line",
    re.IGNORECASE,
)
_MAIL_HEAD = re.compile(r"(?:from|to|cc|sent|subject|von|an|gesendet|betreff):", re.IGNORECASE)
_REACHED = re.compile(
    r"\b(?:ext(?:ension|\.)?|durchwahl|dw|tel(?:efon|\.)?|phone|hotline|line|nummer)\W{0,3}(?:\w+\W+){0,2}?\d{3,}|\S@\S+\.\w|\+\d{2}",
    re.IGNORECASE,
)
