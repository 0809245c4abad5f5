"""Start serving as the settings say, and stop when the process is told to."""

from __future__ import annotations

import asyncio
import gc
import signal
from functools import partial
from typing import TYPE_CHECKING

from adapters import wiring
from adapters.serving.generation import Follower
from adapters.serving.health import Health
from adapters.serving.metrics import Metrics
from adapters.serving.server import Parts, Server
from adapters.web.health import Pages, shown
from bot.inbox import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.settings import Settings
    from bot.ports import Platform


def limits(settings: Settings) -> Limits:
    """Return how much is done at once, and for how long, as the settings say."""
    return Limits(
        answering=settings.parallel,
        late=settings.late_minutes * 60.0,
        stop=float(settings.stop_seconds),
        language=settings.language,
        incident_contact=settings.incident_contact,
        patterns=wiring.patterns(settings),
    )


async def serve(settings: Settings, platforms: Sequence[Platform], stop: asyncio.Event | None = None) -> None:
    """Serve until SIGTERM, SIGINT or `stop`. Raises Unavailable, KnowledgeError."""
    stop = stop or told_to_stop()
    remembered = await wiring.memory(settings)
    follower = Follower(settings.data_dir, settings.generations)
    health, metrics = Health(access=wiring.access_problem(settings), behind=follower.behind), Metrics()
    answers = wiring.reception(settings, remembered, platforms)
    await answers.ready()
    gc.freeze()  # what is loaded by now stays: looking through it again and again would make some answers late
    tidy = partial(wiring.tidy, settings, remembered)
    parts = Parts(remembered, answers, limits(settings), health, metrics, follower.follow, answers.forget, tidy)
    pages = Pages(health, metrics, remembered, lambda: follower.created)
    try:
        async with shown(pages, settings.health_host, settings.health_port):
            await Server(platforms, parts).run(stop)
    finally:
        await remembered.close()


def told_to_stop() -> asyncio.Event:
    """Return what is set when the process is told to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop
