"""People as Lotse keeps them: under a pseudonym, with what they chose. And the ports of whatever keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.limits import Allowance
    from bot.pairing import Invitation
    from bot.senders import Account


@dataclass(frozen=True, slots=True)
class Person:
    """What is kept about a person. `groups` are those of a redeemed invitation, None when there was none.

    `pseudonym` is an HMAC of the account under a key of this person's own; without the key nothing leads back.
    """

    pseudonym: str
    met: datetime
    language: str | None = None
    groups: frozenset[str] | None = None


class People(Protocol):
    """Whoever keeps people. Everything in here raises Unavailable."""

    async def find(self, account: Account) -> Person | None:
        """Return a person, None for somebody that nothing is kept about."""

    async def meet(self, account: Account, now: datetime) -> Person:
        """Return a person; with a key and pseudonym made now for somebody new."""

    async def choose(self, account: Account, language: str | None) -> None:
        """Keep the language that somebody chose; None: the language of each question."""

    async def pair(self, account: Account, groups: Sequence[str], now: datetime) -> None:
        """Keep that somebody redeemed an invitation, and its groups."""

    async def export(self, account: Account) -> Mapping[str, object]:
        """Return everything that is kept about somebody, as plain JSON values."""

    async def forget(self, account: Account, now: datetime) -> bool:
        """Delete everything that is kept about somebody and shred the key. False when there was nothing."""

    def alias(self, account: Account) -> str:
        """Return what somebody is counted under who is not kept: an HMAC under the key of this installation."""


class Invitations(Protocol):
    """Whoever keeps invitations. Everything in here raises Unavailable."""

    async def add(self, invitation: Invitation) -> None:
        """Keep an invitation."""

    async def find(self, name: str) -> Invitation | None:
        """Return the invitation of a name."""

    async def miss(self, name: str) -> None:
        """Count a wrong try."""

    async def use(self, name: str) -> bool:
        """Mark an invitation as used. True for exactly one caller, whatever the number of processes."""


class Counter(Protocol):
    """Whoever counts, for all replicas together. Everything in here raises Unavailable."""

    async def take(self, allowances: Sequence[Allowance], now: datetime, amount: int = 1) -> Allowance | None:
        """Count a use against all of the allowances, or against none: then return the first that is used up."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the audit: which admin (a pseudonym) did what, when, to what. Never a text that somebody wrote."""

    at: datetime
    admin: str
    deed: str
    about: str = ""
    outcome: str = ""


class Audit(Protocol):
    """Whoever keeps the audit: lines are added, never changed; they go when their own time is over. Raises Unavailable."""

    async def add(self, deed: Deed) -> None:
        """Add a line."""

    async def read(self, most: int) -> Sequence[Deed]:
        """Return the newest lines, the newest first."""
