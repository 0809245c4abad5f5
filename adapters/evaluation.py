"""Ask a file of questions, as a person is asked by an adapter, and count how they end."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters import wiring
from adapters.errors import NoCondition, NotWritable
from adapters.questions import lines
from adapters.records import drops, dump, record, retrieved
from bot.messages import Answer, Outcome
from ingest.pipeline import ingest
from ingest.report import Order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from adapters.questions import Line
    from adapters.settings import Settings
    from bot.handler import Handler
    from ingest.ports import Progress
    from ingest.report import Report


@dataclass(frozen=True, slots=True)
class Tally:
    """How the questions of one kind, or of one language, ended."""

    name: str
    outcomes: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many there were."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of a file of questions. `complete`: every line got a result that is not a failure."""

    report: Report
    tallies: tuple[Tally, ...]
    questions: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Task:
    """Which questions are put to which documents. `where` holds conditions, each written as key=value."""

    questions: Path
    documents: Path
    out: Path
    where: Sequence[str] = ()


def evaluate(settings: Settings, task: Task, progress: Progress) -> Evaluation:
    """Ingest a folder into a temporary place, ask each question, write a JSON object a line. Raises CommandError, IngestError."""
    if bad := [condition for condition in task.where if "=" not in condition]:
        raise NoCondition(bad[0])
    _probe(task.out)
    asked = [line for line in lines(task.questions) if _matches(line.fields, task.where)]
    with tempfile.TemporaryDirectory(prefix="lotse-") as place:
        data = Path(place)
        order = Order(task.documents, data, settings.default_audience)
        report = ingest(order, wiring.embedder(settings), progress)
        handler = wiring.handler(settings.model_copy(update={"data_dir": data}))
        results = asyncio.run(_ask_all(handler, asked))
    task.out.write_text("".join(dump(result) + "\n" for result in results), "utf-8")
    return Evaluation(
        report,
        tuple(_tallies([line.fields for line in asked], results)),
        len(results),
        all(r["outcome"] != Outcome.FAILED for r in results),
    )


async def _ask_all(handler: Handler, asked: Sequence[Line]) -> list[dict[str, Any]]:
    return [await _ask(handler, line, number) for number, line in enumerate(asked, start=1)]


async def _ask(handler: Handler, line: Line, number: int) -> dict[str, Any]:
    question = line.question()
    start = time.perf_counter()
    answer = [event async for event in handler.handle(question)][-1]
    elapsed = (time.perf_counter() - start) * 1000
    assert isinstance(answer, Answer)  # noqa: S101 - the handler's promise: the answer comes last
    extra = {
        "id": line.fields.get("id", number),
        "answer_id": answer.id,
        "retrieved": retrieved(answer),
        "drops": drops(answer),
    }
    return record(answer) | extra | {"confidence": answer.confidence, "latency_ms": round(elapsed, 2)}


def _probe(out: Path) -> None:
    """See that results can be written before any work is done. Raises NotWritable."""
    try:
        out.touch()
    except OSError as error:
        raise NotWritable(str(out)) from error


def _matches(row: Mapping[str, Any], where: Sequence[str]) -> bool:
    """Say whether a question has all the values that were asked for, each written as key=value."""
    pairs = (condition.partition("=") for condition in where)
    return all(str(row.get(key, "")) == value for key, _, value in pairs)


def _tallies(asked: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]]) -> Iterator[Tally]:
    for field in ("lang", "kind"):
        counts: dict[str, Counter[str]] = {}
        for row, result in zip(asked, results, strict=True):
            counts.setdefault(str(row.get(field, "")), Counter())[result["outcome"]] += 1
        for name in sorted(filter(None, counts)):
            yield Tally(name, counts[name])
