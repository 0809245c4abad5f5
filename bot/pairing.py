"""Invitations: a code that an admin gives out and one person redeems, once, in time.

A code has a part that names the invitation and a secret part, of which only a digest is kept. Wrong tries count against both
the invitation and whoever tries: after MOST_TRIES the invitation is dead, and whoever tried waits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.people import Invitations

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters of a code: none that is taken for another when it is read out or typed."""
NAME = 4
"""Characters that name the invitation."""
SECRET = 12
"""Characters that are secret: 31 to the power of 12 are 59 bits."""
GROUP = 4
"""Characters between two hyphens."""
MOST_TRIES = 5
"""Wrong tries after which an invitation is dead."""
LIFETIME = timedelta(hours=24)
"""How long an invitation is good for, unless the admin says otherwise."""
LONGEST_LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is kept of a code. `groups` are those of the access file that whoever redeems it gets."""

    name: str
    digest: str
    expires: datetime
    groups: tuple[str, ...] = ()
    tries: int = 0
    used: bool = False


class Redemption(StrEnum):
    """How a try ended. Each is also a phrase (`pairing_...`)."""

    PAIRED = "paired"
    WRONG = "wrong"
    EXPIRED = "expired"
    LOCKED = "locked"
    WAIT = "wait"


def issue(now: datetime, groups: tuple[str, ...] = (), lifetime: timedelta = LIFETIME) -> tuple[str, Invitation]:
    """Return a new code, to be given out and forgotten, and what is kept of it."""
    characters = "".join(secrets.choice(ALPHABET) for _ in range(NAME + SECRET))
    kept = Invitation(characters[:NAME], _digest(characters), now + min(lifetime, LONGEST_LIFETIME), groups)
    return "-".join(characters[at : at + GROUP] for at in range(0, len(characters), GROUP)), kept


def plain(typed: str) -> str:
    """Return a code as it was issued from what somebody typed: small letters, spaces and hyphens do not matter."""
    return "".join(typed.upper().replace("-", " ").split())


def is_code(typed: str) -> bool:
    """Say whether something has the form of a code."""
    characters = plain(typed)
    return len(characters) == NAME + SECRET and set(characters) <= set(ALPHABET)


_WRITTEN = re.compile(r"(?<!\w){0}(?:-{0}){{3}}(?!\w)".format(r"[0-9A-Za-z]{4}"))


def within(text: str) -> tuple[str, ...]:
    """Return what in a text is written as a code is given out, with its hyphens."""
    return tuple(code for code in _WRITTEN.findall(text) if is_code(code))


async def redeem(
    typed: str, invitations: Invitations, now: datetime, by: str = ""
) -> tuple[Redemption, tuple[str, ...]]:
    """Try a code. Returns how it ended, and the groups that come with it. Exactly one try of a right code is PAIRED.

    A message that is tried again, because a process ended in between, is `by` itself still.
    """
    kept = await invitations.find(plain(typed)[:NAME]) if is_code(typed) else None
    if not hmac.compare_digest(_digest(plain(typed)), kept.digest if kept else _NEVER):
        if kept:
            await invitations.miss(kept.name)
        return Redemption.WRONG, ()
    if kept is None:
        return Redemption.WRONG, ()
    if kept.used:
        same = bool(by) and await invitations.used_by(kept.name, by)
        return (Redemption.PAIRED, kept.groups) if same else (Redemption.WRONG, ())
    if kept.tries >= MOST_TRIES:
        return Redemption.LOCKED, ()
    if kept.expires <= now:
        return Redemption.EXPIRED, ()
    # Of two replicas that get here with the same code, the storage lets one pass.
    used = await invitations.use(kept.name, by)
    return (Redemption.PAIRED, kept.groups) if used else (Redemption.WRONG, ())


_NEVER = "-" * 64
"""The digest of no code, to be compared when there is no invitation, so that both take the same time."""


def _digest(characters: str) -> str:
    """Return what is kept of a code. With 59 random bits, valid for a day, a plain digest cannot be guessed back in time."""
    return hashlib.sha256(characters.encode()).hexdigest()
