"""The commands for those who run Lotse: serve, why, backup, restore."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from adapters import deeds, states
from adapters.cli import DONE
from adapters.errors import NoAnswer, NoPlatform
from bot.explanation import told
from bot.people import LOOK
from bot.phrases import say

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from adapters.backup import Contents
    from adapters.settings import Settings
    from bot.ports import Entry


def serve(_options: argparse.Namespace, settings: Settings, _console: Console) -> int:
    """Answer on every platform whose token is set, until told to stop. Raises NoPlatform, OneToken, Unavailable."""
    from adapters import wiring
    from adapters.serving import logs, start

    platforms = wiring.platforms(settings)
    if not platforms:
        raise NoPlatform
    logs.configure(settings.log_level if "log_level" in settings.model_fields_set else "info", sys.stderr)
    asyncio.run(start.serve(settings, platforms))
    return DONE


def slack(_options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Print the manifest with which Lotse is made an app of Slack."""
    from adapters.slack.manifest import manifest

    console.print(manifest(settings.language), markup=False, soft_wrap=True, end="")
    return DONE


def why(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Show how an answer came about. Raises NoAnswer, Unavailable."""
    from adapters import terminal

    entry = asyncio.run(_entry(settings, options.id))
    if entry is None:
        raise NoAnswer(options.id)
    terminal.show_pairs(told(entry, settings.language), console)
    return DONE


async def _entry(settings: Settings, reference: str) -> Entry | None:
    from adapters import wiring

    memory = await wiring.memory(settings)
    try:
        entry = await memory.journal.read(reference)
        if entry is not None:
            await deeds.add(memory, LOOK, reference)
        return entry
    finally:
        await memory.close()


def backup(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Save everything in one file. Raises Unavailable."""
    from adapters import backup as saving
    from adapters import wiring
    from adapters.serving.generation import Follower

    async def _save() -> Contents:
        memory = await wiring.memory(settings)
        if settings.generations:  # a process of its own, as in a container, has no copy yet
            await asyncio.to_thread(Follower(settings.data_dir, settings.generations).follow)
        try:
            return await saving.save(memory.database, settings.data_dir, options.file)
        finally:
            await memory.close()

    console.print(_counted("backup_done", asyncio.run(_save()), options, settings), markup=False)
    return DONE


def restore(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Bring back a backup where nothing would be overwritten. Raises BackupUnreadable, NotEmpty, NotShared, Unavailable."""
    from adapters import backup as saving
    from adapters import wiring
    from adapters.database.connection import Database, create

    async def _restore() -> Contents:
        database = Database(wiring.address(settings))
        if database.file:
            create(database.file)
        try:
            return await saving.bring_back(database, settings.data_dir, options.file)
        finally:
            await database.close()

    contents = asyncio.run(_restore())
    if contents.generation:
        states.share(settings)
    console.print(_counted("restore_done", contents, options, settings), markup=False)
    return DONE


def _counted(phrase: str, contents: Contents, options: argparse.Namespace, settings: Settings) -> str:
    generation = contents.generation or say("no_generation", settings.language)
    messages, answers = contents.rows.get("inbox", 0), contents.rows.get("journal", 0)
    return say(phrase, settings.language, file=options.file, messages=messages, answers=answers, generation=generation)
