"""What Slack takes as blocks, chunks and views, from its published limits. What the documentation does not allow is refused.

Sources, each below https://docs.slack.dev: reference/block-kit/blocks/NAME-block, reference/block-kit/block-elements/NAME-element,
reference/block-kit/composition-objects/NAME-object, reference/methods/NAME, reference/views/modal-views. The sum of a message is
not documented; it was measured and reported in github.com/slackapi/bolt-js/issues/2509.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Fields = dict[str, Any]

MESSAGE_BLOCKS = 50  # reference/block-kit/blocks: "up to 50 blocks in each message"
VIEW_BLOCKS = 100  # the same page: "and 100 blocks in modals or Home tabs"
BLOCK_ID = 255  # every block's page, block_id
ACTION_ID = 255  # every interactive element's page, action_id
SECTION = 3000  # section-block, text: 1 to 3000 characters
FIELDS, FIELD = 10, 2000  # section-block, fields
HEADER = 150  # header-block, text
CONTEXT = 10  # context-block, elements
ACTIONS = 25  # actions-block, elements
CONTEXT_ACTIONS = 5  # context-actions-block, elements
BUTTON, VALUE, URL = 75, 2000, 3000  # button-element: text, value, url
OPTIONS, OPTION, OPTION_VALUE = 100, 75, 150  # option-object; select-menu-element, options
RADIOS = 10  # radio-button-group-element, options
INPUT_LABEL, HINT = 2000, 2000  # input-block: label, hint
INPUT_LENGTH = 3000  # plain-text-input-element, max_length
PLACEHOLDER = 150  # plain-text-input-element, placeholder
MARKDOWN = 12_000  # markdown-block, text: the sum of all in one message
ROWS, COLUMNS = 100, 20  # table-block, rows
CELLS = 10_000  # table-block, usage: characters of all cells of one message
MODAL_TITLE, MODAL_BUTTON = 24, 24  # modal-views: title, submit, close
PRIVATE_METADATA = 3000  # modal-views, private_metadata
SUM = 13_170  # bolt-js issue 2509: characters of all blocks of a message, with more than one kind in it
POSTED_TEXT = 40_000  # chat.postMessage: longer text is cut
UPDATED_TEXT = 4000  # chat.update, error msg_too_long
STREAMED_BLOCKS = 50  # chat.stopStream, chunks: blocks in chunks count apart from `blocks`
PROMPTS = 4  # assistant.threads.setSuggestedPrompts: at most four
LOADING = 10  # assistant.threads.setStatus, loading_messages


class Refused(Exception):
    """Slack's word for what it does not take."""

    def __init__(self, error: str, why: str = "") -> None:
        super().__init__(f"{error}: {why}")
        self.error, self.why = error, why


def _demand(condition: object, why: str, error: str = "invalid_blocks") -> None:
    if not condition:
        raise Refused(error, why)


def _keys(fields: Fields, required: str, optional: str = "") -> None:
    """Demand these keys and allow no others."""
    needed, known = set(required.split()), set(required.split()) | set(optional.split()) | {"type"}
    _demand(isinstance(fields, dict), "not an object")
    _demand(needed <= fields.keys(), f"missing {needed - fields.keys()} in {fields.get('type')}")
    _demand(fields.keys() <= known, f"unknown {fields.keys() - known} in {fields.get('type')}")


def _text(fields: Any, most: int, kinds: str = "plain_text", least: int = 1) -> None:  # noqa: ANN401 - JSON
    """Check a text object (composition-objects/text-object)."""
    _keys(fields, "type text", "emoji verbatim")
    _demand(fields["type"] in kinds.split(), f"{fields['type']} is no {kinds}")
    _demand(isinstance(fields["text"], str), "text is no text")
    _demand(least <= len(fields["text"]) <= most, f"{len(fields['text'])} characters of {most}")


ANY_TEXT = "plain_text mrkdwn"


