"""Text with marks, as Telegram wants it: plain characters, and entities counted in UTF-16 code units. Never a parse mode.

Telegram makes links by itself of whatever looks like one. In words that are not Lotse's own, an invisible word joiner keeps it
from doing so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.splitting import utf16

if TYPE_CHECKING:
    from collections.abc import Iterable

JOINER = "\u2060"
"""Word joiner: nobody sees it, and Telegram takes no word with it in the middle for a link."""
MOST_MARKS = 100
"""Entities of one message; Telegram does not look at more (https://limits.tginfo.me/en)."""
_LINKS = (
    (
        re.compile(r"(?<=\S)\.(?=\w*[^\W\d])|(?<=\d)\.(?=\d{1,3}\.\d{1,3}(?!\d))"),
        ".",
    ),  # example.com, 192.168.0.1; not 3.50
    (re.compile(r":(?=//)"), ":"),  # tg://, http://localhost
    (re.compile(r"@(?=\w)"), "@"),
    (re.compile(r"#(?=[\w\u200c\u00b7\u0d80-\u0dff])"), "#"),
    (re.compile(r"\$(?=[A-Za-z]|1INCH)"), "$"),  # $EUR; not $5
    (re.compile(r"(?<![A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f/])/(?=\w)"), "/"),  # a command; not either/or
)
"""What Telegram makes links of, up to the character that the joiner is put behind.

The reference does not say what that is; td/telegram/MessageEntity.cpp of the public source (https://github.com/tdlib/td) does.
"""
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""An e-mail address."""
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f")
"""Letters and marks that show nothing."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_KEPT_FORMATS = frozenset("\u200c\u200d\u2060")
"""Invisible marks that change how their neighbours look, as in emoji and in Persian, and the joiner."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a stretch of text looks: a type of MessageEntity, from where, how many characters (of Python), where it leads."""

    kind: str
    start: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rich:
    """Text and its marks, which lie within it and do not overlap, except that one may hold others whole."""

    text: str = ""
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: Rich) -> Rich:
        moved = (replace(mark, start=mark.start + len(self.text)) for mark in other.marks)
        return Rich(self.text + other.text, (*self.marks, *moved))

    def trimmed(self) -> Rich:
        """Return it without what is white in front and behind: Telegram takes that away and would move the marks."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, len(self.text.rstrip())) if self.text.strip() else Rich()

    def cut(self, start: int, end: int) -> Rich:
        """Return a slice with what of the marks lies in it."""
        kept = []
        for mark in self.marks:
            first, last = max(mark.start, start), min(mark.start + mark.length, end)
            if first < last:
                kept.append(replace(mark, start=first - start, length=last - first))
        return Rich(self.text[start:end], tuple(kept))


def own(text: str, kind: str = "", url: str = "") -> Rich:
    """Return words of Lotse's own, marked as a whole if a kind is given."""
    plain = _plain(text)
    return Rich(plain, (Mark(kind, 0, len(plain), url),) if kind and plain.strip() else ())


def foreign(text: str, kind: str = "", spare: re.Pattern[str] | None = None, url: str = "") -> Rich:
    """Return words that a document, a model or a person wrote: nothing becomes a link by itself but what is spared."""
    plain, made, end = _plain(text), "", 0
    for match in spare.finditer(plain) if spare else ():
        made += _defused(plain[end : match.start()]) + match[0]
        end = match.end()
    return own(made + _defused(plain[end:]), kind, url)


def severed(rich: Rich) -> Rich:
    """Return the rest of a word that was cut: what was part of a word in front must not become a command now."""
    if not re.match(r"/\w", rich.text):
        return rich
    one = len(JOINER)
    marks = (
        replace(mark, start=mark.start + one) if mark.start else replace(mark, length=mark.length + one)
        for mark in rich.marks
    )
    return Rich(f"/{JOINER}{rich.text[1:]}", tuple(marks))


def _defused(text: str) -> str:
    for pattern, last in _LINKS:
        text = pattern.sub(last + JOINER, text)
    return text


def join(parts: Iterable[Rich], gap: str) -> Rich:
    """Put texts together, with a gap between those that show something."""
    whole = Rich()
    for part in parts:
        if visible(part.text):
            whole = whole + Rich(gap) + part if whole.text else part
    return whole


def entities(rich: Rich) -> list[dict[str, object]]:
    """Return the marks as Telegram's MessageEntity objects: trimmed to what is not white, the outer before the inner."""
    made = []
    for mark in sorted(rich.marks, key=lambda each: (each.start, -each.length)):
        words = rich.text[mark.start : mark.start + mark.length]
        start = mark.start + len(words) - len(words.lstrip())
        if not (words := words.strip()):
            continue
        entity: dict[str, object] = {
            "type": mark.kind,
            "offset": utf16(rich.text[:start]),
            "length": utf16(words),
        }
        made.append(entity | ({"url": mark.url} if mark.url else {}))
    return made[:MOST_MARKS]


def visible(text: str) -> bool:
    """Say whether a text shows anything: Telegram takes no message that does not."""
    return any(unicodedata.category(c) not in _INVISIBLE and c not in _BLANKS for c in text)


def _plain(text: str) -> str:
    """Return a text without what Telegram takes out, what nobody sees, and what turns the direction of what follows."""
    if text.isascii() and text.isprintable():
        return text
    shown = (_shown(c) for c in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    "))
    return re.sub(r"([\u200c\u200d\u2060\ufe0e\ufe0f])\1+", r"\1", "".join(shown))


def _shown(character: str) -> str:
    if character == "\n" or character in _KEPT_FORMATS:
        return character
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category in {"Zl", "Zp"}:
        return "\n"
    return "" if category in {"Cc", "Cf"} else character
