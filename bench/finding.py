"""How often the right paragraph comes first among XQuAD's, in and across languages, beside LangChain's BM25Retriever.

The questions and paragraphs (Artetxe et al., 2020) come from the folder that SHARED names; without it nothing is measured.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from adapters import wiring
from adapters.settings import Settings
from bench.table import Line
from ingest.pipeline import ingest
from ingest.report import Order
from knowledge.findings import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHARED = Path(os.environ.get("SHARED", "../shared"))  # noqa: TID251 - the bench alone knows where its data lie
WAYS = (("en", "en", 0.95), ("de", "de", 0.94), ("de", "en", 0.65), ("en", "de", None))
"""Language of the question, of the paragraphs, and the goal."""
ANYBODY = Reader(frozenset(), date(2026, 11, 1))


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs of one language, and the questions with the number of the paragraph that each is about."""

    texts: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]


def run() -> Iterator[Line]:
    """Ask each question in each way."""
    folder = SHARED / "bench" / "xquad"
    if not folder.is_dir():
        yield Line(f"no paragraphs in {folder}: not measured", 0, "")
        return
    sets = {language: _read(folder / f"xquad.{language}.json") for language in ("en", "de")}
    finders = {language: (_lotse(each, language), _langchain(each)) for language, each in sets.items()}
    for asked, written, goal in WAYS:
        ours, theirs = (_share(find, asked, sets[asked]) for find in finders[written])
        name = f"XQuAD, question {asked}, paragraphs {written}: first hit"
        yield Line(
            name, ours, "", goal, f"BM25Retriever {theirs:.3f}, {len(sets[asked].questions)} questions", at_least=True
        )


def _read(file: Path) -> Paragraphs:
    listed = [each for article in json.loads(file.read_text("utf-8"))["data"] for each in article["paragraphs"]]
    questions = ((asked["question"], number) for number, each in enumerate(listed) for asked in each["qas"])
    return Paragraphs(tuple(each["context"] for each in listed), tuple(questions))


def _share(find: Callable[[str, str], int], language: str, paragraphs: Paragraphs) -> float:
    """Return for how many questions the right paragraph is found first."""
    return sum(find(text, language) == number for text, number in paragraphs.questions) / len(paragraphs.questions)


def _lotse(paragraphs: Paragraphs, language: str) -> Callable[[str, str], int]:
    """Take each paragraph in as a document of its own and return what finds the best one's number."""
    place = Path(tempfile.mkdtemp(prefix="lotse-bench-"))
    (place / "handbook").mkdir()
    for number, text in enumerate(paragraphs.texts):
        front = f"---\ntitle: {number}\nlanguage: {language}\naudience: all\n---\n\n"
        (place / "handbook" / f"{number}.md").write_text(front + text, "utf-8")
    settings = Settings(data_dir=place / "data")
    ingest(Order(place / "handbook", place / "data", ("all",)), wiring.embedder(settings))
    searcher = wiring.searcher(settings)

    def find(question: str, spoken: str) -> int:
        found = searcher.find(question, spoken, ANYBODY, limit=1).found
        return int(Path(found[0].passage.document).stem) if found else -1

    return find


def _langchain(paragraphs: Paragraphs) -> Callable[[str, str], int]:
    """Return LangChain's retriever by words, with its own defaults."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from langchain_community.retrievers import BM25Retriever
    numbers = [{"number": number} for number in range(len(paragraphs.texts))]
    retriever = BM25Retriever.from_texts(paragraphs.texts, metadatas=numbers, k=1)
    return lambda question, _spoken: int(retriever.invoke(question)[0].metadata["number"])
