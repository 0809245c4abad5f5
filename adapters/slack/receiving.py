"""What Slack delivers, read: which of it is said to Lotse, by whom, where, and in which words."""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot import buttons, commands
from bot.buttons import Action
from bot.messages import Kind, Message, Place
from knowledge.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    Fields = Mapping[str, Any]

NAME = "slack"
COMMAND = "/lotse"
SAID = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that a person wrote; all others tell of joins, topics, bots and the like."""
TOMBSTONE = "tombstone"
"""What stands in the place of a deleted message that had replies."""
SLACKBOT = "USLACKBOT"
PRESSED = "lotse"
"""What the action_id of every button of ours begins with."""
DO = "lotse-do"
"""What the action_id of every button begins with that gives a command."""
REASONED = "lotse-reasons"
"""The form that asks what was wrong with an answer."""
OVERVIEW = f"/{commands.Command.OVERVIEW.value}"
_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Lotse is in Slack: the workspace of its token, and its own ids there."""

    team: str
    user: str
    bot: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What Slack needs to answer. It travels in the message's context.

    `answer_to`: the thread that the answer goes into. `whisper`: only the sender sees it, by way of `respond`, a
    response_url. `overheard`: said in a thread without a mention, so a look must show that no other person wrote there
    before. `named`: somebody else is mentioned, so it is said to them. `tab`: which tab of the app was opened.
    """

    answer_to: str = ""
    respond: str = ""
    whisper: bool = False
    overheard: bool = False
    named: bool = False
    tab: str = ""

    def written(self) -> str:
        """Write it down, without what is empty."""
        fields = {"t": self.answer_to, "r": self.respond, "w": self.whisper, "o": self.overheard}
        fields |= {"n": self.named, "h": self.tab}
        return json.dumps({name: value for name, value in fields.items() if value})


def context(message: Message) -> Context:
    """Return what was written down with a message."""
    fields = json.loads(message.context or "{}")
    whisper, overheard, named = (bool(fields.get(name)) for name in "won")
    return Context(
        str(fields.get("t", "")), str(fields.get("r", "")), whisper, overheard, named, str(fields.get("h", ""))
    )


def event(body: Fields, me: Identity) -> Message | None:
    """Return what an event says to Lotse, None when it says nothing to it. `overheard` in its context: maybe."""
    happened = body.get("event", {})
    if _meant_for(body, me) and happened.get("type") == "app_home_opened":
        return _opened(happened, me)
    if not _meant_for(body, me) or happened.get("type") not in {"message", "app_mention"}:
        return None
    subtype = str(happened.get("subtype", ""))
    if subtype == "message_changed":
        return _changed(happened, me)
    if subtype == "message_deleted":
        return _deleted(happened, happened.get("previous_message", {}), me)
    if subtype not in SAID or not _by_person(happened, me):
        return None
    return _said(happened, happened, me)


def _opened(happened: Fields, me: Identity) -> Message | None:
    """Return that somebody opened the app, as the command that shows them what there is."""
    user, tab = str(happened.get("user", "")), str(happened.get("tab", ""))
    if not user or tab not in {"home", "messages"}:
        return None
    name = f"{tab}-{happened.get('event_ts', '')}"
    said = _private(user, str(happened.get("channel", "")), OVERVIEW, name, me, home=me.team, kind=Kind.COMMAND)
    return replace(said, context=Context(tab=tab).written())


def given(body: Fields, me: Identity) -> Message | None:
    """Return the command of a button on the Home tab; its answer is a direct message."""
    action, user = (body.get("actions") or [{}])[0], body.get("user", {})
    if not str(action.get("action_id", "")).startswith(DO) or not user.get("id"):
        return None
    name, home = f"home-{action.get('action_ts', '')}", str(user.get("team_id") or me.team)
    said = _private(
        str(user["id"]), str(user["id"]), str(action.get("value", "")), name, me, home=home, kind=Kind.COMMAND
    )
    return replace(said, context=Context().written())


def again(given: Message) -> Message:
    """Return the command that shows the Home tab anew after a button on it was pressed."""
    return replace(given, id=f"{given.id}-again", text=OVERVIEW, context=Context(tab="home").written())


def root(said: Message) -> Message:
    """Return the message that somebody's thread hangs on, as if they had written it."""
    return replace(said, id=said.place.thread, kind=Kind.MESSAGE)


