"""Files that people send: the text of those that hold nothing else, and are short enough to be checked whole."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

from bot.self_service import CHECKED

if TYPE_CHECKING:
    from telegram import Bot

BYTES = 4 * CHECKED
"""Bytes of a file at most: of text in UTF-8, what is longer is too long in characters, too."""


async def text(bot: Bot, context: str) -> str:
    """Return the text of a file that a message's context names, nothing where it is no short plain text. Raises TelegramError."""
    named = json.loads(context) if context else {}
    if not named.get("file") or not 0 < named.get("size", 0) <= BYTES:
        return ""
    file = await bot.get_file(named["file"])
    return plain(bytes(await file.download_as_bytearray()))


def plain(content: bytes) -> str:
    """Return what bytes say if they are plain text of at most CHECKED characters, else nothing."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        read = content[: BYTES + 1].decode(encoding)
    except UnicodeDecodeError:
        return ""
    if len(read) > CHECKED or any(unicodedata.category(c) == "Cc" and c not in "\n\r\t\f" for c in read):
        return ""
    return read.strip()
