"""Find what a sentence leaves out of its quote that bounds it: a condition, an exception, a restricting word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.proof.claims import LIST, STOP, carried, read
from bot.proof.facts import same
from bot.proof.function_words import FAILING, GENERIC, GRAVE, HEDGES, RESTRICTING, SELF, USING
from bot.proof.modality import Force
from bot.proof.standing import leftover, replaced
from knowledge.language import ENGLISH, GERMAN, detect
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.proof.claims import Piece, Text
    from bot.proof.lexicon import Keys, Lexicon
    from bot.proof.statements import Statement
    from bot.proof.words import Word

Finding = tuple[str, tuple[str, ...]]

_CONDITION = re.compile(
    r"^\W*(?:and |but |und |aber |only |nur |also |bedingung ist,? )*(?:if|when|unless|provided|as long as|so long as|only|until|except|apart from|without|after|before|once|but not|who|whose|that|which|whoever|where"
    r"|wenn|falls|sofern|solange|sobald|nur|außer|ausgenommen|es sei denn|bis|ohne|bevor|nachdem|jedoch nicht|aber nicht|bedingung|voraussetzung|dass|erst|die|der|das|denen|deren|dessen|wer)\b",
    re.IGNORECASE,
)
_EVEN = re.compile(
    r"^\W*(?:even|auch|selbst|sogar|including|also|such as|for example|etwa|z\. ?b|e\.g|because|weil|da|deshalb|damit|so that|not only|nicht nur|see|siehe)\b", re.IGNORECASE
)  # fmt: skip
_ENOUGH = 0.5


def dropped(said: Text, group: Sequence[Piece], statement: Statement, lexicon: Lexicon) -> Iterator[Finding]:
    """Yield what the sentence leaves out of the statement and must not leave out."""
    bounds = said.stance.bounds
    exclusive = any(
        "only" in piece.stance.bounds and piece.stance.force not in (Force.NOT, Force.FORBIDDEN) for piece in group
    )
    spare = [word.kinds for word in leftover(said, statement.whole, lexicon)]
    found: list[tuple[_Clause, tuple[int, int]]] = []
    for pieces in _clauses(statement):
        clause = _Clause(pieces, _runs(pieces, statement), statement.whole.text)
        clause.weigh(said, spare, lexicon)
        found.append((clause, clause.relevance()))
    if statement.row:
        yield from (finding for clause, _ in found for finding in clause.exclusive_cells())
        return
    most = max((clause.kept() for clause, _ in found), default=0)
    for clause, (kept, lost) in found:
        if kept and (clause.kept() == most or kept >= RELEVANT * (kept + lost)):
            yield from clause.findings(exclusive=exclusive, excepting="except" in bounds or said.stance.negations > 0)


RELEVANT = 0.34
"""The share of a clause's words that a sentence has when it speaks of it."""


def _clauses(statement: Statement) -> Iterator[list[Piece]]:
    """Yield the clauses of a statement, without the line that introduces it."""
    clause: list[Piece] = []
    trailing = False
    for piece in statement.whole.pieces:
        if piece.start < statement.topic:
            continue
        condition = _bounds(piece, statement.whole.text)
        if clause and piece.alone and not condition and not (trailing and piece.opener == LIST):
            yield clause
            clause = []
        trailing = bool(clause) and (condition or (trailing and piece.opener == LIST))
        clause.append(piece)
    if clause:
        yield clause


def _runs(clause: Sequence[Piece], statement: Statement) -> list[bool]:
    """Return for each piece whether it belongs to a condition or an exception."""
    runs: list[bool] = []
    for piece in clause:
        goes_on = bool(runs) and runs[-1] and piece.opener == LIST
        runs.append(_bounds(piece, statement.whole.text) or goes_on)
    return runs


def _bounds(piece: Piece, text: str) -> bool:
    """Say whether a piece begins a condition, an exception or a relative clause; "Die" at the very beginning is an article."""
    if _TELLS.search(text, max(0, piece.start - TELLING), piece.start):
        return False
    pattern = _CONDITION if piece.opener != STOP else _FIRST_CONDITION
    return pattern.match(text[piece.start : piece.end]) is not None


TELLING = 30
"""Characters in front of a piece among which the word stands that it tells of."""
_TELLS = re.compile(
    r"\b(?:guarantee[sd]?|ensures?|sure|confirms?|confirmed|states?|says?|said|knows?|known|means?|shows?|assumes?|note|aware|believes?|likely"
    r"|sicher|dafür|darauf|daran|bedeutet|heißt|sagt|garantier\w*|zeigt|wissen|weiß|fest|klar|bekannt),?\s*$",
    re.IGNORECASE,
)
"""Behind these words "that" begins what is told, and no condition."""
_FIRST_CONDITION = re.compile(
    r"^\W*(?:only |nur )?(?:if|when|unless|provided|as long as|only|until|except|apart from|without|after|before|once|whoever|the only exceptions?|exceptions?|condition|however|die einzige\w* ausnahmen?|ausnahmen?|bedingung|voraussetzung|jedoch|allerdings|wenn|falls|sofern|solange|sobald|nur|außer|ohne|bevor|nachdem|erst|wer)\b",
    re.IGNORECASE,
)  # fmt: skip


