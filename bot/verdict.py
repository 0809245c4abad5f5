"""Allowed, conditional, forbidden or undecided: what the quotes say to a may-I question, by rule and through a gate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.intent import asks_permission
from bot.messages import Verdict
from bot.proof.claims import LIST, carried, content, read
from bot.proof.directions import EXACT
from bot.proof.forces import NEGATIVE, clauses
from bot.proof.lexicon import lexicon
from bot.proof.modality import Force
from bot.proof.quotes import place, stands
from bot.proof.statements import statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.proof import Quoted
    from bot.proof.claims import Piece, Text
    from bot.proof.lexicon import Lexicon
    from bot.proof.statements import Statement
    from knowledge.glossary import Glossary

_ASKS_ELSE = re.compile(
    r"^\W*(?:who|whom|when|where|why|how|what (?!about|if)|which|wer|wen|wem|wann|wo|warum|wieso|wie|was (?!ist mit|wenn)|welche\w*|muss|müssen|do|does|did|must|should)\b",
    re.IGNORECASE,
)  # fmt: skip
_CLASSES = (
    (4, re.compile(r"\b(?:strictly confidential|streng vertraulich\w*|c4|secret|geheim)\b", re.IGNORECASE)),
    (3, re.compile(r"\b(?:confidential|vertraulich\w*|c3)\b", re.IGNORECASE)),
    (2, re.compile(r"\b(?:internal|intern\w*|c2)\b", re.IGNORECASE)),
    (1, re.compile(r"\b(?:public|öffentlich\w*|c1)\b", re.IGNORECASE)),
    (0, re.compile(r"\b(?:none|keine)\b", re.IGNORECASE)),
)
"""Classes of information, the most sensitive first, in the usual names."""
_FORBIDDEN = re.compile(
    r"^(?:forbidden|prohibited|banned|not allowed|rejected|blocked|verboten|untersagt|gesperrt|abgelehnt|nicht erlaubt)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"^(?:under review|in review|pending|requested|in prüfung|beantragt|offen)\b", re.IGNORECASE)
_APPROVED = re.compile(
    r"^(?:approved|allowed|permitted|freigegeben|erlaubt|zugelassen|restricted|eingeschränkt|pilot)\b", re.IGNORECASE
)
_CONDITIONS = re.compile(
    r"\b(?:if|but|when|unless|only|provided|as long as|after|once|up to|at most|with (?:the )?(?:approval|consent|permission)|except|other than|until|while|own"
    r"|wenn|sofern|falls|solange|nur|außer|ausnahmen?|bedingung|voraussetzung|nach (?:genehmigung|zustimmung|freigabe)|mit (?:genehmigung|zustimmung)|bis zu|höchstens|jedoch|aber|nicht ohne|mit der)\b",
    re.IGNORECASE,
)  # fmt: skip
_OWN, _MINE = re.compile(r"\bown\b", re.IGNORECASE), re.compile(r"\b(?:my|our|own)\b", re.IGNORECASE)
"""A condition that who asks about their own things has met."""
_WITHOUT = re.compile(r"\b(?:without|ohne|unless|außer)\b", re.IGNORECASE)
_EXCEPTION = re.compile(r"\b(?:exceptions?|ausnahmen?|other than|außer|except|unless)\b", re.IGNORECASE)
_CLASSED = re.compile(
    r"(?:strictly|confidential|internal|public|streng|vertraulich|intern|öffentlich)(?:e[nrsm]?)?|data|daten|informationen|information|text\w*|c\d"
)
"""Words that only say of which class something is."""
GATE = 0.3
"""The share of a question's content words that a statement must speak of."""
_RANK = (Verdict.FORBIDDEN, Verdict.CONDITIONAL, Verdict.ALLOWED)
"""Which verdict wins when the quotes give several."""


def verdict(question: str, quotes: Sequence[Quoted], language: str, glossary: Glossary) -> Verdict | None:
    """Return what the quotes say to a may-I question; None for another question, undecided where they do not settle it."""
    if not asks_permission(question) or _ASKS_ELSE.match(question):
        return None
    words = lexicon(glossary)
    asked = read(question.strip(), language, words)
    places = [place(quoted.quote, quoted.passage) for quoted in quotes if stands(quoted.quote, quoted.passage)]
    known = statements(places, language, words)
    found = {_single(asked, statement, words) for statement in known} | _through(asked, known, words)
    return next((verdict for verdict in _RANK if verdict in found), Verdict.UNDECIDED)


