"""Which rows and columns of an Excel sheet are hidden."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TRUE = ("1", "true")
_RANGE = re.compile(r"\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?(\d+)")
_COLUMNS = 16_384
"""The most that Excel knows; a file may claim more."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The numbers of hidden rows and columns, from 1."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def find(sheet: IO[bytes]) -> Hidden:
    """Look through the XML of a sheet. Rows that a filter hides are not: whoever opens the file takes them back with a click."""
    raw = sheet.read()
    if b"hidden" not in raw.replace(b"\0", b""):
        return Hidden()
    rows: set[int] = set()
    columns: set[int] = set()
    filtered: set[int] = set()
    number = 0
    for element in _elements(raw):
        if element.tag == f"{_SHEET}row":
            number = _whole(element, "r") or number + 1
            rows |= {number} if element.get("hidden") in _TRUE else set()
        elif element.tag == f"{_SHEET}col" and element.get("hidden") in _TRUE:
            columns |= set(range(_whole(element, "min"), min(_whole(element, "max"), _COLUMNS) + 1))
        elif element.tag == f"{_SHEET}autoFilter" and element.find(f"{_SHEET}filterColumn") is not None:
            filtered = _filtered(element.get("ref", ""), rows)
    return Hidden(frozenset(rows - filtered), frozenset(columns))


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
