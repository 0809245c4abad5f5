"""Which replicas have ended for certain: a lock that the system takes from a process when it dies.

Silence alone takes long to tell the dead from the slow. A lock tells at once, where it can be trusted.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Collection

    from filelock import FileLock
    from sqlalchemy import TextClause
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

FOLDER = "replicas"
"""Where the locks lie, beside SQLite's file."""
KIND = 0x4C6F7473
"""The first number of a replica's lock on PostgreSQL, so that no other program's locks look like one."""
LOCK = text("SELECT pg_try_advisory_lock(:kind, :number)")
ALIVE, RELEASE = text("SELECT 1"), text("SELECT pg_advisory_unlock_all()")
LOCKS = text(
    "SELECT objid::bigint FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = :kind AND datname = current_database()"
)


class Lives(Protocol):
    """What replicas hold as long as they live."""

    @property
    def patience(self) -> float:
        """Return for how many seconds a replica without its lock has to be silent before it counts as dead."""

    async def hold(self, name: str) -> None:
        """Take the lock of a replica, or take it again if it was lost."""

    async def held(self, connection: AsyncConnection, names: Collection[str]) -> frozenset[str]:
        """Return those of these replicas that may still live."""

    async def leave(self) -> None:
        """Let go."""


class LockFiles:
    """Locks on files, for replicas that share SQLite's file and so a machine. They cannot be lost while a process lives."""

    patience = 0.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: FileLock | None = None

    async def hold(self, name: str) -> None:
        """Take the lock of a replica. The file is small, local and nobody else's: nothing here waits."""
        if self._own is None:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._own = self._lock(name)
            self._own.acquire(blocking=False)

    async def held(self, connection: AsyncConnection, names: Collection[str]) -> frozenset[str]:  # noqa: ARG002 - files need none
        """Return those that hold their lock, and those that have none, since an older Lotse had none either."""
        return frozenset(name for name in names if not self._ended(name))

    async def leave(self) -> None:
        """Let go of the lock, and so of its file."""
        if self._own is not None:
            _drop(self._own)
            self._own = None

    def _lock(self, name: str) -> FileLock:
        from filelock import FileLock

        return FileLock(self._folder / name, thread_local=False)

    def _ended(self, name: str) -> bool:
        from filelock import Timeout

        if not (self._folder / name).is_file():
            return False
        lock = self._lock(name)
        try:
            lock.acquire(blocking=False)
        except (Timeout, OSError):
            return False
        lock.release()
        return True


def _drop(lock: FileLock) -> None:
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)


class AdvisoryLocks:
    """Locks of a connection to PostgreSQL: they end with it, so a short silence has to show that its process did too."""

    patience = 3.0

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._own: AsyncConnection | None = None

    async def hold(self, name: str) -> None:
        """Take the lock of a replica on a connection that is kept for it. Raises what the driver raises."""
        if self._own is not None and await self._answers(self._own, ALIVE):
            return
        self._own = None
        connection = await self._engine.connect()
        self._own = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await self._own.execute(LOCK, {"kind": KIND, "number": _number(name)})

    async def held(self, connection: AsyncConnection, names: Collection[str]) -> frozenset[str]:
        """Return those whose lock some connection holds."""
        numbers = set(await connection.scalars(LOCKS, {"kind": KIND}))
        return frozenset(name for name in names if _number(name) % 2**32 in numbers)

    async def leave(self) -> None:
        """Let go of the lock and give the connection back."""
        own, self._own = self._own, None
        if own is not None and await self._answers(own, RELEASE):
            await own.close()

    @staticmethod
    async def _answers(connection: AsyncConnection, statement: TextClause) -> bool:
        """Carry out a statement; a connection that is broken is thrown away, and its lock is gone."""
        try:
            await connection.execute(statement)
        except (DBAPIError, OSError):
            with suppress(DBAPIError, OSError):
                await connection.invalidate()
                await connection.close()
            return False
        return True


def _number(name: str) -> int:
    """Return a name's number among those of 32 bits with a sign."""
    return zlib.crc32(name.encode()) - 2**31
