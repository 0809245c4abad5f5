"""What was found in a text: its kind, its place, and what sort of data it speaks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

NEAR = 48
"""Characters in front of a number in which its name is looked for."""


class Sensitivity(StrEnum):
    """What sort of data a finding speaks for, in words that every company's own classes can be matched with."""

    PERSONAL = "personal"
    SPECIAL = "special"
    SECRET = "secret"  # noqa: S105 - a class of data
    INTERNAL = "internal"


class Kind(StrEnum):
    """What can be found. Each is also a phrase (`kind_...`) and, as `label`, the word of a placeholder."""

    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    CARD = "card"
    TAX_ID = "tax_id"
    SOCIAL_INSURANCE = "social_insurance"
    HEALTH_INSURANCE = "health_insurance"
    IDENTITY = "identity"
    VAT_ID = "vat_id"
    US_SSN = "us_ssn"
    IP = "ip"
    MAC = "mac"
    PLATE = "plate"
    API_KEY = "api_key"
    PRIVATE_KEY = "private_key"
    PASSWORD = "password"  # noqa: S105 - a kind of finding
    URL_LOGIN = "url_login"
    OWN = "own"

    @property
    def label(self) -> str:
        """Return the word of its placeholders, the same in every language."""
        return _LABELS.get(self.value) or self.value.replace("_", " ").upper()

    @property
    def sensitivity(self) -> Sensitivity:
        """Return the sort of data it speaks for; a company's own patterns say it themselves."""
        return _SENSITIVITIES.get(self, Sensitivity.PERSONAL)


_LABELS = {"email": "E-MAIL", "identity": "ID CARD", "us_ssn": "SSN", "plate": "LICENCE PLATE", "url_login": "URL"}
_SENSITIVITIES = {
    Kind.HEALTH_INSURANCE: Sensitivity.SPECIAL,
    Kind.API_KEY: Sensitivity.SECRET,
    Kind.PRIVATE_KEY: Sensitivity.SECRET,
    Kind.PASSWORD: Sensitivity.SECRET,
    Kind.URL_LOGIN: Sensitivity.SECRET,
    Kind.VAT_ID: Sensitivity.INTERNAL,
    Kind.MAC: Sensitivity.INTERNAL,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a text: `text[start:end]`. `label` is the word of its placeholder, or a company's name for it."""

    kind: Kind
    start: int
    end: int
    label: str
    sensitivity: Sensitivity


Detector = Callable[[str], Iterator[Finding]]
"""Yields what it finds in a text, in any order. Takes time in proportion to the text, whatever stands in it."""


def found(kind: Kind, start: int, end: int) -> Finding:
    """Return a finding of a built-in kind."""
    return Finding(kind, start, end, kind.label, kind.sensitivity)


def before(text: str, start: int) -> str:
    """Return what stands in front of a place, in small letters: on its line, else at the end of the line above."""
    line = text[max(0, start - NEAR) : start].lower()
    above, _, same = line.rpartition("\n")
    return same if same.strip() else above.rpartition("\n")[2]


_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORDS = 6
"""Words in front of a number among which its name begins."""


def begins(pattern: re.Pattern[str], words: str) -> bool:
    """Say whether a pattern matches from the start of one of the last words up to where it ends itself."""
    starts = [match.start() for match in _WORD.finditer(words)]
    return any(pattern.match(words, start) for start in starts[-_LAST_WORDS:])


def naming(*names: str) -> Callable[[str], bool]:
    """Return a test whether the words in front of a number name it: "Rechnungs-Nr.: ", "invoice number is "."""
    pattern = re.compile(
        rf"(?:{'|'.join(names)})(?:s?[-_ ]{{0,2}}(?:nummer|number|num|nr|no|id|code|kennung))?"
        rf"(?:[\s.:#=\"'„“(\[*-]{{0,4}}(?:ist|lautet|is|was|war|:|=|nr|no|number|nummer))?[\s.:#=\"'„“(\[*-]{{0,4}}$"
    )
    return lambda words: begins(pattern, words)


FOREIGN = (
    r"\w{0,20}?(?:rechnung|bestell(?:ung)?|auftrag|artikel|vertrag|vorgang|beleg|buchung|liefer(?:ung|schein)?)s?",
    r"\w{0,20}?(?:sendung|paket|serien|material|inventar|teile|projekt|formular|antrag|z[äa]hler(?:stand)?|kostenstelle)s?",
    r"(?:kunden?|kassen|konto|mitglieds?|personal|mandanten|patienten|bau|typ|modell|steuer|st\.?)-?(?:nummer|nr|zeichen)",
    r"(?:kunden|mitglieds|personal|mandanten|patienten)-?id|ref(?:erence|erenz)?|aktenzeichen|gesch[äa]ftszeichen|az|chargen",
    r"invoice|order|article|item|sku|part|serial|contract|case|ticket|booking|po|purchase|reading|delivery|tracking|parcel",
    r"(?:customer|account|member|employee|batch|policy|job|model|reference|file|docket|claim|form) ?(?:number|no|id|code|#)",
    r"(?:meter|document) ?(?:number|no|id)|shipment|asset|lot|batch|ean|gtin|upc|isbn(?:-1[03])?|issn|imei|doi|patent|asin",
    r"pzn|hr[ab]|blz|plz|zip|commit|hash|sha1?|version|ver|v|release|build|revision|rev|patch|firmware|update|art|pos|wkn|isin",
    r"seite|page|raum|room|zimmer|kapitel|chapter|section|abschnitt|ziffer|clause|absatz|oid|din|iso|en|iec|norm|standard",
    r"file|datei|akten?|bug|issue|pr|merge request|modell?|typ",
)
"""Names of numbers that speak for nobody: of a thing, a case, a version, a place in a text."""

foreign = naming(*FOREIGN)
