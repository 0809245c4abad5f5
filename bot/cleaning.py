"""Take out of a model's words what only pretends to be words: links, images, markup, mentions, hidden characters."""

from __future__ import annotations

import re
import unicodedata

_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_LINK = re.compile(r"\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)|\[([^\]]*)\]\[[^\]]*\]")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,15}:(?://)?(?=[\w/])(?!(?:innen|in|r|e[nrsm]?|n|die|der)\b)"  # scheme:something, not "Nutzer:innen"
    r"[\w/@.%?#=&+~-]*[/.@]\w[^\s<>\"”“]*)"  # that.looks.like.an.address
    r"|\b(?:javascript|data|vbscript|file|tg|slack|mailto|tel):[^\s<>\"”“]+"
    r"|\bwww\.[^\s<>\"”“]+"
    r"|(?<![\w@.])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d+)?/[^\s<>\"”“]*",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<![\w.+-])@[\w.-]+|(?<!\w)#channel\b|<[!@#][^>]*>?")
_MARKS = re.compile(r"(?:\*\*|__|~~|`+|^#{1,6}\s|^>\s?|^\s*[-*]\s)", re.MULTILINE)
_MARKER = re.compile(r"\s?\[\d{1,2}\]")
_DOMAIN = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b(?!@)", re.IGNORECASE)


def clean(text: str) -> str:
    """Return the plain words of a model's text on one line. Markers of sources go, too: they are set anew."""
    plain = "".join(c for c in unicodedata.normalize("NFC", text) if _visible(c))
    for pattern, instead in (
        (_IMAGE, ""),
        (_MARKER, ""),
        (_LINK, r"\1\2"),
        (_TAG, ""),
        (_ADDRESS, ""),
        (_MENTION, ""),
        (_MARKS, ""),
    ):
        plain = pattern.sub(instead, plain)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(plain.split())).strip()


def _visible(character: str) -> bool:
    """Say whether a character may be seen: no controls, no marks that turn the direction, no tags."""
    return character in "\n\t " or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}


def domains(text: str) -> frozenset[str]:
    """Return what a chat window might turn into a link without being asked: names of servers, in small letters."""
    return frozenset(match[0].lower() for match in _DOMAIN.finditer(text))


def links(text: str) -> frozenset[str]:
    """Return the servers, in small letters, that addresses in a text lead to; of one that names no server, the address."""
    found = (match[0] for match in _ADDRESS.finditer(text))
    return frozenset(host for address in found for host in domains(address) or {address.lower()})
