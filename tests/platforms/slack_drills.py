"""Drills in Slack: each does Lotse some harm and returns what came of it. The tests run them small, the bench in full."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.inbox import Limits
from tests.chats import Saying
from tests.faults.drills import Toll, resident
from tests.platforms import slack_doors
from tests.platforms.slack_limits import Limits as RateLimits
from tests.platforms.slack_people import BOT
from tests.platforms.slack_scenes import SOON, Writing, working
from tests.platforms.slack_server import Slack
from tests.scenes import ROOT, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.handler import Handler
    from bot.messages import Event
    from bot.ports import Task
    from tests.platforms.slack_scenes import Scene

MENTION = f"<@{BOT}>"
WIDE = Limits(answering=32)


def toll(scene: Scene, asked: list[str]) -> Toll:
    """Count what stands below each question."""
    below = scene.slack.below()
    lost = sum(not below.get(ts) for ts in asked)
    twice = sum(len(below.get(ts, ())) > 1 for ts in asked)
    texts = {posted.ts: posted.text.removeprefix(MENTION).strip() for posted in scene.slack.messages.values()}
    confused = sum(bool(below.get(ts)) and below[ts][0].said != f"You asked: {texts[ts]}" for ts in asked)
    return Toll(len(asked), lost, twice, confused)


async def triples(url: str, questions: int) -> Toll:
    """Deliver each event three times, as message and as mention, while sockets are refreshed and cut."""
    async with Slack(wait=1.0, again=SOON) as slack, working(slack, url, Saying(), WIDE) as scene:
        asked = []
        for number in range(questions):
            asked.append(slack.say(f"U{number}", f"C{number % 50}", f"{MENTION} question {number}?", times=3))
            if number % max(1, questions // 8) == 3:
                slack.drop()
            if number % max(1, questions // 5) == 5:
                await slack.refresh(seconds=0.05)
            await asyncio.sleep(0.002)
        await until(lambda: scene.slack.below().keys() >= set(asked), 600)
        await scene.quiet(600)
        return toll(scene, asked)


@dataclass(frozen=True, slots=True)
class Rush:
    """How long each event took to be acknowledged, and each question to show a first sign of life, in seconds."""

    acknowledged: list[float]
    signs: list[float]
    lost: int


async def rush(url: str, rate: int, seconds: float, questions: float = 1.0) -> Rush:
    """Send so many events a second, a part of them questions and the rest words of people to each other."""
    chance = random.Random(1)  # noqa: S311 - a drill, no secret
    async with Slack() as slack, working(slack, url, Saying()) as scene:
        asked: list[str] = []
        began = time.monotonic()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            if chance.random() < questions:
                asked.append(slack.say(f"U{number % 200}", f"DU{number % 200}", f"question {number}?"))
            else:
                slack.say(f"U{number}", "C1", "We talk to each other.")
        await until(lambda: scene.slack.below().keys() >= set(asked), 600)
        await scene.quiet(600)
        acknowledged = [each.acknowledged - each.sent for each in slack.envelopes.values()]
        signs = [slack.first_sign[ts] - slack.asked_at[ts] for ts in asked]
        return Rush(acknowledged, signs, toll(scene, asked).lost)


@dataclass
class Outage:
    """What an outage cost: the toll, seconds until all was answered after it, and how health was meanwhile."""

    toll: Toll = field(default_factory=lambda: Toll(0))
    seconds: float = 0.0
    red: bool = False


async def drops(url: str, times: int) -> Outage:
    """Cut the socket so many times, half of them while an event is on its way."""

    async def cut(scene: Scene, number: int) -> None:
        if number % 2:
            await scene.quiet(60)
        else:
            await asyncio.sleep(0.002)
        scene.slack.drop(len(scene.slack.sockets))

    return await _interrupted(url, times, cut)


async def refreshes(url: str, times: int) -> Outage:
    """Ask the app so many times to connect anew, with a question before each."""

    async def refresh(scene: Scene, number: int) -> None:
        await scene.slack.refresh("warning" if number % 2 else "refresh_requested", 0.1)

    return await _interrupted(url, times, refresh)


async def _interrupted(url: str, times: int, interrupt: Callable[[Scene, int], Awaitable[None]]) -> Outage:
    """Interrupt the connection so many times, each after a question; find out how long it is gone, and what becomes of them."""
    found = Outage()
    async with Slack(wait=1.0, again=SOON) as slack, working(slack, url, Saying(), WIDE) as scene:
        asked = []
        for number in range(times):
            await until(lambda: slack.sockets, 60)
            asked.append(slack.say(f"U{number}", "C0", f"{MENTION} question {number}?"))
            await interrupt(scene, number)
            gone = time.monotonic()
            await until(lambda: slack.sockets, 60)
            found.seconds = max(found.seconds, time.monotonic() - gone)
        await until(lambda: scene.slack.below().keys() >= set(asked), 120)
        await scene.quiet(60)
        found.toll = toll(scene, asked)
    return found


async def gone(url: str, seconds: float) -> Outage:
    """Let Slack be gone for a while, with questions before and after."""
    found = Outage()
    async with Slack(wait=1.0, again=SOON) as slack, working(slack, url, Saying(0.2), WIDE) as scene:
        asked = [slack.say(f"U{number}", "C0", f"{MENTION} question {number}?") for number in range(10)]
        await asyncio.sleep(0.1)
        await slack.down()
        await until(lambda: not scene.health.well("slack"), 30)
        found.red = True
        until_up = time.monotonic() + seconds
        while time.monotonic() < until_up:
            found.red = found.red and not scene.health.ready
            await asyncio.sleep(0.1)
        await slack.up()
        back = time.monotonic()
        asked += [slack.say(f"U{number}", "C0", f"{MENTION} question {number}?") for number in range(10, 20)]
        await until(lambda: scene.slack.below().keys() >= set(asked), 120)
        found.seconds = time.monotonic() - back
        await until(lambda: scene.health.well("slack"), 30)
        await scene.quiet(60)
        found.toll = toll(scene, asked)
    return found


FAULTS: dict[str, dict[str, list[str]]] = {
    "429 storm": {"*": ["429 1"] * 20},
    "500 storm": {"chat.postMessage": ["500"] * 4, "users.info": ["500"] * 3, "chat.startStream": ["503"] * 4},
    "cut off": {"chat.postMessage": ["cut"] * 3, "chat.startStream": ["cut"] * 3, "chat.update": ["cut"] * 3},
    "replies lost": {"chat.postMessage": ["lose"] * 3, "chat.startStream": ["lose"] * 3, "chat.update": ["lose"] * 3},
    "invalid_blocks": {"chat.postMessage": ["invalid_blocks"] * 3, "chat.update": ["invalid_blocks"] * 3},
    "channel_not_found": {},
    "not_in_channel": {},
    "message_not_in_streaming_state": {"chat.appendStream": ["message_not_in_streaming_state"] * 3},
    "stopped_by_user": {"chat.appendStream": ["stopped_by_user"] * 3},
    "token_revoked": {"*": ["token_revoked"] * 12},
}
"""What Slack says, and to which calls. Channels that are closed to Lotse are closed to all of them."""


@dataclass(frozen=True, slots=True)
class Ends:
    """How questions ended under a fault: answered once, told in private, without a word, or answered twice."""

    asked: int
    answered: int
    told: int
    silent: int
    twice: int


async def fault(url: str, name: str, questions: int) -> Ends:
    """Ask while Slack goes wrong in one way, half of the answers written and streamed."""
    async with Slack(wait=1.0, again=SOON) as slack, working(slack, url, Mixed(), WIDE) as scene:
        slack.faults.update({method: list(said) for method, said in FAULTS[name].items()})
        asked = [slack.say(f"U{number}", f"C{number}", f"{MENTION} question {number}?") for number in range(questions)]
        for number in range(0, questions, 2):
            if name == "not_in_channel":
                slack.channels[f"C{number}"].member = False
            elif name == "channel_not_found":
                del slack.channels[f"C{number}"]
        await until(lambda: scene.observer_ended(questions), 300)
        await scene.quiet(60)
        below = slack.below()
        told = {posted.channel.removeprefix("D") for posted in below.get("", ())}
        answered = [ts for ts in asked if below.get(ts)]
        silent = [ts for number, ts in enumerate(asked) if not below.get(ts) and f"U{number}" not in told]
        return Ends(len(asked), len(answered), len(told), len(silent), sum(len(below[ts]) > 1 for ts in answered))


async def limited(url: str, questions: int) -> tuple[Toll, int]:
    """Ask at once in one channel and in direct messages, where Slack's rate limits hold; return the toll and how often it said 429."""
    async with (
        Slack(wait=1.0, again=SOON, limits=RateLimits(0.2)) as slack,
        working(slack, url, Mixed(), WIDE) as scene,
    ):
        asked = [slack.say(f"U{number % 9}", "C0", f"{MENTION} question {number}?") for number in range(questions)]
        asked += [slack.say(f"U{number}", f"DU{number}", f"question {number}?") for number in range(questions)]
        await until(lambda: scene.slack.below().keys() >= set(asked), 300)
        await scene.quiet(300)
        below = slack.below()
        twice = sum(len(below[ts]) > 1 for ts in asked)
        return Toll(len(asked), 0, twice), sum(error == "ratelimited" for _, error, _ in slack.refusals)


