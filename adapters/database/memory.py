"""Open the database: bring its tables up to date, and give out what implements the ports."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.database.connection import Database, create
from adapters.database.conversations import Conversations, Journal
from adapters.database.identity import Hashes, instance_key
from adapters.database.inbox import Inbox
from adapters.database.migration import upgrade
from adapters.database.outbox import Outbox
from adapters.database.people import Opinions, People
from adapters.database.registers import Audit, Counter, Invitations
from adapters.database.replicas import Replicas
from adapters.database.sweeping import Sweeper
from adapters.database.usage import Usage
from bot.retention import Retention


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that Lotse remembers."""

    database: Database
    hashes: Hashes
    replicas: Replicas
    inbox: Inbox
    outbox: Outbox
    conversations: Conversations
    journal: Journal
    people: People
    opinions: Opinions
    invitations: Invitations
    counter: Counter
    audit: Audit
    sweeper: Sweeper
    usage: Usage

    async def close(self) -> None:
        """Close every connection."""
        await self.database.close()


async def remember(url: str, retention: Retention | None = None, name: str = "") -> Memory:
    """Open the database, made or brought up to date if need be, for a replica of this name. Raises Unavailable."""
    database = Database(url)
    if database.file:
        create(database.file)
    try:
        await upgrade(database)
    except BaseException:
        await database.close()
        raise
    hashes = Hashes(await instance_key(database))
    replicas = Replicas(database, name)
    kept = retention or Retention()
    return Memory(
        database,
        hashes,
        replicas,
        Inbox(database, hashes, replicas.name, kept.raw),
        Outbox(database, hashes, replicas.name, kept),
        Conversations(database, hashes),
        Journal(database),
        People(database, hashes),
        Opinions(database),
        Invitations(database),
        Counter(database),
        Audit(database, kept.audit),
        Sweeper(database, kept),
        Usage(database),
    )
