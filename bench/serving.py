"""Ask the golden questions of a data folder: python -m bench.serving DATA prints how long they took, and this process's memory."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.handbook_sizes import MEGABYTE, QUESTIONS, asker
from bench.table import quantile
from bot.messages import Asker, Question
from ingest.isolation.confinement import peak

if TYPE_CHECKING:
    from bot.handler import Handler

ROUNDS = 3


async def _times(handler: Handler, texts: list[str]) -> tuple[list[float], list[float]]:
    """Return each question's milliseconds, by the clock and of processors, on one loop as in a server; the first round does not count."""
    times: list[float] = []
    processor: list[float] = []
    for text in texts * ROUNDS:
        start, before = time.perf_counter(), time.process_time()
        async for _ in handler.handle(Question(text, Asker("bench", "", ""))):
            pass
        times.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - before) * 1000)
    return times[len(texts) :], processor[len(texts) :]


if __name__ == "__main__":
    handler = asker(Path(sys.argv[1]))
    texts = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    gc.freeze()  # as a server does
    times, processor = asyncio.run(_times(handler, texts))
    measured = {"p50": quantile(times, 0.5), "p99": quantile(times, 0.99), "memory": peak() / MEGABYTE}
    print(json.dumps(measured | {"processor": (quantile(processor, 0.5), quantile(processor, 0.99))}))
