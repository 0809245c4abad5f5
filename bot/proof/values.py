"""Hold the hard facts of a sentence against those of its quote: the same ones, in the same direction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.proof.claims import carried, content
from bot.proof.directions import ABOUT, AFTER, EXACT, FOR, MAX, MIN, SINCE
from bot.proof.facts import Value, same

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.proof.claims import Piece, Text
    from bot.proof.lexicon import Lexicon
    from bot.proof.statements import Statement

_UNDIRECTED = frozenset({"code", "address", "time", "times", "ordinal"})
_LIMIT = re.compile(r"limit|cap\b|ceiling|maximum|deadline|\w*grenze|\w*frist\b|höchst\w*|maximal", re.IGNORECASE)


def values(
    group: Sequence[Piece], said: Text, statement: Statement, lexicon: Lexicon
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a finding for each value that the statement does not have, or has in another direction."""
    known = statement.quoted.values
    for value in (value for piece in group for value in piece.values):
        written = said.text[value.start : value.end]
        equal = [other for other in known if _same(value, other, row=statement.row)]
        if (
            not equal
            and any(same(value, other) for other in statement.about.values)
            and value.kind in ("code", "date", "number")
            and value.direction == EXACT
        ):
            continue
        if not equal and value.kind.startswith("period") and _named(value, statement.about.text):
            continue
        if not equal or (statement.row and _elsewhere(value, said, statement, lexicon)):
            yield "value", (written,)
        elif not any(_agree(value, other, said, statement) for other in equal):
            yield "direction", (written,)


def _elsewhere(value: Value, said: Text, statement: Statement, lexicon: Lexicon) -> bool:
    """Say whether the sentence speaks of another column than the one that holds the value, or of one that nobody can tell."""
    if not statement.columns:
        return value.kind == "date" and sum(other.kind == "date" for other in statement.quoted.values) > 1
    if any(_same(value, other, row=True) for other in statement.columns[0][1].values):
        return False
    told = {True: 0.0, False: -1.0}
    for name, cell in statement.columns[1:]:
        held = [other for other in cell.values if other.kind == value.kind or _same(value, other, row=True)]
        held = [
            other for other in held if _same(value, other, row=True) or not any(same(o, other) for o in said.values)
        ]
        if held:
            here = any(_same(value, other, row=True) for other in held)
            named = content(name.words)
            score = sum(carried(word, said, name.language, lexicon) for word in named) / max(len(named), 1)
            told[here] = max(told[here], score)
    return told[False] > told[True]


def _same(said: Value, known: Value, *, row: bool) -> bool:
    if same(said, known):
        return True
    loose = row and known.kind == "number" and said.kind not in ("minutes", "months", "working days")
    return loose and said.digits is not None and said.digits == known.digits


def _agree(said: Value, known: Value, text: Text, statement: Statement) -> bool:
    one, other = _direction(said), _direction(known)
    if one == other or said.kind in _UNDIRECTED or said.kind.startswith("period") or (one == ABOUT and other == EXACT):
        return True
    if one == AFTER and other in (EXACT, FOR) and said.kind != "date":
        return True
    if one in (EXACT, FOR) and (other in (EXACT, FOR) or (one == FOR and other == AFTER)):
        return True
    if one == EXACT and any(
        twin is not said and same(twin, said) and _direction(twin) == other for twin in text.values
    ):
        return True
    limit = bool(_LIMIT.search(statement.quoted.text) or _LIMIT.search(statement.about.text))
    if {one, other} == {MAX, EXACT} and limit and (_LIMIT.search(text.text) or one == MAX):
        return True
    return said.bare and one == EXACT


def _named(value: Value, header: str) -> bool:
    """Say whether the header of a row names a period ("Cost per seat and month")."""
    word = {1440.0: "day|tag", 10080.0: "week|woche", 1.0: "month|monat", 12.0: "year|jahr", 3.0: "quarter|quartal"}
    return bool(
        isinstance(value.amount, float) and re.search(rf"\b(?:{word.get(value.amount, '-')})\b", header, re.IGNORECASE)
    )


def _direction(value: Value) -> str:
    if value.kind == "date" and value.direction in (MIN, SINCE):
        return SINCE
    if value.kind == "date" and value.direction == FOR:
        return EXACT
    return value.direction
