"""Settles what is known about a document: its author's word first, then its folder's, then its own, then a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from ingest.readers import fields, handbook
from knowledge.documents import Metadata
from knowledge.language import detect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.readers import Content
    from ingest.readers.fields import Fields

_SAMPLE = 60
_SAMPLE_OF_BLOCK = 1_000
_NUMBER = re.compile(r"^\d+(?:[._-]\d+)*[ ._-]+(?=\D)")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A document's metadata, and whether its audience is only the default, because nobody had said one."""

    metadata: Metadata
    audience_defaulted: bool = False


def resolve(content: Content, path: Path, folder: Path, default_audience: tuple[str, ...]) -> Resolved:
    """Settle the metadata of the document at `path`, relative to `folder`.

    Front matter comes first, then the nearest handbook.yaml (the file's entry, then its defaults), those further up,
    the file's own properties, and guesses: a title from the file name, the language of the text ("" when it cannot be
    told), the default audience. Raises BrokenMetadata when one of them cannot be understood.
    """
    known: dict[str, Any] = {}
    for said in _said(content, path, folder):
        known = {**said, **known}
    guessed = _guesses(content, path, default_audience, known)
    return Resolved(Metadata(**{**guessed, **known}), "audience" in guessed)


def _said(content: Content, path: Path, folder: Path) -> Iterator[Fields]:
    """Yield what was said about the document, the strongest word first."""
    yield fields.understand(content.front)
    for book in handbook.above(path, folder):
        yield fields.understand(book.entry(path), book.source)
        yield fields.understand(book.defaults, book.source)
    yield _own(content)


def _own(content: Content) -> Fields:
    """Return what the file's format says; a language there that means nothing is no error, since no person wrote it."""
    language = fields.language(str(content.properties.get("language", "")))
    title = str(content.properties.get("title", "")).strip()[: fields.LONGEST]
    own: Fields = {"language": language} if language else {}
    return {**own, "title": title} if title else own


def _guesses(content: Content, path: Path, default_audience: tuple[str, ...], known: Fields) -> Fields:
    guesses: Fields = {}
    if "title" not in known:
        guesses["title"] = readable(path.stem)
    if "language" not in known:
        guesses["language"] = detect(_sample(content)) or ""
    if "audience" not in known:
        guesses["audience"] = default_audience
    return guesses


def readable(stem: str) -> str:
    """Make a title of a file name: "01_KI-richtlinie_v2" becomes "KI-richtlinie v2"."""
    words = " ".join(_NUMBER.sub("", stem, count=1).replace("_", " ").split())
    spaced = words if " " in words else words.replace("-", " ")
    return f"{spaced[:1].upper()}{spaced[1:]}".strip() or stem


def _sample(content: Content) -> str:
    """Return enough of the text to tell its language."""
    blocks = (block.text[:_SAMPLE_OF_BLOCK] for section in content.sections for block in section.blocks)
    return "\n".join(islice(blocks, _SAMPLE))
