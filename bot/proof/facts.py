"""The hard facts of a text: numbers, dates, durations, money, limits, addresses and codes, each in one normal form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.proof.directions import ABOUT, EXACT, MAX, direction_of
from bot.proof.numbers import parse
from bot.proof.units import UNIT, UNITS, unit
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Value:
    """One hard fact. `amount` is normal for its `kind`; `start` and `end` are its place in the text.

    `digits` is the number as it is written. `bare`: nothing that is counted follows ("after 60 days, in the other one after 180").
    """

    kind: str
    amount: str | float
    direction: str
    start: int
    end: int
    bare: bool = False
    digits: float | None = None


_DIGITS = r"\d{1,3}(?:[.,’']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_ONE = r"\b(?:one|an?|single|eine?[nmrs]?)\b"
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar jänner jan",
            "february februar feber feb",
            "march märz mar mär maerz",
            "april apr",
            "may mai",
            "june juni jun",
            "july juli jul",
            "august aug",
            "september sept sep",
            "october oktober oct okt",
            "november nov",
            "december dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_ORDINALS = {
    word: float(number)
    for number, listed in enumerate(
        (
            "second zweite zweiten zweiter zweites zweitem",
            "third dritte dritten dritter drittes drittem",
            "fourth vierte vierten vierter viertes",
            "fifth fünfte fünften fünfter fünftes",
            "sixth sechste sechsten sechster",
            "seventh siebte siebten siebter",
            "eighth achte achten achter",
            "ninth neunte neunten neunter",
            "tenth zehnte zehnten zehnter",
        ),
        start=2,
    )
    for word in listed.split()
}

_PERIODS = {
    1440.0: r"(?:daily|täglich(?:e[nrsm]?)?|(?:every|each|per|a) day|(?:jeden|pro|am|je) tag|once a day)",
    10080.0: r"(?:weekly|wöchentlich(?:e[nrsm]?)?|(?:every|each|per|a|once a) week|(?:jede|pro|je|in der|die) woche)",
    -1.0: r"(?:monthly|monatlich(?:e[nrsm]?)?|(?:of )?(?:every|each|per|a|once a) month|of the month|(?:jeden|pro|je|im|jedes|des) monats?|einmal im monat)",
    -3.0: r"(?:quarterly|vierteljährlich(?:e[nrsm]?)?|quartalsweise|(?:every|each|per|a|once a) quarter|(?:jedes|pro|je|im) (?:quartals?|vierteljahr))",
    -6.0: r"(?:half-yearly|halbjährlich(?:e[nrsm]?)?|twice a year|twice yearly|two times a year|semi-annual(?:ly)?|biannual(?:ly)?|every half[- ]year|zweimal (?:im|pro) jahr|jedes (?:halbe jahr|halbjahr))",
    -12.0: r"(?:yearly|annual(?:ly)?|jährlich(?:e[nrsm]?)?|(?:every|each|per|a|once a) year|(?:jedes|pro|je|im|einmal im) jahr)",
}
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("address", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+?(?=[.,;:!?)]*(?:\s|$))|\b(?:[\w-]+\.)+(?:com|org|net|de|at|ch|eu|example|ai|io)\b"),
        ("date", r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})\b"),
        ("date", rf"\b\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:of )?{_MONTH}(?:,?\s\d{{4}})?|\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?\b(?!\d)|\b{_MONTH}\s\d{{4}}\b"),
        ("time", r"\b\d{1,2}[:.]\d{2}(?:\s?(?:uhr|a\.?m\.?|p\.?m\.?|o'clock))|\b\d{1,2}:\d{2}\b|\b\d{1,2}\s?(?:uhr|a\.?m\b|p\.?m\b|o'clock)\.?|\b\d{1,2}(?= (?:bis|to|until) \d{1,2} uhr)"),
        ("ratio", r"(?<=\d )of(?= \d)|(?<=\d )von(?= \d)"),
        ("code", r"\b(?=\w*\d\w*(?:[A-Za-zÄÖÜäöü]|[/-]\d)|\w*[A-Za-zÄÖÜäöü]\w*\d)\w*\d\w*(?:[/-]\d\w*)*"),
        ("code", r"(?:(?<=\bclass )|(?<=\blevel )|(?<=\btype )|(?<=\bgroup )|(?<=\bcategory )|(?<=\bklasse )|(?<=\bstufe )|(?<=\btyp )|(?<=\bgruppe )|(?<=\bkategorie ))(?-i:[A-Z])\b"),
        ("measure", rf"(?P<h>\b(?:an? half|half an?|half|eine?[nms]? halbe[nsr]?|halbe[nsr]?)\s)(?P<u>{UNIT})"),
        ("period", rf"\b(?:every|alle) (?P<n>(?:{_DIGITS})) (?P<u>{UNIT})"),
        *((f"period:{amount}", rf"\b(?:once |einmal )?{pattern}\b") for amount, pattern in _PERIODS.items()),
        ("measure", rf"(?P<c>[€$£])\s?(?P<n>{_DIGITS})"),
        ("measure", rf"(?P<n>(?:{_DIGITS}))[\s-]?(?P<u>{UNIT})"),
        ("measure", rf"(?P<n>{_DIGITS}|ein)-?(?P<u>(?:arbeits)?(?:täg|stünd|monat|wöch|jähr|minüt)(?=ig))\w+"),
        ("measure", rf"(?P<one>{_ONE}) (?P<u>{UNIT})"),
        ("times", rf"\b(?P<t>twice|thrice|zweimal|dreimal|viermal|fünfmal)\b|\b(?P<n>(?:{_DIGITS})) (?:times|mal)\b"),
        ("ordinal", r"\b(?:" + "|".join(_ORDINALS) + r")\b"),
        ("number", rf"(?<![\w])(?P<n>{_DIGITS})(?![\w])"),
    )
)  # fmt: skip
_WITHOUT_DIGITS = frozenset(
    {"address", "code", "measure", "period", "times", "ordinal", *(f"period:{amount}" for amount in _PERIODS)}
)
"""The kinds that a text without a digit may hold."""
_PARTS = {
    "period:1440.0": ("dai", "day", "tag", "täg"),
    "period:10080.0": ("week", "woch", "wöch"),
    "period:-1.0": ("month", "monat"),
    "period:-3.0": ("quart", "viertel"),
    "period:-6.0": ("half", "halb", "twice", "two times", "annual", "zweimal"),
    "period:-12.0": ("year", "annual", "jahr", "jähr"),
}
"""What a text holds that holds a period, in small letters: quicker than its pattern."""
_IN = re.compile(r"\b(?:in|im)\s+$", re.IGNORECASE)
_COUNTED = re.compile(r"\s*(?:\w|%|€|\$)")


@remembered(4096)
def facts(text: str) -> tuple[Value, ...]:
    """Return the hard facts of a text, in order, none of them overlapping."""
    taken = [False] * (len(text) + 1)
    found: list[Value] = []
    lower = text.lower()
    digit = any(sign.isdigit() for sign in text)
    for kind, pattern in _PATTERNS:
        if not (digit or kind in _WITHOUT_DIGITS) or not any(part in lower for part in _PARTS.get(kind, ("",))):
            continue
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                value = _value(kind, match, text)
                if value is not None:
                    found.append(value)
                    taken[match.start() : match.end()] = [True] * (match.end() - match.start())
    return tuple(sorted(found, key=lambda value: value.start))


def _value(kind: str, match: re.Match[str], text: str) -> Value | None:
    unit, amount = _amount(kind, match)
    if unit is None:
        return None
    direction = direction_of(text, match)
    if unit == "date" and _IN.search(text, 0, match.start()):
        direction = EXACT
    if direction == "by":
        direction = MAX if unit in ("date", "time") else EXACT
    bare = kind == "number" and not _COUNTED.match(text, match.end())
    return Value(unit, amount, direction, match.start(), match.end(), bare, _digits(match))


def _digits(match: re.Match[str]) -> float | None:
    written = match.groupdict().get("n")
    return parse(written) if written else None


def _amount(kind: str, match: re.Match[str]) -> tuple[str | None, str | float]:
    """Return a value's kind (None: it is no fact) and its amount."""
    whole = match.group().lower()
    if kind.startswith("period:"):
        amount = float(kind.partition(":")[2])
        return ("period months", -amount) if amount < 0 else ("period minutes", amount)
    if kind in ("measure", "period"):
        return _measure(kind, match)
    if kind == "times":
        return kind, _TIMES[match["t"].lower()] if match["t"] else parse(match["n"])
    normal = _NORMAL.get(kind)
    return (None, "") if kind == "ratio" else (kind, normal(whole) if normal else whole.rstrip("-/"))


