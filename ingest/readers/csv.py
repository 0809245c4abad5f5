"""Reads tables of separated values: a row is a block, the first row names the columns."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ingest.readers.encoding import decode
from ingest.readers.outline import Outline
from ingest.readers.tables import Columns

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.readers.content import Content
    from ingest.readers.limits import Limits

_SEPARATORS = ",;\t|"
_SAMPLE = 8_192


def read(path: Path, limits: Limits) -> Content:
    """Read a csv file, separated by comma, semicolon, tab or bar, in any usual encoding."""
    text = decode(path.read_bytes(), path.suffix.lower()).lstrip("\ufeff")
    outline = Outline(limits)
    csv.field_size_limit(limits.characters)
    columns = Columns(outline)
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=_separator(text))):
        if number or not _names_separator(row):
            columns.add(row)
    columns.end()
    return outline.content()


def _names_separator(row: list[str]) -> bool:
    """Tell whether the first row only tells Excel the separator, as in "sep=;"."""
    return bool(row) and row[0].startswith("sep=") and not any(row[1:])


def _separator(text: str) -> str:
    """Return the separator that parts the first rows into the most columns of equal count."""
    best, most = ",", (0.0, 0)
    for separator in _SEPARATORS:
        widths = _widths(text[:_SAMPLE], separator)
        steady = widths.count(widths[0]) / len(widths) if widths else 0.0
        if widths and widths[0] > 1 and (steady, widths[0]) > most:
            best, most = separator, (steady, widths[0])
    return best


def _widths(sample: str, separator: str) -> list[int]:
    rows = [row for row in csv.reader(io.StringIO(sample), delimiter=separator) if any(row)]
    return [len(row) for row in (rows[:-1] or rows)]
