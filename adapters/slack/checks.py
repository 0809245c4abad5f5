"""What can be wrong with Lotse in Slack, looked at from outside: tokens, scopes, channels, access, the clock."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack.api import Api
from adapters.slack.manifest import SCOPES, reason
from adapters.slack.receiving import NAME
from bot.access import ANY
from bot.phrases import PHRASES, say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from slack_sdk.web.async_slack_response import AsyncSlackResponse

    from bot.access import Policy

DRIFT = 60.0
"""Seconds by which the clock may differ from Slack's."""
LONG_AGO = "0.000001"
"""A moment before any message: a look at a channel up to then shows whether Lotse is in it, and nothing of what is said there."""
PAGE, PAGES = 200, 10
"""Channels that are asked for at a time, and how often."""
NAMED = 10
"""Channels that are named."""
Look = tuple[str, bool, str]
"""What was looked at, whether it is well, and what is to be said about it."""


def examine(tokens: tuple[str, str], url: str, policy: Policy, file: str, language: str) -> list[Look]:
    """Return what each look at the bot token and the app-level token showed. Blocking."""
    if not all(tokens):
        return [(say("doctor_slack_token", language), False, say("slack_only_one", language))]
    return asyncio.run(_examined(tokens, url, policy, file, language))


async def _examined(tokens: tuple[str, str], url: str, policy: Policy, file: str, language: str) -> list[Look]:
    bot, app = Api(tokens[0], url), Api(tokens[1], url)
    checks = _Checks(bot, policy, file, language)
    try:
        return [*[look async for look in checks.bot()], await checks.app(app)]
    finally:
        await bot.close()
        await app.close()


class _Checks:
    """Looks at one workspace."""

    def __init__(self, api: Api, policy: Policy, file: str, language: str) -> None:
        self._api, self._policy, self._file, self._language = api, policy, file, language

    async def bot(self) -> AsyncIterator[Look]:
        """Yield what the bot token shows."""
        about = self._say("doctor_slack_token")
        try:
            reply = await self._api.client.auth_test()
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            yield about, False, self._said(error)
            return
        team = str(reply["team_id"])
        yield about, True, self._say("slack_token_well", user=reply["user"], team=reply["team"], id=team)
        yield self._scopes(reply)
        for look in (self._clock(reply), self._access(team)):
            if look:
                yield look
        for room in self._rooms(team):
            yield await self._room(room)
        yield await self._channels(team)

    async def app(self, api: Api) -> Look:
        """Return what the app-level token shows."""
        about = self._say("doctor_slack_app")
        try:
            await api.client.api_call("apps.connections.open")
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            return about, False, self._said(error)
        return about, True, self._say("slack_app_well")

    def _scopes(self, reply: AsyncSlackResponse) -> Look:
        """Compare the scopes that Slack names with every reply with those that are needed."""
        about = self._say("doctor_slack_scopes")
        granted = _header(reply, "x-oauth-scopes").replace(" ", "").split(",")
        missing = [scope for scope in SCOPES if scope not in granted]
        if not missing:
            return about, True, self._say("slack_scopes_well", count=len(SCOPES))
        named = "; ".join(f"{scope} ({reason(scope, self._language)})" for scope in missing)
        return about, False, self._say("slack_scopes_missing", scopes=named)

    def _clock(self, reply: AsyncSlackResponse) -> Look | None:
        """Compare this machine's clock with that of Slack, which every reply tells."""
        with suppress(ValueError):
            told = parsedate_to_datetime(_header(reply, "date"))
            seconds = abs((told - datetime.now(UTC)).total_seconds())
            phrase = "slack_clock_well" if seconds <= DRIFT else "slack_clock_off"
            return self._say("doctor_slack_clock"), seconds <= DRIFT, self._say(phrase, seconds=round(seconds))
        return None

    def _access(self, team: str) -> Look:
        about, opened = self._say("doctor_slack_access"), (NAME, team) in self._policy.workspaces
        phrase = "slack_access_well" if opened else "slack_access_closed"
        return about, opened, self._say(phrase, team=team, file=self._file)

    def _rooms(self, team: str) -> Sequence[str]:
        """Return the channels that the access file names."""
        workspace = self._policy.workspaces.get((NAME, team))
        return [room for room, read in workspace.rooms.items() if room != ANY and read is not None] if workspace else []

    async def _channels(self, team: str) -> Look:
        """Tell which channels Lotse is in, and which of them the access file leaves closed."""
        about = self._say("doctor_slack_channels")
        try:
            joined = {str(each["id"]): f"#{each['name']}" async for each in self._joined()}
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            return about, False, self._said(error)
        workspace = self._policy.workspaces.get((NAME, team))
        opened = workspace.rooms if workspace else {}
        closed = [name for room, name in joined.items() if not {room, ANY} & opened.keys()]
        if closed and workspace:
            return about, False, self._say("slack_channels_closed", names=_brief(closed), file=self._file)
        if not joined:
            return about, True, self._say("slack_channels_none")
        return about, True, self._say("slack_channels_well", count=len(joined), names=_brief(list(joined.values())))

    async def _joined(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the channels that Lotse is in (docs.slack.dev/reference/methods/users.conversations)."""
        cursor: str | None = None
        for _ in range(PAGES):
            reply = await self._api.client.users_conversations(
                types="public_channel,private_channel", exclude_archived=True, limit=PAGE, cursor=cursor
            )
            for each in reply["channels"]:
                yield each
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    async def _room(self, room: str) -> Look:
        """Look whether Lotse is in a channel, without reading what is said there."""
        about = self._say("doctor_slack_room", room=room)
        try:
            await self._api.client.conversations_history(channel=room, latest=LONG_AGO, limit=1)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            return about, False, self._said(error)
        return about, True, self._say("slack_room_well")

    def _said(self, error: Exception) -> str:
        """Say what an error means and how to mend it, with Slack's own word for it."""
        if not isinstance(error, SlackApiError) or not isinstance(error.response.data, dict):
            return self._say("slack_unreachable")
        word, needed = str(error.response.data.get("error", "")), error.response.data.get("needed", "")
        phrase = f"slack_says_{word}" if f"slack_says_{word}" in PHRASES[self._language] else "slack_says"
        return self._say(phrase, error=word, needed=needed)

    def _say(self, phrase: str, **fields: object) -> str:
        return say(phrase, self._language, **fields)


def _brief(names: Sequence[str]) -> str:
    """Return names in a line, not all where there are many."""
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _header(reply: AsyncSlackResponse, name: str) -> str:
    """Return a header, whatever the case of its name."""
    return next((str(value) for key, value in reply.headers.items() if key.lower() == name), "")
