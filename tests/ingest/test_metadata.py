"""Authors are understood, German and English; the nearest word counts, and closed beats open by accident."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import BrokenMetadata
from ingest.metadata import Resolved, readable, resolve
from ingest.readers import Content
from ingest.readers.fields import day, language, understand
from knowledge.documents import Block, Kind, Metadata, Section, Status


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def content(
    front: dict[str, object] | None = None, text: str = "You may use the tool.", **properties: object
) -> Content:
    return Content((Section((), (Block(Kind.TEXT, text),)),), front or {}, properties)


def resolved(folder: Path, front: dict[str, object] | None = None, path: str = "a/b/policy.md") -> Resolved:
    return resolve(content(front), Path(path), folder, ("all",))


def handbook(folder: Path, said: object, name: str = "handbook.yaml") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")


def fault(front: dict[str, object]) -> str:
    with pytest.raises(BrokenMetadata) as raised:
        understand(front)
    assert raised.value.key == next(iter(front))
    return raised.value.fault


def test_german_keys_and_values_say_the_same_as_english_ones() -> None:
    english = {
        "title": "Policy",
        "language": "German",
        "version": "1.10",
        "effective": "1 March 2024",
        "review_by": "2025-03-01",
        "owner": "AI Office",
        "contact": "4417",
        "audience": "HR, Legal",
        "status": "superseded",
        "supersedes": "a.md; b.md",
        "superseded_by": "c.md",
        "url": "https://a.example",
        "external": "no",
    }
    german = {
        "Titel": "Policy",
        "SPRACHE": "deutsch",
        "Version": "1.10",
        "gültig ab": "1. März 2024",
        "prüfen_bis": "01.03.2025",
        "Verantwortlich": "AI Office",
        "Kontakt": "4417",
        "Zielgruppe": ["hr", "legal "],
        "Status": "außer Kraft",
        "ersetzt": ["a.md", "b.md"],
        "ersetzt-durch": "c.md",
        "Link": "https://a.example",
        "extern": "nein",
    }
    assert understand(german) == understand(english)
    assert Metadata(**understand(english)).effective == dt.date(2024, 3, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-01-15", dt.date(2026, 1, 15)),
        ("2026-01-15T08:00:00Z", dt.date(2026, 1, 15)),
        ("15.01.2026", dt.date(2026, 1, 15)),
        ("15.1.26", dt.date(2026, 1, 15)),
        ("1 March 2024", dt.date(2024, 3, 1)),
        ("March 1st, 2024", dt.date(2024, 3, 1)),
        ("1. März 2024", dt.date(2024, 3, 1)),
        ("Januar 2026", dt.date(2026, 1, 1)),
        ("01/2026", dt.date(2026, 1, 1)),
        ("2026-02-30", None),
        ("03/04/2026", None),
        ("soon", None),
        ("45 March 2024", None),
        ("2026", None),
    ],
)
def test_a_day_is_understood_as_people_write_it(text: str, date: dt.date | None) -> None:
    assert day(text) == date


@given(st.dates(min_value=dt.date(1900, 1, 1)))
def test_every_day_is_understood_in_iso_and_german_form(date: dt.date) -> None:
    assert day(date.isoformat()) == date
    assert day(f"{date.day}.{date.month}.{date.year}") == date


@given(st.text())
def test_no_text_breaks_the_search_for_a_day_or_a_language(text: str) -> None:
    assert day(text) is None or isinstance(day(text), dt.date)
    assert language(text) is None or len(language(text) or "") == 2


@pytest.mark.parametrize("text", ["de", "DE", "de-DE", "de_AT", "Deutsch", "german", "deu"])
def test_german_has_many_names(text: str) -> None:
    assert language(text) == "de"


@pytest.mark.parametrize("written", ["all", "Alle", "everybody", "jeder", ["all"], "all; all"])
def test_everybody_has_many_names(written: object) -> None:
    assert understand({"audience": written})["audience"] == ("all",)


@pytest.mark.parametrize("written", ["", [], [""], " , ", None, "null", "~"])
def test_an_audience_of_nobody_is_an_error_and_never_opens_a_document(written: object) -> None:
    assert fault({"audience": written}) == "empty"


@pytest.mark.parametrize("key", ["audiance", "Zielgrupe", "audience group", "target_audience", "ZIELGRUPPE2"])
def test_a_misspelt_audience_is_an_error(key: str) -> None:
    with pytest.raises(BrokenMetadata) as raised:
        understand({key: "hr"})
    assert (raised.value.fault, raised.value.key) == ("unknown key", key)


def test_what_cannot_be_understood_is_an_error_that_names_the_key() -> None:
    assert fault({"stand": "soon"}) == "date"
    assert fault({"status": "fluid"}) == "status"
    assert fault({"language": "Elvish tongue"}) == "language"
    assert fault({"external": "perhaps"}) == "yes or no"
    assert fault({"external": ""}) == "yes or no"
    assert fault({"url": "javascript:alert(1)"}) == "address"
    assert fault({"title": {"a": "b"}}) == "shape"
    assert fault({"audience": {"a": "b"}}) == "shape"
    assert fault({"audience": [["hr"]]}) == "shape"


def test_two_keys_for_one_field_must_agree() -> None:
    assert understand({"title": "A", "titel": "A"}) == {"title": "A"}
    with pytest.raises(BrokenMetadata) as raised:
        understand({"audience": "hr", "zielgruppe": "all"})
    assert (raised.value.fault, raised.value.key) == ("twice", "zielgruppe")


def test_unknown_keys_are_left_out_whatever_they_hold() -> None:
    assert understand({"company": "X", "weight": ["1", {"a": "b"}], "redirect_from": []}) == {}


@pytest.mark.parametrize("written", ["ersetzt durch KI-Richtlinie v2", "Superseded by: KI-Richtlinie v2"])
def test_a_status_can_name_the_successor(written: str) -> None:
    said = understand({"status": written})
    assert said == {"status": Status.SUPERSEDED, "superseded_by": "KI-Richtlinie v2"}


def test_a_document_that_names_its_successor_is_superseded_unless_it_says_otherwise() -> None:
    assert understand({"superseded_by": "x.md"})["status"] is Status.SUPERSEDED
    assert understand({"superseded_by": "x.md", "status": "current"})["status"] is Status.CURRENT


def test_invisible_characters_do_not_reach_titles_and_groups() -> None:
    assert understand({"title": "Po\u200blicy\u202e", "audience": "h\u200br"}) == {
        "title": "Policy",
        "audience": ("hr",),
    }


def test_front_matter_comes_before_every_handbook_and_the_nearest_handbook_first(folder: Path) -> None:
    handbook(
        folder, {"defaults": {"owner": "top", "contact": "top", "version": "top", "title": "top", "audience": "top"}}
    )
    handbook(folder / "a", {"documents": {"b/policy.md": {"contact": "entry a", "version": "entry a"}}})
    handbook(
        folder / "a" / "b",
        {"vorgaben": {"version": "default b", "titel": "default b"}, "dokumente": {"policy.md": {"titel": "entry b"}}},
    )
    metadata = resolved(folder, {"title": "front"}).metadata
    said = (metadata.title, metadata.version, metadata.contact, metadata.owner, metadata.audience)
    assert said == ("front", "default b", "entry a", "top", ("top",))
    assert resolved(folder).metadata.title == "entry b"


def test_a_handbook_says_nothing_about_documents_beside_its_folder(folder: Path) -> None:
    handbook(folder / "a", {"defaults": {"audience": "hr"}})
    assert resolved(folder, path="policy.md").metadata.audience == ("all",)
    assert resolved(folder, path="b/policy.md").metadata.audience == ("all",)


def test_an_entry_is_found_in_every_spelling_of_its_file_name(folder: Path) -> None:
    handbook(folder, {"documents": {"./a\\b\\vorfa\u0308lle.md": {"audience": "hr"}}})
    assert resolved(folder, path="a/b/vorf\u00e4lle.md").metadata.audience == ("hr",)


def test_the_files_own_properties_come_after_what_people_said(folder: Path) -> None:
    handbook(folder, {"defaults": {"language": "de"}})
    own = content(title="Own title", language="en")
    metadata = resolve(own, Path("x.docx"), folder, ("all",)).metadata
    assert (metadata.title, metadata.language) == ("Own title", "de")


def test_a_language_that_a_program_wrote_wrongly_is_no_error(folder: Path) -> None:
    found = resolve(
        content(text="Kundendaten dürfen nicht in das Werkzeug.", language="x-default"),
        Path("x.html"),
        folder,
        ("all",),
    )
    assert found.metadata.language == "de"


def test_what_nobody_said_is_guessed_and_the_default_audience_is_noted(folder: Path) -> None:
    found = resolve(content(), Path("02_KI-richtlinie_neu.csv"), folder, ("staff",))
    assert found.metadata.title == "KI-richtlinie neu"
    assert found.metadata.language == "en"
    assert found.metadata.audience == ("staff",)
    assert found.audience_defaulted
    assert not resolved(folder, {"audience": "all"}).audience_defaulted


@pytest.mark.parametrize(
    ("stem", "title"),
    [("tool-register", "Tool register"), ("KI-Richtlinie v2", "KI-Richtlinie v2"), ("2026", "2026"), ("a_b", "A b")],
)
def test_a_file_name_becomes_a_readable_title(stem: str, title: str) -> None:
    assert readable(stem) == title


@pytest.mark.parametrize(
    ("said", "name", "fault", "key"),
    [
        ({"default": {"audience": "hr"}}, "handbook.yaml", "unknown key", "default"),
        ({"defaults": ["hr"]}, "handbook.yaml", "shape", "defaults"),
        ({"documents": {"policy.md": "hr"}}, "handbook.yaml", "shape", "policy.md"),
        ({"defaults": {"audience": []}}, "handbook.yml", "empty", "audience"),
        ({"documents": {"policy.md": {"stand": "soon"}}}, "handbook.yml", "date", "stand"),
    ],
)
def test_a_fault_in_a_handbook_is_placed_in_it(folder: Path, said: object, name: str, fault: str, key: str) -> None:
    handbook(folder / "a" / "b", said, name)
    with pytest.raises(BrokenMetadata) as raised:
        resolved(folder)
    assert (raised.value.fault, raised.value.key, raised.value.source) == (fault, key, f"a/b/{name}")


def test_a_handbook_with_broken_syntax_names_the_line(folder: Path) -> None:
    (folder / "handbook.yaml").write_text("defaults:\n  audience: [hr\n", "utf-8")
    with pytest.raises(BrokenMetadata) as raised:
        resolved(folder)
    assert (raised.value.fault, raised.value.line, raised.value.source) == ("syntax", 3, "handbook.yaml")


def test_a_folder_has_one_handbook(folder: Path) -> None:
    handbook(folder, {})
    handbook(folder, {}, "handbook.yml")
    with pytest.raises(BrokenMetadata) as raised:
        resolved(folder)
    assert raised.value.fault == "twice"


def test_a_handbook_that_lies_outside_the_folder_is_refused(folder: Path) -> None:
    handbook(folder / "outside", {"defaults": {"audience": "all"}})
    (folder / "inside").mkdir()
    (folder / "inside" / "handbook.yaml").symlink_to(folder / "outside" / "handbook.yaml")
    with pytest.raises(BrokenMetadata) as raised:
        resolved(folder / "inside", path="policy.md")
    assert raised.value.fault == "outside"


def test_a_handbook_that_changed_is_read_again(folder: Path) -> None:
    handbook(folder, {"defaults": {"audience": "hr"}})
    assert resolved(folder).metadata.audience == ("hr",)
    handbook(folder, {"defaults": {"audience": "legal"}})
    assert resolved(folder).metadata.audience == ("legal",)
