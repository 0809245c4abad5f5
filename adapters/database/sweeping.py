"""The sweep: what is past its time, and what hangs on somebody who was forgotten, leaves every table."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, text, update

from adapters.database.people import BY_PERSON, empty
from adapters.database.tables import counts, inbox, invitations, journal, people, replies, turns
from bot.messages import Outcome
from bot.people import TERMINAL
from bot.ports import Ending

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import ColumnElement, Delete, Table, TextClause, Update

    from adapters.database.connection import Database
    from bot.retention import Retention

EXPIRING: tuple[Table, ...] = (replies, turns, journal, counts, invitations)
"""What carries the moment after which it goes. The inbox is emptied then; its hashes go later."""
ERRORS = timedelta(days=1)
"""For so long the reference of an error can be looked up by whoever runs Lotse, if nothing is kept of the person."""
AUDIT = {
    "sqlite": "DELETE FROM audit WHERE expires <= strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "DELETE FROM audit WHERE expires <= now()",
}
"""Deletes lines of the audit by the clock of the database, as the guard on its table does."""


class Sweeper:
    """Deletes what is past its time."""

    def __init__(self, database: Database, retention: Retention) -> None:
        self._database, self._retention = database, retention

    async def sweep(self, now: datetime | None = None) -> dict[str, int]:
        """Delete, and return how much of what. Raises Unavailable."""
        now = now or datetime.now(UTC)
        statements: list[tuple[str, Delete | Update | TextClause]] = [
            (
                "people",
                delete(people).where(func.coalesce(people.c.seen, people.c.created) < now - self._retention.people),
            ),
            *((table.name, delete(table).where(_lost(table), *_spared(table, now))) for table in BY_PERSON),
            *((table.name, delete(table).where(table.c.expires <= now)) for table in EXPIRING),
            ("inbox", self._given_up(now)),
            ("inbox", empty(_lost(inbox) | (inbox.c.expires <= now))),
            ("inbox", delete(inbox).where(inbox.c.finished < now - self._retention.turns)),
        ]
        gone: dict[str, int] = {}
        async with self._database.writing() as connection:
            statements.append(("audit", text(AUDIT[connection.dialect.name])))
            for name, statement in statements:
                gone[name] = gone.get(name, 0) + (await connection.execute(statement)).rowcount
        if self._database.file:
            await asyncio.to_thread(_wipe, self._database.file)
        return {name: count for name, count in gone.items() if count}

    def _given_up(self, now: datetime) -> Update:
        """Return what ends messages that wait for longer than anything said is kept, and those of a terminal that is gone."""
        alone = inbox.c.platform.like(f"{TERMINAL}-%") & (inbox.c.received < now - self._retention.raw)
        waiting = (inbox.c.state == "waiting") & (alone | (inbox.c.received < now - self._retention.turns))
        ended = {"state": "done", "ending": Ending.UNDELIVERABLE.value, "text": "", "finished": now, "expires": now}
        return update(inbox).where(waiting).values(ended)


def _wipe(file: Path) -> None:
    """Write what was deleted into the file, which overwrites it, and empty the log beside it; if others read, the next time."""
    # Without patience: waiting for those that read, it would keep all others from writing.
    with closing(sqlite3.connect(file, timeout=0)) as connection, suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _spared(table: Table, now: datetime) -> list[ColumnElement[bool]]:
    """Leave what a message still needs that has not ended, and for a while how an error came about: its reference was given out."""
    unended = exists().where(inbox.c.reference == table.c.reference, inbox.c.state.in_(("waiting", "working")))
    failed = [(table.c.outcome != Outcome.FAILED.value) | (table.c.created < now - ERRORS)] if table is journal else []
    return [~unended, *failed]


def _lost(table: Table) -> ColumnElement[bool]:
    """Select what hangs on somebody of whom nothing is kept (any more)."""
    return ~exists().where(people.c.pseudonym == table.c.person)
