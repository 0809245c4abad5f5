"""Keep what was worked out, in memory, up to a number of entries; what was not asked for longest goes first."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Cache(Generic[_Value]):
    """A bounded memory. A key may be anything that can be printed; only its digest is kept, so no question stands in it."""

    def __init__(self, entries: int) -> None:
        self._entries = entries
        self._kept: OrderedDict[bytes, _Value] = OrderedDict()
        self.era = 0
        """How often this was emptied. What is worked out belongs to the era in which that was begun."""

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: object) -> _Value | None:
        """Return what is kept under a key, if it still is."""
        digest = _digest(key)
        if digest in self._kept:
            self._kept.move_to_end(digest)
        return self._kept.get(digest)

    def put(self, key: object, value: _Value, era: int | None = None) -> None:
        """Keep a value, unless this was emptied since the `era` in which it was begun: it could hold words that were forgotten."""
        if era not in (None, self.era):
            return
        self._kept[_digest(key)] = value
        while len(self._kept) > self._entries:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Keep nothing any more, and nothing of what is under way."""
        self.era += 1
        self._kept.clear()


def _digest(key: object) -> bytes:
    return hashlib.blake2b(repr(key).encode(), digest_size=16).digest()
