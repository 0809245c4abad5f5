"""What people do in a Slack on this machine, as the app gets to hear of it.

Sources, each below https://docs.slack.dev: reference/events/NAME (events), reference/interaction-payloads/NAME (presses, forms),
interactivity/implementing-slash-commands (commands), reference/objects/user-object (people).
"""

from __future__ import annotations

import itertools
import secrets
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.platforms import slack_rules as rules

if TYPE_CHECKING:
    import asyncio

    from aiohttp import web

    Fields = dict[str, Any]

TEAM, BOT, BOT_ID, APP = "T0HOME", "U0LOTSE", "B0LOTSE", "A0LOTSE"


class _Shown:
    """What is read of it."""

    text: str
    blocks: list[Fields]

    @property
    def visible(self) -> str:
        """Return what a person reads."""
        return rules.visible(self.blocks) if self.blocks else self.text

    @property
    def said(self) -> str:
        """Return the first line of it."""
        return self.visible.partition("\n")[0]


@dataclass
class Posted(_Shown):
    """What stands in a conversation. `user` is the bot's for what the app sent."""

    channel: str
    ts: str
    user: str
    text: str = ""
    thread: str = ""
    blocks: list[Fields] = field(default_factory=list)
    streaming: float = 0.0
    stopped: bool = False
    edits: int = 0


@dataclass
class Whisper(_Shown):
    """What only one person saw: an ephemeral message, or the answer to a response_url."""

    channel: str
    user: str
    text: str
    blocks: list[Fields] = field(default_factory=list)
    thread: str = ""


@dataclass
class Channel:
    """A conversation. Direct messages begin with D; `several`: those of several people, which begin with C or G."""

    name: str
    member: bool = True
    archived: bool = False
    shared: bool = False
    several: bool = False


@dataclass
class Envelope:
    """Something on its way to the app."""

    name: str
    kind: str
    payload: Fields
    sent: float = 0.0
    acknowledged: float = 0.0
    tries: int = 0
    answer: Fields | None = None
    socket: web.WebSocketResponse | None = None
    settled: asyncio.Event | None = None


@dataclass
class Hook:
    """A response_url."""

    channel: str
    user: str
    made: float
    uses: int = 0


