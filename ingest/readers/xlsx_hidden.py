"""Which rows, columns and cells of an Excel sheet are hidden."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TRUE = ("1", "true")
_RANGE = re.compile(r"\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?(\d+)")
_HIDES = re.compile(rb"hidden|(?:ht|width)\s*=\s*[\"']0(?:\.0*)?[\"']")
_NOTHING = re.compile(r"0(?:\.0*)?")
_DRESSES = (b"<tablePart", b"<conditionalFormatting", b":tablePart", b":conditionalFormatting")
_OWN_FORMATS = 164  # numbers below are Excel's
_READABLE = 2  # points
_PAPER = re.compile(r"(?:[0-9A-Fa-f]{2})?(?:[Ff][A-Fa-f]){3}")
_COLUMNS = 16_384
"""The most that Excel knows; a file may claim more."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The numbers of hidden rows and columns, from 1. `dressed`: a table or a condition may put a colour behind cells."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    dressed: bool = False


def find(sheet: IO[bytes]) -> Hidden:
    """Look through the XML of a sheet. Rows that a filter hides are not: whoever opens the file takes them back with a click."""
    raw = sheet.read()
    told = raw.replace(b"\0", b"")
    dressed = any(name in told for name in _DRESSES)
    if not _HIDES.search(told):
        return Hidden(dressed=dressed)
    rows: set[int] = set()
    columns: set[int] = set()
    filtered: set[int] = set()
    number = 0
    for element in _elements(raw):
        if element.tag == f"{_SHEET}row":
            number = _whole(element, "r") or number + 1
            rows |= {number} if _gone(element, "ht") else set()
        elif element.tag == f"{_SHEET}col" and _gone(element, "width"):
            columns |= set(range(_whole(element, "min"), min(_whole(element, "max"), _COLUMNS) + 1))
        elif element.tag == f"{_SHEET}autoFilter" and element.find(f"{_SHEET}filterColumn") is not None:
            filtered = _filtered(element.get("ref", ""), rows)
    return Hidden(frozenset(rows - filtered), frozenset(columns), dressed)


def _gone(element: Element, measure: str) -> bool:
    return element.get("hidden") in _TRUE or _NOTHING.fullmatch(element.get(measure, "")) is not None


def styles(book: Any, *, white: bool) -> frozenset[int]:  # noqa: ANN401 -- a workbook, whose styles have no public door
    """Return the numbers of those cell styles in which nobody sees a value: without a format, tiny, and, if asked for, white on white."""
    return frozenset(
        number
        for number, style in enumerate(book._cell_styles)  # noqa: SLF001 -- as above
        if _formats_away(book, style.numFmtId) or _too_small(book, style.fontId) or (white and _on_paper(book, style))
    )


def _formats_away(book: Any, number: int) -> bool:  # noqa: ANN401 -- as above
    at = number - _OWN_FORMATS
    own = book._number_formats  # noqa: SLF001 -- as above
    return 0 <= at < len(own) and own[at].strip() == ";;;"


def _too_small(book: Any, number: int) -> bool:  # noqa: ANN401 -- as above
    size = book._fonts[number].sz  # noqa: SLF001 -- as above
    return size is not None and size < _READABLE


def _on_paper(book: Any, style: Any) -> bool:  # noqa: ANN401 -- openpyxl's own array of numbers
    fill = book._fills[style.fillId]  # noqa: SLF001 -- as above
    plain = getattr(fill, "patternType", "") in (None, "none") or _is_paper(getattr(fill, "fgColor", None))
    return plain and _is_paper(book._fonts[style.fontId].color)  # noqa: SLF001 -- as above


def _is_paper(colour: Any) -> bool:  # noqa: ANN401 -- openpyxl's colour or None
    if colour is None:
        return False
    if colour.type == "theme":
        return colour.theme == 0 and not colour.tint
    return colour.type == "rgb" and _PAPER.fullmatch(str(colour.rgb)) is not None


def _elements(raw: bytes) -> Iterator[Element]:
    """Yield rows, columns and filters as they end, and let go of them."""
    from lxml import etree

    tags = [f"{_SHEET}{name}" for name in ("row", "col", "autoFilter")]
    reader = etree.iterparse(io.BytesIO(raw), tag=tags, resolve_entities=False, no_network=True, huge_tree=False)
    for _, element in reader:
        yield element
        element.clear()
        while element.getprevious() is not None and element.tag == f"{_SHEET}row":
            del element.getparent()[0]


def _filtered(place: str, rows: set[int]) -> set[int]:
    found = _RANGE.fullmatch(place)
    return {row for row in rows if found and int(found[1]) < row <= int(found[2])}


def _whole(element: Element, name: str) -> int:
    value = element.get(name, "")
    return int(value) if re.fullmatch(r"\d{1,7}", value) else 0
