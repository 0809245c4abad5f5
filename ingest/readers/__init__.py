"""Readers: one a format; each takes one file apart into the same Content."""

from __future__ import annotations

import errno
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ingest.errors import Damaged, EmptyFile, IngestError, TooLarge, UnknownFormat, Unreadable
from ingest.readers import guards
from ingest.readers.content import Content
from ingest.readers.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    class Reader(Protocol):
        """One format's module."""

        def read(self, path: Path, limits: Limits) -> Content:
            """Take the file apart."""


__all__ = ["FORM", "SUFFIXES", "Content", "Limits", "prepare", "prepared", "read"]

FORM = 4
"""What readers make of a file: a higher number, and the next ingest reads every file anew."""

_MODULES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".csv": "csv",
}
SUFFIXES = tuple(_MODULES)
"""The suffixes, in lower case with their dot, that can be read."""

_HTML = ("lxml.html",)
_MARKDOWN = (*_HTML, "markdown_it", "yaml")
_LIBRARIES = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".txt": ("yaml",),
    ".html": _HTML,
    ".htm": _HTML,
    ".pdf": ("pdfplumber",),
    ".docx": ("docx", "docx.oxml.parser"),
    ".pptx": ("pptx", "pptx.shapes.group"),
    ".xlsx": ("openpyxl",),
}
_prepared: set[str] = set()


def prepared(suffix: str) -> bool:
    """Tell whether everything that files with this suffix need is loaded."""
    return suffix in _prepared


def prepare(suffix: str) -> None:
    """Load what files with this suffix need: to load it is neither their time nor their doing."""
    for library in (f"ingest.readers.{_MODULES[suffix]}", *_LIBRARIES.get(suffix, ())):
        import_module(library)
    _prepared.add(suffix)


def read(path: Path, limits: Limits | None = None) -> Content:
    """Read one file into headings, paragraphs, items, rules, rows and code.

    Raises a ReadingError and nothing else: Unreadable, UnknownFormat, WrongType, EmptyFile, Encrypted, Damaged,
    TooLarge or BrokenMetadata. Time and memory are for the caller to limit, in a process of its own.
    """
    suffix = path.suffix.lower()
    if suffix not in _MODULES:
        raise UnknownFormat(suffix)
    content = _guarded(path, suffix, limits or Limits())
    if not any(section.blocks or section.heading for section in content.sections):
        raise EmptyFile
    return content


def _guarded(path: Path, suffix: str, limits: Limits) -> Content:
    """Check and parse the file, each foreign error turned into one of ours."""
    try:
        guards.check(path, suffix, limits)
        reader = cast("Reader", import_module(f"ingest.readers.{_MODULES[suffix]}"))
        return reader.read(path, limits)
    except IngestError:
        raise
    except OSError as error:
        raise Unreadable(errno.errorcode.get(error.errno or 0, "")) from error
    except MemoryError as error:
        raise TooLarge("memory", 0, 0) from error
    except Exception as error:  # seven parsers and hostile files: what they raise has no common base
        raise Damaged(suffix[1:]) from error
