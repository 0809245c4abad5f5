"""Looks at a file before any parser does: size, signature, password and the shape of its archive."""

from __future__ import annotations

import errno
import os
import re
import stat
import zipfile
from typing import TYPE_CHECKING

from ingest.errors import Damaged, EmptyFile, Encrypted, TooLarge, Unreadable, WrongType

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

    from ingest.readers.limits import Limits

OFFICE = {".docx": "word/", ".pptx": "ppt/", ".xlsx": "xl/"}
"""The suffixes of Office files, each with the folder that its archive must have."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PDF_HEADER_WITHIN = 1_024  # where readers must look for %PDF-, by Adobe's implementation notes to PDF 1.7
_PDF_PAGE = re.compile(rb"/Type\s*/Page\b")
_PDF_VERSIONS = 4  # a file saved again and again keeps its old pages, so the exact count is the reader's
_RATIO_FROM = 1024 * 1024  # smaller parts may compress as they like
_DTD_WITHIN = 1_024
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def check(path: Path, suffix: str, limits: Limits) -> None:
    """Let the file pass, or raise EmptyFile, TooLarge, Unreadable, WrongType, Encrypted or Damaged."""
    size = _size(path)
    if size == 0:
        raise EmptyFile
    _stop("file", limits.file, size)
    if suffix == ".pdf":
        _pdf(path, limits)
    elif suffix in OFFICE:
        _office(path, suffix, limits)


def opened(file: str) -> BufferedReader:
    """Open a regular file to read its bytes, without waiting for whoever writes into a pipe. Raises OSError, ENODEV for all else."""
    handle = os.open(file, os.O_RDONLY | _AT_ONCE)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), file)


def _size(path: Path) -> int:
    """Return the size of a file. A pipe, socket or device is none: opening one may wait, or change something, for ever."""
    state = path.stat()
    if not (stat.S_ISREG(state.st_mode) or stat.S_ISDIR(state.st_mode)):
        raise Unreadable(errno.errorcode[errno.ENODEV])
    return state.st_size


def _pdf(path: Path, limits: Limits) -> None:
    raw = path.read_bytes()
    if b"%PDF-" not in raw[:_PDF_HEADER_WITHIN]:
        raise WrongType(".pdf")
    pages = sum(1 for _ in _PDF_PAGE.finditer(raw))
    if pages > _PDF_VERSIONS * limits.pages:
        raise TooLarge("pages", limits.pages, pages)


def _office(path: Path, suffix: str, limits: Limits) -> None:
    with path.open("rb") as file:
        start = file.read(len(_OLE))
        if start == _OLE:
            raise _ole(start + file.read(), suffix)
    if not start.startswith(b"PK"):
        raise WrongType(suffix)
    try:
        with zipfile.ZipFile(path) as archive:
            _archive(archive, suffix, limits)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise Damaged(suffix[1:]) from error


def _ole(raw: bytes, suffix: str) -> Encrypted | WrongType:
    """Office wraps what a password protects into its old container; without that it is an old format."""
    return Encrypted() if _ENCRYPTED_PACKAGE in raw else WrongType(suffix)


def _archive(archive: zipfile.ZipFile, suffix: str, limits: Limits) -> None:
    members = archive.infolist()
    _stop("members", limits.members, len(members))
    _stop("unpacked", limits.unpacked, sum(member.file_size for member in members))
    _stop("markup", limits.markup, sum(member.file_size for member in members if _markup(member)))
    _stop("ratio", limits.ratio, max((_ratio(member) for member in members), default=0.0))
    if any(member.flag_bits & 1 for member in members):
        raise Encrypted
    if not any(member.filename.startswith(OFFICE[suffix]) for member in members):
        raise WrongType(suffix)
    _no_dtd(archive, members, suffix)


def _markup(member: zipfile.ZipInfo) -> bool:
    return member.filename.lower().endswith((".xml", ".rels", ".vml"))


def _ratio(member: zipfile.ZipInfo) -> float:
    if member.file_size < _RATIO_FROM:
        return 0.0
    return member.file_size / max(member.compress_size, 1)


def _no_dtd(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], suffix: str) -> None:
    """Refuse document type definitions: Office writes none, and entities are how XML bombs and XXE begin."""
    for member in filter(_markup, members):
        with archive.open(member) as part:
            start = part.read(_DTD_WITHIN).replace(b"\x00", b"")
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise Damaged(suffix[1:])


def _stop(limit: str, allowed: float, found: float) -> None:
    if found > allowed:
        raise TooLarge(limit, allowed, found)
