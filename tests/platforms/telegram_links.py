"""What Telegram makes links of by itself, in text that nobody marked, and which of it is Lotse's.

The reference does not say. This follows the public source, td/telegram/MessageEntity.cpp (https://github.com/tdlib/td), where
find_mentions, find_bot_commands, find_hashtags, find_cashtags, find_tg_urls and find_urls say what becomes a link. Where td looks
into its list of top-level domains, any name of letters counts here, because the list grows. Phone and card numbers are left
out: they lead nowhere that a text could choose.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from bot.commands import NAMES
from bot.messages import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.messages import Answer

_TAG = r"\w\u200c\u00b7\u0d80-\u0dff"
"""is_hashtag_letter, and numbers that are no digits."""
_NAMED = re.compile(
    r"(?P<mention>(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w))"
    rf"|(?P<hashtag>(?<![{_TAG}])#(?=[{_TAG}]*[^\W\d_])[{_TAG}]+)"
    rf"|(?P<cashtag>(?<![{_TAG}$])\$(?:1INCH|[A-Z]{{1,8}})(?![{_TAG}$]))"
    r"|(?P<command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<inner>(?:tg|ton|tonsite)://[A-Za-z0-9_-]+)",
    re.IGNORECASE,
)
_WIDE = r"\u00c0-\u167f\u1681-\u1fff\u200c\u200d\u2010-\u2015\u2070-\u2fff\u3001-\U0010ffff"
"""is_url_unicode_symbol, from where the letters with accents begin: no space, and no word joiner."""
_HOST = re.compile(rf"[A-Za-z0-9_.~{_WIDE}-]+")
_TOKEN = re.compile(r"[^\s/\[\]{}()'`<>\"\u00ab\u00bb\u00a0\u2000-\u200b\u200e\u200f\u2016-\u206f\u3000\u1680]+")
"""What may stand in front of an address (is_user_data_symbol) with the address."""
_MAIL = re.compile(
    r"(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(?:[a-z0-9](?:[a-z0-9_-]{0,28}[a-z0-9])?\.){1,6}[a-z]{2,8}",
    re.IGNORECASE,
)
"""is_email_address, as its comment has it."""
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OWN_WORDS = frozenset({Outcome.DECLINED, Outcome.FAILED})


def automatic(text: str, entities: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return what Telegram would make links of in a text, by kind, beside what is marked."""
    encoded = bytearray(text.encode("utf-16-le", "surrogatepass"))
    for entity in entities:
        if entity["type"] in {"code", "pre", "text_link"}:
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            encoded[start:end] = " ".encode("utf-16-le") * entity["length"]
    plain = encoded.decode("utf-16-le", "replace")
    return [*((str(match.lastgroup), match[0]) for match in _NAMED.finditer(plain)), *_addresses(plain)]


def foreign_links(part: dict[str, Any], answer: Answer) -> list[str]:
    """Return what is a link in a message, by a mark or by itself, and not Lotse's.

    Lotse's are the addresses of documents, the contact's own, and a command that Lotse itself speaks of: one that a document or
    a model names is none.
    """
    urls = {citation.url for citation in answer.citations}
    found = [entity["url"] for entity in part["entities"] if "url" in entity and entity["url"] not in urls]
    said = answer.preface + (answer.text if answer.outcome in _OWN_WORDS and not answer.foreign else "")
    for kind, text in automatic(part["text"], part["entities"]):
        command = kind == "command" and text.removeprefix("/") in NAMES and text in said
        contact = kind in {"mail", "url"} and _ADDRESS.fullmatch(text) and text in answer.contact
        if not (command or contact):
            found.append(text)
    return found


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Yield addresses, as match_urls and fix_url find them."""
    for token in _TOKEN.finditer(text):
        if "." not in token[0]:
            continue
        for run in _HOST.finditer(token[0]):
            if _of_a_user(token[0], run):
                continue
            host, start, end = run[0].rstrip("."), token.start() + run.start(), token.start() + run.end()
            user = token[0][: run.start()] if token[0][: run.start()].endswith("@") else ""
            scheme = text[: start - len(user)].endswith("://")
            if not _leads(host, named=scheme) or (not scheme and _within(text[: start - len(user)])):
                continue
            whole = user.removeprefix("mailto:") + host
            alone = not re.match(r"\.*(?::\d|[/?#])", text[end - len(run[0]) + len(host) :][:8])
            yield ("mail" if alone and _MAIL.fullmatch(whole) else "url"), whole


def _of_a_user(token: str, run: re.Match[str]) -> bool:
    """Say whether names with a dot are only what stands before the @ of an address: match_urls takes both for one (last_at_ptr)."""
    rest = token[run.end() :]
    return "." in run[0] and rest.startswith("@") and bool(_HOST.match(rest[1:]))


def _leads(host: str, *, named: bool) -> bool:
    """Say whether a host is one: an IP address, or names with a top-level domain at the end."""
    names = host.split(".")
    if len(names) < 2 or not all(names):
        return False
    if _IP.fullmatch(host):
        return True
    last = names[-1]
    if named or last.startswith("xn--"):
        return len(last) > 1
    return len(last) > 1 and last[0].isalpha() and all(unicodedata.category(each)[0] in "LM" for each in last)


def _within(before: str) -> bool:
    """Say whether what follows is a part of something longer, in which td sees no address."""
    return bool(re.search(r"[\w/#@]\Z", before[-1:]))
