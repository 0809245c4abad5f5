"""Ask the golden questions of a data folder: python -m bench.serving DATA prints how long they took, and this process's memory."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from bench.handbook_sizes import MEGABYTE, QUESTIONS, ask, asker
from bench.table import quantile

ROUNDS = 3

if __name__ == "__main__":
    handler = asker(Path(sys.argv[1]))
    texts = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    times = [ask(handler, text)[1] for _ in range(ROUNDS) for text in texts][len(texts) :]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    print(json.dumps({"p50": quantile(times, 0.5), "p99": quantile(times, 0.99), "memory": memory}))
