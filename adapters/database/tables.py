"""The tables. Raw ids and texts stand in the inbox only, and only until it is swept; people elsewhere only by a pseudonym."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

metadata = MetaData()
DIGEST = 64
"""Hexadecimal digits of a hash."""
PSEUDONYM = 32
"""Hexadecimal digits of a person's pseudonym."""
ID = 64
"""Characters of a reference or a name that Lotse gives."""


class Moment(TypeDecorator[datetime]):
    """A time in UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """Turn a time into UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """Return a time with its zone, which SQLite does not keep."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


Number = BigInteger().with_variant(Integer, "sqlite")

inbox = Table(
    "inbox",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("reference", String(ID), nullable=False, unique=True),
    # hashes: `key` of one revision of one kind, `message_key` of the message, `lane` of the conversation or thread
    Column("key", String(DIGEST), nullable=False, unique=True),
    Column("message_key", String(DIGEST), nullable=False, index=True),
    Column("lane", String(DIGEST), nullable=False),
    Column("person", String(PSEUDONYM), nullable=False, index=True),
    Column("platform", String(ID), nullable=False),
    Column("kind", String(ID), nullable=False),
    Column("revision", BigInteger, nullable=False),
    # raw: emptied by the sweep
    Column("workspace", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("message", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("home", Text, nullable=False),
    Column("membership", String(ID), nullable=False),
    Column("forwarded", Boolean, nullable=False),
    Column("about", Text, nullable=False),
    Column("locale", String(ID), nullable=False),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("written", Moment, nullable=False),
    Column("received", Moment, nullable=False),
    # work
    Column("state", String(ID), nullable=False, default="waiting"),
    Column("owner", String(ID), nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("told", Boolean, nullable=False, default=False),
    Column("ending", String(ID), nullable=False, default=""),
    Column("finished", Moment),
    Column("expires", Moment, index=True),
)
RAW = ("workspace", "conversation", "thread", "message", "sender", "home", "about", "locale", "text", "context")
"""Columns of the inbox that the sweep empties."""
OPEN = text("state IN ('waiting', 'working')")
Index("inbox_open", inbox.c.platform, inbox.c.id, sqlite_where=OPEN, postgresql_where=OPEN)
Index("inbox_lane", inbox.c.lane, inbox.c.id, sqlite_where=OPEN, postgresql_where=OPEN)
WORKING = text("state = 'working'")
Index("inbox_one_at_a_time", inbox.c.lane, unique=True, sqlite_where=WORKING, postgresql_where=WORKING)

replies = Table(
    "replies",
    metadata,
    Column("message_key", String(DIGEST), primary_key=True),
    Column("number", Integer, primary_key=True),  # 0: a sign of life that the answer takes the place of
    Column("reference", String(ID), nullable=False),
    Column("person", String(PSEUDONYM), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("sent", Text, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("lane", String(DIGEST), nullable=False),
    Column("message_key", String(DIGEST), nullable=False, unique=True),
    Column("person", String(PSEUDONYM), nullable=False, index=True),
    Column("reference", String(ID), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
    Index("turns_lane", "lane", "id"),
)

journal = Table(
    "journal",
    metadata,
    Column("reference", String(ID), primary_key=True),
    Column("person", String(PSEUDONYM), nullable=False, index=True),
    Column("platform", String(ID), nullable=False),
    Column("kind", String(ID), nullable=False),
    Column("created", Moment, nullable=False, index=True),
    Column("language", String(ID), nullable=False),
    Column("outcome", String(ID), nullable=False),
    Column("verdict", String(ID), nullable=False),
    Column("generation", String(ID), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("quotes", JSON, nullable=False),
    Column("drops", JSON, nullable=False),
    Column("tokens", JSON, nullable=False),
    Column("milliseconds", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("error", String(ID), nullable=False),
    Column("parts", Integer, nullable=False),
    Column("ending", String(ID), nullable=False, default=""),
    Column("finished", Moment),
    Column("expires", Moment, nullable=False, index=True),
)

people = Table(
    "people",
    metadata,
    Column("lookup", String(DIGEST), primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
    Column("pseudonym", String(PSEUDONYM), nullable=False, unique=True),
    Column("created", Moment, nullable=False),
    Column("language", String(ID), nullable=False, default=""),
    # what somebody was told, is in, and when they last asked (the day)
    Column("welcomed", Boolean, nullable=False, server_default=false()),
    Column("groups", JSON(none_as_null=True)),
    Column("seen", Moment, index=True),
)

invitations = Table(
    "invitations",
    metadata,
    Column("name", String(ID), primary_key=True),
    Column("digest", String(DIGEST), nullable=False),
    Column("groups", JSON, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("used", Boolean, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
)

counts = Table(
    "counts",
    metadata,
    Column("what", String(ID), primary_key=True),
    Column("subject", String(ID), primary_key=True),
    Column("seconds", Integer, primary_key=True),
    Column("begun", Moment, primary_key=True),
    Column("used", BigInteger, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
)

opinions = Table(
    "opinions",
    metadata,
    Column("reference", String(ID), ForeignKey("journal.reference", ondelete="CASCADE"), primary_key=True),
    Column("person", String(PSEUDONYM), primary_key=True, index=True),
    Column("reason", String(ID), nullable=False),
    Column("words", Text, nullable=False),
    Column("created", Moment, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    Column("admin", String(PSEUDONYM), nullable=False),
    Column("deed", String(ID), nullable=False),
    Column("about", Text, nullable=False),
    Column("outcome", String(ID), nullable=False),
    Column("expires", Moment, nullable=False),
)

replicas = Table(
    "replicas",
    metadata,
    Column("name", String(ID), primary_key=True),
    Column("beat", BigInteger, nullable=False),
)

duties = Table(
    "duties",
    metadata,
    Column("name", String(ID), primary_key=True),
    Column("owner", String(ID), nullable=False),
)

instance = Table(
    "instance",
    metadata,
    Column("name", String(ID), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
