"""Pair: a sentence, the quotes that are said to carry it, and whether they do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote, the passage that it is said to stand in, and the document of that passage."""

    quote: str
    passage: str
    document: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One case. `across` says that sentence and document differ in language; `script` that a mutation made it."""

    id: str
    split: str
    label: str
    kind: str
    language: str
    across: bool
    question: str
    sentence: str
    quotes: tuple[Quote, ...]
    place: str
    script: bool = False

    @property
    def true(self) -> bool:
        """Return whether the quotes carry the sentence."""
        return self.label == "true"

    def row(self) -> dict[str, object]:
        """Return the pair as a line of the file that `lotse prove` reads."""
        quotes = [{"quote": quote.quote, "passage": quote.passage} for quote in self.quotes]
        return {
            "id": self.id,
            "sentence": self.sentence,
            "language": self.language,
            "question": self.question,
            "quotes": quotes,
        }


@dataclass(frozen=True, slots=True)
class Case:
    """One may-I question: what is quoted, and which verdicts the handbook bears out. None: it is no may-I question."""

    id: str
    split: str
    language: str
    question: str
    quotes: tuple[Quote, ...]
    verdicts: tuple[str, ...] | None
