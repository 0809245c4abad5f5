"""The questions to the further handbooks hold together: what they call for stands in the documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
HANDBOOKS = ("campus", "city", "klinik")


def asked(handbook: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / handbook / "questions.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("handbook", HANDBOOKS)
def test_every_quote_stands_in_its_document(handbook: str) -> None:
    for question in asked(handbook):
        for gold in question["gold"]:
            text = (HERE / handbook / "documents" / gold["doc"]).read_text("utf-8")
            cells = gold["quote"].split(" | ")
            assert gold["quote"] in text or any(sep.join(cells) in text for sep in ",;"), question["id"]


def test_what_has_nothing_to_do_with_any_handbook_is_asked_once() -> None:
    rows = [json.loads(line) for line in (HERE / "off_topic.jsonl").read_text("utf-8").splitlines()]
    assert len({row["question"] for row in rows}) == len({row["id"] for row in rows}) == len(rows)
    assert {row["split"] for row in rows} == {"seen", "held"}


@pytest.mark.parametrize("handbook", HANDBOOKS)
def test_every_question_is_asked_once_and_has_evidence_just_where_it_is_answered(handbook: str) -> None:
    questions = asked(handbook)
    assert len({question["question"] for question in questions}) == len(questions)
    assert all(bool(question["gold"]) == (question["expect"] == "answer") for question in questions)
