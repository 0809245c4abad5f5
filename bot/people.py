"""People as Lotse keeps them: under a pseudonym, with what they chose. And the ports of whatever keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from bot.access import Policy
    from bot.commands import Feedback, Reason
    from bot.limits import Allowance
    from bot.messages import Progress
    from bot.overview import Known
    from bot.pairing import Invitation
    from bot.senders import Account


@dataclass(frozen=True, slots=True)
class Person:
    """What is kept about a person. `groups` are those of a redeemed invitation, None when there was none.

    `seen` is the last day on which they were let in, None for somebody who is not kept.

    `pseudonym` is made with a key of this person's own: once that is shredded, nothing leads back. `tally` is what uses are
    counted under today: another one each day, which does not lead to the pseudonym and outlives it until the day is over.
    """

    pseudonym: str
    tally: str
    language: str | None = None
    groups: frozenset[str] | None = None
    welcomed: bool = False
    seen: datetime | None = None


class People(Protocol):
    """Whoever keeps people. Everything in here raises Unavailable."""

    async def find(self, account: Account) -> Person:
        """Return a person. Nothing is kept of somebody new: they are known by an alias, and not `met`."""

    async def meet(self, account: Account, now: datetime) -> Person:
        """Keep somebody who was let in, under a key and pseudonym made now for one who is new; keep the day, not the hour."""

    async def welcome(self, account: Account) -> None:
        """Keep that somebody was told that an AI answers."""

    async def choose(self, account: Account, language: str) -> None:
        """Keep the language that somebody chose; empty: the language of each question."""

    async def pair(self, account: Account, groups: Sequence[str]) -> None:
        """Keep that somebody who was met redeemed an invitation, and its groups."""

    async def export(self, account: Account) -> Mapping[str, object]:
        """Return everything that is kept about somebody, as plain JSON values."""

    async def forget(self, account: Account) -> bool:
        """Delete everything that is kept about somebody and shred the key. False when there was nothing."""

    async def forgettings(self) -> bytes:
        """Return what changes whenever somebody is forgotten, by whichever process."""


class Policies(Protocol):
    """Whoever knows the access file."""

    def policy(self) -> Policy:
        """Return what it says now. Never raises."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thought of an answer, and on which day it was said; not who."""

    day: date
    reference: str
    reason: Reason
    words: str


class Opinions(Protocol):
    """Whoever keeps what people think of answers. Raises Unavailable."""

    async def add(self, person: str, feedback: Feedback, now: datetime) -> bool:
        """Keep a person's opinion, in the place of an earlier one on the same answer. False: there is no such answer."""

    async def read(self, most: int) -> Sequence[Opinion]:
        """Return the newest opinions, the newest first."""


class Handbook(Protocol):
    """Whoever looks after what is published, in words for people."""

    async def status(self, language: str) -> str:
        """Say what is published."""

    async def troubles(self, language: str) -> Sequence[str]:
        """Say what went wrong when documents were taken in last: files that were rejected, or all of it."""

    async def known(self, groups: frozenset[str]) -> Sequence[Known]:
        """Return the documents in force that members of these groups may read, by title."""

    async def take_in(self, language: str, told: Callable[[Progress], None]) -> str:
        """Take the documents in again and return the report; `told` hears how far it is."""


class Invitations(Protocol):
    """Whoever keeps invitations. Everything in here raises Unavailable."""

    async def add(self, invitation: Invitation) -> None:
        """Keep an invitation."""

    async def find(self, name: str) -> Invitation | None:
        """Return the invitation of a name."""

    async def miss(self, name: str) -> None:
        """Count a wrong try."""

    async def use(self, name: str, by: str = "") -> bool:
        """Mark an invitation as used `by` a message. True for exactly one caller, whatever the number of processes."""

    async def used_by(self, name: str, by: str) -> bool:
        """Say whether this message used an invitation, in a try that did not come to its end."""


class Counter(Protocol):
    """Whoever counts, for all replicas together. Everything in here raises Unavailable."""

    async def take(
        self, allowances: Sequence[Allowance], now: datetime, amount: int = 1, by: str = ""
    ) -> Allowance | None:
        """Count a use against all of the allowances, or against none: then return the first that is used up.

        What was counted `by` a message is not counted again when it is tried a second time.
        """


LOOK = "why"
"""The deed of an admin who looked at how somebody's answer came about."""
TERMINAL = "terminal"
"""Who stands in the audit for whoever uses the machine."""


DONE, REFUSED, BEGUN = "done", "refused", "begun"
"""How a deed ended; one that failed says so by the class of the error."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the audit: which admin (a pseudonym) did what, when, to what, and how it ended. Never a text that somebody wrote."""

    at: datetime
    admin: str
    deed: str
    about: str = ""
    outcome: str = DONE


class Audit(Protocol):
    """Whoever keeps the audit: lines are added, never changed; they go when their own time is over. Raises Unavailable."""

    async def add(self, deed: Deed) -> None:
        """Add a line."""

    async def read(self, most: int) -> Sequence[Deed]:
        """Return the newest lines, the newest first."""
