"""What becomes of questions in Slack: repeated, cut off, refused, spoofed; and what people read there."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.database.connection import url_of
from adapters.wiring import STARTER
from bench.table import Line, quantile
from tests.faults.door import handbook
from tests.generated_answers import answers
from tests.handbooks import asking, built_in, take_in
from tests.platforms import alike
from tests.platforms import slack_drills as drills
from tests.platforms.test_slack_rendering import faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.drills import Toll
    from tests.platforms.slack_drills import Outage

GROWTH = 40.0
"""Megabytes that may be added between the second and the last tenth of the conversations."""


def run(full: bool) -> Iterator[Line]:  # noqa: FBT001 - as every part of the bench is called
    """Do Lotse in Slack all the harm that it must survive."""
    logging.disable(logging.ERROR)  # what goes wrong is counted, not read
    with tempfile.TemporaryDirectory() as place:
        fresh = _fresh(Path(place))
        yield from _delivery(fresh, full=full)
        yield from _outages(fresh, full=full)
        yield from _faults(fresh, full=full)
        yield from _spoofs(Path(place), fresh)
        yield from _alike(Path(place), fresh, 200 if full else 40)
        yield from _memory(fresh, 1000 if full else 200)
    yield from _answers(10_000 if full else 500)


def _fresh(place: Path) -> Callable[[], str]:
    """Return what gives the address of a database that is not there yet."""
    numbers = iter(range(1000))

    def new() -> str:
        folder = place / f"database-{next(numbers)}"
        folder.mkdir()
        return url_of("", folder)

    return new


def _counted(what: str, toll: Toll) -> Iterator[Line]:
    yield Line(f"{what}: lost", toll.lost, "", 0, f"of {toll.asked}")
    yield Line(f"{what}: answered twice", toll.twice, "", 0)
    yield Line(f"{what}: confused", toll.confused, "", 0)


def _delivery(fresh: Callable[[], str], *, full: bool) -> Iterator[Line]:
    """Deliver everything three times, and very much at once."""
    toll = asyncio.run(drills.triples(fresh(), 1000 if full else 100))
    yield from _counted("each event three times, reconnects", toll)
    toll, deliveries = asyncio.run(drills.killed_before_acknowledging(fresh()))
    yield from _counted(f"killed before acknowledging, {deliveries} deliveries", toll)
    rush = asyncio.run(drills.rush(fresh(), 200, 10 if full else 3, 0.05))
    note = f"p50 {1000 * quantile(rush.acknowledged, 0.5):.0f}; {len(rush.acknowledged)} events, {len(rush.signs)} of them questions"
    yield Line("200 events a second: acknowledged, p99", 1000 * quantile(rush.acknowledged, 0.99), "ms", 500, note)
    note = f"p50 {1000 * quantile(rush.signs, 0.5):.0f}"
    yield Line("200 events a second: first sign of life, p99", 1000 * quantile(rush.signs, 0.99), "ms", 1000, note)
    rush = asyncio.run(drills.rush(fresh(), 200, 10 if full else 3))
    note = f"p50 {1000 * quantile(rush.acknowledged, 0.5):.0f}; lost {rush.lost}"
    yield Line("200 questions a second: acknowledged, p99", 1000 * quantile(rush.acknowledged, 0.99), "ms", 500, note)


def _outages(fresh: Callable[[], str], *, full: bool) -> Iterator[Line]:
    """Cut sockets, ask for new ones, and let Slack be gone."""
    times = 100 if full else 10
    yield from _outage(f"{times} socket drops", asyncio.run(drills.drops(fresh(), times)))
    yield from _outage("refresh requests", asyncio.run(drills.refreshes(fresh(), times // 5)))
    seconds = 60 if full else 5
    found = asyncio.run(drills.gone(fresh(), seconds))
    yield from _outage(f"Slack gone for {seconds} s", found)
    yield Line(f"Slack gone for {seconds} s: health stayed green", float(not found.red), "", 0)


def _outage(what: str, found: Outage) -> Iterator[Line]:
    yield from _counted(what, found.toll)
    yield Line(f"{what}: recovered", found.seconds, "s", 30)


def _faults(fresh: Callable[[], str], *, full: bool) -> Iterator[Line]:
    """Let Slack refuse in every way."""
    toll, refused = asyncio.run(drills.limited(fresh(), 40 if full else 10))
    yield from _counted(f"Slack's rate limits, {refused} calls refused", toll)
    for name in drills.FAULTS:
        ends = asyncio.run(drills.fault(fresh(), name, 20 if full else 6))
        note = f"of {ends.asked}: {ends.answered} answered, {ends.told} told why not in private"
        yield Line(f"{name}: without a word", ends.silent, "", 0, note)
        yield Line(f"{name}: answered twice", ends.twice, "", 0)


def _spoofs(place: Path, fresh: Callable[[], str]) -> Iterator[Line]:
    """Let strangers ask, and people who look like an admin command."""
    with handbook(place / "small") as handler:
        found = asyncio.run(drills.strangers(fresh, handler))
    yield Line(
        "strangers let through", found.strangers, "", 0, f"of {found.asked}: other workspaces, Slack Connect, bots"
    )
    yield Line("spoofed admins let through", found.admins, "", 0, f"of {found.spoofs}")


def _alike(place: Path, fresh: Callable[[], str], number: int) -> Iterator[Line]:
    """Ask the same in Slack, Telegram and the terminal."""
    with ExitStack() as stack:
        take_in(STARTER, place / "starter", built_in())
        handler = stack.enter_context(asking(place / "starter", built_in()))
        asked = alike.questions(number)
        expected = asyncio.run(alike.in_terminal(handler, asked))
        for name, ask in (("Slack", alike.in_slack), ("Telegram", alike.in_telegram)):
            told = asyncio.run(ask(fresh(), handler, asked))
            pairs = zip(expected, told, strict=True)
            differing = sum(any(alike.differences(answer, each)) for answer, each in pairs)
            yield Line(f"{name}: told otherwise than in the terminal", differing, "", 0, f"of {len(asked)} questions")


def _memory(fresh: Callable[[], str], number: int) -> Iterator[Line]:
    """Talk in many threads."""
    sizes = asyncio.run(drills.conversations(fresh(), number))
    note = f"{sizes[1]:.0f} MB after {number // 5}, {sizes[-1]:.0f} MB after {number} conversations"
    yield Line("memory added by conversations", sizes[-1] - sizes[1], "MB", GROWTH, note)


def _answers(number: int) -> Iterator[Line]:
    """Render answers of every shape."""
    found = [fault for answer in answers(number, seed=3) for fault in faults(answer)]
    for name, words in (
        ("limit", "over Slack's limits"),
        ("lost", "characters lost"),
        ("made", "mentions, links, images"),
    ):
        yield Line(f"answers: {words}", sum(fault.startswith(name) for fault in found), "", 0, f"of {number:,}")
