"""The search as a LangChain retriever, for chains that others read and extend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, InstanceOf

from knowledge.findings import Reader  # noqa: TC001 - pydantic reads these types when the class is made
from knowledge.language import ENGLISH, detect
from knowledge.search import Searcher  # noqa: TC001 - pydantic reads these types when the class is made

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun

    from knowledge.findings import Found


class PassageRetriever(BaseRetriever):
    """Finds passages for one reader. Without a reader it returns nothing, so that nobody can forget to name one.

    Audience and currency are settled inside the search, before anything is ranked.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    searcher: InstanceOf[Searcher]
    reader: InstanceOf[Reader] | None = None
    language: str | None = None
    """The question's language; found out from its words when it is None."""
    limit: int = 20

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        """Return the best passages, the best first. Raises KnowledgeError."""
        del run_manager
        language = self.language or detect(query) or ENGLISH
        findings = self.searcher.find(query, language, self.reader, limit=self.limit)
        return [_document(found) for found in findings.found]


def _document(found: Found) -> Document:
    """Return a passage as LangChain's chains expect it, with everything that a citation needs."""
    passage, about = found.passage, found.metadata
    metadata: dict[str, Any] = {
        "source": passage.document,
        "title": about.title,
        "section": list(passage.section),
        "page": passage.page,
        "version": about.version,
        "effective": about.effective.isoformat() if about.effective else None,
        "external": about.external,
        "score": found.score,
    }
    return Document(page_content=passage.text, metadata=metadata)
