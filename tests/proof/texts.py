"""Write a document as flat passages, so that a place in it can be named by two offsets.

The normalised text of a document is the join of its passages with one empty line between them. A passage is its headings,
joined by " > ", and on the next lines the text of its section: one line for each paragraph, list item or rule, without marks
of layout, white space folded. A row of a table is three passages of its own, one for each way in which a reader may hand it
over: "Header: cell; ...", the header's cells above the row's cells, and the row's cells alone.

This is on purpose not the reader of the product: what the product reads may get better without moving an offset.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING

import docx
from docx.table import Table
from lxml import etree, html
from openpyxl import load_workbook
from pptx import Presentation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

LIMIT = 1000
"""Characters after which a section goes on in a second passage with the same headings."""
HEADING, TEXT, ITEM, ROW = "heading", "text", "item", "row"

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_RULE = re.compile(r"^[\s|:-]+$")


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row. `level` is a heading's; `header` and `cells` are a row's."""

    kind: str
    text: str = ""
    level: int = 0
    header: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class _Section:
    headings: list[str]
    lines: list[str] = field(default_factory=list)

    def flush(self) -> Iterator[str]:
        if self.lines:
            yield "\n".join([" > ".join(self.headings), *self.lines])
        self.lines = []


def fold(text: str) -> str:
    """Return the text on one line with single spaces."""
    return " ".join(text.split())


def normalised(path: Path, title: str = "") -> str:
    """Return the normalised text of a document; `title` stands first in every passage of a file without a title."""
    return "\n\n".join(passages(path, title))


def passages(path: Path, title: str = "") -> list[str]:
    """Return a document's passages in reading order."""
    found: list[str] = []
    section = _Section([title] if title else [])
    for block in blocks(path):
        if block.kind == HEADING:
            found.extend(section.flush())
            section.headings = [*section.headings[: block.level - 1], block.text]
        elif block.kind == ROW:
            found.extend(section.flush())
            found.extend("\n".join([" > ".join(section.headings), *form]) for form in forms(block))
        else:
            if sum(map(len, section.lines)) > LIMIT:
                found.extend(section.flush())
            section.lines.append(block.text)
    found.extend(section.flush())
    return found


def forms(row: Block) -> list[list[str]]:
    """Return the three ways to write a row, each as its lines."""
    named = "; ".join(f"{name}: {cell}" for name, cell in zip(row.header, row.cells, strict=False) if cell)
    bare = " | ".join(row.cells)
    return [[named], [" | ".join(row.header), bare], [bare]]


def blocks(path: Path) -> list[Block]:
    """Return a document's blocks in reading order."""
    return list(_READERS[path.suffix](path))


def _markdown(path: Path) -> Iterator[Block]:
    text = re.sub(r"<!--.*?-->|^(```|~~~).*?^\1", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    paragraph: list[str] = []
    header: tuple[str, ...] = ()
    for raw, following in pairwise([*text.splitlines(), "", ""]):
        line = raw.strip().lstrip(">").strip()
        special = not line or line.startswith("|") or _HEADING.match(line) or _RULE.match(line)
        if paragraph and (special or _ITEM.match(raw)):
            yield _prose(paragraph)
            paragraph = []
        if line.startswith("|") and _RULE.match(following.strip() or "x"):
            header = _cells(line)
        elif special:
            yield from _special(line, header)
        else:
            paragraph.append(raw)
    if paragraph:
        yield _prose(paragraph)


def _special(line: str, header: tuple[str, ...]) -> Iterator[Block]:
    heading = _HEADING.match(line)
    if heading:
        yield Block(HEADING, _plain(heading[2]), level=len(heading[1]))
    elif line and not _RULE.match(line):
        yield Block(ROW, header=header, cells=_cells(line))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(_plain(cell) for cell in line.strip("|").split("|"))


def _prose(lines: Sequence[str]) -> Block:
    text = " ".join(line.strip().lstrip(">").strip() for line in lines)
    return Block(ITEM if _ITEM.match(lines[0]) else TEXT, _plain(_ITEM.sub("", text)))


def _plain(text: str) -> str:
    return fold(re.sub(r"\*\*|`|(?<![\w\\])[*_](?=\w)|(?<=\w)[*_](?!\w)|\\(?=[*_])", "", _LINK.sub(r"\1", text)))


def _csv(path: Path) -> Iterator[Block]:
    text = path.read_text(encoding="utf-8-sig")
    header, *rows = list(csv.reader(StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    for row in rows:
        yield Block(ROW, header=tuple(map(fold, header)), cells=tuple(map(fold, row)))


def _html(path: Path) -> Iterator[Block]:
    main = html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8")).find(".//main")
    header: tuple[str, ...] = ()
    for element in [] if main is None else main.iter():
        tag, text = str(element.tag), _inner(element)
        if re.fullmatch(r"h[1-6]", tag):
            yield Block(HEADING, text, level=int(tag[1]))
        elif tag in {"p", "li"}:
            yield Block(ITEM if tag == "li" else TEXT, text)
        elif tag == "tr":
            cells = tuple(_inner(cell) for cell in element)
            if element.find("th") is None:
                yield Block(ROW, header=header, cells=cells)
            else:
                header = cells


def _inner(element: etree._Element) -> str:
    return fold("".join(str(text) for text in element.itertext()))


def _word(path: Path) -> Iterator[Block]:
    for part in docx.Document(str(path)).iter_inner_content():
        if isinstance(part, Table):
            header, *rows = [tuple(fold(cell.text) for cell in row.cells) for row in part.rows]
            yield from (Block(ROW, header=header, cells=cells) for cells in rows)
            continue
        style, text = str(part.style.name if part.style else ""), fold(part.text)
        level = re.search(r"\d", style)
        if text and (style.startswith("Heading") or style == "Title"):
            yield Block(HEADING, text, level=int(level[0]) if level else 1)
        elif text:
            yield Block(ITEM if style.startswith("List") else TEXT, text)


def _slides(path: Path) -> Iterator[Block]:
    for slide in Presentation(str(path)).slides:
        title = slide.shapes.title
        if title is not None:
            yield Block(HEADING, fold(title.text_frame.text), level=2)
        for shape in slide.shapes:
            if shape.has_text_frame and (title is None or shape.shape_id != title.shape_id):
                for paragraph in shape.text_frame.paragraphs:
                    if fold(paragraph.text):
                        yield Block(ITEM, fold(paragraph.text))


def _sheets(path: Path) -> Iterator[Block]:
    for sheet in load_workbook(path, data_only=True).worksheets:
        yield Block(HEADING, fold(sheet.title), level=2)
        rows = [tuple(fold(_cell(cell)) for cell in row) for row in sheet.iter_rows(values_only=True)]
        header, *rest = [row for row in rows if any(row)] or [()]
        yield from (Block(ROW, header=header, cells=cells) for cells in rest)


def _cell(value: object) -> str:
    return "" if value is None else re.sub(r" 00:00:00$", "", str(value))


_READERS: dict[str, Callable[[Path], Iterator[Block]]] = {
    ".md": _markdown,
    ".csv": _csv,
    ".html": _html,
    ".docx": _word,
    ".pptx": _slides,
    ".xlsx": _sheets,
}
