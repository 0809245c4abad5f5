"""What was asked and answered in a conversation, without personal data; and how answers came about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from adapters.database.outbox import ENTRY
from adapters.database.tables import journal, replies, turns
from bot.messages import Place, Role, Turn
from bot.ports import Entry

if TYPE_CHECKING:
    from adapters.database.connection import Database
    from adapters.database.identity import Hashes
    from bot.messages import Message

FRESH = timedelta(hours=1)
"""For how long a new message may go on from an answer that was taken along into a private chat."""


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

    async def led_to(self, reference: str, most: int, person: str) -> tuple[Turn, ...]:
        """Return somebody's own turns of the conversation in which they got an answer, that one last. Raises Unavailable."""
        own, given = turns.c.person == person, turns.alias("given")
        wanted = select(turns.c.question, turns.c.answer).join(given, turns.c.lane == given.c.lane)
        wanted = wanted.where(own, given.c.reference == reference, given.c.person == person, turns.c.id <= given.c.id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted.order_by(turns.c.id.desc()).limit(most // 2))).all()
        return tuple(
            turn
            for question, answer in reversed(rows)
            for turn in (Turn(Role.USER, question), Turn(Role.ASSISTANT, answer))
        )

    async def goes_on_from(self, message: Message, person: str) -> str:
        """Return the id of somebody's own answer that a message is about, given elsewhere; "" if there is none.

        That is the one that was sent as what `about` names, or the newest of the last hour in the conversation that it names.
        Raises Unavailable.
        """
        place, about = message.place, message.about
        there = self._hashes.lane(Place(place.platform, place.workspace, about, about))
        lately = turns.c.created > datetime.now(UTC) - FRESH
        sent = select(replies.c.reference).where(replies.c.sent == about, replies.c.person == person)
        wanted = select(turns.c.reference).where(
            turns.c.person == person, or_(turns.c.reference.in_(sent), and_(turns.c.lane == there, lately))
        )
        async with self._database.reading() as connection:
            return await connection.scalar(wanted.order_by(turns.c.id.desc()).limit(1)) or ""

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
