"""Numbers and bullets that authors put in front of a paragraph."""

from __future__ import annotations

import re

BULLETS = "•◦▪▫‣⁃●○■□◆◇▶►➢➤✓✔–—*·\uf0b7\uf0a7\uf0d8-"

_MONTHS = frozenset(
    (
        *("jan", "feb", "mär", "mar", "apr", "mai", "may", "jun", "jul", "aug", "sep", "okt", "oct", "nov", "dez"),
        *("dec", "januar", "january", "februar", "february", "märz", "march", "april", "juni", "june", "juli", "july"),
        *("august", "september", "october", "oktober", "november", "december", "dezember"),
    )
)
_AMOUNTS = frozenset(
    (
        *("million", "millionen", "mio", "billion", "milliarden", "mrd", "percent", "prozent", "euro", "euros", "eur"),
        *("usd", "dollars", "hours", "stunden", "days", "tage", "weeks", "wochen", "months", "monate", "years"),
        *("jahre", "uhr", "gb", "mb", "tb"),
    )
)

_RULE = re.compile(
    r"""
    (?P<marker>
        (?P<named>§\s?\d+[a-z]?(?:\s(?:Abs\.\s?\d+|\(\d+[a-z]?\)))?   # § 4 (2)
          | (?:Art\.|Artikel|Article)\s\d+[a-z]?(?:\s\(\d+\))?[.:]?)
      | (?:Rule|Regel|Absatz|Ziffer)\s\d+[a-z]?[.:]
      | \(\d{1,3}[a-z]?\) | \([a-z]\) | \((?:ix|iv|v?i{1,3})\)   # (2) (a) (iv)
      | \d{1,3}(?:\.\d{1,3}){1,4}\.?                      # 3.2 or 3.2.1.
      | \d{1,3}[.)] | [a-zA-Z]\) | (?:ix|iv|v?i{1,3})\) | (?:IX|IV|V?I{1,3})\.
    )
    \s+(?P<rest>(?P<word>["'„“‚‘«»(\[]*(?P<first>\w[\w-]*)).*)
    """,
    re.VERBOSE | re.DOTALL,
)
_LARGEST_ROMAN = 3_999
_LAW = re.compile(r"(?:\w*[A-ZÄÖÜ]){2}[\w-]*|\w*(?:gesetz|gesetzes|gesetzbuchs?|ordnung|Act|Regulation)")
_BULLET = re.compile(rf"(?P<indent>\s*)(?:[{re.escape(BULLETS)}]|o(?=\s{{2,}}|\t))\s+(?P<rest>\S.*)", re.DOTALL)


def numbered(text: str) -> tuple[str, str] | None:
    """Return a rule's own number ("3.2", "§ 4 (2)", "b)") and the rest of it, or None for plain text.

    A date ("1. March"), an amount ("3.5 million"), a law that is cited ("§ 26 BDSG") or a number inside running text is
    no rule's number.
    """
    match = _RULE.match(text)
    if not match or _counts(match["marker"], match["first"]) or (match["named"] and _cites(match["first"])):
        return None
    return match["marker"], match["rest"]


def bulleted(line: str) -> tuple[int, str] | None:
    """Return the indentation in characters and the text of a line that begins with a bullet, or None."""
    match = _BULLET.match(line)
    return (len(match["indent"].expandtabs(4)), match["rest"]) if match else None


def ordinal(number: int, style: str) -> str:
    """Write a number in a list's style: "1", "a", "A", "i" or "I" (as in HTML's `type`)."""
    if style in ("a", "A"):
        letters = _letters(number)
        return letters if style == "a" else letters.upper()
    if style in ("i", "I"):
        roman = _roman(number)
        return roman if style == "i" else roman.upper()
    return str(number)


def _counts(marker: str, word: str) -> bool:
    """Tell whether the number in front of the word counts something instead of naming a rule."""
    low = word.casefold()
    if marker[:1].isdigit() and (low in _MONTHS or low in _AMOUNTS or low[:1].isdigit()):
        return True
    return marker[-1:].isdigit() and marker[:1].isdigit() and word[:1].islower()


def _cites(word: str) -> bool:
    """Tell whether the word after a paragraph's number goes on with a sentence, as the name of a law does."""
    return word[:1].islower() or _LAW.fullmatch(word) is not None


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    if number > _LARGEST_ROMAN:
        return str(number)
    values = zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
    letters = ""
    for value, letter in values:
        count, number = divmod(number, value)
        letters += letter * count
    return letters
