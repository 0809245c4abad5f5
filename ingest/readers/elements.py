"""Walks through a tree of HTML elements and writes what it shows into an outline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.readers import tables
from ingest.readers.numbering import ordinal
from ingest.readers.wording import squeeze
from knowledge.documents import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from ingest.readers.outline import Outline

GAP = "\ufffc"
"""Stands in running text where a picture was: the text before and after it are not one sentence."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "html", "legend", "li"),
        *("main", "nav", "p", "search", "section", "summary", "tbody", "td", "tfoot", "th", "thead", "tr"),
    )
)
_ENDS = (".", "!", "?", ":", ";", "…")
_LINE_ENDS = re.compile(r"[\t\r\n\f]+")


def walk(outline: Outline, root: HtmlElement) -> None:
    """Write headings, paragraphs, lists, tables and code below the root, in reading order."""
    _Walk(outline).block(root)


class _Walk:
    """Keep the running text until a block ends it."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._text: list[str] = []
        self._lists: list[_List] = []

    def block(self, element: HtmlElement) -> None:
        """Write an element that stands on lines of its own."""
        self._flush()
        self._inside(element)
        self._flush()

    def _inside(self, element: HtmlElement) -> None:
        self._say(element.text)
        for child in element:
            self._child(child)
            self._say(child.tail)

    def _child(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _HEADINGS:
            self._heading(element)
        elif tag in _LISTS:
            self._list(element)
        elif tag == "table":
            self._table(element)
        elif tag == "pre":
            self._code(element)
        elif tag in _BLOCKS or tag == "hr":
            self.block(element)
        else:
            self._inline(element)

    def _inline(self, element: HtmlElement) -> None:
        if element.tag == "br":
            self._text.append("\n")
        elif element.tag == "img":
            self._text.append(GAP)
        else:
            self._inside(element)

    def _say(self, text: str | None) -> None:
        if text:
            self._text.append(_LINE_ENDS.sub(" ", text))

    def _heading(self, element: HtmlElement) -> None:
        self._flush()
        self._outline.heading(_HEADINGS[str(element.tag)], _line(element))
        for current in self._lists:
            current.opened = False

    def _list(self, element: HtmlElement) -> None:
        self._flush()
        self._lists.append(_List(element))
        self._inside(element) if _broken(element) else self._items(element)
        self._flush()
        self._lists.pop()

    def _items(self, element: HtmlElement) -> None:
        for child in element:
            if child.tag == "li":
                self._lists[-1].next(child)
                self.block(child)
            else:
                self._child(child)
            self._say(child.tail)

    def _table(self, element: HtmlElement) -> None:
        self._flush()
        if _lays_out(element):
            self._inside(element)
            self._flush()
            return
        for caption in element.iterchildren("caption"):
            self._outline.paragraph(_line(caption))
        tables.add(self._outline, _rows(element))

    def _code(self, element: HtmlElement) -> None:
        self._flush()
        self._outline.code("".join(element.itertext()))

    def _flush(self) -> None:
        parts = _sentences("".join(self._text))
        self._text.clear()
        for part in parts:
            self._write(part)

    def _write(self, text: str) -> None:
        if not squeeze(text):
            return
        if not self._lists:
            self._outline.paragraph(text)
            return
        current = self._lists[-1]
        if not current.opened:
            self._outline.item(text, len(self._lists) - 1, current.marker)
            current.opened = True
        elif self._continues():
            self._outline.extend(text)
        else:
            self._outline.paragraph(text)

    def _continues(self) -> bool:
        last = self._outline.last()
        return last is not None and last.kind in (Kind.ITEM, Kind.RULE) and last.depth == len(self._lists) - 1


class _List:
    """Count the items of one list."""

    def __init__(self, element: HtmlElement) -> None:
        self._numbers = element.tag == "ol"
        self._style = element.get("type", "1")
        self._number = _whole(element.get("start"), 1) - 1
        self.marker = ""
        self.opened = True

    def next(self, item: HtmlElement) -> None:
        """Begin the next item; its first paragraph will open it."""
        self._number = _whole(item.get("value"), self._number + 1)
        style = item.get("type", self._style)
        end = "." if style in ("1", "I", "A") else ")"
        self.marker = f"{ordinal(self._number, style)}{end}" if self._numbers else ""
        self.opened = False


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text.strip()) else otherwise


def _broken(element: HtmlElement) -> bool:
    """Tell whether the list has no items of its own, as pages of card layouts do."""
    return not any(child.tag == "li" for child in element)


def _sentences(text: str) -> Iterator[str]:
    """Cut a text at its gaps where a sentence has ended; elsewhere the words around a picture are one sentence."""
    start, *rest = text.split(GAP)
    for part in rest:
        if not start.strip() or not part.strip() or start.rstrip().endswith(_ENDS):
            yield start
            start = part
        else:
            start = f"{start.rstrip()} {part.lstrip()}"
    yield start


def _line(element: HtmlElement) -> str:
    """Return all text of an element in one line, blocks and line breaks parted by a space."""
    return " ".join("".join(_ordered(element)).split())


def _ordered(element: HtmlElement) -> Iterator[str]:
    """Yield an element's text in reading order."""
    apart = " " if element.tag in _BLOCKS or element.tag in ("br", "img") else ""
    yield apart + (element.text or "")
    for child in element:
        yield from _ordered(child)
        yield child.tail or ""
    yield apart


def _lays_out(table: HtmlElement) -> bool:
    """Tell whether a table only arranges blocks: it says so, holds another table or headings, or has one cell."""
    if table.get("role") in ("presentation", "none"):
        return True
    cells = sum(1 for _ in table.iter("td", "th"))
    nested = any(node is not table for node in table.iter("table", *_HEADINGS))
    return nested or cells <= 1


def _rows(table: HtmlElement) -> list[tables.Row]:
    """Return the rows; a cell that spans rows is repeated downwards, one that spans columns is padded."""
    rows: list[tables.Row] = []
    below: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _fill(cells, below)
            text, down = _line(cell), _whole(cell.get("rowspan"), 1)
            for at in range(min(_whole(cell.get("colspan"), 1), 100) or 1):
                if down > 1:
                    below[len(cells)] = (down - 1, text if at == 0 else "")
                cells.append(text if at == 0 else "")
        _fill(cells, below)
        rows.append(tables.Row(tuple(cells), _heads(row)))
    return rows


def _fill(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Add the cells that reach down from rows above."""
    while len(cells) in below:
        left, text = below.pop(len(cells))
        if left > 1:
            below[len(cells)] = (left - 1, text)
        cells.append(text)


def _heads(row: HtmlElement) -> bool:
    """Tell whether a row is set off as a heading: in `thead`, of `th` only, or all bold."""
    cells = list(row.iterchildren("td", "th"))
    parent = row.getparent()
    if parent is not None and parent.tag == "thead":
        return True
    return bool(cells) and all(cell.tag == "th" or _bold(cell) for cell in cells)


def _bold(cell: HtmlElement) -> bool:
    """Tell whether all text of a cell is bold."""
    bold = "".join("".join(_ordered(node)) for node in cell.iter("b", "strong"))
    return bool(bold.strip()) and bold.split() == _line(cell).split()
