"""Restate a question only once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cache import Cache
from bot.drafts import Usage

if TYPE_CHECKING:
    from bot.drafts import Restated, Said
    from bot.ports import Writer

KEPT = 512
"""Restated questions that are remembered."""


class Remembering:
    """A Writer that remembers the questions it has restated."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._restated: Cache[Restated] = Cache(KEPT)
        self.write, self.ready = writer.write, writer.ready

    def forget(self) -> None:
        """Empty the memory."""
        self._restated.clear()

    async def restate(self, said: Said, deadline: float) -> Restated:
        """Return a message as a question that stands alone, in both languages. Raises WritingFailed."""
        known, era = self._restated.get(said), self._restated.era
        if known is None:
            known = await self._writer.restate(said, deadline)
            self._restated.put(said, replace(known, usage=Usage()), era)
        return known
