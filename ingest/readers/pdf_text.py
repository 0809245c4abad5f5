"""Joins the lines of a pdf into headings, paragraphs and items."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ingest.readers.numbering import bulleted, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.readers.pdf_layout import Line

_ENDS = (".", "!", "?", ":", ";", "…", "”", "“", '"', ")")
_LONGEST_HEADING = 120
_BIGGER = 1.08
_LEVELS = 4
_PARAGRAPH_GAP = 1.35
_NEAR = 2.5
_HEADING_GAP = 0.8
_SAME_SIZE = 0.5
_NOT_SMALLER = 0.95
_SHORT_OF_EDGE = 0.85
_HYPHENS = ("-", "\u2010", "\u00ad")
_HANGING = re.compile(r"(?:und|oder|bzw|sowie|beziehungsweise|and|or|to|bis|als)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True, slots=True)
class Text:
    """A heading (level 1 to 5), or a paragraph (level 0), and where on which page it begins and ends."""

    text: str
    page: int
    top: float
    level: int = 0
    x0: float = 0.0


@dataclass(frozen=True, slots=True)
class Fonts:
    """The size of running text in a document, and the sizes and boldness that mark its headings, the largest first."""

    body: float
    bold_body: bool
    sizes: tuple[float, ...]

    def level(self, line: Line) -> int:
        """Return the level of the heading that the line looks like, 0 for running text."""
        if line.size > self.body * _BIGGER and line.size in self.sizes:
            return min(self.sizes.index(line.size), _LEVELS - 1) + 1
        stands_out = line.bold and not self.bold_body and line.size >= self.body * _NOT_SMALLER
        return min(len(self.sizes), _LEVELS) + 1 if stands_out else 0


def fonts(lines: Iterable[Line]) -> Fonts:
    """Find the dominant size, by letters, and the sizes above it."""
    letters: Counter[float] = Counter()
    bold: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
        bold[line.size] += len(line.text) * line.bold
    if not letters:
        return Fonts(0.0, bold_body=False, sizes=())
    body = letters.most_common(1)[0][0]
    sizes = tuple(sorted((size for size in letters if size > body * _BIGGER), reverse=True))
    return Fonts(body, bold[body] > letters[body] / 2, sizes)


@dataclass(frozen=True, slots=True)
class _Measure:
    """The usual distance from line to line on a page, and the right edge of each of its columns."""

    pitch: float
    edges: dict[int, float]


def words(lines: Iterable[Line]) -> frozenset[str]:
    """Return the words of a document, by which a hyphen at the end of a line is judged."""
    return frozenset(word.casefold() for line in lines for word in _WORD.findall(line.text.rstrip("-\u2010\u00ad")))


def texts(lines: Sequence[Line], page: int, fonts: Fonts, known: frozenset[str]) -> list[Text]:
    """Join the lines of one page."""
    found: list[Text] = []
    measure = _Measure(_pitch(lines), _edges(lines))
    for previous, line in zip([None, *lines], lines, strict=False):
        text = Text(line.text, page, line.top, _heading(line, fonts), line.x0)
        if previous and _goes_on(found[-1], previous, text, line, measure):
            found[-1] = replace(found[-1], text=join(found[-1].text, line.text, known))
        else:
            found.append(text)
    return [_settled(text) for text in found]


def across(pages: Iterable[Sequence[Text]], known: frozenset[str]) -> list[Text]:
    """Join a paragraph that a page break cut in two."""
    found: list[Text] = []
    for page in pages:
        for at, text in enumerate(page):
            cut = at == 0 and bool(found) and not (found[-1].level or text.level)
            if cut and not found[-1].text.endswith(_ENDS) and text.text[:1].islower() and not numbered(text.text):
                found[-1] = replace(found[-1], text=join(found[-1].text, text.text, known))
            else:
                found.append(text)
    return found


def join(start: str, rest: str, known: frozenset[str] = frozenset()) -> str:
    """Join two lines; a hyphen that only parted a word at the end of a line goes.

    "Daten-" and "schutz" become "Datenschutz"; "Ein-" and "und Ausgabe", "KI-" and "Richtlinie" keep theirs, and so
    does a word that `known` holds with its hyphen only.
    """
    if not start.endswith(_HYPHENS) or not start[-2:-1].isalnum():
        return f"{start} {rest}"
    if start.endswith("\u00ad"):
        return start[:-1] + rest
    if _HANGING.match(rest):
        return f"{start} {rest}"
    if not rest[:1].islower() or start[-2].isdigit() or _hyphenated(start, rest, known):
        return start + rest
    return start[:-1] + rest


def _hyphenated(start: str, rest: str, known: frozenset[str]) -> bool:
    left, right = _WORD.findall(start[:-1])[-1:], _WORD.match(rest)
    if not left or not right:
        return False
    whole = f"{left[0]}-{right[0]}".casefold()
    return whole in known and whole.replace("-", "") not in known


def _heading(line: Line, fonts: Fonts) -> int:
    """Return the line's level, 0 for what only looks bold or large: sentences, bullets, long lines."""
    level = fonts.level(line)
    if not level or len(line.text) > _LONGEST_HEADING or bulleted(line.text) or not re.search(r"\w", line.text):
        return 0
    in_body_size = line.size <= fonts.body * _BIGGER
    return 0 if in_body_size and line.text.endswith((".", ",", ";", ":")) else level


def _settled(text: Text) -> Text:
    """Take back a heading that became too long to be one."""
    return replace(text, level=0) if text.level and len(text.text) > 2 * _LONGEST_HEADING else text


def _pitch(lines: Sequence[Line]) -> float:
    """Return the usual distance from line to line."""
    steps = [after.top - before.top for before, after in pairwise(lines)]
    near = [step for step, line in zip(steps, lines, strict=False) if 0 < step < _NEAR * line.height]
    return median(near) if near else 0.0


def _edges(lines: Iterable[Line]) -> dict[int, float]:
    """Return the right edge of each column."""
    edges: dict[int, float] = {}
    for line in lines:
        edges[line.column] = max(edges.get(line.column, 0.0), line.x1)
    return edges


def _goes_on(text: Text, previous: Line, new: Text, line: Line, measure: _Measure) -> bool:
    """Tell whether a line goes on with the text above it, whose last line is `previous`."""
    if new.level != text.level or bulleted(line.text):
        return False
    if new.level:
        near = line.top - previous.bottom < _HEADING_GAP * line.height
        return near and abs(line.size - previous.size) < _SAME_SIZE and not numbered(line.text)
    if line.column != previous.column:
        return not text.text.endswith(_ENDS)
    if line.top - previous.top > _PARAGRAPH_GAP * max(measure.pitch, previous.height):
        return False
    return not _ended(previous, line, measure.edges[previous.column])


def _ended(previous: Line, line: Line, edge: float) -> bool:
    """Tell whether the line above was the last of its paragraph: it stopped short, or a number begins the next."""
    short = previous.x1 < _SHORT_OF_EDGE * edge
    if numbered(line.text) and (short or previous.text.endswith(_ENDS) or line.x0 < previous.x0 - 1):
        return True
    return short and previous.text.endswith((".", "!", "?", ":")) and not line.text[:1].islower()
