"""One message at the door: who wrote it, how it came, which policy holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import commands, pairing
from bot.commands import Command
from bot.intent import Intent, intent
from bot.messages import Answer, Kind, Outcome
from bot.phrases import say
from bot.senders import Account, Origin
from bot.wording import signed

if TYPE_CHECKING:
    from bot.access import Policy
    from bot.commands import Request
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

    @property
    def reports(self) -> bool:
        """Say whether somebody tells of a mishap, in a message or beside a file."""
        return self.task.message.kind is not Kind.CLICK and intent(told(self.text)) is Intent.INCIDENT

    @property
    def right(self) -> Request | None:
        """Return the command with which somebody asks for what is theirs by right, None for anything else."""
        request = commands.parse(self.text) if self.task.message.kind is not Kind.CLICK else None
        return request if request and request.command in commands.RIGHTS else None

    def warned(self, text: str) -> str:
        """Return words behind the warning that a text which was sent to be checked has gone too far already, if there was one."""
        request = commands.parse(self.text)
        is_check = request is not None and request.command is Command.CHECK
        return "\n\n".join((say("check_warning", self.caller.language), text)) if is_check else text

    @property
    def opens(self) -> bool:
        """Say whether somebody only looks at what there is before they ask, as opening an app does."""
        request = commands.parse(self.text) if self.task.message.kind is Kind.COMMAND else None
        return request is not None and request.command is Command.OVERVIEW

    def answer(self, text: str, *, discard: bool = False, foreign: bool = False) -> Answer:
        """Return the answer to what is no question, with the line on who says it; whoever pressed a button is told aside."""
        aside = self.task.message.kind is Kind.CLICK
        language = self.caller.language
        said = Answer(self.task.reference, self.text, language, Outcome.DECLINED, signed(text, language))
        return replace(said, discard=discard, aside=aside, foreign=foreign)


def told(text: str) -> str:
    """Return what somebody says in a message, behind whichever command."""
    request = commands.parse(text)
    return request.argument if request else text


def prose(text: str) -> str:
    """Return what of a message tells its language: neither a command nor a code does."""
    request = commands.parse(text)
    prose = request.argument if request and request.command is Command.ASK else "" if request else text
    return "" if pairing.is_code(prose) else prose
