"""What whoever runs Lotse sees: health, figures, the log; and how a process is watched and stopped."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from adapters import wiring
from adapters.cli import parser
from adapters.errors import PortTaken
from adapters.serving import logs
from adapters.serving.health import DATABASE, QUIET, REFUSING, Health
from adapters.serving.metrics import Metrics
from adapters.serving.watchdog import Watchdog, forever
from adapters.settings import Settings, variable
from adapters.web.health import Pages, shown
from bot import journal
from bot.figures import SMALLEST
from bot.inbox import REFERENCE
from bot.messages import Answer, Outcome, Place
from bot.ports import Ending, Task
from tests.chats import Chat, Saying, message
from tests.faults.crowds import USED
from tests.scenes import playing, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.database.memory import Memory

ROOT = Path(__file__).parents[2]


class Clock:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def well() -> tuple[Health, Clock]:
    """Return the health of a process that is well."""
    clock = Clock()
    health = Health(clock, generation="g1")
    health.heard("slack", well=True)
    health.beat()
    return health, clock


def test_a_process_is_ready_with_a_database_a_generation_and_every_platform() -> None:
    health, _ = well()
    assert health.ready
    assert health.report()["platforms"] == {"slack": {"well": True, "heard_seconds_ago": 0.0}}


def test_health_names_what_is_wrong_with_the_access_file_and_serves_on(tmp_path: Path) -> None:
    file = tmp_path / "access.yaml"
    health = Health(access=wiring.access_problem(Settings(access_file=file)))
    assert health.report()["access_file"] == "well"
    file.write_text("workspaces: [", "utf-8")
    os.utime(file, (0, 0))
    assert health.report()["access_file"] != "well"


def test_a_platform_that_cannot_be_reached_is_unwell_at_once_and_well_when_it_is_heard_from() -> None:
    health, _ = well()
    health.heard("slack", well=False)
    assert not health.ready
    health.heard("slack", well=True)
    assert health.ready


def test_a_platform_that_says_nothing_for_long_is_unwell() -> None:
    health, clock = well()
    clock.now += QUIET + 1
    health.beat()
    assert not health.well("slack")


def test_a_platform_that_refuses_for_a_while_and_takes_nothing_is_unwell() -> None:
    health, clock = well()
    health.retried("slack", "Refused")
    assert health.well("slack")
    clock.now += REFUSING + 1
    assert not health.well("slack")
    there = message(1, place=Place("slack", "", "C1"))
    for ending in set(Ending) - {Ending.ANSWERED}:
        health.ended(Task("1" * 12, there, there.written), None, ending, {})
        assert not health.well("slack")
    health.ended(Task("1" * 12, there, there.written), None, Ending.ANSWERED, {})
    assert health.well("slack")


def test_without_its_database_or_a_generation_a_process_is_not_ready() -> None:
    health, clock = well()
    clock.now += DATABASE + 1
    assert not health.ready
    health, _ = well()
    health.generation = ""
    assert not health.ready


def test_a_process_that_stops_is_not_ready() -> None:
    health, _ = well()
    health.stopping = True
    assert not health.ready


@pytest.mark.slow
async def test_health_and_figures_can_be_asked_for(url: str) -> None:
    chat = Chat()
    async with playing(chat, url) as scene:
        for number in range(5):
            chat.say(message(number), times=2)
        await scene.answered(5)
        pages = Pages(scene.health, scene.metrics, scene.memory, lambda: None)
        await until(lambda: scene.health.ready)
        async with shown(pages, "127.0.0.1", 0) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            answers = {path: await _get(session, path) for path in ("/health", "/health/live", "/metrics")}
    assert [status for status, _ in answers.values()] == [200, 200, 200]
    assert json.loads(answers["/health"][1])["generation"] == "g1"
    figures = answers["/metrics"][1]
    assert 'lotse_received_total{kind="message",platform="fake"} 5.0' in figures
    assert 'lotse_repeated_total{platform="fake"} 5.0' in figures
    assert 'lotse_outcomes_total{outcome="quoted",platform="fake"} 5.0' in figures
    assert 'lotse_seconds_count{phase="total"} 5.0' in figures


def test_a_queue_that_nobody_can_see_has_no_figure() -> None:
    metrics = Metrics()
    assert b'lotse_queue{state="waiting"} 1' in metrics.page({"waiting": 1}, {}, None)
    assert b"lotse_queue{" not in metrics.page({}, {}, None)


async def test_a_message_that_cannot_be_written_down_is_counted(url: str) -> None:
    chat = Chat()
    async with playing(chat, url) as scene:
        chat.say(message(1, revision=2**80))
        await until(lambda: ("fake", "unwritable") in scene.observer.retries)


async def test_a_port_that_is_taken_is_called_so(memory: Memory) -> None:
    pages = Pages(Health(), Metrics(), memory, lambda: None)
    async with shown(pages, "127.0.0.1", 0) as port:
        with pytest.raises(PortTaken):
            async with shown(pages, "127.0.0.1", port):
                pass


def test_what_fewer_than_five_people_did_is_not_among_the_figures_but_what_failed_them_is() -> None:
    metrics = Metrics()

    def answered(people: int, outcome: Outcome, ending: Ending = Ending.ANSWERED) -> str:
        for number in range(people):
            asked = message(number)
            task = Task(f"{number:012x}", asked, asked.written, person=f"person {number}")
            entry = journal.entry(task, Answer("", "", "en", outcome, ""), 1, late=False, error="")
            metrics.received(asked, fresh=True)
            metrics.ended(task, entry, ending, {"total": 1.0})
        return metrics.page({}, {}, None).decode()

    page = answered(4, Outcome.FAILED, Ending.UNDELIVERABLE)
    assert [line for line in page.splitlines() if line.startswith(USED)] == []
    assert 'lotse_faults_total{fault="failed",platform="fake"} 4.0' in page
    assert 'lotse_faults_total{fault="undeliverable",platform="fake"} 4.0' in page
    answered(6, Outcome.DECLINED)
    page = answered(6, Outcome.QUOTED)
    assert 'lotse_outcomes_total{outcome="quoted",platform="fake"} 5.0' in page, "the sixth waits for four more"
    assert 'lotse_received_total{kind="message",platform="fake"} 14.0' in page
    assert 'outcome="failed"' not in page, "four people's"
    assert 'outcome="declined"' not in page, "the rest of the total would be those four people's"


@given(st.lists(st.tuples(st.sampled_from("123456789"), st.sampled_from((Outcome.QUOTED, Outcome.DECLINED)))))
def test_no_two_pages_differ_by_what_fewer_than_five_people_did(asked: list[tuple[str, Outcome]]) -> None:
    metrics, done, before = Metrics(), defaultdict[str, list[str]](list), dict[str, int]()
    for number, (person, outcome) in enumerate(asked):
        task = Task(f"{number:012x}", message(number), datetime.now(UTC), person=person)
        entry = journal.entry(task, Answer("", "", "en", outcome, ""), 1, late=False, error="")
        metrics.ended(task, entry, Ending.ANSWERED, {"total": 1.0})
        done[f'lotse_outcomes_total{{outcome="{outcome.value}",platform="fake"}}'].append(person)
        done['lotse_seconds_count{phase="total"}'].append(person)
        for name, behind in done.items():
            figure = re.search(rf"^{re.escape(name)} (\d+)\.0$", metrics.page({}, {}, None).decode(), re.MULTILINE)
            shown = int(figure[1]) if figure else before.get(name, 0)
            assert shown == before.get(name, 0) or len({*behind[before.get(name, 0) : shown]}) >= SMALLEST
            before[name] = shown


async def _get(session: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    async with session.get(path) as response:
        return response.status, await response.text()


def test_every_figure_is_told_in_the_reference() -> None:
    told = (ROOT / "docs" / "reference" / "metrics.md").read_text("utf-8")
    metrics = Metrics()
    for family in (*metrics.registry.collect(), *metrics.used.collect()):
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        assert f"`{family.name}" in told
        assert labels <= {"platform", "kind", "ending", "outcome", "phase", "reason", "state", "fault"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Return what the log says."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    written = io.StringIO()
    logs.configure("debug", written)
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("lotse").setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    """Return the lines of a log."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_line_of_the_log_is_json_in_utc_with_the_id_of_its_message(log: io.StringIO) -> None:
    token = REFERENCE.set("r1")
    logging.getLogger("lotse.test").info("done", extra={"platform": "slack"})
    REFERENCE.reset(token)
    (line,) = lines(log)
    assert (line["event"], line["id"], line["platform"], line["level"]) == ("done", "r1", "slack", "info")
    assert str(line["time"]).endswith("Z")


