"""The door for chat platforms: may this person ask, and how often? Then a command is carried out, or the handler answers."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import commands, limits, overview, pairing, pressing, self_service
from bot.access import NOTHING_MORE, Denied, Reason, decide
from bot.administration import clock
from bot.commands import ADMINISTRATION, PRIVATE, Command, Request
from bot.examples import greeted
from bot.explanation import explained
from bot.intent import Intent, intent
from bot.messages import Answer, Asker, Kind, Outcome, Question
from bot.overview import Overview
from bot.pairing import Redemption
from bot.phrases import say
from bot.pressing import Pressing
from bot.self_service import Caller
from bot.senders import Account, Origin
from bot.wording import incident
from knowledge.language import detect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from bot.access import Admitted, Audiences, Policy
    from bot.administration import Administration
    from bot.limits import Allowance
    from bot.messages import Event, Message, Progress
    from bot.people import Counter, Invitations, People, Policies
    from bot.ports import Answers, Attachments, Conversations, Journal, Task
    from bot.pressing import Questions
    from bot.self_service import SelfService

REMEMBERED = 10
"""Turns of a conversation that a follow-up question can lean on."""
STEP = 0.2
"""Seconds between two looks whether documents have been taken in."""


@dataclass(frozen=True, slots=True)
class Registers:
    """What the reception looks up and counts in. `attachments` reads files, by the platform that they came on."""

    policies: Policies
    people: People
    invitations: Invitations
    counter: Counter
    conversations: Conversations
    journal: Journal
    questions: Questions
    attachments: Mapping[str, Attachments] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manners:
    """What is said when nothing else tells: the language, and whom to tell about an incident."""

    language: str
    incident_contact: str = ""


def account(message: Message) -> Account:
    """Return who wrote a message."""
    place = message.place
    return Account(place.platform, message.home, message.user)


def origin(message: Message) -> Origin:
    """Return how a message came. Whatever was edited has a revision."""
    return Origin(message.membership, message.place, message.forwarded, edited=message.revision > 0)


@dataclass(frozen=True, slots=True)
class _Visit:
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


class Reception:
    """Implements the core's Responder for everything that comes from a chat."""

    def __init__(
        self,
        handler: Answers,
        registers: Registers,
        self_service: SelfService,
        administration: Administration,
        manners: Manners,
    ) -> None:
        self._handler, self._registers, self._manners = handler, registers, manners
        self._self_service, self._administration = self_service, administration
        self._pressing = Pressing(registers.journal, registers.questions)

    async def ready(self) -> None:
        """Load now what the first question would wait for."""
        await self._handler.ready()

    def forget(self) -> None:
        """Empty the memory of what was asked and written, because somebody was forgotten."""
        self._handler.forget()

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        """Yield signs of life and, last, the Answer; nothing to what is no person, or was told no within the hour."""
        visit = await self._visit(task)
        decision = decide(visit.policy, visit.caller.account, origin(task.message), visit.caller.person.groups)
        if isinstance(decision, Denied):
            if text := await self._denied(visit, decision.reason):
                yield await self._greeted(visit, visit.answer(text))
            return
        visit = await self._met(visit)
        if text := await self._over_limit(visit):
            yield visit.answer(text)
            return
        async for event in self._admitted(visit, decision):
            yield await self._introduced(visit, event) if isinstance(event, Answer) else event

    async def _visit(self, task: Task) -> _Visit:
        message, now = task.message, datetime.now(UTC)
        person = await self._registers.people.find(account(message))
        said = pressing.words(message.text) if message.kind is Kind.CLICK else prose(message.text)
        language = person.language or detect(said) or message.locale or self._manners.language
        return _Visit(task, Caller(account(message), person, language, now), self._registers.policies.policy())

    async def _greeted(self, visit: _Visit, answer: Answer, audiences: Audiences = NOTHING_MORE) -> Answer:
        """Give somebody who is welcomed three questions that the handbook answers."""
        who = visit.caller.account
        return await greeted(answer, self._handler, Asker(who.platform, who.workspace, who.user, audiences))

    # who is told no

    async def _denied(self, visit: _Visit, reason: Reason) -> str:
        """Return the polite no, nothing for what is no person and for whoever was told so within the hour."""
        if reason is Reason.NO_PERSON:
            return ""
        code = _code(visit.text)
        if reason is Reason.UNPAIRED and code:
            return await self._pair(visit, code)
        language = visit.caller.language
        if intent(visit.text) is Intent.INCIDENT:
            return "\n\n".join((say("denied_incident", language), say(f"denied_{reason.value}", language)))
        told = await self._take(visit, limits.refusals(visit.caller.person.pseudonym))
        return say(f"denied_{reason.value}", language) if told is None else ""

    async def _pair(self, visit: _Visit, code: str) -> str:
        """Redeem an invitation. A code that others could read is used up and pairs nobody."""
        caller = visit.caller
        if spent := await self._take(visit, limits.pairing(caller.person.pseudonym)):
            return say("pairing_wait", caller.language, time=clock(spent.renewed(caller.now)))
        ended, groups = await pairing.redeem(code, self._registers.invitations, caller.now)
        if not visit.task.message.place.private:
            return say("pairing_private", caller.language)
        if ended is not Redemption.PAIRED:
            return say(f"pairing_{ended.value}", caller.language)
        await self._registers.people.meet(caller.account, caller.now)
        await self._registers.people.pair(caller.account, groups)
        await self._registers.people.welcome(caller.account)
        return "\n\n".join((say("pairing_paired", caller.language), self_service.welcome(caller.language)))

    async def _over_limit(self, visit: _Visit) -> str:
        """Count a message. Return what is said to whoever is over a limit: a mishap is told whom to call all the same."""
        caller = visit.caller
        spent = await self._take(visit, *limits.questions(visit.policy.limits, caller.person.pseudonym))
        if spent is None:
            return ""
        if intent(visit.text) is Intent.INCIDENT:
            return incident((), self._manners.incident_contact, caller.language)
        phrase = "limit_everyone" if spent.subject == limits.EVERYONE else "limit_person"
        return say(phrase, caller.language, time=clock(spent.renewed(caller.now)))

    async def _take(self, visit: _Visit, *allowances: Allowance) -> Allowance | None:
        return await self._registers.counter.take(allowances, visit.caller.now)

    # who is let in

    async def _met(self, visit: _Visit) -> _Visit:
        """Keep somebody who is let in, and the day, once a day."""
        caller = visit.caller
        if caller.person.seen and caller.person.seen.date() == caller.now.date():
            return visit
        return replace(
            visit, caller=replace(caller, person=await self._registers.people.meet(caller.account, caller.now))
        )

    async def _admitted(self, visit: _Visit, admitted: Admitted) -> AsyncIterator[Event]:
        special = {Kind.CLICK: self._pressed, Kind.FILE: self._sent}.get(visit.task.message.kind)
        if special:
            async for event in special(visit, admitted):
                yield event
            return
        request = commands.parse(visit.text)
        if request and request.command is Command.START and commands.is_reference(request.argument):
            request = Request(Command.ASK, await self._pressing.asked(request.argument, visit.caller))
        if request and request.command is Command.INGEST and admitted.admin:
            async for event in self._ingested(visit):
                yield event
        elif request is None or (request.command is Command.ASK and request.argument):
            async for event in self._asked(visit, admitted, request.argument if request else visit.text):
                yield event
        else:
            yield await self._commanded(visit, admitted, request)

    async def _pressed(self, visit: _Visit, admitted: Admitted) -> AsyncIterator[Event]:
        """Do what a button says, for whoever it is meant for."""
        meant = await self._pressing.meant(visit.text, visit.caller, shared=admitted.shared)
        visit = replace(visit, caller=replace(visit.caller, language=meant.language))
        if meant.question:
            async for event in self._asked(visit, admitted, meant.question):
                yield event
        elif meant.request:
            done = await self._commanded(visit, admitted, meant.request)
            is_feedback = meant.request.command is Command.FEEDBACK
            yield replace(done, aside=is_feedback, judged=is_feedback)
        else:
            yield replace(visit.answer(meant.said), judges=meant.judges)

    async def _sent(self, visit: _Visit, admitted: Admitted) -> AsyncIterator[Event]:
        """Check a text file in private; of anything else, answer only what was written beside it."""
        message, language = visit.task.message, visit.caller.language
        files = self._registers.attachments.get(message.place.platform)
        text = await files.attached(message) if files and not admitted.shared else ""
        if text:
            yield visit.answer(await asyncio.to_thread(self._self_service.check, visit.caller, text), discard=True)
        elif message.text:
            async for event in self._asked(visit, admitted, message.text):
                yield _noted(event, say("file_unread", language)) if isinstance(event, Answer) else event
        else:
            yield visit.answer(say("file_unread", language))

    async def _ingested(self, visit: _Visit) -> AsyncIterator[Event]:
        """Take the documents in, with signs of how far it is."""
        signs: asyncio.Queue[Progress] = asyncio.Queue()
        running = asyncio.create_task(self._administration.ingest(visit.caller, signs.put_nowait))
        try:
            while not running.done():
                with suppress(TimeoutError):
                    yield await asyncio.wait_for(signs.get(), STEP)
            yield visit.answer(await running)
        finally:
            running.cancel()

    async def _asked(self, visit: _Visit, admitted: Admitted, text: str) -> AsyncIterator[Event]:
        """Put a question to the handler, with what the asker, or the room, may read."""
        who, place = admitted.account, visit.task.message.place
        question = Question(
            text,
            Asker(who.platform, who.workspace, who.user, admitted.audiences),
            place.conversation,
            visit.caller.person.language,
            history=await self._registers.conversations.turns(place, REMEMBERED, visit.caller.person.pseudonym),
            id=visit.task.reference,
            locale=visit.task.message.locale,
        )
        async for event in self._handler.handle(question):
            yield replace(event, privately=admitted.shared) if isinstance(event, Answer) else event

    async def _commanded(self, visit: _Visit, admitted: Admitted, request: Request) -> Answer:
        """Carry out a command; one that is not for this person is not there."""
        language, command = visit.caller.language, request.command
        if command is Command.FEEDBACK and admitted.admin and not request.argument:
            command = Command.OPINIONS
        if command is None or (command in ADMINISTRATION and not admitted.admin):
            return visit.answer(say("unknown_command", language))
        if command in PRIVATE and admitted.shared:
            return visit.answer(say("in_private", language), discard=command is Command.CHECK)
        if command is Command.OVERVIEW:
            return await self._overview(visit, admitted)
        text = await (
            self._administered(visit, command, request.argument)
            if command in ADMINISTRATION
            else self._served(visit, admitted, command, request.argument)
        )
        said = await self._greeted(visit, visit.answer(text, discard=command in DISCARDED), admitted.audiences)
        return replace(said, contact=self._self_service.contact) if command is Command.PRIVACY else said

    async def _served(self, visit: _Visit, admitted: Admitted, command: Command, argument: str) -> str:
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

    async def _overview(self, visit: _Visit, admitted: Admitted) -> Answer:
        """Show what this person may read, what is kept, what to ask first; to an admin also how the handbook is."""
        caller, office = visit.caller, self._administration
        known = tuple(await office.known(admitted.audiences))
        seen = Overview(
            caller.language,
            known,
            overview.privacy(self._self_service.retention, caller.language),
            overview.prompts(known, caller.language),
            caller.person.language or "",
            await office.glance(caller.language) if admitted.admin else (),
            overview.warnings(known, caller.now.date(), caller.language) if admitted.admin else (),
        )
        return replace(visit.answer(overview.text(seen)), overview=seen)

    async def _forgotten(self, caller: Caller, argument: str) -> str:
        """Delete everything about the caller, once it was confirmed; what was written lately could hold something of it."""
        said = await self._self_service.forget(caller, argument)
        if commands.agrees(argument):
            self.forget()
        return said

    async def _administered(self, visit: _Visit, command: Command, argument: str) -> str:
        """Carry out a command of an admin."""
        office, caller = self._administration, visit.caller
        carried: Mapping[Command, Callable[[], Awaitable[str]]] = {
            Command.STATUS: lambda: office.status(caller),
            Command.INVITE: lambda: office.invite(caller, argument, visit.policy),
            Command.AUDIT: lambda: office.audit(caller),
            Command.OPINIONS: lambda: office.opinions(caller),
        }
        return await carried[command]()

    async def _why(self, visit: _Visit, admitted: Admitted, reference: str) -> str:
        """Say how an answer came about: to whoever got it, and to an admin, who sees no person and leaves a line."""
        caller = visit.caller
        if not commands.is_reference(reference):
            return say("why_how", caller.language)
        entry = await self._registers.journal.read(reference)
        if entry is None or not (admitted.admin or (entry.person == caller.person.pseudonym and not admitted.shared)):
            return say("why_unknown", caller.language)
        if entry.person != caller.person.pseudonym:
            await self._administration.looked(caller, reference)
        return explained(entry, caller.language)

    async def _introduced(self, visit: _Visit, answer: Answer) -> Answer:
        """Say in front of somebody's first answer that an AI answers here."""
        caller = visit.caller
        if caller.person.welcomed or answer.aside or answer.overview:
            return answer
        await self._registers.people.welcome(caller.account)
        return replace(
            answer, preface="\n\n".join(filter(None, (say("first_contact", answer.language), answer.preface)))
        )


def _noted(answer: Answer, notice: str) -> Answer:
    """Return an answer with one more thing to know about it."""
    return replace(answer, notice="\n".join(filter(None, (answer.notice, notice))))


DISCARDED = frozenset({Command.CHECK})
"""Commands whose text is wiped from the inbox as soon as their answer is written down."""


def prose(text: str) -> str:
    """Return what of a message tells its language: neither a command nor a code does."""
    request = commands.parse(text)
    prose = request.argument if request and request.command is Command.ASK else "" if request else text
    return "" if pairing.is_code(prose) else prose


def _code(text: str) -> str:
    """Return the code in a message: "/start CODE", or the code alone."""
    request = commands.parse(text)
    typed = request.argument if request and request.command is Command.START else text
    return typed if pairing.is_code(typed) else ""
