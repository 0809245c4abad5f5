"""Check digits: pure arithmetic on digits and letters, each with its source."""

from __future__ import annotations

from collections import Counter
from datetime import date

TEN, ELEVEN = 10, 11
MOST_ALIKE = 3
"""Times that one digit may stand among the first ten of a tax id."""


def luhn(digits: str) -> bool:
    """Check payment cards (ISO/IEC 7812-1, annex B)."""
    doubled = "0246813579"
    return sum(int(doubled[int(d)] if n % 2 else d) for n, d in enumerate(reversed(digits))) % TEN == 0


def mod_97(iban: str) -> bool:
    """Check an IBAN without spaces, in capitals (ISO 13616-1, ISO 7064 MOD 97-10)."""
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def mod_11_10(digits: str) -> bool:
    """Check the last digit over all others (ISO 7064 MOD 11,10)."""
    product = TEN
    for digit in digits[:-1]:
        product = 2 * ((int(digit) + product) % TEN or TEN) % ELEVEN
    return (ELEVEN - product) % TEN == int(digits[-1])


def german_tax_id(digits: str) -> bool:
    """Check an Identifikationsnummer: eleven digits.

    Sources: § 139b AO, § 1 StIdV; structure and check digit (ISO 7064 MOD 11,10) as published by the Bundeszentralamt
    für Steuern: no leading zero, one of the first ten digits stands two or three times, all others at most once. Ten
    different digits are taken too: so look the examples in forms, and almost no other number.
    """
    counts = Counter(digits[:TEN]).values()
    alike = sum(count > 1 for count in counts)
    return digits[0] != "0" and max(counts) <= MOST_ALIKE and alike <= 1 and mod_11_10(digits)


def german_social_insurance(number: str) -> bool:
    """Check a Versicherungsnummer: area, birthday DDMMYY, initial, serial, check digit; 12 characters, capitals.

    Source: §§ 2 and 4 VKVV. The initial counts as its place in the alphabet (A = 01); the digits are multiplied by 2, 1,
    2, 5, 7, 1, 2, 1, 2, 1, 2, 1, and the sum of the products' digit sums modulo 10 is the check digit. The day may exceed
    31 where several people share a birthday and an initial.
    """
    digits = number[:8] + _place(number[8]) + number[9:11]
    total = _digit_sums(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1))
    return "01" <= number[4:6] <= "12" and total % TEN == int(number[11])


def german_health_insurance(number: str) -> bool:
    """Check a Krankenversichertennummer: a letter and nine digits.

    Source: § 290 SGB V and the GKV-Spitzenverband's guideline on it: the letter counts as its place in the alphabet, the
    digits are multiplied by 1 and 2 in turn, and the sum of the products' digit sums modulo 10 is the check digit.
    """
    digits = _place(number[0]) + number[1:9]
    return _digit_sums(digits, (1, 2) * 5) % TEN == int(number[9])


def travel_document(number: str) -> bool:
    """Check the last digit of an identity card's or a passport's number (ICAO Doc 9303-3, 4.9: weights 7, 3, 1).

    German numbers are printed with nine characters (Anlage 1 PAuswV, Anlage 1 PassV) and carry the check digit as a tenth
    in the machine-readable lines; the nine-digit form whose ninth is the check digit is in use too.
    """
    total = sum(int(c, 36) * (7, 3, 1)[n % 3] for n, c in enumerate(number[:-1]))
    return str(total % TEN) == number[-1]


def austrian_social_insurance(digits: str) -> bool:
    """Check a Sozialversicherungsnummer: serial, check digit, birthday DDMMYY (§ 30c ASVG; weights 3, 7, 9, 5, 8, 4, 2, 1, 6)."""
    rest = _weigh(digits[:3] + digits[4:], (3, 7, 9, 5, 8, 4, 2, 1, 6)) % ELEVEN
    return rest == int(digits[3]) and _is_day(digits[4:])


def ean_13(digits: str) -> bool:
    """Check an EAN, an ISBN of 13 digits, or a Swiss AHV number, which is built like them (GS1 General Specifications, 7.9)."""
    return _weigh(digits, (1, 3) * 6 + (1,)) % TEN == 0


def vat_austria(digits: str) -> bool:
    """Check the eight digits after ATU (Federal Ministry of Finance, construction of the UID number)."""
    total = _digit_sums(digits[:7], (1, 2, 1, 2, 1, 2, 1))
    return (TEN - (total + 4) % TEN) % TEN == int(digits[7])


def uid_switzerland(digits: str) -> bool:
    """Check the nine digits after CHE (eCH-0097, modulo 11 with weights 5, 4, 3, 2, 7, 6, 5, 4)."""
    return (ELEVEN - _weigh(digits[:8], (5, 4, 3, 2, 7, 6, 5, 4)) % ELEVEN) % ELEVEN == int(digits[8])


def vat_belgium(digits: str) -> bool:
    """Check ten digits: the last two complete the first eight to a multiple of 97 (enterprise number, royal decree 24.6.2003)."""
    return 97 - int(digits[:8]) % 97 == int(digits[8:])


def vat_france(digits: str) -> bool:
    """Check two key digits and a SIREN (Luhn); key = (12 + 3 * (SIREN modulo 97)) modulo 97."""
    return luhn(digits[2:]) and (12 + 3 * (int(digits[2:]) % 97)) % 97 == int(digits[:2])


def vat_luxembourg(digits: str) -> bool:
    """Check eight digits: the last two are the first six modulo 89."""
    return int(digits[:6]) % 89 == int(digits[6:])


def vat_netherlands(number: str) -> bool:
    """Check nine digits, B and two digits: modulo 11 for companies, modulo 97 (with NL in front) for persons since 2020."""
    return _weigh(number[:8], (9, 8, 7, 6, 5, 4, 3, 2)) % ELEVEN == int(number[8]) or (
        int("".join(str(int(c, 36)) for c in "NL" + number)) % 97 == 1
    )


def vat_poland(digits: str) -> bool:
    """Check the ten digits of a NIP (weights 6, 5, 7, 2, 3, 4, 5, 6, 7, modulo 11)."""
    return _weigh(digits[:9], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % ELEVEN == int(digits[9])


def _weigh(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _digit_sums(digits: str, weights: tuple[int, ...]) -> int:
    products = (int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return sum(product // TEN + product % TEN for product in products)


def _place(letter: str) -> str:
    return f"{ord(letter) - ord('A') + 1:02}"


def _is_day(six: str) -> bool:
    """Say whether DDMMYY is a day in this century or the last; Austrian serials also use the months 13 to 15."""
    day, month, year = int(six[:2]), int(six[2:4]), int(six[4:])
    try:
        date(2000 + year, min(month, 12), day)
    except ValueError:
        return False
    return month <= 15  # noqa: PLR2004 - see above
