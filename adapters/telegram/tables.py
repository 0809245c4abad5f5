"""Rows of a table as aligned text: each column's name with its value on a line of its own, so that it fits a phone."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = 24
"""Columns of the screen that the names take at most before the values stand below them."""


def aligned(names: Sequence[str], values: Sequence[str]) -> str:
    """Return names and values below each other."""
    broad = max(map(width, names))
    if broad > NAME:
        return "\n".join(f"{name}:\n  {value}" for name, value in zip(names, values, strict=True))
    return "\n".join(
        f"{name}:{' ' * (broad - width(name))} {value}".rstrip() for name, value in zip(names, values, strict=True)
    )


def width(text: str) -> int:
    """Return how many columns of a screen a text takes where all letters are equally wide."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else unicodedata.combining(c) == 0 for c in text)