def _single(asked: Text, statement: Statement, lexicon: Lexicon) -> Verdict | None:
    """Return what one statement says, or None if it is about something else or says nothing."""
    if not _concerns(asked, statement, lexicon):
        return None
    return _row(asked, statement, lexicon) if statement.row else _rule(asked, statement, lexicon)


def _through(asked: Text, known: Sequence[Statement], lexicon: Lexicon) -> set[Verdict]:
    """Return forbidden where one statement says what the thing counts as, and another forbids that."""
    plain = [s for s in known if s.whole.stance.force is Force.FACT and not s.row and _concerns(asked, s, lexicon)]
    wider = [read(f"{asked.text} {statement.whole.text}", asked.language, lexicon) for statement in plain]
    others = ((text, other) for text, mine in zip(wider, plain, strict=True) for other in known if other is not mine)
    return {Verdict.FORBIDDEN for text, other in others if _single(text, other, lexicon) is Verdict.FORBIDDEN}


def _concerns(asked: Text, statement: Statement, lexicon: Lexicon) -> bool:
    """Say whether a statement speaks of what is asked: every product that is named, and enough of the rest."""
    words = content(asked.words)
    spoken = [word for word in words if carried(word, statement.quoted, asked.language, lexicon)]
    named = [word for word in words if carried(word, statement.about, asked.language, lexicon)]
    missing = [word for word in words if word.name and word not in spoken and word not in named]
    if statement.row:
        address = {value.amount for value in asked.values} & {
            value.amount for value in statement.quoted.values if value.kind == "address"
        }
        asked_for = [word for word in words if word not in named and not _CLASSED.fullmatch(word.lower)]
        banned = _banned(asked, _cells(statement, lexicon), lexicon)
        return (bool(address) or banned or 2 * len(spoken) > len(asked_for)) and not missing
    return not missing and len({*spoken, *named}) >= GATE * len(words) and (bool(spoken) or not words)


def _row(asked: Text, statement: Statement, lexicon: Lexicon) -> Verdict | None:
    """Return what a tool's row says: its status, its highest data class against the one asked, its remarks."""
    cells = _cells(statement, lexicon)
    texts = [cell.text.strip() for cell in cells]
    if any(_FORBIDDEN.match(text) for text in texts):
        return Verdict.FORBIDDEN
    if not any(_APPROVED.match(text) for text in texts) or any(_OPEN.match(text) for text in texts):
        return None
    wanted, highest = (
        _class(asked.text),
        next((level for text in texts[1:] if (level := _class(text, whole=True)) is not None), None),
    )
    if wanted is not None and highest is not None and wanted > highest:
        return Verdict.FORBIDDEN
    denied = any(_denies(piece, asked, lexicon) for cell in cells[1:] for piece in cell.pieces)
    return Verdict.FORBIDDEN if denied else Verdict.CONDITIONAL


def _banned(asked: Text, cells: Sequence[Text], lexicon: Lexicon) -> bool:
    """Say whether a row forbids the very thing that the question names: then it does not matter for what."""
    names = content(cells[0].words) if cells else []
    named = sum(carried(word, asked, cells[0].language, lexicon) for word in names)
    return 2 * named > len(names) and any(_FORBIDDEN.match(cell.text.strip()) for cell in cells[1:])


def _cells(statement: Statement, lexicon: Lexicon) -> list[Text]:
    return [cell for _, cell in statement.columns] or [
        read(part.strip(), statement.whole.language, lexicon) for part in statement.whole.text.split("|")
    ]


def _class(text: str, *, whole: bool = False) -> int | None:
    """Return the class of information that a text names; with `whole` it must be nothing else."""
    return next(
        (level for level, pattern in _CLASSES if (pattern.fullmatch(text) if whole else pattern.search(text))), None
    )


def _denies(piece: Piece, asked: Text, lexicon: Lexicon) -> bool:
    """Say whether a remark denies something that is asked for; "no training on our data" denies nothing to whoever enters data."""
    words = [word for word in content(piece.words) if not _CLASSED.fullmatch(word.lower)]
    return piece.stance.force in NEGATIVE and any(carried(word, asked, piece.language, lexicon) for word in words)


