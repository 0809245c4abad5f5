"""People under a pseudonym: what they chose, what is kept about them, and the end of it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from adapters.database.identity import BYTES, newcomer
from adapters.database.tables import (
    PSEUDONYM,
    RAW,
    audit,
    counts,
    inbox,
    instance,
    journal,
    opinions,
    people,
    replies,
    turns,
)
from adapters.database.upsert import ignoring, replacing
from bot.commands import Reason
from bot.people import LOOK, Opinion, Person
from bot.ports import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Row, Table, Update
    from sqlalchemy.ext.asyncio import AsyncConnection

    from adapters.database.connection import Database
    from adapters.database.identity import Hashes
    from bot.commands import Feedback
    from bot.senders import Account

BY_PERSON: tuple[Table, ...] = (opinions, turns, replies, journal)
"""What hangs on a pseudonym and goes with it, opinions before the answers that they are about. The inbox is emptied."""
EXPORTED: Mapping[Table, tuple[str, ...]] = {
    inbox: ("text", "received", "state"),
    turns: ("question", "answer", "created", "expires"),
    journal: ("reference", "platform", "created", "language", "outcome", "verdict", "generation", "expires"),
    opinions: ("reference", "reason", "words", "created"),
    replies: ("reference", "number", "body", "sent", "done", "expires"),
}
"""What an export shows of each store. The rest are hashes, or figures about the answer."""
COUNTED = ("what", "used", "seconds", "begun", "expires")
"""What an export shows of how much somebody used today."""
DEED = ("at", "deed", "about", "outcome", "expires")
"""What an export shows of a line of the audit: of one's own deeds, and of an admin's looks at how one's answers came about."""
FORGETTING = "forgetting"
"""Names the random mark that is set anew whenever somebody is forgotten, so that running servers empty what they hold."""
PERSON = ("pseudonym", "created", "seen", "language", "groups", "welcomed")
"""What an export shows of the person; the key stays secret."""


class People:
    """Implements the core's People."""

    def __init__(self, database: Database, hashes: Hashes) -> None:
        self._database, self._hashes = database, hashes

    async def find(self, account: Account) -> Person:
        """Return a person. Nothing is kept of somebody new: they are known by an alias."""
        lookup = self._lookup(account)
        row = await self._row(lookup)
        if row is None:
            return Person(alias(lookup), self._tally(account))
        groups = None if row.groups is None else frozenset(row.groups)
        return Person(row.pseudonym, self._tally(account), row.language or None, groups, row.welcomed, row.seen)

    async def meet(self, account: Account, now: datetime) -> Person:
        """Keep somebody who was let in, under a key and pseudonym made now for one who is new; keep the day, not the hour."""
        lookup = self._lookup(account)
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._database.writing() as connection:
            await connection.execute(ignoring(connection, people).values(newcomer(lookup)))
            await connection.execute(update(people).where(people.c.lookup == lookup).values(seen=today))
        return await self.find(account)

    async def welcome(self, account: Account) -> None:
        """Keep that somebody was told that an AI answers."""
        await self._set(account, welcomed=True)

    async def choose(self, account: Account, language: str) -> None:
        """Keep the language that somebody chose; empty: the language of each question."""
        await self._set(account, language=language)

    async def pair(self, account: Account, groups: Sequence[str]) -> None:
        """Keep that somebody redeemed an invitation, and its groups."""
        await self._set(account, groups=sorted(groups))

    async def export(self, account: Account) -> Mapping[str, object]:
        """Return everything that is kept about somebody, as plain JSON values."""
        lookup = self._lookup(account)
        row = await self._row(lookup)
        names = [alias(lookup), *([row.pseudonym] if row else [])]
        async with self._database.reading() as connection:
            kept: dict[str, object] = {table.name: await _rows(connection, table, names) for table in EXPORTED}
            kept["counts"] = await _shown(connection, counts, COUNTED, counts.c.subject == self._tally(account))
            kept["deeds"] = await _shown(connection, audit, DEED, audit.c.admin.in_(names))
            mine = select(journal.c.reference).where(journal.c.person.in_(names))
            kept["looks"] = await _shown(connection, audit, DEED, (audit.c.deed == LOOK) & audit.c.about.in_(mine))
        if row:
            kept = {"person": {name: plain(getattr(row, name)) for name in PERSON}} | kept
        return {name: rows for name, rows in kept.items() if rows}

    async def forget(self, account: Account) -> bool:
        """Delete everything that is kept about somebody and shred the key. False when there was nothing.

        How much was asked today stays counted until midnight, under the day's hash, or being forgotten would lift every limit.

        Messages that wait are not answered any more.

        One that is being answered is emptied by the sweep once its answer is out, as nobody has its pseudonym any more.
        """
        lookup = self._lookup(account)
        async with self._database.writing() as connection:
            gone = delete(people).where(people.c.lookup == lookup).returning(people.c.pseudonym)
            pseudonym = await connection.scalar(gone)
            # What came before somebody was let in hangs on the alias.
            names = [alias(lookup), *([pseudonym] if pseudonym else [])]
            found = 0
            for table in BY_PERSON:
                deleted = await connection.execute(delete(table).where(table.c.person.in_(names)))
                found += deleted.rowcount
            await connection.execute(_ended(inbox.c.person.in_(names)))
            emptied = await connection.execute(empty(inbox.c.person.in_(names)))
            mark = {"name": FORGETTING, "value": secrets.token_bytes(BYTES)}
            await connection.execute(replacing(connection, instance).values(mark))
        return bool(pseudonym or found or emptied.rowcount)

    async def forgettings(self) -> bytes:
        """Return what changes whenever somebody is forgotten, by whichever process."""
        async with self._database.reading() as connection:
            value = await connection.scalar(select(instance.c.value).where(instance.c.name == FORGETTING))
        return bytes(value or b"")

    def _lookup(self, account: Account) -> str:
        return self._hashes.account(account.platform, account.workspace, account.user)

    def _tally(self, account: Account) -> str:
        return self._hashes.tally(account.platform, account.workspace, account.user, datetime.now(UTC).date())

    async def _row(self, lookup: str) -> Row[Any] | None:
        async with self._database.reading() as connection:
            return (await connection.execute(select(people).where(people.c.lookup == lookup))).one_or_none()

    async def _set(self, account: Account, **values: object) -> None:
        mine = people.c.lookup == self._lookup(account)
        async with self._database.writing() as connection:
            await connection.execute(update(people).where(mine).values(**values))


