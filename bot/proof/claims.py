"""What a text claims, word by word: its content words and their meanings, cut into clauses and smaller pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.proof.facts import Value, facts
from bot.proof.function_words import AUXILIARY
from bot.proof.lexicon import Keys, Lexicon, cognate
from bot.proof.modality import Force, Stance, stance
from bot.proof.numbers import digits
from bot.proof.rewriting import plain, rewrite
from bot.proof.words import COMPOUND, Word, bag, words
from knowledge.language import ENGLISH, GERMAN
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A stretch of a text between commas and connectives. `begin` is where the boundary before it begins, `opener` its kind, `closer` the one behind it.

    `alone`: it does not depend on the piece before. `without`: it begins with that word; `bare_not`: it begins with "not" and has no verb. `verb`: it seems to have one.
    """

    begin: int
    start: int
    end: int
    opener: str
    closer: str
    alone: bool
    without: bool
    bare_not: bool
    verb: bool
    stance: Stance
    words: tuple[Word, ...]
    values: tuple[Value, ...]
    language: str
    bag: Keys
    spellings: frozenset[str]
    memo: dict[Hashable, bool] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, eq=False)
class Text:
    """A text that has been read. `bag` holds every meaning in it, `spellings` its words as they are written. `asked` is the question that a sentence answers."""

    text: str
    language: str
    words: tuple[Word, ...]
    values: tuple[Value, ...]
    pieces: tuple[Piece, ...]
    bag: Keys
    spellings: frozenset[str]
    stance: Stance
    asked: str = ""
    memo: dict[Hashable, bool] = field(default_factory=dict, repr=False)


STOP = "stop"
LIST = "list"
BREAK = "break"
_SUBORDINATE = (
    r"(?:on|in|to|for|with|of|from|by|at|under) (?:which|whom|whose)|if|when|whenever|unless|provided|as long as|so long as|as soon as|until|before|after|because|although|though|even|whereas|while|which|who|whose|that|where|except|apart from"
    r"|only|but|so|not|wenn|falls|sofern|solange|sobald|bevor|nachdem|weil|obwohl|während|wobei|damit|dass|ob|außer|ausgenommen|auch|jedoch|aber|sondern|es sei denn|bis|"
    r"der|die|das|dem|den|dessen|deren|denen|was|wo|wer|indem|sodass|denn|um|ohne|statt|mit dem|mit der|mit denen|in dem|in der|in denen|nach dem|für die|für den|etwa|erst|nur|including|such as|for example"
)
_CUT = re.compile(
    rf"(?P<stop>[;:–|]|\s-\s|[.!?](?=\s|$)|\n)|(?P<comma>,)(?=\s*(?:{_SUBORDINATE})\b)|(?P<list>,(?=\s)|/|\b(?:and/or|and|or|nor|und|oder|sowie|noch|as well as)\b)"
    r"|(?<=\w)(?P<contrast>\s)(?=(?:nicht|not) (?:von|vom|durch|für|in|im|an|am|mit|bei|auf|by|for|to|at|on|with)\b[^,.;]{1,60},\s*(?:sondern|aber|but)\b)"
    r"|(?<=\s)(?P<inner>(?:if|when|unless|provided|as long as|only if|only when|so long as|until|before|after|because|while|whereas|but|(?<!at )once|who|whose|without|ohne|rather than|instead of|statt|anstatt|anstelle)\b)|(?<=\s)(?P<open>[(])|(?P<close>[)])",
    re.IGNORECASE,
)
_COORDINATED = re.compile(
    r"^\W*(?:wohl )?(?:danach|dann|anschließend|after that|afterwards|then|but|while|whereas|so|aber|sondern|jedoch|während|wobei|doch)\b",
    re.IGNORECASE,
)
_OWN_SUBJECT = re.compile(
    r"^\s*(?:the|a|an|it|they|he|she|you|we|this|these|those|each|every|all|no|there|then|der|die|das|es|er|sie|wir|ein|eine|dies|diese|jede\w*|alle|dann)\b", re.IGNORECASE
)  # fmt: skip


@remembered(4096)
def read(text: str, language: str, lexicon: Lexicon, *, parts: bool = True) -> Text:
    """Return a text's words with their meanings, its values and its pieces.

    With `parts` verbs count, and a compound means its halves, too; without, a text only names things.
    """
    text = digits(rewrite(plain(text, language), language))
    values = facts(text)
    listed = tuple(words(text, language, values, lexicon))
    pieces = tuple(_together(list(_pieces(text, language, listed, values, lexicon)), text))
    return Text(
        text,
        language,
        listed,
        values,
        pieces,
        bag(listed, language, lexicon, parts=parts),
        frozenset(word.lower for word in listed),
        stance(text, language),
    )


