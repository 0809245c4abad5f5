"""Who may ask, and what they may read: decided from the access file and what the platform vouches for. Closed unless opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.limits import Limits
from bot.senders import Membership

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.senders import Account, Origin

Audiences = frozenset[str]
"""Names of audiences beyond everybody. Whoever may ask reads what is open to all."""
NOTHING_MORE: Audiences = frozenset()


ANY = "any"
"""Stands for every room of a workspace that is not named."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace of a platform, opened. None: these people may not ask, unless a group names them.

    `rooms` holds what is read in shared rooms, None in those that are closed. With `pairing`, a person is admitted only
    after an invitation was redeemed.
    """

    members: Audiences | None = NOTHING_MORE
    guests: Audiences | None = None
    outsiders: Audiences | None = None
    rooms: Mapping[str, Audiences | None] = field(default_factory=dict)
    pairing: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """What the access file says. Without one nothing is open. Admins are accounts, never names."""

    workspaces: Mapping[tuple[str, str], Workspace] = field(default_factory=dict)
    reads: Mapping[Account, Audiences] = field(default_factory=dict)
    groups: Mapping[str, Audiences] = field(default_factory=dict)
    admins: frozenset[Account] = frozenset()
    blocked: frozenset[Account] = frozenset()
    limits: Limits = field(default_factory=Limits)


CLOSED = Policy()
"""Nobody may ask."""


class Reason(StrEnum):
    """Why somebody may not ask. Each is also a phrase (`denied_...`), except for what is no person."""

    NO_PERSON = "no_person"
    BLOCKED = "blocked"
    WORKSPACE = "workspace"
    ROOM = "room"
    GUEST = "guest"
    OUTSIDER = "outsider"
    UNPAIRED = "unpaired"


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who may ask. `audiences` is what the answer here may be made of; `admin`: may command, here and now."""

    account: Account
    audiences: Audiences
    admin: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Denied:
    """Somebody, or something, that may not ask."""

    reason: Reason


def decide(
    policy: Policy, account: Account, origin: Origin, invited: frozenset[str] | None = None
) -> Admitted | Denied:
    """Return whether somebody may ask, and what of.

    `invited` are the groups of the invitation that a person redeemed, None when there was none. In a shared room all
    read along, so an answer is made of what the room may read, never of what the asker alone may.
    """
    membership = _membership(account, origin)
    workspace = policy.workspaces.get((account.platform, origin.place.workspace))
    if reason := _barred(policy, account, origin, membership) or _shut(policy, workspace, account, origin):
        return Denied(reason)
    if workspace is None or (workspace.pairing and invited is None):
        return Denied(Reason.UNPAIRED)
    own = _named(policy, account, invited) | (_admits(workspace, membership) or NOTHING_MORE)
    if origin.place.private:
        return Admitted(account, own, admin=_commands(policy, account, origin))
    room = _room(workspace, origin) or NOTHING_MORE
    return Admitted(account, room if membership is Membership.MEMBER else room & own, shared=True)


def _membership(account: Account, origin: Origin) -> Membership:
    """Return how somebody belongs to the workspace where they write; whoever comes from another one is an outsider."""
    if origin.membership is not Membership.NOBODY and account.workspace != origin.place.workspace:
        return Membership.OUTSIDER
    return origin.membership


def _barred(policy: Policy, account: Account, origin: Origin, membership: Membership) -> Reason | None:
    """Return why this sender is out, whatever the workspace says."""
    if membership is Membership.NOBODY or origin.forwarded or not account.user:
        return Reason.NO_PERSON
    return Reason.BLOCKED if account in policy.blocked else None


def _shut(policy: Policy, workspace: Workspace | None, account: Account, origin: Origin) -> Reason | None:
    """Return why this workspace is not open to the sender here."""
    if workspace is None:
        return Reason.WORKSPACE
    membership = _membership(account, origin)
    if _admits(workspace, membership) is None and account not in policy.reads:
        return _REFUSALS[membership]
    return Reason.ROOM if not origin.place.private and _room(workspace, origin) is None else None


_REFUSALS = {
    Membership.MEMBER: Reason.WORKSPACE,
    Membership.GUEST: Reason.GUEST,
    Membership.OUTSIDER: Reason.OUTSIDER,
    Membership.NOBODY: Reason.NO_PERSON,
}


def _admits(workspace: Workspace, membership: Membership) -> Audiences | None:
    """Return what people of a membership read, None when they may not ask."""
    return {
        Membership.MEMBER: workspace.members,
        Membership.GUEST: workspace.guests,
        Membership.OUTSIDER: workspace.outsiders,
    }.get(membership)


def _room(workspace: Workspace, origin: Origin) -> Audiences | None:
    """Return what a shared room reads, None when it is not open."""
    return workspace.rooms.get(origin.place.conversation, workspace.rooms.get(ANY))


def _named(policy: Policy, account: Account, invited: frozenset[str] | None) -> Audiences:
    """Return what this person reads by name or by invitation; a group that the file no longer has opens nothing."""
    by_invitation = (policy.groups.get(group, NOTHING_MORE) for group in invited or ())
    return policy.reads.get(account, NOTHING_MORE).union(*by_invitation)


def _commands(policy: Policy, account: Account, origin: Origin) -> bool:
    """Say whether this message may command: a full member whom the file names, in private, in own and fresh words."""
    return account in policy.admins and _membership(account, origin) is Membership.MEMBER and not origin.edited
