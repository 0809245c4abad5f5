"""What pressing a button comes to: a question, a command, or a word to whoever pressed. Nobody presses for somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot import buttons
from bot.buttons import Action
from bot.commands import Command, Request
from bot.phrases import say

if TYPE_CHECKING:
    from bot.buttons import Press
    from bot.ports import Journal
    from bot.self_service import Caller


class Questions(Protocol):
    """What was asked, without personal data."""

    async def question(self, reference: str) -> str:
        """Return what was asked and answered under an id, nothing when it is not kept any more. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class Meant:
    """One of three: a question to be answered, a command to be carried out, or something to say to the presser alone.

    `language` is that of the answer with the button; `judges` is its id when reasons are offered along with what is said. `again`
    is the id of the answer whose question is asked again elsewhere.
    """

    language: str
    question: str = ""
    request: Request | None = None
    said: str = ""
    judges: str = ""
    again: str = ""


def words(text: str) -> str:
    """Return what of a click tells its language: the question on the button, nothing else."""
    press = buttons.read(text)
    return press.words if press and press.action is Action.ASK else ""


class Pressing:
    """Reads presses."""

    def __init__(self, journal: Journal, questions: Questions) -> None:
        self._journal, self._questions = journal, questions

    async def meant(self, text: str, caller: Caller, *, shared: bool) -> Meant:
        """Return what a click comes to. Raises Unavailable."""
        press = buttons.read(text)
        entry = await self._journal.read(press.reference) if press else None
        if press is None or entry is None:
            return Meant(caller.language, said=say("press_gone", caller.language))
        if entry.person != caller.person.pseudonym:
            return Meant(caller.language, said=say("press_foreign", caller.language))
        kept = caller.person.language or words(text)
        return await self._own(press, caller.language if kept else entry.language, shared=shared)

    async def _own(self, press: Press, language: str, *, shared: bool) -> Meant:
        """Return what a press on one's own answer comes to."""
        if press.action is Action.UNHELPFUL:
            return Meant(language, said=say("reason_wanted", language), judges=press.reference)
        if press.action is Action.JUDGE:
            return Meant(language, request=Request(Command.FEEDBACK, f"{press.reference} {press.detail}"))
        if press.action is Action.EXPLAIN:
            return Meant(language, request=Request(Command.FEEDBACK, f"{press.reference} {press.detail} {press.words}"))
        if shared and press.action in (Action.SOURCES, Action.PRIVATE):
            return Meant(language, said=say("in_private", language))
        if press.action is Action.SOURCES:
            return Meant(language, request=Request(Command.WHY, press.reference))
        again = "" if press.action is Action.ASK else press.reference
        asked = await self._questions.question(again) if again else press.words
        return (
            Meant(language, question=asked, again=again) if asked else Meant(language, said=say("press_gone", language))
        )

    async def asked(self, reference: str, caller: Caller) -> str:
        """Return what the caller asked under a reference, without personal data; "" when that was not them, or is gone."""
        entry = await self._journal.read(reference)
        known = entry is not None and entry.person == caller.person.pseudonym
        return await self._questions.question(reference) if known else ""