class People(ABC):
    """A workspace as its people use it. `emit` brings what they do to the app."""

    def __init__(self) -> None:
        self.users: dict[str, Fields] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[tuple[str, str], Posted] = {}
        self.whispers: list[Whisper] = []
        self.homes: dict[str, Fields] = {}
        self.hooks: dict[str, Hook] = {}
        self.triggers: dict[str, float] = {}
        self.asked_at: dict[str, float] = {}
        self.url = ""
        self._numbers = itertools.count(1)

    @abstractmethod
    def emit(self, kind: str, payload: Fields) -> Envelope:
        """Send something to the app, until it is acknowledged or given up."""

    def person(self, user: str, **fields: Any) -> str:  # noqa: ANN401 - fields of a user
        """Have a person; without fields a full member who reads German."""
        known = {"id": user, "team_id": TEAM, "deleted": False, "is_bot": False, "is_restricted": False}
        known |= {"is_ultra_restricted": False, "is_stranger": False, "locale": "de-DE", "is_app_user": False}
        self.users[user] = known | fields
        return user

    def channel(self, name: str, **fields: Any) -> str:  # noqa: ANN401 - fields of Channel
        """Have a channel."""
        self.channels[name] = Channel(name, **fields)
        return name

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread: str = "",
        *,
        times: int = 1,
        **fields: Any,  # noqa: ANN401 - of the event
    ) -> str:
        """Let a person write, and return the message's ts; it reaches the app as its events, each so many times."""
        ts = self.ts()
        self.messages[channel, ts] = Posted(channel, ts, user, text, thread)
        self.asked_at[ts] = time.monotonic()
        for event in self.events(user, channel, text, ts, thread, **fields):
            for _ in range(times):
                self.emit("events_api", event)
        return ts

    def events(self, user: str, channel: str, text: str, ts: str, thread: str = "", **fields: Any) -> list[Fields]:  # noqa: ANN401
        """Return the events that a message makes: message, and app_mention where the bot is mentioned."""
        self._known(user, channel)
        several = self.channels[channel].several
        kind = "mpim" if several else {"D": "im", "G": "group"}.get(channel[0], "channel")
        event = {"type": "message", "user": user, "text": text, "ts": ts, "channel": channel, "channel_type": kind}
        event |= {"team": self.users[user]["team_id"], "event_ts": ts} | ({"thread_ts": thread} if thread else {})
        if thread and (root := self.messages.get((channel, thread))):
            event["parent_user_id"] = root.user
        event |= fields
        found = [self.event(event)]
        if f"<@{BOT}>" in text and kind != "im":
            mention = {name: value for name, value in event.items() if name != "channel_type"}
            found.append(self.event(mention | {"type": "app_mention"}))
        return found

    def event(self, event: Fields) -> Fields:
        """Wrap an event (apis/events-api, callback field)."""
        return {
            "token": "x",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{next(self._numbers):010}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": self.channels.get(event.get("channel", ""), Channel("")).shared,
        }

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Let the author change a message."""
        posted = self.messages[channel, ts]
        before, edited = self._shape(posted), self.ts()
        posted.text = text
        after = self._shape(posted) | {"edited": {"user": posted.user, "ts": edited}}
        event: Fields = {
            "type": "message",
            "subtype": "message_changed",
            "channel": channel,
            "ts": edited,
            "event_ts": edited,
        }
        event |= {"hidden": True, "message": after, "previous_message": before}
        event["channel_type"] = "im" if channel.startswith("D") else "channel"
        self.emit("events_api", self.event(event))

    def delete(self, channel: str, ts: str) -> None:
        """Let the author delete a message."""
        posted = self.messages.pop((channel, ts))
        now = self.ts()
        event: Fields = {
            "type": "message",
            "subtype": "message_deleted",
            "channel": channel,
            "ts": now,
            "event_ts": now,
        }
        event |= {"hidden": True, "deleted_ts": ts, "previous_message": self._shape(posted)}
        if any(each.channel == channel and each.thread == ts for each in self.messages.values()):
            # What has replies leaves a tombstone in its place: reference/events/message/message_changed tells of a change
            stone = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": ts, "thread_ts": ts}
            event |= {
                "subtype": "message_changed",
                "message": stone | {"text": "This message was deleted.", "hidden": True},
            }
            del event["deleted_ts"]
        event["channel_type"] = "im" if channel.startswith("D") else "channel"
        self.emit("events_api", self.event(event))

    def slash(self, user: str, channel: str, text: str, command: str = "/lotse") -> str:
        """Let a person give a command, and return its trigger."""
        self._known(user, channel)
        payload = {"command": command, "text": text, "user_id": user, "channel_id": channel, "token": "x"}
        payload |= {"team_id": TEAM, "api_app_id": APP, "trigger_id": self._trigger(), "is_enterprise_install": "false"}
        payload["response_url"] = self._response_url(channel, user)
        self.asked_at[payload["trigger_id"]] = time.monotonic()
        self.emit("slash_commands", payload)
        return payload["trigger_id"]

    def press(self, user: str, posted: Posted | Whisper, action: str, value: str | None = None) -> None:
        """Let a person press the button of an action_id, or the one of a value, below a message."""
        self._known(user, posted.channel)
        block, element = next(
            (block, element)
            for block in posted.blocks
            for element in _buttons(block)
            if element["action_id"] == action and (value is None or element.get("value") == value)
        )
        pressed = {"type": element["type"], "action_id": action, "block_id": block.get("block_id", "b")}
        pressed |= {"value": element.get("value", ""), "action_ts": self.ts(), "text": element.get("text")}
        ephemeral = isinstance(posted, Whisper)
        ts = self.ts() if isinstance(posted, Whisper) else posted.ts
        container = {"type": "message", "message_ts": ts, "channel_id": posted.channel, "is_ephemeral": ephemeral}
        payload: Fields = {"type": "block_actions", "user": {"id": user, "team_id": self.users[user]["team_id"]}}
        payload |= {"team": {"id": TEAM}, "api_app_id": APP, "trigger_id": self._trigger(), "container": container}
        payload |= {"channel": {"id": posted.channel}, "response_url": self._response_url(posted.channel, user)}
        if not isinstance(posted, Whisper):
            payload["message"] = self._shape(posted)
        elif posted.thread:
            payload["container"]["thread_ts"] = posted.thread
        self.emit("interactive", payload | {"actions": [pressed]})

    def press_home(self, user: str, action: str, value: str = "") -> None:
        """Let a person press a button of their Home tab."""
        payload: Fields = {"type": "block_actions", "user": {"id": user, "team_id": self.users[user]["team_id"]}}
        payload |= {"team": {"id": TEAM}, "api_app_id": APP, "trigger_id": self._trigger()}
        payload |= {"container": {"type": "view", "view_id": "V1"}, "view": self.homes[user] | {"id": "V1"}}
        pressed = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": self.ts()}
        self.emit("interactive", payload | {"actions": [pressed]})

    def submit(self, user: str, view: Fields, values: Fields) -> None:
        """Let a person send a form."""
        state = {
            block["block_id"]: {block["element"]["action_id"]: values[block["block_id"]]}
            for block in view["blocks"]
            if block["type"] == "input" and block["block_id"] in values
        }
        payload: Fields = {"type": "view_submission", "user": {"id": user, "team_id": self.users[user]["team_id"]}}
        payload |= {"team": {"id": TEAM}, "api_app_id": APP, "trigger_id": self._trigger()}
        payload["view"] = view | {"id": f"V{next(self._numbers)}", "team_id": TEAM, "state": {"values": state}}
        self.emit("interactive", payload)

    def open_home(self, user: str, tab: str = "home") -> None:
        """Let a person open the app."""
        self._known(user, "")
        event = {"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": tab, "event_ts": self.ts()}
        self.channels.setdefault(f"D{user}", Channel(f"D{user}"))
        self.emit("events_api", self.event(event))

    def stop_stream(self, posted: Posted) -> None:
        """Let the person stop what is being streamed."""
        posted.stopped, posted.streaming = True, 0.0

    def answers(self, channel: str, thread: str) -> list[Posted]:
        """Return what the app wrote in a thread, in order."""
        return [
            each
            for each in self.messages.values()
            if each.user == BOT and each.channel == channel and each.thread == thread
        ]

    def below(self) -> dict[str, list[Posted]]:
        """Return what the app wrote, below each message."""
        found: dict[str, list[Posted]] = {}
        for each in self.messages.values():
            if each.user == BOT:
                found.setdefault(each.thread, []).append(each)
        return found

    def ts(self) -> str:
        """Return a new timestamp, which is a message's id."""
        return f"{1_700_000_000 + int(time.time()) % 10**8}.{next(self._numbers):06}"

    def _known(self, user: str, channel: str) -> None:
        if user not in self.users:
            self.person(user)
        if channel and channel not in self.channels:
            self.channel(channel)

    def _trigger(self) -> str:
        name = secrets.token_hex(8)
        self.triggers[name] = time.monotonic()
        return name

    def _response_url(self, channel: str, user: str) -> str:
        name = secrets.token_hex(8)
        self.hooks[name] = Hook(channel, user, time.monotonic())
        return f"{self.url.removesuffix('/api')}/hooks/{name}"

    @staticmethod
    def _shape(posted: Posted) -> Fields:
        """Return a message as Slack shows it."""
        fields: Fields = {"type": "message", "user": posted.user, "text": posted.text, "ts": posted.ts}
        fields |= {"thread_ts": posted.thread} if posted.thread else {}
        fields |= {"blocks": posted.blocks} if posted.blocks else {}
        return fields | ({"bot_id": BOT_ID, "app_id": APP} if posted.user == BOT else {})


def _buttons(block: Fields) -> list[Fields]:
    """Return what can be pressed in a block; a pair of feedback buttons counts as two."""
    found: list[Fields] = []
    elements = [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]
    for element in elements:
        if element.get("type") == "feedback_buttons":
            shared = {"type": "feedback_buttons", "action_id": element["action_id"]}
            found += [element[name] | shared for name in ("positive_button", "negative_button")]
        elif element.get("type") == "button":
            found.append(element)
    return found
