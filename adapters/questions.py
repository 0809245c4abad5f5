"""Files of questions: one JSON object a line, put to the core as a person's questions are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from adapters.errors import FileMissing, NotJson
from adapters.records import turns
from bot.messages import Asker, Question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One question of a file: the number of its line there, and its fields."""

    file: Path
    number: int
    fields: dict[str, Any]

    def question(self) -> Question:
        """Return it as a person's question. Raises NotJson when a field is not what it should be."""
        fields = self.fields
        try:
            groups = frozenset(str(group).strip().casefold() for group in fields.get("groups") or ())
            today = date.fromisoformat(fields["today"]) if fields.get("today") else None
            history = turns(fields.get("history") or [])
            return Question(str(fields["question"]), Asker("file", "", "", groups), today=today, history=history)
        except (KeyError, ValueError, TypeError) as error:
            raise self.wrong() from error

    def wrong(self) -> NotJson:
        """Return the error that names this line."""
        return NotJson(str(self.file), self.number)


def lines(file: Path) -> Iterator[Line]:
    """Yield the questions of a file; a line ends where JSON lines end, and nowhere else. Raises FileMissing, NotJson."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileMissing(str(file)) from error
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError as error:
            raise NotJson(str(file), number) from error
        if not isinstance(fields, dict):
            raise NotJson(str(file), number)
        yield Line(file, number, fields)
