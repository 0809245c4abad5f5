"""Slack's Web API, called once, with its errors as those of the core."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.pace import Pace
from bot.errors import PlatformError, Refused, Uncertain, Unreachable, Vanished

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slack_sdk.web.async_slack_response import AsyncSlackResponse

SLACK = "https://slack.com/api"
SECONDS = 20.0
"""Seconds that one call may take."""
GONE = frozenset({"message_not_found", "thread_not_found", "cant_delete_message"})
"""What was to be changed is not there (any more)."""
MALFORMED = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "invalid_arguments",
        "block_mismatch",
        "msg_blocks_too_long",
        "msg_blocks_too_many",
        "msg_too_long",
        "markdown_text_conflict",
        "no_text",
    }
)
"""Slack does not take what was written, so that it may be said more simply."""
TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "not_allowed_token_type",
        "team_access_not_granted",
        "org_login_required",
        "two_factor_setup_required",
    }
)
"""Something is wrong with the token or its scopes: whoever looks after Lotse mends it, and then it goes on."""
DOUBTFUL = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout", "update_failed"})
"""Slack's documentation says that the call may have succeeded in part."""
STREAM_OVER = frozenset({"message_not_in_streaming_state", "stopped_by_user", "message_not_owned_by_app"})


@dataclass
class Malformed(PlatformError):
    """Slack does not take what was written. `reason` is its word for it."""

    reason: str = ""


@dataclass
class StreamOver(PlatformError):
    """Nothing can be added to a stream any more: its time is over, or the person stopped it."""

    reason: str = ""


class StillStreaming(PlatformError):
    """A message cannot be changed before its stream was ended."""


class Api:
    """The Web API with one token. Connections are kept until `close`."""

    def __init__(self, token: str, url: str = "") -> None:
        self._token, self.url = token, (url or SLACK).rstrip("/") + "/"
        self._session: aiohttp.ClientSession | None = None
        self._pace = Pace()

    @property
    def client(self) -> AsyncWebClient:
        """Return the sdk's client. It never tries again by itself: what was cut off may have arrived."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        return AsyncWebClient(
            token=self._token, base_url=self.url, session=self._session, retry_handlers=[], timeout=int(SECONDS)
        )

    async def call(self, method: str, **arguments: Any) -> AsyncSlackResponse:  # noqa: ANN401 - JSON values
        """Call a method; what is written into a channel waits its turn there. Raises PlatformError."""
        if method != "chat.postMessage":
            return await self._called(method, arguments)
        async with self._pace.turn(str(arguments.get("channel"))):
            return await self._called(method, arguments)

    async def _called(self, method: str, arguments: Mapping[str, Any]) -> AsyncSlackResponse:
        try:
            given = {name: value for name, value in arguments.items() if value is not None}
            return await self.client.api_call(method, json=given)
        except SlackApiError as error:
            raise mapped(error) from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Refused if isinstance(error, aiohttp.ClientConnectorError) else Uncertain from error

    async def look(self, method: str, **arguments: Any) -> AsyncSlackResponse:  # noqa: ANN401 - JSON values
        """Call a method that changes nothing, until it answers. Raises PlatformError other than Refused and Uncertain."""
        pause = 0.25
        while True:
            try:
                return await self.call(method, **arguments)
            except (Refused, Uncertain) as error:
                await asyncio.sleep(max(getattr(error, "seconds", 0.0), pause))
                pause = min(pause * 2, 10.0)

    async def answer(self, url: str, body: dict[str, Any]) -> None:
        """Send what only one person sees to the address that came with what they did. Raises PlatformError."""
        if not self._trusted(url):
            raise Unreachable("response_url")
        webhook = AsyncWebhookClient(url, int(SECONDS), session=self.client.session, retry_handlers=[])
        try:
            reply = await webhook.send_dict(body)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Refused if isinstance(error, aiohttp.ClientConnectorError) else Uncertain from error
        _judge(reply.status_code, reply.body, {key.lower(): value for key, value in reply.headers.items()})

    def _trusted(self, url: str) -> bool:
        """Say whether an address is Slack's own, or stands where the Web API does."""
        given, known = urlsplit(url), urlsplit(self.url)
        own = (given.scheme, given.netloc) == (known.scheme, known.netloc)
        return own or (given.scheme == "https" and (given.hostname or "").endswith((".slack.com", ".slack-gov.com")))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()


def mapped(error: SlackApiError) -> PlatformError:
    """Return what Slack's word for an error means to the core."""
    reply: AsyncSlackResponse | Any = error.response
    status, word = getattr(reply, "status_code", 0), _word(reply)
    if status == TOO_MANY or word in {"ratelimited", "rate_limited"}:
        return Refused(_seconds(reply.headers.get("Retry-After", "")))
    if status >= BROKEN or word in DOUBTFUL:
        return Uncertain()
    if word == "streaming_state_conflict":
        return StillStreaming()
    kinds = ((GONE, Vanished()), (MALFORMED, Malformed(word)), (STREAM_OVER, StreamOver(word)), (TOKEN, Refused()))
    return next((kind for words, kind in kinds if word in words), Unreachable(word))


TOO_MANY, BROKEN, MISSING = 429, 500, 404


def _word(reply: Any) -> str:  # noqa: ANN401 - of two kinds
    """Return Slack's word for an error, nothing where no JSON came."""
    data = getattr(reply, "data", reply)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def word_of(error: PlatformError) -> str:
    """Return Slack's word for an error, or that it was not reached."""
    cause = error.__cause__
    return (_word(cause.response) if isinstance(cause, SlackApiError) else "") or "unreachable"


def _seconds(text: str) -> float:
    """Return how long Slack asks to wait."""
    return float(text) if text.isdigit() else 1.0


def _judge(status: int, text: str, headers: Mapping[str, str]) -> None:
    """Raise what a response_url's reply means, unless it took what was sent."""
    if status == TOO_MANY:
        raise Refused(_seconds(headers.get("retry-after", "")))
    if status >= BROKEN:
        raise Uncertain
    if status == MISSING or text in {"expired_url", "used_url"}:
        raise Vanished
    if text and text != "ok" and not _is_ok(text):
        raise Malformed(text[:40])


def _is_ok(text: str) -> bool:
    try:
        return bool(json.loads(text).get("ok"))
    except (ValueError, AttributeError):
        return False