_TIMES = {"twice": 2.0, "thrice": 3.0, "zweimal": 2.0, "dreimal": 3.0, "viermal": 4.0, "fünfmal": 5.0}


def _measure(kind: str, match: re.Match[str]) -> tuple[str, float]:
    groups = match.groupdict()
    if groups.get("c"):
        return UNITS[match["c"]][0], parse(match["n"])
    name, factor = unit(match["u"])
    number = 0.5 if groups.get("h") else 1.0 if groups.get("one") else parse(match["n"])
    return ("period " if kind == "period" else "") + name, number * factor


def _date(written: str) -> str:
    """Return year-month-day; a part that is not written is empty."""
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", written):
        return "-".join(str(int(part)) for part in match.groups())
    if match := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{2,4})", written):
        day, month, year = match.groups()
        return f"{int(year) if len(year) > 2 else 2000 + int(year)}-{int(month)}-{int(day)}"  # noqa: PLR2004 - two digits
    month = next(_MONTHS[name] for name in re.findall(r"[a-zä]+", written) if name in _MONTHS)
    year = re.search(r"\d{4}", written)
    day = re.search(r"\b\d{1,2}(?!\d)", written)
    return f"{year[0] if year else ''}-{month}-{int(day[0]) if day else ''}"


def _time(written: str) -> str:
    hour, minute = [*re.findall(r"\d+", written), "0"][:2]
    late = re.search(r"p\.?m", written) and int(hour) < 12  # noqa: PLR2004 - noon
    return f"{int(hour) + (12 if late else 0)}:{int(minute):02}"


_NORMAL: dict[str, Callable[[str], str | float]] = {
    "date": _date,
    "time": _time,
    "ordinal": _ORDINALS.__getitem__,
    "number": parse,
}
"""How what is written becomes an amount; what is not here stays as it is."""


def same(said: Value, known: Value) -> bool:
    """Say whether a value that is said is the one that is known, whatever its direction."""
    if said.bare and said.digits is not None and said.digits == known.digits:
        return True
    if said.kind == known.kind == "date":
        return all(a in ("", b) for a, b in zip(str(said.amount).split("-"), str(known.amount).split("-"), strict=True))
    if said.kind == known.kind and said.amount == known.amount:
        return True
    return said.direction == ABOUT and said.kind == known.kind and _rounded(said.amount, known.amount)


def _rounded(said: str | float, known: str | float) -> bool:
    """Say whether a number is another one, rounded to the digits that it has."""
    if isinstance(said, str) or isinstance(known, str) or not said or not known:
        return False
    digits = 0
    while digits > -6 and said % 10 ** (1 - digits) == 0:  # noqa: PLR2004 - up to millions
        digits -= 1
    return abs(said - known) / known <= 0.05 and round(known, digits) == said  # noqa: PLR2004 - never more than 5 percent
