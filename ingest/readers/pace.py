"""Pace: a reader that gets on with a long file says so, and whoever limits its time may grant it more."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _nobody(_: int) -> None:
    """Nobody watches."""


_watcher: ContextVar[Callable[[int], None]] = ContextVar("watcher", default=_nobody)


def advanced(characters: int) -> None:
    """Say that so many further characters of the file are read."""
    _watcher.get()(characters)


@contextlib.contextmanager
def watched(watcher: Callable[[int], None]) -> Iterator[None]:
    """Let `watcher` know what `advanced` says."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)
