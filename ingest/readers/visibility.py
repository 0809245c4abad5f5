"""Tells what of a web page a person would see."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.readers.wording import visible

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NEVER_SHOWN = frozenset(
    (
        *("script", "style", "template", "head", "title", "meta", "link", "noscript", "iframe", "object", "embed"),
        *("svg", "math", "canvas", "audio", "video", "map", "input", "button", "select", "textarea", "datalist"),
    )
)
"""Elements without text to read: code, controls, and what plays or draws."""

_END = r"\s*(?:[;!]|$)"
_FAR = r"-(?:\d{3,}|[5-9]\d(?:\.\d+)?(?:em|rem|ch|vw|vh))"
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden"
    r"|font-size\s*:\s*(?:[01]?(?:\.\d+)?(?:px|pt)|0?(?:\.0\d*)?(?:em|rem|%)?)"
    + _END
    + r"|(?:^|[;\s])font\s*:\s*(?:[a-z-]+\s+)*0(?:px|pt|em)?[\s/]"
    rf"|(?:^|[;\s])opacity\s*:\s*0?(?:\.0\d*)?{_END}|zoom\s*:\s*0(?:\.0+)?{_END}"
    rf"|(?:left|top|right|text-indent)\s*:\s*{_FAR}|translate[xy]?\(\s*{_FAR}|scale[xy]?\(\s*0(?:\.0+)?\s*[,)]"
    r"|clip\s*:\s*rect\((?:\s*[01](?:px)?[\s,]*){4}\)|clip-path\s*:\s*(?:inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0)",
    re.IGNORECASE,
)
_NO_AREA = re.compile(
    rf"(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%|vh|vw)?{_END}", re.IGNORECASE
)
_CUT = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", re.IGNORECASE)
_CLEAR = re.compile(
    r"(?:^|[;\s])color\s*:\s*(?:transparent|#[0-9a-f]{3}0|#[0-9a-f]{6}00|(?:rgb|hsl)a?\([^)]*[,/]\s*0?(?:\.0+)?%?\s*\))"
    + _END,
    re.IGNORECASE,
)
_LETTERS_CUT_OUT = re.compile(r"background-clip\s*:\s*text", re.IGNORECASE)
_WHITE = (
    r"(?:white|#fff[0-9a-f]?|#(?:f[a-f]){3}(?:[0-9a-f]{2})?|rgba?\(\s*25[0-5]\s*,?\s*25[0-5]\s*,?\s*25[0-5][^)]*\)"
    r"|hsla?\([^),]*,?\s*[\d.]+%\s*,?\s*(?:100|9[89])%[^)]*\))"
)
_WHITE_TEXT = re.compile(rf"(?:^|[;\s])color\s*:\s*{_WHITE}{_END}", re.IGNORECASE)
_TEXT = re.compile(r"(?:^|[;\s])color\s*:\s*([^;!]+)", re.IGNORECASE)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color|-image)?\s*:\s*([^;]+)", re.IGNORECASE)
_NO_GROUND = re.compile(rf"\s*(?:{_WHITE}|none|transparent|inherit|initial|unset)\s*(?:!.*)?", re.IGNORECASE)
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_PLAIN_RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"[\w-]*(?:[.#][\w-]+)?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The declarations of a page's own style sheets, by simple selector (`p`, `.note`, `#tip`, `p.note`)."""

    declarations: dict[str, str] = field(default_factory=dict)

    def of(self, element: HtmlElement) -> str:
        """Return what the sheets and the element's own style declare for it."""
        tag = str(element.tag)
        names = [tag, *(f".{name}" for name in element.get("class", "").split())]
        names += [f"#{element.get('id')}"] if element.get("id") else []
        selectors = names + [tag + name for name in names[1:]]
        declared = [self.declarations[name] for name in selectors if name in self.declarations]
        return ";".join([*declared, element.get("style", "")])


def sheet(root: HtmlElement) -> Sheet:
    """Collect the page's own style sheets. Rules inside media queries and compound selectors are not followed."""
    declarations: dict[str, list[str]] = defaultdict(list)
    for style in root.iter("style"):
        for selectors, body in _PLAIN_RULE.findall(_COMMENTS.sub("", style.text or "")):
            for selector in selectors.split(","):
                name = selector.strip()
                if name and _SELECTOR.fullmatch(name):
                    declarations[name].append(body)
    return Sheet({name: ";".join(bodies) for name, bodies in declarations.items()})


def strip(root: HtmlElement) -> int:
    """Take comments, hidden elements and what is never shown out of the tree; count the hidden characters."""
    styles = sheet(root)
    hidden = 0
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            hidden += visible(element.text or "")
            _drop(element)
        elif element.tag in NEVER_SHOWN:
            _drop(element)
        elif element is not root and _hidden(element, styles):
            hidden += visible("".join(element.itertext()))
            element.clear(keep_tail=True)  # what lies below needs no second look
            _drop(element)
    return hidden


def _drop(element: HtmlElement) -> None:
    """Take an element out, the text after it left in place."""
    if element.getparent() is not None:
        element.drop_tree()


def _hidden(element: HtmlElement, styles: Sheet) -> bool:
    if element.get("hidden") is not None:
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    declared = styles.of(element)
    return bool(_HIDING.search(declared)) or _inkless(declared) or _white_on_white(element, declared, styles)


def _inkless(declared: str) -> bool:
    """Tell whether text has no room, no colour, or the colour of its own ground."""
    if _NO_AREA.search(declared) and _CUT.search(declared):
        return True
    if _LETTERS_CUT_OUT.search(declared):
        return False
    inks, grounds = ([found.strip().casefold() for found in kind.findall(declared)] for kind in (_TEXT, _GROUND))
    return bool(_CLEAR.search(declared)) or (bool(inks and grounds) and inks[-1] == grounds[-1].split("!")[0].strip())


def _white_on_white(element: HtmlElement, declared: str, styles: Sheet) -> bool:
    """Tell whether the text is white and nothing up to the root puts another ground behind it."""
    if element.tag == "font" and not _COLOUR.search(declared):
        declared = f"{declared};color:{element.get('color', '')}"
    if not _WHITE_TEXT.search(declared):
        return False
    return not any(_grounded(node, styles) for node in (element, *element.iterancestors()))


def _grounded(element: HtmlElement, styles: Sheet) -> bool:
    own = element.get("bgcolor") or element.get("background")
    if own:
        return not _NO_GROUND.fullmatch(own)
    return any(not _NO_GROUND.fullmatch(ground) for ground in _GROUND.findall(styles.of(element)))
