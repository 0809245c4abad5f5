"""The statements of the quotes: each sentence with the line that introduces it, what it goes on from, and its exceptions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.proof.claims import Text, read
from bot.proof.quotes import CELLS, columns, normal, sentences
from knowledge.language import detect
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.proof.lexicon import Lexicon
    from bot.proof.quotes import Place


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the quotes say. `quoted` carries content; `whole` is the same filled up to the passage's sentence.

    The first `topic` characters are a question or a line with a colon that introduces it. `columns` are a row's. `about` are headings, the header of a row, and what a pronoun goes back to: they name things and claim nothing.
    """

    quoted: Text
    whole: Text
    about: Text
    row: bool
    topic: int = 0
    columns: tuple[tuple[Text, Text], ...] = ()


_ATTACHED = re.compile(
    r"^(?:auch|even|only|except|the only exception|this (?:does not|only)|these|however|but|exceptions?|unless|provided|condition|it (?:must|may not)|this (?:must|has to)|dies muss|das muss|not for|nor|otherwise|if not"
    r"|nur|außer|ausgenommen|ausnahmen?|die einzige\w* ausnahmen?|dies gilt (?:nicht|nur|auch)|das gilt (?:nicht|nur|auch)|jedoch|allerdings|bedingung|voraussetzung|es sei denn|vorausgesetzt|andernfalls|sonst|keine ausnahme)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\b(?:[Ii]t|[Ii]ts|[Tt]hey|[Tt]hem|[Tt]heir|[Tt]his|[Tt]hese|that|those|[Ss]uch|there|[Bb]oth|one|[Hh]e|[Ss]he|[Aa]fter that|then|[Ee]r|es|ihn|ihm|ihre?[nrms]?|sie|Sie (?=\w+t\b)|[Dd]ies\w*|[Dd]ort|dabei|davon|darin|danach|dafür|dazu|damit|beide\w*|solche\w*|deren|dessen)\b"
)
_REPLY = re.compile(
    r"^(?:ja|nein|yes|no|nur|only|meistens|mostly|usually|oft nicht|often|nie|never|immer|always|bis|up to|höchstens|at most|gar nicht|not)\b",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(r"^(?:the following|folgende\w*)\b", re.IGNORECASE)
_COLON = re.compile(r":\W*$")


def statements(places: Sequence[Place], fallback: str, lexicon: Lexicon) -> tuple[Statement, ...]:
    """Return the statements of all quotes, in order; the items of one list are one statement."""
    found: list[Statement] = []
    for where in _lists(places):
        language = _spoken(where.whole) or _spoken(f"{where.about} {where.whole}") or fallback
        if where.row:
            found.append(_row(where, language, lexicon))
            continue
        found.extend(_texts(where, _joined(where), language, lexicon))
    return tuple(found)


_spoken = remembered(4096)(detect)


def _lists(places: Sequence[Place]) -> list[Place]:
    """Return the quotes with a line that only introduces (it ends with a colon, or is a heading) put before what it introduces."""
    found: list[Place] = []
    lead, leads = "", False
    for where in places:
        said = normal(" ".join(where.statements))
        if not where.row and (_COLON.search(said) or _heads(where) or _FOLLOWING.match(said)):
            goes_on = leads or _COLON.search(said) is not None
            lead = f"{lead if goes_on else ''} {said.rstrip(':.')}:".strip()
            leads = True
            found.append(where)
            continue
        leads = False
        found.append(replace(where, lead=lead, told=True) if lead and not where.row else where)
    return found


def _heads(where: Place) -> bool:
    """Say whether a quote is a heading of its passage."""
    said = normal(" ".join(where.statements))
    return any(said == normal(part) for part in where.about.split(" > "))


def _row(where: Place, language: str, lexicon: Lexicon) -> Statement:
    spoken = CELLS.join(value for _, value in columns(where.statements[0]))
    text = read(spoken, language, lexicon)
    heading, _, header = where.about.partition(" ; ")
    about = read(heading, _spoken(heading) or language, lexicon, parts=False)
    named = read(header, _spoken(header) or language, lexicon)
    return Statement(
        text,
        text,
        replace(about, bag=about.bag | named.bag, text=f"{heading} ; {header}"),
        row=True,
        columns=_columns(where, header, language, lexicon),
    )


def _columns(where: Place, header: str, language: str, lexicon: Lexicon) -> tuple[tuple[Text, Text], ...]:
    """Return the name of each column with its cell, if the passage tells."""
    names, cells = [name.strip() for name in header.split(";")], [value for _, value in columns(where.statements[0])]
    if len(names) != len(cells):
        return ()
    spoken = _spoken(header) or language
    return tuple(
        (read(name, spoken, lexicon), read(cell, language, lexicon)) for name, cell in zip(names, cells, strict=True)
    )


def _joined(where: Place) -> tuple[list[str], list[str], list[int]]:
    """Return the whole sentences, the quoted ones, and how long the line is that introduces each of them."""
    quoted = _attach([normal(sentence) for sentence in where.statements])
    whole = _attach(sentences(where.whole))
    if len(whole) != len(quoted):
        whole = list(quoted)
    question, lead = where.about.rsplit(" > ", 1)[-1], normal(where.lead)
    if question.endswith("?") and quoted and _REPLY.match(quoted[0]):
        topics = [len(question)] + [0] * (len(quoted) - 1)
        return [f"{question} {whole[0]}", *whole[1:]], [f"{question} {quoted[0]}", *quoted[1:]], topics
    if lead:
        whole = [w if w.startswith(lead) else f"{lead} {w}" for w in whole]
    if lead and where.told:
        quoted = [q if q.startswith(lead) else f"{lead} {q}" for q in quoted]
    return whole, quoted, [len(lead) if w.startswith(lead) else 0 for w in whole]


def _attach(listed: Sequence[str]) -> list[str]:
    """Return the sentences; what bounds or goes on from a colon stays with the one before."""
    found: list[str] = []
    for sentence in listed:
        if found and (_ATTACHED.match(sentence) or _COLON.search(found[-1])):
            found[-1] = f"{found[-1]} {sentence}"
        else:
            found.append(sentence)
    return found


def _texts(
    where: Place, joined: tuple[list[str], list[str], list[int]], language: str, lexicon: Lexicon
) -> list[Statement]:
    found: list[Statement] = []
    quoted = joined[1]
    for number, (heard, said, topic) in enumerate(zip(*joined, strict=True)):
        earlier = quoted[number - 1] if number else where.before
        before = _subject(read(earlier, language, lexicon)) if earlier and _GOES_ON.search(said) else ""
        about = read(f"{where.about} ; {before} ; {where.lead}", language, lexicon, parts=False)
        found.append(
            Statement(read(said, language, lexicon), read(heard, language, lexicon), about, row=False, topic=topic)
        )
    return found


def _subject(text: Text) -> str:
    """Return what stands before the verb of a sentence, or its first piece if the verb comes first: what a pronoun goes back to."""
    named = " ".join(
        word.lower
        for word in text.words
        if word.name or re.search(rf'"[^"]*\b{word.lower}\b[^"]*"', text.text, re.IGNORECASE)
    )
    return f"{_opening(text)} ; {named}"


OPENING_PIECES = 3
"""Pieces in which the verb of a sentence is looked for: its subject may be a list."""


def _opening(text: Text) -> str:
    if not text.pieces:
        return ""
    first = text.pieces[0]
    verb = next(
        (word for piece in text.pieces[:OPENING_PIECES] for word in piece.words if word.verb and not word.held), None
    )
    named = any(not word.light for word in text.words if verb and first.start <= word.start < verb.start)
    return text.text[first.start : verb.start if verb and named else first.end]
