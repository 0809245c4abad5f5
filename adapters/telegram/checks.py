"""What can be wrong with a bot, looked at from outside: token, links, access, groups, a webhook left over, the clock, the menus."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from telegram import BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden, TelegramError

from adapters.telegram.menus import LANGUAGES, shown
from adapters.telegram.platform import connect
from adapters.telegram.polling import reason_of
from adapters.telegram.receiving import NAME
from bot.access import ANY
from bot.phrases import say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Bot

    from bot.access import Policy

SECONDS = 5.0
"""Longest time for one look."""
DRIFT = 60.0
"""Seconds by which the clock may differ from Telegram's: from LOTSE_LATE_MINUTES on, an answer apologises for being late."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked at (`doctor_about_...`), whether it is well, what is to be said about it; `warns`: it works, but."""

    about: str
    well: bool
    words: str
    warns: bool = False


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
        return [Look("token", well=False, words=say(f"doctor_telegram_{reason_of(error)}", language))]
    finally:
        await bot.shutdown()
    return [*looks, *_clock(dates, language)]


def _clock(dates: list[str], language: str) -> list[Look]:
    """Compare this machine's clock with that of Telegram's server, if it told the time."""
    if not dates or not dates[-1]:
        return []
    seconds = abs((parsedate_to_datetime(dates[-1]) - datetime.now(UTC)).total_seconds())
    phrase = "doctor_telegram_clock" if seconds <= DRIFT else "doctor_telegram_clock_off"
    return [Look("clock", seconds <= DRIFT, say(phrase, language, seconds=round(seconds)))]


async def _looks(bot: Bot, expected: Expected, language: str) -> AsyncIterator[Look]:
    """Yield what each look shows. Raises TelegramError when Telegram does not answer."""
    await bot.initialize()
    yield Look("token", well=True, words=say("doctor_telegram_bot", language, name=bot.username))
    yield _links(expected.name.removeprefix("@"), bot.username, language)
    opened = expected.policy.workspaces.get((NAME, ""))
    access = "doctor_telegram_access" if opened else "doctor_telegram_closed"
    yield Look("access", opened is not None, say(access, language, file=expected.file))
    for room, read in opened.rooms.items() if opened else ():
        if room != ANY and read is not None:
            yield await _room(bot, room, language)
    private = not bot.can_read_all_group_messages
    yield Look("groups", private, say("doctor_telegram_private" if private else "doctor_telegram_reads_all", language))
    webhook = (await bot.get_webhook_info()).url
    yield Look("webhook", not webhook, say(f"doctor_telegram_{'webhook' if webhook else 'no_webhook'}", language))
    yield await _menus(bot, language)


async def _menus(bot: Bot, language: str) -> Look:
    """Look whether the menus that everybody sees are those of this version, in each language."""
    scopes = {"private": BotCommandScopeAllPrivateChats(), "group": BotCommandScopeAllGroupChats()}
    for kind, scope in scopes.items():
        for code, shown_in in LANGUAGES.items():
            if list(await bot.get_my_commands(scope, code or None)) != shown(shown_in, kind):
                return Look("menus", well=True, words=say("doctor_telegram_no_menus", language), warns=True)
    return Look("menus", well=True, words=say("doctor_telegram_menus", language))


def _links(named: str, name: str, language: str) -> Look:
    """Compare the name that invitations link to with the bot's: without one they are codes alone."""
    well = not named or named.casefold() == name.casefold()
    phrase = (
        "doctor_telegram_other_name" if not well else "doctor_telegram_links" if named else "doctor_telegram_no_links"
    )
    return Look("links", well, say(phrase, language, name=name, named=named))


async def _room(bot: Bot, room: str, language: str) -> Look:
    """Look whether the bot is in a group that the access file names, and as what. Raises TelegramError when nobody answers.

    Of a public group Telegram tells the title to everybody. An administrator gets everything that is written, whatever privacy
    mode says (https://core.telegram.org/bots/features#privacy-mode).
    """
    try:
        chat, me = await bot.get_chat(room), await bot.get_chat_member(room, bot.id)
    except (BadRequest, Forbidden):
        return Look("room", well=False, words=say("doctor_telegram_no_room", language, room=room))
    if me.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}:
        return Look("room", well=False, words=say("doctor_telegram_no_room", language, room=room))
    rules = me.status in {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER}
    phrase = "doctor_telegram_room_admin" if rules else "doctor_telegram_room"
    return Look("room", well=True, words=say(phrase, language, room=room, title=chat.title or ""), warns=rules)
