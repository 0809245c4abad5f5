"""Hold what a sentence allows, forbids, requires or denies against its quote."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.proof.claims import carried, content
from bot.proof.directions import MAX
from bot.proof.facts import same
from bot.proof.function_words import AUXILIARY
from bot.proof.modality import CARRIED, DISCRETION, Force

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.proof.claims import Piece, Text
    from bot.proof.lexicon import Lexicon
    from bot.proof.statements import Statement
    from bot.proof.words import Word

Finding = tuple[str, tuple[str, ...]]

NEGATIVE = frozenset({Force.NOT, Force.FORBIDDEN, Force.NEED_NOT, Force.SHOULD_NOT})
_PLAIN = frozenset({Force.MAY, Force.MUST, Force.ORDER, Force.FACT})
AGREES, NEUTRAL, SOFT, HARD = 0, 1, 2, 3
"""How a word fits: it does; it only names what is spoken of; it stands in a plain statement beside the rule; it contradicts."""


def force(group: Sequence[Piece], said: Text, statement: Statement, lexicon: Lexicon) -> Iterator[Finding]:
    """Yield the words that the sentence allows, forbids or denies in another way than the quote."""
    known = clauses(statement.whole.pieces)
    practised = _practised(group, said, known, lexicon)
    judged: list[tuple[Piece, list[tuple[str, int]]]] = []
    for piece in group:
        wanted = _wanted(piece, group, said)
        frame = _Frame(_exclusively(piece, group), wanted, known, said, statement, lexicon, practised)
        judged.append((piece, [(word.lower, frame.fit(word)) for word in content(piece.words)]))
    plain = [
        (piece, fits) for piece, fits in judged if piece.stance.force is Force.FACT and not _conditional(piece, said)
    ]
    aside = any(fit == AGREES for _, fits in plain for _, fit in fits)
    lacking = any(piece.without for piece in group)
    for piece, fits in judged:
        if lacking and not fits:
            continue
        wrong = _wrong(piece, fits, known, aside=aside) or _reversed(piece, said, statement, lexicon)
        if wrong:
            yield ("negation" if piece.stance.force in NEGATIVE else "modality", wrong)
    if statement.row:
        yield from _permitted(group, statement)


def _reversed(piece: Piece, said: Text, statement: Statement, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words of a condition that the quote only has behind "without" ("if there is ..." for "without ...")."""
    words = content(piece.words)
    if not words or piece.stance.negations or piece.without or not _conditional(piece, said):
        return ()
    there = [
        other for other in statement.whole.pieces if all(carried(word, other, said.language, lexicon) for word in words)
    ]
    return tuple(word.lower for word in words) if there and all(other.without for other in there) else ()


def _wanted(piece: Piece, group: Sequence[Piece], said: Text) -> frozenset[Force]:
    """Return the forces of a piece of a sentence; a condition is not denied because its clause is."""
    wanted = _forces(piece, group)
    if piece.stance.force is not Force.FACT or not _conditional(piece, said):
        return wanted
    return (wanted - NEGATIVE) | {Force.FACT}


def _conditional(piece: Piece, said: Text) -> bool:
    return _CONDITIONAL.match(said.text[piece.start : piece.end]) is not None


_CONDITIONAL = re.compile(
    r"^\W*(?:if|when|unless|provided|as long as|once|until|wenn|falls|sofern|solange|sobald|es sei denn)\b",
    re.IGNORECASE,
)


def _exclusively(piece: Piece, group: Sequence[Piece]) -> Piece:
    """Return a piece without a verb of its own with the "only" of its clause."""
    if piece.stance.force is not Force.FACT or "only" not in {
        bound for other in group for bound in other.stance.bounds
    }:
        return piece
    return replace(piece, stance=replace(piece.stance, bounds=piece.stance.bounds | {"only"}))


def _practised(
    group: Sequence[Piece], said: Text, known: Sequence[tuple[Piece, frozenset[Force]]], lexicon: Lexicon
) -> bool:
    """Say whether what the sentence calls a duty is what the quote says is done."""
    verbs = [word for piece in group for word in content(piece.words) if word.verb]
    plain = [other for other, forces in known if Force.FACT in forces]
    done = any(carried(verb, other, said.language, lexicon) for verb in verbs for other in plain)
    listed = all(not piece.verb for piece, _ in known)
    return done or listed or _DO_SO.search(said.text) is not None


_DO_SO = re.compile(r"\bdo(?:es)? so\b", re.IGNORECASE)