def _button(fields: Fields) -> None:
    _keys(fields, "type text action_id", "value url style confirm accessibility_label")
    _text(fields["text"], BUTTON)
    _demand(len(fields.get("value", "")) <= VALUE, "value too long")
    _demand(len(fields.get("url", "")) <= URL, "url too long")
    _demand(fields.get("style", "primary") in {"primary", "danger"}, "style")
    _demand(len(fields.get("accessibility_label", "")) <= BUTTON, "accessibility_label")


def _feedback_buttons(fields: Fields) -> None:
    _keys(fields, "type action_id positive_button negative_button")
    for name in ("positive_button", "negative_button"):
        _keys(fields[name], "text value", "accessibility_label")
        _text(fields[name]["text"], BUTTON)
        _demand(len(fields[name]["value"]) <= VALUE, "value too long")


def _options(fields: Fields, most: int) -> None:
    _demand(1 <= len(fields["options"]) <= most, "number of options")
    for option in fields["options"]:
        _keys(option, "text value", "description")
        _text(option["text"], OPTION, ANY_TEXT)
        _demand(len(option["value"]) <= OPTION_VALUE, "option value too long")
    if "initial_option" in fields:
        _demand(fields["initial_option"] in fields["options"], "initial option is none of the options")


def _select(fields: Fields) -> None:
    _keys(fields, "type action_id options", "placeholder initial_option")
    _options(fields, OPTIONS)


def _radios(fields: Fields) -> None:
    _keys(fields, "type action_id options", "initial_option")
    _options(fields, RADIOS)


def _text_input(fields: Fields) -> None:
    _keys(fields, "type action_id", "multiline max_length min_length placeholder initial_value")
    _demand(0 < fields.get("max_length", 1) <= INPUT_LENGTH, "max_length")
    if "placeholder" in fields:
        _text(fields["placeholder"], PLACEHOLDER)


ELEMENTS: dict[str, Callable[[Fields], None]] = {
    "button": _button,
    "feedback_buttons": _feedback_buttons,
    "static_select": _select,
    "radio_buttons": _radios,
    "plain_text_input": _text_input,
}


def _interactive(fields: Fields, allowed: str) -> None:
    kind = fields.get("type", "")
    _demand(kind in allowed.split(), f"{kind} is not among {allowed}")
    ELEMENTS[kind](fields)
    _demand(0 < len(fields["action_id"]) <= ACTION_ID, "action_id")


STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
INLINE = {
    "text": "text",
    "link": "url",
    "user": "user_id",
    "channel": "channel_id",
    "usergroup": "usergroup_id",
    "broadcast": "range",
    "emoji": "name",
    "date": "timestamp format",
    "color": "value",
}


def _inline(fields: Fields) -> None:
    """Check an element inside a rich_text_section, _quote or _preformatted."""
    kind = fields.get("type")
    _demand(kind in INLINE, f"{kind} in rich text")
    _keys(fields, INLINE[str(kind)], "style text unsafe unicode skin_tone fallback url team_id")
    _demand(fields.get("style", {}).keys() <= STYLES, "style")
    _demand(all(value is True or value is False for value in fields.get("style", {}).values()), "style")
    if kind == "text":
        _demand(isinstance(fields["text"], str) and fields["text"], "empty text element")


def _rich_part(fields: Fields) -> None:
    kind = fields.get("type")
    if kind == "rich_text_list":
        _keys(fields, "style elements", "indent offset border")
        _demand(fields["style"] in {"bullet", "ordered"}, "style of a list")
        _demand(fields["elements"], "empty list")
        for element in fields["elements"]:
            _demand(element.get("type") == "rich_text_section", "a list holds sections")
            _rich_part(element)
        return
    _demand(kind in {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}, f"{kind} in rich_text")
    _keys(fields, "elements", "border" if kind != "rich_text_section" else "")
    _demand(fields["elements"], "nothing in rich text")
    for element in fields["elements"]:
        _inline(element)


def _rich_text(fields: Fields) -> None:
    _keys(fields, "type elements", "block_id")
    _demand(fields["elements"], "nothing in rich_text")
    for element in fields["elements"]:
        _rich_part(element)


