"""Hashes in place of ids: of a message, of a conversation, of a person. Keyed, so that nobody can try out ids."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from adapters.database.tables import PSEUDONYM, instance, people
from adapters.database.upsert import ignoring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy import Connection

    from adapters.database.connection import Database
    from bot.messages import Message, Place

BYTES = 32


async def instance_key(database: Database) -> bytes:
    """Return the key of this installation; the first process that asks makes it."""
    async with database.writing() as connection:
        fresh = {"name": "key", "value": secrets.token_bytes(BYTES)}
        await connection.execute(ignoring(connection, instance).values(fresh))
        return bytes((await connection.scalars(select(instance.c.value).where(instance.c.name == "key"))).one())


class Hashes:
    """Names messages, conversations and people by keyed hashes."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def revision(self, message: Message) -> str:
        """Name one revision of one kind of a message: what is never answered twice."""
        return self._of("key", *_address(message), message.kind.value, str(message.revision))

    def message(self, message: Message) -> str:
        """Name a message, whatever its revision."""
        return self._of("message", *_address(message))

    def lane(self, place: Place) -> str:
        """Name a conversation, or a thread of it: what is answered in order."""
        return self._of("lane", place.platform, place.workspace, place.conversation, place.thread)

    def person(self, message: Message) -> str:
        """Name the account of whoever wrote a message."""
        return self.account(message.place.platform, message.home, message.user)

    def account(self, platform: str, workspace: str, user: str) -> str:
        """Name an account; its first digits stand for somebody that nothing is kept about."""
        return self._of("person", platform, workspace, user)

    def tally(self, platform: str, workspace: str, user: str, day: date) -> str:
        """Name an account for one day, to count its uses: another name each day, and none of those it has elsewhere."""
        return self._of("tally", day.isoformat(), platform, workspace, user)

    def _of(self, *parts: str) -> str:
        text = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _address(message: Message) -> tuple[str, ...]:
    place = message.place
    click = "click" if message.kind.value == "click" else ""
    return place.platform, place.workspace, place.conversation, message.id, click


def newcomer(lookup: str) -> dict[str, object]:
    """Return the row of somebody new, with a key of their own; the pseudonym is made with it."""
    key = secrets.token_bytes(BYTES)
    pseudonym = hmac.new(key, lookup.encode(), hashlib.sha256).hexdigest()[:PSEUDONYM]
    return {"lookup": lookup, "key": key, "pseudonym": pseudonym, "created": datetime.now(UTC), "language": ""}


def pseudonyms(connection: Connection, lookups: Iterable[str]) -> Mapping[str, str]:
    """Return what each person is kept under: their pseudonym, or, for one who has not been met, digits of the look-up."""
    wanted = set(lookups)
    known = select(people.c.lookup, people.c.pseudonym).where(people.c.lookup.in_(wanted))
    return {lookup: lookup[:PSEUDONYM] for lookup in wanted} | {
        row.lookup: row.pseudonym for row in connection.execute(known)
    }
