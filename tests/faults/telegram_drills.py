"""Drills on Telegram: each does Lotse some harm and returns what came of it. The tests run them small, the bench in full."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from adapters.telegram.rich import JOINER
from tests.chats import Saying
from tests.platforms.telegram_scene import playing
from tests.platforms.telegram_server import Telegram, serving
from tests.scenes import Replica, until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.platforms.telegram_scene import Scene

QUEUED = 20
"""Questions that wait when a replica is killed."""
PATIENCE = 300.0
"""Seconds that a replica may take to start on a busy machine before a drill gives up."""
MODULE = "tests.platforms.telegram_replica"


@dataclass(frozen=True, slots=True)
class Toll:
    """What a drill cost: questions asked, without an answer, answered twice; what Telegram refused; seconds until all was well."""

    asked: int
    lost: int
    twice: int
    refused: int = 0
    seconds: float = 0.0


def toll(telegram: Telegram, questions: Sequence[str]) -> Toll:
    """Count what stands in all chats: each question is said back in its answer."""
    texts = (each.text.replace(JOINER, "") for each in telegram.sent.values() if not each.deleted)
    said = Counter(text.partition("\n")[0] for text in texts)
    counts = [said[f"You asked: {question}"] for question in questions]
    return Toll(len(questions), counts.count(0), sum(count > 1 for count in counts), len(telegram.refused))


def by_chat(telegram: Telegram, questions: Sequence[str]) -> Toll:
    """Count what stands in chats of one question each: whoever took it up four times and was killed gets an apology for an answer."""
    said = Counter(each.chat for each in telegram.sent.values() if not each.deleted)
    counts = [said[number] for number in range(1, len(questions) + 1)]
    return Toll(len(questions), counts.count(0), sum(count > 1 for count in counts), len(telegram.refused))


async def kills(url: str, times: int, replicas: int = 1, seed: int = 1) -> Toll:
    """Kill a replica so many times, each at a random moment while QUEUED questions wait; then let the last ones end."""
    chance, telegram, questions = random.Random(seed), Telegram(), list[str]()  # noqa: S311 - a drill, no secret
    async with serving(telegram) as address, AsyncExitStack() as stack:
        crew = [Replica(url, address, "2", module=MODULE) for _ in range(replicas)]
        stack.push_async_callback(_all_stopped, crew)
        for each in crew:
            each.start()
        await until(lambda: telegram.polls, PATIENCE)
        for number in range(times):
            for _ in range(max(0, QUEUED - by_chat(telegram, questions).lost)):
                questions.append(f"Question {len(questions)}?")
                telegram.say(len(questions), questions[-1])
            victim, before = crew[number % replicas], telegram.polls
            await asyncio.sleep(chance.uniform(0.0, 1.5))
            await victim.stop(hard=True)
            victim.start()
            await until(lambda before=before: telegram.polls > before, PATIENCE)  # type: ignore[misc]
        await until(lambda: not by_chat(telegram, questions).lost, 180)
        await asyncio.sleep(1)
    return by_chat(telegram, questions)


async def _all_stopped(crew: Sequence[Replica]) -> None:
    for each in crew:
        await each.stop()


async def triples(url: str, questions: int) -> Toll:
    """Deliver each update three times to two replicas, one of which is killed half-way."""
    telegram = Telegram()
    asked = [f"Question {number}?" for number in range(questions)]
    async with serving(telegram) as address, AsyncExitStack() as stack:
        crew = [Replica(url, address, module=MODULE) for _ in range(2)]
        stack.push_async_callback(_all_stopped, crew)
        for each in crew:
            each.start()
        for number, question in enumerate(asked, 1):
            telegram.say(number, question, times=3)
            if number == questions // 2:
                await until(lambda: toll(telegram, asked[: questions // 8]).lost == 0, 120)
                await crew[0].stop(hard=True)
                crew[0].start()
        await until(lambda: not toll(telegram, asked).lost and not telegram.updates, 300)
        await asyncio.sleep(1)
    return toll(telegram, asked)


async def conflict(url: str, seconds: float) -> tuple[Toll, str]:
    """Answer every poll with 409 for so long while people ask; return how soon all is answered, and what health said."""
    telegram = Telegram()
    asked = [f"Question {number}?" for number in range(20)]
    async with playing(telegram, url, Saying()) as scene:
        telegram.faults.conflict_until = time.monotonic() + seconds
        for number, question in enumerate(asked, 1):
            telegram.say(number, question)
        await until(lambda: scene.health.of("telegram").reason, 30)
        reason = "" if scene.health.ready else scene.health.of("telegram").reason
        await asyncio.sleep(max(0.0, telegram.faults.conflict_until - time.monotonic()))
        over = time.monotonic()
        await until(lambda: not toll(telegram, asked).lost and scene.health.ready, 60)
        taken = time.monotonic() - over
        await scene.quiet()
    return replace(toll(telegram, asked), seconds=taken), reason


@dataclass(frozen=True, slots=True)
class Storm:
    """What a storm of refusals cost. `floods`: messages faster than published; `others`: the longest wait of a chat not meant."""

    toll: Toll
    floods: Counter[str]
    others: float


async def storm(url: str, seconds: float, chats: int, *, everybody: bool) -> Storm:
    """Let Telegram ask everybody, or one chat and one group, to wait, while many ask; it refuses what is faster than published."""
    telegram = Telegram()
    telegram.faults.strict_pace = True
    asked = [f"Question {number}?" for number in range(2 * chats)]
    one, group = 1, -100
    async with playing(telegram, url, Saying()) as scene:
        for target in (0,) if everybody else (one, group):
            telegram.faults.flood_until[target] = time.monotonic() + seconds
        for number, question in enumerate(asked):
            chat = number % chats + 1
            is_group = number % 10 == 0
            telegram.say(group if is_group else chat, f"/ask {question}" if is_group else question, user=chat)
        await until(lambda: not toll(telegram, _plain(asked)).lost, 300)
        await scene.quiet(60)
    waits = [_waited(telegram, chat) for chat in range(1, chats + 1) if chat != one]
    return Storm(toll(telegram, _plain(asked)), Counter(telegram.floods), max(waits, default=0.0))


def _plain(asked: Sequence[str]) -> list[str]:
    """Return what each question's answer says back: a command is said back as it was given."""
    return [f"/ask {question}" if number % 10 == 0 else question for number, question in enumerate(asked)]


