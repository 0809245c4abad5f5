"""What Telegram's Bot API takes, as published, and in which words it refuses the rest.

Sources: the reference (https://core.telegram.org/bots/api, named by its anchor), the questions and answers
(https://core.telegram.org/bots/faq) and, where these give no words, the explanations in the public source of the Bot API
server (https://github.com/tdlib/telegram-bot-api, https://github.com/tdlib/td), which is what people meet.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


TEXT = 4096
"""#sendmessage: text, 1-4096 characters after entities parsing; the server counts UTF-16 code units."""
DATA = 64
"""#inlinekeyboardbutton: callback_data, 1-64 bytes."""
TOAST = 200
"""#answercallbackquery: text, 0-200 characters."""
MARKUP = 10_240
"""Bytes of a keyboard; not in the reference: td refuses what is longer as REPLY_MARKUP_TOO_LONG."""
MARKS = 100
"""Entities of a message that are looked at; not in the reference (https://limits.tginfo.me/en)."""
COMMANDS, COMMAND, DESCRIPTION = 100, re.compile(r"[a-z0-9_]{1,32}"), 256
"""#setmycommands, #botcommand: at most 100; lowercase letters, digits and underscores; 1-256 characters."""
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
"""Words for an edit that changes nothing (telegram-bot-api, Client.cpp)."""
PRESS_WAIT = 15.0
"""Seconds for which whoever pressed waits for a word. No figure is published (#answercallbackquery); an assumption on the short side."""
DELETABLE = 48 * 3600.0
"""#deletemessage: a message can only be deleted if it was sent less than 48 hours ago."""
DRAFT = 30.0
"""#sendmessagedraft: an ephemeral 30-second preview, in private chats. In which words it is refused elsewhere is not published."""
USUAL_UPDATES = ("message", "edited_message", "channel_post", "callback_query")
"""#getupdates: what is given to a bot that names no allowed_updates, as far as the server plays it."""
UPDATES, WAIT = 100, 50
"""#getupdates: limit, 1-100; the server shortens a timeout of more than 50 seconds."""
A_SECOND, A_MINUTE, A_GROUP = 30, 60.0, 20
"""faq#my-bot-is-hitting-limits: about 30 messages a second in all, 20 a minute to one group, one a second to one chat."""
KINDS = frozenset(
    """bold italic underline strikethrough spoiler blockquote expandable_blockquote code pre text_link""".split()
)
"""#messageentity: what a bot may mark (mentions of people and custom emoji left out: Lotse makes none)."""
ALONE = frozenset({"code", "pre"})
"""#formatting-options: these hold nothing and stand in nothing."""
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
"""#formatting-options: these are not nested."""
PARAMETERS = {
    "getme": "",
    "getupdates": "offset limit timeout allowed_updates",
    "getchat": "chat_id",
    "getchatmember": "chat_id user_id",
    "getwebhookinfo": "",
    "deletewebhook": "drop_pending_updates",
    "getfile": "file_id",
    "getmycommands": "scope language_code",
    "setmycommands": "commands scope language_code",
    "deletemycommands": "scope language_code",
    "sendmessage": "chat_id message_thread_id text entities link_preview_options reply_parameters reply_markup",
    "sendmessagedraft": "chat_id message_thread_id draft_id text entities",
    "sendchataction": "chat_id message_thread_id action",
    "editmessagetext": "chat_id message_id text entities link_preview_options reply_markup",
    "editmessagereplymarkup": "chat_id message_id reply_markup",
    "deletemessage": "chat_id message_id",
    "answercallbackquery": "callback_query_id text show_alert",
}
"""The methods that Lotse uses, and of each the parameters that it may give. A parse_mode is none of them."""


class Refusal(Exception):
    """Say no, as Telegram does."""

    def __init__(self, code: int, words: str, **parameters: int) -> None:
        super().__init__(words)
        self.code, self.words, self.parameters = code, words, parameters


