"""Whatever happens to Lotse, each question gets its one answer. The bench does the same in full: make bench-faults ONLY=inbox."""

from __future__ import annotations

import pytest

from bench.table import quantile
from tests.faults import drills

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("url", "replicas"), [("sqlite", 1), ("postgresql", 2)], indirect=["url"])
async def test_a_replica_killed_at_any_moment_loses_nothing_and_repeats_nothing_that_can_be_found(
    url: str, replicas: int
) -> None:
    toll = await drills.kills(url, times=2, replicas=replicas, tells=True)
    assert (toll.lost, toll.twice, toll.confused) == (0, 0, 0)


async def test_each_message_three_times_to_two_replicas_with_a_restart_between_is_answered_once(url: str) -> None:
    toll = await drills.triples(url, questions=30)
    assert (toll.lost, toll.twice, toll.confused) == (0, 0, 0)


async def test_many_questions_at_once_are_all_written_down_before_they_are_acknowledged_and_answered(url: str) -> None:
    rush = await drills.rush(url, questions=100)
    assert (rush.toll.lost, rush.toll.twice, rush.toll.confused) == (0, 0, 0)
    assert quantile(rush.acknowledged, 0.5) < rush.seconds


async def test_a_platform_that_takes_nothing_for_a_while_costs_no_answer(url: str) -> None:
    toll = await drills.outage(url, drills.refusing(1.0), questions=5)
    assert (toll.lost, toll.twice) == (0, 0)


async def test_a_clock_that_is_set_back_an_hour_costs_no_answer(url: str) -> None:
    toll = await drills.outage(url, drills.set_back, questions=5)
    assert (toll.lost, toll.twice) == (0, 0)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("harm", [drills.locked(3.0), drills.full(2.0)], ids=["locked", "full"])
async def test_a_database_that_takes_nothing_for_a_while_costs_no_answer(url: str, harm: drills.Harm) -> None:
    toll = await drills.outage(url, harm, questions=5)
    assert (toll.lost, toll.twice) == (0, 0)


async def test_edits_deletions_clicks_and_questions_in_quick_succession_end_as_they_were_said_last(url: str) -> None:
    toll = await drills.muddle(url, conversations=25)
    assert (toll.lost, toll.twice, toll.confused) == (0, 0, 0)
