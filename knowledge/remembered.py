"""What passed through, kept so that it is quick the next time; emptied when somebody is forgotten, whose words it may hold."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")
_ALL: WeakSet[Any] = WeakSet()


def remembered(entries: int) -> Callable[[F], F]:
    """Keep the last results of a function; what is asked about people's texts is kept with this, never with lru_cache."""

    def wrap(function: F) -> F:
        kept = lru_cache(maxsize=entries)(function)
        _ALL.add(kept)
        return cast("F", kept)

    return wrap


def forget() -> None:
    """Empty everything that is remembered in this process."""
    for kept in list(_ALL):
        kept.cache_clear()
