"""Reads Word documents: headings, numbered rules, lists, tables, text boxes and footnotes, as Word shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from ingest.readers import tables
from ingest.readers.outline import Outline
from ingest.readers.word import Numbers, Styles, W, on, value
from ingest.readers.wording import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from docx.document import Document
    from lxml.etree import _Element as Element

    from ingest.readers.content import Content
    from ingest.readers.limits import Limits

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WRAPPERS = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple")
) | {f"{_MC}AlternateContent", f"{_MC}Choice"}
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
_LONGEST_HEADING = 80
_NO_TITLES = frozenset(("word document", "document", "dokument", "untitled"))


def read(path: Path, limits: Limits) -> Content:
    """Read a Word document. Deleted text of tracked changes, headers and footers are left out."""
    import docx

    document = docx.Document(str(path))
    outline = Outline(limits)
    _Walk(document, outline).blocks(document.element.body)
    title = (document.core_properties.title or "").strip()
    return outline.content({"title": outline.title() if title.lower() in ("", *_NO_TITLES) else title})


class _Walk:
    """Write the body of a document into an outline, paragraph by paragraph."""

    def __init__(self, document: Document, outline: Outline) -> None:
        self._outline = outline
        self._styles = Styles(cast("Element", document.styles.element))
        self._numbers = Numbers(_part(document, "numbering"), self._styles)
        self._notes = _footnotes(_part(document, "footnotes"))
        body = cast("Element", document.element.body)
        self._plain = all(self._styles.level(paragraph) is None for paragraph in body.iter(f"{W}p"))

    def blocks(self, parent: Element) -> None:
        """Write the paragraphs and tables below an element."""
        for element in _children(parent):
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element)

    def _paragraph(self, paragraph: Element) -> None:
        if self._styles.name(value(paragraph, "pPr/pStyle")).startswith(("toc ", "table of")):
            return
        text = self._text(paragraph)
        if text.strip():
            self._write(paragraph, text)
        for box in _boxes(paragraph):
            self.blocks(box)
        for note in paragraph.iter(f"{W}footnoteReference"):
            for line in self._notes.get(note.get(f"{W}id", ""), ()):
                self._outline.paragraph(self._text(line))

    def _write(self, paragraph: Element, text: str) -> None:
        level = self._styles.level(paragraph)
        place = self._numbers.next(paragraph)
        if level is not None:
            self._outline.heading(level, f"{place[1] if place else ''} {text}")
        elif place is not None:
            self._outline.item(text, *place)
        elif self._plain and self._looks_heading(paragraph, text):
            self._outline.heading(2, text)
        else:
            self._outline.paragraph(text)

    def _looks_heading(self, paragraph: Element, text: str) -> bool:
        """In a document without heading styles, a short bold line is a heading."""
        short = len(text) <= _LONGEST_HEADING and "\n" not in text.strip()
        outside = next(paragraph.iterancestors(f"{W}tbl"), None) is None
        return short and outside and self._bold(paragraph) and not text.rstrip().endswith((".", ":", ",", ";"))

    def _bold(self, paragraph: Element) -> bool:
        runs = [run for run in _runs(paragraph) if _run_text(run).strip()]
        style = self._styles.switch(value(paragraph, "pPr/pStyle"), "rPr/b")
        return bool(runs) and all(style if (own := on(run, "rPr/b")) is None else own for run in runs)

    def _text(self, paragraph: Element) -> str:
        """Return what the paragraph shows; what it hides is counted."""
        shown: list[str] = []
        for run in _runs(paragraph):
            text = _run_text(run)
            if self._styles.hides(run, paragraph):
                self._outline.conceal(visible(text))
            else:
                shown.append(text)
        return "".join(shown)

    def _table(self, table: Element) -> None:
        rows = [row for row in _children(table) if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None]
        hidden = [row for row in rows if on(row, "trPr/hidden")]
        self._outline.conceal(sum(visible(_run_text(run)) for row in hidden for run in row.iter(f"{W}r")))
        rows = [row for row in rows if row not in hidden]
        if all(sum(1 for _ in _cells(row)) <= 1 for row in rows):
            for row in rows:
                for cell in _cells(row):
                    self.blocks(cell)
            return
        tables.add(self._outline, self._rows(table, rows))

    def _rows(self, table: Element, rows: Iterable[Element]) -> list[tables.Row]:
        """Return the rows; a cell that spans rows is repeated downwards, one that spans columns is padded."""
        found: list[tables.Row] = []
        above: tuple[str, ...] = ()
        stands_out = self._styles.first_row_stands_out(table)
        for row in rows:
            cells: list[str] = []
            for cell in _cells(row):
                at = len(cells)
                goes_on = value(cell, "tcPr/vMerge") in ("", "continue")
                text = above[at] if goes_on and at < len(above) else self._cell(cell)
                cells += [text] + [""] * (_span(cell) - 1)
            heads = on(row, "trPr/tblHeader") or (stands_out and not found) or self._all_bold(row)
            above = tuple(cells)
            found.append(tables.Row(above, heads))
        return found

    def _all_bold(self, row: Element) -> bool:
        paragraphs = [paragraph for paragraph in row.iter(f"{W}p") if "".join(map(_run_text, _runs(paragraph))).strip()]
        return bool(paragraphs) and all(self._bold(paragraph) for paragraph in paragraphs)

    def _cell(self, cell: Element) -> str:
        lines = (self._numbered(paragraph) for paragraph in cell.iter(f"{W}p") if not _copied(paragraph))
        return " ".join(line for line in lines if line.strip())

    def _numbered(self, paragraph: Element) -> str:
        self._numbers.next(paragraph)  # counted, not written: a cell is one text
        return self._text(paragraph)


def _part(document: Document, kind: str) -> Element | None:
    """Return the root of another part of the document, None if there is none."""
    from docx.oxml.parser import parse_xml

    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            return cast("Element", parse_xml(relation.target_part.blob))
    return None


def _footnotes(root: Element | None) -> dict[str, list[Element]]:
    notes = () if root is None else root.iterchildren(f"{W}footnote")
    return {note.get(f"{W}id", ""): list(note.iter(f"{W}p")) for note in notes if not note.get(f"{W}type")}


def _children(parent: Element) -> Iterator[Element]:
    """Yield the children of an element, looking through wrappers such as content controls and insertions."""
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from _children(child)
        else:
            yield child


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in _children(row) if cell.tag == f"{W}tc")


def _runs(paragraph: Element) -> Iterator[Element]:
    return (run for run in _children(paragraph) if run.tag == f"{W}r")


def _run_text(run: Element) -> str:
    """Return a run's text without field codes, drawings and deletions."""
    parts: list[str] = []
    for node in run:
        if node.tag == f"{W}t":
            parts.append(node.text or "")
        else:
            parts.append(_BREAKS.get(str(node.tag), ""))
    return "".join(parts)


def _boxes(paragraph: Element) -> Iterator[Element]:
    """Yield the text boxes anchored in a paragraph, not their copies for old programs, nor those inside them."""
    for box in paragraph.iter(f"{W}txbxContent"):
        outer = next(box.iterancestors(f"{W}txbxContent", f"{_MC}Fallback", f"{W}p"), None)
        if outer is not None and outer.tag == f"{W}p" and outer is paragraph:
            yield box


def _copied(paragraph: Element) -> bool:
    """Tell whether a paragraph only repeats another for old programs."""
    return next(paragraph.iterancestors(f"{_MC}Fallback"), None) is not None


def _span(cell: Element) -> int:
    span = value(cell, "tcPr/gridSpan") or ""
    return min(int(span), 64) if re.fullmatch(r"[1-9]\d*", span) else 1
