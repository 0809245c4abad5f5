"""Limits: how much of one file a reader takes before it gives up."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one file may hold. Sizes are bytes.

    `file` is the whole file; `pages` counts pages of a pdf, slides or sheets; `members`, `unpacked`, `markup` (the XML
    parts alone, which parsers keep in memory several times over) and `ratio` guard zip archives; `rows` counts table
    rows; `characters` is the text that comes out; `depth` is how deeply markup may nest.
    """

    file: int = 50 * MEGABYTE
    pages: int = 2_000
    members: int = 5_000
    unpacked: int = 400 * MEGABYTE
    markup: int = 60 * MEGABYTE
    ratio: float = 200.0
    rows: int = 50_000
    characters: int = 10_000_000
    depth: int = 200
