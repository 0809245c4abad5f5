"""Prove a file of sentences against their quotes: one JSON object a line in, one a line out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.errors import FileMissing, NotWritable
from adapters.records import dump
from bot.proof import Quoted, prove

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.glossary import Glossary


@dataclass(frozen=True, slots=True)
class Proved:
    """What came of a file: its lines, how many of them got a result, how many sentences are proven."""

    lines: int
    results: int
    proven: int

    @property
    def complete(self) -> bool:
        """Say whether every line got a result."""
        return self.lines == self.results


LONGEST_LINE = 1_000_000
"""Characters of a line that is read; a longer one gets no result."""


def prove_file(pairs: Path, out: Path, glossary: Glossary) -> Proved:
    """Write a result for each line that can be read. Raises FileMissing, NotWritable."""
    results = [_result(line, glossary) for line in _lines(pairs)]
    done = [result for result in results if result is not None]
    try:
        out.write_text("".join(dump(result) + "\n" for result in done), "utf-8")
    except OSError as error:
        raise NotWritable(str(out)) from error
    return Proved(len(results), len(done), sum(result["proven"] for result in done))


def _lines(file: Path) -> Iterator[str]:
    """Yield the lines that are not empty, cut off one character past the longest that is read."""
    try:
        with file.open(encoding="utf-8-sig") as stream:
            while line := stream.readline(LONGEST_LINE + 1):
                if line.strip():
                    yield line
                while line and not line.endswith("\n"):
                    line = stream.readline(LONGEST_LINE)
    except (OSError, UnicodeDecodeError) as error:
        raise FileMissing(str(file)) from error


def _result(line: str, glossary: Glossary) -> dict[str, Any] | None:
    """Return the result of a line, or None if it is not what is asked for."""
    if len(line) > LONGEST_LINE:
        return None
    try:
        row = json.loads(line)
        quotes = [Quoted(_text(quote["quote"]), _text(quote["passage"])) for quote in row["quotes"]]
        question, sentence, language = _text(row.get("question", "")), _text(row["sentence"]), _text(row["language"])
        proof = prove(question, sentence, language, quotes, glossary)
        return {"id": row["id"], "proven": proof.proven, "reasons": [str(reason) for reason in proof.reasons]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
