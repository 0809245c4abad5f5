"""An answer as messages of Slack: its layout in blocks, sources and buttons first in line for room, nothing visible lost."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.slack import blocks, home
from adapters.slack.receiving import COMMAND, PRESSED, context, spoken_id
from bot import buttons, layout, wording
from bot.buttons import Action, Button
from bot.commands import Command, parse
from bot.journal import REMEMBERED
from bot.messages import Kind, Outcome
from bot.phrases import say
from bot.splitting import joined, split
from knowledge.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.slack.blocks import Block
    from bot.layout import Layout, Quote, Source
    from bot.messages import Answer, Message, Sentence, Wrote

ROOM = 3600
"""Characters of one message. Slack updates no text over 4,000 (docs.slack.dev/reference/methods/chat.update, msg_too_long), and
every message must also fit as plain text, with its escapes."""
BLOCKS = 40
"""Blocks of one message; Slack takes 50 (docs.slack.dev/reference/block-kit/blocks)."""
PIECE = 1800
"""Characters of one block at most; a section of Slack holds 3,000."""
NOTICES, NOTICE = 5, 500
"""Lines and characters of notices in the small print, which holds ten lines (docs.slack.dev/reference/block-kit/blocks/context-block)."""
SHORT = 600
"""Characters of the short answer that notifications and screen readers give."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of an answer, in its `language`. `key` names it, `short` is what a notification says, `aside`: for the presser alone.

    `home` and `prompts` are what is shown beside the conversation to whoever opened the app.
    """

    key: str
    blocks: tuple[Block, ...]
    short: str
    language: str
    aside: bool = False
    home: Block | None = None
    prompts: tuple[dict[str, str], ...] = ()

    def written(self) -> str:
        """Write it down, until it was sent."""
        fields = {"k": self.key, "b": self.blocks, "s": self.short, "l": self.language, "a": self.aside}
        return json.dumps(fields | {"h": self.home, "p": self.prompts}, ensure_ascii=False)


def read(part: str) -> Part:
    """Return what was written down."""
    fields = json.loads(part)
    beside = fields.get("h"), tuple(fields.get("p", ()))
    return Part(fields["k"], tuple(fields["b"]), fields["s"], fields.get("l", ENGLISH), fields["a"], *beside)


def parts(answer: Answer, message: Message) -> list[Part]:
    """Return an answer to a message as messages, the first with sources and buttons."""
    laid = layout.of(named(answer))
    body, sources = [*_pressed(message), *_body(laid)], list(_sources(laid))
    end = list(_end(laid, answer, message))
    made = _packed(body, sources, end)
    if answer.overview:
        beside = home.view(answer.overview), tuple(home.prompts(answer.overview))
        return [Part(f"{answer.id}-1", tuple(made[0]), short(laid), laid.language, laid.aside, *beside)]
    said = short(laid), laid.language, laid.aside
    return [Part(f"{answer.id}-{number}", tuple(page), *said) for number, page in enumerate(made, 1)]


def named(answer: Answer) -> Answer:
    """Return an answer that names commands as they are given in Slack: /lotse help, not /help."""
    preface = _COMMAND.sub(_spelled, answer.preface)
    if answer.outcome is not Outcome.DECLINED or answer.discard:
        return replace(answer, preface=preface)
    words, brace, kept = answer.text.partition("\n{")  # what is kept about somebody is shown as it is
    return replace(answer, preface=preface, text=_COMMAND.sub(_spelled, words) + brace + kept)


_COMMAND = re.compile(r"(?<![\w/])/\w+\b(?!/)")


def _spelled(found: re.Match[str]) -> str:
    request = parse(found[0])
    known = request is not None and request.command not in {None, Command.ASK}
    return f"{COMMAND} {found[0][1:]}" if known else COMMAND if request and request.command else found[0]


def short(laid: Layout) -> str:
    """Return the short answer, in which no mark and no address is read."""
    said = (laid.verdict.words if laid.verdict else "", *laid.said, *(each.text for each in laid.sentences))
    said += () if laid.sentences else tuple(each.marked for each in laid.quotes[:1])
    words = " ".join(filter(None, said)) or laid.by_ai or "…"
    return blocks.unlinked(words if len(words) <= SHORT else words[: SHORT - 1] + "…")


# messages


def _packed(body: Sequence[Block], sources: Sequence[Block], end: Sequence[Block]) -> list[list[Block]]:
    """Return messages: in the first, room for sources and buttons is kept free; what finds none goes on below."""
    room, most = ROOM - _size(end), BLOCKS - len(end)
    kept, later = _fitting(sources, room // 2, most // 2)
    first, rest = _fitting(body, room - _size(kept), most - len(kept))
    pages = [[*first, *kept, *end]]
    left = [*rest, *later]
    while left:
        page, left = _fitting(left, ROOM, BLOCKS)
        pages.append(page)
    return pages


def _fitting(found: Sequence[Block], room: int, most: int) -> tuple[list[Block], list[Block]]:
    """Return the blocks that fit from the start, and the others; one table a message, and one block at least where all is free."""
    taken = tables = 0
    for number, block in enumerate(found):
        taken += blocks.visible(block) + 2
        tables += block["type"] == "table"
        if taken > room or number >= most or tables > 1:
            number = max(number, int(room == ROOM))  # noqa: PLW2901 - what is alone in a message has to go
            return list(found[:number]), list(found[number:])
    return list(found), []


def _size(found: Sequence[Block]) -> int:
    return sum(blocks.visible(block) + 2 for block in found)


# what an answer says


def _pressed(message: Message) -> Iterator[Block]:
    """Yield the question that a pressed button asked: nobody sees it typed."""
    press = buttons.read(message.text) if message.kind is Kind.CLICK else None
    if press and press.action is Action.ASK:
        yield blocks.rich(blocks.quote(blocks.text(press.words)))


def _body(laid: Layout) -> Iterator[Block]:
    for paragraph in laid.preface:
        yield from _paragraph(paragraph)
    if laid.verdict:
        yield blocks.rich(blocks.section(blocks.text(f"{laid.verdict.symbol} {laid.verdict.words}", bold=True)))
    for paragraph in laid.said:
        yield from _paragraph(paragraph)
    yield from _sentences(laid.sentences)
    yield from _quotes(laid.quotes)
    if laid.nearest:
        yield from _listed(laid.nearest.heading, [[blocks.text(line)] for line in laid.nearest.lines])
    if laid.contact:
        yield from _paragraph(laid.contact)
    for line in () if _is_brief(laid.notice) else laid.notice:
        yield from _paragraph(line, italic=True)
    if any(len(each.label) > blocks.LABEL for each in laid.suggestions):
        yield from _listed(laid.suggestions_heading, [[blocks.text(each.label)] for each in laid.suggestions])


def _paragraph(words: str, **style: bool) -> Iterator[Block]:
    for piece in _cut(words):
        yield blocks.rich(blocks.section(blocks.text(piece, **style)))


def _cut(words: str) -> list[str]:
    """Return words in pieces that fit into a block."""
    return [joined((words,), piece) for piece in split((words,), PIECE, _as_plain)]


def _as_plain(words: str) -> int:
    """Return how long words are with their escapes, as in the plainest form of a message."""
    return len(blocks.escaped(words)) + words.count(":") + words.count(".")


def _sentences(said: Sequence[Sentence]) -> Iterator[Block]:
    """Yield the sentences as paragraphs of a block or more, each with the numbers of its sources behind it."""
    line: list[Block] = []
    taken = 0
    for number, sentence in enumerate(said):
        for place, element in enumerate(written(sentence)):
            taken += len(blocks.unlinked(element["text"]))
            if line and taken > PIECE:
                yield blocks.rich(blocks.section(*line))
                line, taken = [], len(element["text"])
            line += [blocks.text(" ")] if line and number and not place else []
            line.append(element)
    if line:
        yield blocks.rich(blocks.section(*line))


def written(sentence: Sentence) -> list[Block]:
    """Return a sentence with the numbers of its sources."""
    numbers = "".join(f"[{number}]" for number in sentence.citations)
    said = [blocks.text(piece) for piece in _cut(sentence.text)]
    return [*said, blocks.text(f" {numbers}", bold=True)] if numbers else said


def _quotes(quotes: Sequence[Quote]) -> Iterator[Block]:
    """Yield quotes; rows below the same names of columns stand in a table, where the first of them would."""
    tables = _tables([quote for quote in quotes if _tabular(quote)])
    for quote in quotes:
        table = next((rows for rows in tables if quote in rows), None)
        if table is None:
            yield from _quoted(quote)
        elif quote is table[0]:
            yield blocks.table(("#", *quote.rows[0]), [(f"[{each.number}]", *each.rows[1]) for each in table])


def _tables(quotes: Sequence[Quote]) -> list[list[Quote]]:
    """Return rows that belong together, at most as many as one block holds. Each table needs a message of its own."""
    tables: list[list[Quote]] = []
    for quote in quotes:
        table = next((rows for rows in tables if rows[0].rows[0] == quote.rows[0] and _has_room(rows, quote)), None)
        if table is None:
            tables.append([quote])
        else:
            table.append(quote)
    return tables


def _has_room(rows: Sequence[Quote], quote: Quote) -> bool:
    taken = sum(len(row.text) + len("[10]") for row in (*rows, quote))
    return taken <= PIECE and len(rows) < blocks.ROWS - 1


def _tabular(quote: Quote) -> bool:
    """Say whether a quote is a row that a table of Slack holds."""
    return 0 < len(quote.rows[0] if quote.rows else ()) < blocks.COLUMNS and len(quote.lead + quote.text) < PIECE


def _quoted(quote: Quote) -> Iterator[Block]:
    yield from _paragraph(quote.lead) if quote.lead else ()
    shown = _cut(quote.marked)
    for number, piece in enumerate(shown, 1):
        last = [blocks.text(f" [{quote.number}]", bold=True)] if number == len(shown) else []
        yield blocks.rich(blocks.quote(blocks.text(piece), *last))


def _sources(laid: Layout) -> Iterator[Block]:
    if laid.sources:
        yield from _listed(laid.sources_heading, [_source(source) for source in laid.sources])


def _source(source: Source) -> list[Block]:
    """Return where quotes stand: its title is a link where the handbook names an address."""
    details = "".join(f", {detail}" for detail in source.details)
    title = blocks.link(source.url, source.title) if source.url else blocks.text(source.title or "–")
    return [blocks.text(f"[{source.number}] ", bold=True), title, *([blocks.text(details)] if details else [])]


def _listed(heading: str, lines: Sequence[Sequence[Block]]) -> Iterator[Block]:
    """Yield a heading and lines below it, in as many blocks as it takes."""
    top: list[Block] = [blocks.section(blocks.text(heading, bold=True))]
    for number, line in enumerate(lines):
        whole = "".join(str(element["text"]) for element in line)
        if len(whole) > PIECE:
            yield from (blocks.rich(*top),) if number == 0 else ()
            yield from _paragraph(whole)
        else:
            yield blocks.rich(*(top if number == 0 else ()), blocks.listed([blocks.section(*line)]))


# what stands below


def _end(laid: Layout, answer: Answer, message: Message) -> Iterator[Block]:
    """Yield the small print and the buttons; Slack names them by ids that are unique in a message."""
    dated = _dated(answer.generation, laid.language) if laid.by_ai else ""
    notice = laid.notice if _is_brief(laid.notice) else ()
    if lines := [line for line in (laid.by_ai, dated, *notice, laid.reference, laid.private_words) if line]:
        yield blocks.small(*lines)
    yield from _row(laid.choices, "choice", laid.language)
    if laid.suggestions:
        yield blocks.small(laid.suggestions_heading)
        yield from _row(laid.suggestions, "next", laid.language)
    yield from _row(laid.reasons, "reason", laid.language)
    if others := [button for button in (laid.sources_button, laid.private, _direct(laid, answer, message)) if button]:
        yield from _row(others, "more", laid.language)
    if len(laid.feedback) == len(("helpful", "not helpful")):
        helpful, unhelpful = ((each.label, each.payload) for each in laid.feedback)
        yield blocks.thumbs(spoken_id(f"{PRESSED}-judge", laid.language), helpful, unhelpful)


def _is_brief(notice: Sequence[str]) -> bool:
    """Say whether the small print has room for what else there is to know; otherwise it stands in the answer, whole."""
    return len(notice) <= NOTICES and sum(map(len, notice)) <= NOTICE


def _direct(laid: Layout, answer: Answer, message: Message) -> Button | None:
    """Return the offer to go on in a direct message, below what only the asker sees in a channel."""
    if laid.private or answer.outcome not in REMEMBERED or not context(message).whisper:
        return None
    if message.place.conversation.startswith("D"):
        return None
    payload = buttons.payload(Action.PRIVATE, answer.id)
    return Button(say("slack_direct", laid.language), payload) if payload else None


def _dated(generation: str, language: str) -> str:
    """Return of which day the handbook is, which the name of a generation begins with."""
    try:
        day = datetime.strptime(generation[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day without a clock
    except ValueError:
        return ""
    return say("handbook_of", language, date=wording.day(day, language))


def _row(found: Sequence[Button], kind: str, language: str) -> Iterator[Block]:
    """Yield buttons; what a label has no room for is said above."""
    if found:
        names = (spoken_id(f"{PRESSED}-{kind}-{number}", language) for number in range(len(found)))
        yield blocks.actions(*(_button(each, name) for each, name in zip(found, names, strict=True)))


def _button(button: Button, action: str) -> Block:
    return blocks.button(button.label, action, buttons.pressed(button.payload, button.label))


# while it is written


def sentence(wrote: Wrote) -> Block:
    """Return a sentence as it is streamed."""
    return blocks.rich(blocks.section(*written(wrote.sentence)))


def sign(words: str) -> Block:
    """Return a sign of life as a block."""
    return blocks.rich(blocks.section(blocks.text(words, italic=True)))
