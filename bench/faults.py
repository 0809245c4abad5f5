"""Break things: python -m bench.faults [PART ...] [--full] prints a table and returns 1 when a goal is missed.

bench/README.md says what each part and each line means. ONLY=part chooses in `make bench-faults`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bench import access, hostile_files, hostile_model, kills, messages, slack, storage, telegram
from bench.table import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.table import Line

PARTS: dict[str, Callable[[bool], Iterator[Line]]] = {
    "kills": lambda full: kills.run(full=full),
    "storage": lambda _: storage.run(),
    "access": lambda _: access.run(),
    "reading": lambda _: hostile_files.run(),
    "inbox": messages.run,
    "slack": slack.run,
    "telegram": telegram.faults,
    "writing": lambda full: hostile_model.run(full=full),
}
GROUPS = {"knowledge": ("kills", "storage", "reading")}


if __name__ == "__main__":
    sys.exit(show(PARTS, sys.argv[1:], GROUPS))
