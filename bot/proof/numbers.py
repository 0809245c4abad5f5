"""Numbers as people write them: in digits, German or English, and in words."""

from __future__ import annotations

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_EINER = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
).split()
_ZEHNER = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


def _number_words() -> dict[str, float]:
    known = {word: float(n) for listed in (_ONES, _EINER) for n, word in enumerate(listed)}
    for place, (ten, zehner) in enumerate(zip(_TENS, _ZEHNER, strict=True), start=2):
        known |= {ten: place * 10.0, zehner: place * 10.0}
        for one in range(1, 10):
            known[f"{ten}-{_ONES[one]}"] = known[f"{ten} {_ONES[one]}"] = place * 10.0 + one
            known[("ein" if one == 1 else _EINER[one]) + "und" + zehner] = place * 10.0 + one
    known |= {"hundred": 100.0, "a hundred": 100.0, "one hundred": 100.0, "hundert": 100.0, "einhundert": 100.0}
    known |= {"thousand": 1000.0, "a thousand": 1000.0, "one thousand": 1000.0, "tausend": 1000.0, "eintausend": 1000.0}
    return known | {"two hundred": 200.0, "zweihundert": 200.0, "dozen": 12.0, "a dozen": 12.0, "dutzend": 12.0}


_WORDS = _number_words()
_GLUED = re.compile(
    rf"\b({'|'.join(sorted(_WORDS.keys() - {'one', 'eins'}, key=len, reverse=True))})(?=(?:arbeits)?(?:täg|stünd|monat|wöch|jähr|minüt)ig)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_TIMES = re.compile(r"\b(\d+(?:[.,]\d+)?) (hundred|thousand|million|hundert|tausend|millionen)\b", re.IGNORECASE)
_FACTOR = {
    "hundred": 100,
    "hundert": 100,
    "thousand": 1000,
    "tausend": 1000,
    "million": 1_000_000,
    "millionen": 1_000_000,
}
_PRONOUNS = frozenset({"one", "eins"})


_FRACTION = re.compile(
    r"\b(?P<n>\d|an?|one|eine?[mns]?)[ -](?:(?P<d>viertel|drittel|fünftel|sechstel|achtel|zehntel)s?|(?P<e>quarter|third|fifth|sixth|eighth|tenth)s?(?= of (?!a? ?(?:year|month)|\d)))\b",
    re.IGNORECASE,
)
_PARTS = {"viertel": 4, "quarter": 4, "drittel": 3, "third": 3, "fünftel": 5, "fifth": 5, "sechstel": 6, "sixth": 6, "achtel": 8, "eighth": 8, "zehntel": 10, "tenth": 10}  # fmt: skip


def _percent(match: re.Match[str]) -> str:
    count = int(match["n"]) if match["n"].isdigit() else 1
    return f"{round(100 * count / _PARTS[(match['d'] or match['e']).lower()]):d} percent"


def digits(text: str) -> str:
    """Return a text with its number words in digits and fractions in percent; "one" is left, because it mostly counts nothing."""
    text = _FRACTION.sub(_percent, _TOKEN.sub(_digit, text))
    if "ig" in text:
        text = _GLUED.sub(lambda match: f"{_WORDS[match[1].lower()]:g}-", text)
    return _TIMES.sub(lambda match: f"{parse(match[1]) * _FACTOR[match[2].lower()]:.0f}", text)


def _digit(match: re.Match[str]) -> str:
    word = match.group().lower()
    if word in _WORDS and word not in _PRONOUNS:
        return f"{_WORDS[word]:g}"
    head, _, tail = match.group().partition("-")
    if tail and head.lower() in _WORDS and head.lower() not in _PRONOUNS:
        return f"{_WORDS[head.lower()]:g}-{tail}"
    return match.group()


def parse(written: str) -> float:
    """Return the number that is written in digits (German or English) or as a word."""
    lower = written.lower().strip()
    if lower in _WORDS or lower == "ein":
        return _WORDS.get(lower, 1.0)
    if re.fullmatch(r"\d{1,3}(?:[.,’']\d{3})+(?:[.,]\d{1,2})?", lower):
        whole, cents = re.fullmatch(r"(.*?\d{3})(?:[.,](\d{1,2}))?", lower).groups()  # type: ignore[union-attr]
        return float(re.sub(r"\D", "", whole) + "." + (cents or "0"))
    return float(lower.replace(",", "."))
