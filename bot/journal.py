"""What is kept of an answer: its parts to be sent, how it came about, and the turns that a follow-up needs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import privacy
from bot.messages import Outcome
from bot.ports import Entry, Kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.messages import Answer
    from bot.ports import Task
    from bot.privacy.own_patterns import OwnPattern

REMEMBERED = frozenset({Outcome.WRITTEN, Outcome.QUOTED, Outcome.CLARIFY, Outcome.NOT_FOUND})
"""Outcomes that a follow-up question can lean on."""
TURN = 2000
"""Characters that are kept of a question or an answer."""


def kept(answer: Answer, parts: Sequence[str], noted: Entry, patterns: Sequence[OwnPattern] = ()) -> Kept:
    """Return what is written down before the first part is sent; `patterns` are the company's own for personal data."""
    if answer.outcome not in REMEMBERED:
        return Kept(parts, noted, discard=answer.discard, introduces=answer.introduces)
    said = turn(answer.question, patterns), turn(answer.text, patterns)
    return Kept(parts, noted, *said, introduces=answer.introduces)


def turn(text: str, patterns: Sequence[OwnPattern]) -> str:
    """Return what is kept of a text. What is replaced is so before anything is cut: half a number is no longer known as one."""
    return privacy.replace(text, patterns).text[:TURN]


def entry(task: Task, answer: Answer, parts: int, *, late: bool, error: str) -> Entry:
    """Return how an answer came about, without a word of the question."""
    return Entry(
        reference=task.reference,
        platform=task.message.place.platform,
        kind=task.message.kind.value,
        person=task.person,
        created=datetime.now(UTC),
        language=answer.language,
        outcome=answer.outcome.value,
        verdict=answer.verdict.value if answer.verdict else "",
        generation=answer.generation,
        confidence=answer.confidence,
        passages=tuple({"document": r.document, "section": r.section, "score": r.score} for r in answer.retrieved),
        quotes=tuple(_quotes(answer)),
        drops=_drops(answer),
        tokens=_tokens(answer),
        milliseconds=dict(answer.milliseconds),
        attempts=task.attempts,
        late=late,
        error=error,
        parts=parts,
    )


def _drops(answer: Answer) -> Mapping[str, int]:
    """Return how many drafted sentences failed each check."""
    return Counter(reason for drop in (answer.writing.drops if answer.writing else ()) for reason in drop.reasons)


def _tokens(answer: Answer) -> Mapping[str, int]:
    """Return what the model was given and gave for this answer; what came from memory took none."""
    writing = answer.writing
    if writing is None or not writing.calls:
        return {}
    return {"prompt": writing.prompt_tokens, "completion": writing.completion_tokens}


def _quotes(answer: Answer) -> Sequence[Mapping[str, object]]:
    """Return where the quotes stand, without their words."""
    return [
        {"number": c.number, "document": c.document, "section": c.section, "page": c.page, "version": c.version}
        for c in answer.citations
    ]
