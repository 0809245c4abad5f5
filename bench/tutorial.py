"""The yardstick: what LangChain's tutorial on retrieval does, and its BM25Retriever, with our vectors on the same documents."""

from __future__ import annotations

import time
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from knowledge.embeddings import Embedder

PIECE, OVERLAP = 1000, 200
"""What the tutorial cuts texts into, in characters."""
FOUND = 4
"""Pieces that the tutorial asks for."""


class Tutorial:
    """Load text files, cut them, embed them, add them to Chroma; ask by similarity, or by BM25."""

    def __init__(self, folder: Path, data: Path, embedder: Embedder) -> None:
        warnings.simplefilter("ignore")
        from langchain_community.vectorstores import Chroma
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        files = sorted(folder.rglob("*.md"))
        documents = [Document(file.read_text("utf-8"), metadata={"source": str(file)}) for file in files]
        self._pieces = RecursiveCharacterTextSplitter(chunk_size=PIECE, chunk_overlap=OVERLAP).split_documents(
            documents
        )
        self._store: Any = Chroma(embedding_function=_embeddings(embedder), persist_directory=str(data))
        for first in range(0, len(self._pieces), 5000):
            self._store.add_documents(self._pieces[first : first + 5000])

    @cached_property
    def _words(self) -> Any:  # noqa: ANN401 - LangChain is imported late
        from langchain_community.retrievers import BM25Retriever

        words = BM25Retriever.from_documents(self._pieces)
        words.k = FOUND
        return words

    def by_vectors(self, questions: Sequence[str]) -> list[float]:
        """Return the milliseconds that each question took by similarity."""
        return _timed(lambda question: self._store.similarity_search(question, k=FOUND), questions)

    def by_words(self, questions: Sequence[str]) -> list[float]:
        """Return the milliseconds that each question took by BM25."""
        ask = self._words.invoke
        return _timed(ask, questions)


def _embeddings(embedder: Embedder) -> Any:  # noqa: ANN401 - LangChain is imported late
    from langchain_core.embeddings import Embeddings

    class Same(Embeddings):
        """Our vectors behind LangChain's interface."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return embedder.embed(texts).tolist()  # type: ignore[no-any-return]

        def embed_query(self, text: str) -> list[float]:
            return embedder.embed([text])[0].tolist()  # type: ignore[no-any-return]

    return Same()


def _timed(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    times = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - start) * 1000)
    return times
