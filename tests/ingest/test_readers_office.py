"""Word and PowerPoint files are read as people see them."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import docx
import openpyxl
import pptx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor
from openpyxl.styles import Font, PatternFill
from pptx.dml.color import RGBColor as PptxColor
from pptx.util import Inches, Pt

from ingest.readers import Content, read
from knowledge.documents import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from pptx.presentation import Presentation

    from knowledge.documents import Block


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def saved(folder: Path, file: Document | Presentation, name: str) -> Content:
    file.save(str(folder / name))
    return read(folder / name)


def blocks(content: Content) -> list[Block]:
    return [block for section in content.sections for block in section.blocks]


def texts(content: Content) -> list[str]:
    return [block.text for block in blocks(content)]


def legal_list(document: Document) -> str:
    """Add a list that Word numbers 1, 1.1, (a), and return its id."""
    levels = ("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)")
    written = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (style, text) in enumerate(levels)
    )
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{written}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return "77"


def number(paragraph: Paragraph, name: str, depth: int) -> None:
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 -- python-docx writes no list numbers itself
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{name}"/></w:numPr>')
    )


def test_word_headings_lists_and_tables_stay_in_order(folder: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "KI-Richtlinie"
    document.add_heading("Richtlinie", 0)
    document.add_heading("Daten", 1)
    document.add_paragraph("Vor der Tabelle.")
    table = document.add_table(2, 3)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), "Tool Klasse Stand X C1 ok".split(), strict=True
    ):
        cell.text = text
    document.add_heading("Klassen", 2)
    document.add_paragraph("Punkt", "List Bullet")
    document.add_paragraph("Tiefer", "List Bullet 2")
    document.add_paragraph("Regel", "List Number")
    document.add_paragraph("Noch eine", "List Number")
    content = saved(folder, document, "a.docx")
    assert content.properties == {"title": "KI-Richtlinie"}
    assert content.sections[-1].heading == ("Richtlinie", "Daten", "Klassen")
    assert [(block.kind, block.marker, block.text) for block in blocks(content)] == [
        (Kind.TEXT, "", "Vor der Tabelle."),
        (Kind.ROW, "", "X | C1 | ok"),
        (Kind.ITEM, "", "Punkt"),
        (Kind.ITEM, "", "Tiefer"),
        (Kind.RULE, "1.", "Regel"),
        (Kind.RULE, "2.", "Noch eine"),
    ]


def test_numbers_that_word_counts_are_counted_alike(folder: Path) -> None:
    document = docx.Document()
    name = legal_list(document)
    number(document.add_heading("Geltung", 1), name, 0)
    number(document.add_paragraph("Erstens."), name, 1)
    number(document.add_paragraph("Zweitens."), name, 1)
    number(document.add_paragraph("Im Einzelnen."), name, 2)
    number(document.add_heading("Daten", 1), name, 0)
    number(document.add_paragraph("Drittens."), name, 1)
    content = saved(folder, document, "a.docx")
    assert [section.heading for section in content.sections] == [("1. Geltung",), ("2. Daten",)]
    assert [(block.marker, block.depth) for block in blocks(content)] == [
        ("1.1", 1),
        ("1.2", 1),
        ("(a)", 2),
        ("2.1", 1),
    ]


def test_hidden_and_white_runs_of_word_are_counted_not_read(folder: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Fragen Sie")
    paragraph.add_run(" nie").font.hidden = True
    white = paragraph.add_run(" niemals")
    white.font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run(" zuerst.")
    shaded = document.add_table(1, 2).rows[0].cells
    for cell in shaded:
        run = cell.paragraphs[0].add_run("Kopf" + str(len(cell.text)))
        run.font.color.rgb = RGBColor(255, 255, 255)
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:fill="003366"/>'))  # noqa: SLF001 -- no API
    content = saved(folder, document, "a.docx")
    assert texts(content) == ["Fragen Sie zuerst.", "Kopf0 | Kopf0"]
    assert content.hidden == len("nieniemals")


def test_what_a_style_of_word_makes_white_or_tiny_and_hidden_rows_are_counted_not_read(folder: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Offen.")
    for name, kind, colour, size in (
        ("Weiss", WD_STYLE_TYPE.PARAGRAPH, RGBColor(255, 255, 255), None),
        ("Fast", WD_STYLE_TYPE.PARAGRAPH, RGBColor(254, 254, 254), None),
        ("Winzig", WD_STYLE_TYPE.PARAGRAPH, None, Pt(1)),
        ("Zeichen", WD_STYLE_TYPE.CHARACTER, RGBColor(255, 255, 255), None),
    ):
        style = document.styles.add_style(name, kind)
        style.font.color.rgb, style.font.size = colour, size
        paragraph = document.add_paragraph("" if name == "Zeichen" else name, None if name == "Zeichen" else style)
        if name == "Zeichen":
            paragraph.add_run(name, style)
    own = document.add_paragraph("", document.styles["Weiss"]).add_run("Schwarz.")
    own.font.color.rgb = RGBColor(0, 0, 0)
    rows = document.add_table(2, 2).rows
    for cell, text in zip((*rows[0].cells, *rows[1].cells), ("Tool", "Status", "X", "erlaubt"), strict=True):
        cell.text = text
    rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:hidden {nsdecls('w')}/>"))  # noqa: SLF001 -- no API
    content = saved(folder, document, "a.docx")
    assert texts(content)[:2] == ["Offen.", "Schwarz."]
    assert "erlaubt" not in " ".join(texts(content))
    assert content.hidden == len("WeissFastWinzigZeichenXerlaubt")


def test_insertions_are_read_and_deletions_are_not(folder: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Alt ")._p  # noqa: SLF001 -- python-docx tracks no changes itself
    for tag, inner, text in (("ins", "t", "neu"), ("del", "delText", "weg")):
        paragraph.append(
            parse_xml(f'<w:{tag} {nsdecls("w")} w:id="1"><w:r><w:{inner}>{text}</w:{inner}></w:r></w:{tag}>')
        )
    assert texts(saved(folder, document, "a.docx")) == ["Alt neu"]


def test_content_controls_are_looked_through(folder: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Drin")._p  # noqa: SLF001 -- python-docx writes no content controls
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    paragraph.addprevious(control)
    content = control.find(qn("w:sdtContent"))
    assert content is not None
    content.append(paragraph)
    assert texts(saved(folder, document, "a.docx")) == ["Drin"]


def test_without_heading_styles_short_bold_lines_are_headings(folder: Path) -> None:
    document = docx.Document()
    document.add_paragraph().add_run("Geltung").bold = True
    document.add_paragraph("Alle.")
    document.add_paragraph().add_run("Das ist nur ein fetter Satz.").bold = True
    content = saved(folder, document, "a.docx")
    assert content.sections[-1].heading == ("Geltung",)
    assert texts(content) == ["Alle.", "Das ist nur ein fetter Satz."]


def test_merged_cells_of_word_keep_their_columns(folder: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for at, text in enumerate("Tool Klasse Stand DeepL C1 ja - C2 nein".split()):
        table.cell(at // 3, at % 3).text = text
    table.cell(2, 0).text = ""
    table.cell(1, 0).merge(table.cell(2, 0))
    assert [block.cells for block in blocks(saved(folder, document, "a.docx"))] == [
        ("DeepL", "C1", "ja"),
        ("DeepL", "C2", "nein"),
    ]


def test_a_single_cell_around_text_is_no_table(folder: Path) -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "Hinweis"
    (block,) = blocks(saved(folder, document, "a.docx"))
    assert (block.kind, block.text) == (Kind.TEXT, "Hinweis")


def deck() -> Presentation:
    presentation = pptx.Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    assert first.shapes.title is not None
    first.shapes.title.text = "KI-Strategie"
    body = first.placeholders[1].text_frame
    body.text = "Ziel"
    deeper = body.add_paragraph()
    deeper.text, deeper.level = "Teilziel", 1
    assert first.notes_slide.notes_text_frame is not None
    first.notes_slide.notes_text_frame.text = "Gilt ab 2027."
    return presentation


def test_a_slide_is_a_section_with_its_page_items_and_notes(folder: Path) -> None:
    content = saved(folder, deck(), "a.pptx")
    (section,) = content.sections
    assert (section.heading, section.page) == (("KI-Strategie",), 1)
    assert [(block.kind, block.depth, block.text) for block in section.blocks] == [
        (Kind.ITEM, 0, "Ziel"),
        (Kind.ITEM, 1, "Teilziel"),
        (Kind.TEXT, 0, "Gilt ab 2027."),
    ]
    assert content.properties == {"title": "KI-Strategie"}


def test_a_slide_without_a_title_is_not_put_below_the_one_before(folder: Path) -> None:
    presentation = deck()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    slide.shapes.add_textbox(0, 0, Inches(3), Inches(1)).text_frame.text = "Ohne Titel"
    last = saved(folder, presentation, "a.pptx").sections[-1]
    assert (last.heading, last.page, last.blocks[0].text) == ((), 2, "Ohne Titel")


def test_tables_of_a_deck_keep_header_and_cells(folder: Path) -> None:
    presentation = deck()
    shapes = presentation.slides[0].shapes
    table = shapes.add_table(3, 2, 0, 0, Inches(4), Inches(2)).table
    for at, text in enumerate(["Jahr", "Ziel", "2027", "Suche", "", "Modell"]):
        table.cell(at // 2, at % 2).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    rows = [block for block in blocks(saved(folder, presentation, "a.pptx")) if block.kind is Kind.ROW]
    assert [row.cells for row in rows] == [("2027", "Suche"), ("2027", "Modell")]
    assert rows[0].header == ("Jahr", "Ziel")


def test_hidden_slides_shapes_beside_the_slide_and_tiny_text_are_counted_not_read(folder: Path) -> None:
    presentation = deck()
    shapes = presentation.slides[0].shapes
    shapes.add_textbox(presentation.slide_width or 0, 0, Inches(1), Inches(1)).text_frame.text = "daneben"
    tiny = shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.paragraphs[0].add_run()
    tiny.text, tiny.font.size = "winzig", Pt(1)
    hidden = presentation.slides.add_slide(presentation.slide_layouts[6])
    hidden.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "versteckt"
    hidden.element.set("show", "0")
    content = saved(folder, presentation, "a.pptx")
    assert texts(content) == ["Ziel", "Teilziel", "Gilt ab 2027."]
    assert content.hidden == len("danebenwinzigversteckt")


def test_hidden_rows_and_columns_of_a_sheet_are_left_out_and_counted(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Tool", "Note", "Status"], ["Translator", "secret", "allowed"], ["Painter", "x", "forbidden"]):
        sheet.append(row)
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    book.save(folder / "a.xlsx")
    content = read(folder / "a.xlsx")
    assert [block.text for section in content.sections for block in section.blocks] == ["Translator | allowed"]
    assert content.hidden == len("Notesecret") + len("Painterxforbidden")


def flattened(whole: Path, flat: Path) -> None:
    """Give rows of nine points no height, as Excel writes it and openpyxl does not."""
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(flat, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ht="9"', b'ht="0"'))


def test_cells_that_nobody_sees_are_left_out_and_counted(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Tool", "A", "B", "C", "D", "Status"])
    sheet.append(["Translator", "white", "format", "tiny", "banner", "allowed"])
    sheet["B2"].font = Font(color="FFFFFF")
    sheet["C2"].number_format = ";;;"
    sheet["D2"].font = Font(size=1)
    sheet["E2"].font, sheet["E2"].fill = Font(color="FFFFFF"), PatternFill("solid", fgColor="003366")
    sheet.append(["Flat", "row"])
    sheet.row_dimensions[3].height = 9
    book.save(folder / "whole.xlsx")
    flattened(folder / "whole.xlsx", folder / "a.xlsx")
    content = read(folder / "a.xlsx")
    (row,) = (block for section in content.sections for block in section.blocks)
    assert (row.text.split(" | ")[0], row.text.split(" | ")[-2:]) == ("Translator", ["banner", "allowed"])
    assert content.hidden == len("whiteformattinyFlatrow")


def test_white_text_on_a_white_slide_is_counted_not_read_and_on_anything_else_it_is_read(folder: Path) -> None:
    presentation = deck()
    shapes = presentation.slides[0].shapes
    for number, text in enumerate(("Weiss.", "Balken.", "Bild.")):
        box = shapes.add_textbox(0, Inches(number + 2), Inches(2), Inches(1))
        run = box.text_frame.paragraphs[0].add_run()
        run.text, run.font.color.rgb = text, PptxColor(255, 255, 255)  # type: ignore[no-untyped-call] # python-pptx has no types here
        if text == "Balken.":
            box.fill.solid()
            box.fill.fore_color.rgb = PptxColor(0, 51, 102)  # type: ignore[no-untyped-call] # as above
        if text == "Bild.":
            shapes.add_shape(1, 0, Inches(number + 2), Inches(2), Inches(1))
    content = saved(folder, presentation, "a.pptx")
    assert texts(content) == ["Ziel", "Teilziel", "Balken.", "Bild.", "Gilt ab 2027."]
    assert content.hidden == len("Weiss.")


def test_tiny_text_in_the_title_and_the_cells_of_a_slide_is_counted_not_read(folder: Path) -> None:
    presentation = deck()
    shapes = presentation.slides[0].shapes
    assert shapes.title is not None
    cell = shapes.add_table(2, 1, 0, 0, Inches(4), Inches(2)).table.cell(1, 0)
    for frame in (shapes.title.text_frame, cell.text_frame):
        run = frame.paragraphs[0].add_run()
        run.text, run.font.size = "winzig", Pt(1)
    content = saved(folder, presentation, "a.pptx")
    assert "winzig" not in " ".join([*content.sections[0].heading, *texts(content)])
    assert content.hidden == 2 * len("winzig")


def test_rows_that_a_filter_hides_are_read(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Tool", "Status"], ["Translator", "allowed"], ["Painter", "forbidden"]):
        sheet.append(row)
    sheet.auto_filter.ref = "A1:B3"
    sheet.auto_filter.add_filter_column(1, ["allowed"])
    sheet.row_dimensions[3].hidden = True
    book.save(folder / "a.xlsx")
    content = read(folder / "a.xlsx")
    assert [block.cells[0] for section in content.sections for block in section.blocks] == ["Translator", "Painter"]
    assert content.hidden == 0