def _pieces(
    text: str, language: str, words: Sequence[Word], values: Sequence[Value], lexicon: Lexicon
) -> Iterator[Piece]:
    cuts = [(0, 0, STOP), *_cuts(text, values), (len(text), len(text), STOP)]
    before: Stance | None = None
    complete = False
    waiting = False
    label: Sequence[Word] = ()
    for (begin, start, opener), (end, _, closer) in pairwise(cuts):
        inner = tuple(word for word in words if start <= word.start < end)
        inside = tuple(value for value in values if start <= value.start < end)
        if not inner and not inside:
            continue
        own = stance(_denied(text, begin, start, end), language)
        if _ABILITY.match(text[start:end]) or (opener == BREAK and _ABLE.match(text[start:end])):
            own = _plainly(own)
        verb = any(word.verb for word in inner)
        labelled = (
            text[:start].rstrip().endswith(":") and len(label) < LABEL_WORDS and not any(word.verb for word in label)
        )
        starts = verb and not waiting and _starts(text[:start].rstrip(), text[start:end], own, inner)
        alone = (
            (opener == STOP and not labelled)
            or bool(_COORDINATED.match(text[start:end]))
            or (opener == LIST and complete and starts)
        )
        if before and not alone and not waiting and (opener == LIST or labelled) and _inherits(text[start:end], own):
            only = frozenset() if verb else _ONLY
            inherited = own.inherited | (before.known & only if only else only)
            own = replace(own, force=before.force, bounds=own.bounds | before.bounds & only, inherited=inherited)
        elif before and text[:start].rstrip().endswith(":") and _inherits(text[start:end], own):
            own = replace(own, force=before.force)
        before, label = own, inner
        waiting = bool(OPENING.match(text[start:end])) and (alone or opener == STOP)
        complete = _finite(inner, language) or (complete and not alone)
        keys, spellings = bag(inner, language, lexicon), frozenset(word.lower for word in inner)
        without = bool(_WITHOUT.match(text[start:end]))
        bare_not = not verb and bool(_NOT_FIRST.match(text[start:end]))
        yield Piece(
            begin,
            start,
            end,
            opener,
            closer,
            alone,
            without,
            bare_not,
            verb,
            own,
            inner,
            inside,
            language,
            keys,
            spellings,
        )


_ONLY = frozenset({"only"})
LABEL_WORDS = 4
"""Words of a label before a colon ("Employees: ...")."""


def _together(pieces: list[Piece], text: str) -> Iterator[Piece]:
    """Yield the pieces; where a list stands between a modal verb and its "nicht", both count for the whole list."""
    run: list[Piece] = []
    for piece in (*pieces, None):
        if piece is None or (run and (piece.opener != LIST or piece.alone)):
            yield from _one_stance(run, text)
            run = []
        if piece is not None:
            run.append(piece)


def _one_stance(run: Sequence[Piece], text: str) -> Sequence[Piece]:
    modal = [
        piece
        for piece in run
        if piece.stance.force in (Force.MAY, Force.MUST, Force.SHOULD) and not piece.stance.negations
    ]
    denied = [piece for piece in run if piece.stance.force is Force.NOT]
    apart = (
        any(_INFINITIVE.search(text[piece.start : piece.end]) for piece in denied)
        or any(word.lower in AUXILIARY for piece in denied for word in piece.words)
        or not all(p.verb for p in denied)
    )
    if (
        not modal
        or not denied
        or apart
        or denied[0].start < modal[0].start
        or len(run) != len(modal) + len(denied) + sum(p.stance.force is Force.FACT for p in run)
    ):
        return run
    whole = stance(text[run[0].start : run[-1].end].strip(), run[0].language)
    return [replace(piece, stance=replace(piece.stance, force=whole.force)) for piece in run]


_INFINITIVE = re.compile(r"\b(?:zu|to) \w+")
OPENING = re.compile(
    r"^\W*(?:if|when|once|after|before|as soon as|until|unless|provided|because|since|wenn|falls|sobald|bevor|nachdem|solange|weil|sofern)\b",
    re.IGNORECASE,
)
_NOT_FIRST = re.compile(r"^\W*(?:but |aber |and |und )?(?:not|nicht)\b", re.IGNORECASE)
_WITHOUT = re.compile(r"^\W*(?:and |or |und |oder |also |auch |even )?(?:without|ohne)\b", re.IGNORECASE)


_NOR = re.compile(r"(?:nor|noch)\W*$", re.IGNORECASE)


def _denied(text: str, begin: int, start: int, end: int) -> str:
    """Return a piece as it is read for its force: behind "nor" it is denied."""
    return text[begin:end].strip() if _NOR.search(text[begin:start]) else text[start:end].strip()


