"""The whole reception behind a local Slack: who may ask, what they may read, who commands."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.access import ANY, NOTHING_MORE, Policy, Workspace
from bot.senders import Account
from tests.fakes import WordEmbedder
from tests.faults.door import HANDBOOK, Door, Rules
from tests.handbooks import asking, take_in, write
from tests.platforms.slack_people import TEAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from adapters.database.memory import Memory
    from bot.handler import Handler
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


@contextmanager
def handbook(place: Path) -> Iterator[Handler]:
    """Give a handler over the small handbook of the door."""
    take_in(write(place / "handbook", HANDBOOK), place / "data", WordEmbedder())
    with asking(place / "data", WordEmbedder()) as opened:
        yield opened


def door(handler: Handler) -> Callable[[Memory], Reception]:
    """Return what makes the reception of a memory."""
    return lambda memory: Door(memory, handler, Rules(POLICY)).reception
