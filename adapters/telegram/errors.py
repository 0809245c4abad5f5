"""Telegram's refusals as the core's errors: mapped here, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import Refused, Uncertain, Unreachable, Vanished

if TYPE_CHECKING:
    from bot.errors import PlatformError

TOKEN_PAUSE = 30.0
"""Seconds until a refused token is tried again: somebody has to mend it."""
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
    "message_id_invalid",
    "message identifier is not specified",
)
"""Words of a 400 that mean: what was to be changed is not there, or not to be changed any more."""
SAME = "message is not modified"
"""Words of a 400 that mean: it looks like that already."""
OLD_PRESS = "query is too old"
"""Words of a 400 that mean: whoever pressed has not been waiting for a long time."""
_CLOSED = (
    "chat not found",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "peer_id_invalid",
    "user is deactivated",
    "group chat was deactivated",
    "chat_restricted",
)
"""Words of a 400 that mean: nothing can be sent there."""
_NOT_SENT = frozenset({"ConnectTimeout", "ConnectError", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
"""Classes of the errors below, after which a request cannot have arrived."""


def mapped(error: TelegramError) -> PlatformError:
    """Return what an error means for whatever was to be sent, changed or taken back."""
    if isinstance(error, RetryAfter):
        return Refused(seconds(error))
    if isinstance(error, (Forbidden, ChatMigrated)):
        return Unreachable(type(error).__name__)
    if isinstance(error, (InvalidToken, EndPointNotFound)):
        return Refused(TOKEN_PAUSE)
    if isinstance(error, BadRequest):
        return _refusal(error.message.casefold())
    if isinstance(error, NetworkError) and type(error.__cause__).__name__ in _NOT_SENT:
        return Refused()
    return Uncertain()


def _refusal(words: str) -> PlatformError:
    if any(known in words for known in _GONE):
        return Vanished()
    return Unreachable(next((known for known in _CLOSED if known in words), "bad request"))


def closed(error: TelegramError) -> bool:
    """Say whether a 400 is about the chat, and not about what was to be sent."""
    return any(known in error.message.casefold() for known in (*_CLOSED, *_GONE))


def says(error: TelegramError, words: str) -> bool:
    """Say whether Telegram's explanation holds some words."""
    return words in error.message.casefold()


def seconds(error: RetryAfter) -> float:
    """Return how long Telegram asks to wait."""
    wait = error.retry_after
    return float(wait if isinstance(wait, int) else wait.total_seconds())
