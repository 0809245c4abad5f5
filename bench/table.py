"""A line of the bench's table, the statistics behind it, and how parts of a table are run."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured, its value and unit, and the goal (at most, or at least) that it is held against, if there is one."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Say whether the goal was met."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def shown(self) -> str:
        """Return the line as it is printed."""
        goal = "" if self.goal is None else f"{'>=' if self.at_least else '<='} {self.goal:g}"
        mark = "" if self.goal is None else ("ok" if self.reached else "MISSED")
        return f"{self.name:<52}{self.value:>10.3f} {self.unit:<4}{goal:<10}{mark:<8}{self.note}".rstrip()


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of all values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def show(
    parts: Mapping[str, Callable[[bool], Iterator[Line]]],
    arguments: Sequence[str],
    groups: Mapping[str, Sequence[str]],
) -> int:
    """Print the parts that are named, by their own name or that of a group, or all; return 1 when a goal is missed.

    `--full` asks for what takes long, too.
    """
    full = "--full" in arguments
    named = [argument for argument in arguments if argument != "--full"] or list(parts)
    chosen = [part for name in named for part in groups.get(name, (name,))]
    if unknown := set(chosen) - parts.keys():
        print(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join((*groups, *parts))}", file=sys.stderr)
        return 2
    missed = 0
    for part in chosen:
        for line in parts[part](full):
            print(line.shown(), flush=True)
            missed += not line.reached
    return 1 if missed else 0
