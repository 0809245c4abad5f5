"""Which way a value bounds: at most, at least, about, after it, from it on, or simply this value."""

from __future__ import annotations

import re

MAX, MIN, MORE, LESS, ABOUT, AFTER, SINCE, FOR, EXACT = (
    "max",
    "min",
    "more",
    "less",
    "about",
    "after",
    "since",
    "for",
    "exact",
)
"""The direction of a value: at most, at least, more than, less than, about, after it, from it on, that long, or simply this value."""

_BEFORE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (direction, re.compile(rf"(?:{pattern})\s*(?:\w+\s)?$" if loose else rf"(?:{pattern})\s*$", re.IGNORECASE))
    for direction, loose, pattern in (
        (MAX, True, r"\b(?:no|not|nicht|never) (?:more|longer|later|mehr|länger|später|over|above|über)(?: than| als)?(?: für| for| an)?"),
        (MIN, True, r"\b(?:no|not|nicht|never) (?:less|fewer|earlier|weniger|früher|under|below|unter)(?: than| als)?"),
        (MAX, True, r"\b(?:at (?:the )?most|at (?:the )?latest|a maximum of|maximum|max\.?|up to|within|in (?:the|their|your|its) first|in den ersten|in der ersten|höchstens|maximal|längstens|spätestens|bis zu|innerhalb(?: von)?|binnen|inside)(?: of| the| für| for| after| nach| ihrer?| their| its| von| der| den)*"),
        (MIN, True, r"\b(?:at (?:the )?least|at (?:the )?earliest|a minimum of|minimum|min\.|mindestens|wenigstens|frühestens|minimal|as little as)(?: of| for| für| after| nach| the)*"),
        (MORE, True, r"\b(?:more than|over|above|exceed(?:s|ing)?|in excess of|beyond|longer than|mehr als|über|oberhalb(?: von)?|länger als|besser als|höher als|higher than)(?: the)?"),
        (LESS, True, r"\b(?:less than|fewer than|below|under|shorter than|weniger als|unter|unterhalb(?: von)?|kürzer als|lower than|niedriger als)(?: the)?"),
        (ABOUT, False, r"\b(?:about|around|approximately|approx\.?|roughly|circa|ca\.?|some|nearly|almost|etwa|ungefähr|rund|knapp|gut)"),
        (MAX, False, r"\bin"),
        (MIN, False, r"\b(?:from|ab|starting at|beginning at)"),
        (MAX, False, r"\b(?:until|till|bis(?: zum| zur)?|before|vor(?: dem)?)(?: the)?(?: end of| ende)?"),
        ("by", False, r"\bby(?: the)?(?: end of)?"),
        (FOR, False, r"\b(?:for|für)(?: another| weitere)?"),
        (AFTER, True, r"\b(?:after|nach|following)(?: the| a| an| den| dem)?"),
        (SINCE, False, r"\b(?:since|as of|effective|seit(?: dem)?|ab dem|from)"),
    )
)  # fmt: skip
_BEHIND = (
    (MIN, re.compile(r"\s*(?:euros? |euro |\w+ )?(?:or more|and more|upwards?|and above|or above|or higher|at (?:the )?least|und mehr|oder mehr|aufwärts|und darüber)\b", re.IGNORECASE)),
    (MAX, re.compile(r"\s*(?:(?!and |und |or |oder )\w+ )?(?:or less|or fewer|at (?:the )?most|at (?:the )?latest|or below|oder weniger|und weniger|und darunter|(?:is|are) the (?:maximum|limit)|maximum|ahead at the latest|vorher spätestens)\b", re.IGNORECASE)),
)  # fmt: skip
_TO_DO = re.compile(r"\b(?:have|has|had|hat|haben) (?:only |nur )?$", re.IGNORECASE)
_FOR_IT = re.compile(r"\s+(?:to\b|zeit\b|time\b)", re.IGNORECASE)
_AHEAD = re.compile(
    r"\s*(?:\w+ )?(?:ahead|before|prior|in advance|beforehand|earlier|vorher|vor|zuvor|im voraus)\b", re.IGNORECASE
)


_LATEST = re.compile(r"\b(?:latest|later than|spätestens|später als)\b", re.IGNORECASE)
_REACHED = re.compile(
    r"\b(?:durchwahl|nummer|notruf|telefon\w*|extension|phone|number|line|call|ring|rufen|erreichbar|anzurufen)\b[^.;,]{0,40}\b(?:unter|under|at|on)(?: der| the)?\s*$",
    re.IGNORECASE,
)


def direction_of(text: str, match: re.Match[str]) -> str:
    """Return the direction of a value; "two days ahead at the latest" is at least two days."""
    if _REACHED.search(text[: match.start()]):
        return EXACT
    direction = _written(text, match)
    latest = direction == MAX and _LATEST.search(text, max(0, match.start() - 40), match.start())
    return MIN if latest and _AHEAD.match(text, match.end()) else direction


_LONG = re.compile(r"\s*(?:lang|long)\b", re.IGNORECASE)
_UP_TO = re.compile(r"\d(?: \w+)? ?(?:to|bis|[-–])\s*$", re.IGNORECASE)
_TO_MORE = re.compile(r" ?(?:\w+ )?(?:to|bis|[-–]) ?\d", re.IGNORECASE)
"""A range: neither end of it is a limit by itself."""


def _written(text: str, match: re.Match[str]) -> str:
    before = text[max(0, match.start() - 40) : match.start()]
    if _LONG.match(text, match.end()):
        return FOR
    if _UP_TO.search(before) or _TO_MORE.match(text, match.end()):
        return EXACT
    for direction, pattern in _BEHIND:
        if pattern.match(text, match.end()):
            return direction
    for direction, pattern in _BEFORE:
        if pattern.search(before):
            return direction
    return MAX if _TO_DO.search(before) and _FOR_IT.match(text, match.end()) else EXACT
