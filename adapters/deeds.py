"""What whoever uses the machine does to Lotse leaves a line in the audit, with how it ended, as what admins do in chats does."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters.cli import DONE
from bot import people
from bot.errors import BotError
from bot.people import TERMINAL, Deed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from adapters.database.memory import Memory
    from adapters.settings import Settings

NOTED = ("ingest", "rollback", "purge", "backup", "restore")
"""Commands that work on more than the database; those that work on it alone note themselves."""
PART = "part"
"""How a deed ended that found nothing, or did not take all."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a command came to: its exit code, and what the audit says it was about."""

    code: int
    about: str = ""


async def noted(memory: Memory, deed: str, work: Awaitable[Carried]) -> int:
    """Do something that an open database is there for, note how it ended, and return the exit code."""
    try:
        carried = await work
    except Exception as error:
        await add(memory, deed, outcome=type(error).__name__)
        raise
    await add(memory, deed, carried.about, _outcome(carried.code))
    return carried.code


async def add(memory: Memory, deed: str, about: str = "", outcome: str = people.DONE) -> None:
    """Add a line. Raises Unavailable."""
    await memory.audit.add(Deed(datetime.now(UTC), TERMINAL, deed, about, outcome))


def carried_out(options: argparse.Namespace, settings: Settings, work: Callable[[], int]) -> int:
    """Run a command that needs no database, and note it where there is one.

    A trial changes nothing; of what an admin orders in a chat, the line is there already.
    """
    deed = options.command
    if deed not in NOTED or getattr(options, "dry_run", False) or getattr(options, "steps", None):
        return work()
    try:
        code = work()
    except BaseException as error:
        _afterwards(settings, deed, type(error).__name__)
        raise
    _afterwards(settings, deed, _outcome(code))
    return code


def _outcome(code: int) -> str:
    return people.DONE if code == DONE else PART


def _afterwards(settings: Settings, deed: str, outcome: str) -> None:
    """Note what is over: a database that cannot be reached does not undo it."""
    if not settings.database_url and not (settings.data_dir / "lotse.db").exists():
        return
    try:
        asyncio.run(_opened(settings, deed, outcome))
    except BotError as error:
        logging.getLogger("lotse.audit").error("not noted: %s, %s", deed, type(error).__name__)  # noqa: TRY400


async def _opened(settings: Settings, deed: str, outcome: str) -> None:
    from adapters import wiring

    memory = await wiring.memory(settings)
    try:
        await add(memory, deed, outcome=outcome)
    finally:
        await memory.close()
