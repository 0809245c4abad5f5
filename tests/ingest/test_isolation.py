"""Files are read in children: what one of them does harms neither its parent nor the files behind it."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fpdf import FPDF

from ingest import isolation, readers
from ingest.errors import (
    Damaged,
    EmptyFile,
    IngestError,
    NotStarted,
    OutsideFolder,
    ReadingError,
    TooLarge,
    Unreadable,
    WrongType,
)
from ingest.isolation import Bounds, Readers, wire
from ingest.readers import Content
from ingest.readers.limits import MEGABYTE, Limits
from knowledge import glossary

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTER = Path(glossary.__file__).parent / "starter"
SLOW = "_a" * 1_000_000
"""Markdown that takes its parser far longer than any test waits."""
PROC = Path("/proc/self/task")

linux = pytest.mark.skipif(not PROC.is_dir(), reason="only Linux tells of its processes in /proc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder"


def written(folder: Path, **texts: str) -> list[Path]:
    """Write Markdown files and return them in their order."""
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return [folder / f"{name}.md" for name in texts]


def children(process: int | None = None) -> set[int]:
    """Return the processes that a process has started and that still run."""
    number = process or os.getpid()
    lists = Path(f"/proc/{number}/task").glob("*/children")
    return {int(child) for listed in lists for child in listed.read_text().split() if alive(int(child))}


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def reader() -> int:
    """Return the one child that reads, as soon as it is there."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for child in children():
            if b"ingest.isolation" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
        time.sleep(0.01)
    pytest.fail("no child reads")


def gone(process: int, seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while alive(process) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(process)


def killed_with(number: int, after: float = 0.7) -> threading.Timer:
    """Send a signal to the child that reads, a little later."""
    timer = threading.Timer(after, lambda: os.kill(reader(), number))
    timer.start()
    return timer


@pytest.mark.slow
def test_every_format_is_read_in_a_child_as_it_is_here() -> None:
    paths = sorted(path for path in STARTER.iterdir() if path.suffix in readers.SUFFIXES)
    assert len({path.suffix for path in paths}) >= 7
    with Readers(STARTER) as isolated:
        found = list(isolated.read_all(paths))
    assert found == [(path, readers.read(path)) for path in paths]
    assert isolated.broken == 0


def test_answers_come_in_order_and_errors_are_answers(folder: Path) -> None:
    paths = written(folder, **{f"p{number}": f"# Policy {number}\n\nText" for number in range(300)})
    paths[150:150] = [folder / "gone.md", folder / "a.odt"]
    paths[7].write_text("")
    (folder / "a.odt").write_text("Text")
    with Readers(folder) as isolated:
        found = list(isolated.read_all(paths))
    assert [path for path, _ in found] == paths
    assert [type(outcome).__name__ for _, outcome in found if not isinstance(outcome, Content)] == [
        "EmptyFile",
        "Unreadable",
        "UnknownFormat",
    ]
    assert isinstance(found[-1][1], Content)
    assert found[-1][1].sections[0].heading == ("Policy 299",)


def test_one_file_is_read_or_its_error_raised(folder: Path) -> None:
    (path,) = written(folder, a="Text")
    with Readers(folder) as isolated:
        assert isolated.read(path) == readers.read(path)
        with pytest.raises(Unreadable) as raised:
            isolated.read(folder / "gone.md")
        assert raised.value.reason == "ENOENT"
        assert isolated.read(path) == readers.read(path)


@pytest.mark.slow
def test_paths_are_taken_as_they_are_needed_and_answers_do_not_pile_up(folder: Path) -> None:
    paths = written(folder, **{f"p{number}": "Text" for number in range(2_000)})
    taken: list[Path] = []

    def listed() -> Iterator[Path]:
        for path in paths:
            taken.append(path)
            yield path

    with Readers(folder) as isolated:
        for number, _ in enumerate(isolated.read_all(listed())):
            assert len(taken) - number <= 600
    assert len(taken) == 2_000


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_given_up_and_the_others_go_on(folder: Path) -> None:
    paths = written(folder, a="Text", b=SLOW, c="Text", d="Text")
    with Readers(folder, bounds=Bounds(seconds=1)) as isolated:
        outcomes = [outcome for _, outcome in isolated.read_all(paths)]
    assert [type(outcome) for outcome in outcomes] == [Content, TooLarge, Content, Content]
    assert isinstance(outcomes[1], TooLarge)
    assert (outcomes[1].limit, outcomes[1].allowed) == ("seconds", 1)
    assert outcomes[1].found >= 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits what a process may hold")
def test_a_file_that_needs_too_much_memory_is_given_up_and_the_others_go_on(folder: Path) -> None:
    paths = written(folder, a="Text", b="word " * 4_000_000, c="Text")
    with Readers(folder, bounds=Bounds(memory=60 * MEGABYTE)) as isolated:
        outcomes = [outcome for _, outcome in isolated.read_all(paths)]
    assert [type(outcome) for outcome in outcomes] == [Content, TooLarge, Content]
    assert isinstance(outcomes[1], TooLarge)
    assert outcomes[1].limit == "memory"
    assert isolated.broken == 0


@linux
@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "kind"), [(signal.SIGSEGV, Damaged), (signal.SIGABRT, Damaged), (signal.SIGKILL, TooLarge)]
)
def test_a_child_that_dies_takes_only_its_file_along(folder: Path, number: int, kind: type[IngestError]) -> None:
    paths = written(folder, a=SLOW, b="Text", c="Text")
    with Readers(folder, workers=1, bounds=Bounds(seconds=20)) as isolated:
        timer = killed_with(number)
        outcomes = [type(outcome) for _, outcome in isolated.read_all(paths)]
        timer.join()
    assert outcomes == [kind, Content, Content]
    assert isolated.broken == 1


