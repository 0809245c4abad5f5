"""What can go wrong with the knowledge.

KnowledgeError
├── NoGeneration        nothing was ever published in the data folder
├── DamagedGeneration   a published state is incomplete or unreadable
├── NewerGeneration     a published state was made by a later version of Lotse
├── NotVerified         a new state did not pass its check and was not published
├── UnknownGeneration   there is no published state of that name
├── NothingEarlier      there is no earlier state to go back to
├── Busy                somebody else is writing to the data folder
├── StorageFull         there is no room left in the data folder
├── StorageRefused      the data folder cannot be written
├── Stopped             a process that was started for some work ended before its time
├── EmbedderMismatch    the state was made by another embedder than the one in use
├── EmbeddingFailed     the embedding server did not answer as it should
└── GlossaryError       a glossary file is not in the form that is asked for
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from datetime import datetime


class KnowledgeError(Exception):
    """Something is wrong with the knowledge."""

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Let the error and its fields pass from a child process to its parent."""
        return type(self), tuple(vars(self).values())


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
class NewerGeneration(KnowledgeError):
    """A published state was made by a later version of Lotse; `schema` is the form that it has."""

    generation: str
    schema: int


@dataclass
class NotVerified(KnowledgeError):
    """A new state did not pass its check: of `part`, only this share was found again."""

    part: str
    share: float


@dataclass
class UnknownGeneration(KnowledgeError):
    """There is no published state of that name."""

    name: str


@dataclass
class NothingEarlier(KnowledgeError):
    """There is no earlier state to go back to."""

    generation: str


@dataclass
class Busy(KnowledgeError):
    """Somebody else is writing to the data folder: which account, on which machine, in which process, since when."""

    user: str
    host: str
    process: int
    since: datetime


@dataclass
class StorageFull(KnowledgeError):
    """There is no room left in the data folder."""

    folder: str


@dataclass
class StorageRefused(KnowledgeError):
    """The data folder cannot be written. `reason` is the system's symbol, such as EROFS."""

    folder: str
    reason: str


@dataclass
class Stopped(KnowledgeError):
    """A process that was started for some work ended before its time; `code` is its exit code, negative for a signal."""

    code: int


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
