"""A generation as one reader sees it on one day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from knowledge.coverage import Ways, ways
from knowledge.currency import in_force, readable
from knowledge.query import Asked, Capped
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from knowledge.findings import Findings, Reader
    from knowledge.generation import Generation
    from knowledge.keywords import KeywordView
    from knowledge.store import Audience

CANDIDATES = 50
"""Passages that each leg proposes; more change nothing on the sets measured."""
WORDS = 4096
"""Words of questions that are known to a view: what each can be told by."""
MOST_WANTED = 400
"""Nearest vectors asked of one collection, where passages that are not in force have to be passed over."""


@dataclass(frozen=True)
class View:
    """A generation as one reader sees it: documents that may be shown, passages that may be found."""

    generation: Generation
    documents: tuple[str, ...]
    contact: str
    keywords: KeywordView
    capped: Capped
    wanted: Mapping[Audience, int]
    ways: Callable[[Asked], Ways]
    standing: dict[tuple[str, str], Findings] = field(default_factory=dict)


def view(generation: Generation, reader: Reader) -> View:
    """Return a generation as a reader sees it."""
    allowed = in_force(generation.metadata, reader.groups, reader.today)
    entries = generation.manifest.entries
    shown = np.array([entry.path in allowed for entry in entries], bool)
    wanted: dict[Audience, int] = {}
    for entry in entries:
        if readable(entry.metadata, reader.groups):
            # Passages that are not in force lie in the same collection: ask for as many more.
            extra = 0 if entry.path in allowed else entry.count
            wanted[entry.metadata.audience] = wanted.get(entry.metadata.audience, CANDIDATES) + extra
    mask = shown[generation.document_of] if len(entries) else np.zeros(0, bool)
    wanted = {audience: min(count, MOST_WANTED) for audience, count in wanted.items()} if mask.any() else {}
    paths = tuple(sorted(allowed))
    contacts = Counter(contact for path in paths if (contact := generation.metadata[path].contact))
    contact = contacts.most_common(1)[0][0] if contacts else ""
    keywords = generation.keywords.view(mask)
    return View(generation, paths, contact, keywords, Capped(keywords), wanted, _ways(keywords))


def _ways(keywords: KeywordView) -> Callable[[Asked], Ways]:
    """Return what tells how a word can be spoken of; what was worked out once is kept."""
    return remembered(WORDS)(lambda asked: ways(asked, keywords))
