"""See how well a company's own questions are found in what is live, and which words its glossary lacks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.text import Text

from adapters import wiring
from adapters.questions import lines
from bot.handler import Handler
from bot.messages import Answer, Outcome
from bot.phrases import say
from bot.quoting import Defaults
from knowledge.findings import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from adapters.questions import Line
    from adapters.settings import Settings
    from bot.messages import Question
    from knowledge.search import Searcher

NEAR = 5
"""A document counts as found when it is among so many passages."""
WORDS = 4
"""Words that are suggested for one question at most."""


@dataclass(frozen=True, slots=True)
class Grade:
    """How one question fared. `rank` is the place of the first passage of an expected document, 0 if it is not among the best.

    `open`: one of the expected documents is in force and open to the asker. `lacking` are words of the question that the expected
    documents do not use, not even by another name.
    """

    question: str
    expected: tuple[str, ...]
    outcome: Outcome
    rank: int
    cited: bool
    open: bool = True
    lacking: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Say whether the answer is what the file expects: it cites a document, or is refused where none is expected."""
        return self.cited if self.expected else self.outcome in REFUSED


REFUSED = frozenset({Outcome.NOT_FOUND, Outcome.DECLINED, Outcome.CLARIFY})


def grade(settings: Settings, file: Path) -> list[Grade]:
    """Ask each question of a file and hold the answer against the documents that it expects. Raises CommandError, KnowledgeError."""
    searcher = wiring.searcher(settings)
    defaults = Defaults(settings.language, settings.contact, settings.incident_contact)
    handler = Handler(searcher, defaults, wiring.words(settings))
    asked = list(lines(file))
    questions = [(line.question(), _expected(line)) for line in asked]
    return asyncio.run(_grades(handler, searcher, questions))


def _expected(line: Line) -> tuple[str, ...]:
    """Return the documents that a line expects: paths, or names of files. Raises NotJson."""
    named = line.fields.get("documents", [])
    if not isinstance(named, list) or not all(isinstance(name, str) and name for name in named):
        raise line.wrong()
    return tuple(named)


async def _grades(
    handler: Handler, searcher: Searcher, questions: Sequence[tuple[Question, tuple[str, ...]]]
) -> list[Grade]:
    return [await _grade(handler, searcher, question, expected) for question, expected in questions]


async def _grade(handler: Handler, searcher: Searcher, question: Question, expected: tuple[str, ...]) -> Grade:
    answer = [event async for event in handler.handle(question)][-1]
    assert isinstance(answer, Answer)  # noqa: S101 - the handler's promise: the answer comes last
    found = [place for place, each in enumerate(answer.retrieved, start=1) if _is_one(each.document, expected)]
    cited = any(_is_one(citation.document, expected) for citation in answer.citations)
    reader = Reader(question.asker.groups, question.today or datetime.now(UTC).astimezone().date())
    documents = [path for path in searcher.readable(reader) if _is_one(path, expected)]
    words = [searcher.unspoken(question.text, answer.language, path) for path in documents if not cited]
    fewest = sorted(words, key=len)[:1]
    lacking = tuple(dict.fromkeys(word for listed in fewest for word in listed))[:WORDS]
    return Grade(
        question.text,
        expected,
        answer.outcome,
        found[0] if found else 0,
        cited,
        bool(documents) or not expected,
        lacking,
    )


def _is_one(document: str, expected: Sequence[str]) -> bool:
    """Say whether a path is one of those expected, which may be named without their folder."""
    return any(document == name or document.endswith(f"/{name}") for name in expected)


def show(grades: Sequence[Grade], console: Console, language: str) -> None:
    """Print what is not as expected, each with what to do, and the shares."""
    for each in grades:
        if not each.good:
            console.print(Text(f"– {each.question}", style="bold"))
            console.print(Text(f"  {_told(each, language)}", style="yellow"))
        if each.lacking:
            told = say("checkup_words", language, words=", ".join(each.lacking), documents=", ".join(each.expected))
            console.print(Text(f"  {told}"))
    expecting = [each for each in grades if each.expected]
    near = sum(0 < each.rank <= NEAR for each in expecting)
    console.print(say("checkup_found", language, near=near, total=len(expecting), best=NEAR), markup=False)
    good = sum(each.good for each in grades)
    style = "green" if good == len(grades) else "yellow"
    console.print(Text(say("checkup_good", language, good=good, total=len(grades)), style=style))


def _told(grade: Grade, language: str) -> str:
    """Say what is not as expected."""
    documents = ", ".join(grade.expected)
    if not grade.expected:
        return say("checkup_beside", language)
    if not grade.open:
        return say("checkup_closed", language, documents=documents)
    if not grade.rank:
        return say("checkup_missed", language, documents=documents)
    return say("checkup_passed_over", language, documents=documents, rank=grade.rank)
