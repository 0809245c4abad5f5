"""The JSON of `lotse ask` and `lotse eval`, and the history that they read. Fields are only ever added: others build on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.messages import Role, Turn

if TYPE_CHECKING:
    from bot.messages import Answer, Citation, Writing


def record(answer: Answer, *, explain: bool = False) -> dict[str, Any]:
    """Return an answer as plain JSON values; `explain` adds what was retrieved."""
    fields: dict[str, Any] = {
        "id": answer.id,
        "question": answer.question,
        "language": answer.language,
        "outcome": answer.outcome.value,
        "verdict": answer.verdict.value if answer.verdict else None,
        "text": answer.text,
        "sentences": [{"text": sentence.text, "citations": list(sentence.citations)} for sentence in answer.sentences],
        "citations": [_citation(citation) for citation in answer.citations],
        "nearest": [
            {"document": near.document, "title": near.title, "section": near.section} for near in answer.nearest
        ],
        "choices": list(answer.choices),
        "contradiction": list(answer.contradiction),
        "contact": answer.contact,
        "notice": answer.notice,
        "suggestions": list(answer.suggestions),
        "generation": answer.generation,
        "milliseconds": dict(answer.milliseconds),
        "writing": _writing(answer.writing),
    }
    return fields | ({"retrieved": retrieved(answer), "drops": drops(answer)} if explain else {})


def drops(answer: Answer) -> list[dict[str, Any]]:
    """Return the sentences that were drafted and not shown, with the checks that they failed."""
    dropped = answer.writing.drops if answer.writing else ()
    return [{"text": drop.text, "reasons": list(drop.reasons)} for drop in dropped]


def _writing(writing: Writing | None) -> dict[str, Any] | None:
    if writing is None:
        return None
    return {
        "model": writing.model,
        "understood": writing.understood,
        "dropped": len(writing.drops),
        "prompt_tokens": writing.prompt_tokens,
        "completion_tokens": writing.completion_tokens,
        "calls": writing.calls,
        "fault": writing.fault,
        "cached": writing.cached,
    }


def retrieved(answer: Answer) -> list[dict[str, Any]]:
    """Return the passages that were found, the best first."""
    return [{"document": r.document, "section": r.section, "text": r.text, "score": r.score} for r in answer.retrieved]


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "document": citation.document,
        "title": citation.title,
        "section": citation.section,
        "page": citation.page,
        "quote": citation.quote,
        "url": citation.url,
        "version": citation.version,
        "effective": citation.effective.isoformat() if citation.effective else None,
        "lead": citation.lead,
    }


def turns(history: object) -> tuple[Turn, ...]:
    """Return the turns of a history: a list of {"role": "user" or "assistant", "content": text}. Raises ValueError."""
    if not isinstance(history, list):
        raise TypeError
    return tuple(Turn(Role(turn["role"]), str(turn["content"])) for turn in history)


def dump(fields: dict[str, Any]) -> str:
    """Write a record on one line."""
    return json.dumps(fields, ensure_ascii=False)