def _wrong(
    piece: Piece,
    fits: Sequence[tuple[str, int]],
    known: Sequence[tuple[Piece, frozenset[Force]]],
    *,
    aside: bool,
) -> tuple[str, ...]:
    """Return the words over which a piece fails: a contradiction, or a rule that nothing in the quote lays down."""
    own = piece.stance.force
    if not fits and piece.values:
        return _denied_values(piece, known)
    if not fits:
        lost = own is not Force.FACT and bool(piece.words) and not _anywhere(piece, known)
        return (own.value,) if lost else ()
    agreed = any(fit == AGREES for _, fit in fits)
    hard = tuple(word for word, fit in fits if fit == HARD)
    if hard and not (agreed and own in NEGATIVE):
        return hard
    if own is not Force.FACT and all(fit == NEUTRAL for _, fit in fits) and not _anywhere(piece, known):
        return (own.value,)
    soft = any(fit in (SOFT, HARD) for _, fit in fits)
    if own is not Force.FACT and not agreed and soft and not (aside and own not in NEGATIVE):
        return tuple(word for word, _ in fits)
    return ()


def _denied_values(piece: Piece, known: Sequence[tuple[Piece, frozenset[Force]]]) -> tuple[str, ...]:
    """Return the values of a piece that says nothing else, where the quote denies what they belong to and it does not, or the other way."""
    own = piece.stance.force in NEGATIVE
    for value in piece.values:
        there = [
            other.stance.force in NEGATIVE or not _LACKING.isdisjoint(other.spellings)
            for other, _ in known
            if any(same(value, twin) for twin in other.values)
        ]
        if there and all(denied != own for denied in there):
            return (f"{value.amount}",)
    return ()


_LACKING = frozenset("without ohne unused ungenutzt".split())


def _anywhere(piece: Piece, known: Sequence[tuple[Piece, frozenset[Force]]]) -> bool:
    return any(_fits(piece.stance.force, force, piece, other) for other, forces in known for force in forces)


def clauses(pieces: Sequence[Piece]) -> list[tuple[Piece, frozenset[Force]]]:
    """Return each piece with the forces that it can have: its own, or its clause's if it has no verb that says so."""
    found: list[tuple[Piece, frozenset[Force]]] = []
    group: list[Piece] = []
    for piece in (*pieces, None):
        if piece is None or (piece.alone and group):
            found.extend((member, _quoted_forces(member, group)) for member in group)
            group = []
        if piece is not None:
            group.append(piece)
    return found


def _quoted_forces(piece: Piece, group: Sequence[Piece]) -> frozenset[Force]:
    if piece.without and any(word.lower in AUXILIARY for word in piece.words):
        return frozenset({Force.NOT, Force.FACT})
    return _forces(piece, group)


def _contrasts(other: Piece, piece: Piece) -> bool:
    """Say whether a piece only sets something against an earlier one (", not by e-mail")."""
    return other.bare_not and other.start > piece.start


def _forces(piece: Piece, group: Sequence[Piece]) -> frozenset[Force]:
    """Return a piece's own force; a plain one takes part in what its clause does."""
    own = piece.stance.force
    others = {other.stance.force for other in group if not _contrasts(other, piece)} - {Force.FACT}
    return frozenset(others or {own}) if own is Force.FACT else frozenset({own})


@dataclass(frozen=True, slots=True)
class _Frame:
    """A piece of a sentence, what it may do, and the clauses that it is held against."""

    piece: Piece
    wanted: frozenset[Force]
    known: Sequence[tuple[Piece, frozenset[Force]]]
    said: Text
    statement: Statement
    lexicon: Lexicon
    practised: bool

    def fit(self, word: Word) -> int:
        """Return how a word fits."""
        language, row = self.said.language, self.statement.row
        there = [(other, forces) for other, forces in self.known if carried(word, other, language, self.lexicon)]
        if not there:
            return NEUTRAL
        if any(self._fits(other, force) for other, forces in there for force in forces):
            return AGREES
        rough = row and self.wanted <= _ROUGH
        if rough and self._subject(word):
            return AGREES
        if rough and self._told(word):
            return AGREES
        if rough and not any(_opposed(self.wanted, forces) for _, forces in there):
            return AGREES
        return self._unfit([other.stance.force for other, _ in there])

    def _subject(self, word: Word) -> bool:
        """Say whether a word names the thing that a row is about: its first cell."""
        columns, whole = self.statement.columns, self.statement.whole
        if self.wanted & NEGATIVE and not _BANNED.search(whole.text):
            return False
        first = columns[0][1].bag if columns else whole.pieces[0].bag if whole.pieces else frozenset()
        return not first.isdisjoint(word.names | word.keys)

    def _told(self, word: Word) -> bool:
        """Say whether a word names a column of a row, and the sentence tells what stands in it."""
        said, lexicon = self.said, self.lexicon
        named = [cell for name, cell in self.statement.columns if carried(word, name, said.language, lexicon)]
        return any(carried(other, said, cell.language, lexicon) for cell in named for other in content(cell.words))

    def _fits(self, other: Piece, known: Force) -> bool:
        return any(
            _fits(force, known, self.piece, other, self.statement.whole.text) and not self._idle(force, known)
            for force in self.wanted
        )

    def _idle(self, said: Force, known: Force) -> bool:
        """Say whether a duty rests on plain practice, and no verb says that it is practised."""
        return said in (Force.MUST, Force.ORDER) and known is Force.FACT and not self.practised

    def _unfit(self, theirs: Sequence[Force]) -> int:
        own = self.piece.stance.force
        denied = all(force in NEGATIVE for force in theirs) and not self.wanted & NEGATIVE
        if own is Force.FACT and (Force.FACT not in self.wanted or not denied):
            return HARD if denied else NEUTRAL if Force.FACT not in self.wanted else _plain(theirs)
        return HARD if own in NEGATIVE or denied or any(force is not Force.FACT for force in theirs) else SOFT


