"""Found on texts of others (SHARED): recall and precision by kind, German and English, only what Lotse promises to find."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from bot.privacy import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RECALL = {"de": 0.98, "en": 0.95}
PRECISION = 0.98

SPANS = {
    "PHONE_NUMBER": "phone",
    "US_SSN": "us_ssn",
    "IBAN_CODE": "iban",
    "CREDIT_CARD": "card",
    "IP_ADDRESS": "ip",
    "EMAIL_ADDRESS": "email",
}
PROBES = {
    "iban": "iban",
    "ip": "ip",
    "email": "email",
    "phone": "phone",
    "credit_card": "card",
    "de_vat_id": "vat_id",
    "de_kfz": "plate",
    "de_id_card": "identity",
    "de_passport": "identity",
    "de_social_security": "social_insurance",
    "de_tax_id": "tax_id",
}


@dataclass
class Score:
    """What was found, missed and wrongly found, by kind."""

    hits: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        return self.hits.total() / (self.hits.total() + self.misses.total())

    @property
    def precision(self) -> float:
        return self.hits.total() / (self.hits.total() + self.wrong.total())

    def table(self) -> str:
        kinds = sorted({*self.hits, *self.misses, *self.wrong})
        rows = (f"{k:18} {self.hits[k]:4} {self.misses[k]:4} {self.wrong[k]:4}" for k in kinds)
        return "\n".join(
            ("kind, found, missed, wrong", *rows, f"recall {self.recall:.3f}, precision {self.precision:.3f}")
        )


def rows(file: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, file.read_text("utf-8").splitlines())


def counts(value: str) -> bool:
    """Say whether a phone number is one that counts: with + or 00, not a bare local one of some other country."""
    return value.startswith(("+", "00"))


def english(folder: Path) -> Score:
    """Score texts with labelled spans: a finding is wrong where it touches no span of a kind that is looked for."""
    score = Score()
    for row in rows(folder / "pii_en.jsonl"):
        spans = [(SPANS[s["type"]], s["start"], s["end"]) for s in row["spans"] if s["type"] in SPANS]
        findings = find(row["text"])
        for kind, start, end in spans:
            if kind == "phone" and not counts(row["text"][start:end]):
                continue
            met = any(f.kind.value == kind and f.start < end and start < f.end for f in findings)
            (score.hits if met else score.misses)[kind] += 1
        for f in findings:
            score.wrong[f.kind.value] += not any(f.start < end and start < f.end for _, start, end in spans)
    return score


def german(folder: Path) -> Score:
    """Score probes that say how many there are. What two probes answer differently for one text is left out."""
    probes = [row for row in rows(folder / "pii_de_presidio_tests.jsonl") if row["entity"] in PROBES]
    answers = defaultdict(set)
    for row in probes:
        answers[row["entity"], row["text"]].add(row["expected_len"])
    score = Score()
    for row in probes:
        text, kind, expected = row["text"], PROBES[row["entity"]], row["expected_len"]
        if len(answers[row["entity"], text]) > 1 or (kind == "phone" and not re.search(r"(?<!\w)(?:\+|00)\d", text)):
            continue
        found = sum(finding.kind.value == kind for finding in find(text))
        score.hits[kind] += min(found, expected)
        score.misses[kind] += max(0, expected - found)
        score.wrong[kind] += max(0, found - expected)
    return score


@pytest.mark.parametrize(("language", "measure"), [("de", german), ("en", english)])
def test_the_goals_are_met(
    shared: Path, language: str, measure: Callable[[Path], Score], record_property: Callable[[str, object], None]
) -> None:
    score = measure(shared / "corpora")
    record_property(language, score.table())
    assert score.recall >= RECALL[language], score.table()
    assert score.precision >= PRECISION, score.table()
