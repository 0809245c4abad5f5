"""E-mail addresses, and the addresses of machines in a network."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from bot.privacy.findings import Kind, before, foreign, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.privacy.findings import Finding

_DOMAIN = re.compile(r"@((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8})(xn--[A-Za-z0-9-]{2,59}|[^\W\d_]{2,24})(?![\w@])")
_SPELLED = re.compile(
    r"[ ]?[\[({](?:at|ät|AT)[\])}][ ]?([^\W_](?:[\w-]{0,61}[^\W_])?(?:(?:\.|[ ]?[\[({](?:dot|punkt|DOT)[\])}][ ]?)[\w-]{1,63}){1,4})"
)
_LOCAL_REVERSED = re.compile(r"[\w+%&*~$!#^-](?:[\w.+%&'*~$!#^/=-]{0,62}[\w+%&*~$!#^-])?")
_FILES = frozenset("png jpg jpeg gif svg webp ico css js ts py md txt pdf html json yaml yml xml zip".split())
LONGEST_LOCAL = 64


def emails(text: str) -> Iterator[Finding]:
    """Find e-mail addresses, also with umlauts and with [at]; no `logo@2x.png`, no `git@host:path`."""
    for match in _DOMAIN.finditer(text):
        start = _local(text, match.start())
        path = text[start : match.start()] == "git" and text[match.end() : match.end() + 1] == ":"
        if start < match.start() and match[2].lower() not in _FILES and not path:
            yield found(Kind.EMAIL, start, match.end())
    for match in _SPELLED.finditer(text):
        start = _local(text, match.start())
        if start < match.start():
            yield found(Kind.EMAIL, start, match.end())


def _local(text: str, end: int) -> int:
    """Return where the part in front of an @ begins."""
    match = _LOCAL_REVERSED.match(text[max(0, end - LONGEST_LOCAL) : end][::-1])
    return end - (match.end() if match else 0)


_IP4 = re.compile(r"[0-9](?<![\w.][0-9])[0-9]{0,2}(?:\.[0-9]{1,3}){3}(?![\w-]|\.\w)(?:/[0-9]{1,2}(?![0-9]))?")
_IP6 = re.compile(
    r"(?:[0-9A-Fa-f]|:(?=:))(?<![\w:.].)(?=[0-9A-Fa-f]{0,3}:)[0-9A-Fa-f:.]{1,44}(?<![.])(?:%\w{1,15})?(?:/[0-9]{1,3})?(?!\w)"
)
_address_named = re.compile(
    r"(?:ip|ipv6|ip-adresse|addr(?:ess)?|adresse|src|dst|source|host|listen|bind|gateway|dns|route)\W{0,4}$"
)
INDENT = 10
"""Characters in front of a heading's number, at most: spaces, # and the like."""
MOST_OF_AN_OUTLINE = 20
"""Largest number that a heading like 1.2.3.4 is expected to have."""


def ips(text: str) -> Iterator[Finding]:
    """Find addresses of the Internet Protocol, versions 4 and 6 (RFC 4291), with the size of a network; no version numbers."""
    for match in _IP4.finditer(text):
        if _is_ip4(match[0].partition("/")[0]) and not _is_numbering(text, match):
            yield found(Kind.IP, match.start(), match.end())
    for match in _IP6.finditer(text):
        piece = match[0] if match[0].endswith("::") else match[0].rstrip(":")
        if _is_ip6(piece) and _is_meant(piece, before(text, match.start())):
            yield found(Kind.IP, match.start(), match.start() + len(piece))


def _is_ip4(address: str) -> bool:
    return all(part == str(int(part)) and int(part) <= 255 for part in address.split("."))  # noqa: PLR2004 - a byte


def _is_numbering(text: str, match: re.Match[str]) -> bool:
    """Say whether four numbers are a version, a clause or a heading."""
    words = before(text, match.start())
    if foreign(words) or words.endswith(("§ ", "§", "§§ ")):
        return True
    parts = match[0].split(".")
    front = text[max(0, match.start() - INDENT) : match.start()].rpartition("\n")[2]
    heading = not front.strip(" \t#*>-") and text[match.end() : match.end() + 2].strip()[:1].isupper()
    return bool(heading) and "/" not in match[0] and len({*parts}) > 1 and max(map(int, parts)) <= MOST_OF_AN_OUTLINE


def _is_ip6(piece: str) -> bool:
    colons = piece.count(":")
    if "::" not in piece and colons not in {6, 7}:
        return False
    try:
        ipaddress.IPv6Address(piece.partition("/")[0])
    except ValueError:
        return False
    return True


def _is_meant(piece: str, words: str) -> bool:
    """Say whether an address of version 6 is meant, rather than `::` in a program."""
    indexed = words[-1:] == "[" and words[-2:-1].isalnum()
    sliced = "[" in words and len(piece) <= len("::1")
    told = any(c.isdigit() for c in piece) or _address_named.search(words) is not None
    return told and not indexed and not sliced


_MAC = re.compile(
    r"[0-9A-Fa-f](?<![\w:.-].)[0-9A-Fa-f](?:([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}|[0-9A-Fa-f]{2}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
    r"(?![\w-]|[:.]\w)"
)


def macs(text: str) -> Iterator[Finding]:
    """Find hardware addresses (IEEE 802): pairs with colons or hyphens, or three groups of four."""
    for match in _MAC.finditer(text):
        hexadecimal = any(c.isalpha() for c in match[0])
        words = before(text, match.start())
        if (hexadecimal or ":" in match[0] or "mac" in words) and not foreign(words):
            yield found(Kind.MAC, match.start(), match.end())
