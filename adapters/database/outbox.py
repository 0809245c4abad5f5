"""The outbox: an answer is written down before its first part is sent, and each part's id once it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, or_, select, update

from adapters.database.arriving import REVISED, finished, storable
from adapters.database.identity import pseudonyms
from adapters.database.tables import inbox, journal, people, replies, turns
from adapters.database.upsert import ignoring, replacing
from bot.messages import Kind
from bot.ports import Ending, Part, Standing
from bot.retention import Retention

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from adapters.database.connection import Database
    from adapters.database.identity import Hashes
    from bot.ports import Entry, Kept, Task


class Outbox:
    """Implements the core's Outbox."""

    def __init__(self, database: Database, hashes: Hashes, owner: str, retention: Retention | None = None) -> None:
        self._database, self._hashes, self._owner = database, hashes, owner
        self._retention = retention or Retention()

    async def standing(self, task: Task) -> Standing:
        """Tell whether this worker still has the task, and whether the message was edited or deleted since."""
        async with self._database.reading() as connection:
            return await connection.run_sync(self._standing, task)

    def _standing(self, connection: Connection, task: Task, *, lock: bool = False) -> Standing:
        newer = inbox.alias("newer")
        outdated = exists().where(
            newer.c.message_key == inbox.c.message_key,
            inbox.c.kind.in_(REVISED),
            or_(
                newer.c.kind == Kind.DELETION.value,
                and_(newer.c.kind.in_(REVISED), newer.c.revision > inbox.c.revision),
            ),
        )
        wanted = select(inbox.c.owner, inbox.c.state, outdated.label("outdated"))
        wanted = wanted.where(inbox.c.reference == task.reference)
        row = connection.execute(wanted.with_for_update(of=inbox) if lock else wanted).one_or_none()
        if row is None or row.owner != self._owner or row.state != "working":
            return Standing.LOST
        return Standing.SUPERSEDED if row.outdated else Standing.WANTED

    async def keep(self, task: Task, kept: Kept) -> tuple[Standing, Sequence[Part]]:
        """Write an answer down, if it is still wanted, and return its parts.

        What the message was answered with before is replaced by it.
        """
        return await self._database.write(self._keep, task, kept)

    def _keep(self, connection: Connection, task: Task, kept: Kept) -> tuple[Standing, Sequence[Part]]:
        standing = self._standing(connection, task, lock=True)
        if standing is not Standing.WANTED:
            return standing, ()
        key = self._hashes.message(task.message)
        task = self._owned(connection, task, kept)
        rows = self._parts(key, task, kept, self._replaced(connection, key))
        connection.execute(replies.insert(), rows)
        entry = replace(kept.entry, person=task.person)
        connection.execute(ignoring(connection, journal).values(self._entry(entry)))
        if kept.question:
            connection.execute(ignoring(connection, turns).values(self._turn(key, task, kept)))
        return Standing.WANTED, [_part(row) for row in rows]

    def _owned(self, connection: Connection, task: Task, kept: Kept) -> Task:
        """Return a task with the pseudonym of its sender, who may have been met since, and wipe what is to be discarded."""
        lookup = self._hashes.person(task.message)
        person = pseudonyms(connection, [lookup])[lookup]
        if kept.introduces:
            connection.execute(update(people).where(people.c.lookup == lookup).values(welcomed=True))
        wiped = {"text": ""} if kept.discard else {}
        if wiped or person != task.person:
            mine = inbox.c.reference == task.reference
            connection.execute(update(inbox).where(mine).values(person=person, **wiped))
        return replace(task, person=person)

    def _replaced(self, connection: Connection, key: str) -> dict[int, str]:
        """Forget what a message was answered with, and return each part's id on the platform, a sign of life as part 1."""
        wanted = select(replies.c.number, replies.c.sent).where(replies.c.message_key == key)
        rows = connection.execute(wanted).all()
        if rows:
            for table in (replies, turns):
                connection.execute(delete(table).where(table.c.message_key == key))
        found = {row.number: row.sent for row in rows if row.sent}
        sign = found.pop(0, "")
        return {1: sign} | found if sign else found

    def _parts(self, key: str, task: Task, kept: Kept, earlier: dict[int, str]) -> list[dict[str, Any]]:
        """Return the rows of the new parts, in the place of earlier ones, and of those that have to be taken back."""
        bodies = {number: storable(body) for number, body in enumerate(kept.parts, 1)}
        return [self._reply(key, task, n, bodies.get(n, ""), earlier.get(n, "")) for n in sorted(bodies | earlier)]

    def _reply(self, key: str, task: Task, number: int, body: str, sent: str) -> dict[str, Any]:
        return {
            "message_key": key,
            "number": number,
            "reference": task.reference,
            "person": task.person,
            "body": body,
            "sent": sent,
            "done": False,
            "expires": datetime.now(UTC) + self._retention.turns,
        }

    def _entry(self, entry: Entry) -> dict[str, Any]:
        fields = {name: getattr(entry, name) for name in ENTRY}
        lists = {"passages": list(entry.passages), "quotes": list(entry.quotes)}
        maps = {name: dict(fields[name]) for name in ("drops", "tokens", "milliseconds")}
        return fields | lists | maps | {"expires": entry.created + self._retention.journal}

    def _turn(self, key: str, task: Task, kept: Kept) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "lane": self._hashes.lane(task.message.place),
            "message_key": key,
            "person": task.person,
            "reference": task.reference,
            "question": storable(kept.question),
            "answer": storable(kept.answer),
            "created": now,
            "expires": now + self._retention.turns,
        }

    async def parts(self, task: Task) -> Sequence[Part]:
        """Return the parts that were kept for a task, in order; none before `keep`."""
        mine = (replies.c.message_key == self._hashes.message(task.message)) & (replies.c.reference == task.reference)
        wanted = select(replies).where(mine, replies.c.number > 0).order_by(replies.c.number)
        async with self._database.reading() as connection:
            return [_part(row._mapping) for row in await connection.execute(wanted)]  # noqa: SLF001 - SQLAlchemy's public name for it

    async def all_sent(self, task: Task) -> Sequence[str]:
        """Return the platform's ids of everything that the message was answered with, drafts too."""
        key = self._hashes.message(task.message)
        wanted = select(replies.c.sent).where(replies.c.message_key == key, replies.c.sent != "")
        async with self._database.reading() as connection:
            return list(await connection.scalars(wanted.order_by(replies.c.number)))

    async def draft(self, task: Task) -> str:
        """Return the id of the sign of life that the answer has to take the place of, or nothing."""
        key = self._hashes.message(task.message)
        wanted = select(replies.c.sent).where(replies.c.message_key == key, replies.c.number == 0)
        async with self._database.reading() as connection:
            return await connection.scalar(wanted) or ""

    async def drafted(self, task: Task, sent: str) -> bool:
        """Note the id of a sign of life (an empty one takes the note back); False: the answer is there already, or none comes."""
        key = self._hashes.message(task.message)
        async with self._database.writing() as connection:
            answered = exists().where(replies.c.message_key == key, replies.c.number > 0)
            ended = exists().where(inbox.c.reference == task.reference, inbox.c.state == "done")
            if await connection.scalar(select(answered | ended)):
                return not sent
            await connection.execute(replacing(connection, replies).values(self._reply(key, task, 0, "", sent)))
        return True

    async def sent(self, task: Task, part: Part, sent: str, ending: Ending | None = None) -> bool:
        """Note that a part arrived (with an empty id: that it was taken back), and, with an ending, finish the task.

        False: in the meantime the message was answered anew, or deleted, and this part stands beside that.
        Whoever is killed before this, sends the part again: it comes before all else that is to be written.
        """
        return await self._database.urgently(self._sent, task, part, sent, ending)

    def _sent(self, connection: Connection, task: Task, part: Part, sent: str, ending: Ending | None) -> bool:
        key = self._hashes.message(task.message)
        own = (replies.c.message_key == key) & (replies.c.number == part.number)
        own &= replies.c.reference == task.reference
        arrived = (
            update(replies).where(own).values(sent=sent, done=True, body="") if sent else delete(replies).where(own)
        )
        if not connection.execute(arrived).rowcount and self._replaced_by_another(connection, key, task):
            return False
        if ending:
            self._finish(connection, task, ending)
        return True

    @staticmethod
    def _replaced_by_another(connection: Connection, key: str, task: Task) -> bool:
        """Say whether a message has another answer by now, or was deleted and all its answers taken back."""
        here = replies.c.message_key == key
        other = exists().where(here, replies.c.number > 0, replies.c.reference != task.reference)
        gone = (inbox.c.message_key == key) & (inbox.c.ending == Ending.REMOVED.value)
        return bool(connection.scalar(select(other | exists().where(gone))))

    async def finish(self, task: Task, ending: Ending) -> None:
        """End a task. What was REMOVED is forgotten with its answer and its turns."""
        await self._database.write(self._finish, task, ending)

    def _finish(self, connection: Connection, task: Task, ending: Ending) -> None:
        if ending is Ending.REMOVED:
            key = self._hashes.message(task.message)
            for table in (replies, turns):
                connection.execute(delete(table).where(table.c.message_key == key))
            connection.execute(update(inbox).where(inbox.c.message_key == key, inbox.c.state == "done").values(text=""))
        mine = (inbox.c.reference == task.reference) & (inbox.c.owner == self._owner)
        done = finished(self._retention.raw)
        wiped = {"text": ""} if ending in UNANSWERED else {}
        connection.execute(
            update(inbox).where(mine).values(state="done", owner="", ending=ending.value, **done, **wiped)
        )
        entry = journal.c.reference == task.reference
        connection.execute(update(journal).where(entry).values(ending=ending.value, finished=done["finished"]))


UNANSWERED = frozenset({Ending.SILENT, Ending.SUPERSEDED, Ending.REMOVED})
"""Endings with which nobody needs a message's text any more."""
ENTRY = tuple(column.name for column in journal.columns if column.name != "expires")


def _part(row: Mapping[Any, Any]) -> Part:
    return Part(row["number"], row["body"], row["sent"], row["done"])