def _waited(telegram: Telegram, chat: int) -> float:
    """Return for how long somebody waited for the first answer."""
    answered = [each.at for each in telegram.sent.values() if each.chat == chat]
    asked = [at for number, at in telegram.asked_at.items() if telegram.asked_in[number] == chat]
    return min(answered) - min(asked) if answered and asked else 0.0


async def first_signs(url: str, chats: int, pause: float = 0.3, apart: float = 0.25) -> tuple[list[float], list[float]]:
    """Let people ask, some at the same time; return how long each waited for the first sign of life, and for the answer."""
    telegram = Telegram()
    async with playing(telegram, url, Saying(pause)) as scene:
        for chat in range(1, chats + 1):
            telegram.say(chat, f"Question {chat}?")
            await asyncio.sleep(apart)
        await until(lambda: len(telegram.sent) == chats, 300)
        await scene.quiet(60)
    shown: dict[int, float] = {}
    signs_of_life = [(chat, at) for chat, _, _, at in telegram.drafts] + [
        (chat, at) for chat, _, at in telegram.actions
    ]
    for chat, at in signs_of_life:
        shown[chat] = min(shown.get(chat, at), at)
    asked = {telegram.asked_in[number]: at for number, at in telegram.asked_at.items()}
    answered = {each.chat: each.at for each in telegram.sent.values()}
    signs = [min(shown.get(chat, answered[chat]), answered[chat]) - at for chat, at in asked.items()]
    return signs, [answered[chat] - at for chat, at in asked.items()]


@dataclass(frozen=True, slots=True)
class Held:
    """What is held in memory after so many chats: megabytes before and after, chats and answers that are remembered."""

    before: float
    after: float
    chats: int
    signs: int


async def memory(url: str, chats: int, rounds: int) -> Held:
    """Let so many chats ask, again and again, and look at what stays in memory after the first and the last round."""
    from tests.faults.drills import resident

    telegram, sizes = Telegram(), list[float]()
    async with playing(telegram, url, Saying()) as scene:
        for number in range(rounds):
            await _round(telegram, scene, chats, number)
            sizes.append(resident())
        return Held(sizes[0], sizes[-1], len(scene.platform.pace), len(scene.platform.signs))


async def _round(telegram: Telegram, scene: Scene, chats: int, number: int) -> None:
    for chat in range(1, chats + 1):
        telegram.say(chat, f"Question {number} of {chat}?")
    await until(lambda: len(telegram.sent) == chats, 300)
    await scene.quiet(60)
    telegram.forget()
