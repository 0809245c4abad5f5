"""Insert where a row may be there already, in the words of either database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

Insert = sqlite.Insert | postgresql.Insert


def inserting(connection: Connection | AsyncConnection, table: Table) -> Insert:
    """Return an insert that knows ON CONFLICT."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def ignoring(connection: Connection | AsyncConnection, table: Table) -> Insert:
    """Return an insert that leaves alone what is there."""
    return inserting(connection, table).on_conflict_do_nothing()


def replacing(connection: Connection | AsyncConnection, table: Table) -> Insert:
    """Return an insert that overwrites what stands under the same primary key."""
    insert = inserting(connection, table)
    keys = [column.name for column in table.primary_key]
    fresh = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=fresh)
