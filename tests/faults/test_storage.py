"""Whatever happens to a data folder, no answer is silently wrong, and the doctor says what is."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adapters import wiring
from adapters.settings import Settings
from bench import kills, storage

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Be a place with a handbook and a data folder in which two editions of it were published."""
    place = tmp_path_factory.mktemp("faults")
    storage.prepare(place / "handbook", place / "pattern", wiring.embedder(Settings()))
    yield place
    shutil.rmtree(place)


@pytest.mark.slow
@pytest.mark.parametrize("running", ["while answering", "at the start"])
@pytest.mark.parametrize("fault", storage.HARMS)
def test_damage_is_never_silent(fault: str, running: str, place: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(place / "pattern", tmp_path / "data"))
    seen = storage.harmed(fault, storage.HARMS[fault], data, running=running == "while answering")
    assert (seen.silent, seen.named) == (False, True), seen.note


@pytest.mark.slow
@pytest.mark.parametrize("fault", storage.REFUSALS)
def test_an_ingest_that_cannot_go_on_says_why_and_what_is_live_answers(fault: str, place: Path) -> None:
    seen = storage.refused(place, place / "pattern", fault)
    if seen.note.startswith("skipped"):
        pytest.skip(seen.note)
    assert (seen.silent, seen.named) == (False, True), seen.note


@pytest.mark.slow
def test_an_ingest_that_is_killed_leaves_one_whole_edition(tmp_path: Path) -> None:
    found = kills.strike(tmp_path, kills=6, seed=3)
    assert (found["broken"], found["mixed"], found["missing"]) == (0, 0, 0)
