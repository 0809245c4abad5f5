"""The inventory tells every field that is kept, and the German pages the retention that is set."""

from __future__ import annotations

import re

import pytest

from adapters.database.tables import metadata
from adapters.settings import Settings
from tests.docs import pages

FOLDER = pages.ROOT / "docs" / "governance"
SECTIONS = pages.sections(FOLDER / "inventory.md")
SMALL = "replicas, duties, instance"


def told(part: str) -> list[str]:
    return [field for row in pages.rows(SECTIONS[part]) for field in pages.coded(row[0])]


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_field_that_is_kept_is_told_once_and_no_other(table: str) -> None:
    columns = sorted(column.name for column in metadata.tables[table].columns)
    if table in SECTIONS:
        assert sorted(told(table)) == columns
    else:
        assert sorted(name.partition(".")[2] for name in told(SMALL) if name.startswith(f"{table}.")) == columns


@pytest.mark.parametrize("part", [*sorted(set(metadata.tables) & set(SECTIONS)), SMALL])
def test_every_field_has_a_purpose_a_time_and_a_reader(part: str) -> None:
    assert all(len(row) == 4 and all(row) for row in pages.rows(SECTIONS[part]))


KEPT = Settings(_env_file=None)  # type: ignore[call-arg] # pydantic's own argument
TIMES = {
    "inventory.md": ("{messages} hour", "{turns} days", "{people} days after", "{audit} days"),
    "betriebsvereinbarung.md": ("{messages} Stunde", "{turns} Tage", "{people} Tage nach", "{audit} Tage"),
    "verarbeitungsverzeichnis.md": ("{messages} Stunde", "{turns} Tage", "{people} Tage nach", "{audit} Tage"),
}


@pytest.mark.parametrize("page", TIMES)
def test_the_times_are_those_of_the_settings(page: str) -> None:
    text = (FOLDER / page).read_text("utf-8")
    fields = {name.removeprefix("keep_"): getattr(KEPT, name) for name in Settings.model_fields if "keep_" in name}
    assert fields["turns"] == fields["journal"], "the pages tell one time for both"
    assert [phrase for phrase in TIMES[page] if phrase.format(**fields) not in text] == []


def test_the_german_pages_name_every_command_that_they_promise() -> None:
    from bot.commands import parse

    named = set(re.findall(r"`(/\w+)`", "".join(page.read_text("utf-8") for page in FOLDER.glob("*.md"))))
    assert named
    assert {name for name in named if (request := parse(name)) is None or request.command is None} == set()
