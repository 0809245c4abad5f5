"""Plain text, separated values and workbooks: whatever wrote them, rows stay rows and paragraphs paragraphs."""

from __future__ import annotations

import codecs
import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from ingest.errors import BrokenMetadata, WrongType
from ingest.readers import Content, read
from knowledge.documents import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.documents import Block

TABLE = "Werkzeug;Klasse;Bemerkung\nDeepL;C2;löscht, was es übersetzt\nX;;\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def taken(folder: Path, name: str, content: bytes | str) -> Content:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(file)


def blocks(content: Content) -> list[Block]:
    return [block for section in content.sections for block in section.blocks]


def texts(content: Content) -> list[str]:
    return [block.text for block in blocks(content)]


@pytest.mark.parametrize(
    "encoded",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
        TABLE.encode("latin-1"),
        TABLE.replace("\n", "\r\n").encode("cp1252"),
    ],
)
def test_a_csv_file_is_read_in_every_usual_encoding(folder: Path, encoded: bytes) -> None:
    first, second = blocks(taken(folder, "a.csv", encoded))
    assert first.header == ("Werkzeug", "Klasse", "Bemerkung")
    assert first.text == "DeepL | C2 | löscht, was es übersetzt"
    assert second.cells == ("X", "", "")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_csv_file_is_read_with_every_usual_separator(folder: Path, separator: str) -> None:
    rows = [["Tool", "Note"], ["DeepL", '"a, b; c\nd"'], ["X", "3"]]
    content = taken(folder, "a.csv", "\n".join(separator.join(row) for row in rows))
    assert [block.cells for block in blocks(content)] == [("DeepL", "a, b; c d"), ("X", "3")]


def test_the_line_that_tells_excel_the_separator_is_no_header(folder: Path) -> None:
    (row,) = blocks(taken(folder, "a.csv", "sep=;\n\nTool;Note\nDeepL;x\n"))
    assert row.header == ("Tool", "Note")


def test_a_table_of_one_row_is_not_lost(folder: Path) -> None:
    assert texts(taken(folder, "a.csv", "Only,this\n")) == ["Only | this"]


def test_a_workbook_gives_a_section_for_each_sheet_and_a_block_for_each_row(folder: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Kurse"
    rows: list[list[Any]] = [
        [],
        ["Kurs", "Datum", "Preis", "Frei"],
        ["A3", dt.datetime(2026, 3, 24), 28.1, None],  # noqa: DTZ001 -- a workbook knows no zones
        [],
        ["A4", None, 0, True],
    ]
    for row in rows:
        first.append(row)
    other = book.create_sheet("Orte")
    other.append(["Raum", "Beginn"])
    other.append(["Elbe", dt.datetime(2026, 3, 24, 9, 30)])  # noqa: DTZ001 -- as above
    hidden = book.create_sheet("Intern")
    hidden.append(["Geheim"])
    hidden.sheet_state = "hidden"
    book.properties.title = "Kurskalender"
    book.save(folder / "a.xlsx")
    content = read(folder / "a.xlsx")
    assert content.properties == {"title": "Kurskalender"}
    assert content.hidden == len("Geheim")
    assert [(section.heading, [block.text for block in section.blocks]) for section in content.sections] == [
        (("Kurse",), ["A3 | 2026-03-24 | 28.1 | ", "A4 |  | 0 | TRUE"]),
        (("Orte",), ["Elbe | 2026-03-24 09:30"]),
    ]
    assert blocks(content)[0].header == ("Kurs", "Datum", "Preis", "Frei")


def test_a_line_above_a_table_is_no_header(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["Stand: März 2026"], ["Kurs", "Datum"], ["A3", "morgen"]]:
        sheet.append(row)
    book.save(folder / "a.xlsx")
    first, second = blocks(read(folder / "a.xlsx"))
    assert (first.kind, first.text) == (Kind.TEXT, "Stand: März 2026")
    assert second.header == ("Kurs", "Datum")


def test_plain_text_gives_headings_paragraphs_bullets_and_rules(folder: Path) -> None:
    text = (
        "AI POLICY\n=========\n\nThis policy applies to everybody who works for us, with any device, and\nalways.\n\n"
        "1. Scope\n\nIt covers the use of every tool.\n\n"
        "- one item that\n  goes on\n- another\n   * deeper\n\n"
        "1. Ask first.\n2. Then wait, even if it takes longer than you\nwant.\n\nPO Box 1\nHamburg\n"
    )
    content = taken(folder, "a.txt", text)
    assert [section.heading for section in content.sections] == [("AI POLICY",), ("AI POLICY", "1. Scope")]
    assert [(block.kind, block.marker, block.depth, block.text) for block in blocks(content)] == [
        (Kind.TEXT, "", 0, "This policy applies to everybody who works for us, with any device, and always."),
        (Kind.TEXT, "", 0, "It covers the use of every tool."),
        (Kind.ITEM, "", 0, "one item that goes on"),
        (Kind.ITEM, "", 0, "another"),
        (Kind.ITEM, "", 1, "deeper"),
        (Kind.RULE, "1.", 0, "Ask first."),
        (Kind.RULE, "2.", 0, "Then wait, even if it takes longer than you want."),
        (Kind.TEXT, "", 0, "PO Box 1\nHamburg"),
    ]


def test_front_matter_counts_in_plain_text_too(folder: Path) -> None:
    assert taken(folder, "a.txt", "---\naudience: hr\n---\nText").front == {"audience": "hr"}
    with pytest.raises(BrokenMetadata):
        taken(folder, "b.txt", "---\naudience: hr\nText")


@pytest.mark.parametrize("content", [b"%PDF-1.7 x", b"PK\x03\x04rest", bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv", "a.html"])
def test_what_is_no_text_is_refused_under_a_name_that_promises_text(folder: Path, name: str, content: bytes) -> None:
    with pytest.raises(WrongType):
        taken(folder, name, content)
