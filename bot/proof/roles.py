"""Does the same one act? Who does what to whom must not be turned round between a quote and a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.proof.claims import Piece, Text
    from bot.proof.lexicon import Lexicon
    from bot.proof.statements import Statement
    from bot.proof.words import Word

_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\b(?: \w+){0,2}? \w+(?:ed|en|wn|ne|nt|ld|pt|de)\b|\b(?:wird|werden|wurde|wurden|worden)\b", re.IGNORECASE
)  # fmt: skip
_BY = frozenset("by von vom durch".split())
_AWAY = frozenset(
    """of to for with from in on at about without than into before after under via against mit für an bei zu zur zum beim im am aus nach über ohne gegen
    unter auf als vor den dem je pro per einen einem des eines by von vom durch ihren ihrem seinen seinem keinen keinem jeden jedem""".split()
)
"""What stands before somebody who does not act: prepositions, and German articles of the other cases."""


def roles(
    group: Sequence[Piece], said: Text, statement: Statement, lexicon: Lexicon
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a finding where one acts in the sentence, another in the quote, and both name both of them."""
    if statement.row:
        return
    here = _acting(
        [word for piece in group for word in piece.words], said.text[group[0].begin : group[-1].end], lexicon
    )
    for clause in _clauses(statement.whole):
        text = statement.whole.text[clause[0].begin : clause[-1].end]
        there = _acting([word for piece in clause for word in piece.words], text, lexicon)
        if here and there and _turned(here, there, lexicon):
            yield "role", (here[0].lower, there[0].lower)


def _turned(here: Sequence[Word], there: Sequence[Word], lexicon: Lexicon) -> bool:
    """Say whether the first ones differ and each stands second on the other side."""
    first, known = here[0], there[0]
    if _same(first, known, lexicon):
        return False
    return any(_same(first, other, lexicon) for other in there[1:]) and any(
        _same(known, other, lexicon) for other in here[1:]
    )


def _same(one: Word, other: Word, lexicon: Lexicon) -> bool:
    return bool((one.keys | one.names) & (other.keys | other.names) & lexicon.people)


def _acting(words: Sequence[Word], text: str, lexicon: Lexicon) -> list[Word]:
    """Return the people of a clause, the one who acts first; empty if nobody tells."""
    people = [
        (place, word) for place, word in enumerate(words) if (word.keys | word.names) & lexicon.people and not word.verb
    ]
    passive = _PASSIVE.search(text) is not None
    by = [word for place, word in people if passive and _before(words, place) & _BY]
    free = [word for place, word in people if not passive and not _before(words, place) & _AWAY]
    actor = next(iter(by or free), None)
    return [] if actor is None else [actor, *(word for _, word in people if word is not actor)]


def _before(words: Sequence[Word], place: int) -> set[str]:
    """Return the little words in front of somebody, up to the last word with content that is no adjective of theirs."""
    found: set[str] = set()
    for word in reversed(words[max(place - 3, 0) : place]):
        if word.verb:
            break
        found.add(word.lower)
    return found


def _clauses(text: Text) -> Iterator[list[Piece]]:
    clause: list[Piece] = []
    for piece in text.pieces:
        if clause and piece.alone:
            yield clause
            clause = []
        clause.append(piece)
    if clause:
        yield clause
