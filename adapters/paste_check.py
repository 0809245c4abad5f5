"""The paste check: what in a text is personal or secret, before somebody pastes it into a tool. Nothing is kept, nothing is sent."""

from __future__ import annotations

import codecs
import sys
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from adapters.errors import CommandError, FileMissing
from bot import privacy
from bot.phrases import say
from bot.privacy.findings import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from bot.privacy import Finding, Redaction
    from bot.privacy.own_patterns import OwnPattern

LARGEST = 1_000_000
"""Bytes of a text that is checked."""
STANDARD_INPUT = "-"
STRAY = 3
"""Control characters that a text may hold beside one in a hundred."""
_CONTROLS = {code: "\ufffd" for code in (*range(32), 127, *range(128, 160)) if chr(code) not in "\n\t"}
"""Characters that could steer a terminal, and what is shown in their place."""


@dataclass
class NoText(CommandError):
    """A file holds no plain text: a picture, a PDF, an Office document."""

    file: str


@dataclass
class TextTooLong(CommandError):
    """A text is longer than what is checked in one go."""

    file: str
    megabytes: int


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one kind. `name` is a company's own word for it."""

    kind: Kind
    name: str
    sensitivity: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A text that was checked: what was found, and on which line each finding begins."""

    redaction: Redaction
    lines: tuple[int, ...]

    def groups(self) -> tuple[Group, ...]:
        """Return the findings by kind, in the order in which the kinds turned up."""
        lines: dict[tuple[Kind, str, str], list[int]] = {}
        for finding, line in zip(self.redaction.findings, self.lines, strict=True):
            name = finding.label if finding.kind is Kind.OWN else ""
            lines.setdefault((finding.kind, name, finding.sensitivity.value), []).append(line)
        return tuple(Group(*about, tuple(where)) for about, where in lines.items())


def read(file: Path | None) -> str:
    """Return the text of a file, or of standard input. Raises FileMissing, NoText, TextTooLong."""
    name = "stdin" if file is None or str(file) == STANDARD_INPUT else str(file)
    try:
        if file is None or str(file) == STANDARD_INPUT:
            raw = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with file.open("rb") as stream:
                raw = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise FileMissing(name) from error
    if len(raw) > LARGEST:
        raise TextTooLong(name, LARGEST // 1_000_000)
    return _decoded(raw, name)


def _decoded(raw: bytes, name: str) -> str:
    """Read UTF-8, UTF-16 with its mark, or what Windows writes in western Europe."""
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in raw and not marked:
        raise NoText(name)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(c < " " and c not in "\t\n\f\r\x1b" for c in text) <= STRAY + len(text) // 100:
            return text
    raise NoText(name)


def check(text: str, patterns: Sequence[OwnPattern] = ()) -> Checked:
    """Find what is personal or secret in a text."""
    redaction = privacy.replace(text, patterns)
    return Checked(redaction, _lines(text, redaction.findings))


def _lines(text: str, findings: Sequence[Finding]) -> tuple[int, ...]:
    """Return the line, counted from one, on which each finding begins."""
    starts = [0, *(finding.start for finding in findings)]
    breaks = (text.count("\n", start, end) for start, end in pairwise(starts))
    return tuple(number + 1 for number in accumulate(breaks))


def named(group: Group, language: str) -> str:
    """Return what a kind is called."""
    return group.name or say(f"kind_{group.kind.value}", language)


def record(checked: Checked, language: str) -> dict[str, Any]:
    """Return what was found as plain JSON values, without a single value of what was found."""
    places = zip(checked.redaction.findings, checked.lines, strict=True)
    return {
        "found": [
            {
                "kind": group.kind.value,
                "name": named(group, language),
                "sensitivity": group.sensitivity,
                "count": len(group.lines),
                "lines": sorted(set(group.lines)),
            }
            for group in checked.groups()
        ],
        "places": [{"kind": f.kind.value, "start": f.start, "end": f.end, "line": line} for f, line in places],
        "text": checked.redaction.text,
        "note": say("check_note", language),
    }


def show(checked: Checked, console: Console, language: str) -> None:
    """Print what was found, what it speaks for, and the text with placeholders."""
    groups = checked.groups()
    _print(say("check_found" if groups else "check_nothing", language), console, style="bold")
    for group in groups:
        lines = ", ".join(map(str, sorted(set(group.lines))[:SHOWN])) + (" …" if len(set(group.lines)) > SHOWN else "")
        sort = say(f"sensitivity_{group.sensitivity}", language)
        said = say("check_line", language, name=named(group, language), count=len(group.lines), lines=lines, sort=sort)
        _print(said, console)
    if groups:
        _print("\n" + say("check_replaced", language), console, style="bold")
        _print(checked.redaction.text.rstrip("\n"), console)
    _print("\n" + say("check_note", language), console)


SHOWN = 10
"""Lines named for one kind."""


def _print(words: str, console: Console, style: str | None = None) -> None:
    console.print(
        words.replace("\r\n", "\n").translate(_CONTROLS), style=style, markup=False, soft_wrap=True, emoji=False
    )
