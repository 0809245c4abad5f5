"""The project's pages, and what they hold: links, headings and blocks of commands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")))
RUN = "bash"
"""Blocks with this name are run by the tests."""
SHOWN = "text"
"""A block with this name below one that is run shows lines of what it prints."""

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    name: str
    text: str


def name(page: Path) -> str:
    """Return a page's path as a test names it."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    return [Block(*match.groups()) for match in _FENCE.finditer(page.read_text("utf-8"))]


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def links(page: Path) -> Iterator[str]:
    """Yield the targets of a page's links and pictures."""
    yield from _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """Return the names by which a page's headings can be linked to, as the usual hosts make them."""
    headings = (text for _, text in _HEADING.findall(prose(page)))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def sections(page: Path, level: int = 2) -> dict[str, str]:
    """Return the text below each heading of a level, what stands in sub-headings included."""
    parts = re.split(rf"^{'#' * level} (.*)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """Return the cells of each table row in a text, without heads and rules."""
    listed = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in listed]
    return [
        row
        for place, row in enumerate(cells)
        if not set("".join(row)) <= set("-: ")
        and not (place + 1 < len(cells) and set("".join(cells[place + 1])) <= set("-: "))
    ]


def coded(cell: str) -> list[str]:
    """Return what stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)
