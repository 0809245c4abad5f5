"""Decodes the bytes of a text file, whatever wrote them."""

from __future__ import annotations

import codecs
import re

from ingest.errors import WrongType

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SIGNATURES = (
    *(b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
    *(b"\xd0\xcf\x11\xe0", b"\x7fELF", b"MZ\x90"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_USUAL = frozenset("äöüßÄÖÜàâáãåæçéèêëíîïñóôøœúûÀÂÁÅÆÇÉÈÊÍÎÑÓÔØŒÚÛ§€£°²³µ½¼±×÷·•…–—‚‘’„“”«»‹›©®™´¨¿¡\u00a0\u00ad")
_MOST_BINARY = 0.005
_SAMPLE = 65_536


def decode(raw: bytes, suffix: str) -> str:
    """Return the text of the bytes: by byte order mark, as UTF-8, as UTF-16 without a mark, else by a good guess.

    Raises WrongType with the suffix when the bytes are no text.
    """
    if raw.startswith(_SIGNATURES):
        raise WrongType(suffix)
    text = _marked(raw) or _unmarked(raw, suffix)
    if len(_BINARY.findall(text[:_SAMPLE])) > _MOST_BINARY * len(text[:_SAMPLE]):
        raise WrongType(suffix)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _marked(raw: bytes) -> str | None:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw.decode(name, "replace")
    return None


def _unmarked(raw: bytes, suffix: str) -> str:
    zeros = _utf16(raw)
    if zeros:
        return raw.decode(zeros, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _declared(raw) or _guessed(raw, suffix)


def _utf16(raw: bytes) -> str | None:
    """Recognise UTF-16 without a mark by its zero bytes, which European letters have in every second place."""
    even, odd = raw[:_SAMPLE:2].count(0), raw[1:_SAMPLE:2].count(0)
    half = len(raw[:_SAMPLE]) // 2
    if half and max(even, odd) > half // 2 and min(even, odd) <= half // 20:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _declared(raw: bytes) -> str | None:
    """Decode a web page by the charset that it declares."""
    match = _CHARSET.search(raw[:2_048])
    try:
        return raw.decode(match[1].decode("ascii")) if match else None
    except (LookupError, UnicodeDecodeError):
        return None


def _guessed(raw: bytes, suffix: str) -> str:
    from charset_normalizer import from_bytes  # late: only odd files need it

    if raw[:_SAMPLE].count(0):
        raise WrongType(suffix)
    # Windows-1252 comes first: it is what European offices wrote, and Latin-1 is part of it. A guess needs more text
    # than a short note with one umlaut, in which everything fits.
    western = raw.decode("cp1252", "replace")
    if _USUAL.issuperset(character for character in western[:_SAMPLE] if not character.isascii()):
        return western
    best = from_bytes(raw[:_SAMPLE], cp_isolation=["cp1252", "latin_1", "cp1250", "mac_roman"]).best()
    return raw.decode(best.encoding if best else "cp1252", "replace")
