"""Phone numbers, as they are written in Germany, Austria, Switzerland and internationally."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING

from bot.privacy.findings import Kind, before, begins, foreign, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.privacy.findings import Finding

Fits = Callable[[str, bool], bool]
"""Says whether a piece is a phone number. The second argument: the words in front speak of a phone."""


def _codes(*parts: int | tuple[int, int]) -> frozenset[str]:
    """Return single country codes and whole ranges of them."""
    ranges = (range(part, part + 1) if isinstance(part, int) else range(part[0], part[1] + 1) for part in parts)
    return frozenset(str(code) for code in chain.from_iterable(ranges))


# Source: ITU-T E.164, list of assigned country codes.
COUNTRY_CODES = _codes(
    *(
        1,
        7,
        20,
        27,
        (30, 34),
        36,
        (39, 41),
        (43, 49),
        (51, 58),
        (60, 66),
        81,
        82,
        84,
        86,
        (90, 95),
        98,
        (211, 213),
        216,
    ),
    *(218, (220, 269), (290, 299), (350, 359), (370, 378), (380, 389), (420, 423), (500, 509), (590, 599), (670, 692)),
    *(800, 808, (850, 856), 870, 880, 886, 888, (960, 968), (970, 977), (992, 998)),
)
# Digits after the country code where numbers have one length; elsewhere up to what E.164 allows.
_CLOSED = {
    "1": (10, 10),
    "7": (10, 10),
    "31": (9, 9),
    "33": (9, 9),
    "34": (9, 9),
    "41": (9, 9),
    "44": (9, 10),
    "48": (9, 9),
}
_OPEN = (6, 13)

_GAP = "[ \u00a0\u202f./()\u2013\u2010\u2011-]{0,3}"
_EXTENSION = r"(?:[ ]?(?:x|ext\.?|DW|Dw\.?|Durchwahl|App\.)[ ]?[0-9]{1,5}(?!\w))?"
_PLUS = re.compile(rf"\+\(?[1-9](?:{_GAP}[0-9]){{6,16}}{_EXTENSION}")
_DIALLED = re.compile(rf"00(?<![0-9A-Za-z.,/+-]00){_GAP}[1-9](?:{_GAP}[0-9]){{6,16}}{_EXTENSION}")
_NATIONAL = re.compile(rf"0[ ]?[1-9](?:{_GAP}[0-9]){{4,14}}{_EXTENSION}")
_AMERICAN = re.compile(
    rf"[2-9](?<![\w./+@#=].)(?<![0-9][ .-].)[0-9]{{2}}(?:\)[ ]?|[ .-])[2-9][0-9]{{2}}[ .-][0-9]{{4}}{_EXTENSION}"
)
_NAMED = re.compile(rf"[1-9](?:{_GAP}[0-9]){{5,14}}{_EXTENSION}")

_NOT_AFTER = re.compile(
    r"\w|[.:/@-][0-9]|[ \u00a0]?(?:€|%|EUR\b|Euro\b|USD\b|CHF\b|\$|£|Prozent\b|percent\b|Uhr\b|[kc]?m\b|kg\b|Stück\b|Mio\b)"
)
_DATED = re.compile(
    r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}(?![0-9])|[0-9]{2}\.[0-9]{2}(?:\.|[ ]?[-–])|[0-9]{1,2}[./-](?:19|20)[0-9]{2}(?![0-9])"
    r"|(?:19|20)[0-9]{2}([./-])[0-9]{1,2}\2[0-9]{1,2}(?![0-9])"
)
_CLOCKED = re.compile(r"[01][0-9][0-5][0-9][ ]?[-–/][ ]?[0-2][0-9][0-5][0-9]")
_IBAN_LIKE = re.compile(r"(?<![A-Z])[A-Z]{2}[0-9]{2}(?: [A-Z0-9]{4}){0,7} $")
_LABELS = (
    r"(?:\w{0,20}tele(?:f|ph)on\w{0,8}|tel|(?:mobile|cell|work|home)?phones?|\w{0,12}fon|\w{0,12}mobil\w{0,8}|cell"
    r"|\w{0,8}handy\w{0,8}|\w{0,6}fax\w{0,8}|\w{0,12}hotline|(?:durch|an)wahl|\w{0,12}rufnummer\w?|whatsapp|signal|sms|call(?:s|ed)?"
    r"|dial|(?:an|zur[üu]ck)?ruf(?:en?|t)?|anzurufen|erreich\w{0,8}|reach(?:ed|able)?|r(?:ü|ue)ckruf|zentrale|switchboard|[tfm](?=[.:]))(?!\w)"
)
_spoken = re.compile(rf"{_LABELS}[^\n]{{0,24}}$")
_labelled = re.compile(
    rf"{_LABELS}(?:[\s.:()=-]{{0,3}}\b(?:number|nummer|nr|no|unter|auf|at|on|is|ist|lautet|mich|me|us|uns|him|her|der|the|under|via)\b){{0,4}}[\s.:(=-]{{0,4}}$"
)


def phones(text: str) -> Iterator[Finding]:
    """Find phone numbers: international with + or 00, German, Austrian, Swiss and North American ones as they are written.

    A bare row of digits counts where it is a mobile number or the words in front speak of a phone.
    """
    searches: tuple[tuple[re.Pattern[str], Fits], ...] = (
        (_PLUS, _is_international),
        (_DIALLED, _is_international),
        (_NATIONAL, _is_national),
        (_AMERICAN, lambda _piece, _named: True),
        (_NAMED, _is_named),
    )
    for pattern, fits in searches:
        for match in pattern.finditer(text):
            start = match.start() - (text[match.start() - 1 : match.start()] == "(" and ")" in match[0])
            end = _end(text, match, fits) if _begins(text, start) else 0
            if end:
                yield found(Kind.PHONE, start, end)


def _begins(text: str, start: int) -> bool:
    """Say whether something begins here, rather than goes on."""
    front = text[max(0, start - 2) : start]
    if front[-1:] == " " and front[:1].isalnum() and _IBAN_LIKE.search(text[max(0, start - 40) : start]):
        return False
    touched = front[-1:].isalnum() or front[-1:] in {"+", "-", "_", "@", "#", "="}
    return not touched and not (front[:1].isdigit() and front[1:] and front[1] in " ./:-\u00a0" and text[start] != "+")


def _end(text: str, match: re.Match[str], fits: Fits) -> int:
    """Return where a phone number ends, without a last group that is not part of it; 0 if there is none."""
    words = before(text, match.start())
    if foreign(words):
        return 0
    named = _is_labelled(words) if fits is _is_named else begins(_spoken, words)
    for end in (match.end(), match.start() + len(match[0].rstrip("0123456789").rstrip(" "))):
        if not _NOT_AFTER.match(text, end) and fits(text[match.start() : end], named):
            return end
    return 0


def _is_labelled(words: str) -> bool:
    return begins(_labelled, words)


def _digits(piece: str) -> str:
    return "".join(c for c in piece if c in "0123456789")


def _without_extension(piece: str) -> str:
    return re.split("[A-Za-z]", piece, maxsplit=1)[0].rstrip()


def _is_international(piece: str, named: bool) -> bool:  # noqa: FBT001 - one of several that fit Fits
    body = _without_extension(piece)
    digits = _digits(body.replace("(0)", ""))
    digits = digits[2:] if body.startswith("00") else digits
    code = next((digits[:n] for n in (1, 2, 3) if digits[:n] in COUNTRY_CODES), "")
    rest = digits[len(code) :]
    if body.isdigit() and not named and code not in {"41", "43", "49"}:
        return False
    low, high = _CLOSED.get(code, _OPEN)
    if rest.startswith("0") and code != "39":  # only Italy keeps the zero
        rest, low = rest[1:], max(low, 7)
    return bool(code) and low <= len(rest) <= high and not rest.startswith("00") and (named or not _is_amount(body))


def _is_amount(body: str) -> bool:
    return re.fullmatch(r"\+?[ ]?[0-9]{1,3}([. ])[0-9]{3}(?:\1[0-9]{3})?", body) is not None


# Unmistakable without any separator, or with any: mobile numbers (BNetzA, RTR, BAKOM).
_MOBILE = re.compile(r"01[5-7][0-9]{7,9}|07[4-9][0-9]{7}|06(?:44|[5-9][0-9])[0-9]{6,9}")
_PAIRS = re.compile(r"0[1-9]([.-])[0-9]{2}(?:\1[0-9]{2}){3}")
_AREA = range(3, 7)
"""Digits of an area code with its zero; 01 for Vienna stands apart."""
_NAMED_LENGTHS = range(6, 16)
_LENGTHS = range(8, 15)


def _is_national(piece: str, named: bool) -> bool:  # noqa: FBT001 - see above
    body = _without_extension(piece)
    digits = _digits(body)
    if _PAIRS.fullmatch(body):
        return True
    if _DATED.match(body) or _CLOCKED.fullmatch(body) or body.count("/") > 1:
        return False
    if named:
        return len(digits) in _NAMED_LENGTHS
    if _MOBILE.fullmatch(digits) and len(re.findall("[0-9]+", body)) <= len(digits) // 2:
        return True
    return len(digits) in _LENGTHS and _has_area(body)


def _has_area(body: str) -> bool:
    """Say whether a number has an area code set apart, and enough digits after it."""
    joined = re.sub("^0 ", "0", body)
    area, *groups = re.findall("[0-9]+", joined)
    between = re.sub("[0-9].*", "", joined[len(area) :])
    clear = "/" in between or ")" in between
    if area == "01":
        return sum(map(len, groups)) >= 6 + (not clear) and len(groups[0]) > len(area)
    if joined != body and not clear:  # a row of numbers: 0 30 60 90
        return False
    single = sum(len(group) == 1 for group in groups)
    return len(area) in _AREA and single <= 1 and sum(map(len, groups)) >= 6 - clear


def _is_named(piece: str, named: bool) -> bool:  # noqa: FBT001 - see above
    body = _without_extension(piece)
    return named and not _DATED.match(body) and not _CLOCKED.fullmatch(body) and len(_digits(body)) in _NAMED_LENGTHS
