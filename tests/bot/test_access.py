"""Who may ask and command: closed unless opened, by ids and never by names, the room's audience where others read along."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access import ANY, CLOSED, NOTHING_MORE, Admitted, Denied, Policy, Reason, Workspace, decide
from bot.messages import Place
from bot.senders import Account, Membership, Origin

HOME, OTHER = "T0HOME", "T0OTHER"
ADMIN = Account("slack", HOME, "U0ADMIN")
STAFF = Account("slack", HOME, "U0STAFF")
HR = Account("slack", HOME, "U0HR")
PHONE_ADMIN = Account("telegram", "", "1001")


def room(workspace: str, conversation: str, *, private: bool = False) -> Place:
    return Place("slack" if workspace else "telegram", workspace, conversation, private=private)


DIRECT = room(HOME, "D1", private=True)
OPEN_ROOM = room(HOME, "C0OPEN")
HR_ROOM = room(HOME, "C0HR")
CHAT = room("", "1001", private=True)
GROUP_CHAT = room("", "-100")
MEMBER = Origin(Membership.MEMBER, DIRECT)
BY_PHONE = Origin(Membership.MEMBER, CHAT)
POLICY = Policy(
    workspaces={
        ("slack", HOME): Workspace(rooms={"C0OPEN": NOTHING_MORE, "C0HR": frozenset({"hr"})}),
        ("telegram", ""): Workspace(rooms={"-100": NOTHING_MORE}, pairing=True),
    },
    reads={HR: frozenset({"hr", "works council"})},
    groups={"people": frozenset({"hr", "works council"})},
    admins=frozenset({ADMIN, PHONE_ADMIN}),
    blocked=frozenset({Account("slack", HOME, "U0GONE")}),
)


def admitted(
    account: Account, origin: Origin, policy: Policy = POLICY, invited: frozenset[str] | None = None
) -> Admitted:
    decision = decide(policy, account, origin, invited)
    assert isinstance(decision, Admitted), decision
    return decision


def reason(account: Account, origin: Origin, policy: Policy = POLICY, invited: frozenset[str] | None = None) -> Reason:
    decision = decide(policy, account, origin, invited)
    assert isinstance(decision, Denied), decision
    return decision.reason


# who may ask


def test_without_an_access_file_nobody_may_ask() -> None:
    for account, membership, private in product((ADMIN, STAFF, PHONE_ADMIN), Membership, (True, False)):
        origin = Origin(membership, room(account.workspace, "D1", private=private))
        assert isinstance(decide(CLOSED, account, origin, frozenset()), Denied)


def test_a_member_of_an_open_workspace_may_ask_in_private() -> None:
    assert admitted(STAFF, MEMBER) == Admitted(STAFF, NOTHING_MORE)


def test_a_workspace_that_is_not_named_is_shut() -> None:
    stranger = Account("slack", OTHER, "U0STAFF")
    assert reason(stranger, replace(MEMBER, place=room(OTHER, "D1", private=True))) is Reason.WORKSPACE


def test_a_room_that_is_closed_is_shut_although_all_that_are_not_named_are_open() -> None:
    rooms = {ANY: NOTHING_MORE, "C0HR": None}
    policy = replace(POLICY, workspaces={("slack", HOME): Workspace(rooms=rooms)})
    assert reason(STAFF, Origin(Membership.MEMBER, HR_ROOM), policy) is Reason.ROOM
    assert admitted(STAFF, Origin(Membership.MEMBER, OPEN_ROOM), policy).shared


def test_whoever_is_blocked_may_not_ask() -> None:
    assert reason(Account("slack", HOME, "U0GONE"), MEMBER) is Reason.BLOCKED


@pytest.mark.parametrize("forwarded", [True, False])
def test_bots_channels_anonymous_senders_and_forwarded_words_are_no_person(forwarded: bool) -> None:  # noqa: FBT001
    membership = Membership.MEMBER if forwarded else Membership.NOBODY
    assert reason(ADMIN, Origin(membership, DIRECT, forwarded=forwarded)) is Reason.NO_PERSON


def test_a_sender_without_an_id_is_no_person() -> None:
    assert reason(Account("slack", HOME, ""), MEMBER) is Reason.NO_PERSON


@pytest.mark.parametrize(
    ("membership", "expected"), [(Membership.GUEST, Reason.GUEST), (Membership.OUTSIDER, Reason.OUTSIDER)]
)
def test_guests_and_people_of_other_companies_get_a_polite_no_by_default(
    membership: Membership, expected: Reason
) -> None:
    assert reason(STAFF, replace(MEMBER, membership=membership)) is expected


def test_guests_get_the_audience_that_the_file_names_for_them() -> None:
    opened = Workspace(guests=frozenset({"partners"}), rooms={ANY: frozenset({"partners", "hr"})})
    policy = replace(POLICY, workspaces={("slack", HOME): opened})
    guest = replace(MEMBER, membership=Membership.GUEST)
    assert admitted(STAFF, guest, policy).audiences == {"partners"}
    assert admitted(STAFF, replace(guest, place=OPEN_ROOM), policy).audiences == {"partners"}


def test_whoever_comes_from_another_workspace_is_an_outsider_whatever_the_platform_calls_them() -> None:
    assert reason(Account("slack", OTHER, "U0STAFF"), MEMBER) is Reason.OUTSIDER


def test_only_a_group_may_ask_where_the_members_are_not_opened() -> None:
    policy = replace(POLICY, workspaces={("slack", HOME): Workspace(members=None)})
    assert admitted(HR, MEMBER, policy).audiences == {"hr", "works council"}
    assert reason(STAFF, MEMBER, policy) is Reason.WORKSPACE


def test_on_telegram_nobody_may_ask_before_an_invitation_was_redeemed_not_even_an_admin() -> None:
    assert reason(PHONE_ADMIN, BY_PHONE) is Reason.UNPAIRED
    assert admitted(PHONE_ADMIN, BY_PHONE, invited=frozenset()).admin


def test_an_invitation_opens_what_its_groups_read_and_a_group_that_is_gone_nothing() -> None:
    invited = frozenset({"people", "dissolved"})
    assert admitted(PHONE_ADMIN, BY_PHONE, invited=invited).audiences == {"hr", "works council"}


# rooms


def test_in_a_shared_room_the_answer_is_made_of_what_the_room_may_read() -> None:
    assert admitted(HR, MEMBER).audiences == {"hr", "works council"}
    assert admitted(HR, replace(MEMBER, place=OPEN_ROOM)) == Admitted(HR, NOTHING_MORE, shared=True)
    assert admitted(STAFF, replace(MEMBER, place=HR_ROOM)).audiences == {"hr"}


def test_a_room_that_is_not_named_is_shut() -> None:
    assert reason(HR, replace(MEMBER, place=room(HOME, "C0ELSE"))) is Reason.ROOM


AUDIENCES = st.frozensets(st.sampled_from(["hr", "board", "partners"]))
ROOMS = ["C0OPEN", "C0HR", "C0ELSE", ANY]


@given(
    st.builds(
        Workspace,
        members=st.none() | AUDIENCES,
        guests=st.none() | AUDIENCES,
        outsiders=st.none() | AUDIENCES,
        rooms=st.dictionaries(st.sampled_from(ROOMS), st.none() | AUDIENCES),
        pairing=st.booleans(),
    ),
    st.dictionaries(st.sampled_from([STAFF, HR, ADMIN]), AUDIENCES),
    st.dictionaries(st.sampled_from(["people"]), AUDIENCES),
    st.sampled_from([STAFF, HR, ADMIN, Account("slack", OTHER, "U0STAFF"), Account("slack", HOME, "U0GONE")]),
    st.builds(
        Origin,
        st.sampled_from(Membership),
        st.builds(room, st.sampled_from([HOME, OTHER]), st.sampled_from(ROOMS[:-1]), private=st.booleans()),
        forwarded=st.booleans(),
        edited=st.booleans(),
    ),
    st.none() | st.frozensets(st.sampled_from(["people", "gone"])),
)
def test_nobody_reads_what_nothing_in_the_file_opened_to_them(  # noqa: PLR0913, PLR0917 - every side of the matrix
    workspace: Workspace,
    reads: dict[Account, frozenset[str]],
    groups: dict[str, frozenset[str]],
    account: Account,
    origin: Origin,
    invited: frozenset[str] | None,
) -> None:
    policy = replace(POLICY, workspaces={("slack", HOME): workspace}, reads=reads, groups=groups)
    decision = decide(policy, account, origin, invited)
    if isinstance(decision, Denied):
        return
    foreign = account.workspace != origin.place.workspace
    of_kind = {
        Membership.MEMBER: workspace.outsiders if foreign else workspace.members,
        Membership.GUEST: workspace.outsiders if foreign else workspace.guests,
        Membership.OUTSIDER: workspace.outsiders,
        Membership.NOBODY: None,
    }[origin.membership]
    by_name = reads.get(account, frozenset())
    by_code = frozenset[str]().union(*(groups.get(group, frozenset()) for group in invited or ()))
    assert of_kind is not None or account in reads
    assert not origin.forwarded
    assert not workspace.pairing or invited is not None
    own = (of_kind or frozenset()) | by_name | by_code
    if origin.place.private:
        assert decision.audiences == own
    else:
        room = workspace.rooms.get(origin.place.conversation, workspace.rooms.get(ANY))
        assert room is not None
        assert decision.audiences <= room
        assert not decision.admin
        assert (origin.membership is Membership.MEMBER and not foreign) or decision.audiences <= own


# spoofed admins

ACCOUNTS = {
    "same name": Account("slack", HOME, "Ada Admin"),
    "another case": Account("slack", HOME, "u0admin"),
    "space around": Account("slack", HOME, " U0ADMIN "),
    "look-alike": Account("slack", HOME, "U0АDMIN"),
    "no id": Account("slack", HOME, ""),
    "other workspace's id": Account("slack", OTHER, "U0ADMIN"),
    "no workspace": Account("slack", "", "U0ADMIN"),
    "other platform's id": Account("telegram", "", "U0ADMIN"),
    "slack's id of a phone": Account("slack", HOME, "1001"),
    "id with its path": Account("slack", HOME, "slack/T0HOME/U0ADMIN"),
    "another member": STAFF,
}
ORIGINS = {
    "guest": replace(MEMBER, membership=Membership.GUEST),
    "other company": replace(MEMBER, membership=Membership.OUTSIDER),
    "bot or anonymous": replace(MEMBER, membership=Membership.NOBODY),
    "forwarded": replace(MEMBER, forwarded=True),
    "edited": replace(MEMBER, edited=True),
    "in a group": replace(MEMBER, place=OPEN_ROOM),
    "in the admins' room": replace(MEMBER, place=HR_ROOM),
    "from a foreign workspace": replace(MEMBER, place=room(OTHER, "D1", private=True)),
    "from no workspace": replace(MEMBER, place=room("", "D1", private=True)),
}
PHONES = {
    "phone in a group": replace(BY_PHONE, place=GROUP_CHAT),
    "phone edited": replace(BY_PHONE, edited=True),
    "phone forwarded": replace(BY_PHONE, forwarded=True),
    "phone anonymous": replace(BY_PHONE, membership=Membership.NOBODY),
}
SPOOFS: dict[str, tuple[Account, Origin]] = {
    **{who: (account, MEMBER) for who, account in ACCOUNTS.items()},
    **{how: (ADMIN, origin) for how, origin in ORIGINS.items()},
    **{
        f"{who}, {how}": (account, origin)
        for (who, account), (how, origin) in product(ACCOUNTS.items(), ORIGINS.items())
    },
    **{how: (PHONE_ADMIN, origin) for how, origin in PHONES.items()},
}


def test_there_are_at_least_fifty_spoofs() -> None:
    assert len(SPOOFS) >= 50


@pytest.mark.parametrize(("account", "origin"), SPOOFS.values(), ids=SPOOFS)
def test_no_spoof_commands_as_an_admin(account: Account, origin: Origin) -> None:
    wide_open = Workspace(NOTHING_MORE, NOTHING_MORE, NOTHING_MORE, {ANY: NOTHING_MORE})
    everywhere = dict.fromkeys((("slack", HOME), ("slack", OTHER), ("slack", ""), ("telegram", "")), wide_open)
    for policy in (POLICY, replace(POLICY, workspaces=everywhere)):
        decision = decide(policy, account, origin, frozenset())
        assert isinstance(decision, Denied) or not decision.admin


def test_the_admin_commands_in_private_in_fresh_words() -> None:
    assert admitted(ADMIN, MEMBER).admin
    assert admitted(PHONE_ADMIN, BY_PHONE, invited=frozenset()).admin
