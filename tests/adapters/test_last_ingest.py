"""How the last ingest ended is noted whatever happened, and says nothing of one that gave way to another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from adapters import last_ingest
from ingest.errors import EmptyFile, FolderMissing
from ingest.report import Rejection, Report
from knowledge.errors import Busy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("error", [FolderMissing("handbook"), ValueError("?"), KeyboardInterrupt()])
def test_an_ingest_that_fails_is_noted_in_words_of_both_languages(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), last_ingest.noted(tmp_path / "data"):
        raise error
    noted = last_ingest.read(tmp_path / "data")
    assert noted
    assert last_ingest.troubles(noted, "en")[0].startswith("The last ingest failed: ")
    assert "gescheitert" in last_ingest.line(noted, "de")


def test_files_that_were_rejected_are_noted_with_the_reason(tmp_path: Path) -> None:
    with last_ingest.noted(tmp_path) as note:
        note(
            Report(
                "handbook", generation="g", rejected=(Rejection("b.md", EmptyFile()), Rejection("a.md", EmptyFile()))
            )
        )
    noted = last_ingest.read(tmp_path)
    assert noted
    assert [each.partition(":")[0] for each in last_ingest.troubles(noted, "en")] == ["a.md", "b.md"]
    assert "2 files rejected" in last_ingest.line(noted, "en")


def test_one_that_gave_way_to_another_and_a_damaged_note_say_nothing(tmp_path: Path) -> None:
    with pytest.raises(Busy), last_ingest.noted(tmp_path):
        raise Busy("anna", "here", 1, datetime.now(UTC))
    assert last_ingest.read(tmp_path) is None
    (tmp_path / last_ingest.FILE).write_text("{", "utf-8")
    assert last_ingest.read(tmp_path) is None
    last_ingest.forget(tmp_path)
    assert not (tmp_path / last_ingest.FILE).exists()
