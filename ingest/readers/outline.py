"""Outline: collects blocks below headings while a reader walks through its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.errors import TooLarge
from ingest.readers.content import Content
from ingest.readers.numbering import bulleted, numbered
from ingest.readers.wording import clean, squeeze
from knowledge.documents import CELL_SEPARATOR, Block, Kind, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ingest.readers.limits import Limits


_LONGEST_HEADING = 400
"""Characters of a heading, which stands in front of every passage below it; what is longer is a paragraph."""
_LONGEST_HEADER = 4_000
"""Characters of all names of columns together, which stand in front of every row below them."""

_LONGEST_BLOCK = 20_000
"""Characters of a block: ten pages without a paragraph. What is longer is no rule, row or paragraph that a person wrote."""


@dataclass(slots=True)
class _Draft:
    """A section that is still being written."""

    heading: tuple[str, ...]
    page: int | None
    named: bool = False
    blocks: list[Block] = field(default_factory=list)


class Outline:
    """Turn headings, paragraphs, items, rules, rows and code, in reading order, into sections.

    All text of all readers passes through here: it is cleaned, hidden characters are counted, and what exceeds the
    limits on characters or rows raises TooLarge.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.hidden = 0
        self._characters = 0
        self._rows = 0
        self._path: list[tuple[int, str]] = []
        self._page: int | None = None
        self._drafts: list[_Draft] = [_Draft((), None)]
        self._header: tuple[Sequence[str], tuple[str, ...]] = (), ()

    def conceal(self, characters: int) -> None:
        """Count hidden text that the reader left out."""
        self.hidden += characters

    def page(self, number: int) -> None:
        """Begin a page; the heading goes on."""
        self._page = number
        self._begin()

    def slide(self, number: int) -> None:
        """Begin a slide; what stood above it heads nothing on it."""
        self._page = number
        self._path.clear()
        self._begin()

    def heading(self, level: int, text: str) -> None:
        """Begin a section at this level, below the nearest higher one. A heading without text is none."""
        plain = squeeze(self._take(text)).replace("\n", " ")
        if not plain:
            return
        if len(plain) > _LONGEST_HEADING:
            self._add(Block(Kind.TEXT, plain))
            return
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, plain))
        self._begin(named=True)

    def paragraph(self, text: str) -> None:
        """Add running text: one block, or one for each numbered rule or bullet among its lines."""
        for part in _parts(squeeze(self._take(text))):
            self._add(_block(part))

    def item(self, text: str, depth: int = 0, marker: str = "") -> None:
        """Add an item of a list, or with a marker a numbered rule."""
        plain = squeeze(self._take(text))
        if not plain:
            return
        own = None if marker else numbered(plain)
        marker, plain = own or (marker, plain)
        self._add(Block(Kind.RULE if marker else Kind.ITEM, plain, marker=marker, depth=depth))

    def extend(self, text: str) -> None:
        """Add a further paragraph to the item or rule just added, so that it is never cut in two."""
        plain = squeeze(self._take(text))
        if plain:
            last = self._drafts[-1].blocks.pop()
            joined = f"{last.text}\n{plain}"
            self._add(Block(last.kind, joined, marker=last.marker, depth=last.depth))

    def row(self, cells: Sequence[str], header: Sequence[str] = ()) -> None:
        """Add a table row below its header, as wide as it is; a row without any text is left out."""
        plain = tuple(self._cell(cell) for cell in cells)
        if not any(plain):
            return
        self._rows += 1
        self._stop("rows", self.limits.rows, self._rows)
        self._add(Block(Kind.ROW, CELL_SEPARATOR.join(plain), header=self._names(header), cells=plain))

    def code(self, text: str) -> None:
        """Add code as it stands, its line ends trimmed."""
        lines = self._take(text).expandtabs(4).strip("\n").split("\n")
        plain = "\n".join(line.rstrip() for line in lines)
        if plain.strip():
            self._add(Block(Kind.CODE, plain))

    def last(self) -> Block | None:
        """Return the block just added to the current section, if any."""
        blocks = self._drafts[-1].blocks
        return blocks[-1] if blocks else None

    def content(
        self, properties: Mapping[str, str] | None = None, front: Mapping[str, object] | None = None
    ) -> Content:
        """Return all that was collected. A heading without text below it stays, unless a deeper one follows."""
        sections = tuple(
            Section(draft.heading, tuple(draft.blocks), draft.page)
            for draft, after in zip(self._drafts, [*self._drafts[1:], None], strict=True)
            if draft.blocks or _alone(draft, after)
        )
        said = {key: clean(value)[0].strip() for key, value in (properties or {}).items()}
        return Content(sections, front or {}, {key: value for key, value in said.items() if value}, self.hidden)

    def title(self) -> str:
        """Return the first heading of the highest level, or ""."""
        for draft in self._drafts:
            if draft.heading:
                return draft.heading[0]
        return ""

    def _begin(self, *, named: bool = False) -> None:
        self._drafts.append(_Draft(tuple(text for _, text in self._path), self._page, named))

    def _add(self, block: Block) -> None:
        self._drafts[-1].blocks.extend([block] if len(block.text) <= _LONGEST_BLOCK else _cut(block))

    def _names(self, header: Sequence[str]) -> tuple[str, ...]:
        """Return the names of the columns, the same object for each row below them: there may be 50,000."""
        if header is not self._header[0]:
            self._header = header, _short(squeeze(clean(name)[0]).replace("\n", " ") for name in header)
        return self._header[1]

    def _cell(self, text: str) -> str:
        return squeeze(self._take(text)).replace("\n", " ")

    def _take(self, text: str) -> str:
        plain, hidden = clean(text)
        self.hidden += hidden
        self._characters += len(plain)
        self._stop("characters", self.limits.characters, self._characters)
        return plain

    @staticmethod
    def _stop(limit: str, allowed: int, found: int) -> None:
        if found > allowed:
            raise TooLarge(limit, allowed, found)