def _section(fields: Fields) -> None:
    _keys(fields, "type", "block_id text fields accessory expand")
    _demand("text" in fields or fields.get("fields"), "a section with nothing in it")
    if "text" in fields:
        _text(fields["text"], SECTION, ANY_TEXT)
    _demand(len(fields.get("fields", ())) <= FIELDS, "fields")
    for each in fields.get("fields", ()):
        _text(each, FIELD, ANY_TEXT)
    if "accessory" in fields:
        _interactive(fields["accessory"], "button static_select radio_buttons")


def _header(fields: Fields) -> None:
    _keys(fields, "type text", "block_id level")
    _text(fields["text"], HEADER)


def _context(fields: Fields) -> None:
    _keys(fields, "type elements", "block_id")
    _demand(1 <= len(fields["elements"]) <= CONTEXT, "elements of a context")
    for each in fields["elements"]:
        _text(each, SECTION, ANY_TEXT)


def _unique(elements: Sequence[Fields]) -> None:
    names = [each.get("action_id") for each in elements]
    _demand(len(names) == len(set(names)), "action_id twice in one block")


def _actions(fields: Fields) -> None:
    _keys(fields, "type elements", "block_id")
    _demand(1 <= len(fields["elements"]) <= ACTIONS, "elements of actions")
    for each in fields["elements"]:
        _interactive(each, "button static_select radio_buttons")
    _unique(fields["elements"])


def _context_actions(fields: Fields) -> None:
    _keys(fields, "type elements", "block_id")
    _demand(1 <= len(fields["elements"]) <= CONTEXT_ACTIONS, "elements of context actions")
    for each in fields["elements"]:
        _interactive(each, "feedback_buttons")
    _unique(fields["elements"])


def _markdown(fields: Fields) -> None:
    _keys(fields, "type text", "block_id")
    _demand(1 <= len(fields["text"]) <= MARKDOWN, "markdown")


def _table(fields: Fields) -> None:
    _keys(fields, "type rows", "block_id column_settings")
    _demand(1 <= len(fields["rows"]) <= ROWS, "rows of a table")
    _demand(len(fields.get("column_settings", ())) <= COLUMNS, "column settings")
    for row in fields["rows"]:
        _demand(1 <= len(row) <= COLUMNS, "cells of a row")
        for cell in row:
            if cell.get("type") == "raw_text":
                _keys(cell, "text")
                _demand(isinstance(cell["text"], str) and cell["text"], "empty cell")
            else:
                _demand(cell.get("type") == "rich_text", "kind of a cell")
                _rich_text(cell)


def _input(fields: Fields) -> None:
    _keys(fields, "type label element", "block_id hint optional dispatch_action")
    _text(fields["label"], INPUT_LABEL)
    if "hint" in fields:
        _text(fields["hint"], HINT)
    _interactive(fields["element"], "plain_text_input static_select radio_buttons")


def _divider(fields: Fields) -> None:
    _keys(fields, "type", "block_id")


BLOCKS: dict[str, Callable[[Fields], None]] = {
    "rich_text": _rich_text,
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "markdown": _markdown,
    "table": _table,
    "divider": _divider,
    "input": _input,
}
VIEWS_ONLY = {"input"}  # input-block: "available in modals, messages and Home tabs"; Lotse uses it in modals
MESSAGES_ONLY = {"context_actions", "markdown", "table"}  # each one's page, "works with"


def check(blocks: Any, most: int = MESSAGE_BLOCKS, where: str = "message") -> None:  # noqa: ANN401 - JSON
    """Check the blocks of a message or view. Raises Refused."""
    _demand(isinstance(blocks, list), "no list", "invalid_blocks_format")
    _demand(len(blocks) <= most, f"{len(blocks)} blocks of {most}")
    for block in blocks:
        _demand(isinstance(block, dict) and block.get("type") in BLOCKS, f"unknown block {block!r:.80}")
        _demand(
            block["type"] not in (VIEWS_ONLY if where == "message" else MESSAGES_ONLY), f"{block['type']} in {where}"
        )
        BLOCKS[block["type"]](block)
        _demand(0 < len(block.get("block_id", "x")) <= BLOCK_ID, "block_id")
    names = [block["block_id"] for block in blocks if "block_id" in block]
    _demand(len(names) == len(set(names)), "block_id twice")
    if where == "message":
        _whole(blocks)


