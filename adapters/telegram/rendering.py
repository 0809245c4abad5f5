"""An answer as Telegram messages: its layout as text with entities, split where people would, its buttons below the last."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.telegram.rich import JOINER, MAIL, Rich, entities, foreign, join, own, severed, visible
from adapters.telegram.tables import aligned
from bot import buttons, commands, layout
from bot.buttons import Action
from bot.commands import NAMES, Command
from bot.messages import Kind, Outcome
from bot.splitting import GAP, split, utf16

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.buttons import Button
    from bot.layout import Layout, Quote, Source
    from bot.messages import Answer, Message
    from bot.splitting import Slice

LONGEST = 4096
"""UTF-16 code units of a message's text (https://core.telegram.org/bots/api#sendmessage)."""
TOAST = 200
"""Characters that whoever pressed a button is told in passing (https://core.telegram.org/bots/api#answercallbackquery)."""
LABEL = 256
"""UTF-16 code units of a label. Telegram names no limit, but a keyboard of more than 10 kB is refused."""
ROWS = 8
"""Rows of questions below an answer at most."""
Keyboard = list[list[dict[str, str]]]
"""Rows of InlineKeyboardButton objects."""
_OWN_WORDS = frozenset({Outcome.DECLINED, Outcome.FAILED})


def render(answer: Answer, message: Message, bot_name: str) -> list[str]:
    """Return the parts of an answer to a message, each a JSON object.

    `text` and `entities` make a message, `keyboard` its buttons; `toast` is told to whoever pressed; `below` is the keyboard
    that the message with the pressed button gets.
    """
    laid = layout.of(answer)
    if message.kind is Kind.CLICK and answer.aside:
        return [_aside(laid, message)]
    texts = messages(list(_blocks(laid, answer, message, bot_name)))
    parts: list[dict[str, object]] = [{"text": each.text, "entities": entities(each)} for each in texts]
    if rows := keyboard(laid, answer.id, bot_name):
        parts[-1]["keyboard"] = rows
    return [json.dumps(part, ensure_ascii=False) for part in parts]


def messages(blocks: Sequence[Rich]) -> list[Rich]:
    """Return blocks as messages that Telegram takes: none is too long, none shows nothing. At least one."""
    shown = [block for block in blocks if visible(block.text)]
    cut = (
        join((_piece(shown[piece.block], piece) for piece in message), GAP)
        for message in split([block.text for block in shown], LONGEST - len(JOINER), utf16)
    )
    return [trimmed for message in cut if (trimmed := message.trimmed()).text] or [own("…")]


def _piece(block: Rich, piece: Slice) -> Rich:
    cut = block.cut(piece.start, piece.end)
    return severed(cut) if piece.start else cut


# the text


_COMMANDS = "|".join(rf"/{name}\b" for name in NAMES)
_IN_FRONT = r"(?:(?<!\S)|(?<=\s[(\[{<\"'„“«»])|(?<=\A[(\[{<\"'„“«»]))"
_BEHIND = r"(?=[.:?]*(?:\s|\Z)|[,;!)\]}>\"'“”«»])"
"""An address that stands alone: any other with it in it is somebody else's, and Telegram takes what goes on for a web address.

White space in front also keeps it in one message.
"""


@dataclass(frozen=True, slots=True)
class _Voice:
    """Whose words these are: `told` what documents, models and people wrote, `said` what Lotse says, with its commands.

    Neither makes a link of anything but the contact's e-mail address, and an invitation to this bot.
    """

    told_spares: re.Pattern[str] | None
    said_spares: re.Pattern[str]

    @classmethod
    def of(cls, answer: Answer, bot_name: str) -> _Voice:
        known = sorted(set(MAIL.findall(answer.contact[:1000])), key=len, reverse=True)
        mails = rf"{_IN_FRONT}(?:{'|'.join(map(re.escape, known))}){_BEHIND}" if known else ""
        link = rf"https://t\.me/{re.escape(bot_name)}\?start=[\w-]+" if bot_name else ""
        return cls(re.compile(mails) if mails else None, re.compile("|".join(filter(None, (_COMMANDS, link, mails)))))

    def told(self, text: str, kind: str = "", url: str = "") -> Rich:
        return foreign(text, kind, self.told_spares, url)

    def said(self, text: str, kind: str = "") -> Rich:
        return foreign(text, kind, self.said_spares)


