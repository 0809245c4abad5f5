"""A line of the bench's table, and the statistics behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured, its value and unit, and the goal (at most) that it is held against, if there is one."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        """Say whether the goal was met."""
        return self.goal is None or self.value <= self.goal

    def shown(self) -> str:
        """Return the line as it is printed."""
        goal = "" if self.goal is None else f"<= {self.goal:g}"
        mark = "" if self.goal is None else ("ok" if self.reached else "MISSED")
        return f"{self.name:<52}{self.value:>10.2f} {self.unit:<4}{goal:<10}{mark:<8}{self.note}".rstrip()


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of all values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