def test_what_a_library_or_an_exception_says_is_left_out_of_the_log(log: io.StringIO) -> None:
    logging.getLogger("httpx").warning("GET https://host/bot%s/x", "TOKEN")
    try:
        raise ValueError("May I paste SECRET?")  # noqa: TRY301 - the log is what is tested
    except ValueError:
        logging.getLogger("lotse.test").exception("failed")
    assert "TOKEN" not in log.getvalue()
    assert "SECRET" not in log.getvalue()
    assert [line["event"] for line in lines(log)][1] == "failed"
    assert "ValueError" in str(lines(log)[1]["trace"])


@pytest.mark.slow
async def test_all_lines_about_a_message_bear_its_id_and_none_bears_its_text(url: str, log: io.StringIO) -> None:
    chat = Chat()
    async with playing(chat, url, Saying(error=ValueError("Question 1?"))) as scene:
        chat.say(message(1))
        await scene.answered(1)
        (entry,) = scene.observer.entries
    assert entry
    about = [line for line in lines(log) if line.get("id") == entry.reference]
    assert [line["event"] for line in about] == ["answering failed", "done"]
    assert "Question" not in log.getvalue()
    assert "U1" not in log.getvalue()


async def test_what_ends_is_started_again() -> None:
    started: list[int] = []

    async def fail() -> None:
        started.append(1)
        await asyncio.sleep(0)
        raise ValueError

    running = asyncio.create_task(forever("test", fail, pause=0.01))
    await until(lambda: len(started) > 2)
    running.cancel()


