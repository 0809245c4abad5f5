"""Whatever happens to the socket, to Slack or to Lotse: one answer each, none lost, and health says so meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from adapters.database.connection import url_of
from tests.platforms import slack_drills as drills
from tests.platforms.slack_limits import Limits
from tests.platforms.slack_scenes import working
from tests.platforms.slack_server import Slack
from tests.scenes import until

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


async def test_within_slacks_rate_limits_all_is_answered_once_and_few_calls_are_refused(url: str) -> None:
    toll, refused = await drills.limited(url, 10)
    assert (toll.lost, toll.twice) == (0, 0)
    assert refused < toll.asked


def test_the_local_slack_lets_through_what_slack_allows_and_no_more() -> None:
    limits = Limits()
    assert [limits.wait("chat.postMessage", {"channel": "C1"}) for _ in range(2)] == [0, 1]
    assert limits.wait("chat.postMessage", {"channel": "C2"}) == 0
    assert [limits.wait("chat.startStream", {}) for _ in range(21)] == [0] * 20 + [3]
    assert limits.wait("auth.test", {}) == 0


async def test_many_requests_to_connect_anew_at_once_make_one_connection_that_stays(url: str) -> None:
    async with Slack() as slack, working(slack, url) as scene:
        for _ in range(5):
            await slack.sockets[0].send_json({"type": "disconnect", "reason": "refresh_requested"})
        await until(lambda: slack.connections == 2)
        await asyncio.sleep(4)
        assert slack.connections == 2
        assert scene.health.well("slack")
