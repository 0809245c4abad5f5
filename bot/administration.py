"""What admins do in a private chat: look, invite, take documents in, read feedback and the audit. Each deed leaves a line in the audit."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from bot import pairing
from bot.people import BEGUN, DONE, LOOK, REFUSED, Deed
from bot.phrases import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.access import Policy
    from bot.messages import Progress
    from bot.overview import Known
    from bot.people import Audit, Handbook, Invitations, Opinion, Opinions
    from bot.self_service import Caller

T = TypeVar("T")

PATIENCE = 3600.0
"""Seconds that a chat waits for documents to be taken in, before it says that this goes on."""
LINES = 20
"""Lines of the audit, and opinions, that are shown in a chat."""


class Administration:
    """Carries out the commands of admins. Whoever calls it has made sure that it is one."""

    def __init__(
        self,
        invitations: Invitations,
        audit: Audit,
        opinions: Opinions,
        handbook: Handbook,
        link: Callable[[str], str],
    ) -> None:
        self._invitations, self._audit, self._opinions = invitations, audit, opinions
        self._handbook, self._link = handbook, link
        self._running: asyncio.Task[str] | None = None

    async def status(self, caller: Caller) -> str:
        """Say what is published."""
        return await self._noted(caller, "status", self._handbook.status(caller.language))

    async def known(self, groups: frozenset[str]) -> Sequence[Known]:
        """Return the documents that members of these groups may read."""
        return await self._handbook.known(groups)

    async def glance(self, language: str) -> tuple[str, ...]:
        """Say what is published, to an admin who opens Lotse: that is no deed for the audit."""
        return tuple((await self._handbook.status(language)).split("\n"))

    async def troubles(self, language: str) -> tuple[str, ...]:
        """Say what went wrong when documents were taken in last."""
        return tuple(await self._handbook.troubles(language))

    async def invite(self, caller: Caller, argument: str, policy: Policy) -> str:
        """Make an invitation for the groups that are named, and show its code this once."""
        groups = tuple(" ".join(name.casefold().split()) for name in argument.split(",") if name.strip())
        if unknown := next((name for name in groups if name not in policy.groups), None):
            await self._note(caller, "invite", outcome=REFUSED)
            return say("invite_unknown", caller.language, group=unknown)
        code, kept = pairing.issue(caller.now, groups)
        await self._noted(caller, "invite", self._invitations.add(kept), ", ".join((kept.name, *groups)))
        return invitation(code, kept, self._link(code), caller.language)

    async def ingest(self, caller: Caller, told: Callable[[Progress], None]) -> str:
        """Take the documents in again and return the report, or, where that takes very long, say that it goes on. Never twice at once."""
        if self._running and not self._running.done():
            await self._note(caller, "ingest", outcome=REFUSED)
            return say("ingest_running", caller.language)
        await self._note(caller, "ingest", outcome=BEGUN)
        work = self._handbook.take_in(caller.language, told)
        self._running = asyncio.create_task(self._noted(caller, "ingest", work))
        try:
            return await asyncio.wait_for(asyncio.shield(self._running), PATIENCE)
        except TimeoutError:
            return say("ingest_started", caller.language)

    async def audit(self, caller: Caller) -> str:
        """Show what admins did, the newest first."""
        deeds = await self._noted(caller, "audit", self._audit.read(LINES))
        return "\n".join(map(line, deeds)) or say("audit_nothing", caller.language)

    async def opinions(self, caller: Caller) -> str:
        """Show what people thought of answers lately, and not who: the day, the answer's id, the reason, the words."""
        newest = await self._noted(caller, "opinions", self._opinions.read(LINES))
        if not newest:
            return say("opinions_nothing", caller.language)
        told = "\n".join(_opinion(each, caller.language) for each in newest)
        return "\n\n".join((say("opinions", caller.language), told, say("opinions_why", caller.language)))

    async def looked(self, caller: Caller, reference: str) -> None:
        """Note that an admin looked at how somebody's answer came about."""
        await self._note(caller, LOOK, reference)

    async def _noted(self, caller: Caller, deed: str, work: Awaitable[T], about: str = "") -> T:
        """Do something, and note how it ended."""
        try:
            result = await work
        except Exception as error:
            await self._note(caller, deed, about, type(error).__name__)
            raise
        await self._note(caller, deed, about)
        return result

    async def _note(self, caller: Caller, deed: str, about: str = "", outcome: str = DONE) -> None:
        await self._audit.add(Deed(datetime.now(UTC), caller.person.pseudonym, deed, about, outcome))


def _opinion(given: Opinion, language: str) -> str:
    """Return one line on what somebody thought of an answer."""
    parts = (f"{given.day:%Y-%m-%d}", given.reference, say(f"feedback_{given.reason.value}", language), given.words)
    return " · ".join(part for part in parts if part)


def line(deed: Deed) -> str:
    """Return one line of the audit: when, which admin (the beginning of a pseudonym), what, to what, how it ended."""
    parts = (f"{deed.at.astimezone(UTC):%Y-%m-%d %H:%M}", deed.admin[:8], deed.deed, deed.about, deed.outcome)
    return " · ".join(part for part in parts if part)


def invitation(code: str, kept: pairing.Invitation, link: str, language: str) -> str:
    """Show an invitation."""
    parts = [say("invited", language, code=code, expires=clock(kept.expires))]
    if link:
        parts.append(say("invited_link", language, link=link))
    if kept.groups:
        parts.append(say("invite_groups", language, groups=", ".join(kept.groups)))
    return "\n".join(parts)


def clock(moment: datetime) -> str:
    """Write a moment on the clock of this machine."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