@linux
@pytest.mark.slow
def test_a_child_that_hangs_without_a_sign_of_life_is_given_up(folder: Path) -> None:
    paths = written(folder, a=SLOW, b="Text")
    with Readers(folder, workers=1, bounds=Bounds(patience=10)) as isolated:
        timer = killed_with(signal.SIGSTOP)
        outcomes = [outcome for _, outcome in isolated.read_all(paths)]
        timer.join()
    assert [type(outcome) for outcome in outcomes] == [TooLarge, Content]


@pytest.mark.slow
def test_a_long_document_gets_more_time_for_each_page_that_is_done(folder: Path) -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=10)
    for _ in range(40):
        pdf.add_page()
        pdf.multi_cell(0, 5, "Staff may use approved tools when the data class allows it. " * 40)
    (folder / "long.pdf").write_bytes(bytes(pdf.output()))
    with Readers(folder, bounds=Bounds(seconds=0.7, pace=100)) as patient:
        assert patient.read(folder / "long.pdf").sections[-1].page == 40
    with Readers(folder, bounds=Bounds(seconds=0.7, pace=1e9)) as strict, pytest.raises(TooLarge) as raised:
        strict.read(folder / "long.pdf")
    assert raised.value.limit == "seconds"
    with Readers(folder, bounds=Bounds(seconds=0.7, pace=100, longest=1)) as bounded, pytest.raises(TooLarge):
        bounded.read(folder / "long.pdf")


@linux
@pytest.mark.slow
def test_a_file_that_breaks_a_child_which_read_others_is_tried_once_more_in_a_fresh_one(folder: Path) -> None:
    paths = written(folder, a="Text", b="word " * 1_500_000, c="Text")
    with Readers(folder, workers=1, bounds=Bounds(seconds=60)) as isolated:
        assert isolated.read(paths[0]).sections
        timer = killed_with(signal.SIGSEGV, 0.15)
        outcomes = [type(outcome) for _, outcome in isolated.read_all(paths[1:])]
        timer.join()
    assert outcomes == [Content, Content]


