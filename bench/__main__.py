"""Measure Lotse: python -m bench [PART ...] prints a table and returns 1 when a goal is missed.

Parts: answers (one question's time in the process), start (a whole `lotse ask`). ONLY=part chooses in `make bench`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bench import answers, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.table import Line

PARTS: dict[str, Callable[[], Iterator[Line]]] = {"answers": answers.run, "start": start.run}


def main() -> int:
    """Run the parts that were named, or all of them."""
    chosen = sys.argv[1:] or list(PARTS)
    if unknown := set(chosen) - PARTS.keys():
        print(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    missed = 0
    for part in chosen:
        for line in PARTS[part]():
            print(line.shown(), flush=True)
            missed += not line.reached
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
