"""How an answer came about, in words: from the journal's entry, which holds neither the question nor the person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.phrases import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.ports import Entry


def told(entry: Entry, language: str) -> Mapping[str, str]:
    """Return what an entry says, as names and values; nobody's identity is in it."""
    return {say(f"why_{name}", language): value for name, value in _parts(entry, language)}


def explained(entry: Entry, language: str, readable: Collection[str]) -> str:
    """Return how an answer came about, as text, to a reader of some documents; what is empty is left out."""
    shown = replace(entry, quotes=_open(entry.quotes, readable, language))
    shown = replace(shown, passages=_open(entry.passages, readable, language))
    return "\n".join(f"{name}: {value}" for name, value in told(shown, language).items() if value)


def _open(
    places: Sequence[Mapping[str, object]], readable: Collection[str], language: str
) -> tuple[Mapping[str, object], ...]:
    """Return places without a word of those in documents that the reader may not read."""
    closed = say("why_closed", language)
    return tuple(
        place
        if place.get("document") in readable
        else {"document": closed} | {name: place[name] for name in ("score",) if name in place}
        for place in places
    )


def _parts(entry: Entry, language: str) -> Iterator[tuple[str, str]]:
    """Yield what an entry says, by the name of its phrase."""
    times = say("why_once", language) if entry.attempts == 1 else say("why_times_up", language, count=entry.attempts)
    yield "created", f"{entry.created.astimezone():%Y-%m-%d %H:%M:%S}" + (f", {say('why_late', language)}" * entry.late)
    yield "platform", entry.platform
    yield "outcome", entry.outcome
    yield "verdict", entry.verdict
    yield "generation", entry.generation
    yield "confidence", f"{entry.confidence:.2f}"
    yield "quotes", "\n".join(_place(quote) for quote in entry.quotes)
    yield "passages", "\n".join(f"{float(str(p['score'])):.3f}  {_place(p)}" for p in entry.passages)
    yield "drops", ", ".join(f"{reason}: {count}" for reason, count in entry.drops.items())
    yield "tokens", ", ".join(f"{kind}: {count}" for kind, count in entry.tokens.items())
    yield "times", ", ".join(f"{name}: {value:.0f} ms" for name, value in entry.milliseconds.items())
    yield "attempts", times
    yield "error", entry.error
    yield "ending", entry.ending


def _place(fields: object) -> str:
    """Return a place in the handbook."""
    known = fields if isinstance(fields, dict) else {}
    return ", ".join(str(known[name]) for name in ("document", "section", "page") if known.get(name))
