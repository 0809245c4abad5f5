"""Codes of invitations at the door: redeemed in private, used up where others could read them, never taken for a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import commands, limits, pairing, self_service
from bot.administration import clock
from bot.commands import Command
from bot.messages import Kind
from bot.pairing import Redemption
from bot.phrases import say

if TYPE_CHECKING:
    from bot.limits import Allowance
    from bot.people import Counter, Invitations, People
    from bot.visits import Visit


class Codes:
    """Looks for codes in what people write."""

    def __init__(self, invitations: Invitations, people: People, counter: Counter) -> None:
        self._invitations, self._people, self._counter = invitations, people, counter

    async def burnt(self, visit: Visit) -> str | None:
        """Use up each code that others could read, whoever wrote it. Return what is said about that, None where there was none."""
        if visit.task.message.place.private or visit.task.message.kind is Kind.CLICK:
            return None
        caller, alone, said = visit.caller, code(visit.text), None
        for number, found in enumerate(dict.fromkeys(filter(None, (alone, *pairing.within(visit.text))))):
            sure = found == alone and not any(map(str.isspace, alone))
            if spent := await self._try(visit, number):
                return await self._wait(visit, spent) if sure else said
            ended, _ = await pairing.redeem(found, self._invitations, caller.now, visit.task.reference)
            if sure or ended is not Redemption.WRONG:
                said = say("pairing_private", caller.language)
        return said

    async def redeemed(self, visit: Visit) -> str | None:
        """Redeem an invitation for somebody who was paired before. Return what is said, None where there is no code."""
        typed = code(visit.text)
        known = visit.caller.person.groups is not None and visit.task.message.kind is not Kind.CLICK
        if not known or not typed:
            return None
        if any(map(str.isspace, typed)) and not await self._invitations.used_by(
            pairing.plain(typed)[: pairing.NAME], visit.task.reference
        ):
            return None
        return await self.pair(visit, typed)

    async def pair(self, visit: Visit, typed: str) -> str:
        """Redeem an invitation, in private. Whoever was paired before gets its groups beside the earlier ones."""
        caller = visit.caller
        if spent := await self._try(visit):
            return await self._wait(visit, spent)
        ended, groups = await pairing.redeem(typed, self._invitations, caller.now, visit.task.reference)
        if ended is not Redemption.PAIRED:
            return say(f"pairing_{ended.value}", caller.language)
        await self._people.meet(caller.account, caller.now)
        await self._people.pair(caller.account, sorted({*groups, *(caller.person.groups or ())}))
        await self._people.welcome(caller.account)
        return "\n\n".join((say("pairing_paired", caller.language), self_service.welcome(caller.language)))

    async def _try(self, visit: Visit, number: int = 0) -> Allowance | None:
        """Count a try of a message's code of this number."""
        caller = visit.caller
        tries = (limits.pairing(caller.person.tally),)
        return await self._counter.take(tries, caller.now, by=f"{visit.task.reference}-{number}")

    async def _wait(self, visit: Visit, spent: Allowance) -> str:
        """Say that there were too many tries, once an hour."""
        caller = visit.caller
        told = (limits.told_to_wait(caller.person.tally),)
        if await self._counter.take(told, caller.now, by=visit.task.reference):
            return ""
        return say("pairing_wait", caller.language, time=clock(spent.renewed(caller.now)))


def code(text: str) -> str:
    """Return the code in a message: "/start CODE", or the code alone."""
    request = commands.parse(text)
    typed = request.argument if request and request.command is Command.START else text
    return typed.strip() if pairing.is_code(typed) else ""
