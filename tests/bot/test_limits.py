"""Limits: counted in windows of time, told with the moment when it goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.limits import DAY, HOUR, MINUTE, Allowance, Limits, questions, refusals
from tests.fakes import Tally

NOW = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)
SMALL = Limits(person_minute=2, person_day=5, everyone_minute=3, everyone_day=6)


async def test_a_person_may_ask_so_often_a_minute_and_a_day() -> None:
    tally, minute = Tally(), timedelta(minutes=1)
    taken = [await tally.take(questions(SMALL, "a"), NOW + minute * number) for number in (0, 0, 0, 1, 1, 2, 3)]
    assert [each and (each.subject, each.seconds) for each in taken] == [
        None,
        None,
        ("a", MINUTE),
        None,
        None,
        None,
        ("a", DAY),
    ]


async def test_all_together_may_ask_so_often() -> None:
    tally = Tally()
    taken = [await tally.take(questions(SMALL, person), NOW) for person in "abcd"]
    assert taken[:3] == [None] * 3
    assert taken[3] == Allowance("questions", limits.EVERYONE, 3, MINUTE)


async def test_what_is_refused_is_not_counted() -> None:
    tally = Tally()
    for _ in range(10):
        await tally.take(questions(SMALL, "a"), NOW)
    assert max(tally.counts.values()) == 2


async def test_somebody_who_may_not_ask_is_told_so_once_an_hour() -> None:
    tally, minutes = Tally(), timedelta(minutes=20)
    taken = [await tally.take([refusals("a")], NOW + minutes * number) for number in range(6)]
    assert [each is None for each in taken] == [True, False, False, True, False, False]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds it
    st.sampled_from([MINUTE, HOUR, DAY]),
)
def test_every_moment_lies_in_one_window_that_ends_when_the_next_begins(now: datetime, seconds: int) -> None:
    allowance = Allowance("x", "a", 1, seconds)
    begun, renewed = allowance.window(now), allowance.renewed(now)
    assert begun <= now < renewed
    assert allowance.window(renewed) == renewed
    assert allowance.window(renewed - timedelta(microseconds=1)) == begun


def test_the_order_is_always_the_same() -> None:
    assert [each.subject for each in questions(SMALL, "a")] == [each.subject for each in questions(SMALL, "zz")[:2]] + [
        "a",
        "a",
    ]
