"""How long an answer takes in a running process: question in, answer out, no model."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from adapters import wiring
from adapters.settings import Settings
from bench.handbooks import make
from bench.start import LOTSE, ROOT
from bench.table import Line, quantile
from bot.messages import Asker, Question
from knowledge import generations, manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.handler import Handler

QUESTIONS = Path(__file__).parents[1] / "tests" / "golden" / "questions.jsonl"
PASSAGES = 1000
ROUNDS = 3


def run() -> Iterator[Line]:
    """Ask the golden questions of a handbook of 1,000 passages."""
    with tempfile.TemporaryDirectory() as place:
        folder, data = Path(place) / "handbook", Path(place) / "data"
        make(folder, PASSAGES)
        passages = _taken_in(folder, data)
        handler = wiring.handler(Settings(data_dir=data))
        gc.freeze()  # as a server does
        times = asyncio.run(_times(handler))
    note = f"{passages} passages, {len(times)} questions"
    yield Line("question to answer, p50", quantile(times, 0.5), "ms", 5, note)
    yield Line("question to answer, p99", quantile(times, 0.99), "ms", 20)


def _taken_in(folder: Path, data: Path) -> int:
    """Ingest a folder in another process, as a server's handbook is, and return how many passages it has."""
    surroundings = {**os.environ, "LOTSE_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}  # noqa: TID251 - for the process
    subprocess.run((*LOTSE, "ingest", str(folder)), env=surroundings, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own command
    return manifest.read(generations.place(data, generations.live(data))).passages


async def _times(handler: Handler) -> list[float]:
    """Return each question's time in milliseconds; the first round warms up and does not count."""
    texts = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    times: list[float] = []
    for turn in range(ROUNDS):
        for text in texts:
            start = time.perf_counter()
            async for _ in handler.handle(Question(text, Asker("bench", "", ""))):
                pass
            if turn:
                times.append((time.perf_counter() - start) * 1000)
    return times