@pytest.mark.slow
@linux
def test_children_and_handles_are_gone_afterwards(folder: Path) -> None:
    (path,) = written(folder, a="Text")
    with Readers(folder) as isolated:
        isolated.read(path)  # what the first one opens for good is no leak
    gc.collect()
    before = children(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with Readers(folder) as isolated:
            isolated.read(path)
    assert (children(), len(list(Path("/proc/self/fd").iterdir()))) == before


@pytest.mark.slow
def test_who_stops_listening_half_way_can_read_on(folder: Path) -> None:
    paths = written(folder, **{f"p{number}": f"Text {number}" for number in range(200)})
    with Readers(folder) as isolated:
        for path, _ in isolated.read_all(paths):
            if path == paths[5]:
                break
        assert isolated.read(paths[9]) == readers.read(paths[9])


def test_nothing_is_started_before_a_file_is_read(folder: Path) -> None:
    with Readers(folder) as isolated:
        assert list(isolated.read_all([])) == []
        assert not isolated._workers  # noqa: SLF001 -- that nothing runs can be seen nowhere else


PARENT = """
import sys, threading
from pathlib import Path
from ingest.isolation import Readers, Bounds
with Readers(Path(sys.argv[1]), workers=1, bounds=Bounds(seconds=60)) as isolated:
    isolated.read(Path(sys.argv[1]) / "a.md")
    print("ready", flush=True)
    isolated.read(Path(sys.argv[1]) / "b.md")
"""


@linux
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_children_end_with_their_parent_however_it_ends(folder: Path, number: int) -> None:
    written(folder, a="Text", b=SLOW)
    root = Path(isolation.__file__).parents[2]
    command = [sys.executable, "-c", PARENT, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        (child,) = children(parent.pid)
        time.sleep(0.3)
        parent.send_signal(number)
        parent.wait(10)
    assert gone(child)


@linux
def test_a_child_knows_no_keys_and_goes_after_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    (path,) = written(folder, a="Text")
    with Readers(folder) as isolated:
        isolated.read(path)
        child = reader()
        assert Path(f"/proc/{child}/environ").read_bytes() == b""
        assert os.getpriority(os.PRIO_PROCESS, child) >= min(
            Bounds().nice, os.getpriority(os.PRIO_PROCESS, 0) + Bounds().nice
        )
        limits = Path(f"/proc/{child}/limits").read_text("utf-8")
    soft = {line[:25].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert soft["Max core file size"] == soft["Max file size"] == "0"
    assert soft["Max data size"] == str(Bounds().memory)
    assert soft["Max open files"] == "64"


@pytest.mark.slow
def test_a_child_loads_neither_the_database_nor_chains() -> None:
    program = (
        "import sys; from ingest import readers; from ingest.isolation import child\n"
        "for suffix in readers.SUFFIXES: readers.prepare(suffix)\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    root = Path(isolation.__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert not {"chromadb", "langchain_core", "langchain", "openai", "pydantic"} & set(run.stdout.split())


CONFINED = """
import os, socket, subprocess, sys
from ingest.isolation.bounds import Bounds
from ingest.isolation.confinement import confine
confine(Bounds())
def refused(act):
    try:
        act()
    except PermissionError:
        return True
    return False
target = sys.argv[1]
acts = (
    lambda: socket.socket(), lambda: socket.getaddrinfo("lotse.example", 80), lambda: open(target, "w"),
    lambda: open(target, "ab"), lambda: os.open(target, os.O_RDWR), lambda: os.remove(target), lambda: os.system("true"),
    lambda: subprocess.run(["true"]), lambda: os.fork(), lambda: os.rename(target, target + "2"), lambda: os.mkdir(target + "3"),
)
print([refused(act) for act in acts].count(False), open(target).read())
"""


@pytest.mark.slow
@linux
def test_a_confined_process_reads_and_nothing_else(folder: Path) -> None:
    (path,) = written(folder, a="Text")
    root = Path(isolation.__file__).parents[2]
    command = [sys.executable, "-c", CONFINED, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    assert run.stdout == "0 Text\n", run.stderr
    assert path.read_text("utf-8") == "Text"


def test_an_answer_holds_our_plain_data_or_is_none() -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return os.system, ("true",)

    for thing in (Evil(), wire.Answer(Evil()), {"a": 1}, wire.Answer("text"), Path):  # type: ignore[arg-type]
        frame = pickle.dumps(thing) if not isinstance(thing, Evil) else b"cposix\nsystem\n(S'true'\ntR."
        with pytest.raises(pickle.UnpicklingError):
            wire.unpack(frame)
    for outcome in (Content(()), TooLarge("seconds", 1, 2), Damaged("pdf")):
        again = wire.unpack(wire.pack(wire.Answer(outcome, retires=True)))
        assert again.retires
        assert type(again.outcome) is type(outcome)
        assert not isinstance(again.outcome, ReadingError) or vars(again.outcome) == vars(outcome)


def test_a_frame_that_is_cut_or_too_long_ends_the_talk(folder: Path) -> None:
    wires = folder / "wire"
    with wires.open("wb") as pipe:
        wire.write(pipe, [b"one", b"longer"])
    with wires.open("rb") as pipe:
        assert wire.read(pipe) == b"one"
        assert wire.read(pipe, largest=5) is None
    wires.write_bytes(wires.read_bytes()[:-1])
    with wires.open("rb") as pipe:
        assert wire.read(pipe) == b"one"
        assert wire.read(pipe) is None
        assert wire.read(pipe) is None


def test_a_python_that_does_not_start_is_said_aloud(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    (path,) = written(folder, a="Text")
    with Readers(folder) as isolated, pytest.raises(NotStarted):
        isolated.read(path)


def test_limits_of_the_file_reach_the_child(folder: Path) -> None:
    (path,) = written(folder, a="Text " * 100)
    with Readers(folder, limits=Limits(characters=50)) as isolated, pytest.raises(TooLarge) as raised:
        isolated.read(path)
    assert raised.value.limit == "characters"


def test_a_link_that_leads_out_by_now_is_refused_and_one_inside_is_followed(folder: Path) -> None:
    (inside,) = written(folder, a="Text")
    outside = folder.parent / "secret.md"
    outside.write_text("Secret", "utf-8")
    (folder / "out.md").symlink_to(outside)
    (folder / "in.md").symlink_to(inside)
    (folder / "ring.md").symlink_to(folder / "ring.md")
    (folder / "door").symlink_to(folder.parent)
    paths = [folder / name for name in ("out.md", "in.md", "ring.md", "door/secret.md", "../secret.md")]
    with Readers(folder) as isolated:
        outcomes = [outcome for _, outcome in isolated.read_all(paths)]
    assert [type(outcome) for outcome in outcomes] == [OutsideFolder, Content, Unreadable, OutsideFolder, OutsideFolder]
    with Readers() as anywhere:
        assert anywhere.read(outside).sections


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_what_is_no_file_is_not_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "device.md").symlink_to("/dev/zero")
    (folder / "folder.md").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(folder)  # the name of a socket may not be long
        listener.bind("socket.md")
        with Readers() as isolated:
            found = {path.name: outcome for path, outcome in isolated.read_all(sorted(folder.iterdir()))}
    assert {name: getattr(outcome, "reason", outcome) for name, outcome in found.items()} == {
        "pipe.md": "ENODEV",
        "device.md": "ENODEV",
        "socket.md": "ENODEV",
        "folder.md": "EISDIR",
    }


def test_a_name_may_be_odd_but_must_be_text(folder: Path) -> None:
    names = ("new\nline.md", "🧭.md", "ü" * 126 + ".md", " .md", "a\\b.md", "-rf.md", "%2e%2e.md", "tab\t.md")
    for name in names:
        (folder / name).write_text("Text", "utf-8")
    broken = folder / os.fsdecode(b"\xff\xfe.md")
    broken.write_text("Text", "utf-8")
    with Readers(folder) as isolated:
        found = {
            path.name: outcome for path, outcome in isolated.read_all([*(folder / name for name in names), broken])
        }
    assert all(isinstance(found[name], Content) for name in names)
    reason = found[broken.name]
    assert isinstance(reason, Unreadable)
    assert reason.reason == "EILSEQ"


def test_a_file_that_vanishes_or_changes_its_kind_is_one_rejection(folder: Path) -> None:
    paths = written(folder, a="Text", b="Text", c="Text")
    with Readers(folder) as isolated:
        isolated.start()
        paths[0].unlink()
        paths[1].write_bytes(b"MZ\x90\x00" + bytes(100))
        outcomes = [type(outcome) for _, outcome in isolated.read_all(paths)]
    assert outcomes == [Unreadable, WrongType, Content]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_file_without_rights_says_so(folder: Path) -> None:
    (path,) = written(folder, a="Text")
    path.chmod(0)
    with Readers(folder) as isolated, pytest.raises(Unreadable) as raised:
        isolated.read(path)
    assert raised.value.reason == "EACCES"


def test_an_empty_file_stays_an_empty_file(folder: Path) -> None:
    (path,) = written(folder, a="")
    with Readers(folder) as isolated, pytest.raises(EmptyFile):
        isolated.read(path)
