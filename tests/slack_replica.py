"""Lotse on a local Slack, in a process of its own: python -m tests.slack_replica DATABASE SLACK [KILL].

With KILL it dies right after it has written a message down, before the message is acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

from adapters.database.memory import remember
from adapters.serving.health import Health
from adapters.serving.metrics import Metrics
from adapters.serving.server import Parts, Server
from adapters.serving.start import told_to_stop
from adapters.slack.platform import SlackPlatform
from bot.inbox import Limits
from tests.chats import Saying
from tests.platforms.slack_server import APP_TOKEN, BOT_TOKEN

if TYPE_CHECKING:
    from adapters.database.inbox import Inbox
    from bot.messages import Message


def die_after_writing(inbox: Inbox) -> None:
    """Let the process be killed once a message was written down."""
    receive = inbox.receive

    async def _last(message: Message) -> bool:
        await receive(message)
        os.kill(os.getpid(), signal.SIGKILL)
        return True

    inbox.receive = _last  # type: ignore[method-assign] # what a power cut does


async def main(database: str, slack: str, kill: str = "") -> None:
    memory = await remember(database)
    if kill:
        die_after_writing(memory.inbox)
    platform = SlackPlatform(BOT_TOKEN, APP_TOKEN, slack)
    parts = Parts(memory, Saying(), Limits(), Health(), Metrics(), lambda: "g1")
    await Server([platform], parts).run(told_to_stop())
    await memory.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