def _plain(theirs: Sequence[Force]) -> int:
    """Return how a plain statement fits where the quote only allows or recommends: not at all."""
    return NEUTRAL if Force.FACT in theirs else HARD


_ROUGH = frozenset({Force.FACT, Force.MAY, Force.MUST, Force.ORDER, Force.NOT, Force.FORBIDDEN})


def _opposed(wanted: frozenset[Force], forces: frozenset[Force]) -> bool:
    """Say whether one side denies and the other does not; a row says nothing finer."""
    return bool(wanted <= NEGATIVE) != bool(forces <= NEGATIVE)


def _fits(said: Force, known: Force, piece: Piece, other: Piece, whole: str = "") -> bool:
    if known in CARRIED[said]:
        return not (said is Force.MUST and known is Force.FACT and not DISCRETION.isdisjoint(other.spellings))
    if said is Force.MAY and known is Force.FACT and not DISCRETION.isdisjoint(other.spellings):
        return True
    if said is Force.FACT and known is Force.MAY and _capped(piece) and _capped(other):
        return True
    if said in _PLAIN and known in _PLAIN and _same_frame(said, piece, other):
        return True
    if said is Force.MAY and "only" in piece.stance.bounds and known in NEGATIVE and _EXCEPTING.search(whole):
        return True
    return other.without and known is Force.NOT and said in (Force.NEED_NOT, Force.FORBIDDEN)


_EXCEPTING = re.compile(
    r"\b(?:only exceptions?|einzige\w* ausnahmen?|other than|except|apart from|außer|ausgenommen|andere\w* als)\b",
    re.IGNORECASE,
)


def _same_frame(said: Force, piece: Piece, other: Piece) -> bool:
    """Say whether an exclusive or an upper limit makes allowing and requiring one ("only with", "at most")."""
    if "only" in piece.stance.bounds or (
        "only" in other.stance.known and said in (Force.MUST, Force.ORDER) and "only" not in piece.stance.known
    ):
        return True
    return said is Force.MAY and other.stance.force is Force.FACT and _capped(piece) and _capped(other)


def _capped(piece: Piece) -> bool:
    return any(value.direction == MAX for value in piece.values)


_EVIDENCE = re.compile(
    r"\b(?:approved|allowed|permitted|pilot|restricted|only|freigegeben|erlaubt|zugelassen|eingeschränkt|nur|zulässig)\b", re.IGNORECASE
)  # fmt: skip
_BANNED = re.compile(
    r"\b(?:forbidden|banned|rejected|prohibited|blocked|not allowed|verboten|abgelehnt|gesperrt|untersagt|nicht erlaubt)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:forbidden|banned|rejected|prohibited|verboten|abgelehnt|gesperrt|untersagt|under review|in prüfung)\b", re.IGNORECASE
)  # fmt: skip


def _permitted(group: Sequence[Piece], statement: Statement) -> Iterator[Finding]:
    """Yield a finding when a sentence allows what the row of a register does not."""
    forces = {piece.stance.force for piece in group}
    may = Force.MAY in forces
    spoken = statement.whole.text
    if may and (_AGAINST.search(spoken) or (not _EVIDENCE.search(spoken) and _colourless(group))):
        yield "modality", (Force.MAY.value,)
    if Force.FORBIDDEN in forces and not _BANNED.search(spoken) and not _NOT_FOR.search(spoken):
        yield "negation", (Force.FORBIDDEN.value,)


_NOT_FOR = re.compile(r"\b(?:not?|never|nicht|kein\w*|nie|none|ohne|without|only|nur)\b", re.IGNORECASE)


def _colourless(group: Sequence[Piece]) -> bool:
    """Say whether a sentence names nothing that is done beyond using the thing."""
    return all(word.light or word.name or not word.verb for piece in group for word in piece.words)
