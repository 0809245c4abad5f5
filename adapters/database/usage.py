"""How Lotse was used in the last full weeks, for figures that name nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from adapters.database.tables import journal, opinions, people
from bot.figures import Figures, figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table

    from adapters.database.connection import Database

WEEKS = timedelta(weeks=3)
"""What a report covers. Only full weeks: two reports a day apart must not tell what happened on that day."""
PARTS: Mapping[str, tuple[Table, str]] = {
    "outcome": (journal, "outcome"),
    "verdict": (journal, "verdict"),
    "platform": (journal, "platform"),
    "language": (journal, "language"),
    "feedback": (opinions, "reason"),
}
"""What is counted."""


@dataclass(frozen=True, slots=True)
class Report:
    """Figures by part, from the first day to the last, which is not included."""

    start: datetime
    end: datetime
    parts: Mapping[str, Figures]


class Usage:
    """Counts answers and opinions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def report(self, now: datetime) -> Report:
        """Return the figures of the last full weeks. Raises Unavailable."""
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        end = today - timedelta(days=today.weekday())
        return Report(end - WEEKS, end, {name: await self._part(name, end) for name in PARTS})

    async def _part(self, name: str, end: datetime) -> Figures:
        table, column = PARTS[name]
        within = (table.c.created >= end - WEEKS) & (table.c.created < end) & (table.c[column] != "")
        events = select(table.c[column], table.c.person).where(within, table.c.person == people.c.pseudonym)
        async with self._database.reading() as connection:
            return figures([(row[0], row[1]) for row in await connection.execute(events)])
