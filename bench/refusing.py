"""Fit the weights by which a question counts as answered, and say what they refuse: `python -m bench refusing --full`.

Questions that may be looked at only: those of the starter handbook, and those that SHARED names. The threshold comes from five-fold
cross-validation with three seeds: this share of the answerable questions falls below it.
"""

from __future__ import annotations

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
from ingest.pipeline import ingest
from ingest.report import Order
from knowledge.language import ENGLISH, detect
from knowledge.search import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

REFUSED = 0.045
"""Share of the answerable questions that is refused by mistake."""
SEEDS, FOLDS = 3, 5
GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "questions.jsonl"
NAMES = tuple(field.name for field in fields(answerable.Traits))
Row = tuple[dict[str, Any], list[float]]


def run() -> Iterator[Line]:
    """Yield the weights, the threshold, and what it refuses."""
    rows = [row for questions, documents in _sets() for row in _traits(questions, documents)]
    wanted = np.array([question["expect"] == "answer" for question, _ in rows])
    values = np.array([traits for _, traits in rows])
    bias, weights = _fit(values, wanted)
    yield Line("bias", bias, "")
    for name, weight in zip(NAMES, weights, strict=True):
        yield Line(f"weight of {name}", float(weight), "")
    folds = [_cross(values, wanted, seed) for seed in range(SEEDS)]
    threshold = float(np.mean([np.quantile(sure[wanted], REFUSED) for sure in folds]))
    yield Line("threshold", threshold, "", note=f"{wanted.sum()} answerable, {(~wanted).sum()} not")
    near = np.array([question["kind"] == "unanswerable-near" for question, _ in rows])
    for seed, sure in enumerate(folds):
        counts = f"seed {seed}: {(sure[near] < threshold).sum()} of {near.sum()}"
        yield Line("near misses refused", float(np.mean(sure[near] < threshold)), "", note=counts)


def _sets() -> Iterator[tuple[list[dict[str, Any]], Path]]:
    golden = [row for row in _rows(GOLDEN) if row["split"] == "seen"]
    yield golden, wiring.STARTER
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
            quotable = choosing.quotable(text, findings)
            chosen = choosing.choose(quotable, findings.worth)
            these = answerable.traits(text, findings, quotable, chosen, follows=bool(earlier))
            yield row, [float(getattr(these, name)) for name in NAMES]


def _fit(values: NDArray[np.float64], wanted: NDArray[np.bool_]) -> tuple[float, NDArray[np.float64]]:
    """Return bias and weights of a ridge logistic regression, both classes counting the same (Newton's method)."""
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    columns = np.column_stack([np.ones(len(values)), (values - mean) / spread])
    counts = np.where(wanted, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean()))
    ridge = np.diag([1e-6, *np.ones(values.shape[1])])
    found = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        sure = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (counts * (wanted - sure)) - ridge @ found
        found += np.linalg.solve((columns.T * (counts * sure * (1 - sure))) @ columns + ridge, slope)
    weights = found[1:] / spread
    return float(found[0] - weights @ mean), weights


STEPS = 30


def _cross(values: NDArray[np.float64], wanted: NDArray[np.bool_], seed: int) -> NDArray[np.float64]:
    """Return for each question how sure the weights are that were fitted to the other folds."""
    folds = np.random.default_rng(seed).permutation(len(values)) % FOLDS
    sure = np.zeros(len(values))
    for fold in range(FOLDS):
        out = folds == fold
        bias, weights = _fit(values[~out], wanted[~out])
        sure[out] = 1 / (1 + np.exp(-(bias + values[out] @ weights)))
    return sure
