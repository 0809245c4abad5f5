"""Reads plain text: paragraphs, underlined or numbered headings, bullets and numbered rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.readers import front_matter
from ingest.readers.encoding import decode
from ingest.readers.numbering import bulleted, numbered
from ingest.readers.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.readers.content import Content
    from ingest.readers.limits import Limits

_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,}|#{3,}|\*{3,})\s*")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_LONGEST_HEADING = 70
_SHORT_LINE = 40
_ENDS = (".", ",", ";", ":", "!", "?")
_CAPITALS = re.compile(r"[^a-zäöüß]*[A-ZÄÖÜ]{2}[^a-zäöü]*")


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str


def read(path: Path, limits: Limits) -> Content:
    """Read a text file; front matter between lines of three hyphens counts here too."""
    front, body = front_matter.split(decode(path.read_bytes(), path.suffix.lower()))
    outline = Outline(limits)
    chunks = [chunk.strip("\n") for chunk in _PARAGRAPHS.split(body) if chunk.strip()]
    for chunk, after in pairwise([*chunks, ""]):
        _add(outline, chunk, after)
    return outline.content({"title": outline.title()}, front)


def _add(outline: Outline, chunk: str, after: str) -> None:
    heading, rest = _heading(chunk, after)
    if heading:
        outline.heading(heading.level, heading.text)
    depths: list[int] = []
    for part in _parts(rest):
        _part(outline, part, depths)


def _part(outline: Outline, part: str, depths: list[int]) -> None:
    """Add one paragraph or item; `depths` holds the indentations of the items above it."""
    item = bulleted(part)
    if not item:
        outline.paragraph(part)
        return
    indent, text = item
    while depths and depths[-1] > indent:
        depths.pop()
    if not depths or depths[-1] < indent:
        depths.append(indent)
    outline.item(text, depth=len(depths) - 1)


def _heading(chunk: str, after: str) -> tuple[_Heading | None, str]:
    """Return the heading that a chunk begins with, if any, and the rest of it."""
    first, _, rest = chunk.partition("\n")
    line, _, below = rest.partition("\n")
    if _UNDERLINE.fullmatch(line) and first.strip():
        return _Heading(1 if line.strip()[0] == "=" else 2, first.strip()), below
    if _UNDERLINE.fullmatch(first):
        return None, rest
    if not rest and _heads(first.strip(), after):
        return _Heading(_level(first.strip()), first.strip()), ""
    return None, chunk


def _heads(line: str, after: str) -> bool:
    """Tell whether a line alone is a heading: short, no sentence, numbered or in capitals, with text below it."""
    if not after or len(line) > _LONGEST_HEADING or line.endswith(_ENDS) or bulleted(line):
        return False
    if _CAPITALS.fullmatch(line):
        return True
    return bool(numbered(line)) and not numbered(after.partition("\n")[0].strip())


def _level(line: str) -> int:
    """Return 2 for "1. Scope", 3 for "1.2 Scope" and so on, 1 without a number."""
    rule = numbered(line)
    return 2 + rule[0].strip(".").count(".") if rule else 1


def _parts(text: str) -> Iterator[str]:
    """Yield the paragraphs and items of a chunk, wrapped lines joined."""
    part = ""
    for line in text.split("\n"):
        if part and not (bulleted(line) or numbered(line.strip())):
            part += (" " if _wraps(part) else "\n") + line.strip()
            continue
        if part:
            yield part
        part = line.rstrip() if bulleted(line) else line.strip()
    if part.strip():
        yield part


def _wraps(part: str) -> bool:
    """Tell whether the last line was broken for want of room; short lines, as in an address, were ended on purpose."""
    return len(part.rpartition("\n")[2]) >= _SHORT_LINE or bool(bulleted(part))
