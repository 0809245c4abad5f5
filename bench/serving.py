"""Ask the golden questions of a data folder: python -m bench.serving DATA prints how long they took, and this process's memory."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from bench.handbook_sizes import MEGABYTE, QUESTIONS, ask, asker
from bench.table import quantile
from ingest.isolation.confinement import peak

ROUNDS = 3

if __name__ == "__main__":
    handler = asker(Path(sys.argv[1]))
    texts = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    times: list[float] = []
    processor: list[float] = []
    for text in texts * ROUNDS:
        before = time.process_time()
        times.append(ask(handler, text)[1])
        processor.append((time.process_time() - before) * 1000)
    del times[: len(texts)], processor[: len(texts)]
    measured = {"p50": quantile(times, 0.5), "p99": quantile(times, 0.99), "memory": peak() / MEGABYTE}
    print(json.dumps(measured | {"processor": (quantile(processor, 0.5), quantile(processor, 0.99))}))
