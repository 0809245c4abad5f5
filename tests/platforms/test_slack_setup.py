"""Whoever sets Lotse up in Slack gets a manifest that is enough and no more, and is told what is wrong by Slack's own word."""

from __future__ import annotations

import asyncio
import os
import sys
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
from tests.platforms.slack_server import ALL, APP_TOKEN, BOT_TOKEN, HISTORY, READ, Slack
from tests.platforms.slack_server import SCOPES as CALLS
from tests.scenes import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POLICY = Policy(workspaces={("slack", TEAM): Workspace(rooms={ANY: NOTHING_MORE, "C0HR": NOTHING_MORE})})
HEARD = {
    "app_mention": "app_mentions:read",  # reference/events/app_mention
    "message.channels": "channels:history",  # reference/events/message.channels
    "message.groups": "groups:history",  # reference/events/message.groups
    "message.im": "im:history",  # reference/events/message.im
    "message.mpim": "mpim:history",  # reference/events/message.mpim
    "app_home_opened": "",  # reference/events/app_home_opened: no scope
}


def test_every_scope_is_needed_by_an_event_or_a_call_and_none_is_left_out() -> None:
    needed = {HEARD[event] for event in EVENTS} | set(CALLS.values()) | {*HISTORY.values(), *READ.values(), "commands"}
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


def _no_reading(slack: Slack) -> None:
    slack.scopes -= {"groups:read"}


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


async def test_without_the_scope_for_it_slacks_word_stands_where_the_channels_would() -> None:
    async with Slack() as slack:
        slack.channel("C0HR")
        _no_reading(slack)
        found = await look(slack)
    assert list(found) == ["Slack: scopes", "Slack: channels"]
    assert "missing_scope" in found["Slack: channels"]


async def test_the_channels_that_lotse_is_in_are_named_and_those_that_nobody_may_ask_in() -> None:
    async with Slack() as slack:
        for number in range(450):
            slack.channel(f"C{number}", member=number % 2 == 0)
        slack.channel("C0HR")
        said = await told(slack, POLICY)
        assert "Lotse is in 226 channels: #c0, #c2" in said
        closed = Policy(workspaces={("slack", TEAM): Workspace(rooms={"C0HR": NOTHING_MORE})})
        assert "access.yaml does not open" in (await look(slack, policy=closed))["Slack: channels"]
    async with Slack() as slack:
        assert "not_in_channel" in await told(slack, Policy(workspaces={("slack", TEAM): Workspace(rooms={})}))


async def told(slack: Slack, policy: Policy) -> str:
    """Return what is said about the channels, where all is well."""
    looks = await asyncio.to_thread(checks.examine, (BOT_TOKEN, APP_TOKEN), slack.url, policy, "access.yaml", "en")
    return next(detail for about, well, detail in looks if about == "Slack: channels" and well)


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


# the commands, each in a process of its own


async def lotse(slack: Slack, folder: Path, *words: str, language: str = "en") -> tuple[int, str]:
    """Run the command in a folder, with the tokens of the local Slack, and return its exit code and what it prints."""
    access = f"workspaces:\n  - platform: slack\n    workspace: {TEAM}\n    rooms:\n      C0HR: [all]\n"
    (folder / "access.yaml").write_text(access, "utf-8")
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": slack.url}
    variables = {**os.environ, **tokens, "LOTSE_LANGUAGE": language, "PYTHONPATH": str(ROOT), "COLUMNS": "400"}
    command = (sys.executable, "-m", "adapters.cli", *words)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=variables, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    return process.returncode or 0, (out + err).decode()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_command_prints_the_manifest_and_nothing_else(tmp_path: Path, language: str) -> None:
    async with Slack() as slack:
        code, printed = await lotse(slack, tmp_path, "slack", "manifest", language=language)
    assert code == 0
    assert printed.strip() == manifest(language).strip()
    assert yaml.safe_load(printed)["oauth_config"]["scopes"]["bot"] == list(SCOPES)


@pytest.mark.slow
async def test_the_doctor_names_what_is_wrong_in_slack_and_never_a_token(tmp_path: Path) -> None:
    async with Slack() as slack:
        slack.channel("C0HR")
        _, well = await lotse(slack, tmp_path, "doctor")
        slack.channels["C0HR"].member = False
        slack.scopes -= {"users:read"}
        code, ill = await lotse(slack, tmp_path, "doctor")
        slack.revoked.add(BOT_TOKEN)
        _, gone = await lotse(slack, tmp_path, "doctor")
    assert "Lotse is a member" in well
    assert "Lotse is in 1 channel: #c0hr" in well
    assert "not_in_channel" not in well
    assert code == 1
    assert all(words in ill for words in ("not_in_channel", "/invite @Lotse", "users:read", "missing_scope"))
    assert "token_revoked" in gone
    assert BOT_TOKEN not in well + ill + gone
