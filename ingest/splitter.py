"""Cut a document into passages, never through a table row or a rule, and passages into pieces that can be quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from knowledge.documents import Block, Kind, Passage
from knowledge.manipulation import orders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.documents import Document, Section

LIMIT = 1000
"""Characters of a passage: a section of a usual handbook; twenty of them fit the 4,000 tokens of a prompt. A longer rule stays whole."""
PIECE_LIMIT = 600
"""Characters of a piece, so that a quote fits an answer."""

LONGEST_ABBREVIATION = 8
"""Characters looked back for an abbreviation: without a bound, a text of nothing but "A. A. A." would take for ever."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”“»«)\]]*\s+(?=[\"'„“”»«(\[]?[A-ZÄÖÜ0-9])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Abs|Art|bzw|ca|Co|Dr|Dres|etc|evtl|exkl|e\.g|ff|ggf|Hr|Fr|i\.e|incl|inkl|Inc|max|min|Mio|Mr|Mrs|Ms|No|Nr|Prof|S|"
    r"sog|St|Std|Str|Tel|usw|v\.a|vgl|vs|z\.B|zzgl|approx|dept|ext|Dipl|Ing|Jan|Feb|Mär|Apr|Jun|Jul|Aug|Sept?|Okt|Oct|Nov|Dez|Dec)|\b\d{1,2})\.$"
)


@dataclass(frozen=True, slots=True)
class Split:
    """A document's passages in reading order, and how many sentences were left out because they order assistants about."""

    passages: tuple[Passage, ...]
    withheld: int = 0


def split(document: Document) -> Split:
    """Cut a document into passages. What orders an assistant about is not taken in: nobody could ever be answered with it."""
    passages: list[Passage] = []
    withheld = 0
    for section in document.sections:
        blocks = [_obedient(block) for block in section.blocks]
        lost = [_lost(old, new) for old, new in zip(section.blocks, blocks, strict=True)]
        withheld += sum(lost)
        for run in _runs(blocks, lost):
            passages.extend(_section(document.path, section, run))
    return Split(tuple(passages), withheld)


def _runs(blocks: Sequence[Block], lost: Sequence[int]) -> Iterator[list[tuple[Block, str]]]:
    """Yield the blocks that stand together, each with its lead: no quote may span a place where something was left out."""
    run: list[tuple[Block, str]] = []
    for (block, lead), missing in zip(_with_leads(blocks), lost, strict=True):
        if block.text.strip():
            run.append((block, lead))
        if missing:
            yield run
            run = []
    yield run


def _lost(old: Block, new: Block) -> int:
    """Return how many sentences of a block were left out."""
    return 0 if new is old else len(sentences(old.text)) - len(sentences(new.text))


def _obedient(block: Block) -> Block:
    """Return the block up to the first sentence that orders an assistant about; what follows in one breath goes with it."""
    if not orders(block.text):
        return block
    if block.kind is Kind.ROW:
        return replace(block, text="", cells=())
    kept = list(takewhile(lambda sentence: not orders(sentence), sentences(block.text)))
    return replace(block, text=" ".join(kept) if len(kept) < len(sentences(block.text)) else "")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; an abbreviation or an ordinal number ends none."""
    found: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        cut = match.start() + len(match.group().rstrip())
        if "\n" not in match.group() and _ABBREVIATION.search(
            text, max(start, match.start() - LONGEST_ABBREVIATION), match.start()
        ):
            continue
        found.append(text[start:cut].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _section(path: str, section: Section, run: Sequence[tuple[Block, str]]) -> Iterator[Passage]:
    group: list[tuple[str, str]] = []
    kinds: set[Kind] = set()
    for block, lead in run:
        if block.kind is Kind.ROW:
            yield from _passage(path, section, group, kinds)
            yield Passage(path, section.heading, Kind.ROW, (block.text,), block.header, (lead,), section.page)
            continue
        pieces = list(_led(_pieces(block), lead))
        if group and _length(group) + _length(pieces) > LIMIT:
            yield from _passage(path, section, group, kinds)
        group.extend(pieces)
        kinds.add(block.kind)
        while _length(group) > LIMIT and block.kind is not Kind.RULE and len(group) > 1:
            cut = _cut(group)
            rest = group[cut:]
            del group[cut:]
            yield from _passage(path, section, group, kinds)
            group.extend(rest)
            kinds.add(block.kind)
    yield from _passage(path, section, group, kinds)


def _cut(group: Sequence[tuple[str, str]]) -> int:
    """Return after how many pieces the passage is full."""
    length = 0
    for number, (piece, _) in enumerate(group):
        length += len(piece) + 1
        if length > LIMIT:
            return max(number, 1)
    return len(group)


def _passage(path: str, section: Section, group: list[tuple[str, str]], kinds: set[Kind]) -> Iterator[Passage]:
    """Yield the collected pieces as a passage and begin anew."""
    if group:
        pieces, leads = zip(*group, strict=True)
        kind = Kind.ITEM if kinds & {Kind.ITEM, Kind.RULE} else Kind.TEXT
        yield Passage(path, section.heading, kind, tuple(pieces), (), tuple(leads), section.page)
    group.clear()
    kinds.clear()


def _length(group: Sequence[tuple[str, str]]) -> int:
    return sum(len(piece) + 1 for piece, _ in group)


def _with_leads(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Yield each block with the line that introduces it: the last paragraph or higher item that ends with a colon, or a question."""
    lead = ""
    parents: dict[int, str] = {}
    for block in blocks:
        if block.kind in (Kind.TEXT, Kind.CODE):
            asked = lead if lead.endswith("?") else ""
            yield block, lead if block.kind is Kind.CODE else asked
            last = sentences(block.text)[-1] if block.text.rstrip().endswith((":", "?")) else asked
            lead, parents = last, {}
        else:
            yield block, next((parents[depth] for depth in range(block.depth - 1, -1, -1) if depth in parents), lead)
            parents = {depth: text for depth, text in parents.items() if depth < block.depth}
            if block.text.rstrip().endswith(":"):
                parents[block.depth] = block.text


def _led(pieces: Iterable[str], lead: str) -> Iterator[tuple[str, str]]:
    """Yield each piece of a block with the line that leads it: a question leads what follows, its answer."""
    for piece in pieces:
        yield piece, lead
        if piece.endswith("?"):
            lead = piece


def _pieces(block: Block) -> Iterator[str]:
    """Yield the parts of a block that can be quoted: a rule or item whole, a paragraph by sentences."""
    if block.kind is not Kind.TEXT and len(block.text) <= PIECE_LIMIT:
        yield block.text
        return
    for sentence in sentences(block.text):
        if len(sentence) <= PIECE_LIMIT:
            yield sentence
        else:
            yield from _chop(sentence)


def _chop(sentence: str) -> Iterator[str]:
    """Cut a sentence of unusual length where a line, a clause or a word of it ends."""
    while len(sentence) > PIECE_LIMIT:
        end = _end(sentence)
        yield sentence[:end].strip()
        sentence = sentence[end:].lstrip()
    yield sentence


def _end(sentence: str) -> int:
    for mark in ("\n", "; ", ", ", " "):
        at = sentence.rfind(mark, PIECE_LIMIT // 3, PIECE_LIMIT)
        if at >= 0:
            return at + len(mark)
    return PIECE_LIMIT
