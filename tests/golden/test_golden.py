"""The golden questions hold together: what they call for stands in the starter handbook, word for word."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.readers import read

HERE = Path(__file__).parent
STARTER = HERE.parents[1] / "knowledge" / "starter"
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (HERE / "questions.jsonl").read_text("utf-8").splitlines()
]
MANIFEST: dict[str, Any] = json.loads((HERE / "manifest.json").read_text("utf-8"))
FILES = {path.name: path for path in STARTER.iterdir() if path.name != "handbook.yaml"}

FIELDS = {
    "id": str,
    "lang": str,
    "question": str,
    "kind": str,
    "expect": str,
    "gold": list,
    "answer_contains": list,
    "must_not_contain": list,
    "groups": list,
    "today": str,
    "collection": str,
    "split": str,
}
KINDS = {
    "allowed",
    "ambiguous",
    "compound",
    "cross-lingual",
    "follow-up",
    "injection",
    "multi-document",
    "not-effective",
    "not-listed",
    "paraphrase",
    "permission",
    "single-fact",
    "superseded",
    "table",
    "typo-short",
    "unanswerable-far",
    "unanswerable-near",
}
EXPECTED = {"answer", "abstain", "clarify", "answer_or_clarify", "answer_or_abstain"}
VERDICTS = {"allowed", "conditional", "forbidden", "undecided"}
PLAIN = {".md", ".txt", ".csv", ".html"}
GOLD = [(question["id"], gold["doc"], gold["quote"]) for question in QUESTIONS for gold in question["gold"]]
PLAIN_GOLD = [gold for gold in GOLD if Path(gold[1]).suffix in PLAIN]


def words(text: str) -> str:
    """Reduce a text to its words, so that white space, markup and cell separators do not count."""
    return " " + " ".join(re.findall(r"\w+", text.casefold())) + " "


@cache
def as_written(name: str) -> str:
    """Return the words of a file that can be read without a library."""
    text = FILES[name].read_text("utf-8")
    if name.endswith(".csv"):
        text = " ".join(" ".join(row) for row in csv.reader(io.StringIO(text), delimiter=";"))
    if name.endswith(".html"):
        text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return words(text)


@cache
def as_read(name: str) -> str:
    """Return the words of a file as the product's own reader sees them."""
    return words(" ".join(block.text for section in read(FILES[name]).sections for block in section.blocks))


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [question for question in QUESTIONS if question["kind"] == kind]


def test_every_id_and_every_question_occurs_once() -> None:
    asked = Counter((question["question"].casefold(), question["today"], *question["groups"]) for question in QUESTIONS)
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    assert [key for key, times in asked.items() if times > 1] == []


def test_there_are_enough_questions_of_every_kind_in_both_languages() -> None:
    assert len(QUESTIONS) >= 150
    assert len(of_kind("unanswerable-near")) >= 40
    assert {question["kind"] for question in QUESTIONS} == KINDS
    german = sum(question["lang"] == "de" for question in QUESTIONS)
    assert 0.4 <= german / len(QUESTIONS) <= 0.6


def test_every_kind_holds_back_about_a_third() -> None:
    for kind in KINDS:
        held = sum(question["split"] == "held" for question in of_kind(kind))
        assert held == len(of_kind(kind)) // 3


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_every_field_is_there_and_known(question: dict[str, Any]) -> None:
    assert all(isinstance(question.get(field), kind) for field, kind in FIELDS.items())
    assert question["lang"] in {"de", "en"}
    assert question["expect"] in EXPECTED
    assert question["split"] in {"seen", "held"}
    assert question["collection"] == "starter"
    assert set(question.get("permission", [])) <= VERDICTS
    assert question.get("polarity", "yes") in {"yes", "no"}
    assert date.fromisoformat(question["today"]).year >= 2026


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_an_expected_answer_has_its_evidence_and_nothing_else_has(question: dict[str, Any]) -> None:
    assert bool(question["gold"]) == (question["expect"] == "answer")
    assert bool(question.get("history")) == (question["kind"] == "follow-up")
    named = [gold["doc"] for gold in question["gold"]]
    assert set(named) | set(question.get("must_not_cite", [])) <= FILES.keys()
    assert not set(named) & set(question.get("must_not_cite", []))


@pytest.mark.parametrize(("question", "name", "quote"), PLAIN_GOLD)
def test_a_quote_stands_in_the_file(question: str, name: str, quote: str) -> None:
    assert words(quote) in as_written(name), question


@pytest.mark.parametrize(("question", "name", "quote"), GOLD)
def test_a_quote_stands_in_what_the_reader_sees(question: str, name: str, quote: str) -> None:
    assert words(quote) in as_read(name), question


def test_the_manifest_knows_every_document_of_the_handbook() -> None:
    assert MANIFEST["documents"].keys() == FILES.keys()
    for older, newer in MANIFEST["superseded_by"]:
        assert {older, newer} <= FILES.keys()
        assert MANIFEST["documents"][older]["status"] == "superseded"


def test_a_document_without_front_matter_is_described_in_the_handbook_file() -> None:
    described = yaml.safe_load((STARTER / "handbook.yaml").read_text("utf-8"))["documents"].keys()
    assert described == {name for name in FILES if not name.endswith(".md")}
    assert all(FILES[name].read_text("utf-8").startswith("---\n") for name in FILES if name.endswith(".md"))
