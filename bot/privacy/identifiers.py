"""Numbers that name a person or a company: accounts, cards, tax, insurance, identity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.privacy import checksums
from bot.privacy.findings import Kind, before, foreign, found, naming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.privacy.findings import Finding

SEPARATORS = " \u00a0\u202f.-"
LETTERS_AND_DIGITS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


INDENT = 20
"""Spaces around a piece that stands alone on its line, at most."""


def free(text: str, start: int, end: int) -> bool:
    """Say whether a piece stands for itself: no letter or digit touches it."""
    return not (start and text[start - 1].isalnum()) and not text[end : end + 1].isalnum()


def alone(text: str, start: int, end: int) -> bool:
    """Say whether a piece is all that its line holds."""
    front = text[max(0, start - INDENT) : start]
    rest = text[end : end + INDENT]
    opened = not front[front.rfind("\n") + 1 :].strip() and (start < INDENT or "\n" in front)
    return opened and not rest.partition("\n")[0].strip() and (len(rest) < INDENT or "\n" in rest)


def compact(piece: str) -> str:
    """Return the letters, in capitals, and digits of a piece."""
    return "".join(c for c in piece if c in LETTERS_AND_DIGITS).upper()


def take(text: str, start: int, count: int, between: str = SEPARATORS) -> tuple[str, int]:
    """Return `count` letters and digits in capitals, with one separator at most between two, and where they end.

    Return less when something else comes first.
    """
    piece: list[str] = []
    place, gap = start, 0
    while len(piece) < count and place < len(text):
        if text[place] in LETTERS_AND_DIGITS:
            piece.append(text[place])
            gap = 0
        elif gap or text[place] not in between:
            break
        else:
            gap = 1
        place += 1
    return "".join(piece).upper(), place


# Length by country: the IBAN registry of SWIFT (ISO 13616-2).
_IBAN_LENGTHS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 "
    "FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 "
    "LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 "
    "RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _IBAN_LENGTHS.split()}
_IBAN = re.compile(r"[A-Za-z]{2}[ -]?[0-9][ -]?[0-9][ \u00a0\u202f.-]?[A-Za-z0-9]")


def ibans(text: str) -> Iterator[Finding]:
    """Find IBANs of every country that has them, by length and checksum."""
    for match in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        number, end = take(text, match.start(), length)
        if length and len(number) == length and free(text, match.start(), end) and checksums.mod_97(number):
            yield found(Kind.IBAN, match.start(), end)


_CARD = re.compile(r"\d(?<![0-9A-Za-z]\d)(?<!\d[.]\d)\d{3}(?:[ .-]?\d){8,15}(?![0-9A-Za-z])", re.ASCII)
_CARD_GROUPS = re.compile(r"\d{12,19}|\d{4}([ .-])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}")
# Who issued it, by first digits (ISO/IEC 7812-1) and length; the networks publish theirs.
_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720|220[0-4])\d{12}|3[47]\d{13}"
    r"|3(?:0[0-59]|[689]\d)\d{11,16}|(?:6011|64[4-9]\d|65\d\d|62\d\d|8[12]\d\d|60\d\d)\d{12,15}|35\d{14}"
    r"|(?:2131|1800)\d{11}|1\d{14}|(?:5[0678]|6)\d{10,17}|0604\d{8,15}"
)
_card_named = naming(
    r"\w{0,20}(?:karte|kreditkarte|card|visa|mastercard|maestro|amex|american express|jcb|diners)(?:n|s)?"
)


def cards(text: str) -> Iterator[Finding]:
    """Find payment cards by issuer, length and checksum; an EAN that happens to fit is none."""
    for match in _CARD.finditer(text):
        digits = compact(match[0])
        if not (_CARD_GROUPS.fullmatch(match[0]) and _ISSUER.fullmatch(digits) and checksums.luhn(digits)):
            continue
        words = before(text, match.start())
        if not (_is_article(digits) or len(set(digits)) == 1 or foreign(words)) or _card_named(words):
            yield found(Kind.CARD, match.start(), match.end())


def _is_article(digits: str) -> bool:
    return len(digits) == 13 and checksums.ean_13(digits)  # noqa: PLR2004 - EAN-13 is the name of it


_TAX_ID = re.compile(r"[1-9](?<![0-9A-Za-z./+-][1-9])\d([ ]?)\d{3}\1\d{3}\1\d{3}(?![0-9A-Za-z]|[./-]\d)", re.ASCII)


def tax_ids(text: str) -> Iterator[Finding]:
    """Find German tax identification numbers by checksum."""
    for match in _TAX_ID.finditer(text):
        if checksums.german_tax_id(compact(match[0])) and not foreign(before(text, match.start())):
            yield found(Kind.TAX_ID, match.start(), match.end())


_GERMAN_INSURANCE = re.compile(
    r"\d(?<![0-9A-Za-z]\d)\d(?:[ ]?\d\d){3}[ ]?[A-Za-z][ ]?\d\d[ ]?\d(?![0-9A-Za-z])", re.ASCII
)
_AUSTRIAN_INSURANCE = re.compile(r"[1-9](?<![0-9A-Za-z./+-][1-9])\d{3}([ ]?)\d{6}(?![0-9A-Za-z]|[./-]\d)", re.ASCII)
_SWISS_INSURANCE = re.compile(r"756(?<![0-9A-Za-z.]756)([. ]?)\d{4}\1\d{4}\1\d\d(?![0-9A-Za-z])", re.ASCII)
_insurance_named = naming(r"\w{0,12}(?:sv|svnr|sozialversicherungs?|versicherungs?|ahv|insurance)")


def social_insurances(text: str) -> Iterator[Finding]:
    """Find German, Austrian and Swiss social insurance numbers by checksum."""
    for match in _GERMAN_INSURANCE.finditer(text):
        if checksums.german_social_insurance(compact(match[0])):
            yield found(Kind.SOCIAL_INSURANCE, match.start(), match.end())
    for match in _SWISS_INSURANCE.finditer(text):
        if checksums.ean_13(compact(match[0])):
            yield found(Kind.SOCIAL_INSURANCE, match.start(), match.end())
    for match in _AUSTRIAN_INSURANCE.finditer(text):
        if checksums.austrian_social_insurance(compact(match[0])):
            words = before(text, match.start())
            if _insurance_named(words) or (match[1] and not foreign(words)):
                yield found(Kind.SOCIAL_INSURANCE, match.start(), match.end())


_HEALTH = re.compile(r"[A-Za-z](?<![0-9A-Za-z][A-Za-z])[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}(?![0-9A-Za-z])", re.ASCII)
_health_named = naming(r"\w{0,10}(?:kvnr|kv|egk|kranken\w{0,20}|versicherten|gesundheitskarten?)")


def health_insurances(text: str) -> Iterator[Finding]:
    """Find German health insurance numbers by name and checksum: without the name, too many articles look like them."""
    for match in _HEALTH.finditer(text):
        if checksums.german_health_insurance(compact(match[0])) and _health_named(before(text, match.start())):
            yield found(Kind.HEALTH_INSURANCE, match.start(), match.end())


_DOCUMENT = re.compile(
    r"[A-Za-z0-9](?<![0-9A-Za-z_][A-Za-z0-9])(?=[A-Za-z]{0,2}\d)[A-Za-z0-9]{7,9}(?![0-9A-Za-z_])", re.ASCII
)
_SERIAL = re.compile(r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{7,8}\d")
_TEMPORARY = re.compile(r"T\d{8}")
_document_named = naming(
    r"\w{0,12}(?:ausweis|reisepass|reisepaß|pass|perso|passport|identity card|id[ -]card|id-karte|identity document)(?:es)?"
)
DIGITS_OF_A_DOCUMENT = 5


def identities(text: str) -> Iterator[Finding]:
    """Find identity cards' and passports' numbers: by name, or by the German letters and the check digit.

    A number in small letters without a name counts where it stands alone on its line.
    """
    for match in _DOCUMENT.finditer(text):
        number = match[0].upper()
        if sum(c.isdigit() for c in number) < DIGITS_OF_A_DOCUMENT:
            continue
        words = before(text, match.start())
        if (_is_serial(number) and _stands(text, match) and not foreign(words)) or _document_named(words):
            yield found(Kind.IDENTITY, match.start(), match.end())


def _is_serial(number: str) -> bool:
    checked = _SERIAL.fullmatch(number) is not None and checksums.travel_document(number)
    return checked or _TEMPORARY.fullmatch(number) is not None


def _stands(text: str, match: re.Match[str]) -> bool:
    return match[0].isupper() or alone(text, match.start(), match.end())


_SSN = re.compile(r"[0-8](?<![0-9A-Za-z.-][0-8])\d\d(?:([- ])\d\d\1|\d\d)\d{4}(?![0-9A-Za-z]|-\d)", re.ASCII)
_NO_SSN = re.compile(r"000|666|...00|.{5}0000")
_ssn_named = naming(r"ssn|social security")


def us_ssns(text: str) -> Iterator[Finding]:
    """Find US social security numbers; without hyphens only by name (Social Security Administration, RM 10201.035)."""
    for match in _SSN.finditer(text):
        words = before(text, match.start())
        if not _NO_SSN.match(compact(match[0])) and ((match[1] == "-" and not foreign(words)) or _ssn_named(words)):
            yield found(Kind.US_SSN, match.start(), match.end())


_VAT = re.compile(r"[A-Za-z](?<![0-9A-Za-z].)[A-Za-z][EeUu]?[ .-]?[A-Za-z]?\d", re.ASCII)
_CHECKED: Mapping[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "DE": (re.compile(r"[1-9]\d{8}"), checksums.mod_11_10),
    "ATU": (re.compile(r"\d{8}"), checksums.vat_austria),
    "CHE": (re.compile(r"\d{9}"), checksums.uid_switzerland),
    "BE": (re.compile(r"[01]\d{9}"), checksums.vat_belgium),
    "FR": (re.compile(r"\d{11}"), checksums.vat_france),
    "IT": (re.compile(r"\d{11}"), checksums.luhn),
    "LU": (re.compile(r"\d{8}"), checksums.vat_luxembourg),
    "NL": (re.compile(r"\d{9}B\d\d"), checksums.vat_netherlands),
    "PL": (re.compile(r"\d{10}"), checksums.vat_poland),
}
# Forms without a checksum here: the Commission's list for VIES, and HMRC for GB.
_NAMED = re.compile(
    r"(?:BG|LT|GB|XI)\d{9}(?:\d{3})?|(?:CY|CZ|ES|IE|RO|SK)[0-9A-Z]{8,10}|(?:DK|FI|HU|MT|SI)\d{8}|(?:EE|EL|GR|PT)\d{9}"
    r"|(?:HR|LV)\d{11}|SE\d{12}"
)
_LENGTHS = "AT11 BE12 BG12 BG11 CH12 CY11 CY10 CZ12 CZ11 CZ10 DE11 DK10 EE11 EL11 ES11 FI10 FR13 GB14 GB11 GR11 HR13 HU10 IE11 IE10"
_MORE_LENGTHS = "IT13 LT14 LT11 LU10 LV13 MT10 NL14 PL12 PT11 RO12 RO11 RO10 SE14 SI10 SK12 XI14 XI11"
VAT_LENGTHS: dict[str, list[int]] = {}
"""Lengths of VAT ids by country, the country included, the longest first."""
for _entry in (*_LENGTHS.split(), *_MORE_LENGTHS.split()):
    VAT_LENGTHS.setdefault(_entry[:2], []).append(int(_entry[2:]))
_vat_named = re.compile(r"ust|umsatzsteuer|mwst|(?<![^\W_])(?:vat|uid|tva|iva)(?![^\W_])").search


def vat_ids(text: str) -> Iterator[Finding]:
    """Find VAT ids: DE, AT, CH and those with a known checksum anywhere, the rest of the EU and GB by name."""
    for match in _VAT.finditer(text):
        for length in VAT_LENGTHS.get(match[0][:2].upper(), ()):
            number, end = take(text, match.start(), length)
            if len(number) == length and free(text, match.start(), end) and _is_vat(number, text, match.start()):
                yield found(Kind.VAT_ID, match.start(), end)
                break


def _is_vat(number: str, text: str, start: int) -> bool:
    for country, (form, check) in _CHECKED.items():
        if number.startswith(country):
            body = number.removeprefix(country)
            return form.fullmatch(body) is not None and check(body)
    return _NAMED.fullmatch(number) is not None and _vat_named(before(text, start)) is not None
