"""For whom is searched, and what was found for one question."""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from knowledge.documents import Metadata, Passage
    from knowledge.pieces import Fit


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom is searched: a member of these groups, on this day."""

    groups: frozenset[str]
    today: date


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found, with its number in the generation.

    `score` orders the passages of one question; `pieces` says how well each piece fits, for the first few of them.
    """

    number: int
    passage: Passage
    metadata: Metadata
    score: float
    pieces: tuple[Fit, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for one question. `documents` counts those that were searched; `contact` is the one that most of them name.

    `worth` says for each word that is asked about how much of the question it makes up; together they make 1. `asked` are the words,
    in lower case; `unknown` those of them that nothing the reader may read speaks of.
    `fallback`: this comes from an earlier state, because the one that should answer is damaged.
    """

    generation: str
    created: datetime
    documents: int
    contact: str = ""
    found: tuple[Found, ...] = ()
    worth: tuple[float, ...] = ()
    asked: tuple[str, ...] = ()
    unknown: frozenset[str] = frozenset()
    fallback: bool = False

    @property
    def said(self) -> float:
        """Return the share of the question (0..1) that the best piece speaks of."""
        pieces = (fit.speaks for each in self.found for fit in each.pieces)
        return max((sum(map(mul, self.worth, speaks)) for speaks in pieces), default=0.0)
