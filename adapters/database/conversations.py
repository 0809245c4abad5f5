"""What was asked and answered in a conversation, without personal data; and how answers came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from adapters.database.outbox import ENTRY
from adapters.database.tables import journal, turns
from bot.messages import Role, Turn
from bot.ports import Entry

if TYPE_CHECKING:
    from adapters.database.connection import Database
    from adapters.database.identity import Hashes
    from bot.messages import Place


class Conversations:
    """Implements the core's Conversations and Questions."""

    def __init__(self, database: Database, hashes: Hashes) -> None:
        self._database, self._hashes = database, hashes

    async def turns(self, place: Place, most: int, person: str) -> tuple[Turn, ...]:
        """Return the last turns of a conversation, the oldest first, for somebody by their pseudonym. Raises Unavailable."""
        wanted = select(turns.c.question, turns.c.answer, turns.c.person).where(
            turns.c.lane == self._hashes.lane(place)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted.order_by(turns.c.id.desc()).limit(most // 2))).all()
        return tuple(
            turn
            for question, answer, asker in reversed(rows)
            for turn in (Turn(Role.USER, question, asker == person), Turn(Role.ASSISTANT, answer, asker == person))
        )

    async def question(self, reference: str) -> str:
        """Return what was asked and answered under an id, nothing when it is not kept any more. Raises Unavailable."""
        wanted = select(turns.c.question).where(turns.c.reference == reference)
        async with self._database.reading() as connection:
            return await connection.scalar(wanted) or ""


class Journal:
    """Implements the core's Journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, reference: str) -> Entry | None:
        """Return the entry of an answer. Raises Unavailable."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(journal).where(journal.c.reference == reference))).one_or_none()
        if row is None:
            return None
        fields = {name: getattr(row, name) for name in ENTRY}
        return Entry(**fields | {"passages": tuple(row.passages), "quotes": tuple(row.quotes)})
