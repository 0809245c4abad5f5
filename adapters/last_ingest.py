"""How the last ingest ended, noted in the data folder, so that an admin sees it wherever they look."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters.errors import KNOWN, words
from bot.phrases import say
from knowledge.disk import write_json
from knowledge.errors import Busy
from knowledge.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ingest.report import Report

FILE = "last-ingest.json"
NAMED = 100
"""Rejected files that are noted by name; the report of the ingest names all."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """How an ingest ended: the generation that it published, if any; `fault` and the reasons why files were `rejected`, by language."""

    ended: datetime
    generation: str
    fault: Mapping[str, str]
    rejected: Sequence[tuple[str, Mapping[str, str]]]
    count: int


@contextmanager
def noted(data: Path) -> Iterator[Callable[[Report], None]]:
    """Note how the ingest ends that runs within; call what is given with its report. One that gives way to another leaves no note."""
    try:
        yield lambda report: _note(data, _reported(report))
    except Busy:
        raise
    except KNOWN as error:
        _note(data, _failed({language: words(error, language) for language in LANGUAGES}))
        raise
    except BaseException:
        _note(data, _failed(_said("ingest_broke")))
        raise


def _reported(report: Report) -> Ingest:
    lost = {"lost": report.lost, "before": report.before}
    named = sorted(report.rejected, key=lambda each: each.path)[:NAMED]
    reasons = [(each.path, {language: words(each.error, language) for language in LANGUAGES}) for each in named]
    fault = _said("ingest_shrunk", **lost) if report.lost else {}
    return Ingest(datetime.now(UTC), report.generation, fault, reasons, len(report.rejected))


def _failed(fault: Mapping[str, str]) -> Ingest:
    return Ingest(datetime.now(UTC), "", fault, (), 0)


def _said(phrase: str, **fields: object) -> dict[str, str]:
    return {language: say(phrase, language, **fields) for language in LANGUAGES}


def _note(data: Path, ingest: Ingest) -> None:
    """Write a note down; where that is not possible, the ingest counts all the same."""
    with suppress(OSError):
        data.mkdir(parents=True, exist_ok=True)
        write_json(data / FILE, asdict(ingest) | {"ended": ingest.ended.isoformat()})


def read(data: Path) -> Ingest | None:
    """Return how the last ingest ended, None where none is known of."""
    try:
        fields = json.loads((data / FILE).read_text("utf-8"))
        return Ingest(**fields | {"ended": datetime.fromisoformat(fields["ended"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget(data: Path) -> None:
    """Delete the note, which names files."""
    (data / FILE).unlink(missing_ok=True)


def line(ingest: Ingest, language: str) -> str:
    """Say in a line when the last ingest ended, and how."""
    ended = "ingest_failed" if ingest.fault else "ingest_published" if ingest.generation else "ingest_unchanged"
    parts = [f"{ingest.ended.astimezone():%Y-%m-%d %H:%M}", say(ended, language)]
    return ", ".join(parts + ([say("ingest_rejected", language, count=ingest.count)] if ingest.count else []))


def troubles(ingest: Ingest, language: str) -> tuple[str, ...]:
    """Say what went wrong: the whole of it, or files that were not taken."""
    failed = [f"{say('ingest_fault', language)}: {ingest.fault[language]}"] if ingest.fault else []
    return (*failed, *(f"{path}: {reasons[language]}" for path, reasons in ingest.rejected))
