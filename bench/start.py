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
ASK = ("ask", "May I paste customer data into ChatGPT?")


def run() -> Iterator[Line]:
    """Ask the starter handbook, each time in a new process."""
    with tempfile.TemporaryDirectory() as place:
        surroundings = {
            **os.environ,  # noqa: TID251 - prepares the environment of the processes that it starts
            "LOTSE_DATA_DIR": place,
            "PYTHONPATH": str(ROOT),
        }
        _run(("ingest", "--starter"), surroundings)
        times = [_run(ASK, surroundings) for _ in range(RUNS)]
        memory = _peak(ASK, surroundings)
        helps = [_run(("--help",), surroundings) for _ in range(RUNS)]
    spread = f"median of {RUNS}, {min(times):.2f} to {max(times):.2f}"
    yield Line("process start to first answer", quantile(times, 0.5), "s", 2.5, spread)
    yield Line("memory of that process", memory, "MB", 400)
    yield Line("lotse --help", quantile(helps, 0.5), "s", 0.4)


def _run(arguments: tuple[str, ...], surroundings: dict[str, str]) -> float:
    """Return the seconds that a command took."""
    start = time.perf_counter()
    done = subprocess.run((*LOTSE, *arguments), env=surroundings, stdout=subprocess.DEVNULL, cwd=ROOT, check=False)  # noqa: S603 - our own command
    if done.returncode not in (0, 1):
        done.check_returncode()
    return time.perf_counter() - start


def _peak(arguments: tuple[str, ...], surroundings: dict[str, str]) -> float:
    """Return the largest resident size of a command's process in MB, as that process knows it at its end.

    What the system counts for a child includes what its parent held when it was started.
    """
    code = (
        "import atexit, runpy, sys; from ingest.isolation.confinement import peak;"
        "atexit.register(lambda: print(peak(), file=sys.stderr));"
        "runpy.run_module('adapters.cli', run_name='__main__')"
    )
    command = (sys.executable, "-c", code, *arguments)
    done = subprocess.run(command, env=surroundings, capture_output=True, cwd=ROOT, check=False)  # noqa: S603 - our own command
    if done.returncode not in (0, 1):
        done.check_returncode()
    return int(done.stderr.split()[-1]) / 1024 / 1024
