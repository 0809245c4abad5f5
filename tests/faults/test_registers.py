"""Invitations, limits and the audit on both databases: exact over replicas, and not to be changed afterwards."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.database.memory import Memory, remember
from bot.limits import DAY, EVERYONE, MINUTE, Allowance, Limits, questions, refusals, tokens
from bot.pairing import MOST_TRIES, Redemption, issue, redeem
from bot.people import Deed
from bot.retention import Retention

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOW = datetime.now(UTC)


@pytest.fixture
async def other(url: str, memory: Memory) -> AsyncIterator[Memory]:  # noqa: ARG001 - the first replica makes the tables
    """Return a second replica on the same database."""
    opened = await remember(url)
    yield opened
    await opened.close()


# limits


async def test_two_replicas_together_allow_exactly_what_is_allowed(memory: Memory, other: Memory) -> None:
    limit = Allowance("questions", "a", 30, DAY)
    taken = await asyncio.gather(*(each.counter.take([limit], NOW) for _ in range(40) for each in (memory, other)))
    assert taken.count(None) == 30
    assert {each for each in taken if each} == {limit}


async def test_what_is_refused_counts_against_nothing(memory: Memory) -> None:
    limits = Limits(person_minute=2, everyone_day=3)
    assert [await memory.counter.take(questions(limits, "a"), NOW) is None for _ in range(5)] == [True] * 2 + [
        False
    ] * 3
    spent = [await memory.counter.take(questions(limits, person), NOW) for person in "bc"]
    assert spent[0] is None
    assert spent[1]
    assert (spent[1].subject, spent[1].seconds) == (EVERYONE, DAY)


async def test_what_a_message_uses_counts_once_however_often_it_is_tried(memory: Memory, other: Memory) -> None:
    limit = Allowance("refusal", "a", 1, DAY, since_last=True)
    taken = await asyncio.gather(*(each.counter.take([limit], NOW, by="first") for each in (memory, other) * 3))
    assert set(taken) == {None}
    assert await memory.counter.take([limit], NOW, by="second") == limit
    assert await memory.counter.take([limit], NOW, by="second") == limit


async def test_it_goes_on_in_the_next_window(memory: Memory) -> None:
    limit = Allowance("questions", "a", 1, MINUTE)
    assert await memory.counter.take([limit], NOW) is None
    assert await memory.counter.take([limit], NOW) == limit
    assert await memory.counter.take([limit], limit.renewed(NOW)) is None


async def test_what_is_said_once_an_hour_is_said_an_hour_after_the_last_time_whatever_the_clock_says(
    memory: Memory,
) -> None:
    begun = NOW.replace(minute=50, second=0, microsecond=0)
    minutes = (0, 20, 59, 60, 70, 119, 121)
    taken = [await memory.counter.take([refusals("a")], begun + timedelta(minutes=each)) is None for each in minutes]
    assert taken == [True, False, False, True, False, False, True]
    assert await memory.counter.take([refusals("b")], begun) is None


async def test_tokens_are_counted_in_amounts_and_never_beyond_the_day(memory: Memory) -> None:
    limit = tokens(Limits(tokens_day=100))
    taken = [await memory.counter.take([limit], NOW, amount) is None for amount in (101, 60, 50, 40, 1)]
    assert taken == [False, True, False, True, False]


# invitations


async def test_of_two_replicas_that_see_the_same_code_one_pairs(memory: Memory, other: Memory) -> None:
    for _ in range(5):
        code, kept = issue(NOW)
        await memory.invitations.add(kept)
        ends = await asyncio.gather(*(redeem(code, each.invitations, NOW) for each in (memory, other) * 3))
        assert [end for end, _ in ends].count(Redemption.PAIRED) == 1


async def test_a_message_that_is_tried_again_still_has_the_code_that_it_used(memory: Memory, other: Memory) -> None:
    code, kept = issue(NOW, ("hr",))
    await memory.invitations.add(kept)
    for each, by in ((memory, "first"), (other, "first"), (memory, "second")):
        ended = await redeem(code, each.invitations, NOW, by)
        assert ended == ((Redemption.PAIRED, ("hr",)) if by == "first" else (Redemption.WRONG, ()))


async def test_wrong_tries_lock_a_code_whichever_replica_they_reach(memory: Memory, other: Memory) -> None:
    code, kept = issue(NOW, ("hr",))
    await memory.invitations.add(kept)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for number in range(MOST_TRIES):
        assert (await redeem(wrong, (memory, other)[number % 2].invitations, NOW))[0] is Redemption.WRONG
    assert (await redeem(code, memory.invitations, NOW))[0] is Redemption.LOCKED


# the audit


async def test_the_audit_shows_the_newest_first(memory: Memory) -> None:
    for number in range(3):
        await memory.audit.add(Deed(NOW + timedelta(seconds=number), "a" * 32, f"deed {number}"))
    assert [deed.deed for deed in await memory.audit.read(2)] == ["deed 2", "deed 1"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET deed = 'nothing'", "DELETE FROM audit"])
async def test_the_database_refuses_to_change_the_audit_or_to_delete_from_it(memory: Memory, statement: str) -> None:
    await memory.audit.add(Deed(NOW, "a" * 32, "invite"))
    with pytest.raises(DBAPIError):
        async with memory.database.engine.begin() as connection:
            await connection.execute(text(statement))
    await memory.sweeper.sweep(NOW + timedelta(days=4000))
    assert [deed.deed for deed in await memory.audit.read(9)] == ["invite"]


async def test_a_line_of_the_audit_goes_when_its_own_time_is_over(url: str) -> None:
    memory = await remember(url, Retention(audit=timedelta(seconds=-1)))
    await memory.audit.add(Deed(NOW, "a" * 32, "invite"))
    assert (await memory.sweeper.sweep())["audit"] == 1
    assert await memory.audit.read(9) == []
    await memory.close()
