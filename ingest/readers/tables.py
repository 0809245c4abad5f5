"""Tables: which row names the columns, when the file does not say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.readers.outline import Outline

_LONGEST_NAME = 60
_SURE_COLUMNS = 3
_LONGER = 2
_VALUE = re.compile(r"[\d.,:%€$/ -]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, and whether the file sets it off as a heading (`th`, repeated header, all bold)."""

    cells: tuple[str, ...]
    heads: bool = False


class Columns:
    """Write the rows of a sheet one by one: the first row names the columns, and lines of one cell above it are text."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._header: list[str] = []
        self._begun = False

    def add(self, cells: Sequence[str]) -> None:
        """Add the next row; a shorter one is filled up."""
        filled = [cell for cell in cells if cell.strip()]
        if filled and not self._begun and len([cell for cell in self._header if cell.strip()]) <= 1 < len(filled):
            self._outline.paragraph("".join(self._header))
            self._header = list(cells)
        elif filled and not self._header:
            self._header = list(cells)
        elif filled:
            self._begun = True
            self._outline.row([*cells, *[""] * (len(self._header) - len(cells))], self._header)

    def end(self) -> None:
        """Keep the only row of a sheet, which names no columns."""
        if self._header and not self._begun:
            self._outline.row(self._header)


def add(outline: Outline, rows: Sequence[Row], above: Sequence[str] = ()) -> tuple[str, ...]:
    """Add the rows below their header, and return it. Without a header every row stands for itself: no word is lost.

    `above` is the header of the table that this one may continue on a new page: it holds if there are as many columns.
    """
    body: Sequence[Row]
    full = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if above and full and len(full[0].cells) == len(above):
        header, body = tuple(above), full[1:] if full[0].cells == tuple(above) else full
    else:
        header, body = split(full)
    for row in body:
        outline.row(row.cells, header)
    return header


def split(rows: Sequence[Row]) -> tuple[tuple[str, ...], Sequence[Row]]:
    """Return the names of the columns, () if there are none, and the rows below.

    What the file says counts. Where it says nothing, a first row of three or more short, different names is a header.
    Two columns may as well be a list of name and value: what looks like their header is taken as one and stays a row.
    """
    count = 0
    while count < len(rows) and rows[count].heads:
        count += 1
    if 0 < count < len(rows):
        return _names(rows[:count]), rows[count:]
    if count or len(rows) <= 1 or not _names_columns(rows[0].cells):
        return (), rows
    first = rows[0].cells
    if len(first) >= _SURE_COLUMNS:
        return first, rows[1:]
    return (first, rows) if _above_longer(rows) else ((), rows)


def _names(heads: Sequence[Row]) -> tuple[str, ...]:
    """Join the rows of a header, column by column, each word once."""
    width = max(len(row.cells) for row in heads)
    columns = ([row.cells[at] for row in heads if at < len(row.cells)] for at in range(width))
    return tuple(" ".join(dict.fromkeys(cell for cell in column if cell)) for column in columns)


def _names_columns(cells: Sequence[str]) -> bool:
    """Tell whether the cells look like names of columns."""
    if len(cells) <= 1 or len({cell.strip() for cell in cells}) < len(cells):
        return False
    return all(cell.strip() and len(cell) <= _LONGEST_NAME and not _VALUE.fullmatch(cell.strip()) for cell in cells)


def _above_longer(rows: Sequence[Row]) -> bool:
    """Tell whether every last cell below is much longer than the first row's."""
    name, *values = (row.cells[-1] for row in rows)
    return len(values) > 1 and all(len(value) >= _LONGER * len(name) for value in values)
