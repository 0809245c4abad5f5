"""Who stands behind a message, by ids and by what the platform vouches for, never by a name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.messages import Place


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account on a platform, with the workspace that it belongs to (empty where there are none)."""

    platform: str
    workspace: str
    user: str

    def __str__(self) -> str:
        return "/".join(filter(None, (self.platform, self.workspace, self.user)))


class Membership(StrEnum):
    """How whoever wrote belongs to the workspace: as the platform says. Bots, channels and the anonymous are NOBODY."""

    MEMBER = "member"
    GUEST = "guest"
    OUTSIDER = "outsider"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Origin:
    """How a message came: who stands behind it, where, and whether the words are the sender's own and new."""

    membership: Membership
    place: Place
    forwarded: bool = False
    edited: bool = False
