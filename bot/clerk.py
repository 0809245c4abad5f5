"""Carry out commands: those that everybody has, and those of admins."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import commands, overview, self_service
from bot.access import NOTHING_MORE
from bot.commands import ADMINISTRATION, PRIVATE, Command, Request
from bot.examples import Examples, greeted
from bot.explanation import explained
from bot.messages import Answer, Asker
from bot.overview import Overview
from bot.phrases import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bot.access import Admitted, Audiences
    from bot.administration import Administration
    from bot.overview import Known
    from bot.ports import Answers, Journal
    from bot.self_service import Caller, SelfService
    from bot.visits import Visit

DISCARDED = frozenset({Command.CHECK})
"""Commands whose text is wiped from the inbox as soon as their answer is written down."""

FOREIGN = frozenset(
    {Command.CHECK, Command.EXPORT, Command.WHY, Command.STATUS, Command.AUDIT, Command.OPINIONS, Command.OVERVIEW}
)
"""Commands whose answer holds words of people and documents."""


class Clerk:
    """Does what a command says, for whoever was let in."""

    def __init__(
        self, handler: Answers, journal: Journal, service: SelfService, administration: Administration
    ) -> None:
        self._handler, self._journal = handler, journal
        self._self_service, self._administration = service, administration

    async def carry_out(self, visit: Visit, admitted: Admitted, request: Request) -> Answer:
        """Carry out a command; one that is not for this person is not there."""
        language, command = visit.caller.language, request.command
        if command is Command.FEEDBACK and admitted.admin and not request.argument:
            command = Command.OPINIONS
        if command is None or (command in ADMINISTRATION and not admitted.admin):
            return visit.answer(say("unknown_command", language))
        if command in PRIVATE and admitted.shared:
            return visit.answer(_privately(command, language), discard=command in DISCARDED)
        if command is Command.OVERVIEW:
            return await self._overview(visit, admitted)
        if command is Command.LANGUAGE and (chosen := commands.chosen_language(request.argument)):
            visit = replace(visit, caller=replace(visit.caller, language=chosen))
        text = await (
            self._administered(visit, command, request.argument)
            if command in ADMINISTRATION
            else self._served(visit, admitted, command, request.argument)
        )
        said = await self.greeted(
            visit, visit.answer(text, discard=command in DISCARDED, foreign=command in FOREIGN), admitted.audiences
        )
        return replace(said, contact=self._self_service.contact) if command is Command.PRIVACY else said

    async def _served(self, visit: Visit, admitted: Admitted, command: Command, argument: str) -> str:
        """Carry out a command that everybody has."""
        caller, service = visit.caller, self._self_service
        if command is Command.WHY:
            return await self._why(visit, admitted, argument)
        carried: Mapping[Command, Callable[[], Awaitable[str]]] = {
            Command.EXPORT: lambda: service.export(caller),
            Command.FORGET: lambda: self._forgotten(caller, argument),
            Command.LANGUAGE: lambda: service.choose_language(caller, argument),
            Command.FEEDBACK: lambda: service.judge(caller, argument),
        }
        if command in carried:
            return await carried[command]()
        if command is Command.CHECK:
            return await asyncio.to_thread(service.check, caller, argument)
        return {
            Command.PRIVACY: service.privacy(caller),
            Command.START: self_service.welcome(caller.language),
            Command.ASK: say("ask_how", caller.language),
        }.get(command) or self_service.help_text(caller.language, admin=admitted.admin)

    async def _overview(self, visit: Visit, admitted: Admitted) -> Answer:
        """Show what this person may read, what is kept, what to ask first; to an admin also how the handbook is."""
        caller, office = visit.caller, self._administration
        known = tuple(await office.known(admitted.audiences))
        seen = Overview(
            caller.language,
            known,
            overview.privacy(self._self_service.retention, caller.language),
            await self._examples(caller, admitted.audiences).offered(known),
            caller.person.language or "",
            await office.glance(caller.language) if admitted.admin else (),
            await self._warnings(caller, known) if admitted.admin else (),
        )
        return replace(visit.answer(overview.text(seen), foreign=True), overview=seen)

    async def _warnings(self, caller: Caller, known: Sequence[Known]) -> tuple[str, ...]:
        """Say what an admin has to look at: what was not taken in, what is due for review."""
        stale = overview.warnings(known, caller.now.date(), caller.language)
        return (*await self._administration.troubles(caller.language), *stale)

    async def _forgotten(self, caller: Caller, argument: str) -> str:
        """Delete everything about the caller, once it was confirmed; what was written lately could hold something of it."""
        said = await self._self_service.forget(caller, argument)
        if commands.agrees(argument):
            self._handler.forget()
        return said

    async def _administered(self, visit: Visit, command: Command, argument: str) -> str:
        """Carry out a command of an admin."""
        office, caller = self._administration, visit.caller
        carried: Mapping[Command, Callable[[], Awaitable[str]]] = {
            Command.STATUS: lambda: office.status(caller),
            Command.INVITE: lambda: office.invite(caller, argument, visit.policy),
            Command.AUDIT: lambda: office.audit(caller),
            Command.OPINIONS: lambda: office.opinions(caller),
        }
        return await carried[command]()

    async def _why(self, visit: Visit, admitted: Admitted, reference: str) -> str:
        """Say how an answer came about: to whoever got it, and to an admin, who sees no person and leaves a line."""
        caller = visit.caller
        if not commands.is_reference(reference):
            return say("why_how", caller.language)
        entry = await self._journal.read(reference)
        if entry is None or not (admitted.admin or (entry.person == caller.person.pseudonym and not admitted.shared)):
            return say("why_unknown", caller.language)
        if entry.person != caller.person.pseudonym:
            await self._administration.looked(caller, reference)
        readable = {known.path for known in await self._administration.known(admitted.audiences)}
        return explained(entry, caller.language, readable)

    async def greeted(self, visit: Visit, answer: Answer, audiences: Audiences = NOTHING_MORE) -> Answer:
        """Give somebody who is welcomed three questions that the handbook answers."""
        return await greeted(answer, self._examples(visit.caller, audiences))

    def _examples(self, caller: Caller, audiences: Audiences) -> Examples:
        who = caller.account
        asker = Asker(who.platform, who.workspace, who.user, audiences)
        return Examples(self._handler, asker, caller.language, caller.person.language)


def _privately(command: Command, language: str) -> str:
    """Send somebody to where nobody reads along. What was to be checked has gone too far already, and that comes first."""
    warning = say("check_warning", language) if command is Command.CHECK else ""
    return "\n\n".join(filter(None, (warning, say("in_private", language))))
