"""docs/architecture.md is the twin of the code: it names every module that is there, and none that is not."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from tests.docs import pages

PAGE = pages.ROOT / "docs" / "architecture.md"
ROOMS = ("adapters", "bot", "knowledge", "ingest")


def named() -> set[str]:
    """Return the modules that the page lists."""
    tree = next(block.text for block in pages.blocks(PAGE) if block.text.startswith("adapters/"))
    above: list[str] = []
    found: set[str] = set()
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        above[depth:] = [line.split()[0].rstrip("/")]
        if above[-1].endswith(".py"):
            found.add("/".join(above))
    return found


def test_every_module_named_is_there() -> None:
    assert {name for name in named() if not (pages.ROOT / name).is_file()} == set()


def test_every_module_in_git_is_named() -> None:
    command = ("git", "-C", str(pages.ROOT), "ls-files", *(f"{room}/*.py" for room in ROOMS))
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    modules = {name for name in listed.stdout.split() if not name.endswith("__init__.py")}
    assert {name for name in modules if (pages.ROOT / name).is_file()} - named() == set()


def test_the_arrows_are_those_that_the_linter_holds() -> None:
    project = tomllib.loads((pages.ROOT / "pyproject.toml").read_text("utf-8"))
    layers = next(c["layers"] for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    levels = [[room.strip() for room in layer.split("|")] for layer in layers]
    allowed = {
        (above, below)
        for n, rooms in enumerate(levels)
        for above in rooms
        for rest in levels[n + 1 :]
        for below in rest
    }
    assert set(re.findall(r"^ {4}(\w+) --> (\w+)$", PAGE.read_text("utf-8"), re.MULTILINE)) == allowed


def test_every_decision_says_its_status_context_decision_and_consequences() -> None:
    records = sorted((PAGE.parent / "decisions").glob("*.md"))
    assert records
    for record in records:
        text = record.read_text("utf-8")
        assert re.search(r"^Status: \w+", text, re.MULTILINE), record.name
        assert list(pages.sections(record)) == ["Context", "Decision", "Consequences"], record.name
