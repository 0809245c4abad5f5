"""One process writes at a time; the lock dies with its owner, and a child with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.apart import ingest_apart
from ingest.errors import FolderMissing
from ingest.ports import Phase
from ingest.report import Order
from knowledge import generations, spawned
from knowledge.embeddings import EmbedderConfig
from knowledge.errors import Busy, Stopped
from knowledge.lock import only_writer
from tests.fakes import Steps, WordEmbedder
from tests.handbooks import take_in, write

if TYPE_CHECKING:
    from knowledge.spawned import Tell

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from knowledge.lock import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_who_writes_and_since_when(tmp_path: Path) -> None:
    handbook = write(tmp_path / "handbook", {"a.md": "# A\n\nAsk first."})
    with only_writer(tmp_path / "data"), pytest.raises(Busy) as raised:
        take_in(handbook, tmp_path / "data", WordEmbedder())
    assert raised.value.process == os.getpid()
    assert datetime.now(UTC) - raised.value.since < timedelta(minutes=1)
    assert take_in(handbook, tmp_path / "data", WordEmbedder()).generation


@pytest.mark.slow
def test_the_lock_dies_with_its_owner(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"held\n"
    with pytest.raises(Busy), only_writer(tmp_path):
        pass
    owner.kill()
    owner.communicate()
    with only_writer(tmp_path):
        pass


def add(one: int, other: int, tell: Tell) -> int:
    tell("adding")
    return one + other


def end(code: int, _tell: Tell) -> None:
    os._exit(code)


def refuse(_tell: Tell) -> None:
    raise FolderMissing("nowhere")


def stumble(_tell: Tell) -> None:
    raise LookupError("odd")


def wait(file: str, _tell: Tell) -> None:
    Path(file).write_text(str(os.getpid()), "ascii")
    time.sleep(60)


@pytest.mark.slow
def test_a_child_returns_what_its_work_does_and_tells_how_far_it_is() -> None:
    heard: list[object] = []
    assert spawned.run(add, 1, 2, listen=heard.append) == 3
    assert heard == ["adding"]


@pytest.mark.slow
def test_a_child_s_errors_are_its_parent_s() -> None:
    with pytest.raises(FolderMissing, match="nowhere"):
        spawned.run(refuse)
    with pytest.raises(RuntimeError, match="odd"):
        spawned.run(stumble)
    with pytest.raises(Stopped) as raised:
        spawned.run(end, 7)
    assert raised.value.code == 7


@pytest.mark.slow
def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    code = "import sys; from tests.faults.test_writers import wait; from knowledge import spawned; spawned.run(wait, sys.argv[1])"
    file = tmp_path / "process"
    parent = subprocess.Popen([sys.executable, "-c", code, str(file)], cwd=ROOT)
    until(lambda: file.is_file() and bool(file.read_text("ascii")))
    parent.kill()
    parent.wait()
    until(lambda: not alive(int(file.read_text("ascii"))))


def until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not status.is_file() or status.read_text("ascii").rpartition(")")[2].split()[0] != "Z"


@pytest.mark.slow
def test_an_ingest_in_a_child_does_what_one_here_does(tmp_path: Path) -> None:
    handbook = write(tmp_path / "handbook", {"a.md": "# A\n\nAsk first.", "b.odt": "x"})
    steps = Steps()
    report = ingest_apart(Order(handbook, tmp_path / "data", ("all",)), EmbedderConfig(), steps)
    assert report.generation == generations.live(tmp_path / "data")
    assert [rejection.path for rejection in report.rejected] == ["b.odt"]
    assert {phase for phase, _, _ in steps.seen} == set(Phase)


@pytest.mark.slow
def test_a_command_that_is_killed_frees_the_data_folder_at_once(tmp_path: Path) -> None:
    handbook = write(tmp_path / "handbook", {f"{n}.md": f"# {n}\n\nAbout {n}." for n in range(50)})
    surroundings = {**os.environ, "LOTSE_DATA_DIR": str(tmp_path / "data")}
    command = subprocess.Popen(
        [sys.executable, "-m", "adapters.cli", "ingest", str(handbook)], env=surroundings, cwd=ROOT
    )
    until((tmp_path / "data" / "owner").is_file)
    command.send_signal(signal.SIGKILL)
    command.wait()
    until(lambda: free(tmp_path / "data"))
    assert take_in(handbook, tmp_path / "data", WordEmbedder()).generation


def free(data: Path) -> bool:
    try:
        with only_writer(data):
            return True
    except Busy:
        return False
