"""The inventory tells every field that is kept, and the German pages the retention that is set."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from adapters import wiring
from adapters.cli import main, parser
from adapters.database import people
from adapters.database.tables import RAW, metadata
from adapters.settings import Settings
from adapters.telegram.ledger import LARGEST
from bot import pairing
from bot.explanation import told as told_of
from bot.people import Deed, Opinion
from bot.ports import Entry
from tests.docs import pages

if TYPE_CHECKING:
    from pathlib import Path

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


# who can see it

CHANGED: dict[type, Any] = {
    str: "changed",
    float: 0.25,
    int: 77,
    bool: True,
    tuple: ({"document": "changed.md", "score": 0.5},),
}
CHANGED |= {dict: {"changed": 7}, datetime: datetime(2020, 1, 1, tzinfo=UTC)}
ENTRY = Entry("ab12cd34ef56", "p", "k", "f" * 32, datetime(2026, 1, 1, tzinfo=UTC), "en", "o", "v", "g", 0.5)


def explained() -> set[str]:
    """Return the fields of the journal that change what /why says; its reference is what is asked for."""
    names = [field.name for field in fields(ENTRY) if field.name != "finished"]
    others: dict[str, dict[str, Any]] = {name: {name: CHANGED[type(getattr(ENTRY, name))]} for name in names}
    said = {name: told_of(replace(ENTRY, **other), "en") for name, other in others.items()}
    return {name for name, words in said.items() if words != told_of(ENTRY, "en")} | {"reference"}


def logged() -> set[str]:
    """Return the fields of a line of the audit that admins see."""
    return {field.name for field in fields(Deed)}


ADMINS: dict[str, set[str]] = {
    "journal": explained(),
    "opinions": {"created" if field.name == "day" else field.name for field in fields(Opinion)},
    "audit": logged(),
    "invitations": {"name", "groups"},  # in the audit, of whoever made it
}
PERSON: dict[str, set[str]] = {table.name: set(shown) for table, shown in people.EXPORTED.items()}
PERSON |= {"people": set(people.PERSON), "counts": set(people.COUNTED), "audit": set(people.DEED)}
PERSON["journal"] |= explained()


@pytest.mark.parametrize("part", sorted(set(metadata.tables) & set(SECTIONS)))
def test_who_can_see_a_field_is_who_is_shown_it(part: str) -> None:
    seen = {field: row[3] for row in pages.rows(SECTIONS[part]) for field in pages.coded(row[0])}
    assert {field for field, cell in seen.items() if "the person" in cell} == PERSON.get(part, set())
    assert {field for field, cell in seen.items() if "admins" in cell} == ADMINS.get(part, set())
    assert {field for field, cell in seen.items() if cell == "nobody"} == set(seen) - PERSON.get(
        part, set()
    ) - ADMINS.get(part, set())


# how long


def test_of_a_message_exactly_what_is_raw_goes_with_the_shorter_time() -> None:
    kept = {field: row[2] for row in pages.rows(SECTIONS["inbox"]) for field in pages.coded(row[0])}
    assert {field for field, time in kept.items() if time == "1 hour"} == {*RAW, "person"}


def test_the_time_of_an_invitation_is_that_of_the_code() -> None:
    default = parser().parse_args(["invite"]).hours
    assert timedelta(hours=default) == pairing.LIFETIME
    parser().parse_args(["invite", "--hours", "720"])
    with pytest.raises(SystemExit):
        parser().parse_args(["invite", "--hours", "721"])
    german = (FOLDER / "verarbeitungsverzeichnis.md").read_text("utf-8")
    assert f"nach {default} Stunden, wenn nichts anderes bestimmt wurde, spätestens nach 720 Stunden" in german
    times = {row[2] for row in pages.rows(SECTIONS["invitations"])}
    assert times == {f"{default} hours, or as long as it was made for"}


# beside the database

BESIDE = ("In the data folder", "Elsewhere")


@pytest.mark.parametrize("part", BESIDE)
def test_every_store_beside_the_database_has_a_purpose_a_time_and_a_reader(part: str) -> None:
    assert all(len(row) == 5 and all(row) for row in pages.rows(SECTIONS[part]))


@pytest.mark.slow
def test_every_file_of_a_data_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_DATA_DIR", str(tmp_path))
    assert main(["ingest", "--starter"]) == main(["rollback"]) - 1 == 0
    notes = wiring.ledger(Settings(data_dir=tmp_path))
    for number in range(3 * LARGEST // 20):
        notes.note(f"{number:012x}-1", "77")

    async def work() -> set[str]:
        memory = await wiring.memory(Settings(data_dir=tmp_path))
        await memory.replicas.beat()
        there = set(await asyncio.to_thread(os.listdir, tmp_path))
        await memory.close()
        return there

    named = {name for row in pages.rows(SECTIONS["In the data folder"]) for name in pages.coded(row[0])}
    assert asyncio.run(work()) <= named
    reference = (pages.ROOT / "docs" / "reference" / "data-folder.md").read_text("utf-8")
    assert [name for name in named if name.removesuffix(".1") not in reference] == []


# the times of the settings

KEPT = Settings(_env_file=None)  # type: ignore[call-arg] # pydantic's own argument
TIMES = {
    "inventory.md": ("{messages} hour", "{turns} days", "{people} days after", "{audit} days"),
    "betriebsvereinbarung.md": ("{messages} Stunde", "{turns} Tage", "{people} Tage nach", "{audit} Tage"),
    "verarbeitungsverzeichnis.md": ("{messages} Stunde", "{turns} Tage", "{people} Tage nach", "{audit} Tage"),
}


@pytest.mark.parametrize("page", TIMES)
def test_the_times_are_those_of_the_settings(page: str) -> None:
    text = (FOLDER / page).read_text("utf-8")
    kept = {name.removeprefix("keep_"): getattr(KEPT, name) for name in Settings.model_fields if "keep_" in name}
    assert kept["turns"] == kept["journal"], "the pages tell one time for both"
    assert [phrase for phrase in TIMES[page] if phrase.format(**kept) not in text] == []


def test_the_german_pages_name_every_command_that_they_promise() -> None:
    from bot.commands import parse

    named = set(re.findall(r"`(/\w+)`", "".join(page.read_text("utf-8") for page in FOLDER.glob("*.md"))))
    assert named
    assert {name for name in named if (request := parse(name)) is None or request.command is None} == set()
