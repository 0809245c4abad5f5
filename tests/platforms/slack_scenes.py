"""Scenes in Slack: the local server, a database, and Lotse between them, with the real sdk."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.database.memory import Memory, remember
from adapters.serving.health import Health
from adapters.serving.server import Parts, Server
from adapters.slack.platform import SlackPlatform
from bot.inbox import Limits
from bot.messages import Answer, Citation, Outcome, Searching, Sentence, Verdict, Wrote
from tests.chats import Saying
from tests.platforms.slack_server import APP_TOKEN, BOT_TOKEN, Slack
from tests.scenes import Watching, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.messages import Event
    from bot.ports import Responder, Task
    from tests.platforms.slack_people import Posted

SOON = (0.0, 0.3, 0.6, 1.0)
"""When the server delivers again in tests, in seconds: an hour of Slack's own times would be the same."""


@dataclass
class Scene:
    """A workspace, and Lotse in it."""

    slack: Slack
    memory: Memory
    health: Health
    metrics: Watching
    platform: SlackPlatform

    def observer_ended(self, number: int) -> bool:
        """Say whether so many messages have ended."""
        return len(self.metrics.counter.endings) >= number

    async def quiet(self, seconds: float = 30) -> None:
        """Wait until nothing is on its way to Lotse, and nothing is left to do."""
        async with asyncio.timeout(seconds):
            while not all(each.acknowledged or each in self.slack.lost for each in self.slack.envelopes.values()):  # noqa: ASYNC110 - nor does the server
                await asyncio.sleep(0.01)
            while sum((await self.memory.inbox.depth()).values()):  # noqa: ASYNC110 - the database does not signal
                await asyncio.sleep(0.01)

    async def answers(self, channel: str, thread: str, number: int = 1, seconds: float = 20) -> list[Posted]:
        """Return what stands in a thread once so many messages are there and all is quiet."""
        await until(lambda: len(self.slack.answers(channel, thread)) >= number, seconds)
        await self.quiet(seconds)
        return self.slack.answers(channel, thread)


CITATION = Citation(1, "a.md", "AI policy", "Data", "Customer data never goes into ChatGPT.")
SAID = ("Customer data must not go into ChatGPT.", "Ask first.", "Write it down.")


@dataclass
class Writing:
    """A Responder that writes sentences one after the other, as a model does, and then the answer with a verdict."""

    sentences: tuple[str, ...] = SAID
    pause: float = 0.02

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        """Yield signs of life, sentences, and the answer."""
        yield Searching(3, "en")
        sentences = tuple(Sentence(text, (1,)) for text in self.sentences)
        for number, sentence in enumerate(sentences):
            await asyncio.sleep(self.pause)
            yield Wrote(sentence, () if number else (CITATION,), "en")
        await asyncio.sleep(self.pause)
        yield Answer(
            task.reference,
            task.message.text,
            "en",
            Outcome.WRITTEN,
            " ".join(self.sentences),
            Verdict.FORBIDDEN,
            sentences,
            (CITATION,),
            generation="20261127-080000-abcdef",
        )


def platform(slack: Slack, language: str = "en") -> SlackPlatform:
    """Return the platform on a local Slack."""
    return SlackPlatform(BOT_TOKEN, APP_TOKEN, slack.url, language)


@asynccontextmanager
async def working(
    slack: Slack,
    url: str,
    responder: Responder | Callable[[Memory], Responder] | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[Scene]:
    """Run Lotse on a workspace, in this process; a responder may be made of the memory."""
    memory = await remember(url)
    health, metrics, stop = Health(), Watching(), asyncio.Event()
    made = platform(slack)
    answering = responder(memory) if callable(responder) else responder or Saying()
    parts = Parts(memory, answering, limits or Limits(), health, metrics, lambda: "g1")
    running = asyncio.create_task(Server([made], parts).run(stop))
    try:
        await until(lambda: health.well("slack"))
        yield Scene(slack, memory, health, metrics, made)
    finally:
        stop.set()
        await running
        await memory.close()