def _blocks(laid: Layout, answer: Answer, message: Message, bot_name: str) -> Iterator[Rich]:
    """Yield the parts of an answer in their order."""
    voice = _Voice.of(answer, bot_name)
    yield from map(voice.said, laid.preface)
    if asked := _unseen_question(answer, message):
        yield voice.told(f"» {asked}", "italic")
    if laid.verdict:
        yield own(f"{laid.verdict.symbol} {laid.verdict.words}", "bold")
    own_words = answer.outcome in _OWN_WORDS and not answer.foreign
    yield from map(voice.said if own_words else voice.told, laid.said)
    if laid.sentences:
        yield join((voice.told(s.text) + own(" " + _numbers(s.citations)) for s in laid.sentences), " ")
    for quote in laid.quotes:
        yield _quoted(quote, voice, folded=bool(laid.sentences))
    if laid.sources:
        yield join((own(f"{laid.sources_heading}:", "bold"), *(_source(each, voice) for each in laid.sources)), "\n")
    if laid.nearest:
        yield join((own(laid.nearest.heading), *(voice.told(f"– {line}") for line in laid.nearest.lines)), "\n")
    yield voice.told(laid.contact)
    yield own(laid.private_words)
    yield from (voice.told(line, "italic") for line in laid.notice)
    if unpressable := [button for button in laid.suggestions if not _fits(button)]:
        yield join((own(laid.suggestions_heading), *(voice.told(f"– {each.label}") for each in unpressable)), "\n")
    yield voice.told(" ".join(filter(None, (laid.by_ai, laid.reference))), "italic")


def _unseen_question(answer: Answer, message: Message) -> str:
    """Return a question that stands nowhere in the chat: on a button that was pressed, or behind a link from a group."""
    request = commands.parse(message.text)
    if request and request.command is Command.START and commands.is_reference(request.argument):
        return answer.question if answer.question != message.text else ""
    press = buttons.read(message.text) if message.kind is Kind.CLICK else None
    return press.words if press and press.action is Action.ASK else ""


def _numbers(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _quoted(quote: Quote, voice: _Voice, *, folded: bool) -> Rich:
    """Return a quote: a row of a table as aligned text, anything else set apart, folded up below an answer in words."""
    if quote.rows:
        return voice.told(aligned(*quote.rows), "pre") + own(f"\n[{quote.number}]")
    whole = join((voice.told(quote.lead), voice.told(quote.marked) + own(f" [{quote.number}]")), "\n").text
    return own(whole, "expandable_blockquote" if folded else "blockquote")


def _source(source: Source, voice: _Voice) -> Rich:
    title = voice.told(source.title, "text_link" if source.url else "", source.url)
    return own(f"[{source.number}] ") + title + voice.told("".join(f", {detail}" for detail in source.details))


# the buttons


def keyboard(laid: Layout, reference: str, bot_name: str) -> Keyboard:
    """Return the buttons below an answer."""
    questions = [button for button in (*laid.choices, *laid.suggestions) if _fits(button)][:ROWS]
    rows = [[_button(button)] for button in questions]
    if laid.private and bot_name:
        rows.append([{"text": laid.private.label, "url": f"https://t.me/{bot_name}?start={reference}"}])
    if laid.sources_button:
        rows.append([_button(laid.sources_button)])
    if laid.feedback:
        rows.append([_button(button) for button in laid.feedback])
    return rows


def _fits(button: Button) -> bool:
    return utf16(button.label) <= LABEL and visible(button.label)


def _button(button: Button) -> dict[str, str]:
    return {"text": own(button.label).text, "callback_data": button.payload}


def _aside(laid: Layout, message: Message) -> str:
    """Return what only whoever pressed is told, and how the buttons change with it."""
    text, signed = "\n\n".join(laid.said), "\n\n".join(filter(None, (*laid.said, laid.by_ai)))
    if len(signed) <= TOAST or message.place.private:  # there, what has no room is sent as a message
        text = signed
    part: dict[str, object] = {"toast": text}
    if laid.reasons or laid.judged:
        kept = [row for row in pressed_keyboard(message.context) if not any(map(_judges, row))]
        part["below"] = kept + [[_button(button)] for button in laid.reasons]
    return json.dumps(part, ensure_ascii=False)


def _judges(button: dict[str, str]) -> bool:
    press = buttons.read(button.get("callback_data", ""))
    return press is not None and press.action in (Action.JUDGE, Action.UNHELPFUL)


def pressed_keyboard(context: str) -> Keyboard:
    """Return the buttons that stood below the message whose button was pressed."""
    known = json.loads(context) if context else {}
    return list(known.get("keyboard", ()))
