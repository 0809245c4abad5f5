"""A replica on a Telegram server in another process: python -m tests.platforms.telegram_replica DATABASE ADDRESS PAUSE [SILENT]."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from adapters.database.memory import remember
from adapters.database.replicas import Replicas
from adapters.serving.health import Health
from adapters.serving.metrics import Metrics
from adapters.serving.server import Parts, Server
from adapters.serving.start import told_to_stop
from adapters.telegram.ledger import Ledger
from adapters.telegram.platform import TelegramPlatform, connect
from bot.inbox import Limits
from tests.chats import Saying
from tests.platforms.telegram_server import TOKEN


async def main(url: str, address: str, pause: float, silent: float = 0.0) -> None:
    """Serve until told to stop."""
    stop = told_to_stop()
    memory = await remember(url)
    if silent:  # whoever was killed counts as dead sooner than in service: a drill has many kills
        memory = replace(memory, replicas=Replicas(memory.database, memory.replicas.name, silent))
    parts = Parts(memory, Saying(pause), Limits(), Health(), Metrics(), lambda: "g1")
    ledger = Ledger(Path(url.partition(":///")[2]).with_name("telegram-sent"))
    await Server([TelegramPlatform(connect(TOKEN, address), ledger=ledger)], parts).run(stop)
    await memory.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], *map(float, sys.argv[3:])))