class Mixed:
    """Writes every second answer."""

    def __init__(self) -> None:
        self._written, self._said, self._number = Writing(), Saying(), 0

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        """Yield signs of life and the answer."""
        self._number += 1
        async for event in (self._written if self._number % 2 else self._said).respond(task):
            yield event


async def conversations(url: str, number: int) -> list[float]:
    """Talk in so many threads, and return the memory in use after each tenth, in MB."""
    sizes: list[float] = []
    async with Slack(again=SOON) as slack, working(slack, url, Writing(pause=0.0), WIDE) as scene:
        for each in range(number):
            slack.say(f"U{each}", f"DU{each}", f"question {each}?")
            if each % max(1, number // 10) == max(1, number // 10) - 1:
                await until(lambda each=each: scene.observer_ended(each + 1), 600)  # type: ignore[misc]
                await scene.quiet(120)
                slack.calls.clear()
                slack.envelopes.clear()
                slack.messages.clear()
                sizes.append(resident())
    return sizes


async def killed_before_acknowledging(url: str) -> tuple[Toll, int]:
    """Kill Lotse between writing a message down and acknowledging it; return the toll and how often it was delivered."""
    async with Slack(wait=1.0, again=SOON) as slack:
        first = _replica(url, slack.url, "kill")
        await until(lambda: slack.sockets, 60)
        ts = slack.say("U1", "C0", f"{MENTION} question?")
        (envelope, *_) = slack.envelopes.values()
        code = await asyncio.to_thread(first.wait, 60)
        assert code == -signal.SIGKILL
        assert not envelope.acknowledged
        second = _replica(url, slack.url)
        try:
            await until(lambda: slack.below().get(ts), 60)
            await until(lambda: all(each.acknowledged for each in slack.envelopes.values()), 30)
            await asyncio.sleep(0.5)
            below = slack.below()[ts]
            return Toll(1, 0, int(len(below) > 1)), envelope.tries
        finally:
            second.send_signal(signal.SIGTERM)
            await asyncio.to_thread(second.wait, 60)


def _replica(url: str, slack: str, *more: str) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "tests.slack_replica", url, slack, *more)
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


