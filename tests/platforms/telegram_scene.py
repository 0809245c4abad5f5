"""A scene on Telegram: the local server, a database, the real library, and a responder or the whole reception."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.database.memory import Memory, remember
from adapters.serving.health import Health
from adapters.serving.server import Parts, Server
from adapters.telegram.platform import TelegramPlatform, connect
from bot.inbox import Limits
from tests.chats import Saying
from tests.platforms.telegram_server import TOKEN, Telegram, serving
from tests.scenes import Watching, until

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from bot.ports import Responder

Fresh = Callable[[Path], str]
"""Puts an empty database with its tables into a folder, and tells where it is."""
KIM, ADMIN, STRANGER, GROUP = 7, 8, 9, -1001
QUESTION = "May customer data go into ChatGPT?"


@dataclass
class Scene:
    """A server, and one replica that works on it."""

    telegram: Telegram
    platform: TelegramPlatform
    memory: Memory
    health: Health
    metrics: Watching

    async def answered(self, chat: int, number: int = 1, seconds: float = 20) -> list[str]:
        """Wait until so many messages of the bot stand in a chat and nothing is left to do; return them."""
        await until(lambda: len(self.telegram.texts(chat)) >= number, seconds)
        await self.quiet(seconds)
        return self.telegram.texts(chat)

    async def quiet(self, seconds: float = 20) -> None:
        """Wait until every update was fetched and everything in the inbox has ended."""
        async with asyncio.timeout(seconds):
            await until(lambda: not self.telegram.updates, seconds)
            while sum((await self.memory.inbox.depth()).values()):  # noqa: ASYNC110 - the database does not signal
                await asyncio.sleep(0.01)


@asynccontextmanager
async def playing(
    telegram: Telegram,
    url: str,
    responder: Responder | Callable[[Memory, TelegramPlatform], Responder] | None = None,
    limits: Limits | None = None,
    admins: frozenset[str] = frozenset(),
) -> AsyncIterator[Scene]:
    """Run a replica on the server, in this process; a responder may be made of the memory."""
    async with serving(telegram) as address:
        memory, bot = await remember(url), connect(TOKEN, address)
        platform = TelegramPlatform(bot, lambda: admins)
        health, metrics, stop = Health(), Watching(), asyncio.Event()
        made = responder(memory, platform) if callable(responder) else responder or Saying()
        parts = Parts(memory, made, limits or Limits(), health, metrics, lambda: "g1")
        running = asyncio.create_task(Server([platform], parts).run(stop))
        try:
            await until(lambda: health.ready)
            yield Scene(telegram, platform, memory, health, metrics)
        finally:
            stop.set()
            await running
            await memory.close()


def simply(telegram: Telegram, url: str, responder: Any = None, **more: Any) -> AbstractAsyncContextManager[Scene]:  # noqa: ANN401 - as playing takes them
    """Play with somebody who says every question back."""
    return playing(telegram, url, responder, **more)


async def said(scene: Scene, chat: int, text: str, **fields: Any) -> str:  # noqa: ANN401 - fields of Message
    """Return what is answered, "" for silence."""
    before = len(scene.telegram.texts(chat))
    scene.telegram.say(chat, text, **fields)
    await scene.quiet()
    return "\n\n".join(scene.telegram.texts(chat)[before:])


async def press(scene: Scene, label: str, *, user: int = KIM, chat: int = KIM) -> tuple[str, list[str]]:
    """Press a button of the last message; return what was told in passing, and what was sent."""
    before = len(scene.telegram.texts(chat))
    query = scene.telegram.press(scene.telegram.last(chat), label, user=user)
    await until(lambda: query in scene.telegram.toasts)
    await scene.quiet()
    return scene.telegram.toasts[query], scene.telegram.texts(chat)[before:]
