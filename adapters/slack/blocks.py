"""Blocks of Slack, each made so that nothing in it can mention, link or show an image unless it is said here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Block = dict[str, Any]
LABEL = 75
"""Characters on a button (docs.slack.dev/reference/block-kit/block-elements/button-element)."""
VALUE = 2000
"""Characters that a button carries (the same page)."""
CONTEXT = 3000
"""Characters of a text in a context or section (docs.slack.dev/reference/block-kit/composition-objects/text-object)."""
ROWS, COLUMNS = 100, 20
"""Of a table (docs.slack.dev/reference/block-kit/blocks/table-block)."""
_UNSEEN = "–"
"""Stands in a cell that would be empty: Slack takes no empty text."""


def text(words: str, **style: bool) -> Block:
    """Return words in rich text. Nothing is read into them: they stay what they are."""
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def link(url: str, words: str) -> Block:
    """Return a link that we made."""
    return {"type": "link", "url": url, "text": words}


def section(*elements: Block) -> Block:
    """Return a paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(*elements: Block) -> Block:
    """Return words set apart as somebody else's."""
    return {"type": "rich_text_quote", "elements": list(elements)}


def listed(lines: Sequence[Block]) -> Block:
    """Return a list with a bullet for each paragraph."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def rich(*parts: Block) -> Block:
    """Return a block of rich text."""
    return {"type": "rich_text", "elements": list(parts)}


def small(*lines: str) -> Block:
    """Return lines in small print, at most ten. They are plain text: in none of them a mark, an address or an emoji is read."""
    return {"type": "context", "elements": [plain(line[:CONTEXT]) for line in lines[:10]]}


def plain(words: str) -> Block:
    """Return a text in which neither marks nor emoji are read."""
    return {"type": "plain_text", "text": words, "emoji": False}


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    """Return a table; what is more than a table may hold is the caller's to leave out."""
    cells = [[rich(section(text(cell or _UNSEEN))) for cell in row] for row in (header, *rows)]
    return {"type": "table", "rows": cells, "column_settings": [{"is_wrapped": True}] * min(len(header), COLUMNS)}


def button(label: str, action: str, value: str, *, primary: bool = False) -> Block:
    """Return a button; a label that is too long is cut."""
    made = {"type": "button", "text": plain(short(label)), "action_id": action, "value": value[:VALUE]}
    return made | ({"style": "primary"} if primary else {})


def actions(*elements: Block) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def thumbs(action: str, positive: tuple[str, str], negative: tuple[str, str]) -> Block:
    """Return the two buttons with which an answer is judged, each a label and a value."""
    both = {
        f"{name}_button": {"text": plain(short(label)), "value": value, "accessibility_label": short(label)}
        for name, (label, value) in (("positive", positive), ("negative", negative))
    }
    return {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": action} | both]}


def short(label: str) -> str:
    """Return a label that fits on a button."""
    return label if len(label) <= LABEL else label[: LABEL - 1].rstrip() + "…"


# the same more simply, for when Slack does not take it


def spoken(block: Block) -> str:
    """Return the words of a block, as lines; buttons say nothing."""
    kind = block["type"]
    if kind == "rich_text":
        return "\n".join(filter(None, map(_part, block["elements"])))
    if kind == "table":
        return "\n".join(" | ".join(map(spoken, row)) for row in block["rows"])
    if kind == "context":
        return "\n".join(element["text"] for element in block["elements"])
    return ""


def _part(part: Block) -> str:
    if part["type"] == "rich_text_list":
        return "\n".join(f"• {_part(each)}" for each in part["elements"])
    return "".join(_inline(element) for element in part["elements"])


def _inline(element: Block) -> str:
    if element["type"] == "link":
        shown = element.get("text", "")
        return f"{shown} ({element['url']})" if shown and shown != element["url"] else str(element["url"])
    return str(element["text"])


def visible(block: Block) -> int:
    """Return how many characters a block shows, buttons too, escaped as in its plainest form."""
    labels = sum(len(element["text"]["text"]) for element in block.get("elements", ()) if element["type"] == "button")
    return len(unlinked(spoken(block))) + labels


def escaped(words: str) -> str:
    """Return words for a field in which Slack reads marks (docs.slack.dev/messaging/formatting-message-text, escaping)."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto):|\b(www)\.")


def unlinked(words: str) -> str:
    """Return escaped words in which Slack finds no address to make a link of: a word joiner stands behind its beginning."""
    return escaped(_ADDRESS.sub(lambda found: found[0] + "\u2060", words))


def marked(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the same words as sections of Slack's own markup, in which none of theirs is read."""
    whole = "\n\n".join(filter(None, map(spoken, blocks)))
    for piece in pieces(escaped(whole), CONTEXT):
        yield {"type": "section", "text": {"type": "mrkdwn", "text": piece, "verbatim": True}}


def pieces(words: str, size: int) -> Iterator[str]:
    """Yield a text in pieces of at most so many characters, cut at lines where it can be, never within an escape."""
    while len(words) > size:
        cut = words.rfind("\n", size // 2, size)
        escape = words.rfind("&", size - 5, size)
        cut = cut if cut > 0 else escape if escape > 0 else size
        yield words[:cut]
        words = words[cut:].lstrip("\n")
    if words.strip():
        yield words
