"""What Slack delivers is read as people said it, and only what they said to Lotse."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import receiving
from adapters.slack.receiving import Identity
from bot import commands
from bot.messages import Kind
from tests.platforms.slack_people import BOT, BOT_ID, TEAM

MENTION = f"<@{BOT}>"
ME = Identity(TEAM, BOT, BOT_ID)


@pytest.mark.parametrize(
    "fields",
    [
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "bot_message", "bot_id": "B1"},
        {"bot_id": "B1"},
        {"bot_id": BOT_ID, "user": BOT},
        {"user": "USLACKBOT"},
        {"subtype": "message_replied"},
        {"user": ""},
    ],
)
def test_what_is_no_word_of_a_person_is_ignored(fields: dict[str, Any]) -> None:
    event = {"type": "message", "user": "U1", "text": MENTION, "ts": "1.2", "channel": "D1", "team": TEAM}
    body = {"type": "event_callback", "team_id": TEAM, "event": event | fields}
    assert receiving.event(body, ME) is None
    assert receiving.event(body | {"event": event}, ME)


def test_an_edit_is_as_old_as_the_edit_and_not_as_what_was_edited() -> None:
    before = {"type": "message", "user": "U1", "text": "?", "ts": "1000.1", "team": TEAM}
    now = before | {"text": "Edited?", "edited": {"user": "U1", "ts": "9000.5"}}
    event = {"type": "message", "subtype": "message_changed", "channel": "D1", "ts": "9000.5"}
    said = receiving.event({"team_id": TEAM, "event": event | {"message": now, "previous_message": before}}, ME)
    assert said
    assert said.written.timestamp() == 9000.5


def test_what_was_delivered_to_another_workspace_is_ignored() -> None:
    event = {"type": "message", "user": "U1", "text": "?", "ts": "1.2", "channel": "D1"}
    assert receiving.event({"team_id": "T0OTHER", "event": event}, ME) is None


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("", "/help"),
        ("help", "/help"),
        ("Hilfe", "/help"),
        ("/help", "/help"),
        ("check Mail an a@b.example", "/check Mail an a@b.example"),
        ("forget", "/forget"),
        ("vergessen ja", "/forget ja"),
        ("why 0123456789ab", "/why 0123456789ab"),
        ("Warum darf ich das nicht?", "Warum darf ich das nicht?"),
        ("Status der Freigabe von DeepL?", "Status der Freigabe von DeepL?"),
        ("Sprache der Richtlinie?", "Sprache der Richtlinie?"),
        ("language de", "/language de"),
        ("Export customer data?", "Export customer data?"),
        ("May I use DeepL?", "May I use DeepL?"),
    ],
)
def test_a_word_behind_the_command_is_a_command_only_where_nothing_else_makes_sense(text: str, typed: str) -> None:
    assert commands.typed(text) == typed


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"{MENTION}: darf ich?", "darf ich?"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("see <https://x.example/a|our page>", "see our page (https://x.example/a)"),
        ("see <https://x.example/a>", "see https://x.example/a"),
        ("<mailto:a@b.example|a@b.example> fragen", "a@b.example fragen"),
        ("<@U2> and <#C1|general> and <!here>", "@… and #general and @here"),
        ("<@U2|anna>", "@anna"),
    ],
)
def test_a_message_is_read_as_its_writer_sees_it(written: str, read: str) -> None:
    assert receiving.plain(written, ME) == read


def test_only_direct_messages_of_one_person_are_private() -> None:
    for channel, private in (("D1", True), ("C1", False), ("G1", False)):
        event = {
            "type": "message",
            "user": "U1",
            "text": MENTION,
            "ts": "1.2",
            "channel": channel,
            "channel_type": "mpim",
        }
        said = receiving.event({"team_id": TEAM, "event": event}, ME)
        assert said is not None
        assert said.place.private is private


def test_a_private_question_has_a_conversation_of_its_own() -> None:
    body = {"command": "/lotse", "user_id": "U1", "channel_id": "C1", "text": "?", "trigger_id": "1", "team_id": TEAM}
    said = receiving.command(body, ME)
    assert said is not None
    assert (said.kind, said.place.private, said.place.thread) == (Kind.COMMAND, True, "U1")
