"""The door for chat platforms: may this person ask, and how often? Then a command is carried out, or the handler answers."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import codes, commands, limits, pressing
from bot.access import NOTHING_MORE, Admitted, Denied, Reason, decide
from bot.administration import clock
from bot.clerk import Clerk
from bot.commands import Command, Request
from bot.errors import PlatformError, Refused, Uncertain
from bot.messages import Answer, Asker, Kind, Question
from bot.phrases import say
from bot.pressing import Pressing
from bot.self_service import Caller
from bot.visits import Visit, account, origin, prose
from bot.wording import alarm, prefaced
from knowledge.language import detect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bot.administration import Administration
    from bot.limits import Allowance
    from bot.messages import Event, Message, Progress, Turn
    from bot.people import Counter, Invitations, People, Policies
    from bot.ports import Answers, Attachments, Conversations, Journal, Task
    from bot.pressing import Questions
    from bot.self_service import SelfService

REMEMBERED = 10
"""Turns of a conversation that a follow-up question can lean on."""
TURN = 2
"""Of these, how many a question and its answer are."""
FETCHES = (0.5, 2.0, 0.0)
"""Seconds of the pauses after each try to fetch a file."""
LONGEST_FETCH = 10.0
"""Seconds that one of these pauses takes at most, whatever the platform asks for."""
BEAT = 15.0
"""Seconds after which it is said again how far that is: it lasts, and has not been forgotten."""


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
        self._clerk = Clerk(handler, registers.journal, self_service, administration)
        self._codes = codes.Codes(registers.invitations, registers.people, registers.counter)
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
        said = await self._codes.burnt(visit)
        decision = decide(visit.policy, visit.caller.account, origin(task.message), visit.caller.person.groups)
        if isinstance(decision, Denied):
            if answer := await self._told(visit, decision.reason, said):
                yield answer
            return
        if said is None:
            said = await self._codes.redeemed(visit)
        if said is not None:
            if said:
                yield self._alarmed(visit, visit.answer(said, discard=True))
            return
        async for event in self._welcomed(visit, decision):
            yield await self._introduced(visit, event) if isinstance(event, Answer) else event

    async def _welcomed(self, visit: Visit, admitted: Admitted) -> AsyncIterator[Event]:
        """Answer somebody who may ask, within the limits; what is theirs by right has a limit of its own."""
        visit = await self._met(visit)
        if request := visit.right:
            yield await self._by_right(visit, admitted, request)
            return
        if visit.opens:
            if await self._take(visit, limits.openings(visit.caller.person.tally)) is None:
                yield await self._clerk.carry_out(visit, admitted, Request(Command.OVERVIEW))
            return
        if over := await self._over_limit(visit):
            yield over
            return
        async for event in self._admitted(visit, admitted):
            yield event

    async def _by_right(self, visit: Visit, admitted: Admitted, request: Request) -> Answer:
        """Let anybody see, get or delete what is kept about them."""
        if spent := await self._take(visit, limits.rights(visit.caller.person.tally)):
            return self._alarmed(visit, visit.answer(_goes_on("limit_person", spent, visit.caller)))
        return self._alarmed(visit, await self._clerk.carry_out(visit, admitted, request))

    def _alarmed(self, visit: Visit, answer: Answer) -> Answer:
        """Return an answer to what is no question, behind whom to call if there was word of a mishap."""
        if not visit.reports or answer.urgent:
            return answer
        steps = alarm(self._manners.incident_contact, visit.caller.language)
        return replace(answer, text=f"{steps}\n\n{answer.text}", urgent=True)

    async def _visit(self, task: Task) -> Visit:
        message, now = task.message, datetime.now(UTC)
        person = await self._registers.people.find(account(message))
        said = pressing.words(message.text) if message.kind is Kind.CLICK else prose(message.text)
        language = person.language or detect(said) or message.locale or self._manners.language
        return Visit(task, Caller(account(message), person, language, now), self._registers.policies.policy())

    # who is told no

    async def _told(self, visit: Visit, reason: Reason, said: str | None) -> Answer | None:
        """Return what somebody is told who may not ask, None for what is no person. The message is wiped with that."""
        if reason is Reason.NO_PERSON:
            return None
        nothing = Admitted(visit.caller.account, NOTHING_MORE, shared=not visit.task.message.place.private)
        if request := visit.right:
            return await self._by_right(visit, nothing, request)
        text = await self._denied(visit, reason) if said is None else said
        answer = self._alarmed(visit, visit.answer(text, discard=True))
        return await self._clerk.greeted(visit, answer) if text else None

    async def _denied(self, visit: Visit, reason: Reason) -> str:
        """Return the polite no, nothing for whoever was told so within the hour. A mishap is told whom to call first."""
        if reason is Reason.UNPAIRED and (code := codes.code(visit.text)):
            return await self._codes.pair(visit, code)
        language = visit.caller.language
        if visit.reports:
            return say(f"denied_{reason.value}", language)
        if visit.task.message.kind is Kind.COMMAND:  # seen by its sender alone, who may only have opened the app
            return visit.warned(say(f"denied_{reason.value}", language))
        told = await self._take(visit, limits.refusals(visit.caller.person.tally))
        return visit.warned(say(f"denied_{reason.value}", language)) if told is None else ""

    async def _over_limit(self, visit: Visit) -> Answer | None:
        """Count a message. Return what is said to whoever is over a limit; a mishap is answered like any other time."""
        caller = visit.caller
        spent = await self._take(visit, *limits.questions(visit.policy.limits, caller.person.tally))
        if spent is None:
            return None
        if visit.reports:
            if await self._take(visit, limits.incidents(caller.person.tally)) is None:
                return None
            steps = alarm(self._manners.incident_contact, caller.language)
            return replace(visit.answer(steps, discard=True), urgent=True)
        phrase = "limit_everyone" if spent.subject == limits.EVERYONE else "limit_person"
        return visit.answer(visit.warned(_goes_on(phrase, spent, caller)), discard=True)

    async def _take(self, visit: Visit, *allowances: Allowance) -> Allowance | None:
        """Count a use; a message that is tried again was counted the first time."""
        return await self._registers.counter.take(allowances, visit.caller.now, by=visit.task.reference)

    # who is let in

    async def _met(self, visit: Visit) -> Visit:
        """Keep somebody who is let in, and the day, once a day."""
        caller = visit.caller
        if caller.person.seen and caller.person.seen.date() == caller.now.date():
            return visit
        return replace(
            visit, caller=replace(caller, person=await self._registers.people.meet(caller.account, caller.now))
        )

    async def _admitted(self, visit: Visit, admitted: Admitted) -> AsyncIterator[Event]:
        special = {Kind.CLICK: self._pressed, Kind.FILE: self._sent}.get(visit.task.message.kind)
        if special:
            async for event in special(visit, admitted):
                yield event
            return
        async for event in self._written(visit, admitted):
            yield event

    async def _written(self, visit: Visit, admitted: Admitted) -> AsyncIterator[Event]:
        """Do what a command says, or answer a question."""
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
            yield self._alarmed(visit, await self._clerk.carry_out(visit, admitted, request))

    async def _pressed(self, visit: Visit, admitted: Admitted) -> AsyncIterator[Event]:
        """Do what a button says, for whoever it is meant for."""
        meant = await self._pressing.meant(visit.text, visit.caller, shared=admitted.shared)
        visit = replace(visit, caller=replace(visit.caller, language=meant.language))
        if meant.question:
            async for event in self._asked(visit, admitted, meant.question, meant.again):
                yield event
        elif meant.request:
            done = await self._clerk.carry_out(visit, admitted, meant.request)
            is_feedback = meant.request.command is Command.FEEDBACK
            yield replace(done, aside=is_feedback, judged=is_feedback)
        else:
            yield replace(visit.answer(meant.said), judges=meant.judges)

    async def _sent(self, visit: Visit, admitted: Admitted) -> AsyncIterator[Event]:
        """Check a text file in private; of anything else, and beside word of a mishap, answer only what was written."""
        message, language = visit.task.message, visit.caller.language
        files = self._registers.attachments.get(message.place.platform)
        text = await _read(files, message) if files and not admitted.shared and not visit.reports else ""
        if text:
            checked = await asyncio.to_thread(self._self_service.check, visit.caller, text)
            answer = visit.answer(checked, discard=True, foreign=True)
            request = commands.parse(message.text)
            is_question = message.text and not (request and request.command is Command.CHECK)
            yield _noted(answer, say("file_alone", language)) if is_question else answer
        elif message.text:
            async for event in self._written(visit, admitted):
                yield _noted(event, say("file_unread", language)) if isinstance(event, Answer) else event
        else:
            yield visit.answer(say("file_unread", language))

    async def _ingested(self, visit: Visit) -> AsyncIterator[Event]:
        """Take the documents in, with signs of how far it is."""
        signs: asyncio.Queue[Progress | None] = asyncio.Queue()
        running = asyncio.create_task(self._administration.ingest(visit.caller, signs.put_nowait))
        running.add_done_callback(lambda _: signs.put_nowait(None))
        sign: Progress | None = None
        try:
            while True:
                with suppress(TimeoutError):
                    sign = await asyncio.wait_for(signs.get(), BEAT)
                    if sign is None:
                        break
                if sign:
                    yield sign
            yield visit.answer(await running, foreign=True)
        finally:
            running.cancel()

    async def _asked(self, visit: Visit, admitted: Admitted, text: str, again: str = "") -> AsyncIterator[Event]:
        """Put a question to the handler, with what the asker, or the room, may read."""
        who, place = admitted.account, visit.task.message.place
        question = Question(
            text,
            Asker(who.platform, who.workspace, who.user, admitted.audiences),
            place.conversation,
            visit.caller.person.language,
            history=await self._history(visit, again),
            id=visit.task.reference,
            locale=visit.task.message.locale,
        )
        async for event in self._handler.handle(question):
            yield replace(event, privately=admitted.shared) if isinstance(event, Answer) else event

    async def _history(self, visit: Visit, again: str) -> tuple[Turn, ...]:
        """Return what was said before: here, and where the question was asked that is taken up again or gone on from."""
        message, person, known = visit.task.message, visit.caller.person.pseudonym, self._registers.conversations
        here = await known.turns(message.place, REMEMBERED, person)
        if again:
            return (*here, *(await known.led_to(again, REMEMBERED, person))[:-TURN])
        if message.kind is not Kind.MESSAGE or message.about in {"", message.id}:
            return here
        before = await known.goes_on_from(message, person)
        return (*(await known.led_to(before, REMEMBERED, person)), *here) if before else here

    async def _introduced(self, visit: Visit, answer: Answer) -> Answer:
        """Say in front of somebody's first answer that an AI answers here."""
        caller = visit.caller
        if caller.person.welcomed or answer.aside or answer.overview:
            return answer
        return replace(prefaced(answer, say("first_contact", answer.language)), introduces=True)


async def _read(files: Attachments, message: Message) -> str:
    """Return the text of a file, nothing where the platform does not hand it out, though it was asked some times."""
    for pause in FETCHES:
        try:
            return await files.attached(message)
        except (Refused, Uncertain) as error:
            await asyncio.sleep(min(getattr(error, "seconds", 0.0) + pause, LONGEST_FETCH))
        except PlatformError:
            break
    return ""


def _noted(answer: Answer, notice: str) -> Answer:
    """Return an answer with one more thing to know about it."""
    return replace(answer, notice="\n".join(filter(None, (answer.notice, notice))))


def _goes_on(phrase: str, spent: Allowance, caller: Caller) -> str:
    return say(phrase, caller.language, time=clock(spent.renewed(caller.now)))
