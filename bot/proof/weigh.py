"""Weigh a sentence against the statements of its quotes: every check in turn, clause by clause."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.proof.bounds import bounds
from bot.proof.claims import LIST, carried, content
from bot.proof.forces import force
from bot.proof.reverse import dropped
from bot.proof.roles import roles
from bot.proof.standing import standing
from bot.proof.values import values

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from bot.proof.claims import Piece, Text
    from bot.proof.lexicon import Lexicon
    from bot.proof.statements import Statement
    from bot.proof.words import Word

Finding = tuple[str, tuple[str, ...]]
"""The name of a check that failed, and the words over which it failed."""


def weigh(said: Text, known: Sequence[Statement], lexicon: Lexicon) -> list[Finding]:
    """Return every check that fails; each group of the sentence is held against the statement that fits it best."""
    found: list[Finding] = []
    listed = list(groups(said.pieces))
    for group in listed:
        found.extend(_best(group, said, known, lexicon))
    if not found and len(listed) > 1:
        found.extend(_order(listed, said, known, lexicon))
    return list(dict.fromkeys(found))


def _order(
    listed: Sequence[tuple[Piece, ...]], said: Text, known: Sequence[Statement], lexicon: Lexicon
) -> Iterator[Finding]:
    """Yield a finding where the sentence says "then" and the quote has the two steps the other way round."""
    for before, group in pairwise(listed):
        if THEN.search(said.text[group[0].begin : group[-1].end]):
            first, second = (_where(part, said, known, lexicon) for part in (before, group))
            if second < first:
                yield "bound", ("then",)


THEN = re.compile(r"\b(?:then|afterwards|subsequently|dann|danach|anschließend|daraufhin)\b", re.IGNORECASE)


def _where(group: Sequence[Piece], said: Text, known: Sequence[Statement], lexicon: Lexicon) -> tuple[int, int]:
    """Return the statement that has most of a group, and where the first of its pieces stands that has most."""
    words = [word for piece in group for word in content(piece.words)]
    shares = [
        (sum(carried(word, piece, said.language, lexicon) for word in words), -number, -piece.start)
        for number, statement in enumerate(known)
        for piece in statement.quoted.pieces
    ]
    _, number, start = max(shares, default=(0, 0, 0))
    return -number, -start


def _best(group: Sequence[Piece], said: Text, known: Sequence[Statement], lexicon: Lexicon) -> list[Finding]:
    """Return what the best statement fails to carry; a part that adds something of its own may come from another statement."""
    best = _closest(group, said, known, lexicon)
    if not best or len(known) == 1:
        return best
    for place in range(1, len(group)):
        if _adds(group[place], said) and _divided(group, place, said, known, lexicon):
            return []
    added = [piece for piece in group[1:] if _adds(piece, said)]
    rest = [piece for piece in group if piece not in added]
    parts = [rest, *([piece] for piece in added)]
    return [] if added and all(_carried(part, said, known, lexicon) for part in parts) else best


def _divided(group: Sequence[Piece], place: int, said: Text, known: Sequence[Statement], lexicon: Lexicon) -> bool:
    """Say whether what stands before and what stands behind are each carried."""
    return _carried(group[:place], said, known, lexicon) and _carried(group[place:], said, known, lexicon)


def _carried(part: Sequence[Piece], said: Text, known: Sequence[Statement], lexicon: Lexicon) -> bool:
    return any(next(_findings(part, said, statement, known, lexicon), None) is None for statement in known)


def _closest(group: Sequence[Piece], said: Text, known: Sequence[Statement], lexicon: Lexicon) -> list[Finding]:
    """Return what fails in the statement that fits best: first by what it does not speak of at all, then by the number of failures."""
    told = [list(_told(group, said, statement, lexicon)) for statement in known]
    distances = [sum(len(words) for check, words in found if check in ("content", "value")) for found in told]
    least = min(distances)
    near = [
        [*found, *_ruled(group, said, statement, known, lexicon)]
        for statement, found, distance in zip(known, told, distances, strict=True)
        if distance == least
    ]
    return min(near, key=len)


def _adds(piece: Piece, said: Text) -> bool:
    """Say whether a part may stand for itself: it is no condition, and more than an item of a list."""
    text = said.text[piece.begin : piece.end]
    whole = piece.verb or len(content(piece.words)) + len(piece.values) > 1
    return whole and (ADDS.match(text) is not None or (piece.opener == LIST and text.startswith(",")))


ADDS = re.compile(
    r"^[,\s]*(?:which|because|since|as|so that|so|but|including|without|weil|da|denn|wobei|sodass|aber|doch|jedoch|einschließlich|ohne|and|und)\b",
    re.IGNORECASE,
)
"""How a part begins that adds a statement of its own: no condition, no order in time."""


def groups(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Yield the clauses that can stand alone, each with what depends on it."""
    group: list[Piece] = []
    for piece in pieces:
        if group and piece.alone:
            yield tuple(group)
            group = []
        group.append(piece)
    if group:
        yield tuple(group)


