"""Figures over people are shown for five people and more, and nothing about fewer can be worked out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.figures import SMALLEST, Figure, figures

EVENTS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("123456789")), max_size=60)


def test_a_group_of_five_is_shown_and_one_of_four_is_not() -> None:
    crowd = [("many", str(number)) for number in range(10)]
    five, four = [("five", str(number)) for number in range(5)], [("four", str(number)) for number in range(4)]
    assert figures([*crowd, *five]).shown == (Figure("many", 10, 10), Figure("five", 5, 5))
    assert figures([*crowd, *five]).withheld is False
    assert [figure.group for figure in figures([*crowd, *five, *four]).shown] == ["many"]


def test_who_asks_often_is_not_many() -> None:
    assert figures([("a", "1")] * 100).shown == ()


@given(EVENTS)
def test_neither_what_is_shown_nor_what_is_left_of_the_total_is_about_fewer_than_five(
    events: list[tuple[str, str]],
) -> None:
    counted = figures(events)
    shown = {figure.group for figure in counted.shown}
    for figure in counted.shown:
        people = len({person for group, person in events if group == figure.group})
        times = sum(group == figure.group for group, _ in events)
        assert SMALLEST <= figure.people <= people < figure.people + SMALLEST
        assert figure.times <= times < figure.times + SMALLEST
        assert figure.people % SMALLEST == figure.times % SMALLEST == 0
    rest = {person for group, person in events if group not in shown}
    assert counted.withheld == bool(rest)
    assert not rest or not shown or len(rest) >= SMALLEST


@given(EVENTS)
def test_with_fewer_than_five_people_nothing_is_shown(events: list[tuple[str, str]]) -> None:
    if len({person for _, person in events}) < SMALLEST:
        assert figures(events).shown == ()