def alias(lookup: str) -> str:
    """Return what somebody is known by of whom nothing is kept."""
    return lookup[:PSEUDONYM]


def empty(rows: ColumnElement[bool]) -> Update:
    """Return what wipes everything raw from messages that were answered; only hashes stay, to know a message again."""
    wiped = dict.fromkeys(RAW, "")
    answered = (inbox.c.state == "done") & (inbox.c.person != "")
    return update(inbox).where(rows & answered).values(**wiped, person="")


def _ended(rows: ColumnElement[bool]) -> Update:
    """Return what ends messages that wait."""
    now = datetime.now(UTC)
    ended = {"state": "done", "ending": Ending.REMOVED.value, "finished": now, "expires": now}
    return update(inbox).where(rows & (inbox.c.state == "waiting")).values(ended)


async def _rows(connection: AsyncConnection, table: Table, names: Sequence[str]) -> list[dict[str, object]]:
    return await _shown(connection, table, EXPORTED[table], table.c.person.in_(names))


async def _shown(
    connection: AsyncConnection, table: Table, columns: Sequence[str], rows: ColumnElement[bool]
) -> list[dict[str, object]]:
    wanted = select(*(table.c[name] for name in columns)).where(rows)
    return [
        {name: plain(value) for name, value in row.items()} for row in (await connection.execute(wanted)).mappings()
    ]


def plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    return value.isoformat() if isinstance(value, datetime) else value


class Opinions:
    """Implements the core's Opinions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, person: str, feedback: Feedback, now: datetime) -> bool:
        """Keep a person's opinion, in the place of an earlier one on the same answer. False: there is no such answer."""
        row = {
            "reference": feedback.reference,
            "person": person,
            "reason": feedback.reason.value,
            "words": feedback.words,
            "created": now,
        }
        async with self._database.writing() as connection:
            there = select(journal.c.reference).where(journal.c.reference == feedback.reference)
            if await connection.scalar(there) is None:
                return False
            await connection.execute(replacing(connection, opinions).values(row))
        return True

    async def read(self, most: int) -> Sequence[Opinion]:
        """Return the newest opinions, the newest first."""
        newest = select(opinions).order_by(opinions.c.created.desc(), opinions.c.reference).limit(most)
        async with self._database.reading() as connection:
            rows = (await connection.execute(newest)).all()
        return [Opinion(row.created.date(), row.reference, Reason(row.reason), row.words) for row in rows]
