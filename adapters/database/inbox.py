"""The inbox: messages written down, claimed in order, each conversation's one at a time."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from adapters.database.arriving import LONGEST, PIECE, REVISED, insert, join, repeats, storable, supersede, take_turns
from adapters.database.identity import pseudonyms
from adapters.database.tables import PSEUDONYM, inbox, journal, replies
from bot.errors import Unavailable
from bot.journal import REMEMBERED
from bot.messages import Kind, Message, Place
from bot.ports import Ending, Task
from bot.senders import Membership

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Table

    from adapters.database.connection import Database
    from adapters.database.identity import Hashes

BATCH = 200
"""Messages that are written down in one transaction."""
DOUBLE = timedelta(seconds=3)
"""After so long a button that is pressed again is no double click."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    message: Message
    written: asyncio.Future[bool]
    revised: bool = False


class Inbox:
    """Implements the core's Inbox. What arrives at the same time shares a transaction."""

    def __init__(self, database: Database, hashes: Hashes, owner: str, raw: timedelta) -> None:
        self._database, self._hashes, self._owner, self._raw = database, hashes, owner, raw
        self._arrivals: list[_Arrival] = []
        self._writer: asyncio.Task[None] | None = None
        self._unfinished: dict[str, datetime] = {}

    async def receive(self, message: Message) -> bool:
        """Write a message down; False if it was there before. Raises Unavailable."""
        return await self._arrived(message, revised=False)

    async def revise(self, message: Message) -> bool:
        """Write an edit down; False if it was there before, or says what was said before. Raises Unavailable."""
        return await self._arrived(message, revised=True)

    async def _arrived(self, message: Message, *, revised: bool) -> bool:
        arrival = _Arrival(message, asyncio.get_running_loop().create_future(), revised)
        self._arrivals.append(arrival)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return await arrival.written

    async def _write_all(self) -> None:
        while self._arrivals:
            batch, self._arrivals = self._arrivals[:BATCH], self._arrivals[BATCH:]
            try:
                fresh = await self._write(batch)
            except Unavailable as error:
                _settle(batch, [error] * len(batch))
            except Exception as error:  # noqa: BLE001 - each sender hears of it
                await self._apart(batch, error)
            else:
                _settle(batch, fresh)

    async def _apart(self, batch: Sequence[_Arrival], error: Exception) -> None:
        """Write a batch down one by one, so that a message which cannot be written stands in nobody's way."""
        if len(batch) == 1:
            _settle(batch, [error])
            return
        for arrival in batch:
            try:
                _settle([arrival], await self._write([arrival]))
            except Exception as own:  # noqa: BLE001 - its sender hears of it
                _settle([arrival], [own])

    async def _write(self, batch: Sequence[_Arrival]) -> list[bool | Exception]:
        """Write messages down and return which are new; of the same one twice, the first."""
        messages = [arrival.message for arrival in batch]
        keys = [self._hashes.revision(message) for message in messages]
        people = [self._hashes.person(message) for message in messages]
        revised = {key for key, arrival in zip(keys, batch, strict=True) if arrival.revised}

        def job(connection: Connection) -> set[str]:
            names = pseudonyms(connection, people)
            take_turns(connection, map(self._hashes.message, messages))
            rows = {
                key: self._row(message, key, names[person])
                for key, person, message in zip(reversed(keys), reversed(people), reversed(messages), strict=True)
            }
            ordered = [rows[key] for key in dict.fromkeys(keys)]
            fresh = insert(connection, [row for row in ordered if row["key"] not in revised])
            for row in sorted((row for row in ordered if row["key"] in revised), key=lambda each: each["revision"]):
                fresh |= insert(connection, [] if repeats(connection, row) else [row])
            for row in ordered:
                if row["key"] in fresh and row["lane"] in self._unfinished:
                    join(connection, row, self._raw)
            connection.execute(supersede([row["message_key"] for row in ordered], self._raw))
            return fresh

        written = await self._database.write(job)
        first = {key: number for number, key in reversed(list(enumerate(keys)))}
        return [key in written and first[key] == number for number, key in enumerate(keys)]

    def _row(self, message: Message, key: str, person: str) -> dict[str, Any]:
        place, lane, now = message.place, self._hashes.lane(message.place), datetime.now(UTC)
        if message.goes_on:
            now += PIECE  # it has arrived when what belongs to it has, too: until then nobody takes it up
            self._unfinished = {each: until for each, until in self._unfinished.items() if until > datetime.now(UTC)}
            self._unfinished[lane] = now
        row = {
            "reference": secrets.token_hex(6),
            "key": key,
            "message_key": self._hashes.message(message),
            "lane": lane,
            "person": person,
            "platform": place.platform,
            "kind": message.kind.value,
            "revision": message.revision,
            "workspace": place.workspace,
            "conversation": place.conversation,
            "thread": place.thread,
            "private": place.private,
            "message": message.id,
            "sender": message.user,
            "home": message.home,
            "membership": message.membership.value,
            "forwarded": message.forwarded,
            "about": message.about,
            "locale": message.locale,
            "text": message.text[:LONGEST],
            "context": message.context,
            "written": message.written,
            "received": now,
        }
        return {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}

    async def spent(self, message: Message, generation: str) -> bool:
        """Say whether a press that was written down has ended a while ago without an answer of this generation."""
        answered = (inbox.c.ending == Ending.ANSWERED.value) & (journal.c.generation == generation)
        answered &= journal.c.outcome.in_(each.value for each in REMEMBERED)
        known = select(inbox.c.finished, inbox.c.context, answered.label("answered"))
        known = known.outerjoin_from(inbox, journal, journal.c.reference == inbox.c.reference)
        async with self._database.reading() as connection:
            row = (await connection.execute(known.where(inbox.c.key == self._hashes.revision(message)))).one_or_none()
        if row is None or row.finished is None or row.answered or row.context == storable(message.context):
            return False
        return bool(datetime.now(UTC) - row.finished > DOUBLE)

    async def asked(self, message: Message) -> bool:
        """Say whether the same person asked a message of this id in this place before."""
        return await self._had(message, inbox, inbox.c.kind != Kind.DELETION.value)

    async def answered(self, message: Message) -> bool:
        """Say whether the same person was answered to a message of this id in this place."""
        return await self._had(message, replies, replies.c.number > 0, or_(replies.c.body != "", replies.c.sent != ""))

    async def _had(self, message: Message, table: Table, *conditions: ColumnElement[bool]) -> bool:
        """Say whether a table has a row about somebody's own message."""
        lookup = self._hashes.person(message)
        async with self._database.reading() as connection:
            known = await connection.run_sync(pseudonyms, [lookup])
            names = {lookup[:PSEUDONYM], known[lookup]}
            same = (table.c.message_key == self._hashes.message(message)) & table.c.person.in_(names)
            return await connection.scalar(select(exists().where(same, *conditions))) or False

    async def claim(self, platform: str, most: int) -> Sequence[Task]:
        """Take up the oldest waiting messages, of each conversation only the first, and only if none is in work."""
        earlier = inbox.alias("earlier")
        blocked = exists().where(
            earlier.c.lane == inbox.c.lane,
            or_(earlier.c.state == "working", and_(earlier.c.state == "waiting", earlier.c.id < inbox.c.id)),
        )
        arrived = inbox.c.received <= datetime.now(UTC)
        free = select(inbox.c.id).where(_waiting(platform), arrived, ~blocked).order_by(inbox.c.id).limit(most)

        def job(connection: Connection) -> Sequence[Row[Any]]:
            chosen = list(connection.scalars(free.with_for_update(skip_locked=True)))
            if not chosen:
                return ()
            taken = update(inbox).where(inbox.c.id.in_(chosen), inbox.c.state == "waiting")
            mark = taken.values(state="working", owner=self._owner, attempts=inbox.c.attempts + 1)
            return connection.execute(mark.returning(*inbox.c)).all()

        try:
            rows = await self._database.write(job)
        except IntegrityError:
            return ()  # another replica took up a message of the same conversation; the index allows one at a time
        return tuple(task(row) for row in sorted(rows, key=lambda row: int(row.id)))

    async def waiting(self, platform: str, seconds: float, most: int) -> Sequence[tuple[Task, int]]:
        """Return once, with how many are ahead, each message that has waited for so long. Presses and edits are none."""
        since = datetime.now(UTC) - timedelta(seconds=seconds)
        first = inbox.alias("first")
        ahead = select(func.count()).where(
            first.c.platform == platform, first.c.state == "waiting", first.c.id < inbox.c.id
        )
        asking = inbox.c.kind.in_((*REVISED, Kind.FILE.value)) & (inbox.c.revision == 0)
        untold = _waiting(platform) & asking & (inbox.c.told.is_(False)) & (inbox.c.received < since)
        wanted = select(*inbox.c, ahead.scalar_subquery().label("ahead")).where(untold).order_by(inbox.c.id)
        async with self._database.reading() as connection:
            seen = (await connection.execute(wanted.limit(most))).all()
        if not seen:
            return ()
        mine = update(inbox).where(inbox.c.id.in_([row.id for row in seen]), untold).values(told=True)
        async with self._database.writing() as connection:
            told = set(await connection.scalars(mine.returning(inbox.c.id)))
        return [(task(row), row.ahead) for row in seen if row.id in told]

    async def release(self, task: Task) -> None:
        """Give a task back, for whoever takes it up next."""
        mine = (inbox.c.reference == task.reference) & (inbox.c.owner == self._owner) & (inbox.c.state == "working")
        async with self._database.writing() as connection:
            await connection.execute(update(inbox).where(mine).values(state="waiting", owner=""))

    async def open(self, references: Collection[str]) -> frozenset[str]:
        """Return which of these messages have not ended yet. Raises Unavailable."""
        unended = select(inbox.c.reference).where(inbox.c.state.in_(("waiting", "working")))
        async with self._database.reading() as connection:
            return frozenset(await connection.scalars(unended)) & frozenset(references)

    async def depth(self) -> dict[str, int]:
        """Return how many messages wait and how many are in work."""
        counted = select(inbox.c.state, func.count()).where(inbox.c.state.in_(("waiting", "working")))
        async with self._database.reading() as connection:
            rows = (await connection.execute(counted.group_by(inbox.c.state))).all()
        found = {row[0]: row[1] for row in rows}
        return {"waiting": found.get("waiting", 0), "working": found.get("working", 0)}


def _waiting(platform: str) -> ColumnElement[bool]:
    return (inbox.c.platform == platform) & (inbox.c.state == "waiting")


def _settle(batch: Sequence[_Arrival], results: Sequence[bool | Exception]) -> None:
    for arrival, result in zip(batch, results, strict=True):
        if arrival.written.done():
            continue
        if isinstance(result, Exception):
            arrival.written.set_exception(result)
        else:
            arrival.written.set_result(result)


def task(row: Row[*tuple[Any, ...]]) -> Task:
    """Return the task that a row of the inbox holds."""
    place = Place(row.platform, row.workspace, row.conversation, row.thread, row.private)
    message = Message(
        place,
        row.message,
        row.sender,
        row.text,
        row.written,
        kind=Kind(row.kind),
        revision=row.revision,
        home=row.home,
        membership=Membership(row.membership),
        forwarded=row.forwarded,
        about=row.about,
        locale=row.locale,
        context=row.context,
    )
    return Task(row.reference, message, row.received, row.attempts, row.person, row.told)
