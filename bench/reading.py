"""How fast and how completely files are read."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.first_ingest import policies
from bench.table import Line
from ingest import metadata, readers
from ingest.errors import ReadingError
from ingest.isolation import Readers
from ingest.splitter import split
from knowledge.documents import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.documents import Passage

SHARED = Path(os.environ.get("SHARED", "../shared"))  # noqa: TID251 - where the questions and their documents are
CARRIES = 0.8
"""The share of a quote's words from which on a passage carries the evidence."""


def run(shared: Path = SHARED, *, full: bool = False) -> Iterator[Line]:
    """Measure all of it; `full` reads 10,000 files too. What needs `shared` is left out where there is none."""
    yield from _speed(500, 1.0)
    if full:
        yield from _speed(10_000, 15.0)
    if (shared / "eval" / "check_gold.py").is_file():
        yield from _completeness(shared / "eval")
    else:
        print(f"SHARED names no questions ({shared}): how completely files are read was left out")


def _speed(count: int, goal: float) -> Iterator[Line]:
    """Read small files here, then in children."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        paths = policies(folder, count)
        readers.read(paths[0])  # its libraries are loaded: what counts is reading
        start = time.perf_counter()
        for path in paths:
            readers.read(path)
        here = time.perf_counter() - start
        start = time.perf_counter()
        with Readers(folder) as isolated:
            answers = isolated.read_all(paths)
            next(answers)
            first = time.perf_counter() - start
            done = sum(1 for _ in answers) + 1
            there = time.perf_counter() - start
    yield Line(
        f"read {done:,} small files in children", there, "s", goal, f"{here:.2f} s in one process without bounds"
    )
    yield Line(f"read {done:,} small files: children / one process", there / here, "x", 1.5)
    yield Line("start of a child to its first answer", first, "s", 0.5)


def _completeness(folder: Path) -> Iterator[Line]:
    """Tell how many evidence quotes no passage carries, and how many pieces do not stand in their source word for word."""
    checker = _checker(folder)
    passages = dict(_passages(folder / "dev" / "docs"))
    gold = _gold(folder / "dev" / "questions.jsonl")
    lost: dict[str, list[bool]] = {}
    for name, quote in gold:
        carried = max(checker.quote_recall(passage.text, quote) for passage in passages[name][1]) >= CARRIES
        lost.setdefault(Path(name).suffix, []).append(not carried)
    for suffix, missing in sorted(lost.items()):
        yield Line(
            f"evidence quotes lost, {suffix}", 100 * sum(missing) / len(missing), "%", 3, f"{len(missing)} quotes"
        )
    stray = [_strays(checker, path, found) for path, found in passages.values()]
    pieces = sum(len(passage.pieces) for _, found in passages.values() for passage in found)
    yield Line(
        "pieces that are not in their source word for word", 100 * sum(stray) / pieces, "%", 0.5, f"{pieces} pieces"
    )


def _checker(folder: Path) -> Any:  # noqa: ANN401 -- a script without types
    spec = importlib.util.spec_from_file_location("check_gold", folder / "check_gold.py")
    if spec is None or spec.loader is None:
        raise ImportError(str(folder))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _gold(questions: Path) -> set[tuple[str, str]]:
    lines = questions.read_text("utf-8").splitlines()
    return {(piece["doc"], piece["quote"]) for line in lines for piece in json.loads(line)["gold"]}


def _passages(docs: Path) -> Iterator[tuple[str, tuple[Path, tuple[Passage, ...]]]]:
    """Yield each document's file and passages by its name, read as an ingest reads it."""
    paths = sorted(path for path in docs.rglob("*") if path.suffix in readers.SUFFIXES)
    with Readers(docs) as isolated:
        for path, content in isolated.read_all(paths):
            if isinstance(content, ReadingError):
                raise content
            folder = docs / path.relative_to(docs).parts[0]
            about = metadata.resolve(content, path.relative_to(folder), folder, ("all",)).metadata
            yield path.name, (path, split(Document(path.name, about, content.sections)).passages)


def _strays(checker: Any, path: Path, passages: tuple[Passage, ...]) -> int:  # noqa: ANN401 -- as above
    """Count the pieces whose words do not stand in the source one after the other; an underscore is a letter of a word."""
    source = _words(checker, checker.text_of(path))
    pieces = (_words(checker, piece) for passage in passages for piece in passage.pieces)
    return sum(piece not in source for piece in pieces if piece.strip())


def _words(checker: Any, text: str) -> str:  # noqa: ANN401 -- as above
    found = re.findall(r"\w+", checker.norm(text).casefold())
    return f" {' '.join(found)} "
