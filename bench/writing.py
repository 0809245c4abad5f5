"""Written answers, with scripted models: how much of the truth is kept, how many lies are blocked."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.evaluation import Task, evaluate
from adapters.settings import Settings
from bench import unguarded, writing_speed
from bench.grade import contains
from bench.table import Line, quantile
from bench.unguarded import Exam
from bot.checking import NO_ROOM
from bot.cleaning import clean
from ingest.ports import Silent
from tests.platforms.minds import Lying, Perfect, read
from tests.platforms.model_server import ModelServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Row = dict[str, Any]

SHARED = Path(os.environ.get("SHARED", "../shared"))  # noqa: TID251 - where the larger set of questions is
ROOT = Path(__file__).parents[1]
PROVEN_NOTHING = ("", "not_proven")
"""What stands as a fault where every sentence was looked at."""


def exams() -> Iterator[Exam]:
    """Yield the questions of SHARED, where they are, and the project's own."""
    dev = SHARED / "eval" / "dev"
    if dev.is_dir():
        yield Exam("dev", dev / "questions.jsonl", dev / "docs" / "handbook", ("collection=handbook",))
    yield Exam("golden", ROOT / "tests" / "golden" / "questions.jsonl", ROOT / "knowledge" / "starter")


def run(*, full: bool) -> Iterator[Line]:
    """Let scripted models answer; in full, the project's own questions, too, and once more without the guards."""
    for exam in list(exams())[: None if full else 1]:
        yield from _perfect(exam)
        yield from _lying(exam)
        if full:
            yield from unguarded.run(exam)
    yield from writing_speed.run()


def _asked(exam: Exam, mind: Perfect) -> list[Row]:
    with tempfile.TemporaryDirectory() as place, ModelServer(mind) as server:
        out = Path(place) / "results.jsonl"
        settings = Settings(openai_base_url=server.base_url, model=("scripted",))
        evaluate(settings, Task(exam.questions, exam.documents, out, exam.where), Silent())
        return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def _perfect(exam: Exam) -> Iterator[Line]:
    """Let a model write the gold quotes that it was given, each as a sentence."""
    rows = {row["id"]: row for row in read(exam.questions)}
    mind = Perfect(list(rows.values()))
    results = _asked(exam, mind)
    name = exam.name
    given = [(rows[r["id"]], r) for r in results if r["id"] in mind.given and rows[r["id"]]["answer_contains"]]
    lacking = [row["id"] for row, result in given if not contains(row, result)]
    dropped = [f"{r['id']} {'+'.join(drop['reasons'])}" for r in results for drop in r["drops"]]
    tokens_used = [r["writing"]["prompt_tokens"] for r in results if r["writing"] and r["writing"]["calls"]]
    yield Line(
        f"{name}, perfect model: lacks what it must say", len(lacking) / len(given), "", 0.05,
        f"of {len(given)} given: {', '.join(lacking)}",
    )  # fmt: skip
    yield Line(
        f"{name}, perfect model: sentences dropped", len(dropped) / mind.written, "", 0.03,
        f"of {mind.written}: {', '.join(dropped)}",
    )  # fmt: skip
    yield Line(f"{name}: tokens given to the model, p50", quantile(tokens_used, 0.5), "", None, "as Lotse counts them")


def _lying(exam: Exam) -> Iterator[Line]:
    """Let a model write every mutation of those sentences, a few in each answer, until all are told."""
    rows = read(exam.questions)
    mind = Lying(rows)
    told: dict[bool, list[bool]] = {False: [], True: []}
    with tempfile.TemporaryDirectory() as place:
        while True:
            for across, passed in _fates(mind, _asked(exam, mind)):
                told[across].append(passed)
            if not mind.left:
                break
            exam = _rest(exam, [row for row in rows if row["id"] in mind.left], Path(place))
            mind.next_turn()
    for across, goal in ((False, 0.01), (True, 0.03)):
        kind = "across languages" if across else "one language"
        share = sum(told[across]) / max(len(told[across]), 1)
        yield Line(
            f"{exam.name}, lying model: lies not dropped, {kind}", share, "", goal,
            f"{sum(told[across])} of {len(told[across])}",
        )  # fmt: skip


def _rest(exam: Exam, rows: Sequence[Row], place: Path) -> Exam:
    """Return an exam of some of the questions."""
    file = place / "rest.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return Exam(exam.name, file, exam.documents, exam.where)


def _fates(mind: Lying, results: Sequence[Row]) -> Iterator[tuple[bool, bool]]:
    """Yield for each lie whether it crosses languages, and whether it passed: was not dropped, or only for want of room."""
    for result in results:
        lies = mind.lies.get(result["id"], {})
        if not lies or result["writing"]["fault"] not in PROVEN_NOTHING:
            continue
        dropped = {drop["text"] for drop in result["drops"] if drop["reasons"] != [NO_ROOM]}
        yield from ((across, clean(lie) not in dropped) for lie, across in lies.items())
