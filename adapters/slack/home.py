"""What Slack shows of Lotse beside the conversation: the Home tab, questions to begin with, the form about an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from adapters.slack import blocks
from adapters.slack.receiving import DO, REASONED
from bot import buttons
from bot.commands import WORDS, Command, Reason
from bot.overview import line
from bot.phrases import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.slack.blocks import Block
    from bot.overview import Overview

DOCUMENTS = 60
"""Documents that are listed; a Home tab holds 100 blocks (docs.slack.dev/reference/block-kit/blocks)."""
LISTED = 20
"""Documents in one block."""
METADATA = 3000
"""Characters that travel with a form (docs.slack.dev/reference/views/modal-views, private_metadata)."""
WARNING = 400
"""Characters of a warning that are shown."""
PROMPT = 70
"""Characters of a question's title that are shown on its button."""


def view(seen: Overview) -> Block:
    """Return the Home tab of one person (docs.slack.dev/reference/views/home-tab-views)."""
    return {"type": "home", "blocks": list(_home(seen))}


def _home(seen: Overview) -> Iterator[Block]:
    language = seen.language
    yield _said(say("welcome", language))
    yield _said(say("home_ask", language))
    yield from _documents(seen)
    yield {"type": "divider"}
    yield _said(seen.privacy)
    yield blocks.actions(
        blocks.button(say("home_export", language), f"{DO}-export", f"/{Command.EXPORT.value}"), _forget(language)
    )
    yield _headed(say("home_language", language))
    yield blocks.actions(*_languages(seen))
    if seen.state:
        yield {"type": "divider"}
        yield blocks.rich(_heading(say("home_state", language)), *_lines(seen.state))
    if seen.warnings:
        cut = [each if len(each) <= WARNING else f"{each[:WARNING]}…" for each in seen.warnings[:LISTED]]
        yield blocks.rich(_heading(say("home_warnings", language)), *_lines(cut))
        if len(seen.warnings) > LISTED:
            yield blocks.small(say("overview_more", language, count=len(seen.warnings) - LISTED))


def _documents(seen: Overview) -> Iterator[Block]:
    if not seen.documents:
        yield _said(say("overview_none", seen.language))
        return
    yield _headed(say("overview_documents", seen.language))
    lines = [line(known, seen.language)[: blocks.CONTEXT // 10] for known in seen.documents]
    for start in range(0, min(len(lines), DOCUMENTS), LISTED):
        yield blocks.rich(*_lines(lines[start : min(start + LISTED, DOCUMENTS)]))
    if len(lines) > DOCUMENTS:
        yield blocks.small(say("overview_more", seen.language, count=len(lines) - DOCUMENTS))


def _said(words: str) -> Block:
    return blocks.rich(blocks.section(blocks.text(words)))


def _heading(words: str) -> Block:
    return blocks.section(blocks.text(words, bold=True))


def _headed(words: str) -> Block:
    return blocks.rich(_heading(words))


def _lines(lines: tuple[str, ...] | list[str]) -> Iterator[Block]:
    yield blocks.listed([blocks.section(blocks.text(each)) for each in lines if each])


def _languages(seen: Overview) -> Iterator[Block]:
    """Yield a button for each language, the chosen one marked."""
    for name, chosen in (("automatic", ""), ("german", "de"), ("english", "en")):
        command = f"/{Command.LANGUAGE.value} {chosen or 'auto'}"
        label = say(f"home_{name}", seen.language)
        yield blocks.button(label, f"{DO}-language-{chosen or 'auto'}", command, primary=chosen == seen.chosen)


def _forget(language: str) -> Block:
    """Return the button that deletes everything, once it was confirmed."""
    label = say("home_forget", language)
    asked = {
        "title": blocks.plain(label),
        "text": blocks.plain(say("home_sure", language)),
        "confirm": blocks.plain(say("home_yes", language)),
        "deny": blocks.plain(say("home_no", language)),
        "style": "danger",
    }
    made = blocks.button(label, f"{DO}-forget", f"/{Command.FORGET.value} yes")
    return made | {"style": "danger", "confirm": asked}


def prompts(seen: Overview) -> list[dict[str, str]]:
    """Return questions to begin with (docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts)."""
    return [{"title": text if len(text) <= PROMPT else f"{text[:PROMPT]}…", "message": text} for text in seen.prompts]


def form(payload: str, channel: str, respond: str, language: str) -> Block | None:
    """Return the form that asks what was wrong with an answer; what it needs to come back travels with it."""
    press = buttons.read(payload)
    if press is None:
        return None
    kept = json.dumps({"reference": press.reference, "channel": channel, "respond": respond})
    if len(kept) > METADATA:
        kept = json.dumps({"reference": press.reference, "channel": channel})
    reasons = [
        {"text": blocks.plain(say(f"feedback_{reason.value}", language)), "value": reason.value}
        for reason in Reason
        if reason is not Reason.HELPFUL
    ]
    chosen = {"type": "radio_buttons", "action_id": "reason", "options": reasons, "initial_option": reasons[0]}
    words = {"type": "plain_text_input", "action_id": "words", "multiline": True, "max_length": WORDS}
    return {
        "type": "modal",
        "callback_id": REASONED,
        "private_metadata": kept,
        "title": blocks.plain(say("form_title", language)),
        "submit": blocks.plain(say("form_send", language)),
        "close": blocks.plain(say("form_cancel", language)),
        "blocks": [
            _asked("reason", say("form_reason", language), chosen),
            _asked("words", say("form_words", language), words) | {"optional": True},
        ],
    }


def _asked(name: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": name, "label": blocks.plain(label), "element": element}
