"""Connect to SQLite or PostgreSQL, one transaction at a time, and map what goes wrong."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.database.lives import FOLDER, AdvisoryLocks, LockFiles
from bot.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from sqlalchemy.engine import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection

    from adapters.database.lives import Lives

PATIENCE = 2.0
"""Seconds that a transaction waits for a locked database or a connection."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""Written down means on the disk, even after a loss of power; erased means overwritten."""
CONNECTIONS = 9
"""Of which one holds a replica's lock on PostgreSQL."""


def url_of(address: str, data: Path) -> str:
    """Return where the database is, for SQLAlchemy: what is set, or SQLite in the data folder."""
    if not address:
        return f"sqlite+aiosqlite:///{data.absolute() / 'lotse.db'}"
    url = make_url(address)
    if url.get_backend_name() in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+asyncpg")
    elif url.get_backend_name() == "sqlite":
        url = url.set(drivername="sqlite+aiosqlite")
    return url.render_as_string(hide_password=False)


class Database:
    """A pool of connections. On SQLite one transaction of this process writes at a time."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self.file = Path(parsed.database or "") if self.sqlite else None
        options: dict[str, Any] = {
            "pool_size": CONNECTIONS,
            "max_overflow": 0,
            "pool_timeout": 30,
            "hide_parameters": True,
        }
        if self.sqlite:
            from adapters.database.driver import connect

            options["connect_args"] = {"timeout": PATIENCE, "async_creator_fn": connect}
        else:
            options["connect_args"] = {"timeout": 5, "command_timeout": 15, "server_settings": {"timezone": "UTC"}}
        self.engine = create_async_engine(url, **options)
        self.lives: Lives = LockFiles(self.file.parent / FOLDER) if self.file else AdvisoryLocks(self.engine)
        self._queue, self._writer = asyncio.Lock(), asyncio.Lock()
        if self.sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare)
            event.listen(self.engine.sync_engine, "begin", _begin)

    def writing(self, *, urgent: bool = False) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that writes; an urgent one overtakes those that queue. Raises Unavailable."""
        return self._transaction(self._turn(urgent=urgent) if self.sqlite else nullcontext(), reading=False)

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that only reads. Raises Unavailable."""
        return self._transaction(nullcontext(), reading=True)

    @asynccontextmanager
    async def _turn(self, *, urgent: bool) -> AsyncIterator[None]:
        async with nullcontext() if urgent else self._queue, self._writer:
            yield

    @asynccontextmanager
    async def _transaction(
        self, turn: AbstractAsyncContextManager[None], *, reading: bool
    ) -> AsyncIterator[AsyncConnection]:
        with translated():
            async with turn, self.engine.connect() as connection:
                if reading:
                    await connection.execution_options(reading=True)
                async with connection.begin():
                    yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self.lives.leave()
        await self.engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Say Unavailable for whatever may pass, and let through what is wrong with a statement."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except (DBAPIError, PoolTimeout, OSError, TimeoutError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        raise Unavailable(type(cause).__name__) from error


def create(file: Path) -> None:
    """Make an empty database file that only its owner can read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's wrapper of the driver has no public type
    """Let SQLAlchemy begin transactions, in place of the driver, and set what SQLite shall do."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the right to write at once, so that no transaction finds out half-way that another one has it."""
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
