"""Reads web pages: all that their main part shows, and nothing that it hides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.errors import EmptyFile, TooLarge
from ingest.readers import elements, visibility
from ingest.readers.encoding import decode
from ingest.readers.outline import Outline

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.html import HtmlElement

    from ingest.readers.content import Content
    from ingest.readers.limits import Limits

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_AROUND = (
    ".//nav | .//footer[not(ancestor::article or ancestor::section or ancestor::blockquote)]"
    " | .//*[@role='navigation' or @role='contentinfo' or @role='search' or @role='banner']"
    " | .//*[@role='dialog' or @role='alertdialog']"
)
_CALLED = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|toolbar|topbar|masthead|skip(?:-?links?)?|pagination|pager|share"
    r"|sharing|social|header|footer)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""How pages call what stands around their text, where they use no elements made for it."""
_ASKING = re.compile(r"cookie|consent", re.IGNORECASE)
_PARTS = ("div", "ul", "ol", "section", "aside", "header", "p")
_MOSTLY = 0.6
_WHOLLY = 0.9
_MAIN = "//main | //*[@role='main']"
_LEAST_MAIN = 0.2


def read(path: Path, limits: Limits) -> Content:
    """Read a web page. Nothing that it links to is loaded."""
    root = parse(decode(path.read_bytes(), path.suffix.lower()), limits)
    page_title = " ".join((root.findtext(".//title") or "").split())
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    outline = Outline(limits)
    outline.conceal(visibility.strip(root))
    for part in _main(root):
        elements.walk(outline, part)
    return outline.content({"title": _title(root, page_title), "language": language})


def parse(text: str, limits: Limits) -> HtmlElement:
    """Return the tree of a page; TooLarge when it nests deeper than the limit, EmptyFile when there is none."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    try:
        # `huge_tree` turns the parser's own silent cut at 256 levels off; the limit below refuses aloud instead.
        parser = HTMLParser(huge_tree=True, no_network=True)
        root: HtmlElement = document_fromstring(_DECLARATION.sub("", text), parser=parser)
    except etree.ParserError as error:
        raise EmptyFile from error
    _shallow(root, limits.depth)
    return root


def _shallow(root: HtmlElement, limit: int) -> None:
    from lxml import etree

    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            raise TooLarge("depth", limit, depth)


def _main(root: HtmlElement) -> list[HtmlElement]:
    """Return the page's main parts, or the whole of it without navigation and footers."""
    for element in root.xpath(_AROUND):
        _drop(element)
    for element in _linking(root):
        _drop(element)
    parts = [part for part in root.xpath(_MAIN) if not any(node.tag == "main" for node in part.iterancestors())]
    if parts and sum(map(_length, parts)) >= _LEAST_MAIN * _length(root):
        return parts
    return [root]


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _linking(root: HtmlElement) -> list[HtmlElement]:
    """Return what only leads elsewhere: parts called a menu or the like that are mostly links, and lists of links above all text.

    A part that asks about cookies goes too, unless it is a good part of the page.
    """
    found, headed, total = [], False, _length(root)
    for element in root.iter(*_PARTS, "h1", "h2"):
        headed = headed or element.tag in ("h1", "h2")
        called = "header" if element.tag == "header" else f"{element.get('class', '')} {element.get('id', '')}"
        above = not headed and element.tag in ("ul", "ol")
        if (
            not (above or _CALLED.search(called) or _ASKING.search(called))
            or next(element.iter("h1"), None) is not None
        ):
            continue
        asking = _ASKING.search(called) and _length(element) < _LEAST_MAIN * total
        if asking or _linked(element) >= (_WHOLLY if above else _MOSTLY):
            found.append(element)
    return found


def _linked(element: HtmlElement) -> float:
    """Return the share of an element's words that stand in links."""
    words = _length(element)
    return sum(map(_length, element.iter("a"))) / words if words else 0.0


def _length(element: HtmlElement) -> int:
    return len("".join(element.itertext()).split())


def _title(root: HtmlElement, page_title: str) -> str:
    """Return the page's title; its only first-level heading, where the title merely adds the site's name to that."""
    headings = [" ".join("".join(node.itertext()).split()) for node in root.iter("h1")]
    if len(headings) == 1 and headings[0] and (not page_title or headings[0] in page_title):
        return headings[0]
    return page_title
