"""Understands the keys and values that authors write about a document, in German and English."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ingest.errors import BrokenMetadata
from ingest.readers.front_matter import shown
from ingest.readers.wording import clean, squeeze
from knowledge.documents import EVERYBODY, Status

if TYPE_CHECKING:
    from collections.abc import Callable

Fields = dict[str, object]
"""Values by the names of Metadata's fields; what was not said is not there."""

LONGEST = 1_000
"""The most characters of one value: a title stands in front of every passage of its document."""

_NAMES = {
    "title": "title titel",
    "language": "language sprache lang",
    "version": "version fassung",
    "effective": "effective effectivedate effectivefrom stand gueltigab gueltigseit validfrom inkraftab inkraftseit",
    "review_by": "reviewby reviewdate nextreview pruefenbis pruefungbis naechstepruefung",
    "owner": "owner verantwortlich verantwortliche verantwortlicher eigentuemer",
    "contact": "contact kontakt ansprechpartner ansprechpartnerin ansprechperson",
    "audience": "audience audiences zielgruppe zielgruppen",
    "status": "status",
    "supersedes": "supersedes replaces ersetzt loestab",
    "superseded_by": "supersededby replacedby ersetztdurch abgeloestdurch",
    "url": "url link",
    "external": "external extern",
}
_FIELDS = {alias: name for name, aliases in _NAMES.items() for alias in aliases.split()}
_AUDIENCE = _NAMES["audience"].split()
_ALIKE = 0.8

_EVERYBODY = frozenset(
    (
        *("all", "alle", "everybody", "everyone", "jeder", "jede"),
        *("all employees", "all staff", "alle mitarbeitenden", "alle mitarbeiter", "alle beschaeftigten"),
    )
)
_STATUS = {
    Status.CURRENT: "current|aktuell|gueltig|in kraft|in force|active|aktiv|valid|final|published|freigegeben",
    Status.DRAFT: "draft|entwurf",
    Status.SUPERSEDED: "superseded|replaced|ersetzt|abgeloest|veraltet|outdated|obsolete|ungueltig|invalid|"
    "ausser kraft|aufgehoben|withdrawn|zurueckgezogen|expired|abgelaufen|deprecated|archived|archiviert",
}
_STATES = {word: status for status, words in _STATUS.items() for word in words.split("|")}
_REPLACED = re.compile(
    r"(?:ersetzt durch|abgel(?:ö|oe)st durch|superseded by|replaced by)\s*:?\s+(\S.*)", re.IGNORECASE
)
_YES = frozenset(("yes", "ja", "true", "y", "j", "1", "on"))
_NO = frozenset(("no", "nein", "false", "n", "0", "off"))
_LANGUAGES = {
    "de": "deutsch german deu ger",
    "en": "englisch english eng",
    "fr": "franzoesisch french",
    "es": "spanisch spanish",
    "it": "italienisch italian",
    "pl": "polnisch polish",
    "pt": "portugiesisch portuguese",
    "nl": "niederlaendisch dutch",
}
_LANGUAGE_NAMES = {name: code for code, names in _LANGUAGES.items() for name in names.split()}
_CODE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_MONTHS_BY_NUMBER = (
    *("januar january jan jaenner", "februar february feb", "maerz march mar mrz", "april apr", "mai may"),
    *("juni june jun", "juli july jul", "august aug", "september sep sept", "oktober october okt oct", "november nov"),
    "dezember december dez dec",
)
_MONTHS = {name: number for number, names in enumerate(_MONTHS_BY_NUMBER, 1) for name in names.split()}
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2})(?:[t ][\d:.+z -]*)?)?"),
    re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d{2})"),
    re.compile(r"(?:(?P<d>\d{1,2})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?)?(?P<name>[a-z]+)\.?,?\s+(?P<y>\d{4})"),
    re.compile(r"(?P<name>[a-z]+)\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})"),
    re.compile(r"(?P<m>\d{1,2})[/.](?P<y>\d{4})"),
)
_CENTURY = 100
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


def understand(said: Mapping[str, object], source: str = "") -> Fields:
    """Return what the keys and values mean, by Metadata's names; keys that we do not know are left out.

    A document that names its successor but no status is superseded. Raises BrokenMetadata, placed in `source`, for a
    value that cannot be understood, two keys for one field that differ, and a key that looks like a misspelt audience.
    """
    try:
        fields = _fields(said)
    except BrokenMetadata as error:
        raise error.within(source) from error
    if fields.get("superseded_by"):
        fields.setdefault("status", Status.SUPERSEDED)
    return fields


def language(text: str) -> str | None:
    """Return the two-letter code of a language as people write it ("de-DE", "Deutsch"), None for anything else."""
    low = _fold(text)
    if low in _LANGUAGE_NAMES:
        return _LANGUAGE_NAMES[low]
    match = _CODE.fullmatch(low)
    return match[1].lower() if match else None


def day(text: str) -> dt.date | None:
    """Return the day that a text names, German or English, the first of a month alone; None if it names none."""
    low = _fold(text)
    for pattern in _DATES:
        match = pattern.fullmatch(low)
        if match:
            return _day(match.groupdict())
    return None


