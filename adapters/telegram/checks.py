"""What can be wrong with a bot, looked at from outside: token, privacy mode, a webhook left over, the clock, the menus."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from telegram import BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from adapters.telegram.menus import shown
from adapters.telegram.platform import connect
from adapters.telegram.polling import reason_of
from bot.phrases import say
from knowledge.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Bot

SECONDS = 5.0
"""Longest time for one look."""
DRIFT = 60.0
"""Seconds by which the clock may differ from Telegram's: from LOTSE_LATE_MINUTES on, an answer apologises for being late."""
Look = tuple[str, bool, str]
"""What was looked at (`doctor_about_...`), whether it is well, and what is to be said about it."""


def examine(token: str, api: str, language: str) -> list[Look]:
    """Return what each look showed. Blocking."""
    return asyncio.run(_examined(token, api, language))


async def _examined(token: str, api: str, language: str) -> list[Look]:
    dates: list[str] = []

    async def heard(response: Any) -> None:  # noqa: ANN401 - httpx has its home in the library
        dates.append(response.headers.get("Date", ""))

    bot = connect(token, api, SECONDS, heard)
    try:
        looks = [look async for look in _looks(bot, language)]
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


async def _looks(bot: Bot, language: str) -> AsyncIterator[Look]:
    """Yield what each look shows. Raises TelegramError when Telegram does not answer."""
    await bot.initialize()
    yield "token", True, say("doctor_telegram_bot", language, name=bot.username)
    private = not bot.can_read_all_group_messages
    yield "groups", private, say("doctor_telegram_private" if private else "doctor_telegram_reads_all", language)
    webhook = (await bot.get_webhook_info()).url
    yield "webhook", not webhook, say("doctor_telegram_webhook" if webhook else "doctor_telegram_no_webhook", language)
    known = await bot.get_my_commands(BotCommandScopeAllPrivateChats())
    well = {each.command for each in known} >= {each.command for each in shown(ENGLISH, "private")}
    yield "menus", True, say("doctor_telegram_menus" if well else "doctor_telegram_no_menus", language)