def _meant_for(body: Fields, me: Identity) -> bool:
    """Say whether an event was delivered to the workspace of the token, not to another one where the app is, too."""
    teams = [each.get("team_id") for each in body.get("authorizations", ()) if isinstance(each, dict)]
    return me.team in {*teams, body.get("context_team_id"), body.get("team_id")}


def _by_person(said: Fields, me: Identity) -> bool:
    """Say whether a person wrote it: not Lotse, no other bot, no app, not Slack itself."""
    user = said.get("user", "")
    return bool(user) and user not in {me.user, SLACKBOT} and not said.get("bot_id") and not said.get("bot_profile")


def _said(happened: Fields, said: Fields, me: Identity, revision: int = 0, before: str = "") -> Message | None:
    """Return what a person wrote, if it is addressed; `before` is what stood there earlier."""
    channel, ts = str(happened.get("channel", "")), str(said.get("ts", ""))
    thread, text = str(said.get("thread_ts") or ""), str(said.get("text", ""))
    private = channel.startswith("D")
    mentioned = f"<@{me.user}" in text or f"<@{me.user}" in before
    if not (private or mentioned or thread or revision) or not channel or not ts:
        return None
    overheard = not (private or mentioned)
    kept = Context(answer_to=thread or ts, overheard=overheard, named=overheard and _NAMED.search(text) is not None)
    return Message(
        Place(NAME, me.team, channel, thread or ts, private),
        ts,
        str(said["user"]),
        plain(text, me),
        _moment(ts),
        revision=revision,
        home=_home(said, me),
        forwarded=_forwarded(said),
        about=(f"{channel}/{thread}" if thread else str(said["user"])) if private else "",
        context=kept.written(),
    )


_NAMED = re.compile(r"<(?:@[UW]|!(?:subteam\^|here|channel|everyone))")
"""Slack's marks for people: somebody, a group, all (docs.slack.dev/messaging/formatting-message-text, mentions)."""


def settled(said: Message) -> Message:
    """Return an edit of what Lotse has answered already: whoever else writes there since, it is said to Lotse."""
    return replace(said, context=replace(context(said), overheard=False, named=False).written())


def _home(said: Fields, me: Identity) -> str:
    """Return the workspace of whoever wrote, as the event tells; a look at the user tells for sure."""
    return str(said.get("user_team") or said.get("team") or me.team)


def _forwarded(said: Fields) -> bool:
    """Say whether there is nothing but somebody else's message that was shared."""
    shared = any(isinstance(each, dict) and each.get("is_share") for each in said.get("attachments", ()))
    return shared and not str(said.get("text", "")).strip()


def _changed(happened: Fields, me: Identity) -> Message | None:
    """Return an edit, or a deletion that left a tombstone; None where no word changed."""
    now, before = happened.get("message", {}), happened.get("previous_message", {})
    if now.get("subtype") == TOMBSTONE:
        return _deleted(happened, before, me)
    if not now.get("edited") or not _by_person(now, me) or now.get("subtype", "") not in SAID:
        return None
    if now.get("text") == before.get("text"):
        return None
    moment = str(now["edited"]["ts"])
    said = _said(happened, now, me, int(float(moment) * _MICRO), str(before.get("text", "")))
    return replace(said, written=_moment(moment)) if said else None


def _deleted(happened: Fields, before: Fields, me: Identity) -> Message | None:
    """Return the deletion of what a person had said to Lotse."""
    if not _by_person(before, me):
        return None
    said = _said(happened, before, me)
    moment = str(happened.get("event_ts") or happened.get("ts") or before.get("ts"))
    return replace(said, kind=Kind.DELETION, text="", written=_moment(moment)) if said else None


def command(body: Fields, me: Identity) -> Message | None:
    """Return what `/lotse ...` says; only whoever typed it sees the answer."""
    if body.get("command") != COMMAND or not body.get("user_id"):
        return None
    user = str(body["user_id"])
    return _private(
        user,
        str(body.get("channel_id", "")),
        commands.typed(plain(str(body.get("text", "")), me)),
        str(body["trigger_id"]),
        me,
        home=str(body.get("team_id") or me.team),
        respond=str(body.get("response_url", "")),
        kind=Kind.COMMAND,
    )


def _private(  # noqa: PLR0913 - what a message consists of
    user: str,
    channel: str,
    text: str,
    name: str,
    me: Identity,
    *,
    home: str,
    respond: str = "",
    kind: Kind = Kind.CLICK,
    thread: str = "",
) -> Message:
    """Return what somebody did where nobody else sees the answer: a conversation of its own beside the channel's."""
    place = Place(NAME, me.team, channel, user, private=True)
    kept = Context(answer_to=thread, respond=respond, whisper=True).written()
    return Message(place, name, user, text, datetime.now(UTC), kind=kind, home=home, context=kept)


