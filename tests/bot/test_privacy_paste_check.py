"""`lotse check-text` tells what is personal or secret in a text, stores nothing and opens no connection."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.phrases import PHRASES, say
from bot.privacy.findings import Kind, Sensitivity
from knowledge.language import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Liebe Jana,\nbitte an jana@example.de\noder b@example.de, Tel. 0171 3920045.\nPasswort: geheim\n"
PROGRAM = """
import sys
OUTWARD = ("socket.", "ssl.", "urllib.", "http.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "shutil.", "sqlite3.")
def watch(event, arguments):
    written = event == "open" and (set(str(arguments[1])) & set("wax+") or (arguments[2] or 0) & 0o1103)
    if event.startswith(OUTWARD) or written or event in {"os.mkdir", "os.rename", "os.remove"}:
        sys.__stderr__.write(f"FORBIDDEN {event} {arguments[:1]}\\n")
sys.addaudithook(watch)
from adapters.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run(folder: Path, *arguments: str, typed: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a folder of its own, with a watch on every way out."""
    return subprocess.run(
        [sys.executable, "-B", "-c", PROGRAM, "check-text", *arguments],
        input=typed,
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1", **environment},
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_was_found_where_and_what_that_is(file: Path, language: str) -> None:
    ran = run(file.parent, file.name, LOTSE_LANGUAGE=language)
    said = ran.stdout.decode()
    assert (ran.returncode, ran.stderr) == (1, b"")
    line = say(
        "check_line",
        language,
        name=say("kind_email", language),
        count=2,
        lines="2, 3",
        sort=say("sensitivity_personal", language),
    )
    assert line in said
    assert say("sensitivity_secret", language) in said
    assert "bitte an [E-MAIL 1]\noder [E-MAIL 2], Tel. [PHONE 1].\nPasswort: [PASSWORD 1]" in said
    assert say("check_note", language) in said
    assert "jana@example.de" not in said


def test_json_is_one_object_without_what_was_found(file: Path) -> None:
    ran = run(file.parent, "--json", typed=file.read_bytes())
    said = json.loads(ran.stdout)
    assert ran.returncode == 1
    assert [(each["kind"], each["count"], each["lines"]) for each in said["found"]] == [
        ("email", 2, [2, 3]),
        ("phone", 1, [3]),
        ("password", 1, [4]),
    ]
    assert [TEXT[place["start"] : place["end"]] for place in said["places"]] == [
        "jana@example.de",
        "b@example.de",
        "0171 3920045",
        "geheim",
    ]
    assert b"jana@example.de" not in ran.stdout


def test_nothing_found_is_said_and_the_note_stays(tmp_path: Path) -> None:
    ran = run(tmp_path, typed=b"Nothing here.")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert say("check_nothing", "en") in ran.stdout.decode()
    assert say("check_note", "en") in ran.stdout.decode()


def test_nothing_is_stored_and_no_connection_opened(file: Path) -> None:
    for arguments in ((file.name,), (file.name, "--json"), ()):
        ran = run(file.parent, *arguments, typed=file.read_bytes())
        assert b"FORBIDDEN" not in ran.stderr, ran.stderr
    assert sorted(file.parent.iterdir()) == [file]


def test_the_watch_notices_what_is_forbidden(tmp_path: Path) -> None:
    program = PROGRAM.partition("from adapters")[0] + "import socket; open('x', 'w').close(); socket.socket().close()"
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False)
    assert ran.stderr.count(b"FORBIDDEN") >= 2


def test_own_patterns_count(file: Path) -> None:
    (file.parent / "own.yaml").write_text("patterns: [{name: Anrede, regex: 'Liebe Jana', class: internal}]", "utf-8")
    said = json.loads(run(file.parent, "--json", file.name, LOTSE_PATTERNS="own.yaml").stdout)
    assert said["found"][0] == {"kind": "own", "name": "Anrede", "sensitivity": "internal", "count": 1, "lines": [1]}
    assert said["text"].startswith("[Anrede 1],")


@pytest.mark.parametrize(
    ("raw", "phrase", "fields"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0", "NoText", {"file": "odd"}),
        (b"PK\x03\x04\x14\x00\x06\x00", "NoText", {"file": "odd"}),
        (bytes(range(1, 9)) * 20, "NoText", {"file": "odd"}),
        (b"x" * 1_000_001, "TextTooLong", {"file": "odd", "megabytes": 1}),
        (None, "FileMissing", {"file": "odd"}),
    ],
)
def test_what_cannot_be_checked_is_told_in_words(
    tmp_path: Path, raw: bytes | None, phrase: str, fields: dict[str, object]
) -> None:
    if raw is not None:
        (tmp_path / "odd").write_bytes(raw)
    for language in LANGUAGES:
        ran = run(tmp_path, "odd", LOTSE_LANGUAGE=language)
        assert (ran.returncode, ran.stdout) == (2, b"")
        assert " ".join(ran.stderr.decode().split()) == f"{say('error', language)}: {say(phrase, language, **fields)}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_texts_of_every_usual_encoding_are_read(tmp_path: Path, encoding: str) -> None:
    said = json.loads(run(tmp_path, "--json", typed="Grüße an jörg@example.de".encode(encoding)).stdout)
    assert said["text"] == "Grüße an [E-MAIL 1]"


def test_a_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    ran = run(tmp_path, typed="\x1b[2J\x9b[red]a@example.org[/red]\x07\r\nx".encode())
    assert not set(ran.stdout.decode()) & set("\x1b\x9b\x07\r")
    assert "[red][E-MAIL 1][/red]" in ran.stdout.decode()


@pytest.mark.parametrize("phrases", PHRASES.values(), ids=PHRASES.keys())
def test_every_kind_and_every_sort_of_data_has_words(phrases: dict[str, str]) -> None:
    assert all(f"kind_{kind.value}" in phrases for kind in Kind)
    assert all(f"sensitivity_{sort.value}" in phrases for sort in Sensitivity)
