"""The access file: read strictly, refused with its place when it is wrong, read again when it changes."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from adapters import access_file
from adapters.access_file import AccessFileError, LiveAccessFile, load
from adapters.errors import words
from bot.access import ANY, CLOSED, NOTHING_MORE, Workspace
from bot.limits import Limits
from bot.senders import Account

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
workspaces:
  - platform: slack
    workspace: T0TALBRUECK
    members: [all, staff]
    guests: all
    rooms:
      any: all
      C0HRROOM: [HR, Works Council]
  - platform: telegram
    rooms: {"-1001234567890": alle}
groups:
  hr:
    people: [slack/T0TALBRUECK/U0ANNA, telegram/4711]
  Works Council:
    reads: [works council, hr]
    people: slack/T0TALBRUECK/U0ANNA
admins: [slack/T0TALBRUECK/U0CHIEF]
blocked: [telegram/666]
limits:
  person_minute: 3
"""
ANNA = Account("slack", "T0TALBRUECK", "U0ANNA")


def written(folder: Path, text: str, *, age: float = 60) -> Path:
    file = folder / "access.yaml"
    file.write_text(text, "utf-8")
    then = time.time() - age
    os.utime(file, (then, then))
    return file


def test_everything_that_may_stand_in_it_is_understood(tmp_path: Path) -> None:
    policy = load(written(tmp_path, WHOLE))
    assert policy.workspaces == {
        ("slack", "T0TALBRUECK"): Workspace(
            frozenset({"staff"}),
            NOTHING_MORE,
            None,
            {ANY: NOTHING_MORE, "C0HRROOM": frozenset({"hr", "works council"})},
        ),
        ("telegram", ""): Workspace(NOTHING_MORE, None, None, {"-1001234567890": NOTHING_MORE}, pairing=True),
    }
    assert policy.reads == {
        ANNA: frozenset({"hr", "works council"}),
        Account("telegram", "", "4711"): frozenset({"hr"}),
    }
    assert policy.groups == {"hr": frozenset({"hr"}), "works council": frozenset({"works council", "hr"})}
    assert policy.admins == {Account("slack", "T0TALBRUECK", "U0CHIEF")}
    assert policy.blocked == {Account("telegram", "", "666")}
    assert policy.limits == Limits(person_minute=3)


def test_a_workspace_opens_to_its_members_alone_and_in_its_rooms_what_is_open_to_all(tmp_path: Path) -> None:
    policy = load(written(tmp_path, "workspaces: [{platform: slack, workspace: T0A1}]"))
    assert policy.workspaces == {("slack", "T0A1"): Workspace(NOTHING_MORE, None, None, {ANY: NOTHING_MORE})}


@pytest.mark.parametrize(
    ("said", "rooms"),
    [
        ("any", {ANY: NOTHING_MORE}),
        ("none", {ANY: None}),
        ("{any: none}", {ANY: None}),
        ("{any: none, C0HR: [hr]}", {ANY: None, "C0HR": frozenset({"hr"})}),
        ("{C0OUT: none}", {ANY: NOTHING_MORE, "C0OUT": None}),
        ("{C0ALL: all}", {ANY: NOTHING_MORE, "C0ALL": NOTHING_MORE}),
    ],
)
def test_rooms_are_closed_one_by_one_or_all_that_are_not_named(
    tmp_path: Path, said: str, rooms: dict[str, frozenset[str] | None]
) -> None:
    policy = load(written(tmp_path, f"workspaces: [{{platform: slack, workspace: T0A1, rooms: {said}}}]"))
    assert policy.workspaces["slack", "T0A1"].rooms == rooms


def test_on_telegram_where_anybody_makes_groups_a_group_has_to_be_named(tmp_path: Path) -> None:
    policy = load(written(tmp_path, "workspaces: [{platform: telegram}]"))
    assert policy.workspaces["telegram", ""].rooms == {}
    named = load(written(tmp_path, "workspaces: [{platform: telegram, rooms: any}]"))
    assert named.workspaces["telegram", ""].rooms == {ANY: NOTHING_MORE}


def test_an_empty_file_opens_nothing(tmp_path: Path) -> None:
    assert load(written(tmp_path, "")) == CLOSED


