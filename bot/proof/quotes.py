"""Does a quote stand in its passage, word for word? And what belongs to it there: headings, a row's header, the line above."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.remembered import remembered

CELLS = " | "
_MARKS = str.maketrans(dict.fromkeys("„“”«»‟″〝〞", '"') | dict.fromkeys("‚‘’‹›`´", "'") | dict.fromkeys("‐‑‒–—−", "-"))
_BROKEN = re.compile(r"(?<=[^\W\d_])-[ \t]*\n\s*(?=[a-zäöüß])|\u00ad")
_CELL_NAME = re.compile(r"(?:^|; )([^;:|]{1,60}): ")
_SENTENCE = re.compile(r'(?<=[.!?:])["\')]*\s+(?=["\'(„“]?[A-ZÄÖÜ0-9])|\n+')
_ABBREVIATION = re.compile(
    r"\b(?:z|z\.\s?B|d|d\.\s?h|u|u\.\s?a|e\.g|i\.e|bzw|ca|Dr|Prof|Nr|No|Abs|Art|St|vgl|inkl|max|min|mind|approx|ggf|sog|evtl)\.$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands. `statements` are its sentences, `about` what the headings, the header and the first cell name.

    `whole` is the quote, filled up to whole sentences of its passage; `lead` the line with a colon that introduces it, `told`
    if that is quoted, too, `before` the sentence that stands before the quote.
    """

    statements: tuple[str, ...]
    about: str
    whole: str
    lead: str
    row: bool
    told: bool = False
    before: str = ""


@remembered(4096)
def normal(text: str) -> str:
    """Return a text as it is compared: one Unicode form, one kind of quotation mark and dash, single spaces, no broken words."""
    text = _BROKEN.sub("", unicodedata.normalize("NFC", text)).translate(_MARKS)
    return " ".join(text.replace("\u200b", "").split())


def stands(quote: str, passage: str) -> bool:
    """Say whether a quote stands in a passage, in one place and at the edges of words; a row by its cells, in order."""
    wanted, there = normal(quote), normal(passage)
    if not re.search(r"\w", wanted):
        return False
    return _within(wanted, there) or (is_row(quote) and _cells_stand(quote, passage))


def _within(wanted: str, there: str) -> bool:
    start = there.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if not (_splits(there, start) and wanted[0].isalnum()) and not (_splits(there, end) and wanted[-1].isalnum()):
            return True
        start = there.find(wanted, start + 1)
    return False


def _splits(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def is_row(quote: str) -> bool:
    """Say whether a quote is a table row: bare cells, or at least two named ones."""
    return CELLS.strip() in quote or len(_CELL_NAME.findall(quote)) > 1


def cells(row: str) -> list[str]:
    """Return a row's cells without the names of their columns."""
    return [value for _, value in columns(row)]


def columns(row: str) -> list[tuple[str, str]]:
    """Return a row's cells, each with the name of its column or ""."""
    row = normal(row)
    if "|" in row:
        return [("", cell.strip()) for cell in row.split("|")]
    parts = _CELL_NAME.split(row)
    return [(name.strip(), value.strip(" ;")) for name, value in zip(parts[1::2], parts[2::2], strict=True)]


def _cells_stand(quote: str, passage: str) -> bool:
    """Say whether one line of the passage holds the quote's cells next to each other and in order."""
    wanted = [column for column in columns(quote) if column[1]]
    for line in passage.splitlines():
        there = [column for column in columns(line) if column[1]] if is_row(line) else []
        if any(_alike(wanted, there[i : i + len(wanted)]) for i in range(len(there) - len(wanted) + 1)):
            return len(wanted) > 1
    return False


def _alike(wanted: list[tuple[str, str]], there: list[tuple[str, str]]) -> bool:
    """Say whether cells are the same, and the names of their columns where both have them."""
    return all(
        cell == other and (not name or not known or name == known)
        for (name, cell), (known, other) in zip(wanted, there, strict=True)
    )


@remembered(2048)
def place(quote: str, passage: str) -> Place:
    """Return what belongs to a quote that stands in its passage."""
    heading, _, body = passage.partition("\n")
    row = is_row(quote)
    if row:
        header = " ; ".join(name for name, _ in columns(quote) if name) or _header(quote, body)
        return Place((quote,), f"{heading} ; {header}", quote, "", row=True)
    whole = _fill(normal(quote), body or passage)
    return Place(
        tuple(sentences(quote)),
        heading if body else "",
        whole,
        _lead(quote, body),
        row=False,
        before=_before(quote, body),
    )


def _header(quote: str, body: str) -> str:
    """Return the names of a bare row's columns, if the passage has them on the line above or in the same row."""
    lines = [line for line in body.splitlines() if is_row(line)]
    own = [line for line in lines if normal(line).startswith(normal(quote)[:40])]
    above = [line for line in lines if line not in own and len(cells(line)) >= len(cells(quote)) and "|" in line]
    named = [" ; ".join(name for name, _ in columns(line)) for line in lines if "|" not in line]
    return (above or named or [""])[0].replace("|", ";")


_ORDINAL = re.compile(r"\b\d{1,2}\.$")
_MONTH = re.compile(r"Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Quartal|Tag|Woche|Monat|Absatz|Klasse|Stufe")


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text; an abbreviation does not end one."""
    found: list[str] = []
    for part in _SENTENCE.split(text):
        if found and (_ABBREVIATION.search(found[-1]) or (_ORDINAL.search(found[-1]) and _MONTH.match(part))):
            found[-1] = f"{found[-1]} {part}"
        elif part.strip():
            found.append(part.strip())
    return found


def _fill(quote: str, body: str) -> str:
    """Return the quote with the beginning and the end of its line's sentences that it cuts into."""
    line = next((line for line in map(normal, body.splitlines()) if quote in line), "")
    start = line.find(quote)
    if start < 0:
        return quote
    first = re.split(r"(?<=[.!?:])\s", line[:start])[-1]
    rest = "" if re.search(r"[.!?:]\W*$", quote) else re.split(r"(?<=[.!?])\s", line[start + len(quote) :])[0]
    return quote if len(first) + len(rest) > LONGEST_SENTENCE else f"{first}{quote}{rest}"


LONGEST_SENTENCE = 300
"""Characters that are added to a quote at most; more is not one sentence but a list without full stops."""


def _before(quote: str, body: str) -> str:
    """Return the sentence before the quote: what its first pronoun may go back to."""
    there, wanted = normal(body), normal(quote)
    listed = sentences(there[: max(there.find(wanted), 0)])
    return listed[-1] if listed else ""


def _lead(quote: str, body: str) -> str:
    """Return the nearest line above the quote that ends with a colon, if only list items stand between."""
    lines = body.splitlines()
    wanted = normal(quote)
    at = next((n for n, line in enumerate(lines) if wanted in normal(line)), -1)
    if at > 0 and re.search(r"[.!?]\W*$", wanted) and not re.search(r"[.!?:]\W*$", lines[at - 1]):
        return ""  # a full sentence behind a list is no item of it
    for line in reversed(lines[: max(at, 0)]):
        if line.rstrip().endswith(":"):
            return re.split(r"(?<=[.!?])\s", line.strip())[-1]
        if re.search(r"[.!?]\W*$", line):
            return ""
    return ""
