"""Reads PowerPoint decks: a slide is a section under its title, with its lists, tables and speaker notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ingest.errors import TooLarge
from ingest.readers import pptx_ground, tables
from ingest.readers.numbering import bulleted, ordinal
from ingest.readers.outline import Outline
from ingest.readers.wording import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pptx.presentation import Presentation
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.table import Table, _Cell
    from pptx.text.text import TextFrame, _Paragraph

    from ingest.readers.content import Content
    from ingest.readers.limits import Limits

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_NO_TITLES = frozenset(("powerpoint presentation", "powerpoint-präsentation", "presentation", "präsentation"))
_UNREADABLE = 200  # hundredths of a point
_NUMBERS = {"alphaLc": "a", "alphaUc": "A", "romanLc": "i", "romanUc": "I", "arabic": "1"}


def read(path: Path, limits: Limits) -> Content:
    """Read every slide that is shown; hidden slides, hidden shapes and shapes beside the slide are counted only."""
    import pptx

    deck = pptx.Presentation(str(path))
    if len(deck.slides) > limits.pages:
        raise TooLarge("pages", limits.pages, len(deck.slides))
    outline = Outline(limits)
    for number, slide in enumerate(deck.slides, 1):
        if slide.element.get("show") in ("0", "false"):
            outline.conceal(sum(_length(shape) for shape in slide.shapes))
        else:
            outline.slide(number)
            _slide(outline, slide, deck)
    title = (deck.core_properties.title or "").strip()
    return outline.content({"title": outline.title() if title.lower() in ("", *_NO_TITLES) else title})


def _slide(outline: Outline, slide: Slide, deck: Presentation) -> None:
    title = slide.shapes.title
    if title is not None and not _unseen(title, deck):
        _unwhite(outline, title, slide)
        outline.heading(1, " ".join(_texts(title.text_frame, outline)))
    for shape in _flat(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if _unseen(shape, deck):
            outline.conceal(_length(shape))
        else:
            _unwhite(outline, shape, slide)
            _shape(outline, shape)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for text in _texts(notes, outline) if notes is not None else ():
        outline.paragraph(text)


def _unwhite(outline: Outline, shape: BaseShape, slide: Slide) -> None:
    """Take white runs out of a shape behind which nothing but white paper is."""
    parent = shape.element.getparent()
    inside_group = parent is None or str(parent.tag).endswith("}grpSp")
    if inside_group or not shape.has_text_frame:
        return
    frame: TextFrame = shape.text_frame  # type: ignore[attr-defined] # it has one
    white = [run for paragraph in frame.paragraphs for run in paragraph.runs if pptx_ground.white(run._r)]  # noqa: SLF001 -- as below
    if white and pptx_ground.bare(shape, slide):
        for run in white:
            outline.conceal(visible(run.text))
            run.text = ""


def _flat(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    """Yield shapes in the order of the slide, groups opened, without what every slide repeats."""
    from pptx.enum.shapes import PP_PLACEHOLDER
    from pptx.shapes.group import GroupShape

    repeated = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.HEADER)
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _flat(shape.shapes)
        elif not (shape.is_placeholder and shape.placeholder_format.type in repeated):
            yield shape


def _shape(outline: Outline, shape: Any) -> None:  # noqa: ANN401 -- what a shape can do is known at run time only
    if shape.has_text_frame:
        _frame(outline, shape.text_frame, listed=_lists(shape))
    elif getattr(shape, "has_table", False):
        tables.add(outline, _rows(shape.table, outline))
    else:
        for text in _diagram(shape):
            outline.item(text)


def _frame(outline: Outline, frame: TextFrame, *, listed: bool) -> None:
    """Write a text frame; in the body of a slide every paragraph is an item unless it says otherwise."""
    counts: dict[int, int] = {}
    for paragraph in frame.paragraphs:
        text = _text(paragraph, outline)
        if not text.strip():
            continue
        marker = _marker(paragraph, counts)
        bullet = _bullet(paragraph)
        if marker or (listed if bullet is None else bullet):
            outline.item(_unbulleted(text), paragraph.level, marker)
        else:
            outline.paragraph(text)


def _unbulleted(text: str) -> str:
    found = bulleted(text)
    return found[1] if found else text


def _marker(paragraph: _Paragraph, counts: dict[int, int]) -> str:
    """Return the number that PowerPoint writes in front of the paragraph, "" if it writes none."""
    properties = paragraph._p.pPr  # noqa: SLF001 -- python-pptx has no public door to bullets
    auto = None if properties is None else properties.find(f"{_A}buAutoNum")
    for deeper in [level for level in counts if level > paragraph.level]:
        del counts[deeper]
    if auto is None:
        counts.pop(paragraph.level, None)
        return ""
    counts[paragraph.level] = counts.get(paragraph.level, int(auto.get("startAt", "1")) - 1) + 1
    kind = auto.get("type", "arabicPeriod")
    style = next((short for name, short in _NUMBERS.items() if kind.startswith(name)), "1")
    return f"{ordinal(counts[paragraph.level], style)}{')' if 'Paren' in kind else '.'}"


def _bullet(paragraph: _Paragraph) -> bool | None:
    """Tell whether the paragraph itself asks for a bullet, None if it leaves that to its layout."""
    properties = paragraph._p.pPr  # noqa: SLF001 -- as above
    if properties is None:
        return None
    if properties.find(f"{_A}buNone") is not None:
        return False
    return True if properties.find(f"{_A}buChar") is not None else None


def _lists(shape: BaseShape) -> bool:
    """Tell whether the shape is the body of a slide, whose paragraphs have bullets by default."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    bodies = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT)
    return shape.is_placeholder and shape.placeholder_format.type in bodies