async def test_what_is_over_is_not_started_again() -> None:
    await forever("test", lambda: asyncio.sleep(0), over=lambda: True)


@pytest.mark.slow
@pytest.mark.slow
async def test_a_process_whose_threads_wait_for_a_slow_server_goes_on() -> None:
    ended: list[int] = []
    slow, loop = threading.Event(), asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(2))
    busy = [loop.run_in_executor(None, slow.wait) for _ in range(4)]
    watching = asyncio.create_task(Watchdog(0.2, ended.append).run())
    await asyncio.sleep(0.6)
    watching.cancel()
    slow.set()
    await asyncio.gather(watching, *busy, return_exceptions=True)
    assert not ended


async def test_a_process_whose_event_loop_hangs_is_ended() -> None:
    ended: list[int] = []
    watching = asyncio.create_task(Watchdog(0.2, ended.append).run())
    await asyncio.sleep(0.3)
    assert ended == []
    time.sleep(0.6)  # noqa: ASYNC251 - this is what hangs
    assert ended == [1]
    watching.cancel()


@pytest.mark.slow
def test_serving_without_a_platform_says_what_to_do(tmp_path: Path) -> None:
    ran = _lotse(tmp_path, "serve").communicate(timeout=60)
    assert "lotse chat" in ran[1]


def _lotse(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    surroundings = {**os.environ, "LOTSE_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), **environment}
    command = (sys.executable, "-m", "adapters.cli", *arguments)
    return subprocess.Popen(
        command, cwd=folder, env=surroundings, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


# what this machine may not be able to run: an image


def compose() -> dict[str, Any]:
    """Return what compose.yaml says."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return read


def test_every_command_that_compose_runs_is_one_of_lotse() -> None:
    services = {name: said for name, said in compose()["services"].items() if said.get("image") == "lotse"}
    assert services.keys() == {"lotse", "ingest"}
    for said in services.values():
        parser().parse_args(said["command"])


@pytest.mark.parametrize("service", ["lotse", "ingest"])
def test_our_services_have_a_read_only_root_and_no_capabilities(service: str) -> None:
    said = compose()["services"][service]
    assert said["read_only"] is True
    assert said["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("service", ["lotse", "ingest"])
def test_our_services_read_who_may_ask_from_a_folder_that_is_mounted(service: str) -> None:
    said = compose()["services"][service]
    assert Path(said["environment"]["LOTSE_ACCESS_FILE"]).parent.as_posix() in {
        volume.split(":")[1] for volume in said["volumes"] if ":" in volume
    }


def test_every_volume_and_secret_that_compose_uses_is_declared() -> None:
    whole = compose()
    for said in whole["services"].values():
        assert set(said.get("secrets", ())) <= whole["secrets"].keys()
        named = {volume.partition(":")[0] for volume in said.get("volumes", ()) if not volume.startswith((".", "/"))}
        assert named <= whole["volumes"].keys()


def test_every_setting_that_compose_names_is_one() -> None:
    known = {variable(field) for field in Settings.model_fields}
    named = compose()["services"]["lotse"]["environment"]
    assert {name if name in known else name.removesuffix("_FILE") for name in named} <= known


def test_the_image_runs_an_ordinary_user_and_only_copies_what_is_there() -> None:
    said = (ROOT / "Dockerfile").read_text("utf-8")
    last = said.rpartition("\nFROM ")[2]
    assert "USER 10001" in last
    for line in said.splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            assert all((ROOT / part).exists() for part in line.split()[1:-1]), line
