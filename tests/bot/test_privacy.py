"""Personal data and secrets are found where they stand, replaced and put back; what only looks like them is left alone."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from bot.privacy import Redaction, checksums, find, put_back, replace
from bot.privacy.findings import Kind, Sensitivity

CASES = Path(__file__).with_name("pii_cases.jsonl")
RECALL = {"de": 0.98, "en": 0.95}
PRECISION = 0.98


@dataclass(frozen=True)
class Case:
    """A sentence, and what is to be found in it. In the file, « and » enclose that; secrets stand there in pieces."""

    name: str
    language: str
    text: str
    expected: tuple[tuple[str, str], ...]


def case(line: str) -> Case:
    row = json.loads(line)
    text = row["text"] if isinstance(row["text"], str) else "".join(row["text"])
    expected = tuple((row["kind"], value) for value in re.findall("«(.*?)»", text, re.DOTALL))
    return Case(row["id"], row["language"], re.sub("[«»]", "", text), expected)


ALL = [case(line) for line in CASES.read_text("utf-8").splitlines()]


def seen(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((finding.kind.value, text[finding.start : finding.end]) for finding in find(text))


# the project's own cases


def test_there_are_enough_cases_of_every_kind() -> None:
    kinds = Counter(kind for each in ALL for kind, _ in each.expected)
    assert sum(bool(each.expected) for each in ALL) >= 300
    assert sum(not each.expected for each in ALL) >= 100
    assert {kind for kind in Kind if kinds[kind.value] < 4} == {Kind.OWN}
    assert {each.language for each in ALL} == {"de", "en"}


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
def test_a_case_gives_what_it_holds_and_nothing_else(each: Case) -> None:
    assert seen(each.text) == each.expected


@pytest.mark.parametrize("language", RECALL)
def test_the_goals_are_met_on_the_cases(language: str) -> None:
    hits = misses = wrong = 0
    for each in (each for each in ALL if each.language == language):
        found, expected = Counter(seen(each.text)), Counter(each.expected)
        hits += (found & expected).total()
        misses += (expected - found).total()
        wrong += (found - expected).total()
    assert hits / (hits + misses) >= RECALL[language]
    assert hits / (hits + wrong) >= PRECISION


# An Austrian insurance number or a US social security number in one piece is found by its name only.
WITHOUT_CONTEXT = {"email", "iban", "card", "ip", "mac", "us_ssn", "url_login", "social_insurance"}


@pytest.mark.parametrize("between", [",", ";", "\t", " | ", "\n"])
def test_a_table_row_hides_nothing(between: str) -> None:
    pairs = [(kind, value) for each in ALL for kind, value in each.expected if kind in WITHOUT_CONTEXT]
    values = [
        (k, v) for k, v in pairs if not (" " in v or "[" in v or (v.isdigit() and k in {"social_insurance", "us_ssn"}))
    ]
    hidden = [
        (kind, value)
        for kind, value in values
        if (kind, value) not in seen(between.join(("17", "Kern", value, "2026-01-15", "4.50")))
    ]
    assert len(values) > 80
    assert hidden == []


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "\0", "\ud800", "«»", "[", "]", "@", "+", "00", "://", "-----BEGIN {} KEY-----".format("PRIVATE")],
)
def test_no_text_is_too_odd(text: str) -> None:
    assert put_back(*_both(replace(text))) == text


# what a finding says


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("info@example.org", Sensitivity.PERSONAL),
        ("Die KVNR lautet A123456780.", Sensitivity.SPECIAL),
        ("Passwort: geheim", Sensitivity.SECRET),
        ("MAC 00:1A:2B:3C:4D:5E", Sensitivity.INTERNAL),
    ],
)
def test_a_finding_says_what_sort_of_data_it_speaks_for(text: str, sort: Sensitivity) -> None:
    assert [finding.sensitivity for finding in find(text)] == [sort]


def test_findings_stand_in_order_and_apart() -> None:
    text = "".join(f"{each.text}\n" for each in ALL)
    findings = find(text)
    assert all(one.end <= other.start for one, other in pairwise(findings))


def test_of_two_at_one_place_the_longer_says_what_it_is() -> None:
    login = "https://lea:{}@shop.example.de".format("Sommer27")
    assert seen(f"Siehe {login}/x") == (("url_login", login),)


def test_a_placeholder_is_nothing_to_be_found() -> None:
    for each in ALL:
        once = replace(each.text).text
        assert seen(once) == (), once


# placeholders


def _both(redaction: Redaction) -> tuple[str, dict[str, str]]:
    return redaction.text, dict(redaction.originals)


def test_a_value_keeps_its_placeholder() -> None:
    redaction = replace("a@example.org, b@example.org, a@example.org, 10.0.0.1")
    assert redaction.text == "[E-MAIL 1], [E-MAIL 2], [E-MAIL 1], [IP 1]"
    assert redaction.originals == {"[E-MAIL 1]": "a@example.org", "[E-MAIL 2]": "b@example.org", "[IP 1]": "10.0.0.1"}


def test_a_placeholder_that_the_text_holds_is_not_given_out() -> None:
    redaction = replace("[E-MAIL 1] wrote to a@example.org and [E-MAIL 3]; b@example.org")
    assert redaction.text == "[E-MAIL 1] wrote to [E-MAIL 2] and [E-MAIL 3]; [E-MAIL 4]"


def test_placeholders_are_put_back_into_another_text() -> None:
    redaction = replace("Mail a@example.org")
    assert put_back("Ask [E-MAIL 1], not [E-MAIL 2].", redaction.originals) == "Ask a@example.org, not [E-MAIL 2]."


PIECES = st.one_of(
    st.sampled_from([value for each in ALL for _, value in each.expected]),
    st.sampled_from(
        ["[E-MAIL 1]", "[IBAN 1]", "[IBAN 2", "PHONE 1]", "[", "]", "[[IP 1]]", "[PASSWORD 1]", "[[", "1]", " 1]"]
    ),
    st.sampled_from(["password: ", "pw=", "IBAN ", "Tel. ", "Rechnung ", "\n", " ", ", ", "'", '"', "@", "://"]),
    st.text(max_size=12),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


@given(TEXTS)
@settings(max_examples=300)
def test_placeholders_in_originals_out_leaves_a_text_as_it_was(text: str) -> None:
    assert put_back(*_both(replace(text))) == text


@pytest.mark.slow
@given(TEXTS)
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
def test_ten_thousand_texts_come_back_as_they_were(text: str) -> None:
    redaction = replace(text)
    assert put_back(*_both(redaction)) == text
    assert not any(value in redaction.originals for value in redaction.originals.values())


# check digits, by the examples that their sources give


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (checksums.luhn, "79927398713"),
        (checksums.mod_97, "DE89370400440532013000"),
        (checksums.mod_11_10, "136695976"),
        (checksums.german_tax_id, "86095742719"),
        (checksums.german_social_insurance, "15070649C103"),
        (checksums.german_health_insurance, "A123456780"),
        (checksums.travel_document, "L01X00T471"),
        (checksums.austrian_social_insurance, "1237010180"),
        (checksums.ean_13, "7569217076985"),
        (checksums.vat_austria, "13585627"),
        (checksums.uid_switzerland, "116281710"),
        (checksums.vat_belgium, "0776091951"),
        (checksums.vat_france, "83404833048"),
        (checksums.vat_luxembourg, "10000356"),
        (checksums.vat_netherlands, "010000446B01"),
        (checksums.vat_poland, "5260001246"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_check_digit_is_right_and_any_other_wrong(check: object, number: str) -> None:
    assert callable(check)
    assert check(number)
    place = len(number) - 4 if number.endswith("B01") else len(number) - 1
    others = [number[:place] + digit + number[place + 1 :] for digit in "0123456789" if digit != number[place]]
    assert not any(check(other) for other in others)


@pytest.mark.parametrize("number", ["02345678901", "11111111111", "11112345678", "11223456789"])
def test_a_tax_id_repeats_one_digit_at_most_three_times(number: str) -> None:
    assert not checksums.german_tax_id(number)
