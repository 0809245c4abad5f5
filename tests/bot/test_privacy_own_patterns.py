"""A company's own patterns are found like the built-in ones; what is wrong with a file is told by entry, and nothing can run away."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from adapters.errors import words
from bot.errors import BotError
from bot.privacy import find, put_back, replace
from bot.privacy.findings import Kind, Sensitivity
from bot.privacy.own_patterns import (
    MOST,
    PatternIncomplete,
    PatternInvalid,
    PatternRunsAway,
    PatternsUnreadable,
    PatternTooWide,
    load,
)
from knowledge.language import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
patterns:
  - name: Personalnummer
    regex: 'P-\\d{6}'
    class: personal
  - name: "Projekt [geheim]"
    regex: '\\b(?:ADLER|FALKE)\\b'
    class: secret
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "patterns.yaml"


def test_own_patterns_are_found_with_their_name_and_class(file: Path) -> None:
    file.write_text(GOOD, "utf-8")
    findings = find("P-123456 arbeitet an ADLER.", load(file))
    assert [(f.kind, f.label, f.sensitivity) for f in findings] == [
        (Kind.OWN, "Personalnummer", Sensitivity.PERSONAL),
        (Kind.OWN, "Projekt geheim", Sensitivity.SECRET),
    ]


def test_own_patterns_are_replaced_and_put_back(file: Path) -> None:
    file.write_text(GOOD, "utf-8")
    text = "[Personalnummer 1] P-123456, P-654321, P-123456, FALKE"
    redaction = replace(text, load(file))
    assert redaction.text == (
        "[Personalnummer 1] [Personalnummer 2], [Personalnummer 3], [Personalnummer 2], [Projekt geheim 1]"
    )
    assert put_back(redaction.text, redaction.originals) == text


def test_an_own_pattern_wins_over_a_built_in_one_at_the_same_place(file: Path) -> None:
    file.write_text("patterns: [{name: Bot, regex: 'bot@example\\.org', class: internal}]", "utf-8")
    assert [finding.label for finding in find("bot@example.org", load(file))] == ["Bot"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "patterns:",
        "patterns: {}",
        "pattern: []",
        "patterns: []\nmore: 1",
        "a: [",
        "\0",
        "patterns: " + str([1] * (MOST + 1)),
    ],
)
def test_a_file_that_is_none_is_told(file: Path, content: str) -> None:
    file.write_text(content, "utf-8")
    with pytest.raises(PatternsUnreadable):
        load(file)


def test_a_file_that_cannot_be_read_is_told(file: Path) -> None:
    with pytest.raises(PatternsUnreadable):
        load(file)
    file.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(PatternsUnreadable):
        load(file)


@pytest.mark.parametrize(
    "entry",
    [
        "name: A",
        "{name: A, regex: abc}",
        "{name: A, regex: abc, class: green}",
        "{name: '', regex: abc, class: secret}",
        "{name: '[]', regex: abc, class: secret}",
        "{name: A, regex: 123, class: secret}",
        "{name: A, regex: abc, class: secret, flags: i}",
        "just text",
    ],
)
def test_an_entry_that_lacks_something_is_told(file: Path, entry: str) -> None:
    file.write_text(f"patterns:\n  - {{name: Good, regex: abcd, class: secret}}\n  - {entry}\n", "utf-8")
    with pytest.raises(PatternIncomplete) as caught:
        load(file)
    assert caught.value.place == 2


def refused(file: Path, regex: str) -> BotError | None:
    quoted = regex.replace("'", "''")
    file.write_text(f"patterns: [{{name: A, regex: '{quoted}', class: secret}}]", "utf-8")
    try:
        load(file)
    except BotError as error:
        return error
    return None


@pytest.mark.parametrize("regex", ["(", "[", "*a", "(?P<n>", "\\", "(?<=a{1,3})bcd"])
def test_what_is_no_regular_expression_is_refused(file: Path, regex: str) -> None:
    assert isinstance(refused(file, regex), PatternInvalid)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("regex", ["(", "a", "a+b+c"])
def test_what_is_wrong_is_told_by_file_and_entry(file: Path, regex: str, language: str) -> None:
    error = refused(file, regex)
    assert error is not None
    assert str(file) in words(error, language)
    assert " 1 " in words(error, language)


@pytest.mark.parametrize("regex", ["a", "ab", "a?b?c?d?", "(?=abcdef)", "\\b", "[abc]|defgh"])
def test_what_fits_nearly_nothing_is_refused(file: Path, regex: str) -> None:
    assert isinstance(refused(file, regex), PatternTooWide)


@pytest.mark.parametrize(
    "regex",
    [
        "(a+)+bcd",
        "a*bcd",
        "\\d+abc",
        "(a|a)*bcd",
        "(a|b|ab){1,30}c",
        "(\\w{1,20}){1,20}!",
        "(abc)\\1",
        "a{1,20}a{1,20}abc",
        "a{500}",
        "x" * 501,
    ],
)
def test_what_could_run_away_is_refused(file: Path, regex: str) -> None:
    assert isinstance(refused(file, regex), PatternRunsAway)


@pytest.mark.parametrize(
    "regex",
    [
        "KD-\\d{4,8}",
        "[A-Z]{2,4}-\\d{1,10}",
        "(?i)projekt (?:adler|falke)",
        "(?<![A-Z])MA\\d{5}(?!\\d)",
        "\\d{3}(?:-\\d{2}){2}",
        "[a-z]{1,14}[a-z]{1,14}!!",
    ],
)
def test_what_is_taken_stays_quick_on_any_text(file: Path, regex: str) -> None:
    assert refused(file, regex) is None
    (pattern,) = load(file)
    for character in "aA1- ":
        start = time.process_time()
        assert list(pattern.find(character * 100_000)) == []
        assert time.process_time() - start < 1
