"""Finds the lines of a pdf page in the order in which people read them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Word = dict[str, Any]
"""A word as pdfplumber gives it: text, x0, x1, top, bottom, fontname, size."""

INKLESS = "inkless"
"""The tag of a character that is drawn without ink."""

SHEER = "sheer"
"""The tag of what is drawn so that something behind it can be seen, or may be."""

_SAME_LINE = 0.5
_GUTTER = 12.0
_COLUMN_LINES = 6
_TRIED = 3
_MIDDLE = (0.3, 0.7)
_BOLD = ("bold", "black", "heavy", "demi")
_MOSTLY = 0.9
_LINE_OF_PROSE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, its place on the page in points from the top left, and how it is set."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    column: int = 0

    @property
    def height(self) -> float:
        """Return the height of the line."""
        return self.bottom - self.top


def lines(words: Sequence[Word], width: float) -> list[Line]:
    """Return the lines of a page of this width; where it has two columns, the left one before the right one."""
    rows = _rows(words)
    gutter = _gutter(rows, width)
    if gutter is None:
        return [_line(row) for row in rows]
    return _columns(rows, gutter)


def bold(font: str) -> bool:
    """Tell by its name whether a font is bold."""
    return any(name in font.lower() for name in _BOLD)


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Group words that stand beside each other, whatever their size."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=_centre):
        if rows and abs(_centre(word) - median(map(_centre, rows[-1]))) <= _SAME_LINE * word["size"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: float(word["x0"])) for row in rows]


def _centre(word: Word) -> float:
    return float(word["top"] + word["bottom"]) / 2


def _line(row: Sequence[Word], column: int = 0) -> Line:
    sizes: dict[float, int] = defaultdict(int)
    letters = heavy = 0
    for word in row:
        sizes[round(float(word["size"]), 1)] += len(word["text"])
        letters += len(word["text"])
        heavy += len(word["text"]) * bold(word["fontname"])
    return Line(
        " ".join(word["text"] for word in row),
        min(word["x0"] for word in row),
        max(word["x1"] for word in row),
        min(word["top"] for word in row),
        max(word["bottom"] for word in row),
        max(sizes, key=sizes.__getitem__),
        heavy > _MOSTLY * letters,
        column,
    )


def _gutter(rows: Sequence[Sequence[Word]], width: float) -> float | None:
    """Return where a white strip parts two columns, None on a page of one column."""
    begin, end = _MIDDLE[0] * width, _MIDDLE[1] * width
    starts = Counter(round(word["x0"]) for row in rows for word in _starts(row) if begin < word["x0"] < end)
    return next((place - 1.0 for place, _ in starts.most_common(_TRIED) if _parted(rows, place)), None)


def _starts(row: Sequence[Word]) -> Iterator[Word]:
    """Yield the words of a row that begin it, or stand behind a gap."""
    yield row[0]
    yield from (right for left, right in pairwise(row) if right["x0"] - left["x1"] >= _GUTTER)


def _parted(rows: Sequence[Sequence[Word]], place: float) -> bool:
    """Tell whether the rows that stand beside each other end before, or begin at, the place.

    Rows of a table would do so too: in columns, either lines stand at different heights, or both sides are filled.
    """
    sides = [_sides(row, place) for row in rows]
    right = [number for number, side in enumerate(sides) if side in ("right", "both")]
    if not right:
        return False
    beside = range(right[0], right[-1] + 1)
    left = [number for number in beside if sides[number] in ("left", "both")]
    crossed = sum(sides[number] == "crossed" for number in beside)
    few = min(len(left), len(right))
    if few < _COLUMN_LINES or few <= 2 * crossed:
        return False
    alone = min(sum(sides[number] == side for number in beside) for side in ("left", "right"))
    return alone >= _COLUMN_LINES or _prose(rows, place)


def _sides(row: Iterable[Word], place: float) -> str:
    left = right = False
    for word in row:
        if word["x0"] < place - 1 < word["x1"] - 1:
            return "crossed"
        left, right = left or word["x1"] <= place, right or word["x0"] >= place - 1
    return "both" if left and right else "left" if left else "right"


def _prose(rows: Sequence[Sequence[Word]], place: float) -> bool:
    """Tell columns of text from a list of names and values: both sides are filled with words."""
    left = [sum(len(word["text"]) for word in row if word["x1"] <= place) for row in rows]
    right = [sum(len(word["text"]) for word in row if word["x0"] >= place - 1) for row in rows]
    return all(median(filter(None, side)) >= _LINE_OF_PROSE for side in (left, right))


def _columns(rows: Sequence[Sequence[Word]], gutter: float) -> list[Line]:
    """Read each band between full-width lines left column first."""
    found: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for row in rows:
        if _sides(row, gutter + 1) == "crossed":
            found += [*left, *right, _line(row)]
            left, right = [], []
            continue
        sides = [[word for word in row if word["x1"] <= gutter + 1], [word for word in row if word["x0"] >= gutter]]
        left += [_line(sides[0], 1)] if sides[0] else []
        right += [_line(sides[1], 2)] if sides[1] else []
    return [*found, *left, *right]
