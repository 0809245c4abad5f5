"""How messages get into the inbox: once each, an edit only with new words, the pieces of a long text together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select, text, update

from adapters.database.tables import inbox
from adapters.database.upsert import ignoring
from bot.messages import Kind
from bot.self_service import CHECKED
from bot.splitting import utf16

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

LONGEST = CHECKED + 1_000
"""Characters of a message that are kept: more than anybody reads, who can tell by that when something was cut."""
PIECE = timedelta(seconds=2)
"""For so long the next piece of a text that was cut is waited for."""
KIND = 0x4C6F7474
"""The first number of the locks under which messages are written down on PostgreSQL; the second is a message's own."""
TURNS = text("SELECT pg_advisory_xact_lock(:kind, number) FROM unnest(CAST(:numbers AS integer[])) AS number")
"""Locks in the order of the numbers that are given."""
REVISED = (Kind.MESSAGE.value, Kind.COMMAND.value)
"""What can be edited and deleted."""


def take_turns(connection: Connection, message_keys: Iterable[str]) -> None:
    """Let replicas that write the same messages down do it one after the other: in another order each would wait for the other.

    The rows themselves are written in the order in which they came. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        numbers = sorted({int(key[:8], 16) - 2**31 for key in message_keys})
        connection.execute(TURNS, {"kind": KIND, "numbers": numbers})


def insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Write rows down, and return the keys of those that are new."""
    if not rows:
        return set()
    return set(connection.scalars(ignoring(connection, inbox).returning(inbox.c.key), rows))


def repeats(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Say whether an edit says what the message said before, as far as that is still kept."""
    same = (inbox.c.message_key == row["message_key"]) & (inbox.c.kind == row["kind"])
    said = [inbox.c.text, *([inbox.c.context] if row["kind"] == Kind.FILE.value else [])]
    kept = connection.execute(select(*said).where(same).order_by(inbox.c.revision.desc()).limit(1)).one_or_none()
    return kept is not None and bool(kept.text) and all(row[column.name] == kept[n] for n, column in enumerate(said))


def join(connection: Connection, row: Mapping[str, Any], raw: timedelta) -> None:
    """Put a message behind the one before it, if that goes on and is by the same person. It ends with that."""
    if row["kind"] != Kind.MESSAGE.value or row["revision"]:
        return
    own = select(inbox.c.id).where(inbox.c.key == row["key"]).scalar_subquery()
    now = datetime.now(UTC)
    open_one = (inbox.c.lane == row["lane"]) & (inbox.c.person == row["person"]) & (inbox.c.state == "waiting")
    open_one &= (inbox.c.kind == Kind.MESSAGE.value) & (inbox.c.received > now) & (inbox.c.id < own)
    first = connection.execute(
        select(inbox.c.id, inbox.c.text).where(open_one).order_by(inbox.c.id).limit(1)
    ).one_or_none()
    if first is None:
        return
    whole = {"text": joined(first.text, row["text"])[:LONGEST], "received": max(now, row["received"])}
    connection.execute(update(inbox).where(inbox.c.id == first.id).values(whole))
    ended = {"state": "done", "ending": "superseded", "text": "", **finished(raw)}
    connection.execute(update(inbox).where(inbox.c.key == row["key"]).values(ended))


FULL = 4096
"""Code units of a message that can hold no more, where a word may be cut."""


def joined(text: str, piece: str) -> str:
    """Return a text with its next piece. Who cuts texts takes away the space at the cut, or has found none."""
    return text + piece if utf16(text) % FULL == 0 else f"{text}\n{piece}"


def supersede(message_keys: Sequence[str], raw: timedelta) -> Any:  # noqa: ANN401 - an update, whose type names its internals
    """End what waits and was edited or deleted since, in whichever order it arrived."""
    newer = inbox.alias("newer")
    later = exists().where(
        newer.c.message_key == inbox.c.message_key,
        or_(
            newer.c.kind == Kind.DELETION.value,
            and_(newer.c.kind.in_(REVISED), newer.c.revision > inbox.c.revision),
        ),
    )
    outdated = inbox.c.message_key.in_(message_keys) & (inbox.c.state == "waiting") & inbox.c.kind.in_(REVISED) & later
    return update(inbox).where(outdated).values(state="done", ending="superseded", text="", **finished(raw))


def finished(lives: timedelta) -> dict[str, datetime]:
    """Return when something ended, and from when on its raw text and ids may be swept."""
    now = datetime.now(UTC)
    return {"finished": now, "expires": now + lives}


def storable(text: str) -> str:
    """Return a text without what PostgreSQL cannot hold: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
