"""All rows as lines of JSON, and back, from either database into either."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, LargeBinary, MetaData, Table, func, select, text

from adapters.database.migration import upgrade
from adapters.database.tables import duties, instance, metadata, replicas

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Column
    from sqlalchemy.ext.asyncio import AsyncConnection

    from adapters.database.connection import Database

FLEETING = {replicas.name, duties.name}
"""What only running processes know."""
AT_ONCE = 500


async def dump(database: Database) -> tuple[str, Mapping[str, list[str]]]:
    """Return the revision of the tables, and all rows of one moment as lines of JSON. Raises Unavailable."""
    async with database.reading() as connection:
        if not database.sqlite:
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        revision = str(await connection.scalar(text("SELECT version_num FROM alembic_version")))
        tables = [table for table in metadata.sorted_tables if table.name not in FLEETING]
        return revision, {table.name: await _lines(connection, table) for table in tables}


async def _lines(connection: AsyncConnection, table: Table) -> list[str]:
    rows = await connection.execute(select(table).order_by(*table.primary_key))
    return [json.dumps(dict(row._mapping), default=_plain, ensure_ascii=False) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(type(value))


async def vacant(database: Database, revision: str, tables: Collection[str]) -> bool:
    """Make the tables as they were, and say whether nothing is in them and no Lotse runs on them. Raises Unavailable."""
    await upgrade(database, revision)
    async with database.reading() as connection:
        return await _vacant(connection, database, await connection.run_sync(_reflect), tables)


async def _vacant(connection: AsyncConnection, database: Database, known: MetaData, tables: Collection[str]) -> bool:
    if [name for name in tables if name != instance.name and await _holds(connection, known.tables[name])]:
        return False
    running = list(await connection.scalars(select(known.tables[replicas.name].columns["name"])))
    return not await database.lives.held(connection, running)


async def load(database: Database, revision: str, tables: Mapping[str, Sequence[str]]) -> bool:
    """Make the tables as they were, fill them, bring them up to date; False: something is there, or a Lotse runs.

    Raises Unavailable, ValueError.
    """
    await upgrade(database, revision)
    async with database.writing() as connection:
        known = await connection.run_sync(_reflect)
        if not await _vacant(connection, database, known, tables):
            return False
        await connection.execute(known.tables[instance.name].delete())
        for name, lines in tables.items():
            await _fill(connection, known.tables[name], lines)
    await upgrade(database)
    return True


def _reflect(connection: Any) -> MetaData:  # noqa: ANN401 - what run_sync hands in
    known = MetaData()
    known.reflect(connection)
    return known


async def _holds(connection: AsyncConnection, table: Table) -> bool:
    return bool(await connection.scalar(select(func.count()).select_from(table)))


async def _fill(connection: AsyncConnection, table: Table, lines: Sequence[str]) -> None:
    rows = [_row(table, json.loads(line)) for line in lines]
    for start in range(0, len(rows), AT_ONCE):
        await connection.execute(table.insert(), rows[start : start + AT_ONCE])
    if connection.dialect.name == "postgresql" and "id" in table.columns and rows:
        following = func.setval(func.pg_get_serial_sequence(table.name, "id"), func.max(table.columns["id"]))
        await connection.execute(select(following))


def _row(table: Table, fields: dict[str, Any]) -> dict[str, Any]:
    """Return a row with times and bytes in place of their writing; what was in work waits again."""
    row = {name: _value(table.columns[name], value) for name, value in fields.items()}
    return row | ({"state": "waiting", "owner": ""} if row.get("state") == "working" else {})


def _value(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if isinstance(column.type, DateTime) and value is not None:
        return datetime.fromisoformat(value)
    if isinstance(column.type, LargeBinary) and value is not None:
        return bytes.fromhex(value)
    return value