def _fields(said: Mapping[str, object]) -> Fields:
    fields: Fields = {}
    for key, value in said.items():
        name = _name(key)
        if name is None:
            continue
        for field, understood in _VALUES[name](name, key, value).items():
            if fields.setdefault(field, understood) != understood:
                raise BrokenMetadata("twice", shown(key), shown(value))
    return fields


def _name(key: str) -> str | None:
    """Return the field that a key means, None for an unknown key."""
    folded = re.sub(r"[^a-z0-9]", "", _fold(str(key)))
    if folded in _FIELDS:
        return _FIELDS[folded]
    if any(alias in folded or SequenceMatcher(None, folded, alias).ratio() >= _ALIKE for alias in _AUDIENCE):
        raise BrokenMetadata("unknown key", shown(key))
    return None


def _fold(text: str) -> str:
    """Return a text as it compares: lower case, umlauts written out, single spaces."""
    low = unicodedata.normalize("NFC", text).casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        low = low.replace(umlaut, letters)
    return " ".join(low.split())


def _scalar(key: str, value: object) -> str:
    """Return a single value as clean text on one line."""
    if isinstance(value, (Mapping, list, tuple, set)):
        raise BrokenMetadata("shape", shown(key), shown(value))
    text = "" if value is None else squeeze(clean(str(value))[0]).replace("\n", " ")
    if len(text) > LONGEST:
        raise BrokenMetadata("too long", shown(key), shown(text))
    return text


def _list(key: str, value: object, separators: str) -> tuple[str, ...]:
    """Return the values of a list, or of a text with separators between them, each once."""
    if isinstance(value, (list, tuple)):
        parts = [_scalar(key, part) for part in value]
    else:
        parts = [part.strip() for part in re.split(separators, _scalar(key, value))]
    return tuple(dict.fromkeys(part for part in parts if part))


def _text(name: str, key: str, value: object) -> Fields:
    """Take a text as it is; nothing written is nothing said."""
    text = ", ".join(_list(key, value, r"\n")) if isinstance(value, list) else _scalar(key, value)
    return {name: text} if text else {}


def _address(name: str, key: str, value: object) -> Fields:
    text = _scalar(key, value)
    if _SCHEME.match(text) and not text.lower().startswith(("http://", "https://")):
        raise BrokenMetadata("address", shown(key), shown(value))
    return {name: text} if text else {}


def _language(name: str, key: str, value: object) -> Fields:
    text = _scalar(key, value)
    code = language(text)
    if text and code is None:
        raise BrokenMetadata("language", shown(key), shown(value))
    return {name: code} if code else {}


def _date(name: str, key: str, value: object) -> Fields:
    if isinstance(value, dt.datetime):
        return {name: value.date()}
    if isinstance(value, dt.date):
        return {name: value}
    text = _scalar(key, value)
    found = day(text)
    if text and found is None:
        raise BrokenMetadata("date", shown(key), shown(value))
    return {name: found} if found else {}


def _audience(name: str, key: str, value: object) -> Fields:
    """Take groups; a key without any is an error, since closed beats open by accident."""
    groups = tuple(dict.fromkeys(_group(part) for part in _list(key, value, r"[,;\n]")))
    if not groups or set(groups) & {"null", "~"}:
        raise BrokenMetadata("empty", shown(key))
    return {name: groups}


def _group(text: str) -> str:
    low = " ".join(text.lower().split())
    return EVERYBODY if _fold(text) in _EVERYBODY else low


def _status(name: str, key: str, value: object) -> Fields:
    text = _scalar(key, value)
    successor = _REPLACED.fullmatch(text)
    if successor:
        return {name: Status.SUPERSEDED, "superseded_by": successor[1].strip()}
    if text and _fold(text) not in _STATES:
        raise BrokenMetadata("status", shown(key), shown(value))
    return {name: _STATES[_fold(text)]} if text else {}


def _documents(name: str, key: str, value: object) -> Fields:
    names = _list(key, value, r"[;\n]")
    return {name: names} if names else {}


def _truth(name: str, key: str, value: object) -> Fields:
    low = _scalar(key, value).lower()
    if low not in _YES | _NO:
        raise BrokenMetadata("yes or no", shown(key), shown(value))
    return {name: low in _YES}


def _day(parts: Mapping[str, str | None]) -> dt.date | None:
    month = _MONTHS.get(parts.get("name") or "") or int(parts.get("m") or 0)
    year = int(parts["y"] or 0)
    try:
        return dt.date(year if year >= _CENTURY else year + 2_000, month, int(parts.get("d") or 1))
    except ValueError:
        return None


_VALUES: dict[str, Callable[[str, str, object], Fields]] = {
    "title": _text,
    "language": _language,
    "version": _text,
    "effective": _date,
    "review_by": _date,
    "owner": _text,
    "contact": _text,
    "audience": _audience,
    "status": _status,
    "supersedes": _documents,
    "superseded_by": _text,
    "url": _address,
    "external": _truth,
}
