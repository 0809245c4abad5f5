"""What a generation takes of a file: settled metadata and passages. Worked out by the child that has read the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import metadata
from ingest.splitter import split
from knowledge.documents import Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.readers import Content
    from knowledge.documents import Metadata, Passage


@dataclass(frozen=True, slots=True)
class Cut:
    """A document's metadata and passages in reading order.

    `hidden` counts the characters of hidden text that were taken out, `withheld` the sentences that order assistants about;
    `audience_defaulted` says that nobody had named an audience.
    """

    metadata: Metadata
    passages: tuple[Passage, ...] = field(repr=False)
    hidden: int = 0
    withheld: int = 0
    audience_defaulted: bool = False


@dataclass(frozen=True, slots=True)
class Cutting:
    """How files of a folder are cut: plain data that goes to the child."""

    folder: str
    default_audience: tuple[str, ...]

    def __call__(self, content: Content, path: Path) -> Cut:
        """Settle the metadata of a file and cut it into passages. Raises BrokenMetadata."""
        folder = Path(self.folder)
        below = path.relative_to(folder)
        resolved = metadata.resolve(content, below, folder, self.default_audience)
        cut = split(Document(below.as_posix(), resolved.metadata, content.sections))
        return Cut(resolved.metadata, _once(cut.passages), content.hidden, cut.withheld, resolved.audience_defaulted)


def _once(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Leave out what stands below the same heading again, word for word.

    It would be found and quoted twice; and thousands of them, which only a broken or hostile file has, take the index of vectors
    minutes.
    """
    first: dict[Passage, Passage] = {}
    for passage in passages:
        first.setdefault(replace(passage, page=None), passage)
    return tuple(first.values())
