"""What becomes of questions on Telegram, played by a server that keeps to what is published; and whether it takes every answer."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.database.connection import url_of
from bench.table import Line, quantile
from tests.faults import telegram_drills as drills
from tests.platforms.spoofs import through
from tests.platforms.telegram_rendered import rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.telegram_drills import Storm, Toll

ONE_IN_A_HUNDRED = 0.01


def faults(full: bool) -> Iterator[Line]:  # noqa: FBT001 - as every part of the bench is called
    """Do Lotse all the harm on Telegram that it must survive."""
    logging.disable(logging.ERROR)  # what goes wrong is counted, not read
    with tempfile.TemporaryDirectory() as place:
        number = iter(range(1000))

        def url() -> str:
            folder = Path(place) / str(next(number))
            folder.mkdir()
            return url_of("", folder)

        times = 100 if full else 10
        yield from _counted(f"{times} kills", asyncio.run(drills.kills(url(), times)))
        toll = asyncio.run(drills.triples(url(), 200 if full else 50))
        yield from _counted("each three times, two replicas, a kill", toll)
        yield from _conflict(url(), 60 if full else 5)
        yield from _storms(url, 30 if full else 5, 50 if full else 20)
        yield Line(
            "spoofs, strangers, other people's buttons: through", asyncio.run(through(url())), "", 0, "of 50 and more"
        )
    yield from _rendered(10_000 if full else 500)


def _counted(what: str, toll: Toll) -> Iterator[Line]:
    yield Line(f"{what}: lost", toll.lost, "", 0, f"of {toll.asked}")
    yield Line(
        f"{what}: answered twice", toll.twice / toll.asked, "", ONE_IN_A_HUNDRED, f"{toll.twice} of {toll.asked}"
    )
    yield Line(f"{what}: rejected by Telegram", toll.refused, "", 0)


def _conflict(url: str, seconds: int) -> Iterator[Line]:
    toll, reason = asyncio.run(drills.conflict(url, seconds))
    yield from _counted(f"409 for {seconds} s", toll)
    yield Line(f"409 for {seconds} s: recovered", toll.seconds, "s", 30)
    yield Line(f"409 for {seconds} s: not shown in health", float(reason != "conflict"), "", 0)


def _storms(url: Callable[[], str], seconds: int, chats: int) -> Iterator[Line]:
    """Let Telegram ask everybody to wait, then one chat and one group; hold the others against a day without a storm."""
    yield from _storm("storm, everybody", asyncio.run(drills.storm(url(), seconds, chats, everybody=True)))
    calm = asyncio.run(drills.storm(url(), 0, chats, everybody=False))
    one = asyncio.run(drills.storm(url(), seconds, chats, everybody=False))
    yield from _storm("storm, one chat and one group", one)
    note = f"longest {one.others:.1f} s, without a storm {calm.others:.1f} s"
    yield Line("storm, one chat and one group: others wait longer by", one.others - calm.others, "s", 2, note)


def _storm(what: str, storm: Storm) -> Iterator[Line]:
    yield from _counted(what, storm.toll)
    note = f"of {storm.toll.asked}; {dict(storm.floods) or 'none'}"
    yield Line(f"{what}: faster than published", storm.floods.total(), "", 0, note)


def _rendered(number: int) -> Iterator[Line]:
    """Count what of answers that hold anything Telegram would reject, what is not seen, what leads elsewhere."""
    started = time.process_time()
    counts = rendered(number)
    note = f"{counts['messages']} messages; {time.process_time() - started:.0f} s of work"
    for name in ("rejected", "texts not seen", "links not ours"):
        yield Line(f"{number} answers: {name}", counts[name], "", 0, note)


def speed(full: bool) -> Iterator[Line]:  # noqa: FBT001 - as every part of the bench is called
    """Measure how soon people see a sign of life, and what stays in memory."""
    logging.disable(logging.ERROR)
    chats = 1000 if full else 100
    with tempfile.TemporaryDirectory() as place:
        signs, waits = asyncio.run(drills.first_signs(url_of("", Path(place)), 300 if full else 100))
        note = f"p50 {1000 * quantile(signs, 0.5):.0f}; the answer p50 {1000 * quantile(waits, 0.5):.0f}"
        yield Line("Telegram: first sign of life, p99", 1000 * quantile(signs, 0.99), "ms", 1000, note)
    with tempfile.TemporaryDirectory() as place:
        held = asyncio.run(drills.memory(url_of("", Path(place)), chats, 3))
        yield Line(
            f"Telegram: memory, {chats} chats, third round against the first",
            held.after - held.before,
            "MB",
            20,
            f"{held.after:.0f} MB",
        )
        yield Line("Telegram: chats remembered for the pace", held.chats, "", 5000)
        yield Line("Telegram: answers under way remembered", held.signs, "", 500)
