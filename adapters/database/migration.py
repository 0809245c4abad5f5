"""Bring the tables up to date; two processes that start at once do it once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_random

from adapters.errors import NewerTables
from bot.errors import Unavailable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from adapters.database.connection import Database

PATIENCE = 10.0
"""Seconds for which a start waits for another process that writes to SQLite's file or makes it: the driver's own patience does not
hold while the way of writing is being set."""
SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 7_366_108
"""Number of the lock that a migration holds on PostgreSQL; on SQLite its transaction is the lock."""


async def upgrade(database: Database, revision: str = "head") -> None:
    """Make or change the tables as this version needs them, or up to a revision. Raises NewerTables, Unavailable."""
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(Unavailable),
        stop=stop_after_delay(PATIENCE if database.sqlite else 0),
        wait=wait_random(0.02, 0.1),
        reraise=True,
    )
    await retrying(_upgrade, database, revision)


async def _upgrade(database: Database, revision: str) -> None:
    async with database.writing() as connection:
        if not database.sqlite:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        await connection.run_sync(_migrate, revision)


def _migrate(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:  # it knows no such revision
        raise NewerTables from error
