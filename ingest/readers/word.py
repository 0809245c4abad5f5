"""What WordprocessingML says about a paragraph without showing it: styles, list numbers, hidden runs."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ingest.readers.numbering import ordinal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_OFF = frozenset(("0", "false", "off", "none"))
_FORMATS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_HEADING = re.compile(r"heading (\d)")
_WHITE = re.compile(r"white|(?:f[a-f]){3}")
_PAPER = frozenset(("background1", "light1"))  # the colour of the page, by its place in the theme
_NO_FILL = frozenset(("", "auto", "none"))
_UNREADABLE = 4  # half points
_LEVELS = 9
_BODY_TEXT = 9


def value(element: Element | None, path: str) -> str | None:
    """Return the `w:val` of the element at a path such as "pPr/pStyle", "" if it has none, None if it is not there."""
    found = None if element is None else element.find("/".join(W + step for step in path.split("/")))
    return None if found is None else found.get(f"{W}val", "")


def on(element: Element | None, path: str) -> bool | None:
    """Return a switch such as "rPr/vanish", None if it is not set here."""
    found = value(element, path)
    return None if found is None else found.lower() not in _OFF


class Styles:
    """Look properties up along the chain of styles that a paragraph, run or table is based on."""

    def __init__(self, root: Element) -> None:
        self._styles: dict[str, Element] = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
        self._standard = next((name for name, style in self._styles.items() if _standard(style)), "")
        self.chain = lru_cache(maxsize=None)(self._chain)

    def _chain(self, name: str | None) -> tuple[Element, ...]:
        chain: list[Element] = []
        style = self._styles.get(name or self._standard)
        while style is not None and style not in chain:
            chain.append(style)
            style = self._styles.get(value(style, "basedOn") or "")
        return tuple(chain)

    def name(self, name: str | None) -> str:
        """Return the style's built-in English name in lower case, such as "heading 1" or "toc 2"."""
        chain = self.chain(name)
        return (value(chain[0], "name") or "").lower() if chain and name else ""

    def first(self, name: str | None, path: str) -> str | None:
        """Return the nearest value along the chain."""
        return next((found for style in self.chain(name) if (found := value(style, path)) is not None), None)

    def switch(self, name: str | None, path: str) -> bool:
        """Return the nearest switch along the chain, off if none sets it."""
        return next((found for style in self.chain(name) if (found := on(style, path)) is not None), False)

    def level(self, paragraph: Element) -> int | None:
        """Return a heading's level, 0 for the document's title, None for other paragraphs."""
        style = value(paragraph, "pPr/pStyle")
        for link in self.chain(style) if style else ():
            name = (value(link, "name") or "").lower()
            match = _HEADING.fullmatch(name)
            if match or name == "title":
                return int(match[1]) if match else 0
        outline = value(paragraph, "pPr/outlineLvl") or (self.first(style, "pPr/outlineLvl") if style else None)
        return int(outline) + 1 if outline and outline.isdigit() and int(outline) < _BODY_TEXT else None

    def first_row_stands_out(self, table: Element) -> bool:
        """Tell whether the table's style sets its first row off, and the table wants that."""
        look = table.find(f"{W}tblPr/{W}tblLook")
        if look is None or not _wants_first_row(look):
            return False
        chain = self.chain(value(table, "tblPr/tblStyle"))
        parts = (part for style in chain for part in style.iterchildren(f"{W}tblStylePr"))
        return any(part.get(f"{W}type") == "firstRow" for part in parts)

    def hides(self, run: Element, paragraph: Element) -> bool:
        """Tell whether nobody sees the run: hidden, unreadably small, or white on nothing darker."""
        own, style = value(run, "rPr/rStyle"), value(paragraph, "pPr/pStyle")
        vanish = on(run, "rPr/vanish")
        if vanish is None:
            vanish = (bool(own) and self.switch(own, "rPr/vanish")) or self.switch(style, "rPr/vanish")
        size = self._nearest(run, paragraph, "rPr/sz") or ""
        return vanish or (size.isdigit() and int(size) <= _UNREADABLE) or self._white(run, paragraph)

    def _white(self, run: Element, paragraph: Element) -> bool:
        if not self._pale(run, paragraph) or value(run, "rPr/highlight") is not None:
            return False
        around = (run, paragraph, *paragraph.iterancestors(), *self._said(run, paragraph))
        return not any(_filled(node) for node in around) and not self._dressed(run)

    def _pale(self, run: Element, paragraph: Element) -> bool:
        """Tell whether the nearest colour that is said of the run is that of paper."""
        for node in (run, *self._said(run, paragraph)):
            colour = node.find(f"{W}rPr/{W}color")
            if colour is not None:
                paper = colour.get(f"{W}themeColor") in _PAPER and not colour.get(f"{W}themeShade")
                return paper or _WHITE.fullmatch(colour.get(f"{W}val", "").lower()) is not None
        return False

    def _said(self, run: Element, paragraph: Element) -> tuple[Element, ...]:
        """Return the styles that speak about a run, the nearest first."""
        own = value(run, "rPr/rStyle")
        return (*(self.chain(own) if own else ()), *self.chain(value(paragraph, "pPr/pStyle")))

    def _nearest(self, run: Element, paragraph: Element, path: str) -> str | None:
        nodes = (run, *self._said(run, paragraph))
        return next((found for node in nodes if (found := value(node, path)) is not None), None)

    def _dressed(self, run: Element) -> bool:
        """Tell whether a table's style or a drawn shape may put a colour behind the run."""
        for node in run.iterancestors(f"{W}tbl", f"{W}txbxContent"):
            chain = self.chain(value(node, "tblPr/tblStyle")) if node.tag == f"{W}tbl" else ()
            if node.tag == f"{W}txbxContent" or any(style.find(f".//{W}shd") is not None for style in chain):
                return True
        return False


