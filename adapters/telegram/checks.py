"""What can be wrong with a bot, looked at from outside: token, links, access, groups, a webhook left over, the clock, the menus."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from telegram import BotCommandScopeAllPrivateChats
from telegram.error import BadRequest, Forbidden, TelegramError

from adapters.telegram.menus import shown
from adapters.telegram.platform import connect
from adapters.telegram.polling import reason_of
from adapters.telegram.receiving import NAME
from bot.access import ANY
from bot.phrases import say
from knowledge.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Bot

    from bot.access import Policy

SECONDS = 5.0
"""Longest time for one look."""
DRIFT = 60.0
"""Seconds by which the clock may differ from Telegram's: from LOTSE_LATE_MINUTES on, an answer apologises for being late."""
Look = tuple[str, bool, str]
"""What was looked at (`doctor_about_...`), whether it is well, and what is to be said about it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the settings and the access file say: the bot's name for links, who may ask, and where that stands."""

    name: str
    policy: Policy
    file: str


def examine(token: str, api: str, expected: Expected, language: str) -> list[Look]:
    """Return what each look showed. Blocking."""
    return asyncio.run(_examined(token, api, expected, language))


async def _examined(token: str, api: str, expected: Expected, language: str) -> list[Look]:
    dates: list[str] = []

    async def heard(response: Any) -> None:  # noqa: ANN401 - httpx has its home in the library
        dates.append(response.headers.get("Date", ""))

    bot = connect(token, api, SECONDS, heard)
    try:
        looks = [look async for look in _looks(bot, expected, language)]
    except TelegramError as error:
        return [("token", False, say(f"doctor_telegram_{reason_of(error)}", language))]
    finally:
        await bot.shutdown()
    return [*looks, *_clock(dates, language)]


def _clock(dates: list[str], language: str) -> list[Look]:
    """Compare this machine's clock with that of Telegram's server, if it told the time."""
    if not dates or not dates[-1]:
        return []
    seconds = abs((parsedate_to_datetime(dates[-1]) - datetime.now(UTC)).total_seconds())
    phrase = "doctor_telegram_clock" if seconds <= DRIFT else "doctor_telegram_clock_off"
    return [("clock", seconds <= DRIFT, say(phrase, language, seconds=round(seconds)))]


async def _looks(bot: Bot, expected: Expected, language: str) -> AsyncIterator[Look]:
    """Yield what each look shows. Raises TelegramError when Telegram does not answer."""
    await bot.initialize()
    yield "token", True, say("doctor_telegram_bot", language, name=bot.username)
    yield _links(expected.name.removeprefix("@"), bot.username, language)
    opened = expected.policy.workspaces.get((NAME, ""))
    access = "doctor_telegram_access" if opened else "doctor_telegram_closed"
    yield "access", opened is not None, say(access, language, file=expected.file)
    for room, read in opened.rooms.items() if opened else ():
        if room != ANY and read is not None:
            yield await _room(bot, room, language)
    private = not bot.can_read_all_group_messages
    yield "groups", private, say("doctor_telegram_private" if private else "doctor_telegram_reads_all", language)
    webhook = (await bot.get_webhook_info()).url
    yield "webhook", not webhook, say("doctor_telegram_webhook" if webhook else "doctor_telegram_no_webhook", language)
    known = await bot.get_my_commands(BotCommandScopeAllPrivateChats())
    well = {each.command for each in known} >= {each.command for each in shown(ENGLISH, "private")}
    yield "menus", True, say("doctor_telegram_menus" if well else "doctor_telegram_no_menus", language)


def _links(named: str, name: str, language: str) -> Look:
    """Compare the name that invitations link to with the bot's: without one they are codes alone."""
    well = not named or named.casefold() == name.casefold()
    phrase = (
        "doctor_telegram_other_name" if not well else "doctor_telegram_links" if named else "doctor_telegram_no_links"
    )
    return "links", well, say(phrase, language, name=name, named=named)


async def _room(bot: Bot, room: str, language: str) -> Look:
    """Look whether the bot is in a group that the access file names. Raises TelegramError when Telegram does not answer."""
    try:
        chat = await bot.get_chat(room)
    except (BadRequest, Forbidden):
        return "room", False, say("doctor_telegram_no_room", language, room=room)
    return "room", True, say("doctor_telegram_room", language, room=room, title=chat.title or "")
