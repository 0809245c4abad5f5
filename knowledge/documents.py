"""Document, Section, Block and Passage: the shapes in which knowledge travels."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

EVERYBODY = "all"
"""The audience that every asker belongs to."""

CELL_SEPARATOR = " | "
"""Stands between the cells of a table row wherever a row is shown or quoted."""


class Status(StrEnum):
    """What a document says about its own validity."""

    CURRENT = "current"
    DRAFT = "draft"
    SUPERSEDED = "superseded"


class Kind(StrEnum):
    """The form in which a piece of text stands in its document."""

    TEXT = "text"
    ITEM = "item"
    RULE = "rule"
    ROW = "row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said about a document, by its front matter or its `handbook.yaml`.

    `supersedes` and `superseded_by` hold names as their authors wrote them (a path, a file name or a title).
    """

    title: str
    language: str
    version: str = ""
    effective: date | None = None
    review_by: date | None = None
    owner: str = ""
    contact: str = ""
    audience: tuple[str, ...] = (EVERYBODY,)
    status: Status = Status.CURRENT
    supersedes: tuple[str, ...] = ()
    superseded_by: str = ""
    url: str = ""
    external: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item, numbered rule, table row or code block, never cut by a reader.

    `text` is plain text without markup; a row's text is its cells joined by CELL_SEPARATOR.
    `header` names a row's columns. `marker` is a rule's own number ("3.", "b)"). `depth` is a list item's nesting, from 0.
    """

    kind: Kind
    text: str
    header: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    marker: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks below one heading. `heading` is the path from the top; `page` counts pages or slides from 1."""

    heading: tuple[str, ...]
    blocks: tuple[Block, ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the handbook as it was read. `path` is relative to the folder, with forward slashes."""

    path: str
    metadata: Metadata
    sections: tuple[Section, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """The piece of a document that is found and cited.

    `pieces` are the parts that can be quoted (a sentence, a rule, a row), in reading order; each stands verbatim in the
    document. `header` names a row's columns and is only searched, never quoted. `leads` holds, for each piece, the line that
    introduces it ("Not allowed:", or the question that it answers), or "". Joined, the pieces are the passage's text.
    """

    document: str
    section: tuple[str, ...]
    kind: Kind
    pieces: tuple[str, ...]
    header: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    page: int | None = None

    @property
    def text(self) -> str:
        """Return the whole passage, one line for each list item, rule or row."""
        return "\n".join(self.pieces) if self.kind in (Kind.ITEM, Kind.RULE) else " ".join(self.pieces)
