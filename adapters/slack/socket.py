"""Socket Mode, kept up: what Slack delivers is handed on and acknowledged only when it was written down."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from slack_bolt.request.async_request import AsyncBoltRequest

    from adapters.slack.api import Api

    Take = Callable[[Mapping[str, object]], Awaitable[BoltResponse | None]]

PING = 3.0
"""Seconds between two signs of life on the socket; after four without an answer the sdk connects anew."""
LOOK = 0.5
"""Seconds between two looks whether the socket is up."""
PATIENCE = 12.0
"""Seconds without a socket after which it is made anew: the sdk would try an address that is good only once for ever."""
_log = logging.getLogger("lotse.slack")


class Socket:
    """One connection to Slack after the other. `take` gets each payload before bolt does; what it returns is the reply."""

    def __init__(self, api: Api, app_token: str, take: Take) -> None:
        self._api, self._app_token, self._take = api, app_token, take

    def app(self) -> AsyncApp:
        """Return the app that every payload goes through."""
        return AsyncApp(
            client=self._api.client,
            logger=_SDK,
            before_authorize=self._before,
            request_verification_enabled=False,
        )

    async def _before(self, req: AsyncBoltRequest) -> BoltResponse:
        """Hand a payload on before anything else happens; without an answer it stays unacknowledged and comes again."""
        try:
            reply = await self._take(req.body)
        except Exception as error:  # noqa: BLE001 - an acknowledgement would lose it
            _log.warning("not written down", extra={"reason": type(error).__name__})
            return BoltResponse(status=503)
        return reply or BoltResponse(status=200)

    async def run(self, heard: Callable[[bool], None]) -> None:
        """Stay connected until cancelled; tell each time that Slack was heard from, or could not be reached."""
        while True:
            handler = AsyncSocketModeHandler(self.app(), self._app_token, logger=_SDK, ping_interval=PING)
            connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
            try:
                await self._watch(handler, heard)
            finally:
                connecting.cancel()
                with suppress(Exception):
                    await handler.close_async()  # type: ignore[no-untyped-call]
                await asyncio.gather(connecting, return_exceptions=True)

    @staticmethod
    async def _watch(handler: AsyncSocketModeHandler, heard: Callable[[bool], None]) -> None:
        """Return when a connection was gone for too long."""
        since = time.monotonic()
        while time.monotonic() - since < PATIENCE:
            well = False
            with suppress(SlackClientError):
                well = await handler.client.is_connected()
            if well:
                since = time.monotonic()
            heard(well)
            await asyncio.sleep(LOOK)
        _log.warning("connecting anew")


_SDK = logging.getLogger("lotse.slack.sdk")
_SDK.setLevel(logging.CRITICAL)
"""The sdk writes whole payloads into its log, words of people among them."""
