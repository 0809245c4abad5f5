"""How much may be asked: by one person, by all, and how many tokens a day a model may use. Counted in fixed windows of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EVERYONE = "everyone"
"""The subject of what is counted for all together."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Questions a minute and a day, for a person and for all; a model's tokens a day."""

    person_minute: int = 10
    person_day: int = 200
    everyone_minute: int = 120
    everyone_day: int = 10_000
    tokens_day: int = 5_000_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """So much of something may be used in each window of `seconds`, counted for a subject: a person's tally, or everyone."""

    what: str
    subject: str
    most: int
    seconds: int
    since_last: bool = False

    def window(self, now: datetime) -> datetime:
        """Return when the window that holds a moment began. Windows start at midnight UTC and divide the day.

        Of what may be used once since the last time, it begins with the use.
        """
        if self.since_last:
            return now
        seconds = int(now.timestamp())
        return datetime.fromtimestamp(seconds - seconds % self.seconds, UTC)

    def renewed(self, now: datetime) -> datetime:
        """Return when the next window begins."""
        return self.window(now) + timedelta(seconds=self.seconds)


QUESTIONS = "questions"
TOKENS = "tokens"
PAIRING = "pairing"
REFUSAL = "refusal"
RIGHTS = "rights"
INCIDENT = "incident"
OPENING = "opening"
WAIT = "wait"


def questions(limits: Limits, person: str) -> Sequence[Allowance]:
    """Return what one question uses, always in the same order, so that two replicas never wait for each other."""
    return (
        Allowance(QUESTIONS, EVERYONE, limits.everyone_day, DAY),
        Allowance(QUESTIONS, EVERYONE, limits.everyone_minute, MINUTE),
        Allowance(QUESTIONS, person, limits.person_day, DAY),
        Allowance(QUESTIONS, person, limits.person_minute, MINUTE),
    )


def tokens(limits: Limits) -> Allowance:
    """Return what a model's answer uses. When it is used up, Lotse answers by quoting until the next day."""
    return Allowance(TOKENS, EVERYONE, limits.tokens_day, DAY)


def refusals(person: str) -> Allowance:
    """Return how often somebody who may not ask is told so."""
    return Allowance(REFUSAL, person, 1, HOUR, since_last=True)


def told_to_wait(person: str) -> Allowance:
    """Return how often somebody who tried too many codes is told so."""
    return Allowance(WAIT, person, 1, HOUR, since_last=True)


def rights(person: str) -> Allowance:
    """Return how often anybody, blocked or over a limit, may see what is kept about them, get it or have it deleted."""
    return Allowance(RIGHTS, person, 20, HOUR)


def openings(person: str) -> Allowance:
    """Return how often somebody is shown what there is before they ask; beyond that, what they see already stays."""
    return Allowance(OPENING, person, 30, MINUTE)


def incidents(person: str) -> Allowance:
    """Return how often somebody over a limit who reports a mishap gets the handbook's steps, not only those that hold anywhere."""
    return Allowance(INCIDENT, person, 10, HOUR)


def pairing(person: str) -> Allowance:
    """Return how often somebody may try a code."""
    return Allowance(PAIRING, person, 5, HOUR)
