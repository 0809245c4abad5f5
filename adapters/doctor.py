"""Look at the settings, the data folder and what is live, and say how to mend what is wrong."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters import access_file, wiring
from adapters.errors import words
from bot.errors import BotError
from bot.phrases import say
from knowledge import generations, manifest, spawned
from knowledge.errors import KnowledgeError
from knowledge.generation import Generation
from knowledge.verification import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from adapters.settings import Settings

ENOUGH = 500
"""Megabytes that a new generation of a large handbook needs beside the live one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look showed. `well` is False when something has to be mended; `warns`: all works, but something is missing."""

    name: str
    well: bool
    detail: str
    warns: bool = False

    def mark(self, language: str) -> str:
        """Return what stands in front of the detail."""
        return say("doctor_note" if self.warns else "doctor_ok" if self.well else "doctor_bad", language)


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what each look showed."""
    language = settings.language
    yield Finding(
        say("doctor_settings", language),
        well=True,
        detail=f"LOTSE_DATA_DIR={settings.data_dir}, LOTSE_LANGUAGE={language}",
    )
    yield _folder(settings.data_dir, language)
    yield _look("doctor_live", language, lambda: _live(settings))
    yield from _told(settings)
    yield from _earlier(settings)
    yield _look(
        "doctor_glossary",
        language,
        lambda: say("doctor_concepts", language, count=len(wiring.words(settings).concepts)),
    )
    yield _look("doctor_access", language, lambda: _access(settings.access_file, language))
    yield _incident(settings)
    yield _look("doctor_database", language, lambda: _database(settings, language))
    if settings.generations:
        yield _shared(settings.generations, language)
    if settings.slack_bot_token or settings.slack_app_token:
        yield from _slack(settings)
    if settings.telegram_bot_token:
        yield from _telegram(settings, settings.telegram_bot_token.get_secret_value())
    yield _disk(settings.data_dir, language)
    yield Finding(say("doctor_model", language), well=True, detail=_model(settings))


def _model(settings: Settings) -> str:
    if not settings.writes:
        return say("doctor_model_none", settings.language)
    server = settings.openai_base_url or "api.openai.com"
    return say("doctor_model_key", settings.language, models=", ".join(settings.model), server=server)


def _look(name: str, language: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(say(name, language), well=True, detail=look())
    except (KnowledgeError, BotError) as error:
        return Finding(say(name, language), well=False, detail=words(error, language))


def _access(file: Path, language: str) -> str:
    """Read the access file, if there is one. Raises AccessFileError."""
    if not file.exists():
        return say("doctor_access_none", language, file=file)
    policy = access_file.load(file)
    return say(
        "doctor_access_open",
        language,
        workspaces=len(policy.workspaces),
        groups=len(policy.groups),
        admins=len(policy.admins),
    )


def _incident(settings: Settings) -> Finding:
    """Look whether it is said whom to call after a mishap; before people ask in chats, that is only missed."""
    name, contact = say("doctor_incident", settings.language), settings.incident_contact
    if contact:
        return Finding(name, well=True, detail=contact)
    asked = bool(settings.slack_bot_token or settings.telegram_bot_token)
    return Finding(name, well=not asked, detail=say("doctor_incident_none", settings.language), warns=not asked)


def _live(settings: Settings) -> str:
    """Check everything that an answer needs, in a child process: what is damaged may break it. Raises KnowledgeError."""
    name, trouble = generations.named(settings.data_dir)
    if trouble:
        raise trouble
    folder = generations.place(settings.data_dir, name)
    Generation(folder, wiring.embedder(settings).fingerprint)
    spawned.run(check, folder)
    return name


def _told(settings: Settings) -> Iterator[Finding]:
    """Yield that lines of the history cannot be read, where there are any."""
    lost = generations.unreadable(settings.data_dir)
    if lost:
        detail = say("doctor_history_bad", settings.language, lines=lost)
        yield Finding(say("doctor_history", settings.language), well=False, detail=detail)


def _earlier(settings: Settings) -> Iterator[Finding]:
    """Yield the earlier states that could not be brought back. What is live was looked at more closely already."""
    live = ""
    with suppress(KnowledgeError):
        live = generations.live(settings.data_dir)
    for name in generations.history(settings.data_dir):
        if name == live:
            continue
        try:
            folder = generations.place(settings.data_dir, name)
            manifest.verify(folder, manifest.read(folder))
        except KnowledgeError:
            detail = say("doctor_earlier_bad", settings.language, generation=name)
            yield Finding(say("doctor_earlier", settings.language), well=False, detail=detail)


def _database(settings: Settings, language: str) -> str:
    """Open the database, if there is one, and look how much waits. Raises Unavailable."""
    kind = say("doctor_postgresql" if settings.database_url else "doctor_sqlite", language)
    if not settings.database_url and not (settings.data_dir / "lotse.db").exists():
        return kind

    async def _depth() -> dict[str, int]:
        memory = await wiring.memory(settings)
        try:
            return await memory.inbox.depth()
        finally:
            await memory.close()

    return say("doctor_queue", language, kind=kind, **asyncio.run(_depth()))


def _shared(place: str, language: str) -> Finding:
    """Look whether what is published can be read where replicas fetch it."""
    from adapters.serving.generation import published

    name = say("doctor_generations", language)
    try:
        return Finding(name, well=True, detail=published(place))
    except (OSError, ValueError, KeyError, ImportError) as error:
        detail = say("doctor_generations_bad", language, place=place, reason=type(error).__name__)
        return Finding(name, well=False, detail=detail)


def _slack(settings: Settings) -> Iterator[Finding]:
    """Look at the app in Slack."""
    from adapters.slack import checks

    held = (settings.slack_bot_token, settings.slack_app_token)
    bot, app = (token.get_secret_value() if token else "" for token in held)
    policy = access_file.LiveAccessFile(settings.access_file).policy()
    where = (settings.slack_api_url or "", policy, str(settings.access_file))
    for about, well, detail in checks.examine((bot, app), *where, settings.language):
        yield Finding(about, well, detail)


def _telegram(settings: Settings, token: str) -> Iterator[Finding]:
    """Look at the bot on Telegram."""
    from adapters.telegram import checks

    policy = access_file.LiveAccessFile(settings.access_file).policy()
    expected = checks.Expected(settings.telegram_bot_name, policy, str(settings.access_file))
    for look in checks.examine(token, settings.telegram_api_url or "", expected, settings.language):
        yield Finding(say(f"doctor_about_{look.about}", settings.language), look.well, look.words, look.warns)


def _folder(folder: Path, language: str) -> Finding:
    place = _nearest(folder)
    probe = place / ".lotse-doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return Finding(
            say("doctor_folder", language), well=False, detail=say("doctor_not_writable", language, folder=place)
        )
    return Finding(say("doctor_folder", language), well=True, detail=str(folder.absolute()))


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there: below it, the rest can be made."""
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())


def _disk(folder: Path, language: str) -> Finding:
    place = _nearest(folder)
    free = shutil.disk_usage(place).free // 1_000_000
    phrase = "doctor_disk_free" if free >= ENOUGH else "doctor_disk_low"
    return Finding(say("doctor_disk", language), well=free >= ENOUGH, detail=say(phrase, language, free=free))
