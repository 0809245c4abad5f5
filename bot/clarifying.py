"""Ask back: when a message leaves open what it is about, offer questions that can be sent as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phrases import say
from knowledge.documents import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.findings import Findings, Found

CHOICES = 4
"""Questions that are offered at most."""
LONGEST = 80
"""Characters of a title or a heading in such a question."""
VAGUE = 1
"""Words with content in a message that points at something without naming it."""
_POINTS = re.compile(
    r"\b(?:that|this|these|those|it|das(?!\s+(?-i:[A-ZÄÖÜ]))|dies\w*|(?<!gibt )(?<!gab )es(?! gibt)|sowas|so was|so etwas"
    r"|something like that|the limit|the deadline|the rule)\b",
    re.IGNORECASE,
)
_THING = frozenset(
    """file files document documents table tables list lists text texts mail mails picture pictures image images spreadsheet data thing
    stuff ai tool colleague limit deadline rule do does doing make datei dateien dokument dokumente tabelle tabellen liste listen bild
    bilder daten sache ding ki werkzeug kollege kollegin macht machen mache""".split()
)
"""Words that name a thing as little as "it" does."""


def choices(question: str, findings: Findings, language: str) -> tuple[str, ...]:
    """Return two to CHOICES questions that this one could mean, or nothing where it is clear."""
    names = list(dict.fromkeys(_names(findings)))
    word = findings.asked[0] if len(findings.asked) == 1 else ""
    longer = [name for name in names if word and _part(word, name)]
    if len(longer) > 1:
        return tuple(_named(question, word, name) for name in longer[:CHOICES])
    if not _is_vague(question, findings):
        return ()
    places = dict.fromkeys(_place(found, language) for found in findings.found)
    return tuple(places)[:CHOICES] if len(places) > 1 else ()


def _names(findings: Findings) -> Iterator[str]:
    """Yield what the rows that were found are about."""
    for found in findings.found:
        if found.passage.kind is Kind.ROW:
            yield re.split(r" \| ", found.passage.text)[0].strip()


def _part(word: str, name: str) -> bool:
    """Say whether a word is one of several in a name, each written with a capital."""
    return _NAME.fullmatch(name) is not None and word in re.findall(r"\w+", name.casefold())


_NAME = re.compile(r"[A-ZÄÖÜ0-9][\w.+-]*(?: [A-ZÄÖÜ0-9][\w.+-]*){1,3}")


def _named(question: str, word: str, name: str) -> str:
    """Return the question with the whole name in it."""
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: name, question, count=1, flags=re.IGNORECASE)


def _is_vague(question: str, findings: Findings) -> bool:
    """Say whether a message only points at what it is about."""
    telling = [word for word in findings.asked if word not in _THING]
    return _POINTS.search(question) is not None and len(telling) <= VAGUE


def _place(found: Found, language: str) -> str:
    """Return the question what stands at a place."""
    headings = [heading for heading in found.passage.section if heading]
    if headings and headings[-1].casefold() != found.metadata.title.casefold():
        return say("choice_section", language, title=found.metadata.title[:LONGEST], section=headings[-1][:LONGEST])
    return say("choice_title", language, title=found.metadata.title[:LONGEST])
