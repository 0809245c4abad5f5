"""Invitations, counts and the audit: what access and limits are kept in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update

from adapters.database.tables import audit, counts, invitations
from adapters.database.upsert import ignoring, inserting
from bot.pairing import MOST_TRIES, Invitation
from bot.people import Deed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from adapters.database.connection import Database
    from bot.limits import Allowance


CODE = "code"
"""What is marked when a message uses an invitation."""
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""The begin of what is marked once for a message, in place of a window's."""
TRIES = timedelta(days=2)
"""For so long it is known what a message that is tried again did before."""


class Invitations:
    """Implements the core's Invitations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, invitation: Invitation) -> None:
        """Keep an invitation; a name that is taken, one in a million, is refused by the database."""
        row = {name: getattr(invitation, name) for name in ("name", "digest", "expires", "tries", "used")}
        async with self._database.writing() as connection:
            await connection.execute(invitations.insert().values(**row, groups=list(invitation.groups)))

    async def find(self, name: str) -> Invitation | None:
        """Return the invitation of a name."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(invitations).where(invitations.c.name == name))).one_or_none()
        if row is None:
            return None
        return Invitation(row.name, row.digest, row.expires, tuple(row.groups), row.tries, row.used)

    async def miss(self, name: str) -> None:
        """Count a wrong try."""
        mine = invitations.c.name == name
        async with self._database.writing() as connection:
            await connection.execute(update(invitations).where(mine).values(tries=invitations.c.tries + 1))

    async def use(self, name: str, by: str = "") -> bool:
        """Mark an invitation as used `by` a message. True for exactly one caller, whatever the number of processes."""
        free = (invitations.c.name == name) & invitations.c.used.is_(False) & (invitations.c.tries < MOST_TRIES)
        async with self._database.writing() as connection:
            used = update(invitations).where(free).values(used=True).returning(invitations.c.name)
            if await connection.scalar(used) is None:
                return False
            if by:
                await _first(connection, CODE, f"{by}/{name}")
        return True

    async def used_by(self, name: str, by: str) -> bool:
        """Say whether this message used an invitation, in a try that did not come to its end."""
        mark = (counts.c.what == CODE) & (counts.c.subject == f"{by}/{name}")
        async with self._database.reading() as connection:
            return bool(await connection.scalar(select(exists().where(mark))))


class Counter:
    """Implements the core's Counter: the database counts, so that all replicas share what is allowed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(
        self, allowances: Sequence[Allowance], now: datetime, amount: int = 1, by: str = ""
    ) -> Allowance | None:
        """Count a use against all of the allowances, or against none: then return the first that is used up.

        What was counted `by` a message is not counted again when it is tried a second time.
        """
        try:
            async with self._database.writing() as connection:
                if by and not await _first(connection, allowances[0].what, by):
                    return None
                for allowance in allowances:
                    await _count(connection, allowance, now, amount)
        except _UsedUp as over:
            return over.allowance
        return None


async def _first(connection: AsyncConnection, what: str, by: str) -> bool:
    """Mark that a message did something; False: it had done so before."""
    mark = {"what": what, "subject": by, "seconds": 0, "begun": ALWAYS, "used": 1, "expires": datetime.now(UTC) + TRIES}
    marked = ignoring(connection, counts).values(mark).returning(counts.c.what)
    return await connection.scalar(marked) is not None


class _UsedUp(Exception):
    """Takes a transaction back."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__()
        self.allowance = allowance


async def _count(connection: AsyncConnection, allowance: Allowance, now: datetime, amount: int) -> None:
    """Add to a count, if it stays within what is allowed. Raises _UsedUp."""
    if amount > allowance.most or (allowance.since_last and await _lately(connection, allowance, now)):
        raise _UsedUp(allowance)
    row = {
        "what": allowance.what,
        "subject": allowance.subject,
        "seconds": allowance.seconds,
        "begun": allowance.window(now),
        "used": amount,
        "expires": allowance.renewed(now),
    }
    insert = inserting(connection, counts).values(row)
    counted = insert.on_conflict_do_update(
        index_elements=[column.name for column in counts.primary_key],
        set_={"used": counts.c.used + amount},
        where=counts.c.used + amount <= allowance.most,
    )
    if await connection.scalar(counted.returning(counts.c.used)) is None:
        raise _UsedUp(allowance)


async def _lately(connection: AsyncConnection, allowance: Allowance, now: datetime) -> bool:
    """Say whether something was used less than its time ago."""
    same = (counts.c.what == allowance.what) & (counts.c.subject == allowance.subject)
    recent = (
        same & (counts.c.seconds == allowance.seconds) & (counts.c.begun > now - timedelta(seconds=allowance.seconds))
    )
    return bool(await connection.scalar(select(exists().where(recent))))


class Audit:
    """Implements the core's Audit. The database itself refuses to change a line, or to delete one before its time."""

    def __init__(self, database: Database, kept: timedelta) -> None:
        self._database, self._kept = database, kept

    async def add(self, deed: Deed) -> None:
        """Add a line."""
        row = {name: getattr(deed, name) for name in ("at", "admin", "deed", "about", "outcome")}
        async with self._database.writing() as connection:
            await connection.execute(audit.insert().values(**row, expires=datetime.now(UTC) + self._kept))

    async def read(self, most: int) -> Sequence[Deed]:
        """Return the newest lines, the newest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(audit).order_by(audit.c.id.desc()).limit(most))
            return [Deed(row.at, row.admin, row.deed, row.about, row.outcome) for row in rows]
