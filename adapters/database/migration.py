"""Bring the tables up to date; two processes that start at once do it once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from adapters.database.connection import Database

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 7_366_108
"""Number of the lock that a migration holds on PostgreSQL; on SQLite its transaction is the lock."""


async def upgrade(database: Database, revision: str = "head") -> None:
    """Make or change the tables as this version needs them, or up to a revision. Raises Unavailable."""
    async with database.writing() as connection:
        if not database.sqlite:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        await connection.run_sync(_upgrade, revision)


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