def no(words: str) -> Refusal:
    """Return a 400."""
    return Refusal(400, f"Bad Request: {words}")


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units. Raises Refusal for what is no text."""
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise no("strings must be encoded in UTF-8") from None


def check_text(text: str, entities: Sequence[dict[str, Any]], *, empty: bool = False) -> None:
    """Refuse a text that is not taken."""
    if not shows(text) and not empty:
        raise no("message text is empty")
    if units(text) > TEXT:
        raise no("message is too long")
    check_entities(text, entities)


def shows(text: str) -> bool:
    """Say whether a text holds anything but white space and what td takes for it."""
    return bool(
        re.sub(
            r"[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]",
            "",
            text,
        )
    )


def check_entities(text: str, entities: Sequence[dict[str, Any]]) -> None:
    """Refuse marks that lie outside the text, cut a character, overlap, or lead where no link may."""
    encoded = text.encode("utf-16-le")
    if len(entities) > MARKS:
        raise no("too many entities")
    open_until: list[tuple[int, str]] = []
    for entity in sorted(entities, key=lambda each: (each["offset"], -each["length"])):
        kind, start, end = entity["type"], entity["offset"], entity["offset"] + entity["length"]
        if kind not in KINDS:
            raise no(f"unsupported entity type {kind}")
        if start < 0 or end <= start or 2 * end > len(encoded):
            raise no("entity beginning or end lies outside the text")
        if any(2 * at < len(encoded) and 0xDC <= encoded[2 * at + 1] <= 0xDF for at in (start, end)):
            raise no("entity begins or ends in the middle of a UTF-16 symbol")
        open_until = [each for each in open_until if each[0] > start]
        _check_nesting(kind, end, open_until)
        open_until.append((end, kind))
        if (kind == "text_link") != ("url" in entity):
            raise no("entity url")
        if kind == "text_link" and not re.fullmatch(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", entity["url"]):
            raise no(f"entity url leads elsewhere: {entity['url']!r}")


def _check_nesting(kind: str, end: int, around: Sequence[tuple[int, str]]) -> None:
    for outer_end, outer in around:
        if end > outer_end:
            raise no("entities overlap")
        if kind in ALONE or outer in ALONE or (kind in QUOTES and outer in QUOTES) or kind == outer:
            raise no("entities cannot be nested so")


def check_keyboard(markup: dict[str, Any] | None) -> None:
    """Refuse buttons that are not taken."""
    if markup is None:
        return
    if markup.keys() != {"inline_keyboard"}:
        raise no("reply markup")
    if len(json.dumps(markup, ensure_ascii=False).encode()) > MARKUP:
        raise no("REPLY_MARKUP_TOO_LONG")
    for button in (button for row in markup["inline_keyboard"] for button in row):
        _check_button(button)


def _check_button(button: dict[str, Any]) -> None:
    if not shows(button.get("text", "")):
        raise no("inline keyboard button text must be non-empty")
    if len(button.keys() - {"text"}) != 1:
        raise no("inline keyboard button must have exactly one action")
    if not 1 <= len(button.get("callback_data", "x").encode()) <= DATA:
        raise no("BUTTON_DATA_INVALID")
    if not re.fullmatch(r"https?://[^\s]+", button.get("url", "https://x")):
        raise no("BUTTON_URL_INVALID")


def check_commands(commands: Sequence[dict[str, str]]) -> None:
    """Refuse a menu that is not taken."""
    if len(commands) > COMMANDS:
        raise no("can't use more than 100 commands")
    for each in commands:
        if not COMMAND.fullmatch(each["command"]):
            raise no("BOT_COMMAND_INVALID")
        if not 1 <= len(each["description"]) <= DESCRIPTION:
            raise no("BOT_COMMAND_DESCRIPTION_INVALID")


def rejects(part: dict[str, Any]) -> bool:
    """Say whether Telegram would reject a message as it was rendered."""
    try:
        check_text(part["text"], part["entities"])
        check_keyboard({"inline_keyboard": part["keyboard"]} if "keyboard" in part else None)
    except Refusal:
        return True
    return False
