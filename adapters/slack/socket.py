"""Socket Mode, kept up: what Slack delivers is handed on and acknowledged only when it was written down."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_sdk.socket_mode.request import SocketModeRequest

    from adapters.slack.api import Api

    Take = Callable[[Mapping[str, object]], Awaitable[BoltResponse | None]]

PING = 3.0
"""Seconds between two signs of life on the socket; after four without an answer the sdk connects anew."""
LOOK = 0.5
"""Seconds between two looks whether the socket is up."""
ATTEMPT, LONGEST_ATTEMPT = 2.5, 20.0
"""Seconds that the first attempt to connect may take, and a later one at most; then the next begins with a new address."""
RENEWAL = 1.5
"""Seconds that a connection may take to be renewed, as Slack asks every few hours, before health tells of it."""
PATIENCE = 45.0
"""Seconds without a socket after which the client itself is made anew."""
_log = logging.getLogger("lotse.slack")


class Client(SocketModeClient):
    """The sdk's client, which connects one at a time, and each time with a new address: each is good once.

    The sdk's own would try a spent address for ever, and close the connection that another attempt has made meanwhile.
    """

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - as the sdk calls it
        """Connect anew, unless it was done while this waited."""
        before = self.current_session
        async with self.connect_operation_lock:
            if self.current_session is before and (force or not await self.is_connected()):
                await self.connect()

    async def connect(self) -> None:
        """Connect, with one address after the other."""
        for attempt in itertools.count():
            self.wss_uri = self.last_ping_pong_time = (
                None  # the last sign of life of an old socket says nothing of a new one
            )
            with suppress(TimeoutError):
                async with asyncio.timeout(min(ATTEMPT * 2**attempt, LONGEST_ATTEMPT)):
                    await super().connect()  # type: ignore[no-untyped-call]
                    return


class Socket:
    """One connection to Slack after the other. `take` gets each payload before bolt does; what it returns is the reply."""

    def __init__(self, api: Api, app_token: str, take: Take) -> None:
        self._api, self._app_token, self._take = api, app_token, take
        self._app = AsyncApp(
            client=api.client, logger=_SDK, before_authorize=self._before, request_verification_enabled=False
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
            client = Client(self._app_token, logger=_SDK, web_client=self._api.client, ping_interval=PING)
            client.socket_mode_request_listeners.append(self._dispatch)  # type: ignore[arg-type] # typed for its base
            connecting = asyncio.create_task(client.connect())
            try:
                await self._watch(client, heard)
            finally:
                connecting.cancel()
                with suppress(Exception):
                    await client.close()  # type: ignore[no-untyped-call]
                await asyncio.gather(connecting, return_exceptions=True)

    async def _dispatch(self, client: Client, request: SocketModeRequest) -> None:
        """Let bolt see to one envelope, and acknowledge it if that went well."""
        began = time.time()
        await send_async_response(client, request, await run_async_bolt_app(self._app, request), began)

    @staticmethod
    async def _watch(client: Client, heard: Callable[[bool], None]) -> None:
        """Return when a connection was gone for too long. One that is being renewed counts as up for a moment."""
        since, up = time.monotonic(), 0.0
        while time.monotonic() - since < PATIENCE:
            well = False
            with suppress(SlackClientError):
                well = await client.is_connected()
            if well:
                since = up = time.monotonic()
            heard(well or time.monotonic() - up < RENEWAL)
            await asyncio.sleep(LOOK)
        _log.warning("connecting anew")


_SDK = logging.getLogger("lotse.slack.sdk")
_SDK.setLevel(logging.CRITICAL)
"""The sdk writes whole payloads into its log, words of people among them."""
