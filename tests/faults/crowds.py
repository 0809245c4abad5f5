"""What can be seen of how much Lotse is used when few people use it: in the report, the metrics, the journal and exports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from adapters.database.memory import remember
from bot.commands import Feedback, Reason
from bot.limits import Limits
from bot.messages import Place
from bot.self_service import written
from bot.senders import Account, Membership
from tests.chats import NAME, Chat, message
from tests.faults.door import ADMIN, POLICY, Door, Rules
from tests.scenes import playing

if TYPE_CHECKING:
    from adapters.database.memory import Memory
    from bot.handler import Handler
    from tests.scenes import Scene

TIMES = 3
"""Questions of each person."""
USED = ("lotse_received", "lotse_endings", "lotse_outcomes", "lotse_seconds", "lotse_drops", "lotse_tokens")
"""Figures that tell how much Lotse is used."""


@dataclass
class _Town:
    """People who ask, and what is seen of it."""

    memory: Memory
    door: Door
    scene: Scene

    async def ask(self, first: int, last: int) -> None:
        """Let people ask, and judge their last answer."""
        for person in range(first, last):
            for number in range(person * TIMES, person * TIMES + TIMES):
                where, who = Place(NAME, "W1", f"D{person}", private=True), f"U{person}"
                asked = message(number, place=where, user=who, text="Is DeepL Pro approved?", home="W1")
                self.scene.chat.say(replace(asked, membership=Membership.MEMBER))
        await self.scene.answered(last * TIMES)
        for person in range(first, last):
            pseudonym = (await self.memory.people.find(_account(person))).pseudonym
            judged = Feedback(await self.reference(person), Reason.WRONG, "too strict")
            await self.memory.opinions.add(pseudonym, judged, datetime.now(UTC))

    async def reference(self, person: int) -> str:
        """Return the id of somebody's last answer."""
        entries = (await self.memory.people.export(_account(person)))["journal"]
        assert isinstance(entries, list)
        return str(entries[-1]["reference"])

    async def seen(self) -> dict[str, str]:
        """Return what an admin sees of the first person's last answer, and the first person of what is kept."""
        why = await self.door.text(ADMIN.user, f"/why {await self.reference(0)}")
        kept = dict(await self.memory.people.export(_account(0)))
        kept.pop("looks")  # of the line above
        return {"journal": why, "export": written(kept)}


def _account(person: int) -> Account:
    return Account(NAME, "W1", f"U{person}")


async def told(url: str, handler: Handler, people: int) -> dict[str, int]:
    """Let so many people ask and judge; return by place how many figures over them are told.

    The journal and an export tell one if what they say of one person changes with what others do.
    """
    memory = await remember(url)
    door = Door(memory, handler, Rules(replace(POLICY, limits=Limits(person_minute=1000))))
    async with playing(Chat(), url, door.reception) as scene:
        town = _Town(memory, door, scene)
        await town.ask(0, 1)
        before = await town.seen()
        await town.ask(1, people)
        after = await town.seen()
        page = scene.metrics.page({}, {}, None).decode().splitlines()
    report = await memory.usage.report(datetime.now(UTC) + timedelta(weeks=1))
    await memory.close()
    return {
        "report": sum(len(part.shown) for part in report.parts.values()),
        "metrics": sum(line.startswith(USED) for line in page),
    } | {name: int(text != after[name]) for name, text in before.items()}
