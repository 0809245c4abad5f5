"""Show answers, reports and progress in a terminal, and chat there."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from adapters.errors import words
from bot import layout, wording
from bot.messages import Answer, Outcome
from bot.phrases import say
from knowledge.documents import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from bot.handler import Handler
    from bot.layout import Quote
    from bot.messages import Question
    from ingest.ports import Phase
    from ingest.report import Report


class Bar:
    """An ingest's progress as a bar, one for each phase."""

    def __init__(self, progress: Progress, language: str) -> None:
        self._progress = progress
        self._language = language
        self._tasks: dict[str, object] = {}

    def step(self, phase: Phase, done: int, total: int) -> None:
        """Move the bar of a phase."""
        if phase not in self._tasks:
            self._tasks[phase] = self._progress.add_task(say(f"phase_{phase.value}", self._language), total=total)
        self._progress.update(self._tasks[phase], completed=done, total=total)  # type: ignore[arg-type]


class Steps:
    """An ingest's progress as lines on standard error, for another program."""

    def step(self, phase: Phase, done: int, total: int) -> None:
        """Write a step down."""
        print(f"{phase.value} {done}/{total}", file=sys.stderr, flush=True)  # noqa: T201 - this is what it is for


@contextmanager
def bar(console: Console, language: str) -> Iterator[Bar]:
    """Show the progress of an ingest while it lasts."""
    columns = (TextColumn("{task.description:<12}"), BarColumn(bar_width=30), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield Bar(progress, language)


def show(answer: Answer, console: Console) -> None:
    """Print an answer: its words, the quotes set apart, the sources below."""
    console.print(Padding(Group(*_parts(answer)), (0, 2), expand=False))


def _parts(answer: Answer) -> Iterator[RenderableType]:
    language = answer.language
    if answer.outcome is not Outcome.QUOTED or not answer.citations:
        yield Text(answer.text)
    else:
        yield Text(wording.opening(answer), style="bold")
        for citation in answer.citations:
            yield Text()
            yield from (Padding(part, (0, 2)) for part in _quoted(layout.quoted(citation, language)))
        yield Text()
        for citation in answer.citations:
            line = wording.source(citation, language)
            yield Text(line + (f"\n    {citation.url}" if citation.url else ""), style="cyan")
        yield Text()
        yield Text(say("by_ai", language), style="dim")
    if answer.notice:
        yield Text(answer.notice, style="yellow")


def _quoted(quote: Quote) -> Iterator[RenderableType]:
    """Set a quote below the line that leads it; a row of a table, cell by cell, beside the names of its columns."""
    number = f" [{quote.number}]"
    if quote.rows:
        row = Table.grid(padding=(0, 2))
        names, cells = quote.rows
        for name, cell, end in zip(names, cells, ("",) * (len(cells) - 1) + (number,), strict=True):
            row.add_row(Text(name, style="dim"), Text.assemble((cell, "italic"), end))
        yield row
        return
    if quote.lead:
        yield Text(quote.lead, style="dim")
    yield Text.assemble((quote.marked, "italic"), number)


def show_found(answer: Answer, console: Console) -> None:
    """Print the passages that an answer was made from, the best first."""
    for found in answer.retrieved:
        console.print(Text(f"\n{found.score:.3f}  {found.document}  {found.section}", style="bold"))
        console.print(Padding(Text(found.text, style="dim"), (0, 2)))
    for drop in answer.writing.drops if answer.writing else ():
        reasons = ", ".join(say(f"drop_{reason}", answer.language) for reason in drop.reasons)
        console.print(Text(say("dropped", answer.language, reasons=reasons, text=drop.text), style="yellow"))


def show_report(report: Report, console: Console, language: str, *, dry_run: bool) -> None:
    """Print what an ingest did, and what the admin has to look at."""
    if report.replaces:
        console.print(escape(say("ingest_replaces", language, old=report.replaces, new=report.folder)))
    counts = {name: len(getattr(report, name)) for name in ("new", "changed", "unchanged", "gone", "rejected")}
    console.print(say("ingest_counts", language, **counts), style="bold")
    for path in (
        *(f"+ {p}" for p in report.new),
        *(f"~ {p}" for p in report.changed),
        *(f"- {p}" for p in report.gone),
    ):
        console.print(Text(f"  {path}"), style="dim")
    for rejection in sorted(report.rejected, key=lambda each: each.path):
        console.print(Text(f"  ! {rejection.path}: {words(rejection.error, language)}", style="yellow"))
    for line in _remarks(report, language):
        console.print(Text(line, style="yellow"))
    console.print(escape(_end(report, language, dry_run=dry_run)), style="green")


def _remarks(report: Report, language: str) -> Iterator[str]:
    if report.open_by_default:
        everybody = say("audience_everybody", language)
        groups = ", ".join(everybody if group == EVERYBODY else group for group in report.default_audience)
        yield say("ingest_open", language, count=len(report.open_by_default), audience=groups)
    if report.inside:
        yield say("ingest_inside", language, count=len(report.inside))
    for path, count in report.hidden.items():
        yield say("ingest_hidden", language, path=path, count=count)
    for path, count in report.withheld.items():
        yield say("ingest_withheld", language, path=path, count=count)
    for path, day in report.overdue.items():
        yield say("ingest_stale", language, path=path, date=wording.day(day, language))


def _end(report: Report, language: str, *, dry_run: bool) -> str:
    if report.lost:
        return say("ingest_shrunk", language, lost=report.lost, before=report.before)
    if dry_run:
        return say("ingest_dry", language)
    if report.generation:
        taken = len(report.new) + len(report.changed) + len(report.unchanged)
        return say("ingest_done", language, documents=taken, passages=report.passages, generation=report.generation)
    return say("ingest_same" if report.unchanged else "ingest_nothing", language)


def show_pairs(pairs: Mapping[str, str], console: Console) -> None:
    """Print names and values in two columns."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in pairs.items():
        table.add_row(Text(name, style="bold"), Text(value))
    console.print(table)


def show_counts(header: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> None:
    """Print a table of counts."""
    table = Table(box=None, header_style="bold")
    for number, name in enumerate(header):
        table.add_column(name, justify="left" if number == 0 else "right", no_wrap=number == 0)
    for row in rows:
        table.add_row(*row)
    console.print(table)


async def ask(handler: Handler, question: Question, console: Console) -> Answer:
    """Put one question to the handler, with a sign of life meanwhile, and return the answer."""
    with console.status("…") as status:
        async for event in handler.handle(question):
            if isinstance(event, Answer):
                return event
            status.update(escape(wording.sign(event)))
    raise AssertionError


def read(console: Console, language: str) -> str:
    """Return what somebody types, nothing at the end of input."""
    try:
        return console.input(f"[bold]{say('you', language)}:[/] ").strip()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return ""
