"""What can go wrong between a question and an answer.

BotError
├── WritingFailed      no answer could be written, so Lotse quotes
│   ├── KeyRefused         the model server does not take the key, or does not allow this use
│   ├── QuotaSpent         the account has no credit left; asking again would not help
│   ├── ModelBusy          too many questions at once
│   ├── ModelUnreachable   there is no way to the server
│   ├── ModelOutOfOrder    the server has an error of its own
│   ├── ModelMissing       the server knows no such model, or does not understand what is asked of it
│   ├── ModelTooSlow       nothing came for too long, or not all of it in time
│   ├── ModelBrokeOff      the answer ended before it was finished
│   ├── ModelDeclined      the model or its filter does not want to answer
│   ├── ModelUnreadable    what came is not what was asked for
│   └── ModelPaused        it failed several times in a row and is left alone for a while
├── (the knowledge's own errors pass through: see knowledge/errors.py)
├── Unavailable         the memory of messages cannot be reached just now
└── PlatformError       something that was to be shown or sent was not
    ├── Refused         not now; later it may be taken
    ├── Uncertain       whether it arrived is not known
    ├── Vanished        what was to be edited or taken back is not there any more
    ├── Unreachable     it can never be sent: the conversation is gone, or closed to Lotse
    └── CannotTell      the platform does not let one find out what was sent
"""

from __future__ import annotations

from dataclasses import dataclass


class BotError(Exception):
    """Mark every error that the core raises on purpose."""


class WritingFailed(BotError):
    """Mark every reason why a model did not write an answer. Each has words that stand in the answer's notice."""


class KeyRefused(WritingFailed):
    """The model server does not take the key, or does not allow this use (401, 403)."""


class QuotaSpent(WritingFailed):
    """The account has no credit left (402, or 429 with such a code). Never tried again."""


class ModelBusy(WritingFailed):
    """Too many questions at once (429). `retry_after` holds the seconds that the server asks to wait, 0 if it does not say."""

    def __init__(self, retry_after: float = 0.0) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class ModelUnreachable(WritingFailed):
    """There is no way to the server: its name, its address, the network, a certificate."""


class ModelOutOfOrder(WritingFailed):
    """The server has an error of its own (5xx), before or while it answers."""


class ModelMissing(WritingFailed):
    """The server knows no such model, or does not understand what is asked of it (400, 404, 422)."""


class ModelTooSlow(WritingFailed):
    """Nothing came for too long, or not all of it within the time for one answer."""


class ModelBrokeOff(WritingFailed):
    """The answer ended before it was finished: connection lost, or another end than `stop`."""


class ModelDeclined(WritingFailed):
    """The model, or the filter around it, does not want to answer."""


class ModelUnreadable(WritingFailed):
    """What came is not what was asked for: no JSON, another shape, nothing at all, far too much."""


class ModelPaused(WritingFailed):
    """The model failed several times in a row and is left alone for a while."""


@dataclass
class Unavailable(BotError):
    """The memory of messages cannot be reached just now."""

    reason: str = ""


class PlatformError(BotError):
    """Something that was to be shown or sent was not."""


@dataclass
class Refused(PlatformError):
    """The platform does not take it now. `seconds` says how long it asks to wait, if it does."""

    seconds: float = 0.0


class Uncertain(PlatformError):
    """Whether it arrived is not known: the answer to the request was lost."""


class Vanished(PlatformError):
    """What was to be edited or taken back is not there any more."""


@dataclass
class Unreachable(PlatformError):
    """It can never be sent: the conversation is gone, or closed to Lotse. `reason` is the platform's word for it."""

    reason: str = ""


class CannotTell(PlatformError):
    """The platform does not let one find out whether something was sent."""
