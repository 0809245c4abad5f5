"""What somebody sees of Lotse before they ask: what it knows that they may read, what is kept, what to ask first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import self_service
from bot.phrases import say
from bot.wording import day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.retention import Retention


@dataclass(frozen=True, slots=True)
class Known:
    """A document that is in force, and since when."""

    path: str
    title: str
    effective: date | None = None
    review_by: date | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """What one person may see; `prompts` are questions that the handbook answers for them.

    `chosen` is the language that they chose, if any; `state` and `warnings` are for admins.
    """

    language: str
    documents: tuple[Known, ...]
    privacy: str
    prompts: tuple[str, ...]
    chosen: str = ""
    state: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def privacy(retention: Retention, language: str) -> str:
    """Say in two sentences what is kept and who sees it."""
    spans = {name: self_service.span(getattr(retention, name), language) for name in ("turns", "people")}
    return say("overview_privacy", language, **spans)


def warnings(documents: Sequence[Known], today: date, language: str) -> tuple[str, ...]:
    """Say what an admin has to look at."""
    return tuple(
        say("ingest_stale", language, path=known.path, date=day(known.review_by, language))
        for known in documents
        if known.review_by and known.review_by < today
    )


def line(known: Known, language: str) -> str:
    """Return a document and since when it is in force."""
    since = say("effective", language, date=day(known.effective, language)) if known.effective else ""
    return ", ".join(filter(None, (known.title, since)))


def text(seen: Overview) -> str:
    """Return an overview in plain words."""
    documents = "\n".join(f"– {line(known, seen.language)}" for known in seen.documents)
    parts = [say("welcome", seen.language), say("overview_documents", seen.language) + "\n" + documents, seen.privacy]
    return "\n\n".join((*parts, *filter(None, ("\n".join(seen.state), "\n".join(seen.warnings)))))
