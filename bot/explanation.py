"""How an answer came about, in words: from the journal's entry, which holds neither the question nor the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.phrases import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.ports import Entry

SHOWN = 5
"""Passages that are named."""


def explained(entry: Entry, language: str) -> str:
    """Return how an answer came about."""
    return "\n".join(_lines(entry, language))


def _lines(entry: Entry, language: str) -> Iterator[str]:
    yield say("why_answer", language, reference=entry.reference, created=f"{entry.created.astimezone():%Y-%m-%d %H:%M}")
    yield say("why_outcome", language, outcome=entry.outcome, verdict=entry.verdict or "–")
    if entry.generation:
        yield say("why_generation", language, generation=entry.generation, confidence=f"{entry.confidence:.2f}")
    for name, places in (("why_quoted", entry.quotes), ("why_found", entry.passages)):
        if places:
            yield say(name, language)
            yield from (f"– {_place(place)}" for place in places[:SHOWN])
    if entry.drops:
        yield say("why_drops", language, drops=", ".join(f"{name} {count}" for name, count in entry.drops.items()))
    yield say("why_time", language, milliseconds=round(entry.milliseconds.get("total", 0)), attempts=entry.attempts)


def _place(place: Mapping[str, object]) -> str:
    return ", ".join(str(place[part]) for part in ("document", "section", "page", "score") if place.get(part))