def pressed(body: Fields, me: Identity) -> Message | None:
    """Return the press of a button of ours below an answer; None for all others."""
    actions = body.get("actions") or [{}]
    action, user = actions[0], body.get("user", {})
    press = buttons.read(str(action.get("value", "")))
    if not str(action.get("action_id", "")).startswith(PRESSED) or press is None or not user.get("id"):
        return None
    click = _click(body, str(user["id"]), str(action["value"]), me, home=str(user.get("team_id") or me.team))
    if press.action is Action.PRIVATE and context(click).whisper and body.get("container", {}).get("is_ephemeral"):
        return replace(click, place=replace(click.place, conversation=str(user["id"])), context=Context().written())
    return click


def spoken_id(name: str, language: str) -> str:
    """Return the action_id of a button, which tells the language of the answer that it stands below."""
    return f"{name}-{language}"


def spoken(body: Fields) -> str:
    """Return the language of the answer below which a button was pressed, nothing where its id does not tell."""
    language = str((body.get("actions") or [{}])[0].get("action_id", "")).rpartition("-")[2]
    return language if language in LANGUAGES else ""


def _click(body: Fields, user: str, value: str, me: Identity, *, home: str) -> Message:
    """Return a press as a message: in the thread where it asks a question there, else for the presser alone."""
    container, shown = body.get("container", {}), body.get("message", {})
    channel = str(body.get("channel", {}).get("id") or container.get("channel_id") or "")
    ts = str(container.get("message_ts", ""))
    thread = str(shown.get("thread_ts") or container.get("thread_ts") or ts)
    respond = str(body.get("response_url", ""))
    name = f"{ts}-{hashlib.sha256(f'{user} {value}'.encode()).hexdigest()[:16]}"
    click = _private(user, channel, value, name, me, home=home, respond=respond, thread=thread)
    press = buttons.read(value)
    if press is None or press.action is not Action.ASK or container.get("is_ephemeral"):
        return replace(click, about=ts)
    place = Place(NAME, me.team, channel, thread, channel.startswith("D"))
    return replace(click, place=place, about=ts, context=Context(answer_to=thread, respond=respond).written())


def feedback(body: Fields, me: Identity) -> Message | None:
    """Return what somebody wrote into the form about an answer."""
    view, user = body.get("view", {}), body.get("user", {})
    if view.get("callback_id") != REASONED or not user.get("id"):
        return None
    kept = json.loads(view.get("private_metadata") or "{}")
    values: dict[str, Fields] = {
        name: next(iter(each.values()), {}) for name, each in view.get("state", {}).get("values", {}).items()
    }
    reason = (values.get("reason", {}).get("selected_option") or {}).get("value", "")
    words = values.get("words", {}).get("value") or ""
    text = buttons.pressed(buttons.payload(Action.EXPLAIN, str(kept.get("reference", "")), reason), words)
    home, respond = str(user.get("team_id") or me.team), str(kept.get("respond", ""))
    channel = str(kept.get("channel", ""))
    return _private(str(user["id"]), channel, text, str(view["id"]), me, home=home, respond=respond)


def _moment(ts: str) -> datetime:
    """Return when something was said: a ts counts seconds since 1970."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except ValueError:
        return datetime.now(UTC)


_MARK = re.compile(r"<([^<>]{1,4000})>")
_OWN_MENTION = r"<@{user}(?:\|[^>]*)?>[ \t]*[:,]?[ \t]*"


def plain(text: str, me: Identity) -> str:
    """Return what was typed: without the mention of Lotse, links and mentions as a person sees them."""
    own = re.sub(_OWN_MENTION.format(user=re.escape(me.user)), "", text)
    return html.unescape(_MARK.sub(_seen, own)).strip()


def _seen(mark: re.Match[str]) -> str:
    """Return what is seen of Slack's mark for a link or a mention; never an id."""
    target, _, label = mark[1].partition("|")
    if target.startswith("@"):
        return "@" + (label or "…")
    if target.startswith("#"):
        return "#" + (label or "…")
    if target.startswith("!"):
        return label or "@" + target.removeprefix("!").partition("^")[0]
    address = target.removeprefix("mailto:")
    return address if not label or label in address else f"{label} ({address})"
