"""One writer at a time: a lock on the data folder that dies with its owner and says who that is."""

from __future__ import annotations

import getpass
import json
import os
import platform
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from knowledge.disk import write_json, writing
from knowledge.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK, OWNER = "lock", "owner"


@contextmanager
def only_writer(data: Path) -> Iterator[None]:
    """Be the only process that writes to a data folder. Raises Busy, StorageFull, StorageRefused."""
    from filelock import FileLock, Timeout

    with writing(data):
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout as error:
            raise _busy(data) from error
    try:
        with writing(data):
            write_json(data / OWNER, _own(), lasting=False)
        yield
    finally:
        (data / OWNER).unlink(missing_ok=True)
        lock.release()


def _own() -> dict[str, object]:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"user": _user(), "host": platform.node(), "process": os.getpid(), "since": since}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else ""


def _busy(data: Path) -> Busy:
    try:
        owner = json.loads((data / OWNER).read_text("utf-8"))
        return Busy(owner["user"], owner["host"], owner["process"], datetime.fromisoformat(owner["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Busy("?", "?", 0, datetime.now(UTC))
