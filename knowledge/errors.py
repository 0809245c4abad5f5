"""What can go wrong with the knowledge.

KnowledgeError
├── NoGeneration        nothing was ever published in the data folder
├── DamagedGeneration   a published state is incomplete or unreadable
├── EmbedderMismatch    the state was made by another embedder than the one in use
├── EmbeddingFailed     the embedding server did not answer as it should
└── GlossaryError       a glossary file is not in the form that is asked for
"""

from __future__ import annotations

from dataclasses import dataclass


class KnowledgeError(Exception):
    """Something is wrong with the knowledge."""


@dataclass
class NoGeneration(KnowledgeError):
    """Nothing was ever published in the data folder."""

    folder: str


@dataclass
class DamagedGeneration(KnowledgeError):
    """A published state is incomplete or unreadable. `part` names what is wrong."""

    generation: str
    part: str


@dataclass
class EmbedderMismatch(KnowledgeError):
    """A published state was made by another embedder (`made_with`) than the one in use (`in_use`)."""

    made_with: str
    in_use: str


@dataclass
class EmbeddingFailed(KnowledgeError):
    """The embedding server did not answer as it should. `reason` is a short technical word."""

    reason: str


@dataclass
class GlossaryError(KnowledgeError):
    """A glossary file is not in the form that is asked for. `place` is the entry, `problem` a key of the phrases."""

    file: str
    place: str
    problem: str
