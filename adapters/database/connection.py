"""Connect to SQLite or PostgreSQL, one transaction at a time, and map what goes wrong."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.database.lives import FOLDER, AdvisoryLocks, LockFiles
from bot.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from sqlalchemy.engine import URL, Connection, Engine
    from sqlalchemy.ext.asyncio import AsyncConnection

    from adapters.database.lives import Lives

Given = TypeVarTuple("Given")
T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that a transaction waits for a locked database or a connection."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""Written down means on the disk, even after a loss of power; erased means overwritten."""
QUICK = (*PRAGMAS, "synchronous=NORMAL")
"""Of what was sent: in the file at once, so that no kill undoes it; on the disk with the next transaction that waits for that."""
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
        self._jobs = _Jobs(parsed) if self.sqlite else None
        if self.sqlite:
            _listen(self.engine.sync_engine)

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that writes. Raises Unavailable."""
        return self._transaction(self._turn() if self.sqlite else nullcontext(), reading=False)

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that only reads. Raises Unavailable."""
        return self._transaction(nullcontext(), reading=True)

    async def write(self, job: Callable[[Connection, *Given], T], *given: *Given) -> T:
        """Do a job as one transaction that writes, on SQLite in one hop to a thread. Raises Unavailable."""
        return await self._done(lambda connection: job(connection, *given), self._turn())

    async def urgently(self, job: Callable[[Connection, *Given], T], *given: *Given) -> T:
        """Do the same before all that queues, together with whatever else is urgent by then."""
        if self._jobs is None:
            return await self.write(job, *given)
        with translated():
            done = self._jobs.add(lambda connection: job(connection, *given))
            async with self._writer:
                await self._jobs.catch_up()
            return await done

    async def _done(self, job: Callable[[Connection], T], turn: AbstractAsyncContextManager[None]) -> T:
        with translated():
            if self._jobs is None:
                async with self.engine.begin() as connection:
                    return await connection.run_sync(job)
            async with turn:
                return await self._jobs.do(job)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Queue; of those that queue only the first stands in the way of what is urgent."""
        async with self._queue, self._writer:
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
        if self._jobs:
            self._jobs.close()


class _Jobs:
    """Transactions on SQLite, each carried out whole in one thread: statement by statement, each would hop to it and back."""

    def __init__(self, url: URL) -> None:
        options = {"hide_parameters": True, "connect_args": {"timeout": PATIENCE}}
        self._engine, self._quick = (
            create_engine(url.set(drivername="sqlite"), pool_size=1, max_overflow=0, **options) for _ in range(2)
        )
        self._thread = ThreadPoolExecutor(1, "database")
        self._urgent: list[tuple[Callable[[Connection], Any], asyncio.Future[Any]]] = []
        _listen(self._engine)
        _listen(self._quick, QUICK)

    async def do(self, job: Callable[[Connection], T]) -> T:
        """Carry out a job."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._carried_out, job)

    def add(self, job: Callable[[Connection], T]) -> asyncio.Future[T]:
        """Add a job to those that are carried out together; what is returned has its result then."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._urgent.append((job, done))
        return done

    async def catch_up(self) -> None:
        """Carry out, as one transaction, all that was added: one wait for the disk, whatever their number."""
        taken, self._urgent = self._urgent, []
        if taken:
            work = asyncio.get_running_loop().run_in_executor(
                self._thread, self._all_carried_out, [job for job, _ in taken]
            )
            work.add_done_callback(lambda ended: _hand_out(ended, [done for _, done in taken]))
            await asyncio.wait([work])

    def _carried_out(self, job: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return job(connection)

    def _all_carried_out(self, jobs: Sequence[Callable[[Connection], Any]]) -> list[Any]:
        """Return each job's result or the error that undid it, and nothing but it."""
        with self._quick.begin() as connection:
            return [_apart(connection, job) for job in jobs]

    def close(self) -> None:
        """Let what is being done end, and close the connection."""
        self._thread.shutdown()
        self._engine.dispose()
        self._quick.dispose()


def _apart(connection: Connection, job: Callable[[Connection], Any]) -> Any:  # noqa: ANN401 - whatever the job returns
    try:
        with connection.begin_nested():
            return job(connection)
    except Exception as error:  # noqa: BLE001 - it is raised where the job was given in
        return error


def _hand_out(ended: asyncio.Future[list[Any]], waiting: Sequence[asyncio.Future[Any]]) -> None:
    """Give each of those who wait their result."""
    error = ended.exception()
    for done, result in zip(waiting, [error] * len(waiting) if error else ended.result(), strict=True):
        if done.done():  # whoever waited was broken off
            continue
        if isinstance(result, BaseException):
            done.set_exception(result)
        else:
            done.set_result(result)


@contextmanager
def translated() -> Iterator[None]:
    """Say Unavailable for whatever may pass, and let through what is wrong with a statement."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except (DBAPIError, PoolTimeout, OSError, TimeoutError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        if _is_of_data(cause):
            raise
        raise Unavailable(type(cause).__name__) from error


def _is_of_data(error: BaseException) -> bool:
    """Say whether a value was refused: by the driver, which says ValueError, or by PostgreSQL, in class 22 of SQLSTATE."""
    return isinstance(error.__cause__, ValueError) or str(getattr(error, "sqlstate", None) or "").startswith("22")


def create(file: Path) -> None:
    """Make an empty database file that only its owner can read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _listen(engine: Engine, pragmas: Sequence[str] = PRAGMAS) -> None:
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's wrapper of the driver has no public type
        """Let SQLAlchemy begin transactions, in place of the driver, and set what SQLite shall do."""
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    """Take the right to write at once, so that no transaction finds out half-way that another one has it."""
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