STRANGERS: dict[str, dict[str, object]] = {
    "another workspace": {"team_id": "T0OTHER"},
    "a guest of Slack Connect": {"team_id": "T0OTHER", "is_stranger": True},
    "a guest": {"is_restricted": True},
    "a guest of one channel": {"is_ultra_restricted": True},
    "a bot": {"is_bot": True},
    "somebody who left": {"deleted": True},
    "a workflow": {"is_workflow_bot": True},
}
"""Who is not one of the company's own people, in Slack's words."""


@dataclass(frozen=True, slots=True)
class Through:
    """How many got what is not theirs: strangers an answer, people who look like an admin a command."""

    asked: int
    strangers: int
    spoofs: int
    admins: int


async def strangers(fresh: Callable[[], str], handler: Handler) -> Through:
    """Let strangers ask in every way, and 50 people who look like an admin, or the admin in a strange state, command."""
    door, admin = slack_doors.door(handler), slack_doors.ADMIN.user
    async with Slack(again=SOON) as slack, working(slack, fresh(), door, WIDE) as scene:
        asked = 0
        for number, fields in enumerate(STRANGERS.values()):
            user = slack.person(f"U9{number}", **fields)
            slack.say(user, f"D9{number}", "May I put customer data into ChatGPT?")
            slack.say(user, "C1", f"{MENTION} may I put customer data into ChatGPT?")
            slack.slash(user, "C1", "May I put customer data into ChatGPT?")
            slack.open_home(user)
            asked += 4
        await until(lambda: scene.observer_ended(asked), 120)
        leaked = sum(slack_doors.GUARDED in words for words in everything(slack))
        for name in ids(50 - len(STRANGERS)):
            slack.slash(name, "C1", "status")
        await until(lambda: scene.observer_ended(asked + 50 - len(STRANGERS)), 120)
        through = sum(slack_doors.STATUS in words for words in everything(slack))
    for fields in STRANGERS.values():
        async with Slack(again=SOON) as slack, working(slack, fresh(), door, WIDE) as scene:
            slack.person(admin, **fields)
            slack.slash(admin, "C1", "status")
            await until(lambda: scene.observer_ended(1), 60)
            through += sum(slack_doors.STATUS in words for words in everything(slack))
    return Through(asked, leaked, 50, through)


def everything(slack: Slack) -> list[str]:
    """Return all that Lotse showed to anybody."""
    said = [posted.visible for posted in slack.messages.values() if posted.user == BOT]
    return said + [whisper.visible for whisper in slack.whispers] + [str(view) for view in slack.homes.values()]


def ids(number: int) -> list[str]:
    """Return what spoofed admins call themselves: the id in another letter case, with spaces, as a name or a mention."""
    real = "U0ADMIN"
    made = [
        real.lower(),
        f" {real}",
        f"{real} ",
        f"<@{real}>",
        f"@{real}",
        f"{real}\u200b",
        f"W{real[1:]}",
        f"{real}|admin",
    ]
    return [made[each % len(made)] + ("" if each < len(made) else f"{each}") for each in range(number)]
