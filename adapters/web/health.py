"""/health and /metrics, for whoever runs Lotse."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.errors import PortTaken
from bot.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from adapters.database.memory import Memory
    from adapters.serving.health import Health
    from adapters.serving.metrics import Metrics

UNWELL = 503


class Pages:
    """The pages of one process."""

    def __init__(
        self, health: Health, metrics: Metrics, memory: Memory, created: Callable[[], datetime | None]
    ) -> None:
        self._health, self._metrics, self._memory, self._created = health, metrics, memory, created

    async def live(self, _request: web.Request) -> web.Response:
        """Say that the process runs."""
        return web.json_response({"live": True})

    async def ready(self, _request: web.Request) -> web.Response:
        """Say whether a question would be answered now, and what is wrong."""
        return web.json_response(self._health.report(), status=200 if self._health.ready else UNWELL)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Return the figures for Prometheus."""
        try:
            depth = await self._memory.inbox.depth()
        except Unavailable:
            depth = {}
        page = self._metrics.page(depth, self._health.silence(), self._created(), self._health.behind())
        return web.Response(body=page, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


@asynccontextmanager
async def shown(pages: Pages, host: str, port: int) -> AsyncIterator[int]:
    """Show the pages as long as the block runs; yield the port (0: any free one)."""
    app = web.Application()
    app.router.add_get("/health", pages.ready)
    app.router.add_get("/health/ready", pages.ready)
    app.router.add_get("/health/live", pages.live)
    app.router.add_get("/metrics", pages.metrics)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise PortTaken(f"{host}:{port}") from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
