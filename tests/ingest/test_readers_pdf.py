"""A pdf is read in the order of the eye: headings, paragraphs, lists and tables, page by page."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from fpdf.fonts import FontFace
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import EmptyFile, Encrypted, TooLarge
from ingest.readers import Content, Limits, read
from ingest.readers.pdf_text import join
from knowledge.documents import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.documents import Block

LINE = "Every employee may use the approved tools, as long as the class of the data fits the tool. "
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
"""A picture of one point."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


class Paper(FPDF):
    """A policy with a running header and page numbers."""

    running = False

    def header(self) -> None:
        if self.running:
            self.set_font("Helvetica", size=8)
            self.cell(0, 5, "Hanse GmbH - internal", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        if self.running:
            self.set_y(-15)
            self.set_font("Helvetica", size=8)
            self.cell(0, 5, f"Page {self.page_no()} of 9")


def paper(*, running: bool = False) -> Paper:
    pdf = Paper()
    pdf.running = running
    pdf.add_page()
    return pdf


def heading(pdf: FPDF, text: str, size: int) -> None:
    pdf.set_font("Helvetica", "B", size)
    pdf.multi_cell(0, size / 2, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)


def say(pdf: FPDF, text: str) -> None:
    pdf.set_font("Helvetica", size=11)
    pdf.multi_cell(0, 5, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(3)


def saved(folder: Path, pdf: FPDF, limits: Limits | None = None) -> Content:
    pdf.output(str(folder / "a.pdf"))
    return read(folder / "a.pdf", limits)


def blocks(content: Content) -> list[Block]:
    return [block for section in content.sections for block in section.blocks]


def texts(content: Content) -> list[str]:
    return [block.text for block in blocks(content)]


def test_larger_and_bold_lines_are_headings_by_their_size(folder: Path) -> None:
    pdf = paper()
    heading(pdf, "AI policy", 20)
    heading(pdf, "1. Scope of a policy that has so long a heading that it needs a second line to be read", 14)
    say(pdf, LINE * 3)
    heading(pdf, "Data", 11)
    say(pdf, LINE)
    content = saved(folder, pdf)
    scope = "1. Scope of a policy that has so long a heading that it needs a second line to be read"
    assert [(section.heading, section.page) for section in content.sections] == [
        (("AI policy", scope), 1),
        (("AI policy", scope, "Data"), 1),
    ]
    assert texts(content) == [(LINE * 3).strip(), LINE.strip()]
    assert content.properties == {"title": "AI policy"}


def test_running_headers_and_page_numbers_are_left_out(folder: Path) -> None:
    pdf = paper(running=True)
    for page in ("One.", "Two.", "Three."):
        say(pdf, page)
        pdf.add_page()
    say(pdf, "Four.")
    content = saved(folder, pdf)
    assert texts(content) == ["One.", "Two.", "Three.", "Four."]
    assert [section.page for section in content.sections] == [1, 2, 3, 4]


def test_a_paragraph_that_goes_on_overleaf_is_not_cut(folder: Path) -> None:
    pdf = paper(running=True)
    pdf.set_y(260)
    pdf.set_auto_page_break(auto=True, margin=20)
    say(pdf, LINE * 5)
    assert texts(saved(folder, pdf)) == [(LINE * 5).strip()]


def test_rows_of_a_table_keep_their_cells_and_are_not_repeated_as_text(folder: Path) -> None:
    pdf = paper()
    say(pdf, "Before the table.")
    with pdf.table(headings_style=FontFace(emphasis="BOLD"), line_height=5) as table:
        for cells in (("Tool", "Remark"), ("DeepL", LINE.strip()), ("Firefly", "")):
            table.row(cells)
    say(pdf, "After the table.")
    content = saved(folder, pdf)
    assert [(block.kind, block.text) for block in blocks(content)] == [
        (Kind.TEXT, "Before the table."),
        (Kind.ROW, f"DeepL | {LINE.strip()}"),
        (Kind.ROW, "Firefly | "),
        (Kind.TEXT, "After the table."),
    ]
    assert blocks(content)[1].header == ("Tool", "Remark")


def test_a_table_that_goes_on_overleaf_keeps_its_header(folder: Path) -> None:
    pdf = paper(running=True)
    with pdf.table(line_height=8) as table:
        for cells in [("Tool", "Class", "Note"), *((f"T{n}", f"C{n}", "x") for n in range(60))]:
            table.row(cells)
    content = saved(folder, pdf)
    rows = blocks(content)
    assert [row.cells for row in rows] == [(f"T{n}", f"C{n}", "x") for n in range(60)]
    assert {row.header for row in rows} == {("Tool", "Class", "Note")}


def test_bullets_and_numbers_begin_blocks_of_their_own(folder: Path) -> None:
    pdf = paper()
    long = "ask the owner, even if that takes a long time and it needs more than one line to say it"
    say(pdf, f"You may:\n- {long}\n- wait\n1. First rule.\n2. Second rule.")
    assert [(block.kind, block.marker, block.text) for block in blocks(saved(folder, pdf))] == [
        (Kind.TEXT, "", "You may:"),
        (Kind.ITEM, "", long),
        (Kind.ITEM, "", "wait"),
        (Kind.RULE, "1.", "First rule."),
        (Kind.RULE, "2.", "Second rule."),
    ]


def test_two_columns_are_read_one_after_the_other(folder: Path) -> None:
    pdf = paper()
    heading(pdf, "Newsletter", 20)
    pdf.set_font("Helvetica", size=10)
    top = pdf.get_y()
    for x, word in ((10, "left"), (110, "right")):
        pdf.set_xy(x, top)
        pdf.multi_cell(90, 5, " ".join(f"{word} column number {n}" for n in range(40)))
    content = saved(folder, pdf)
    joined = " ".join(texts(content))
    assert joined.index("left column number 39") < joined.index("right column number 0")
    assert "right" not in joined[: joined.index("left column number 39")]


def test_white_tiny_and_off_page_text_is_counted_not_read(folder: Path) -> None:
    pdf = paper()
    say(pdf, "Visible.")
    pdf.set_text_color(255, 255, 255)
    say(pdf, "Ghost")
    pdf.set_fill_color(0, 0, 90)
    pdf.cell(60, 8, "Banner", fill=True)
    pdf.set_text_color(0, 0, 0)
    pdf.text(400, 50, "Outside")
    pdf.set_font_size(1)
    pdf.text(20, 100, "Tiny")
    content = saved(folder, pdf)
    assert texts(content) == ["Visible.", "Banner"]
    assert content.hidden == len("GhostOutsideTiny")


def block(pdf: FPDF, text: str, ink: int, paper: int, *, over: bool) -> None:
    """Write a line on a filled rectangle, or under it, in greys."""
    x, y = pdf.get_x(), pdf.get_y()
    pdf.set_font("Helvetica", size=11)
    pdf.set_fill_color(paper)
    pdf.set_text_color(ink)
    if over:
        pdf.rect(x, y, 120, 8, style="F")
    pdf.cell(120, 8, text, new_x="LMARGIN", new_y="NEXT")
    if not over:
        pdf.rect(x, y, 120, 8, style="F")
    pdf.ln(4)


def test_what_a_rectangle_was_drawn_over_is_counted_not_read(folder: Path) -> None:
    pdf = paper()
    block(pdf, "Banner", 255, 40, over=True)
    block(pdf, "Shaded", 0, 230, over=True)
    block(pdf, "Blacked", 0, 0, over=False)
    block(pdf, "Whited", 0, 255, over=False)
    block(pdf, "Night", 0, 0, over=True)
    block(pdf, "Grey", 128, 130, over=True)
    content = saved(folder, pdf)
    assert (texts(content), content.hidden) == (["Banner", "Shaded"], len("BlackedWhitedNightGrey"))


def test_what_is_marked_or_struck_through_is_read(folder: Path) -> None:
    pdf = paper()
    with pdf.local_context(fill_opacity=0.4):
        block(pdf, "Marked.", 0, 200, over=False)
    block(pdf, "Struck.", 0, 255, over=True)
    pdf.set_fill_color(0)
    pdf.rect(10, pdf.get_y() - 8, 60, 0.4, style="F")
    content = saved(folder, pdf)
    assert (texts(content), content.hidden) == (["Marked.", "Struck."], 0)


def test_a_rectangle_that_is_cut_to_a_small_place_covers_only_that(folder: Path) -> None:
    pdf = paper()
    say(pdf, LINE)
    with pdf.rect_clip(100, 200, 20, 20):
        pdf.set_fill_color(200)
        pdf.rect(0, 0, 210, 297, style="F")
    content = saved(folder, pdf)
    assert (texts(content), content.hidden) == ([LINE.strip()], 0)


def test_text_without_any_opacity_is_counted_not_read(folder: Path) -> None:
    pdf = paper()
    say(pdf, LINE)
    with pdf.local_context(fill_opacity=0):
        say(pdf, "Nobody sees this.")
    content = saved(folder, pdf)
    assert (texts(content), content.hidden) == ([LINE.strip()], len("Nobodyseesthis."))


def test_what_lies_outside_of_the_crop_box_is_counted_not_read(folder: Path) -> None:
    pdf = paper()
    say(pdf, LINE)
    pdf.set_y(200)
    say(pdf, "Cut away.")
    pdf.output(str(folder / "whole.pdf"))
    raw = (folder / "whole.pdf").read_bytes()
    assert b"/Type /Page\n" in raw
    (folder / "a.pdf").write_bytes(raw.replace(b"/Type /Page\n", b"/Type /Page\n/CropBox [0 500 595 842]\n", 1))
    content = read(folder / "a.pdf")
    assert (texts(content), content.hidden) == ([LINE.strip()], len("Cutaway."))


def test_a_title_that_a_program_made_up_is_not_taken(folder: Path) -> None:
    pdf = paper()
    pdf.set_title("Microsoft Word - policy_final2.docx")
    heading(pdf, "AI policy", 20)
    say(pdf, LINE)
    assert saved(folder, pdf).properties == {"title": "AI policy"}


def test_a_pdf_with_a_password_is_refused(folder: Path) -> None:
    pdf = paper()
    say(pdf, LINE)
    pdf.set_encryption("owner", "user", encryption_method=EncryptionMethod.AES_256)
    with pytest.raises(Encrypted):
        saved(folder, pdf)


def test_a_pdf_that_only_restricts_printing_is_read(folder: Path) -> None:
    pdf = paper()
    say(pdf, LINE)
    pdf.set_encryption("owner")
    assert texts(saved(folder, pdf)) == [LINE.strip()]


def test_a_scan_without_text_is_empty(folder: Path) -> None:
    with pytest.raises(EmptyFile):
        saved(folder, paper())


def test_pages_are_counted_before_they_are_read(folder: Path) -> None:
    pdf = paper()
    for _ in range(4):
        pdf.add_page()
    with pytest.raises(TooLarge) as raised:
        saved(folder, pdf, Limits(pages=3))
    assert (raised.value.limit, raised.value.allowed) == ("pages", 3)


@pytest.mark.parametrize(
    ("start", "rest", "whole"),
    [
        ("der Daten-", "schutz gilt", "der Datenschutz gilt"),
        ("der Daten\u00ad", "schutz gilt", "der Datenschutz gilt"),
        ("Ein-", "und Ausgabe", "Ein- und Ausgabe"),
        ("die KI-", "Richtlinie", "die KI-Richtlinie"),
        ("Covid-19-", "bedingt", "Covid-19-bedingt"),
        ("a well-", "known tool", "a well-known tool"),
        ("one - or", "two", "one - or two"),
        ("siehe -", "dort", "siehe - dort"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_goes_only_where_it_parted_a_word(start: str, rest: str, whole: str) -> None:
    assert join(start, rest, frozenset({"well-known", "datenschutz"})) == whole


@given(st.text(), st.text())
def test_joining_lines_loses_no_letter(start: str, rest: str) -> None:
    plain = str.maketrans("", "", " -\u2010\u00ad")
    assert join(start, rest).translate(plain) == (start + rest).translate(plain)


@pytest.mark.parametrize("mode", [3, 7])
def test_text_without_ink_is_hidden(folder: Path, mode: int) -> None:
    pdf = paper()
    pdf.set_font("Helvetica", size=11)
    pdf.multi_cell(0, 6, LINE, new_x="LMARGIN", new_y="NEXT")
    with pdf.local_context(text_mode=mode):
        pdf.multi_cell(0, 6, "Everything is allowed.", new_x="LMARGIN", new_y="NEXT")
    content = saved(folder, pdf)
    assert content.hidden == len("Everythingisallowed.")
    assert texts(content) == [LINE.strip()]


def test_text_without_ink_on_a_picture_is_what_was_recognised_in_a_scan(folder: Path) -> None:
    pdf = paper()
    pdf.image(DOT, x=0, y=0, w=210, h=297)
    pdf.set_font("Helvetica", size=11)
    with pdf.local_context(text_mode=3):
        pdf.multi_cell(0, 6, LINE, new_x="LMARGIN", new_y="NEXT")
    content = saved(folder, pdf)
    assert content.hidden == 0
    assert texts(content) == [LINE.strip()]
