"""Tells which characters of a pdf's page lie under a filled rectangle, or are written on one in its own colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.readers.pdf_layout import SHEER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from pdfplumber.page import Page

Item = dict[str, Any]
Colour = tuple[float, float, float]
"""Red, green and blue, from 0 to 1."""

SPOT = frozenset(("Separation", "DeviceN", "Indexed", "Pattern"))
"""Spaces of colours whose numbers do not say what is seen."""
_SAME = 0.03


def unseen(page: Page) -> set[int]:
    """Return the places, in the order of drawing, of characters that nobody sees for the rectangle above or beneath them."""
    solid = [rect for rect in page.rects if _fills(rect) and colour(rect["non_stroking_color"]) is not None]
    if not solid or not page.chars:
        return set()
    marks = _Marks(page.chars)
    ground = np.full(len(page.chars), -1)
    under = np.zeros(len(page.chars), bool)
    for number, rect in enumerate(solid):
        inside = marks.inside(rect)
        above = inside & (marks.order < rect["mcid"])
        under |= above
        ground[inside & ~above] = number
    for other in (*page.images, *page.curves, *(rect for rect in page.rects if rect.get("tag") == SHEER)):
        ground[marks.inside(other)] = -1  # what is behind these characters cannot be told
    same = [at >= 0 and _alike(char, solid[at]) for char, at in zip(page.chars, ground, strict=True)]
    return set(marks.order[under | np.array(same)].tolist())


class _Marks:
    """The characters of a page: the middle of each, a quarter of its height, its place in the order of drawing."""

    def __init__(self, chars: Sequence[Item]) -> None:
        self.order = np.array([char["mcid"] for char in chars])
        self._x = _column((char["x0"] + char["x1"]) / 2 for char in chars)
        self._y = _column((char["top"] + char["bottom"]) / 2 for char in chars)
        self._quarter = _column((char["bottom"] - char["top"]) / 4 for char in chars)

    def inside(self, item: Item) -> NDArray[np.bool_]:
        """Say of each whether the item takes its middle up: a line through it does not."""
        beside = (self._x >= item["x0"]) & (self._x <= item["x1"])
        within: NDArray[np.bool_] = (
            beside & (self._y - self._quarter >= item["top"]) & (self._y + self._quarter <= item["bottom"])
        )
        return within


def _column(values: Iterable[float]) -> NDArray[np.float64]:
    return np.fromiter(values, np.float64)


def _fills(rect: Item) -> bool:
    return bool(rect.get("fill")) and rect.get("tag") != SHEER


def _alike(char: Item, ground: Item) -> bool:
    ink, paper = colour(char["non_stroking_color"]), colour(ground["non_stroking_color"])
    if ink is None or paper is None or char.get("ncs") in SPOT:
        return False
    return all(abs(one - other) <= _SAME for one, other in zip(ink, paper, strict=True))


def colour(value: Any) -> Colour | None:  # noqa: ANN401 -- a number, a tuple of grey, RGB or CMYK, a pattern or None
    """Return a colour as it is seen, None where its numbers do not say."""
    parts = value if isinstance(value, (tuple, list)) else (value,)
    if not all(isinstance(part, (int, float)) for part in parts):
        return None
    if len(parts) == len("CMYK"):
        cyan, magenta, yellow, key = map(float, parts)
        return (1 - cyan) * (1 - key), (1 - magenta) * (1 - key), (1 - yellow) * (1 - key)
    if len(parts) == len("RGB"):
        return float(parts[0]), float(parts[1]), float(parts[2])
    return (float(parts[0]),) * 3 if len(parts) == 1 else None
