"""SQLite's driver with fewer hops: a statement and its rows take one way to the thread of a connection and back, instead of four.

Each hop waits for its turn on the event loop, which takes long where the loop has much to do. Made for SQLAlchemy, which reads all rows
of a statement at once.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import aiosqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Description = tuple[tuple[str, None, None, None, None, None, None], ...] | None
    Result = tuple[Description, int, int, list[Any]]


class Statement:
    """What SQLAlchemy takes for a cursor: it holds all that came of one statement, and nothing of the driver."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.description: Description = None
        self.rowcount, self.lastrowid = -1, 0
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """Carry a statement out."""
        return self._take(await self._connection.hop(partial(_executed, sql, parameters)))

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        """Carry a statement out for each set of parameters."""
        return self._take(await self._connection.hop(partial(_repeated, sql, parameters)))

    async def fetchall(self) -> list[Any]:
        """Return the rows."""
        return self._rows

    async def close(self) -> None:
        """Forget the rows."""
        self._rows = []

    def _take(self, result: Result) -> Self:
        self.description, self.rowcount, self.lastrowid, self._rows = result
        return self


class Connection(aiosqlite.Connection):
    """A connection in a thread of its own."""

    def cursor(self) -> Statement:  # type: ignore[override]
        """Return what carries out a statement; SQLAlchemy enters it as it would enter aiosqlite's."""
        return Statement(self)

    async def hop(self, function: Callable[[sqlite3.Connection], Result]) -> Result:
        """Call a function in the connection's thread."""
        result: Result = await self._execute(function, self._conn)  # type: ignore[no-untyped-call]
        return result

    async def rollback(self) -> None:
        """Roll back what is open, if anything is."""
        if self._conn.in_transaction:
            await super().rollback()


def connect(database: str, **options: Any) -> Connection:  # noqa: ANN401 - as sqlite3.connect takes them
    """Return a connection that is opened when it is awaited."""
    connection = Connection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does it: a thread left over does not keep the process
    return connection


def _executed(sql: str, parameters: Sequence[Any], connection: sqlite3.Connection) -> Result:
    cursor = connection.execute(sql, parameters)
    return cursor.description, cursor.rowcount, cursor.lastrowid or 0, cursor.fetchall() if cursor.description else []


def _repeated(sql: str, parameters: Sequence[Sequence[Any]], connection: sqlite3.Connection) -> Result:
    cursor = connection.executemany(sql, parameters)
    return cursor.description, cursor.rowcount, cursor.lastrowid or 0, []