class Numbers:
    """Count numbered paragraphs as Word does, and write their numbers ("3.2", "a)", "§ 4")."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._levels: dict[str, dict[int, Element]] = {}
        self._lists: dict[str, Element] = {}
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * _LEVELS)
        self._begun: set[tuple[str, int]] = set()
        for element in () if root is None else root:
            if element.tag == f"{W}abstractNum":
                self._levels[element.get(f"{W}abstractNumId", "")] = dict(_by_level(element))
            elif element.tag == f"{W}num":
                self._lists[element.get(f"{W}numId", "")] = element

    def next(self, paragraph: Element) -> tuple[int, str] | None:
        """Count the paragraph; return its depth and number ("" for a bullet), None outside lists."""
        place = self._place(paragraph)
        if place is None:
            return None
        number, depth = place
        abstract = value(self._lists[number], "abstractNumId") or ""
        level = self._levels.get(abstract, {}).get(depth)
        if level is None:
            return depth, ""
        self._count(number, abstract, depth, level)
        return depth, self._marker(abstract, level)

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        """Return the list and level that the paragraph or its style names."""
        style = value(paragraph, "pPr/pStyle")
        number = value(paragraph, "pPr/numPr/numId")
        depth = value(paragraph, "pPr/numPr/ilvl")
        if number is None:
            number = self._styles.first(style, "pPr/numPr/numId")
            depth = self._styles.first(style, "pPr/numPr/ilvl") or self._linked(number, style)
        if number not in self._lists:
            return None
        return number, min(int(depth), _LEVELS - 1) if depth and depth.isdigit() else 0

    def _linked(self, number: str | None, style: str | None) -> str | None:
        """Return the level of a list that is tied to a style."""
        abstract = value(self._lists.get(number or ""), "abstractNumId") or ""
        levels = self._levels.get(abstract, {})
        return next((str(depth) for depth, level in levels.items() if style and value(level, "pStyle") == style), None)

    def _count(self, number: str, abstract: str, depth: int, level: Element) -> None:
        counts = self._counts[abstract]
        restart = self._restart(number, depth)
        if restart is not None:
            counts[depth] = restart - 1
        elif counts[depth] == 0:
            counts[depth] = _whole(value(level, "start"), 1) - 1
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)

    def _restart(self, number: str, depth: int) -> int | None:
        """Return where a list that overrides its start begins, once."""
        if (number, depth) in self._begun:
            return None
        self._begun.add((number, depth))
        for override in self._lists[number].iterchildren(f"{W}lvlOverride"):
            if override.get(f"{W}ilvl") == str(depth) and value(override, "startOverride") is not None:
                return _whole(value(override, "startOverride"), 1)
        return None

    def _marker(self, abstract: str, level: Element) -> str:
        if value(level, "numFmt") in ("bullet", "none"):
            return ""
        pattern = value(level, "lvlText") or ""
        return re.sub(r"%(\d)", lambda match: self._written(abstract, int(match[1]) - 1, level), pattern).strip()

    def _written(self, abstract: str, depth: int, level: Element) -> str:
        other = self._levels[abstract].get(depth)
        style = "1" if on(level, "isLgl") else _FORMATS.get(value(other, "numFmt") or "", "1")
        return ordinal(max(self._counts[abstract][depth], 1), style)


def _standard(style: Element) -> bool:
    return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true")


def _wants_first_row(look: Element) -> bool:
    named = look.get(f"{W}firstRow")
    bits = look.get(f"{W}val", "0")
    return named in ("1", "true") if named else bool(int(bits, 16) & 0x20)


def _filled(node: Any) -> bool:  # noqa: ANN401 -- any element; lxml's own type is private
    """Tell whether a run, paragraph, cell or table has a ground of its own that is not white."""
    for properties in ("rPr", "pPr", "tcPr", "tblPr"):
        shade = node.find(f"{W}{properties}/{W}shd")
        fill = "" if shade is None else shade.get(f"{W}fill", "").lower()
        if fill not in _NO_FILL and not _WHITE.fullmatch(fill):
            return True
    ground = node.find(f"{W}background")
    return ground is not None and not _WHITE.fullmatch(ground.get(f"{W}color", "white").lower())


def _by_level(abstract: Element) -> Iterator[tuple[int, Element]]:
    for level in abstract.iterchildren(f"{W}lvl"):
        yield _whole(level.get(f"{W}ilvl"), 0), level


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise
