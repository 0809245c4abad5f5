"""Figures over people: a group is shown only if it has five people or more, in steps of five, and nothing smaller can be worked out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SMALLEST = 5
"""People that a figure must be about."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How often something happened, to how many people: both rounded down to a multiple of five."""

    group: str
    times: int
    people: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The groups that may be shown, the most frequent first; `withheld` says whether there were others."""

    shown: tuple[Figure, ...]
    withheld: bool


def figures(events: Iterable[tuple[str, str]]) -> Figures:
    """Count events, each a group and a person's pseudonym.

    Rounded, so that two reports of the same weeks, before and after somebody was forgotten, do not tell what one person did.
    What is withheld has five people together or more, too, else the smallest groups that could be shown are withheld with it:
    who knows the total would know the rest.
    """
    people: dict[str, set[str]] = defaultdict(set)
    times: dict[str, int] = defaultdict(int)
    for group, person in events:
        people[group].add(person)
        times[group] += 1
    hidden = withheld(people)
    shown = [
        Figure(group, rounded(times[group]), rounded(len(people[group]))) for group in people if group not in hidden
    ]
    return Figures(tuple(sorted(shown, key=lambda figure: (-figure.times, figure.group))), bool(hidden))


def rounded(number: int) -> int:
    """Return a number rounded down to a multiple of the smallest group."""
    return number - number % SMALLEST


def withheld(people: Mapping[str, set[str]]) -> set[str]:
    """Return the groups that are not shown, given the people of each; of a group of more than SMALLEST, so many are enough."""
    ordered = sorted(people, key=lambda group: (len(people[group]), group))
    hidden = {group for group in ordered if len(people[group]) < SMALLEST}
    for group in ordered:
        if not hidden or len(set[str]().union(*(people[each] for each in hidden))) >= SMALLEST:
            break
        hidden.add(group)
    return hidden
