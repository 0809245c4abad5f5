"""A replica on a chat server in another process: python -m tests.replica DATABASE PORT PAUSE."""

from __future__ import annotations

import asyncio
import sys

from adapters.database.memory import remember
from adapters.serving.health import Health
from adapters.serving.metrics import Metrics
from adapters.serving.server import Parts, Server
from adapters.serving.start import told_to_stop
from bot.inbox import Limits
from tests.chats import FakePlatform, Remote, Saying


async def main(url: str, port: int, pause: float) -> None:
    """Serve until told to stop."""
    stop = told_to_stop()
    memory = await remember(url)
    parts = Parts(memory, Saying(pause), Limits(), Health(), Metrics(), lambda: "g1")
    await Server([FakePlatform(Remote(port))], parts).run(stop)
    await memory.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
