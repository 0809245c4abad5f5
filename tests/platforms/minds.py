"""What the model of the local server thinks: it knows the gold quotes, or lies about them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.proof.quotes import normal
from knowledge.language import detect
from tests.platforms.model_server import answer, helpful
from tests.proof import mutate
from tests.proof.pairs import Pair, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.platforms.model_server import Call, Passage


@dataclass
class Perfect:
    """A model that knows the questions of a file: it writes each gold quote that it was given as a sentence, and nothing else.

    A sentence that somebody wrote by hand for the same place (`pairs`) is taken in its stead, in the language of the question.
    """

    rows: Sequence[dict[str, Any]]
    pairs: Sequence[Pair] = ()
    written: int = 0
    given: set[str] = field(default_factory=set)
    """Ids of the questions whose evidence the model was given."""

    def __post_init__(self) -> None:
        """Find rows by their question."""
        self._by_question: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows:
            self._by_question.setdefault(row["question"], []).append(row)

    def __call__(self, call: Call) -> dict[str, Any]:
        """Return what the model writes."""
        if call.task != "write":
            return helpful(call)
        row = next(iter(self._by_question.get(call.question, ())), None)
        if row is None or row["expect"] == "abstain":
            return answer(answered=False)
        sentences = list(self.sentences(row, call))
        if sentences:
            self.given.add(row["id"])
        self.written += len(sentences)
        verdict = (row.get("permission") or ["none"])[0]
        return answer(*sentences, answered=bool(sentences), verdict=verdict)

    def sentences(self, row: dict[str, Any], call: Call) -> Iterator[tuple[str, int, str]]:
        """Yield a sentence for each gold quote that stands in a passage which the model was given."""
        for gold in row["gold"]:
            if place := next(filter(None, (_stands(gold["quote"], passage) for passage in call.passages)), None):
                passage, quote = place
                yield next(
                    self._by_hand(gold["quote"], passage, row["lang"]), (_sentence(quote), passage.number, quote)
                )

    def _by_hand(self, gold: str, passage: Passage, language: str) -> Iterator[tuple[str, int, str]]:
        """Yield what people wrote in a language from one quote in this passage that holds the gold one."""
        for pair in self.pairs:
            quotes = [each.quote for each in pair.quotes]
            fits = pair.true and pair.language == language and len(quotes) == 1 and _words(gold) in _words(quotes[0])
            if fits and normal(quotes[0]) in normal(passage.text):
                yield pair.sentence, passage.number, quotes[0]


def _sentence(quote: str) -> str:
    said = quote.strip(" -–•*")
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _stands(gold: str, passage: Passage) -> tuple[Passage, str] | None:
    """Return the passage and its own words for a gold quote, to the end of the sentence."""
    parts = re.findall(r"\w+", gold)
    match = re.search(r"\W+".join(map(re.escape, parts)), passage.text, re.IGNORECASE) if parts else None
    if match is None:
        return None
    line_start = passage.text.rfind("\n", 0, match.start()) + 1
    line = passage.text[line_start:].split("\n", 1)[0]
    if " | " in line:
        return passage, line
    start = max((m.end() for m in re.finditer(r"(?<=[.!?:])\s+|\n", passage.text[: match.start()])), default=0)
    end = re.search(r"[.!?](?=\s|$)|\n|$", passage.text[match.end() :])
    return passage, passage.text[start : match.end() + (end.end() if end else 0)].strip()


LIES = 4
"""Lies in one answer: as many sentences as are asked for, so that none is left out for want of room."""


@dataclass
class Lying(Perfect):
    """A model that changes each sentence of the perfect one: a number, a negation, a tool, a class, a direction ..."""

    turn: int = 0
    """How often the questions have been asked before: each time, the next few lies are told."""
    lies: dict[str, dict[str, bool]] = field(default_factory=dict)
    """The lies that were told in this turn, by the question's id, each with whether the document is in the other language."""
    left: set[str] = field(default_factory=set)
    """Ids of the questions about which there are more."""

    def next_turn(self) -> None:
        """Begin to tell the next lies."""
        self.turn += 1
        self.lies, self.left = {}, set()

    def sentences(self, row: dict[str, Any], call: Call) -> Iterator[tuple[str, int, str]]:
        """Yield the next few mutations of the sentences."""
        found = list(self._lies(row, call))[LIES * self.turn :]
        if found[LIES:]:
            self.left.add(row["id"])
        for lie, across, passage, quote in found[:LIES]:
            self.lies.setdefault(row["id"], {})[lie] = across
            yield lie, passage, quote

    def _lies(self, row: dict[str, Any], call: Call) -> Iterator[tuple[str, bool, int, str]]:
        for number, (sentence, passage, quote) in enumerate(super().sentences(row, call)):
            text = next(each for each in call.passages if each.number == passage)
            across = detect(quote) not in (None, row["lang"])
            name = f"{row['id']}.{number}"
            base = Pair(
                name, "seen", "true", "one", row["lang"], across, row["question"], sentence,
                (Quote(quote, f"{text.place}\n{text.text}", ""),), "",
            )  # fmt: skip
            for lie in mutate.lies_about(base):
                yield lie.sentence, across, passage, quote


def read(file: Path) -> list[dict[str, Any]]:
    """Return the questions of a file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
