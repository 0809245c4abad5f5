"""What the core needs from others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from contextlib import AbstractContextManager

    from bot.drafts import Brief, Claim, Draft, Opinion, Restated, Said
    from knowledge.search import Findings, Reader


class Finder(Protocol):
    """Whoever finds passages. Blocking: the handler calls it off the event loop."""

    def find(self, text: str, language: str, reader: Reader | None, history: Sequence[str] = ()) -> Findings:
        """Return what a reader may read that answers a question; nothing without a reader. Raises KnowledgeError."""

    def steady(self) -> AbstractContextManager[Finder]:
        """Give a finder for one question, which finds in one and the same state of the handbook until the end."""


class Writer(Protocol):
    """Whoever writes answers: a language model. `deadline` is a time of the event loop's clock."""

    async def restate(self, said: Said, deadline: float) -> Restated:
        """Return a message as a question that stands alone, in both languages. Raises WritingFailed."""

    def write(self, brief: Brief, deadline: float) -> AsyncIterator[Claim | Draft]:
        """Yield each sentence once it is complete and, last, the finished draft that holds them all. Raises WritingFailed."""


class Judge(Protocol):
    """Whoever gives a second opinion on a sentence that is proven already."""

    async def confirms(self, sentence: str, excerpts: tuple[str, ...], deadline: float) -> Opinion:
        """Say whether the excerpts carry the sentence. Raises WritingFailed."""
