"""Personal data and secrets in a text: find them, put placeholders in their place, put them back."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import TYPE_CHECKING

from bot.privacy import addresses, credentials, identifiers, phones, plates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.privacy.findings import Detector, Finding
    from bot.privacy.own_patterns import OwnPattern

DETECTORS: tuple[Detector, ...] = (
    credentials.private_keys,
    credentials.url_logins,
    credentials.api_keys,
    identifiers.ibans,
    addresses.emails,
    identifiers.social_insurances,
    identifiers.vat_ids,
    identifiers.health_insurances,
    identifiers.cards,
    identifiers.tax_ids,
    identifiers.us_ssns,
    addresses.macs,
    addresses.ips,
    identifiers.identities,
    plates.plates,
    phones.phones,
    credentials.passwords,
)
"""What looks for what. Of two that found the same place, the earlier one is the more specific."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text with placeholders, and what they stand for (placeholder -> what stood there), and what was found."""

    text: str
    originals: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


def find(text: str, patterns: Sequence[OwnPattern] = ()) -> tuple[Finding, ...]:
    """Return what was found, in order and without overlaps. Names and postal addresses are not found."""
    own = (finding for pattern in patterns for finding in pattern.find(text))
    built_in = (finding for detector in DETECTORS for finding in detector(text))
    return _apart((*own, *built_in))


def _apart(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Join what overlaps: the longest says what it is (of equals the most specific), and nothing found stays uncovered."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        last = kept[-1] if kept else None
        if last is None or finding.start >= last.end:
            kept.append(finding)
        elif finding.end > last.end:
            longer = finding if finding.end - finding.start > last.end - last.start else last
            kept[-1] = changed(longer, start=last.start, end=finding.end)
    return tuple(kept)


def replace(text: str, patterns: Sequence[OwnPattern] = ()) -> Redaction:
    """Put a placeholder ("[IBAN 1]") in the place of each finding; the same value gets the same one.

    A placeholder that the text itself holds is not given out, so that `put_back` always returns the text as it was.
    """
    placeholders = _Placeholders(text)
    parts: list[str] = []
    past = 0
    findings = find(text, patterns)
    for finding in findings:
        parts += (text[past : finding.start], placeholders.of(finding.label, text[finding.start : finding.end]))
        past = finding.end
    return Redaction("".join((*parts, text[past:])), placeholders.originals(), findings)


class _Placeholders:
    """Gives out the placeholders of one text."""

    def __init__(self, text: str) -> None:
        self._taken = frozenset(PLACEHOLDER.findall(text))
        self._numbers: Counter[str] = Counter()
        self._given: dict[tuple[str, str], str] = {}

    def of(self, label: str, value: str) -> str:
        """Return the placeholder of a value."""
        if (label, value) not in self._given:
            self._given[label, value] = self._next(label)
        return self._given[label, value]

    def _next(self, label: str) -> str:
        while True:
            self._numbers[label] += 1
            placeholder = f"[{label} {self._numbers[label]}]"
            if placeholder not in self._taken:
                return placeholder

    def originals(self) -> dict[str, str]:
        """Return what each placeholder stands for."""
        return {placeholder: value for (_, value), placeholder in self._given.items()}


PLACEHOLDER = re.compile(r"\[[^\[\]]{1,80} [0-9]{1,9}\]")


def put_back(text: str, originals: Mapping[str, str]) -> str:
    """Return a text with what its placeholders stand for; one that is not known stays."""
    return PLACEHOLDER.sub(lambda match: originals.get(match[0], match[0]), text)
