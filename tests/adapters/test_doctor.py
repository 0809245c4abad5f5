"""The doctor looks at everything that an answer needs, and says how to mend what is wrong, in the admin's language."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from adapters import wiring
from adapters.doctor import Finding, examine
from adapters.settings import Settings
from bot.phrases import say
from knowledge import generations
from knowledge.language import LANGUAGES
from tests.fakes import WordEmbedder
from tests.handbooks import take_in, write

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.embeddings import Embedder

LOOKS = (
    *("doctor_settings", "doctor_folder", "doctor_live", "doctor_glossary"),
    *("doctor_access", "doctor_incident", "doctor_database", "doctor_disk", "doctor_model"),
)


def publish(data: Path, embedder: Embedder | None = None) -> Path:
    """Publish a small handbook that was made with the built-in embedder, or another, and return its folder."""
    handbook = write(data.parent / "handbook", {"a.md": "# A\n\nAsk first."})
    report = take_in(handbook, data, embedder or WordEmbedder(wiring.embedder(Settings()).fingerprint))
    return data / "generations" / report.generation


def look(settings: Settings, name: str) -> Finding:
    """Return what one look shows."""
    return next(finding for finding in examine(settings) if finding.name == say(name, settings.language))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.mark.slow
def test_all_is_well_with_a_handbook_that_is_live(data: Path) -> None:
    generation = publish(data)
    findings = list(examine(Settings(data_dir=data)))
    assert [finding.name for finding in findings] == [say(name, "en") for name in LOOKS]
    assert [finding for finding in findings if not finding.well] == []
    assert generation.name in {finding.detail for finding in findings}


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_handbook_the_doctor_says_how_to_ingest_one(language: str, data: Path) -> None:
    found = look(Settings.model_validate({"data_dir": data, "language": language}), "doctor_live")
    assert not found.well
    assert found.detail == say("NoGeneration", language)


@pytest.mark.parametrize(
    "part", ["manifest.json", "vectors.npy", "passages.jsonl", "keywords/terms.txt", "chroma/chroma.sqlite3"]
)
def test_a_damaged_handbook_is_noticed(part: str, data: Path) -> None:
    (publish(data) / part).unlink()
    found = look(Settings(data_dir=data), "doctor_live")
    assert not found.well
    assert "lotse ingest" in found.detail


def test_a_pointer_to_what_was_never_published_is_noticed_as_it_is_in_answers(data: Path) -> None:
    folder = publish(data)
    other = folder.with_name("20270101-000000-aaaaaa")
    shutil.copytree(folder, other)
    (data / "live").write_text(json.dumps({"generation": other.name}), "utf-8")
    found = look(Settings(data_dir=data), "doctor_live")
    assert (found.well, found.detail) == (False, say("DamagedPointer", "en"))


def test_a_line_of_the_history_that_cannot_be_read_is_noticed(data: Path) -> None:
    publish(data)
    with (data / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write("{garbled\n")
    assert not look(Settings(data_dir=data), "doctor_history").well


def test_a_handbook_made_by_another_embedder_is_noticed(data: Path) -> None:
    publish(data, WordEmbedder("another-1"))
    found = look(Settings(data_dir=data), "doctor_live")
    assert not found.well
    assert "another-1" in found.detail


@pytest.mark.slow
def test_looking_changes_nothing(data: Path) -> None:
    generation = publish(data)
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file() and "chroma" not in path.parts}
    list(examine(Settings(data_dir=data)))
    assert {p: p.read_bytes() for p in data.rglob("*") if p.is_file() and "chroma" not in p.parts} == before
    assert generations.live(data) == generation.name


def test_looking_makes_no_data_folder(data: Path) -> None:
    assert look(Settings(data_dir=data), "doctor_folder").well
    assert not data.exists()


def test_a_data_folder_deep_in_nothing_is_fine_where_it_can_be_made(tmp_path: Path) -> None:
    assert look(Settings(data_dir=tmp_path / "a" / "b" / "c"), "doctor_folder").well


def test_a_file_where_the_data_folder_should_be_is_noticed(tmp_path: Path) -> None:
    file = write(tmp_path, {"data": "x"}) / "data"
    found = look(Settings(data_dir=file), "doctor_folder")
    assert not found.well
    assert str(file) in found.detail


def test_nobody_to_call_after_a_mishap_is_warned_of_and_has_to_be_mended_before_people_ask(data: Path) -> None:
    alone, named = Settings(data_dir=data), Settings(data_dir=data, incident_contact="ext. 4400")
    serving = alone.model_copy(update={"telegram_bot_token": SecretStr("1:x")})
    found = [
        next(each for each in examine(settings) if each.name == say("doctor_incident", "en"))
        for settings in (alone, named, serving)
    ]
    assert [(each.well, each.warns) for each in found] == [(True, True), (True, False), (False, False)]
    assert found[1].detail == "ext. 4400"
    assert "LOTSE_INCIDENT_CONTACT" in found[0].detail


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_data_folder_that_cannot_be_written_is_noticed(data: Path) -> None:
    data.mkdir(mode=0o500)
    found = look(Settings(data_dir=data), "doctor_folder")
    assert not found.well
    assert "LOTSE_DATA_DIR" in found.detail


@pytest.mark.slow
def test_a_broken_glossary_is_noticed(data: Path, tmp_path: Path) -> None:
    file = write(tmp_path, {"company.yaml": "concepts: [{en: [one]}]"}) / "company.yaml"
    found = look(Settings(data_dir=data, glossary=file), "doctor_glossary")
    assert not found.well
    assert str(file) in found.detail


@pytest.mark.slow
def test_the_company_s_glossary_is_counted(data: Path, tmp_path: Path) -> None:
    file = write(tmp_path, {"company.yaml": "concepts: [{en: [one, two]}]"}) / "company.yaml"
    own = look(Settings(data_dir=data, glossary=file), "doctor_glossary")
    count = len(wiring.words(Settings()).concepts)
    assert (own.well, own.detail) == (True, say("doctor_concepts", "en", count=count + 1))


@pytest.mark.slow
def test_a_key_is_named_but_never_shown(data: Path) -> None:
    settings = Settings(data_dir=data).model_copy(update={"openai_api_key": SecretStr("sk-very-secret")})
    assert look(settings, "doctor_model").detail == "gpt-4.1-mini at api.openai.com writes the answers"
    assert "very-secret" not in "".join(finding.detail for finding in examine(settings))
