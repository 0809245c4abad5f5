"""Hold the bounds that a sentence sets (only, all, before, except) against those of its quote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.proof.claims import carried, content
from bot.proof.forces import NEGATIVE
from bot.proof.modality import Force, said_at, stance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.proof.claims import Piece, Text
    from bot.proof.forces import Finding
    from bot.proof.lexicon import Lexicon
    from bot.proof.modality import Stance
    from bot.proof.statements import Statement
    from bot.proof.words import Word

_CHECKED = ("only", "all", "any", "except", "instead", "or", "than", "until", "self", "max", "min")
_ONLY_UNDER = re.compile(
    r"\b(?:only|nur) (?:\w+ ){0,3}?(?:with|after|if|when|once|mit|nach|wenn|bei|sofern|falls|by|for|für|durch)\b",
    re.IGNORECASE,
)
_ONLY_MAY = re.compile(
    r"^\W*(?:only|nur)\b[^,;]*\b(?:can|may|allowed|darf|dürfen|können|erlaubt|zulässig)\b", re.IGNORECASE
)
_WHETHER = re.compile(r"\b(?:whether|ob|egal|regardless)\b", re.IGNORECASE)


def bounds(
    group: Sequence[Piece], said: Text, statement: Statement, others: Sequence[Statement], lexicon: Lexicon
) -> Iterator[Finding]:
    """Yield the bounds (only, all, before, except ...) that the sentence sets and the quote does not."""
    known = statement.whole.stance.known | (statement.about.stance.known if statement.row else frozenset())
    denied = any(piece.stance.force in NEGATIVE for piece in group)
    text = said.text[group[0].begin : group[-1].end]
    spoken = stance(text, said.language).bounds
    for bound in ("before", "after"):
        if bound in spoken and not _aligned(bound, group, said, statement, lexicon):
            yield "bound", (bound,)
    for bound in _CHECKED:
        carried_by = (bound in known and not _opposed(bound, statement)) or (denied and bound in _TOTAL)
        if bound in spoken and not carried_by and not _implied(bound, known, text, denied=denied):
            if bound == "only" and _exclusive(text, statement, others):
                continue
            yield ("quantity" if bound in ("all", "any", "only") else "bound", (bound,))


def _aligned(bound: str, group: Sequence[Piece], said: Text, statement: Statement, lexicon: Lexicon) -> bool:
    """Say whether what comes behind a "before" or "after" comes behind one in the quote, too."""
    if statement.row:
        return bound in statement.whole.stance.known | statement.about.stance.known
    for piece in group:
        text = said.text[piece.begin : piece.end]
        match = said_at(bound, text, said.language)
        if match is not None:
            words = [word for word in content(piece.words) if word.start >= piece.begin + match]
            near = _nearest(words or content(piece.words), said, statement, lexicon)
            stances = [stance(other, statement.whole.language) for other in near]
            if not any(bound in other.known for other in stances) and not _elsewhere(bound, stances, statement):
                return False
    return True


def _elsewhere(bound: str, near: Sequence[Stance], statement: Statement) -> bool:
    """Say whether another piece of the quote sets a bound, and the near ones do not set the opposite."""
    opposite = "after" if bound == "before" else "before"
    opposed = any(opposite in other.known for other in near)
    prior = bound == "before" and _PRIOR.search(statement.whole.text) is not None
    return not opposed and (bound in statement.whole.stance.known or prior)


_PRIOR = re.compile(
    r"\b(?:needs?|requires?|braucht|brauchen|benötigt|erfordert|bedarf)\b[^.;]*\b(?:review|approval|consent|permission|check|genehmigung|freigabe|zustimmung|prüfung|erlaubnis)\b",
    re.IGNORECASE,
)
"""A step that something needs comes before it."""


def _nearest(words: Sequence[Word], said: Text, statement: Statement, lexicon: Lexicon) -> list[str]:
    """Return the pieces of the quote that share most with the words, as they are written; else all of it."""
    pieces = statement.whole.pieces
    shared = [sum(carried(word, other, said.language, lexicon) for word in words) for other in pieces]
    most = max(shared, default=0)
    if not most:
        return [statement.whole.text]
    near = [number for number, count in enumerate(shared) if count >= max(1, most - 1)]
    return [statement.whole.text[pieces[_from(pieces, n)].begin : pieces[n].end] for n in near]


def _from(pieces: Sequence[Piece], number: int) -> int:
    """Return where a piece begins that a bare "after that," introduces."""
    before = number - 1
    return before if before >= 0 and not content(pieces[before].words) and not pieces[before].values else number


def _opposed(bound: str, statement: Statement) -> bool:
    """Say whether the quote sets the opposite limit, and not this one."""
    opposite = {"max": "min", "min": "max"}.get(bound)
    own = statement.whole.stance.bounds
    return opposite in own and bound not in own


def _implied(bound: str, known: frozenset[str], text: str, *, denied: bool) -> bool:
    """Say whether other words of the quote set a bound, too: "all" for "any", no list that must be whole for "or"."""
    if bound == "any":
        return "all" in known
    return bound == "or" and (denied or "and" not in known or _WHETHER.search(text) is not None)


_TOTAL = frozenset({"all", "any"})


def _exclusive(text: str, statement: Statement, others: Sequence[Statement]) -> bool:
    """Say whether a duty under a condition, or a statement that forbids everything else, makes a thing the only one."""
    needed = statement.whole.stance.force is Force.MUST and _ONLY_UNDER.search(text) is not None
    needed = needed or (statement.whole.stance.force is Force.MUST and _ONLY_MAY.search(text) is not None)
    return needed or any(_shuts_out(other) for other in others)


def _shuts_out(statement: Statement) -> bool:
    """Say whether a statement forbids everything else ("Other platforms are not allowed")."""
    return statement.whole.stance.force in NEGATIVE and not {"other", "andere", "anderen"}.isdisjoint(
        statement.whole.spellings
    )