@pytest.mark.parametrize(
    ("text", "place", "fault"),
    [
        ("workspaces: [", "2", "syntax"),
        ("- a", "1", "syntax"),
        ("admins: []\nadmins: []", "2", "twice"),
        ("admins: &a []\nblocked: *a", "2", "syntax"),
        ("people: []", "people", "unknown"),
        ("workspaces: [{platform: slack, workspace: T0A1, member: all}]", "workspaces.1.member", "unknown"),
        ("workspaces: [{workspace: T0A1}]", "workspaces.1.platform", "missing"),
        ("workspaces: [{platform: teams, workspace: T0A1}]", "workspaces.1.platform", "form"),
        ("workspaces: [{platform: slack, workspace: Talbrück}]", "workspaces.1", "id"),
        ("workspaces: [{platform: slack}]", "workspaces.1", "id"),
        ("workspaces: [{platform: telegram, workspace: T0A1}]", "workspaces.1", "id"),
        ("workspaces: [{platform: slack, workspace: T0A1, rooms: {general: all}}]", "workspaces.1", "id"),
        ("workspaces: [{platform: slack, workspace: T0A1, rooms: yes}]", "workspaces.1.rooms", "form"),
        ("workspaces: [{platform: slack, workspace: T0A1, guests: partners}]", "workspaces.1", "all"),
        ("workspaces: [{platform: telegram}, {platform: telegram}]", "", "twice"),
        ("groups: {hr: [a]}", "groups.hr", "form"),
        ("groups: {all: {}}", "", "group"),
        ("groups: {hr: {reads: ['a, b']}}", "groups.hr.reads.1", "audience"),
        ("groups: {hr: {people: [Anna Admin]}}", "groups.hr.people.1", "id"),
        ("admins: [U0ANNA]", "admins.1", "id"),
        ("admins: [slack/T0A1/@anna]", "admins.1", "id"),
        ("admins: [slack/T0A1/anna]", "admins.1", "id"),
        ("admins: [telegram/@anna]", "admins.1", "id"),
        ("admins: [telegram/-100]", "admins.1", "id"),
        ("admins: [terminal/x]", "admins.1", "id"),
        ("admins: ['slack/T0A1/U0ANNA/x']", "admins.1", "id"),
        ("limits: {person_day: 0}", "limits.person_day", "number"),
        ("limits: {person_day: many}", "limits.person_day", "number"),
        ("limits: {person_day: 10000000000}", "limits.person_day", "number"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(tmp_path: Path, text: str, place: str, fault: str) -> None:
    with pytest.raises(AccessFileError) as caught:
        load(written(tmp_path, text))
    assert (caught.value.place, caught.value.fault) == (place, fault)
    assert all(words(caught.value, language) for language in ("de", "en"))


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "access.yaml"
    if content:
        file.write_bytes(content)
    with pytest.raises(AccessFileError) as caught:
        load(file)
    assert caught.value.fault == "unreadable"


def test_the_places_name_no_person(tmp_path: Path) -> None:
    with pytest.raises(AccessFileError) as caught:
        load(written(tmp_path, "admins: [Anna Admin]"))
    assert "Anna" not in words(caught.value, "en")


@pytest.mark.parametrize("fault", access_file.FAULTS)
def test_every_fault_has_words(fault: str) -> None:
    error = AccessFileError("access.yaml", "", fault)
    assert words(error, "de") != words(error, "en")


# read again when it changes


def test_a_change_counts_from_the_next_message_on(tmp_path: Path) -> None:
    live = LiveAccessFile(written(tmp_path, WHOLE))
    assert ANNA in live.policy().reads
    written(tmp_path, f"blocked: [{ANNA}]", age=5)
    assert live.policy().blocked == {ANNA}


def test_without_a_file_nothing_is_open_and_a_file_that_goes_closes_everything(tmp_path: Path) -> None:
    live = LiveAccessFile(tmp_path / "access.yaml")
    assert live.policy() is CLOSED
    file = written(tmp_path, WHOLE)
    assert live.policy() != CLOSED
    file.unlink()
    assert live.policy() is CLOSED


def test_a_broken_change_leaves_what_was_in_force_and_says_so(tmp_path: Path) -> None:
    live = LiveAccessFile(written(tmp_path, WHOLE))
    before = live.policy()
    written(tmp_path, "admins: [everybody]", age=5)
    assert live.policy() == before
    assert live.problem
    assert live.problem.fault == "id"
    written(tmp_path, WHOLE, age=3)
    assert live.policy() == before
    assert live.problem is None


def test_a_file_that_is_broken_from_the_start_opens_nothing(tmp_path: Path) -> None:
    live = LiveAccessFile(written(tmp_path, "admins: [everybody]"))
    assert live.policy() is CLOSED
    assert live.problem


def test_a_file_that_is_just_being_written_is_left_alone_until_it_is_complete(tmp_path: Path) -> None:
    live = LiveAccessFile(written(tmp_path, WHOLE))
    before = live.policy()
    file = written(tmp_path, "workspaces: []", age=0)
    assert live.policy() == before
    os.utime(file, (time.time() - 1,) * 2)
    assert live.policy() == CLOSED
