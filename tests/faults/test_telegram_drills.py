"""The drills on Telegram, small; `make bench-faults ONLY=telegram` does them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.database.connection import url_of
from tests.faults import telegram_drills as drills

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


async def test_nothing_is_lost_when_it_is_killed(tmp_path: Path) -> None:
    toll = await drills.kills(url_of("", tmp_path), 3)
    assert (toll.lost, toll.refused) == (0, 0)
    assert toll.twice <= 1


async def test_each_update_three_times_to_two_replicas_is_answered_once(tmp_path: Path) -> None:
    toll = await drills.triples(url_of("", tmp_path), 16)
    assert (toll.lost, toll.refused) == (0, 0)
    assert toll.twice <= 1  # one replica is killed: Telegram does not tell whether its last message arrived


async def test_a_conflict_is_backed_off_and_passes(tmp_path: Path) -> None:
    toll, reason = await drills.conflict(url_of("", tmp_path), 3)
    assert (toll.lost, toll.twice, reason) == (0, 0, "conflict")
    assert toll.seconds < 30


@pytest.mark.parametrize("everybody", [True, False])
async def test_a_storm_of_refusals_loses_nothing_and_keeps_the_pace(tmp_path: Path, everybody: bool) -> None:  # noqa: FBT001 - a row of the table
    storm = await drills.storm(url_of("", tmp_path), 3, 10, everybody=everybody)
    assert (storm.toll.lost, storm.toll.twice, storm.toll.refused, storm.floods) == (0, 0, 0, {})
    assert everybody or storm.others < 2.5


async def test_whoever_asks_sees_within_a_second_that_something_happens(tmp_path: Path) -> None:
    signs, answers = await drills.first_signs(url_of("", tmp_path), 30)
    assert (len(signs), len(answers)) == (30, 30)
    assert sorted(signs)[-2] < 1.0