def _findings(
    group: Sequence[Piece], said: Text, statement: Statement, known: Sequence[Statement], lexicon: Lexicon
) -> Iterator[Finding]:
    """Yield what a statement fails to carry of a group, the quick checks first."""
    yield from _told(group, said, statement, lexicon)
    yield from _ruled(group, said, statement, known, lexicon)


def _told(group: Sequence[Piece], said: Text, statement: Statement, lexicon: Lexicon) -> Iterator[Finding]:
    """Yield the words and values of a group that a statement does not have."""
    bounding = {word for piece in group if _bounding(piece, said) for word in piece.words}
    missing = _missing([word for piece in group for word in content(piece.words)], bounding, said, statement, lexicon)
    if missing:
        yield "content", missing
    yield from values(group, said, statement, lexicon)


def _ruled(
    group: Sequence[Piece], said: Text, statement: Statement, known: Sequence[Statement], lexicon: Lexicon
) -> Iterator[Finding]:
    """Yield where a group allows, forbids, bounds or leaves out otherwise than a statement."""
    yield from force(group, said, statement, lexicon)
    yield from roles(group, said, statement, lexicon)
    yield from bounds(group, said, statement, known, lexicon)
    yield from dropped(said, group, statement, lexicon)


def _bounding(piece: Piece, said: Text) -> bool:
    """Say whether every word of a part counts: it bounds, gives a reason, or is an item of a list."""
    item = LIST in (piece.opener, piece.closer) and len(content(piece.words)) == 1
    return item or _BOUNDING.match(said.text[piece.begin : piece.end]) is not None


_BOUNDING = re.compile(
    r"^[,\s]*(?:and |or |but |und |oder |aber |even |auch |only |nur )*(?:if|when|unless|once|until|before|after|because|since|as|while|so that|in order|without|except"
    r"|wenn|falls|sofern|sobald|solange|bis|bevor|nachdem|weil|da|denn|um|damit|ohne|außer)\b",
    re.IGNORECASE,
)
"""How a part begins that bounds or gives a reason: there every word counts."""


def _missing(
    words: Sequence[Word], bounding: Container[Word], said: Text, statement: Statement, lexicon: Lexicon
) -> tuple[str, ...]:
    """Return the content words that nothing carries.

    The parts of one name must not come from two places, and headings alone say nothing.
    """
    language = said.language
    quoted = {word for word in words if carried(word, statement.quoted, language, lexicon)}
    quoted |= standing([word for word in words if word not in quoted], bounding, said, statement, lexicon)
    about = {word for word in words if word not in quoted and _named(word, statement, language, lexicon)}
    if not about:
        return _lacking(words, quoted, statement)
    named_too = {word for word in quoted if _named(word, statement, language, lexicon)}
    torn = {
        word
        for word in about
        for other in quoted
        if other not in named_too and ((word.joined and word.joined == other.joined) or _near(word, other))
    }
    named = not content(statement.quoted.words) and not any(word.verb for word in about)
    if len(about) > len(quoted) and not named and not statement.row:
        torn = about
    return _lacking(words, quoted | (about - torn), statement)


def _lacking(words: Sequence[Word], carried_: set[Word], statement: Statement) -> tuple[str, ...]:
    """Return the words that nothing carries, without those that every handbook about tools speaks of."""
    plain = _ROW_WORDS if statement.row else frozenset[str]()
    return tuple(
        word.lower
        for word in words
        if word not in carried_ and word.lower not in (plain if word.joined else plain | _TOPIC)
    )


def _near(word: Word, other: Word) -> bool:
    """Say whether two words are parts of one name."""
    return bool(_key(word) & _key(other)) and abs(word.start - other.start) < NEAR


def _named(word: Word, statement: Statement, language: str, lexicon: Lexicon) -> bool:
    """Say whether a heading or what a pronoun goes back to names a word; a part of a longer name only as it is written."""
    about = statement.about
    if word.names & about.bag or not carried(word, about, language, lexicon):
        return bool(word.names & about.bag)
    return not _key(word) or any(key in about.bag for key in word.keys if key[0] not in "pcn")


_TOPIC = frozenset("tool tools werkzeug werkzeuge werkzeugen".split())
"""What every handbook about tools speaks of."""
_ROW_WORDS = frozenset(
    """tool tools data information output outputs result results use usage due status entry row decision
    werkzeug werkzeuge daten informationen information ergebnis ergebnisse ausgabe nutzung fällig status eintrag zeile""".split()
)
"""What a row is about anyway, whatever its header calls it."""
NEAR = 40
"""Characters within which two words of one name stand."""


def _key(word: Word) -> frozenset[str]:
    return frozenset(key for key in word.names if key[0] != "p")
