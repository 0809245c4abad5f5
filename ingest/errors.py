"""What can go wrong between a file and a generation, as typed errors without words for people.

IngestError
├── FolderMissing              the folder that was named is not there
├── FolderWithinData           the folder that was named lies in the data folder
├── NotStarted                 the system does not let us start a process that reads files
├── FolderEmpty                there is no document in it
└── ReadingError               one file cannot be taken
    ├── Unreadable             the system does not let us read it (reason: the system's own name for it)
    ├── UnknownFormat          no reader knows the suffix
    ├── WrongType              the content is not what the suffix promises
    ├── EmptyFile              nothing in it that could be read
    ├── Encrypted              a password stands before it
    ├── Damaged                it broke its parser
    ├── OutsideFolder          a link that leads out of the folder
    ├── TooLarge               it exceeds one of the limits
    └── BrokenMetadata         what it, or its handbook.yaml, says about the document cannot be understood

Every error keeps its fields in `args` too, so that it survives the way out of a child process.
"""

from __future__ import annotations

from typing import Literal

Fault = Literal[
    "syntax",
    "unclosed",
    "shape",
    "too long",
    "twice",
    "unknown key",
    "empty",
    "audience",
    "date",
    "language",
    "status",
    "yes or no",
    "address",
    "outside",
    "no file",
]
"""What is wrong with a piece of metadata; the words for it live with the phrases."""


class IngestError(Exception):
    """Mark every error that ingest raises on purpose."""


class FolderMissing(IngestError):
    """Say that the folder that was named is not there."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


class FolderWithinData(IngestError):
    """Say that the folder that was named is the data folder or lies in it: what is kept there are closed documents, too."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


class NotStarted(IngestError):
    """Say that no process that reads files can be started. Nothing is read in ours."""


class FolderEmpty(IngestError):
    """Say that there is no document in the folder that was named."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


class ReadingError(IngestError):
    """Say that one file cannot be taken; the others go on."""


class Unreadable(ReadingError):
    """Say that the system refused the file. `reason` is its symbol, such as EACCES."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OutsideFolder(ReadingError):
    """Say that the file is a link that leads out of the folder."""


class UnknownFormat(ReadingError):
    """Say that no reader knows `suffix` (with its dot, or empty)."""

    def __init__(self, suffix: str) -> None:
        super().__init__(suffix)
        self.suffix = suffix


class WrongType(ReadingError):
    """Say that a file with this `suffix` does not hold what the suffix promises."""

    def __init__(self, suffix: str) -> None:
        super().__init__(suffix)
        self.suffix = suffix


class EmptyFile(ReadingError):
    """Say that nothing could be read: no bytes, or no visible text, as in a scan."""


class Encrypted(ReadingError):
    """Say that a password is needed."""


class Damaged(ReadingError):
    """Say that the file broke its parser. `format` is the suffix without its dot."""

    def __init__(self, format: str) -> None:  # noqa: A002 -- the field's plain name; nothing here formats
        super().__init__(format)
        self.format = format


class TooLarge(ReadingError):
    """Say which limit (a field of Limits, or "seconds" or "memory") was exceeded, its value, and what was found by then."""

    def __init__(self, limit: str, allowed: float, found: float) -> None:
        super().__init__(limit, allowed, found)
        self.limit = limit
        self.allowed = allowed
        self.found = found


class BrokenMetadata(ReadingError):
    """Say what is wrong with the front matter, or with a handbook.yaml.

    `source` is "" for the document's own front matter, else the handbook.yaml relative to the folder. `key` is as
    written, "" when the fault is not in one key. `line` counts from 1 in that file. `value` is what was written, cut.
    """

    def __init__(self, fault: Fault, key: str = "", value: str = "", line: int | None = None, source: str = "") -> None:
        super().__init__(fault, key, value, line, source)
        self.fault: Fault = fault
        self.key = key
        self.value = value
        self.line = line
        self.source = source

    def within(self, source: str) -> BrokenMetadata:
        """Return the same fault, placed in the file `source`."""
        return BrokenMetadata(self.fault, self.key, self.value, self.line, source)
