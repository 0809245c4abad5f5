"""One message at the door: who wrote it, how it came, which policy holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.messages import Answer, Kind, Outcome
from bot.senders import Account, Origin

if TYPE_CHECKING:
    from bot.access import Policy
    from bot.messages import Message
    from bot.ports import Task
    from bot.self_service import Caller


def account(message: Message) -> Account:
    """Return who wrote a message."""
    place = message.place
    return Account(place.platform, message.home, message.user)


def origin(message: Message) -> Origin:
    """Return how a message came. Whatever was edited has a revision."""
    return Origin(message.membership, message.place, message.forwarded, edited=message.revision > 0)


@dataclass(frozen=True, slots=True)
class Visit:
    """One message at the door."""

    task: Task
    caller: Caller
    policy: Policy

    @property
    def text(self) -> str:
        """Return what was written."""
        return self.task.message.text

    def answer(self, text: str, *, discard: bool = False) -> Answer:
        """Return the answer to what is no question; whoever pressed a button is told aside."""
        aside = self.task.message.kind is Kind.CLICK
        language = self.caller.language
        said = Answer(self.task.reference, self.text, language, Outcome.DECLINED, text)
        return replace(said, discard=discard, aside=aside)