def _text(paragraph: _Paragraph, outline: Outline) -> str:
    """Return the paragraph without runs too small to read."""
    for run in paragraph.runs:
        size = run._r.rPr.get("sz") if run._r.rPr is not None else None  # noqa: SLF001 -- the size as written
        if size and size.isdigit() and int(size) <= _UNREADABLE:
            outline.conceal(visible(run.text))
            run.text = ""
    return paragraph.text.replace("\v", "\n")


def _texts(frame: TextFrame, outline: Outline) -> list[str]:
    return [text for paragraph in frame.paragraphs if (text := _text(paragraph, outline)).strip()]


def _rows(table: Table, outline: Outline) -> list[tables.Row]:
    """Return the rows; a cell that spans rows is repeated downwards, one that spans columns is padded."""
    found: list[tables.Row] = []
    for number, row in enumerate(table.rows):
        cells: list[str] = []
        for at, cell in enumerate(row.cells):
            below = cell.is_spanned and not (at and _spans_left(table, number, at))
            cells.append(found[-1].cells[at] if below and found else "" if cell.is_spanned else _cell(cell, outline))
        found.append(tables.Row(tuple(cells), number == 0 and table.first_row))
    return found


def _spans_left(table: Table, row: int, column: int) -> bool:
    """Tell whether the cell belongs to one that begins further left."""
    return table.cell(row, column)._tc.get("hMerge") in ("1", "true")  # noqa: SLF001 -- no public property


def _cell(cell: _Cell, outline: Outline) -> str:
    return " ".join(_texts(cell.text_frame, outline))


def _diagram(shape: BaseShape) -> list[str]:
    """Return the texts of a SmartArt diagram, which lie in a part of their own."""
    ids = next((node for node in shape.element.iter() if str(node.tag).endswith("}relIds")), None)
    if ids is None:
        return []
    from pptx.oxml import parse_xml

    key = next(value for name, value in ids.attrib.items() if str(name).endswith("}dm"))
    root = cast("Any", parse_xml(shape.part.related_part(str(key)).blob))
    paragraphs = ("".join(node.text or "" for node in line.iter(f"{_A}t")) for line in root.iter(f"{_A}p"))
    return [text for text in paragraphs if text.strip()]


def _unseen(shape: BaseShape, deck: Presentation) -> bool:
    """Tell whether a shape is hidden or lies beside the slide."""
    properties = next((node for node in shape.element.iter() if str(node.tag).endswith("}cNvPr")), None)
    if properties is not None and properties.get("hidden") in ("1", "true"):
        return True
    parent = shape.element.getparent()
    inside_group = parent is not None and str(parent.tag).endswith("}grpSp")
    placed = None not in (shape.left, shape.top, shape.width, shape.height)
    if inside_group or not placed:
        return False
    beside = shape.left >= (deck.slide_width or 0) or shape.top >= (deck.slide_height or 0)
    return beside or shape.left + shape.width <= 0 or shape.top + shape.height <= 0


def _length(shape: Any) -> int:  # noqa: ANN401 -- as for _shape
    return visible(shape.text_frame.text) if shape.has_text_frame else 0
