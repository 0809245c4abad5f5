"""How long a whole `lotse ask` takes, from the start of the process to its end, and how much memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Line, quantile

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS = 7
LOTSE = (sys.executable, "-m", "adapters.cli")
ROOT = Path(__file__).parents[1]


def run() -> Iterator[Line]:
    """Ask the starter handbook, each time in a new process."""
    with tempfile.TemporaryDirectory() as place:
        surroundings = {
            **os.environ,  # noqa: TID251 - prepares the environment of the processes that it starts
            "LOTSE_DATA_DIR": place,
            "PYTHONPATH": str(ROOT),
        }
        _run(("ingest", "--starter"), surroundings)
        runs = [_run(("ask", "May I paste customer data into ChatGPT?"), surroundings) for _ in range(RUNS)]
        helps = [_run(("--help",), surroundings)[0] for _ in range(RUNS)]
    times = [seconds for seconds, _ in runs]
    spread = f"median of {RUNS}, {min(times):.2f} to {max(times):.2f}"
    yield Line("process start to first answer", quantile(times, 0.5), "s", 2.5, spread)
    yield Line("memory of that process", max(memory for _, memory in runs), "MB", 400)
    yield Line("lotse --help", quantile(helps, 0.5), "s", 0.4)


def _run(arguments: tuple[str, ...], surroundings: dict[str, str]) -> tuple[float, float]:
    """Return the seconds and the megabytes (largest resident size) that a command took."""
    start = time.perf_counter()
    process = subprocess.Popen((*LOTSE, *arguments), env=surroundings, stdout=subprocess.DEVNULL, cwd=ROOT)  # noqa: S603 - our own command
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return time.perf_counter() - start, usage.ru_maxrss / 1024
