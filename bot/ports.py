"""What the core needs from others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.search import Findings, Reader


class Finder(Protocol):
    """Whoever finds passages. Blocking: the handler calls it off the event loop."""

    def find(self, text: str, language: str, reader: Reader | None, history: Sequence[str] = ()) -> Findings:
        """Return what a reader may read that answers a question; nothing without a reader. Raises KnowledgeError."""
