"""Reads Excel workbooks: a sheet is a section, a row is a block, the first row with text names the columns."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ingest.errors import TooLarge
from ingest.readers import xlsx_hidden
from ingest.readers.outline import Outline
from ingest.readers.tables import Columns
from ingest.readers.wording import visible

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence
    from pathlib import Path

    from ingest.readers.content import Content
    from ingest.readers.limits import Limits
    from ingest.readers.xlsx_hidden import Hidden

_MIDNIGHT = dt.time(0, 0)
_EMPTY_RUN = 1_000
_COLUMNS = 256


def read(path: Path, limits: Limits) -> Content:
    """Read every visible sheet, values as the file last computed them."""
    import openpyxl

    outline = Outline(limits)
    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
        if len(book.worksheets) > limits.pages:
            raise TooLarge("pages", limits.pages, len(book.worksheets))
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # as the file states them they may be wrong, and pad every row
            rows: Iterable[Sequence[object]] = (values[:_COLUMNS] for values in sheet.iter_rows(values_only=True))
            if sheet.sheet_state != "visible":
                outline.conceal(_length(value for values in rows for value in values))
                continue
            # what of a sheet is hidden, openpyxl only tells when it holds the whole of it in memory
            with sheet._get_source() as source:  # type: ignore[attr-defined]  # noqa: SLF001
                hidden = xlsx_hidden.find(source)
            unseen = xlsx_hidden.styles(book, white=not hidden.dressed)
            if unseen:
                rows = (_seen(outline, cells[:_COLUMNS], unseen) for cells in sheet.iter_rows())
            _sheet(outline, sheet.title, _shown(outline, rows, hidden))
        title = book.properties.title
    return outline.content({"title": title or ""})


def _sheet(outline: Outline, title: str, rows: Iterable[Sequence[object]]) -> None:
    outline.heading(1, title)
    columns = Columns(outline)
    empty = 0
    for values in rows:
        cells = _trimmed([_text(value) for value in values])
        empty = 0 if cells else empty + 1
        if empty > _EMPTY_RUN:  # formatted to the end of the sheet, with nothing in it
            break
        columns.add(cells)
    columns.end()


def _shown(outline: Outline, rows: Iterable[Sequence[object]], hidden: Hidden) -> Iterator[Sequence[object]]:
    """Yield the rows without what is hidden in them, which is counted."""
    for number, values in enumerate(rows, 1):
        if number in hidden.rows:
            outline.conceal(_length(values))
        elif hidden.columns:
            outline.conceal(_length(value for at, value in enumerate(values, 1) if at in hidden.columns))
            yield [value for at, value in enumerate(values, 1) if at not in hidden.columns]
        else:
            yield values


def _seen(outline: Outline, cells: Sequence[Any], unseen: Container[int]) -> list[object]:
    """Return the values of a row without those in styles that nobody sees, which are counted."""
    values = [cell.value for cell in cells]
    hidden = [getattr(cell, "_style_id", None) in unseen for cell in cells]
    outline.conceal(_length(value for value, gone in zip(values, hidden, strict=True) if gone))
    return [None if gone else value for value, gone in zip(values, hidden, strict=True)]


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(value: object) -> str:
    """Write a cell's value: a day as 2026-03-24, a truth as Excel shows it, the rest as Python does."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == _MIDNIGHT:
        return value.date().isoformat()
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


def _length(values: Iterable[object]) -> int:
    return sum(visible(_text(value)) for value in values)
