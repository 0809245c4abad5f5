"""Fit the weights by which a question counts as answered, and say what they refuse: `python -m bench refusing --full`.

Questions that may be looked at only: those of the starter handbook, of the handbooks in tests/calibration, and those that SHARED names;
each handbook is also asked what has nothing to do with any. Handbooks count the same. Each is judged by weights that were fitted to the
others, and to the other half of the questions that have nothing to do with it, as one that was never seen would be; three seeds draw
the halves. The threshold is the mean of what leaves this share of the answerable questions of each below it.
"""

from __future__ import annotations

import itertools
import json
import os
import tempfile
from dataclasses import dataclass, fields
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
from knowledge.findings import Reader
from knowledge.language import ENGLISH, detect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


REFUSED = 0.04
"""Share of the answerable questions that is refused by mistake."""
OFF_TOPIC = 0.3
"""Share that questions about something else altogether make up of those that a handbook does not answer."""
RIDGE = 3.0
STEPS = 30
SEEDS = 3
HALF = 0.5
HELD = "held"
"""The part of the questions about something else that was written after the lists of words and is never fitted to."""
TESTS = Path(__file__).parents[1] / "tests"
NAMES = tuple(field.name for field in fields(answerable.Traits))
Row = tuple[dict[str, Any], list[float]]


@dataclass(frozen=True)
class Asked:
    """Questions of several handbooks, a row each: the handbook, the kind, whether it is answered, and the traits."""

    places: NDArray[np.int_]
    kinds: NDArray[np.str_]
    wanted: NDArray[np.bool_]
    values: NDArray[np.float64]

    def counts(self) -> NDArray[np.float64]:
        """Return how much each row counts: handbooks the same, and what is answered and what is not."""
        off = self.kinds == "off-topic"
        shares = ((self.wanted, 0.5), (off, 0.5 * OFF_TOPIC), (~self.wanted & ~off, 0.5 * (1 - OFF_TOPIC)))
        counts = np.zeros(len(self.places))
        for place, (group, share) in itertools.product(set(self.places), shares):
            these = group & (self.places == place)
            counts[these] = share / max(these.sum(), 1)
        return counts * len(counts) / len(set(self.places))

    def only(self, rows: NDArray[np.bool_]) -> Asked:
        """Return some of the questions."""
        return Asked(self.places[rows], self.kinds[rows], self.wanted[rows], self.values[rows])


def run() -> Iterator[Line]:
    """Yield the weights, the threshold, and what it refuses of each handbook when fitted to the others."""
    everything = _asked()
    asked, held = everything.only(everything.kinds != HELD), everything.only(everything.kinds == HELD)
    bias, weights = _fit(asked)
    yield Line("bias", bias, "")
    for name, weight in zip(NAMES, weights, strict=True):
        yield Line(f"weight of {name}", float(weight), "")
    sure = np.array([_cross(asked, seed) for seed in range(SEEDS)])
    places = sorted(set(asked.places))
    least = [np.quantile(sure[:, asked.wanted & (asked.places == place)], REFUSED) for place in places]
    threshold = float(np.mean(least))
    yield Line("threshold", threshold, "", note=f"{asked.wanted.sum()} answerable, {(~asked.wanted).sum()} not")
    groups = {
        "answerable": asked.wanted,
        "near misses": asked.kinds == "unanswerable-near",
        "far ones": asked.kinds == "unanswerable-far",
        "off topic": asked.kinds == "off-topic",
    }
    for place, (name, group) in itertools.product(places, groups.items()):
        these = sure[:, group & (asked.places == place)] < threshold
        counts = f"{', '.join(map(str, these.sum(axis=1)))} of {these.shape[1]}"
        yield Line(f"handbook {place + 1}: {name} refused", float(np.mean(these)), "", note=counts)
    for place in places:
        refused = _sure(bias, weights, held.values[held.places == place]) < threshold
        counts = f"{refused.sum()} of {len(refused)}, which nothing was fitted to"
        yield Line(f"handbook {place + 1}: held off topic refused", float(np.mean(refused)), "", note=counts)


def _asked() -> Asked:
    """Put every question to its handbook, and those that have nothing to do with any to each."""
    listed = [
        (place, row) for place, (questions, documents) in enumerate(_sets()) for row in _traits(questions, documents)
    ]
    return Asked(
        np.array([place for place, _ in listed]),
        np.array([HELD if row.get("split") == HELD else row["kind"] for _, (row, _) in listed]),
        np.array([row["expect"] == "answer" for _, (row, _) in listed]),
        np.array([traits for _, (_, traits) in listed]),
    )


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
        for row in (*questions, *_rows(TESTS / "calibration" / "off_topic.jsonl")):
            text, earlier = row["question"], tuple(turn["content"] for turn in row.get("history") or ())
            if row["expect"] not in ("answer", "abstain") or intent(text) is not Intent.QUESTION:
                continue
            reader = Reader(frozenset(row.get("groups") or ()), date.fromisoformat(row["today"]))
            findings = searcher.find(text, detect(text) or ENGLISH, reader, earlier)
            chosen = choosing.choose(choosing.quotable(text, findings), findings.worth)
            these = answerable.traits(text, findings, chosen, follows=bool(earlier))
            yield row, [float(getattr(these, name)) for name in NAMES]


def _fit(asked: Asked) -> tuple[float, NDArray[np.float64]]:
    """Return bias and weights of a ridge logistic regression (Newton's method)."""
    values, counts = asked.values, asked.counts()
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    columns = np.column_stack([np.ones(len(values)), (values - mean) / spread])
    ridge = np.diag([1e-6, *np.full(values.shape[1], RIDGE)])
    found = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        sure = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (counts * (asked.wanted - sure)) - ridge @ found
        found += np.linalg.solve((columns.T * (counts * sure * (1 - sure))) @ columns + ridge, slope)
    weights = found[1:] / spread
    return float(found[0] - weights @ mean), weights


def _cross(asked: Asked, seed: int) -> NDArray[np.float64]:
    """Return for each question how sure the weights are that saw neither its handbook nor, if it is off topic, the question itself."""
    off = asked.kinds == "off-topic"
    sizes = [np.sum(off & (asked.places == place)) for place in sorted(set(asked.places))]
    drawn = np.random.default_rng(seed).random(max(sizes)) < HALF
    first = np.ones(len(off), bool)
    first[off] = np.concatenate([drawn[:size] for size in sizes])
    sure = np.zeros(len(off))
    for place, half in itertools.product(set(asked.places), (first, ~first)):
        judged = (asked.places == place) & half
        bias, weights = _fit(asked.only((asked.places != place) & ~(off & half)))
        sure[judged] = _sure(bias, weights, asked.values[judged])
    return sure


def _sure(bias: float, weights: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(bias + values @ weights))), np.float64)
