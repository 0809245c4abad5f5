"""Whether this process lives and can answer, and when each platform was last heard from."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.ports import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.ports import Entry, Task

QUIET = 120.0
"""Seconds after which a platform that says nothing, not even that it has nothing to say, counts as lost."""
REFUSING = 10.0
"""Seconds for which a platform may refuse what is sent, without taking anything, before that counts as an outage."""
DATABASE = 10.0
"""Seconds since the last beat that reached the database after which it counts as lost."""
MISSED = 5.0
"""Seconds for which the database counts as lost after it did not take something."""


@dataclass
class Contact:
    """What is known about one platform. Times are on the process's own clock; None: never, or not now.

    `reason` is why it cannot be worked with, in the adapter's word.
    """

    heard: float | None = None
    lost: float | None = None
    reason: str = ""
    refused: float | None = None


@dataclass
class Health:
    """An Observer that remembers what is wrong right now. `access` says what is wrong with the access file, or nothing.

    `behind`: for how many seconds something newer is published than what is here.
    """

    clock: Callable[[], float] = time.monotonic
    contacts: dict[str, Contact] = field(default_factory=dict)
    beaten: float | None = None
    unwritten: float | None = None
    stopping: bool = False
    generation: str = ""
    access: Callable[[], str] = lambda: ""
    behind: Callable[[], float] = lambda: 0.0

    def of(self, platform: str) -> Contact:
        """Return what is known about a platform."""
        return self.contacts.setdefault(platform, Contact())

    def heard(self, platform: str, *, well: bool, reason: str = "") -> None:
        """Note that a platform was heard from, or why it could not be worked with."""
        contact = self.of(platform)
        contact.reason = reason
        if well:
            contact.heard, contact.lost = self.clock(), None
        elif contact.lost is None:
            contact.lost = self.clock()

    def beat(self) -> None:
        """Note that the database was reached."""
        self.beaten = self.clock()

    def missed(self) -> None:
        """Note that something could not be written down: a database with a full disk can still be reached."""
        self.unwritten = self.clock()

    def ended(self, task: Task, entry: Entry | None, ending: Ending, seconds: Mapping[str, float]) -> None:  # noqa: ARG002 - only how it ended
        """Note that a platform took something: what ended in any other way says nothing about it."""
        if ending is Ending.ANSWERED:
            self.of(task.message.place.platform).refused = None

    def retried(self, platform: str, reason: str) -> None:
        """Note that a platform, or the database, refused something."""
        if reason == "database":
            self.missed()
        if platform and reason in {"Refused", "Uncertain"} and self.of(platform).refused is None:
            self.of(platform).refused = self.clock()

    def well(self, platform: str) -> bool:
        """Say whether a platform can be worked with."""
        contact, now = self.of(platform), self.clock()
        quiet = contact.heard is None or now - contact.heard > QUIET
        refusing = contact.refused is not None and now - contact.refused > REFUSING
        return not (quiet or refusing or contact.lost is not None)

    @property
    def database(self) -> bool:
        """Say whether the database can be reached, and took all that was lately written."""
        now = self.clock()
        written = self.unwritten is None or now - self.unwritten > MISSED
        return written and self.beaten is not None and now - self.beaten <= DATABASE

    @property
    def ready(self) -> bool:
        """Say whether a question that comes in now would be answered."""
        return self.database and bool(self.generation) and not self.stopping and all(map(self.well, self.contacts))

    def silence(self) -> dict[str, float]:
        """Return for each platform how many seconds ago it was heard from."""
        now = self.clock()
        return {name: now - contact.heard for name, contact in self.contacts.items() if contact.heard is not None}

    def report(self) -> dict[str, object]:
        """Return everything as plain JSON values."""
        silence = self.silence()
        platforms = {
            name: {
                "well": self.well(name),
                "heard_seconds_ago": round(silence[name], 1) if name in silence else None,
                **({"reason": contact.reason} if contact.reason else {}),
            }
            for name, contact in self.contacts.items()
        }
        return {
            "live": True,
            "ready": self.ready,
            "stopping": self.stopping,
            "database": self.database,
            "generation": self.generation or None,
            **({"generation_behind_seconds": round(behind)} if (behind := self.behind()) else {}),
            "platforms": platforms,
            "access_file": self.access() or "well",
        }