def _whole(blocks: Sequence[Fields]) -> None:
    """Check what concerns all blocks of a message together."""
    tables = [block for block in blocks if block["type"] == "table"]
    _demand(len(tables) <= 1, "only_one_table_allowed", "invalid_attachments")  # table-block, usage info
    _demand(sum(map(len, words(tables))) <= CELLS, "cells of the table")
    markdown = [block["text"] for block in blocks if block["type"] == "markdown"]
    _demand(sum(map(len, markdown)) <= MARKDOWN, "markdown")
    _demand(sum(map(len, words(blocks))) <= SUM, "the sum of the message", "msg_blocks_too_long")


def words(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield every text that a person sees, in order: of blocks, elements and cells."""
    if isinstance(value, list):
        for each in value:
            yield from words(each)
    elif isinstance(value, dict):
        text = value.get("text")
        if isinstance(text, str):
            yield text
        for name, each in value.items():
            if name not in {"options", "initial_option", "confirm"} and isinstance(each, dict | list):
                yield from words(each)


def visible(blocks: Any) -> str:  # noqa: ANN401 - JSON
    """Return what a person reads, without what is said by shape."""
    return "\n".join(words(blocks))


RISKY = {"link", "user", "channel", "usergroup", "broadcast", "image", "video"}


def risky(value: Any) -> Iterator[Fields]:  # noqa: ANN401 - JSON
    """Yield every element that mentions, links or shows an image, and every text that Slack would read markup in."""
    if isinstance(value, list):
        for each in value:
            yield from risky(each)
    elif isinstance(value, dict):
        if value.get("type") in RISKY or _marked(value):
            yield value
        for each in value.values():
            yield from risky(each)


def _marked(value: Fields) -> bool:
    """Say whether Slack would make a mention, link or image of what stands in a text in which it reads markup."""
    kind, text = value.get("type"), value.get("text", "")
    if kind == "markdown":
        return any(mark in text for mark in ("<", "](", "://", "@", "www."))
    # verbatim true: nothing is linked but what stands between angle brackets (composition-objects/text-object)
    return kind == "mrkdwn" and ("<" in text or not value.get("verbatim"))


def check_chunks(chunks: Any) -> list[Fields]:  # noqa: ANN401 - JSON
    """Check streaming chunks (chat.appendStream, chunks) and return their blocks; markdown comes back as a block. Raises Refused."""
    _demand(isinstance(chunks, list), "no list", "invalid_chunks")
    blocks: list[Fields] = []
    for chunk in chunks:
        kind = chunk.get("type")
        _demand(kind in {"blocks", "markdown_text"}, f"chunk {kind}", "invalid_chunks")
        if kind == "blocks":
            check(chunk["blocks"])
            blocks += chunk["blocks"]
        else:
            _demand(len(chunk["text"]) <= MARKDOWN, "markdown", "msg_too_long")
            blocks.append({"type": "markdown", "text": chunk["text"]})
    return blocks


def check_view(view: Any, kind: str) -> None:  # noqa: ANN401 - JSON
    """Check a modal or a Home tab. Raises Refused."""
    _demand(isinstance(view, dict) and view.get("type") == kind, "type of the view", "invalid_arguments")
    common = "callback_id private_metadata external_id"
    if kind == "modal":
        _keys(view, "type title blocks", f"submit close notify_on_close clear_on_close {common}")
        for name, most in (("title", MODAL_TITLE), ("submit", MODAL_BUTTON), ("close", MODAL_BUTTON)):
            if name in view:
                _text(view[name], most)
        _demand("submit" in view or not any(b["type"] == "input" for b in view["blocks"]), "input without submit")
    else:
        _keys(view, "type blocks", common)
    _demand(len(view.get("private_metadata", "")) <= PRIVATE_METADATA, "private_metadata")
    check(view["blocks"], VIEW_BLOCKS, kind)
