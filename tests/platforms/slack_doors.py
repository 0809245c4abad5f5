"""The whole reception behind a local Slack: who may ask, what they may read, who commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bot.access import ANY, NOTHING_MORE, Policy, Workspace
from bot.senders import Account
from tests.faults.door import Door, Rules, Shelf
from tests.platforms.slack_people import TEAM

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.database.memory import Memory
    from bot.people import Handbook
    from bot.ports import Answers
    from bot.reception import Reception

ADMIN = Account("slack", TEAM, "U0ADMIN")
POLICY = Policy(
    workspaces={("slack", TEAM): Workspace(rooms={ANY: NOTHING_MORE})},
    reads={Account("slack", TEAM, "U0HR"): frozenset({"hr"}), ADMIN: frozenset({"hr"})},
    groups={"hr": frozenset({"hr"})},
    admins=frozenset({ADMIN}),
)
GUARDED = "never goes"
"""Words of the handbook that only its readers see."""
STATUS = "status in"
"""Words that only an admin sees."""


def door(handler: Answers, handbook: Handbook | None = None) -> Callable[[Memory], Reception]:
    """Return what makes the reception of a memory."""
    return lambda memory: Door(memory, handler, Rules(POLICY), cast("Shelf", handbook or Shelf())).reception
