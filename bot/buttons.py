"""What a button below an answer means: written into a payload of at most 64 bytes, read from it, and from a pressed one.

A press reaches the core as a Message of Kind.CLICK. Its text is `pressed(payload, label)`: the payload, and the label of the
button as the platform itself says it stands there, never as the presser says. Buttons work for whoever was answered, and for
nobody else: the reception compares. Where a button asks in private, the platform hands the click in with the place of the
private conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.commands import Reason, is_reference

LONGEST = 64
"""Bytes of a payload: Telegram's limit for callback_data, the tightest of all (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""
_DETAIL = re.compile(r"[a-z0-9_]{0,32}")


class Action(StrEnum):
    """What a press does: ask what the button says, show sources, judge, name a reason, ask the same in private.

    EXPLAIN comes from a form: a reason, and in the place of a label what somebody wrote.
    """

    ASK = "ask"
    SOURCES = "sources"
    JUDGE = "judge"
    UNHELPFUL = "unhelpful"
    EXPLAIN = "explain"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Press:
    """A button that may be pressed, or was. `reference` is the id of the answer that it stands below.

    `detail` tells apart what does the same: the number of a question, the reason of a judgement. `words` is the label.
    """

    action: Action
    reference: str
    detail: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A label for people, and the payload that comes back when it is pressed."""

    label: str
    payload: str


def payload(action: Action, reference: str, detail: str = "") -> str:
    """Return what a button carries; nothing where the answer has no id that would come back whole."""
    written = f"{action.value}:{reference}:{detail}"
    return written if is_reference(reference) and len(written.encode()) <= LONGEST else ""


def pressed(payload: str, label: str = "") -> str:
    """Return the text of a click."""
    return f"{payload}\n{label}"


def read(text: str) -> Press | None:
    """Return what was pressed, None for what is no button of ours."""
    payload, _, words = text.partition("\n")
    action, _, rest = payload.partition(":")
    reference, _, detail = rest.partition(":")
    if action not in set(Action) or not is_reference(reference) or not _DETAIL.fullmatch(detail):
        return None
    if action in {Action.JUDGE, Action.EXPLAIN} and detail not in set(Reason):
        return None
    return Press(Action(action), reference, detail, words.strip())