def _alone(draft: _Draft, after: _Draft | None) -> bool:
    """Tell whether a heading without blocks would be lost without its empty section."""
    if not draft.named:
        return False
    return after is None or after.heading[: len(draft.heading)] != draft.heading


def _cut(block: Block) -> Iterator[Block]:
    """Cut what nobody could quote or even read at a stretch, between words where there are any."""
    kind = Kind.TEXT if block.kind is Kind.ROW else block.kind
    start, text = 0, block.text
    while start < len(text):
        end = start + _LONGEST_BLOCK
        if end < len(text):
            end = max(text.rfind(" ", start, end), text.rfind("\n", start, end), start) + 1
            end = end if end > start + 1 else start + _LONGEST_BLOCK
        plain = text[start:end].strip()
        if plain:
            yield Block(kind, plain, marker=block.marker if start == 0 else "", depth=block.depth)
        start = end


def _short(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names, cut where all of them together become too long to stand in front of a row."""
    left = _LONGEST_HEADER
    cut: list[str] = []
    for name in names:
        cut.append(name[:left])
        left -= len(cut[-1])
    return tuple(cut)


def _parts(text: str) -> Iterable[str]:
    """Cut a paragraph before each line that begins with a number or bullet, if at least two lines do."""
    lines = text.split("\n")
    starts = [bool(numbered(line) or bulleted(line)) for line in lines]
    if sum(starts) <= 1:
        return [text] if text else []
    parts: list[str] = []
    for line, starting in zip(lines, starts, strict=True):
        if starting or not parts:
            parts.append(line)
        else:
            parts[-1] += f"\n{line}"
    return parts


def _block(text: str) -> Block:
    """Return a paragraph as a rule, an item or plain text."""
    rule = numbered(text)
    if rule:
        return Block(Kind.RULE, rule[1], marker=rule[0])
    item = bulleted(text)
    return Block(Kind.ITEM, item[1]) if item else Block(Kind.TEXT, text)
