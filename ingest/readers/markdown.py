"""Reads Markdown: its tokens become HTML, which the reader of web pages takes apart."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.readers import elements, front_matter, html, visibility
from ingest.readers.encoding import decode
from ingest.readers.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

    from ingest.readers.content import Content
    from ingest.readers.limits import Limits

_EMPHASIS = frozenset(("em_open", "em_close", "strong_open", "strong_close"))
_UNDERSCORES = ("_", "__")
_INLINE_NESTING = 20
_OPTIONS = re.compile(r"\A(?::[\w-]+:[^\n]*\n)+")
"""The lines by which a directive such as {figure} is set (":alt:", ":width:"): its text stands below them."""
_TAG = re.compile(r"</?([A-Za-z][\w-]*)")


def read(path: Path, limits: Limits) -> Content:
    """Read a Markdown file with its front matter, tables and HTML inside."""
    front, body = front_matter.split(decode(path.read_bytes(), path.suffix.lower()))
    outline = Outline(limits)
    title = ""
    if body.strip():
        root = html.parse(f"<body>{_html(body, limits)}</body>", limits)
        outline.conceal(visibility.strip(root))
        elements.walk(outline, root)
        title = outline.title()
    return outline.content({"title": title}, front)


def _html(body: str, limits: Limits) -> str:
    parser = _parser()
    # Blocks that nest deeper than maxNesting are left out without a word: so deep that `html.parse` says it.
    parser.options["maxNesting"] = limits.depth + 10
    tokens = parser.parse(body)
    for token in tokens:
        if token.type == "fence" and token.info.startswith("{"):
            token.content = _OPTIONS.sub("", token.content)
    for before, token in pairwise(tokens):
        if token.type == "inline" and token.children:
            token.children = _plain(token.children, linked=before.type != "heading_open")
    return str(parser.renderer.render(tokens, parser.options, {}))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    options = {"html": True, "store_labels": True}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    parser.core.ruler.after("block", "shallow", _shallow)
    # A link stays as its author wrote it, so that its words are those of the source.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 -- no link leaves as a link
    return parser


def _shallow(state: StateCore) -> None:
    """Let brackets inside a line nest a little only: nothing is left out there, and the time doubles with each level."""
    state.md.options["maxNesting"] = _INLINE_NESTING


def _plain(tokens: Sequence[Token], *, linked: bool) -> list[Token]:
    """Write links out as `text (url)` if linked, keep unknown tags such as <your name> and the lines of a bold list."""
    plain: list[Token] = []
    opened: list[tuple[Token, int]] = []
    keyed = _keyed(tokens)
    for token in tokens:
        if token.type == "link_open":
            opened.append((token, len(plain)))
        elif token.type == "link_close":
            link, start = opened.pop()
            plain.extend(_target(link, plain[start:]) if linked else ())
        elif linked and token.type in _EMPHASIS and token.markup in _UNDERSCORES:
            plain.extend(_underscored(token))
        else:
            plain.append(_shown(token, keyed=keyed))
    return plain


def _underscored(token: Token) -> list[Token]:
    """Keep the underscores around words in emphasis: they are letters to whoever compares a quote with its source."""
    return [_text(token.markup), token] if token.type.endswith("_open") else [token, _text(token.markup)]


def _target(link: Token, inside: Sequence[Token]) -> list[Token]:
    """Return what follows a link's text: its address and title, or the name of the reference that it uses."""
    text = "".join(token.content for token in inside if token.type in ("text", "code_inline"))
    label, href = str(link.meta.get("label", "")), str(link.attrs.get("href", ""))
    if link.markup == "autolink" or not text.strip():
        return []
    if label:
        same = label.casefold() == " ".join(text.split()).casefold()
        return [] if same else [_text(f" [{label.lower()}]")]
    title = f' "{link.attrs["title"]}"' if "title" in link.attrs else ""
    return [_text(f" ({href}{title})")] if href or title else []


def _shown(token: Token, *, keyed: bool) -> Token:
    if token.type == "html_inline" and not _known(token.content):
        return _text(token.content)
    if token.type == "softbreak" and keyed:
        return _token("hardbreak", "br")
    return token


def _known(tag: str) -> bool:
    """Tell whether a tag is one of HTML's own, or a comment."""
    from lxml.html.defs import tags

    match = _TAG.match(tag)
    return match is None or match[1].lower() in tags


def _keyed(tokens: Sequence[Token]) -> bool:
    """Tell whether every line begins in bold, as lists of name and value do: such lines are not running text."""
    lines = [after for before, after in pairwise(tokens) if before.type == "softbreak"]
    starts = [token for token in tokens if not (token.type == "text" and not token.content)][:1] + lines
    return bool(lines) and all(token.type == "strong_open" for token in starts if token.content or token.type != "text")


def _text(content: str) -> Token:
    token = _token("text", "")
    token.content = content
    return token


def _token(kind: str, tag: str) -> Token:
    from markdown_it.token import Token

    return Token(kind, tag, 0)
