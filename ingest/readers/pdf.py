"""Reads pdf files: headings by their size, paragraphs, lists and tables, page by page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.errors import Encrypted
from ingest.readers import pace, pdf_ground, pdf_layout, pdf_text, tables
from ingest.readers.numbering import bulleted
from ingest.readers.outline import Outline
from ingest.readers.wording import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pdfplumber.page import Page
    from pdfplumber.pdf import PDF
    from pdfplumber.table import Table

    from ingest.readers.content import Content
    from ingest.readers.limits import Limits
    from ingest.readers.pdf_layout import Line
    from ingest.readers.pdf_text import Text

_MARGIN = 0.12
_FEW_PAGES = 6
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|p\.|s\.)\s*)?[-–]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–]?(?:\s*(?:of|von|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_PALE = 0.97
_SMALLEST = 1.5
_MADE_TITLE = re.compile(
    r"(?:microsoft \w+ - .*|untitled.*|unbenannt.*|\(unspecified\)|.*\.(?:docx?|pptx?|xlsx?|odt|indd|pdf|tex|rtf))",
    re.IGNORECASE,
)

Item = dict[str, Any]
"""A character, rectangle or picture as pdfplumber gives it."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in points from the top left of the page."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One page: its lines without those of tables, and its tables with the height at which they begin."""

    number: int
    height: float
    lines: tuple[Line, ...]
    tables: tuple[tuple[float, tuple[tables.Row, ...]], ...]


def read(path: Path, limits: Limits) -> Content:
    """Read a pdf with text in it. One that opens with an empty password is taken; a scan without text is empty."""
    outline = Outline(limits)
    with _open(path) as pdf:
        sheets = list(_sheets(pdf, outline))
        title = str(pdf.metadata.get("Title") or "").strip()
    kept = _without_running(sheets)
    _write(outline, kept)
    return outline.content({"title": outline.title() if not title or _MADE_TITLE.fullmatch(title) else title})


def _open(path: Path) -> PDF:
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        return pdfplumber.open(path)
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], (PDFPasswordIncorrect, PDFEncryptionError)):
            raise Encrypted from error
        raise


def _sheets(pdf: PDF, outline: Outline) -> Iterator[_Sheet]:
    from ingest.readers import pdf_page

    for page in pdf_page.pages(pdf, outline.limits):
        sheet = _sheet(page, outline)
        pace.advanced(sum(len(line.text) for line in sheet.lines) + sum(_cells(rows) for _, rows in sheet.tables))
        yield sheet


def _cells(rows: Iterable[tables.Row]) -> int:
    return sum(len(cell) for row in rows for cell in row.cells)


def _sheet(page: Page, outline: Outline) -> _Sheet:
    """Take one page apart and let go of it."""
    pictures = [_box(item) for item in page.images]
    grounds = [*pictures, *(_box(item) for item in (*page.rects, *page.curves) if _dark(item))]
    covered, box = pdf_ground.unseen(page), _shown(page)

    def _stays(item: Item) -> bool:
        return item["object_type"] != "char" or not (item["mcid"] in covered or _unseen(item, box, pictures, grounds))

    seen = page.filter(_stays)
    outline.conceal(_letters(page) - _letters(seen))
    found = [table for table in seen.find_tables() if len(table.rows) > 1 and len(table.columns) > 1]
    grids = tuple((float(table.bbox[1]), tuple(_rows(table, seen))) for table in found)
    boxes = [table.bbox for table in found]
    free = seen.filter(lambda item: item["object_type"] != "char" or _running(item, boxes))
    words = free.extract_words(extra_attrs=["fontname", "size"], x_tolerance_ratio=0.15)
    lines = tuple(pdf_layout.lines(words, float(page.width)))
    page.close()
    return _Sheet(page.page_number, float(page.height), lines, grids)


def _shown(page: Page) -> Box:
    """Return what of a page programs show and print: its crop box, within the sheet."""
    sheet, crop = page.bbox, page.cropbox
    box = max(sheet[0], crop[0]), max(sheet[1], crop[1]), min(sheet[2], crop[2]), min(sheet[3], crop[3])
    return box if box[0] < box[2] and box[1] < box[3] else sheet


def _letters(page: Page) -> int:
    return visible("".join(char["text"] for char in page.chars))


def _running(char: Item, boxes: Iterable[Box]) -> bool:
    """Tell whether a character stands upright, as a watermark does not, and outside all tables."""
    return char.get("upright", True) and not any(_inside(char, box) for box in boxes)


def _unseen(char: Item, page: Box, pictures: Iterable[Box], grounds: Iterable[Box]) -> bool:
    """Tell whether a character is off the page, too small to read, white on nothing darker, or drawn without ink.

    Without ink, on a picture, is what text recognition found in a scan: there it can be seen.
    """
    if not _inside(char, page) or char["size"] < _SMALLEST:
        return True
    if char.get("tag") == pdf_layout.INKLESS:
        return not any(_inside(char, picture) for picture in pictures)
    if char.get("ncs") in pdf_ground.SPOT:
        return False
    return _white(char["non_stroking_color"]) and not any(_inside(char, ground) for ground in grounds)


def _white(colour: Any) -> bool:  # noqa: ANN401 -- a number, a tuple of grey, RGB or CMYK, a pattern or None
    if isinstance(colour, (int, float)):
        colour = (colour,)
    if not isinstance(colour, (tuple, list)) or not all(isinstance(part, (int, float)) for part in colour):
        return False
    if len(colour) == len("CMYK"):
        return all(part <= 1 - _PALE for part in colour)
    return bool(colour) and all(part >= _PALE for part in colour)


def _dark(item: Item) -> bool:
    """Tell whether an item puts a colour behind what stands on it."""
    return bool(item.get("fill")) and not _white(item.get("non_stroking_color"))


def _box(item: Item) -> Box:
    return item["x0"], item["top"], item["x1"], item["bottom"]


def _inside(item: Item, box: Box) -> bool:
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _rows(table: Table, page: Page) -> Iterator[tables.Row]:
    """Return the rows of a table; lines inside a cell are joined as in running text."""
    for row, place in zip(table.extract(), table.rows, strict=True):
        chars = [char for char in page.chars if char["text"].strip() and _inside(char, place.bbox)]
        bold = bool(chars) and all(pdf_layout.bold(char["fontname"]) for char in chars)
        yield tables.Row(tuple(_cell(cell or "") for cell in row), bold)


def _cell(text: str) -> str:
    start, *rest = text.split("\n")
    for line in rest:
        start = pdf_text.join(start, line)
    return start


def _without_running(sheets: Sequence[_Sheet]) -> list[_Sheet]:
    """Drop headers and footers that return on other pages, and page numbers."""
    counts = Counter(key for sheet in sheets for key in {_key(line) for line in sheet.lines if _marginal(line, sheet)})
    needed = 2 if len(sheets) < _FEW_PAGES else 3
    running = {key for key, count in counts.items() if count >= needed}
    kept = (tuple(line for line in sheet.lines if not _runs(line, sheet, running)) for sheet in sheets)
    return [replace(sheet, lines=lines) for sheet, lines in zip(sheets, kept, strict=True)]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.top / 4)


def _marginal(line: Line, sheet: _Sheet) -> bool:
    return line.bottom < _MARGIN * sheet.height or line.top > (1 - _MARGIN) * sheet.height


def _runs(line: Line, sheet: _Sheet, running: set[tuple[str, int]]) -> bool:
    return _marginal(line, sheet) and (_key(line) in running or _PAGE_NUMBER.fullmatch(line.text) is not None)


def _write(outline: Outline, sheets: Sequence[_Sheet]) -> None:
    """Write texts and tables in the order of the pages."""
    every = [line for sheet in sheets for line in sheet.lines]
    fonts, known = pdf_text.fonts(every), pdf_text.words(every)
    joined = pdf_text.across((pdf_text.texts(sheet.lines, sheet.number, fonts, known) for sheet in sheets), known)
    indents = _indents(joined)
    above: tuple[str, ...] = ()  # the header of a table that the end of the page may have cut
    for sheet in sheets:
        outline.page(sheet.number)
        grids = list(sheet.tables)
        for text in (text for text in joined if text.page == sheet.number):
            while grids and grids[0][0] < text.top:
                above = tables.add(outline, grids.pop(0)[1], above)
            _text(outline, text, indents)
            above = ()
        for _, rows in grids:
            above = tables.add(outline, rows, above)


def _text(outline: Outline, text: Text, indents: Sequence[float]) -> None:
    item = bulleted(text.text)
    if text.level:
        outline.heading(text.level, text.text)
    elif item:
        outline.item(item[1], depth=min(indents.index(round(text.x0)), 3))
    else:
        outline.paragraph(text.text)


def _indents(texts: Iterable[Text]) -> list[float]:
    """Return where bullets stand, from left to right."""
    return sorted({round(text.x0) for text in texts if bulleted(text.text)})
