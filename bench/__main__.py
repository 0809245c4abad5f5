"""Measure Lotse: python -m bench [PART ...] [--full] prints a table and returns 1 when a goal is missed.

bench/README.md says what each part and each line means. ONLY=part chooses in `make bench`, FULL=1 takes all of it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bench import (
    answers,
    finding,
    first_ingest,
    handbook_sizes,
    privacy,
    proof,
    reading,
    refusing,
    start,
    telegram,
    writing,
)
from bench.table import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.table import Line

PARTS: dict[str, Callable[[bool], Iterator[Line]]] = {
    "answers": lambda _: answers.run(),
    "finding": lambda _: finding.run(),
    "ingest": lambda _: first_ingest.run(),
    "privacy": lambda _: privacy.run(),
    "proof": lambda full: proof.run(full=full),
    "sizes": lambda full: handbook_sizes.run(full=full),
    "reading": lambda full: reading.run(full=full),
    "refusing": lambda full: refusing.run() if full else iter(()),
    "start": lambda _: start.run(),
    "telegram": telegram.speed,
    "writing": lambda full: writing.run(full=full),
}
GROUPS = {"knowledge": ("ingest", "sizes", "reading")}


if __name__ == "__main__":
    sys.exit(show(PARTS, sys.argv[1:], GROUPS))