def _rule(asked: Text, statement: Statement, lexicon: Lexicon) -> Verdict | None:
    """Return what a sentence says to the question: whatever forbids what is asked, else the clause that shares most with it."""
    words, text = content(asked.words), statement.whole.text
    listed = [
        (sum(carried(word, piece, asked.language, lexicon) for word in words), piece, forces)
        for piece, forces in clauses(statement.whole.pieces)
        if not _aside(piece, text, asked, lexicon)
    ]
    most = max((shared for shared, _, _ in listed), default=0)
    forces = {force for shared, _, forces in listed if shared and shared >= most - 1 for force in forces - NEGATIVE}
    if any(_forbids(shared, piece, forces_, most, len(words)) for shared, piece, forces_ in listed):
        return _forbidding(asked, statement, lexicon)
    if forces & {Force.SHOULD_NOT, Force.SHOULD}:
        return None
    if Force.MAY in forces and "only" in statement.whole.stance.bounds and _WITHOUT.search(asked.text):
        return Verdict.FORBIDDEN
    if Force.MAY in forces or any(piece.stance.force is Force.NEED_NOT for shared, piece, _ in listed if shared):
        met = _OWN.sub("", text) if _MINE.search(asked.text) else text
        bound = _CONDITIONS.search(met) or any(value.direction != EXACT for value in statement.whole.values)
        return Verdict.CONDITIONAL if bound else Verdict.ALLOWED
    if Force.MUST in forces and 2 * most >= len(words):
        return Verdict.FORBIDDEN if _leaves_out(asked, statement, lexicon) else Verdict.CONDITIONAL
    return None


def _leaves_out(asked: Text, statement: Statement, lexicon: Lexicon) -> bool:
    """Say whether the question asks to do without what a statement demands."""
    left = _WITHOUT.split(asked.text)[1:]
    words = [word for text in left for word in content(read(text, asked.language, lexicon).words)]
    demanded = sum(carried(word, statement.whole, asked.language, lexicon) for word in words)
    return bool(words) and 2 * demanded > len(words)


def _forbids(shared: int, piece: Piece, forces: frozenset[Force], most: int, words: int) -> bool:
    """Say whether a piece forbids what is asked: in words of its own, or as a plain no to most of the question."""
    if not shared:
        return False
    if piece.stance.force is Force.FORBIDDEN or (Force.FORBIDDEN in forces and shared == most):
        return True
    return piece.stance.force is Force.NOT and (2 * shared >= words or piece.opener == LIST)


def _aside(piece: Piece, text: str, asked: Text, lexicon: Lexicon) -> bool:
    """Say whether a piece only takes something out of a permission, and the question is not about that."""
    words = content(piece.words)
    meant = sum(carried(word, asked, piece.language, lexicon) for word in words)
    return _ASIDE.match(text[piece.start : piece.end]) is not None and 2 * meant <= len(words)


_CASE = re.compile(r"^\W*(?:\d+\.\s*)?(?:if|when|where|wenn|falls|sofern)\b([^,;:]+),", re.IGNORECASE)
_ASIDE = re.compile(r"^\W*(?:but|not|jedoch|aber|nicht)\b", re.IGNORECASE)


def _forbidding(asked: Text, statement: Statement, lexicon: Lexicon) -> Verdict | None:
    """Return forbidden, or conditional for what is excepted or only forbidden without something that nobody asked to leave out.

    None where it is forbidden in a case only ("If the contract forbids it, ...") that the question does not speak of.
    """
    text = statement.whole.text
    case = _CASE.match(text)
    if case is not None:
        named = content(read(case[1], statement.whole.language, lexicon).words)
        spoken = sum(carried(word, asked, statement.whole.language, lexicon) for word in named)
        if 2 * spoken < len(named):
            return None
    if _WITHOUT.search(text) and not _WITHOUT.search(asked.text):
        return Verdict.CONDITIONAL
    exception = _EXCEPTION.search(text)
    meant = exception is not None and _excepted(
        asked, statement, text[: exception.start()], text[exception.end() :], lexicon
    )
    return Verdict.CONDITIONAL if meant and not _NONE.search(text) else Verdict.FORBIDDEN


def _excepted(asked: Text, statement: Statement, rule: str, exception: str, lexicon: Lexicon) -> bool:
    """Say whether the question has a word of the exception that is no word of the rule itself."""
    ruled, excepted = (read(text, statement.whole.language, lexicon) for text in (rule, exception))
    return any(
        carried(word, excepted, asked.language, lexicon) and not carried(word, ruled, asked.language, lexicon)
        for word in content(asked.words)
    )


_NONE = re.compile(r"\b(?:no exceptions?|keine ausnahmen?|other than)\b", re.IGNORECASE)
