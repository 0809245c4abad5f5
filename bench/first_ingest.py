"""How long a first ingest takes, beside the pipeline of a LangChain tutorial on the same documents and vectors."""

from __future__ import annotations

import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Line
from ingest.pipeline import ingest
from ingest.report import Order
from knowledge.embeddings import BuiltInEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.embeddings import Embedder

DOCUMENTS = 500
RUNS = 3
POLICY = """---
title: Policy {number}
audience: all
---
# Policy {number}

Intro to **policy** {number}. It has *two* sentences.

## Rules

1. Staff must not paste customer data into `tools` without approval.
2. Whoever is in doubt asks the [AI office](https://lotse.example).
3. Results are checked by a person before they leave the company.

## Tools

| Tool | Class | Status |
|---|---|---|
| Translator | C2 | allowed |
| Painter | C1 | on request |
"""


def policies(folder: Path, count: int) -> list[Path]:
    """Write so many policies of a page and return their paths."""
    paths = [folder / f"{number:05}.md" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(POLICY.format(number=number), "utf-8")
    return paths


def run() -> Iterator[Line]:
    """Ingest the same folder in turns, libraries loaded; the best run of each counts."""
    embedder = BuiltInEmbedder()
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "handbook"
        folder.mkdir()
        policies(folder, DOCUMENTS)
        for number in range(RUNS + 1):
            data = Path(place) / f"{number}"
            start = time.perf_counter()
            ingest(Order(folder, data, ("all",)), embedder)
            between = time.perf_counter()
            _tutorial(folder, data / "tutorial", embedder)
            ours.append(between - start)
            theirs.append(time.perf_counter() - between)
    best, other = min(ours[1:]), min(theirs[1:])
    yield Line(f"first ingest of {DOCUMENTS} documents", best, "s", note=f"{DOCUMENTS / best:.0f} documents a second")
    note = f"{other:.2f} s: load, cut into chunks of 1,000 characters, embed, add to Chroma; neither verified nor published"
    yield Line("the same against a tutorial's pipeline", best / other, "x", 2, note)


def _tutorial(folder: Path, store: Path, embedder: Embedder) -> None:
    """Do what tutorials do: every file loaded, split, embedded and added."""
    from langchain_community.document_loaders import TextLoader
    from langchain_community.vectorstores import Chroma
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    class Same(Embeddings):
        """The vectors that Lotse uses."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return embedder.embed(texts).tolist()  # type: ignore[no-any-return]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        documents = [document for path in sorted(folder.iterdir()) for document in TextLoader(str(path)).load()]
        chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
        Chroma.from_documents(chunks, Same(), persist_directory=str(store))
