"""How long a first ingest takes, beside the pipeline of a LangChain tutorial on the same documents and vectors."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.handbooks import SECTIONS, make
from bench.table import Line
from bench.tutorial import Tutorial
from ingest.pipeline import ingest
from ingest.report import Order
from knowledge.embeddings import BuiltInEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCUMENTS = 500
RUNS = 5
GOAL = 0.5
"""Of the tutorial's documents a second, at least."""
POLICY = """---
title: Policy {number}
audience: all
---
# Policy {number}

Intro to **policy** {number}. It has *two* sentences.

## Rules

1. Staff must not paste customer data into `tools` without approval.
2. Whoever is in doubt asks the [AI office](https://lotse.example).
3. Results are checked by a person before they leave the company.

## Tools

| Tool | Class | Status |
|---|---|---|
| Translator | C2 | allowed |
| Painter | C1 | on request |
"""


def policies(folder: Path, count: int) -> list[Path]:
    """Write so many policies of a page and return their paths."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:05}.md" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(POLICY.format(number=number), "utf-8")
    return paths


def run() -> Iterator[Line]:
    """Ingest handbooks in turns with the tutorial, libraries loaded; the best run of each counts."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make(place / "handbook", DOCUMENTS * SECTIONS)
        yield from _compared(place / "handbook", f"first ingest, {DOCUMENTS} documents of a handbook", GOAL)
        policies(place / "policies", DOCUMENTS)
        yield from _compared(place / "policies", f"first ingest, {DOCUMENTS} policies of half a page", None)


@dataclass(frozen=True, slots=True)
class _Spent:
    """Seconds by the clock on the wall, and of processors, children's included."""

    wall: float
    processor: float


def _compared(folder: Path, name: str, goal: float | None) -> Iterator[Line]:
    embedder = BuiltInEmbedder()
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as place:
        for number in range(RUNS + 1):
            data = Path(place) / f"{number}"
            ours.append(_spent(lambda data=data: ingest(Order(folder, data, ("all",)), embedder)))  # type: ignore[misc]
            theirs.append(_spent(lambda data=data: Tutorial(folder, data / "tutorial", embedder)))  # type: ignore[misc]
    own, other = (min(spent[1:], key=lambda each: each.wall) for spent in (ours, theirs))
    yield Line(name, DOCUMENTS / own.wall, "d/s", note=f"{own.wall:.2f} s, {own.processor:.2f} s of processors")
    note = f"tutorial: {DOCUMENTS / other.wall:.0f} d/s, {other.wall:.2f} s, {other.processor:.2f} s of processors"
    yield Line("  against the tutorial", other.wall / own.wall, "x", goal, note, at_least=True)


def _spent(work: Callable[[], object]) -> _Spent:
    before, start = os.times(), time.perf_counter()
    work()
    wall, after = time.perf_counter() - start, os.times()
    return _Spent(wall, sum(after[:4]) - sum(before[:4]))
