"""Front matter and other small YAML files, read strictly: what could be understood in two ways is an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ingest.errors import BrokenMetadata

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 65_536
"""The most characters that front matter may have."""

_FENCE = re.compile(r"\s*\A\ufeff?\s*---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_OTHER_FENCE = re.compile(r"\A\ufeff?\s*(?:\+\+\+|;;;)[ \t]*\n")
_SHOWN = 80
_DEEPEST = 20  # levels; the parser's own recursion in C breaks the whole process at some thousand


def split(text: str) -> tuple[Mapping[str, object], str]:
    """Return the front matter of a text, {} if there is none, and the text below it.

    Raises BrokenMetadata when a text begins as if it had front matter that cannot be understood: to ignore it could
    open a document that it closes.
    """
    if _OTHER_FENCE.match(text):
        raise BrokenMetadata("syntax", line=1)
    opening = _FENCE.match(text)
    if not opening:
        return {}, text
    closing = _CLOSE.search(text, opening.end())
    if not closing:
        raise BrokenMetadata("unclosed", line=_line(text, opening.end()) - 1)
    inside = text[opening.end() : closing.start()]
    return parse(inside, LONGEST, _line(text, opening.end()) - 1), text[closing.end() :]


def parse(text: str, longest: int, above: int = 0) -> Mapping[str, object]:
    """Return a YAML mapping with every scalar as the string that was written ("1.10", "no", "2026-01-15").

    `above` is the number of lines before the text in its file. Raises BrokenMetadata for wrong syntax, a key given
    twice, aliases, anything but a mapping, and a text longer than `longest` characters.
    """
    import yaml  # late: files without metadata do not need it

    if len(text) > longest:
        raise BrokenMetadata("too long")
    try:
        _plain(text, above)
        loaded = yaml.load(text, Loader=_loader(above))  # noqa: S506 -- a BaseLoader, which builds strings, lists and mappings
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise BrokenMetadata("syntax", line=above + mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BrokenMetadata("syntax") from error
    return _mapping(loaded, above)


def shown(value: object) -> str:
    """Return a value as an error may carry it: on one line, cut short."""
    line = " ".join(str(value).split()) if isinstance(value, (str, int, float)) else type(value).__name__
    return line[:_SHOWN]


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _mapping(loaded: object, above: int) -> Mapping[str, object]:
    if loaded is None or loaded == "":
        return {}
    if not isinstance(loaded, dict):
        raise BrokenMetadata("shape", line=above + 1)
    return loaded


def _plain(text: str, above: int) -> None:
    """Refuse aliases, which repeat without end and hide what a key says, and what nests deeper than any metadata."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=_base()):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST:
            mark = event.start_mark
            raise BrokenMetadata("syntax", line=above + mark.line + 1 if mark else None)


def _base() -> Any:  # noqa: ANN401 -- one of two classes that share no typed base
    import yaml

    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _loader(above: int) -> Any:  # noqa: ANN401 -- as above
    """Return the loader that takes every scalar as a string and no key twice."""

    class Strict(_base()):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, object]:  # noqa: ANN401, FBT001, FBT002
            _once(node, above)
            return dict(super().construct_mapping(node, deep=deep))

    return Strict


def _once(node: Any, above: int) -> None:  # noqa: ANN401 -- a yaml node, typed nowhere
    import yaml

    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise BrokenMetadata("shape", line=above + key.start_mark.line + 1)
        if key.value in seen:
            raise BrokenMetadata("twice", shown(key.value), line=above + key.start_mark.line + 1)
        seen.add(key.value)
