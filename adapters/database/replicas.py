"""Which processes share the work, and what only one of them may do.

A replica counts its own beats and watches, on its own clock, whether the others' still grow: no clock has to agree with another.
One that has lost its lock as well (`lives`) counts as dead sooner.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from adapters.database.connection import translated
from adapters.database.tables import duties, inbox, replicas
from adapters.database.upsert import ignoring, replacing

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from adapters.database.connection import Database

PERIOD = 1.0
"""Seconds between two beats."""
SILENT = 8.0
"""Seconds without a beat after which a replica counts as dead. One that was only slow finds that its tasks are not its own any more."""


class Replicas:
    """Implements the core's Replicas for the process called `name`."""

    def __init__(self, database: Database, name: str = "", silent: float = SILENT) -> None:
        self.name = name or secrets.token_hex(8)
        self._database = database
        self._silent = silent
        self._beat = 0
        self._seen: dict[str, tuple[int, float]] = {}

    async def beat(self) -> int:
        """Show that this one lives; free what those that died had taken up and return how much that was."""
        self._beat += 1
        with translated():
            await self._database.lives.hold(self.name)  # before others can read the name
        async with self._database.writing() as connection:
            await connection.execute(replacing(connection, replicas).values(name=self.name, beat=self._beat))
            beats = {row[0]: row[1] for row in await connection.execute(select(replicas.c.name, replicas.c.beat))}
            owners = await connection.scalars(select(inbox.c.owner).where(inbox.c.state == "working").distinct())
            dead = await self._dead(connection, beats | {owner: beats.get(owner, -1) for owner in owners})
            return await self._bury(connection, dead) if dead else 0

    async def _dead(self, connection: AsyncConnection, beats: dict[str, int]) -> list[str]:
        now = time.monotonic()
        self._seen = {
            name: seen if (seen := self._seen.get(name)) and seen[0] == beat else (beat, now)
            for name, beat in beats.items()
        }
        silences = {name: now - since for name, (_, since) in self._seen.items() if name != self.name}
        long = {name for name, silence in silences.items() if silence > self._silent}
        quiet = [name for name, silence in silences.items() if silence >= self._database.lives.patience]
        held = await self._database.lives.held(connection, quiet) if quiet else frozenset()
        return sorted(long.union(quiet) - (held - long))

    async def _bury(self, connection: AsyncConnection, dead: list[str]) -> int:
        await connection.execute(delete(replicas).where(replicas.c.name.in_(dead)))
        await connection.execute(delete(duties).where(duties.c.owner.in_(dead)))
        left = update(inbox).where(inbox.c.owner.in_(dead), inbox.c.state == "working")
        freed = await connection.execute(left.values(state="waiting", owner="").returning(inbox.c.id))
        return len(freed.all())

    async def take(self, duty: str) -> bool:
        """Take a duty that only one may have at a time; True as long as this one has it."""
        async with self._database.writing() as connection:
            await connection.execute(ignoring(connection, duties).values(name=duty, owner=self.name))
            return await connection.scalar(select(duties.c.owner).where(duties.c.name == duty)) == self.name

    async def give_up(self) -> None:
        """Give the duties back, and keep what is in work."""
        async with self._database.writing() as connection:
            await connection.execute(delete(duties).where(duties.c.owner == self.name))

    async def leave(self) -> None:
        """Give everything back."""
        async with self._database.writing() as connection:
            await self._bury(connection, [self.name])
        await self._database.lives.leave()
