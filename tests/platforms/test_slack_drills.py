"""Whatever happens to the socket, to Slack or to Lotse: one answer each, none lost, and health says so meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.database.connection import url_of
from tests.platforms import slack_drills as drills

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def url(tmp_path: Path) -> str:
    return url_of("", tmp_path)


async def test_each_event_three_times_as_message_and_as_mention_is_answered_once(url: str) -> None:
    toll = await drills.triples(url, 30)
    assert (toll.lost, toll.twice, toll.confused) == (0, 0, 0)


async def test_a_process_that_is_killed_before_it_acknowledges_answers_once_all_the_same(url: str) -> None:
    toll, deliveries = await drills.killed_before_acknowledging(url)
    assert (toll.lost, toll.twice) == (0, 0)
    assert deliveries > 1


async def test_a_socket_that_is_cut_is_made_anew_and_nothing_is_lost(url: str) -> None:
    found = await drills.drops(url, 4)
    assert (found.toll.lost, found.toll.twice, found.toll.confused) == (0, 0, 0)
    assert found.seconds < 30


async def test_a_socket_that_is_to_be_refreshed_is_and_nothing_is_lost(url: str) -> None:
    found = await drills.refreshes(url, 4)
    assert (found.toll.lost, found.toll.twice, found.toll.confused) == (0, 0, 0)


async def test_while_slack_is_gone_health_is_red_and_afterwards_all_is_answered(url: str) -> None:
    found = await drills.gone(url, 3)
    assert (found.toll.lost, found.toll.twice, found.toll.confused) == (0, 0, 0)
    assert found.red
    assert found.seconds < 30


@pytest.mark.parametrize("name", drills.FAULTS)
async def test_every_fault_has_an_honest_end(url: str, name: str) -> None:
    ends = await drills.fault(url, name, 4)
    assert (ends.silent, ends.twice) == (0, 0)
    assert ends.answered + ends.told == 4
