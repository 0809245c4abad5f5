"""Content: what a reader takes out of one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.documents import Section


@dataclass(frozen=True, slots=True)
class Content:
    """The text of one file in reading order, and what the file says about itself.

    `front` is front matter as its author wrote it: every value a string or a list of strings. `properties` holds at
    most `title` and `language`, as the format keeps them. `hidden` counts the characters of hidden text that were
    stripped.
    """

    sections: tuple[Section, ...] = field(repr=False)
    front: Mapping[str, object] = field(default_factory=dict)
    properties: Mapping[str, object] = field(default_factory=dict)
    hidden: int = 0
