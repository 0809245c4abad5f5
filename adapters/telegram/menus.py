"""The menus of commands: for everybody, for groups, for each admin, in each language; kept as the access file says."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from adapters.telegram import errors
from bot.commands import Command, menu
from knowledge.language import ENGLISH, GERMAN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from telegram import Bot

LOOK = 60.0
"""Seconds between two looks at who is an admin."""
IN_GROUPS = frozenset({Command.ASK.value, Command.HELP.value, Command.PRIVACY.value})
LANGUAGES = {"": ENGLISH, GERMAN: GERMAN, ENGLISH: ENGLISH}
"""Languages of people's Telegram, and in which the menu is then; the first is for every other one."""
DIGEST = 64
"""Characters of a hash in the file."""
_log = logging.getLogger("lotse.telegram")


class Menus:
    """Keeps the menus of one bot. `file`: who has an admin's menu, so that it goes after a restart from whoever is none any more.

    The file holds no ids, only hashes with the bot's token as their key: whoever lost the right while Lotse stood still loses
    the menu when they write next.
    """

    def __init__(self, bot: Bot, admins: Callable[[], frozenset[str]], file: Path | None = None) -> None:
        self._bot, self._admins, self._file = bot, admins, file
        self._done: set[BotCommandScope] = set()
        self._given = _read(file)
        self._seen: set[int] = set()
        self._met = asyncio.Event()

    def met(self, user: str) -> None:
        """Say that somebody wrote: an admin who had not done so before can have a menu now."""
        if not user.isdecimal():  # a channel, or somebody who does not say who they are: no admin
            return
        admin = user in self._admins()
        if not admin and self._mark(int(user)) in self._given:
            self._seen.add(int(user))
            self._met.set()
        if admin and BotCommandScopeChat(int(user)) not in self._done:
            self._met.set()

    async def keep(self) -> None:
        """Set the menus, and those of admins as they come and go, until cancelled."""
        while True:
            for scope, kind in self._wanted():
                await self._set(scope, kind)
            await self._withdraw()
            self._met.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._met.wait(), LOOK)

    def _wanted(self) -> Sequence[tuple[BotCommandScope, str]]:
        admins = sorted(self._admins())
        wanted: list[tuple[BotCommandScope, str]] = [
            (BotCommandScopeAllPrivateChats(), "private"),
            (BotCommandScopeAllGroupChats(), "group"),
            *((BotCommandScopeChat(int(admin)), "admin") for admin in admins),
        ]
        return [(scope, kind) for scope, kind in wanted if scope not in self._done]

    async def _set(self, scope: BotCommandScope, kind: str) -> None:
        """Set one menu in each language. An admin who has not written to the bot yet has none until they do."""
        if isinstance(scope, BotCommandScopeChat):
            self._seen.add(int(scope.chat_id))
            self._note(self._given | {self._mark(int(scope.chat_id))})
        try:
            for code, language in LANGUAGES.items():
                await self._bot.set_my_commands(shown(language, kind), scope, code or None)
        except RetryAfter as error:
            await asyncio.sleep(errors.seconds(error))
        except (BadRequest, Forbidden):
            _log.info("no menu", extra={"kind": kind})
        except TelegramError as error:
            _log.info("no menu", extra={"kind": kind, "reason": type(error).__name__})
        else:
            self._done.add(scope)

    async def _withdraw(self) -> None:
        """Take the admins' menu from whoever is none any more."""
        for gone in sorted(self._seen - {int(admin) for admin in self._admins()}):
            scope = BotCommandScopeChat(gone)
            try:
                for code in LANGUAGES:
                    await self._bot.delete_my_commands(scope, code or None)
            except (BadRequest, Forbidden):
                _log.info("no menu there any more")
            except TelegramError as error:
                _log.info("menu stays", extra={"reason": type(error).__name__})
                continue
            self._done.discard(scope)
            self._seen.discard(gone)
            self._note(self._given - {self._mark(gone)})

    def _mark(self, user: int) -> str:
        """Return what stands in the file for an admin."""
        return hmac.new(self._bot.token.encode(), str(user).encode(), hashlib.sha256).hexdigest()

    def _note(self, given: frozenset[str]) -> None:
        """Note who has an admin's menu, before they get it and after it is gone."""
        if given == self._given:
            return
        self._given = given
        if self._file is None:
            return
        try:
            fresh = self._file.with_name(f"{self._file.name}.new")
            fresh.touch(0o600)
            fresh.write_text("".join(f"{each}\n" for each in sorted(given)), "ascii")
            fresh.replace(self._file)
        except OSError as error:
            _log.warning("menus not noted", extra={"reason": type(error).__name__})


def _read(file: Path | None) -> frozenset[str]:
    lines = file.read_text("ascii", "replace").split() if file and file.exists() else []
    return frozenset(line for line in lines if len(line) == DIGEST)


def shown(language: str, kind: str) -> list[BotCommand]:
    """Return the lines of a menu."""
    lines = menu(language, admin=kind == "admin")
    return [BotCommand(name, words) for name, words in lines if kind != "group" or name in IN_GROUPS]
