"""What the pages tell people to type works, and prints what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.docs import pages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.pages import Block

TUTORIAL = pages.ROOT / "docs" / "tutorial.md"
README = pages.ROOT / "README.md"
ITSELF = "make test"
"""The one command that is not run: it is what runs this."""

# The environment that the tests run in is the one that make would set up: nothing is installed again.
PRELUDE = 'set -eu; make() { command make -o .venv/.installed -o .venv/.developer "$@"; }\n'


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder that looks like a clone with its environment set up, without data or settings."""
    for entry in pages.ROOT.iterdir():
        if entry.name not in {".env", ".git", ".venv", "data", "build"}:
            (tmp_path / entry.name).symlink_to(entry)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


def run(block: Block, folder: Path) -> str:
    """Run a block as somebody types it, and return what it prints, on one line."""
    environment = {**os.environ, "LOTSE_DATA_DIR": "data", "PYTHONUTF8": "1"}
    done = subprocess.run(
        ("bash", "-c", PRELUDE + block.text),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return " ".join(done.stdout.split())


@pytest.mark.slow
def test_the_tutorial_can_be_followed_from_its_first_to_its_last_command(clone: Path) -> None:
    printed = ""
    for block in pages.blocks(TUTORIAL):
        if block.name == pages.RUN:
            printed = run(block, clone)
        elif printed:
            missing = [line for line in block.text.splitlines() if " ".join(line.split()) not in printed]
            assert missing == [], printed


def test_the_commands_of_the_readme_are_those_of_the_tutorial_and_this_one() -> None:
    typed = {
        page: [block.text for block in pages.blocks(page) if block.name == pages.RUN] for page in (README, TUTORIAL)
    }
    assert [command for command in typed[README] if command not in typed[TUTORIAL]] == [f"{ITSELF}\n"]


def test_both_commands_of_the_readme_are_there_to_be_made() -> None:
    listed = subprocess.run(("make", "-C", pages.ROOT), capture_output=True, text=True, check=True).stdout
    typed = [block.text.strip() for block in pages.blocks(README) if block.name == pages.RUN]
    assert [command for command in typed if command not in listed] == []