_ABLE = re.compile(
    r"^\W*(?:(?:in|on|at|from|by|with|for|of|an|auf|aus|mit|von|bei|durch|für) )?(?:if|when|once|which|who|whom|whose|that|where|wenn|falls|sobald|sofern|die|der|das|dem|den|denen|deren|dessen|wo|wer)\b.*(?:\b(?:can|could|able to|possible|möglich)\b|\b(?:kann|können|lässt|lassen|könnte\w*)\W*$)",
    re.IGNORECASE | re.DOTALL,
)


_ABILITY = re.compile(r"^\W*(?:(?:Lässt|Lassen) sich|Kann|Können|Könnte\w*)\b")
"""A German condition that begins with its verb."""


def _plainly(own: Stance) -> Stance:
    """Return the stance of a condition or a relative clause: that something can be done allows nothing there."""
    return replace(own, force=Force.FACT) if own.force is Force.MAY else own


def _finite(words: Sequence[Word], language: str) -> bool:
    """Say whether a piece surely has a verb: in English only an auxiliary, because a noun looks the same."""
    return any(word.lower in AUXILIARY or (word.verb and language == GERMAN) for word in words)


def _starts(before: str, piece: str, own: Stance, words: Sequence[Word]) -> bool:
    """Say whether a piece behind a comma or "and" begins a clause of its own; a German verb at its very end belongs to the first."""
    inner = any(word.verb for word in words[:-1]) or own.force is not Force.FACT
    subject, ruling = bool(_OWN_SUBJECT.match(piece)) and inner, own.force is not Force.FACT or own.negations > 0
    if before.endswith(","):
        return subject and ruling
    if re.search(r"\b(?:or|oder|nor|noch)$", before):
        return subject and ruling
    return subject or ruling or re.search(r",\s*(?:and|und)$", before) is not None


def _cuts(text: str, values: Sequence[Value]) -> Iterator[tuple[int, int, str]]:
    """Yield where each boundary begins and ends, and whether it is one of a list or a break."""
    for match in _CUT.finditer(text):
        if any(value.start < match.end() and match.start() < value.end for value in values):
            continue
        if match["inner"] or match["comma"]:
            yield match.start(), match.start() + (1 if match["comma"] else 0), BREAK
        else:
            yield match.start(), match.end(), LIST if match["list"] else STOP if match["stop"] else BREAK


def _inherits(piece: str, own: Stance) -> bool:
    """Say whether the second of two joined pieces has no verb of its own that would say what it does."""
    return (
        own.force in (Force.FACT, Force.ORDER)
        and not own.negations
        and not _OWN_SUBJECT.match(piece)
        and not _VERB_FIRST.match(piece)
    )


_VERB_FIRST = re.compile(
    r"^\s*(?:ist|sind|wird|werden|hat|haben|gilt|gelten|bleibt|bleiben|war|waren|wurde|wurden|is|are|was|were|has|have)\b"
)
"""How the main clause goes on behind a German condition."""


def carried(word: Word, by: Text | Piece, language: str, lexicon: Lexicon) -> bool:
    """Say whether a text has the meaning of a word: itself, a name of the same thing, or all parts of the compound."""
    key = (word.lower, word.keys, word.names, word.name, word.noun, language)
    found = by.memo.get(key)
    if found is None:
        if len(by.memo) >= REMEMBERED:
            by.memo.clear()
        found = by.memo[key] = _carried(word, by, language, lexicon)
    return found


REMEMBERED = 2_000
"""Words that a text remembers whether it carries them."""


def _carried(word: Word, by: Text | Piece, language: str, lexicon: Lexicon) -> bool:
    if word.names & by.bag:
        return True
    if _own(word, language) & by.bag:
        return True
    if language == GERMAN and len(word.lower) > COMPOUND and _by_parts(word.lower, by, lexicon):
        return True
    return by.language != language and any(cognate(word.lower, other) for other in by.spellings)


def _own(word: Word, language: str) -> Keys:
    """Return the meanings that carry a word by itself: a part of a name needs the very word and no everyday equal."""
    if word.name:
        return frozenset(key for key in word.keys if key[0] == "=")
    if word.noun and language == ENGLISH and any(key[0] == "c" for key in word.names):
        return frozenset(key for key in word.keys if key[0] != "p")
    return word.keys


def _by_parts(word: str, by: Text | Piece, lexicon: Lexicon) -> bool:
    return any(head & by.bag and tail & by.bag for head, tail in lexicon.parts(word))


def content(words: Iterable[Word]) -> list[Word]:
    """Return the words that need a counterpart."""
    return [word for word in words if not word.light]