class _Clause:
    """A clause of a quote, and how much of each of its pieces a sentence has."""

    def __init__(self, pieces: Sequence[Piece], runs: Sequence[bool], text: str) -> None:
        self._pieces, self._runs, self._text = pieces, runs, text
        self._shares: list[tuple[int, list[str]]] = []

    def weigh(self, said: Text, spare: Sequence[Keys], lexicon: Lexicon) -> None:
        """Hold every piece against the sentence."""
        pairs = zip(self._pieces, self._runs, strict=True)
        self._shares = [_share(piece, said, spare, lexicon, strict=run) for piece, run in pairs]

    def relevance(self) -> tuple[int, int]:
        """Return how much of the clause the sentence has and has not, its conditions left out."""
        main = [share for share, run in zip(self._shares, self._runs, strict=True) if not run]
        main = main if any(kept or lost for kept, lost in main) else self._shares
        return sum(kept for kept, _ in main), sum(len(lost) for _, lost in main)

    def kept(self) -> int:
        """Return how much of the clause the sentence has, conditions and all."""
        return sum(kept for kept, _ in self._shares)

    def findings(self, *, exclusive: bool, excepting: bool) -> Iterator[Finding]:
        """Yield what is lost: of a condition, of what a noun is bound by, of the items of a closed list."""
        for number, (piece, run, (kept, lost)) in enumerate(zip(self._pieces, self._runs, self._shares, strict=True)):
            text = self._text[piece.start : piece.end]
            if run and kept and _UNLESS.match(text) and not excepting:
                yield "condition", (text.split()[0],)
            if not lost or _EVEN.match(text):
                continue
            denied = piece.stance.force in (Force.NOT, Force.FORBIDDEN)
            if exclusive and not kept and not run and not denied and LIST in (piece.opener, piece.closer):
                yield "quantity", tuple(lost)
            elif not kept and _ALTERNATIVE.search(self._text[: piece.start]):
                continue
            elif run and len(lost) >= (1 - _ENOUGH) * (len(lost) + kept) and self._concerns(number):
                yield "condition", tuple(lost)
            elif not run and kept and (bare := tuple(lost) if exclusive else _restricting(piece, lost)):
                yield "scope", bare

    def exclusive_cells(self) -> Iterator[Finding]:
        """Yield what is lost of a row's remark that says "only"."""
        for piece, (kept, lost) in zip(self._pieces, self._shares, strict=True):
            if kept and lost and "only" in piece.stance.bounds:
                yield "condition", tuple(lost)

    def _concerns(self, number: int) -> bool:
        """Say whether the sentence speaks of what a condition is attached to: the piece before it, or behind the first one."""
        around = [self._shares[n] for n in (number - 1, number + 1) if 0 <= n < len(self._shares)]
        return any(kept > 0 for kept, _ in around) or self._shares[number][0] > 0


_spoken = remembered(256)(detect)
_UNLESS = re.compile(r"^\W*(?:unless|except|außer|ausgenommen)\b", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"(?:\b(?:or|oder)|/)\s*$", re.IGNORECASE)


def _share(piece: Piece, said: Text, spare: Sequence[Keys], lexicon: Lexicon, *, strict: bool) -> tuple[int, list[str]]:
    """Return how many of a piece's content words and values the sentence has, and those that it must not lose and has not."""
    words = [w for w in piece.words if not w.light or w.lower in RESTRICTING]
    gone = [word for word in words if not carried(word, said, piece.language, lexicon)]
    gone = [word for word in gone if not (word.kinds and replaced(word, spare))]
    if said.asked and any(not word.light for word in gone):
        asked = read(said.asked, _spoken(said.asked) or said.language, lexicon)
        gone = [word for word in gone if not carried(word, asked, piece.language, lexicon)]
    lost = [word.lower for word in gone if not _bare(word, said) and (strict or not _loose(word, piece, said))]
    values = [value for value in piece.values if value.kind in _COUNTED]
    missing = [f"{value.amount}" for value in values if not any(same(other, value) for other in said.values)]
    kept = [word for word in words if word not in gone and not word.light]
    if len(kept) == 1 and kept[0].verb and piece.opener == LIST and lost and not strict:
        kept = []  # only the verb of a list of clauses: "A owns this, B owns that"
    return len(kept) + len(values) - len(missing), lost + missing


def _bare(word: Word, said: Text) -> bool:
    """Say whether nothing is lost with a word: it restricts nothing, or the sentence says the same by a "not" or a "may"."""
    if word.lower in GENERIC or (word.lower in FAILING and said.stance.negations):
        return True
    if word.lower in SELF and not SELF.isdisjoint(said.spellings):
        return True
    return word.lower in HEDGES and said.stance.force in (Force.MAY, Force.FORBIDDEN)


def _loose(word: Word, piece: Piece, said: Text) -> bool:
    """Say whether a lost word is a verb that a colourless one may stand for ("is stored in the EU", "lies in the EU")."""
    after = next((other for other in piece.words if other.start == word.end + 1), None)
    adjective = (
        after is not None and not after.light and word.lower.endswith(("ed", "te", "ten", "ter", "ene", "enen", "ener"))
    )
    final = piece.language == GERMAN and word is piece.words[-1] and word.lower.endswith(("en", "t")) and not word.noun
    gerund = piece.language == ENGLISH and word.lower.endswith("ing")
    return (
        (word.verb or final)
        and not adjective
        and not gerund
        and word.lower not in GRAVE
        and USING.isdisjoint(said.spellings)
    )


_COUNTED = frozenset({"minutes", "months", "working days", "percent", "EUR", "USD", "CHF", "GBP", "number"})


def _restricting(piece: Piece, lost: Sequence[str]) -> tuple[str, ...]:
    """Return what is left out, without other items of a list at the piece's edge."""
    words = piece.words
    left, right = 0, len(words)
    if piece.opener == LIST:
        while left < right and (words[left].light or words[left].lower in lost):
            left += 1
        if 0 < left < right and not words[left - 1].light:
            left = 0
    if piece.closer == LIST:
        while right > left and (words[right - 1].light or words[right - 1].lower in lost):
            right -= 1
    inner = {word.lower for word in words[left:right]}
    return tuple(word for word in lost if word in inner or word[:1].isdigit())
