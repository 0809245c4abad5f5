"""Fit the weights by which a question counts as answered, and say what they refuse: `python -m bench refusing --full`.

Questions that may be looked at only: those of the starter handbook, of the handbooks in tests/calibration, and those that SHARED names.
Handbooks count the same. Each is judged by weights that were fitted to the others, as one that was never seen would be; the threshold
is the mean of what leaves this share of the answerable questions of each below it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import tempfile
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters import wiring
from adapters.settings import Settings
from bench.table import Line
from bot import answerable, choosing
from bot.intent import Intent, intent
from bot.messages import Answer, Asker, Outcome, Question
from ingest.pipeline import ingest
from ingest.report import Order
from knowledge.findings import Reader
from knowledge.language import ENGLISH, detect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bot.handler import Handler

REFUSED = 0.035
"""Share of the answerable questions that is refused by mistake."""
RIDGE = 3.0
TESTS = Path(__file__).parents[1] / "tests"
NAMES = tuple(field.name for field in fields(answerable.Traits))
Row = tuple[dict[str, Any], list[float]]


def run() -> Iterator[Line]:
    """Yield the weights, the threshold, and what it refuses of each handbook when fitted to the others."""
    asked = [
        (place, row) for place, (questions, documents) in enumerate(_sets()) for row in _traits(questions, documents)
    ]
    places = np.array([place for place, _ in asked])
    wanted = np.array([row["expect"] == "answer" for _, (row, _) in asked])
    values = np.array([traits for _, (_, traits) in asked])
    bias, weights = _fit(values, wanted, places)
    yield Line("bias", bias, "")
    for name, weight in zip(NAMES, weights, strict=True):
        yield Line(f"weight of {name}", float(weight), "")
    sure = _cross(values, wanted, places)
    threshold = float(np.mean([np.quantile(sure[wanted & (places == place)], REFUSED) for place in set(places)]))
    yield Line("threshold", threshold, "", note=f"{wanted.sum()} answerable, {(~wanted).sum()} not")
    kinds = np.array([row["kind"] for _, (row, _) in asked])
    groups = {
        "answerable": wanted,
        "near misses": kinds == "unanswerable-near",
        "far ones": kinds == "unanswerable-far",
    }
    for place, (name, group) in itertools.product(sorted(set(places)), groups.items()):
        these = sure[group & (places == place)] < threshold
        counts = f"{these.sum()} of {len(these)}"
        yield Line(f"handbook {place + 1}: {name} refused", float(np.mean(these)), "", note=counts)
    for place, (_, documents) in enumerate(_sets()):
        refused = list(_off_topic(documents))
        counts = f"{sum(refused)} of {len(refused)}, by the weights in use"
        yield Line(f"handbook {place + 1}: off topic refused", float(np.mean(refused)), "", note=counts)


def _sets() -> Iterator[tuple[list[dict[str, Any]], Path]]:
    yield [row for row in _rows(TESTS / "golden" / "questions.jsonl") if row["split"] == "seen"], wiring.STARTER
    for folder in sorted((TESTS / "calibration").glob("*/documents")):
        yield _rows(folder.parent / "questions.jsonl"), folder
    shared = Path(os.environ.get("SHARED", "../shared")) / "eval" / "dev"  # noqa: TID251 - where the tests look, too
    if shared.is_dir():
        asked = [row for row in _rows(shared / "questions.jsonl") if row["collection"] == "handbook"]
        yield asked, shared / "docs" / "handbook"


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").split("\n") if line.strip()]


def _traits(questions: list[dict[str, Any]], documents: Path) -> Iterator[Row]:
    """Yield each question that a handbook answers or does not, with its traits."""
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(data_dir=Path(place))
        ingest(Order(documents, settings.data_dir, settings.default_audience), wiring.embedder(settings))
        searcher = wiring.searcher(settings)
        for row in questions:
            text, earlier = row["question"], tuple(turn["content"] for turn in row.get("history") or ())
            if row["expect"] not in ("answer", "abstain") or intent(text) is not Intent.QUESTION:
                continue
            reader = Reader(frozenset(row.get("groups") or ()), date.fromisoformat(row["today"]))
            findings = searcher.find(text, detect(text) or ENGLISH, reader, earlier)
            chosen = choosing.choose(choosing.quotable(text, findings), findings.worth)
            these = answerable.traits(text, findings, chosen, follows=bool(earlier))
            yield row, [float(getattr(these, name)) for name in NAMES]


def _off_topic(documents: Path) -> Iterator[bool]:
    """Yield for each question about dogs, pay or parking whether a handbook's answer refuses it or asks back."""
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(data_dir=Path(place))
        ingest(Order(documents, settings.data_dir, settings.default_audience), wiring.embedder(settings))
        handler = wiring.handler(settings)
        for row in _rows(TESTS / "calibration" / "off_topic.jsonl"):
            question = Question(row["question"], Asker("bench", "", ""), today=date.fromisoformat(row["today"]))
            yield asyncio.run(_outcome(handler, question)) is not Outcome.QUOTED


async def _outcome(handler: Handler, question: Question) -> Outcome:
    (answer,) = [event async for event in handler.handle(question) if isinstance(event, Answer)]
    return answer.outcome


def _fit(
    values: NDArray[np.float64], wanted: NDArray[np.bool_], places: NDArray[np.int_]
) -> tuple[float, NDArray[np.float64]]:
    """Return bias and weights of a ridge logistic regression, classes and handbooks counting the same (Newton's method)."""
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    columns = np.column_stack([np.ones(len(values)), (values - mean) / spread])
    sizes = np.bincount(places)
    counts = np.where(wanted, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean()))
    counts *= len(values) / np.count_nonzero(sizes) / sizes[places]
    ridge = np.diag([1e-6, *np.full(values.shape[1], RIDGE)])
    found = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        sure = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (counts * (wanted - sure)) - ridge @ found
        found += np.linalg.solve((columns.T * (counts * sure * (1 - sure))) @ columns + ridge, slope)
    weights = found[1:] / spread
    return float(found[0] - weights @ mean), weights


STEPS = 30


def _cross(values: NDArray[np.float64], wanted: NDArray[np.bool_], places: NDArray[np.int_]) -> NDArray[np.float64]:
    """Return for each question how sure the weights are that were fitted to the other handbooks."""
    sure = np.zeros(len(values))
    for place in set(places):
        out = places == place
        bias, weights = _fit(values[~out], wanted[~out], places[~out])
        sure[out] = 1 / (1 + np.exp(-(bias + values[out] @ weights)))
    return sure
