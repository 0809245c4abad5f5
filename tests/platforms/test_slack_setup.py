"""Whoever sets Lotse up in Slack gets a manifest that is enough and no more, and is told what is wrong by Slack's own word."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import yaml
from pydantic import SecretStr

from adapters import wiring
from adapters.errors import OneToken
from adapters.settings import Settings
from adapters.slack import checks
from adapters.slack.manifest import EVENTS, SCOPES, manifest
from bot.access import ANY, NOTHING_MORE, Policy, Workspace
from tests.platforms.slack_people import TEAM
from tests.platforms.slack_server import ALL, APP_TOKEN, BOT_TOKEN, HISTORY, Slack
from tests.platforms.slack_server import SCOPES as CALLS

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = Policy(workspaces={("slack", TEAM): Workspace(rooms={ANY: NOTHING_MORE, "C0HR": NOTHING_MORE})})
HEARD = {
    "app_mention": "app_mentions:read",  # reference/events/app_mention
    "message.channels": "channels:history",  # reference/events/message.channels
    "message.groups": "groups:history",  # reference/events/message.groups
    "message.im": "im:history",  # reference/events/message.im
    "app_home_opened": "",  # reference/events/app_home_opened: no scope
}


def test_every_scope_is_needed_by_an_event_or_a_call_and_none_is_left_out() -> None:
    needed = {HEARD[event] for event in EVENTS} | set(CALLS.values()) | set(HISTORY.values()) | {"commands"}
    assert set(SCOPES) == needed - {"", "connections:write"}
    assert set(SCOPES) == ALL


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_manifest_is_what_slack_asks_for_with_a_reason_for_each_scope(language: str) -> None:
    written = manifest(language)
    fields = yaml.safe_load(written)
    assert fields["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert all(f"- {scope}  # " in written for scope in SCOPES)
    assert fields["settings"]["socket_mode_enabled"] is True
    assert "assistant_view" not in fields["features"]
    # reference/app-manifest: name 35, description 140, agent_description 300, usage_hint 1000 characters
    assert len(fields["display_information"]["name"]) <= 35
    assert len(fields["display_information"]["description"]) <= 140
    assert len(fields["features"]["agent_view"]["agent_description"]) <= 300
    # what is suggested comes from the handbook, when somebody opens the chat
    assert "suggested_prompts" not in fields["features"]["agent_view"]


async def look(
    slack: Slack, tokens: tuple[str, str] = (BOT_TOKEN, APP_TOKEN), policy: Policy = POLICY
) -> dict[str, str]:
    """Return what is wrong, by what was looked at."""
    found = await asyncio.to_thread(checks.examine, tokens, slack.url, policy, "access.yaml", "en")
    return {about: detail for about, well, detail in found if not well}


async def test_all_is_well_where_it_is() -> None:
    async with Slack() as slack:
        slack.channel("C0HR")
        assert await look(slack) == {}


def _no_scope(slack: Slack) -> None:
    slack.scopes -= {"users:read", "commands"}


def _not_in_channel(slack: Slack) -> None:
    slack.channels["C0HR"].member = False


def _no_channel(slack: Slack) -> None:
    del slack.channels["C0HR"]


def _revoked(slack: Slack) -> None:
    slack.revoked.add(BOT_TOKEN)


def _late(slack: Slack) -> None:
    slack.skew = 600


def _no_app_scope(slack: Slack) -> None:
    slack.app_scopes.clear()


@pytest.mark.parametrize(
    ("harm", "about", "words"),
    [
        (_no_scope, "Slack: scopes", ["commands (for /lotse)", "users:read", "missing_scope"]),
        (_not_in_channel, "Slack: channel C0HR", ["not_in_channel", "/invite @Lotse"]),
        (_no_channel, "Slack: channel C0HR", ["channel_not_found"]),
        (_revoked, "Slack: bot token", ["token_revoked"]),
        (_late, "Slack: clock", ["NTP"]),
        (_no_app_scope, "Slack: app-level token", ["missing_scope", "connections:write"]),
    ],
    ids=["scope", "not in channel", "no channel", "revoked", "clock", "app scope"],
)
async def test_what_is_wrong_is_named_by_slacks_word(
    harm: Callable[[Slack], None], about: str, words: list[str]
) -> None:
    async with Slack() as slack:
        slack.channel("C0HR")
        harm(slack)
        found = await look(slack)
    assert list(found) == [about]
    assert all(word in found[about] for word in words)


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (("xoxb-wrong", APP_TOKEN), "invalid_auth"),
        ((APP_TOKEN, BOT_TOKEN), "not_allowed_token_type"),
        ((BOT_TOKEN, ""), "only one of two"),
    ],
)
async def test_a_wrong_token_is_named(tokens: tuple[str, str], words: str) -> None:
    async with Slack() as slack:
        slack.channel("C0HR")
        assert words in str(await look(slack, tokens))
        assert "xoxb-" not in str(await look(slack, tokens)).replace("(xoxb-)", "").replace("with xoxb-", "")


async def test_a_workspace_that_is_not_opened_is_named() -> None:
    async with Slack() as slack:
        assert "access.yaml" in str(await look(slack, policy=Policy()))


async def test_slack_that_cannot_be_reached_is_said_so() -> None:
    async with Slack() as slack:
        await slack.down()
        found = await look(slack)
    assert "cannot be reached" in found["Slack: bot token"]


def test_one_token_of_two_is_not_passed_over_in_silence() -> None:
    with pytest.raises(OneToken):
        wiring.platforms(Settings().model_copy(update={"slack_bot_token": SecretStr(BOT_TOKEN)}))
