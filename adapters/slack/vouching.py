"""What only a look-up tells of whoever wrote: how Slack says they belong here, and whose words stand in a thread."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from adapters.slack.receiving import SLACKBOT, context
from bot.cache import Cache
from bot.errors import Unreachable, Vanished
from bot.senders import Membership
from knowledge.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from adapters.slack.api import Api
    from bot.messages import Message

    Fields = Mapping[str, Any]

KNOWN_SECONDS = 300.0
"""How long it is relied on what Slack said about a person: somebody who is made a guest is one soon."""
KNOWN_PEOPLE = 5000
PAGE, PAGES = 200, 5
"""Messages of a thread that are looked at, and how often: in a longer one nothing is said that was not asked for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody belongs to the workspace, which one is theirs, and in which language they use Slack."""

    membership: Membership
    home: str
    locale: str = ""


NOBODY = Standing(Membership.NOBODY, "")


class Vouching:
    """Asks Slack about people, and remembers it for a while."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: Cache[tuple[float, Standing]] = Cache(KNOWN_PEOPLE)

    async def vouch(self, message: Message) -> Message | None:
        """Return a message with what Slack says of its sender, None when it was said to other people. Raises PlatformError."""
        team = message.place.workspace
        standing = await self.standing(message.user, team)
        if context(message).overheard and await self._among_people(message):
            return None
        home = standing.home or message.home
        return replace(message, membership=standing.membership, home=home, locale=standing.locale)

    def locale(self, user: str) -> str:
        """Return the language of somebody who was looked up before, as far as it is remembered."""
        known = self._known.get(user)
        return known[1].locale if known else ""

    async def standing(self, user: str, team: str) -> Standing:
        """Return how a user belongs to a workspace. Raises PlatformError."""
        known = self._known.get(user)
        if known and time.monotonic() - known[0] < KNOWN_SECONDS:
            return known[1]
        try:
            reply = await self._api.look("users.info", user=user, include_locale=True)
        except Unreachable as error:
            if error.reason not in UNSEEN:
                raise
            standing = NOBODY
        else:
            standing = told(reply["user"], team)
        self._known.put(user, (time.monotonic(), standing))
        return standing

    async def _among_people(self, message: Message) -> bool:
        """Say whether something is said to other people: to somebody who is named, or in a thread where others wrote before.

        Of a thread that is too long to be read, or is closed to Lotse, it is assumed.
        """
        if context(message).named:
            return True
        try:
            async for writer in self._writers(message):
                if writer not in {message.user, ""}:
                    return True
        except (EOFError, Unreachable, Vanished):
            return True
        return False

    async def _writers(self, message: Message) -> AsyncIterator[str]:
        """Yield who wrote in a thread up to a message, without bots. Raises PlatformError, EOFError for one that is too long."""
        cursor: str | None = None
        for _ in range(PAGES):
            reply = await self._api.look(
                "conversations.replies",
                channel=message.place.conversation,
                ts=message.place.thread,
                latest=message.id,
                inclusive=True,
                limit=PAGE,
                cursor=cursor,
            )
            for each in reply["messages"]:
                yield "" if each.get("bot_id") else str(each.get("user", ""))
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return
        raise EOFError


UNSEEN = frozenset({"user_not_found", "user_not_visible", "user_not_in_channel", "users_not_found"})
"""Slack tells nothing of such a user: then they are nobody to us."""


def told(user: Fields, team: str) -> Standing:
    """Return what Slack's words about a user come to (docs.slack.dev/reference/objects/user-object)."""
    home = _home(user, team)
    return Standing(_membership(user, home, team), home, _locale(str(user.get("locale", ""))))


def _membership(user: Fields, home: str, team: str) -> Membership:
    bot = user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") == SLACKBOT
    if bot or user.get("deleted"):
        return Membership.NOBODY
    if user.get("is_stranger") or home != team:
        return Membership.OUTSIDER
    return Membership.GUEST if user.get("is_restricted") or user.get("is_ultra_restricted") else Membership.MEMBER


def _home(user: Fields, team: str) -> str:
    """Return the workspace of a user; in an organisation of several, this one if it is among theirs."""
    teams = user.get("enterprise_user", {}).get("teams", ())
    return team if team in teams else str(user.get("team_id", ""))


def _locale(locale: str) -> str:
    language = locale[:2].casefold()
    return language if language in LANGUAGES else ""
