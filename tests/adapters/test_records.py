"""The JSON of an answer has the fields that others build on, and a history is read as it is written."""

from __future__ import annotations

import json
from datetime import date

import pytest

from adapters.records import dump, record, retrieved, turns
from bot.messages import Answer, Citation, Near, Outcome, Retrieved, Role, Sentence, Turn, Verdict

CITATION = Citation(
    1,
    "data.md",
    "Data classes",
    "Deletion",
    "Prompts are deleted.",
    3,
    "https://firm.example",
    "1.1",
    date(2026, 1, 10),
)
ANSWER = Answer(
    "a1",
    "When are prompts deleted?",
    "en",
    Outcome.QUOTED,
    "“Prompts are deleted.” [1]",
    verdict=Verdict.CONDITIONAL,
    sentences=(Sentence("Prompts are deleted.", (1,)),),
    citations=(CITATION,),
    nearest=(Near("data.md", "Data classes", "Deletion"),),
    choices=("DeepL", "DeepL Pro"),
    contact="data@firm.example",
    notice="cut",
    suggestions=("And then?",),
    generation="20261120-120000-abcdef",
    milliseconds={"find": 1.5, "total": 2.0},
    confidence=0.9,
    retrieved=(Retrieved("data.md", "Deletion", "Prompts are deleted.", 0.75),),
)
BARE = Answer("a2", "Hello", "de", Outcome.DECLINED, "Guten Tag!")


def test_a_record_has_these_fields_and_these_values() -> None:
    assert record(ANSWER) == {
        "id": "a1",
        "question": "When are prompts deleted?",
        "language": "en",
        "outcome": "quoted",
        "verdict": "conditional",
        "text": "“Prompts are deleted.” [1]",
        "sentences": [{"text": "Prompts are deleted.", "citations": [1]}],
        "citations": [
            {
                "number": 1,
                "document": "data.md",
                "title": "Data classes",
                "section": "Deletion",
                "page": 3,
                "quote": "Prompts are deleted.",
                "url": "https://firm.example",
                "version": "1.1",
                "effective": "2026-01-10",
                "lead": "",
            }
        ],
        "nearest": [{"document": "data.md", "title": "Data classes", "section": "Deletion"}],
        "choices": ["DeepL", "DeepL Pro"],
        "contradiction": [],
        "contact": "data@firm.example",
        "notice": "cut",
        "suggestions": ["And then?"],
        "generation": "20261120-120000-abcdef",
        "milliseconds": {"find": 1.5, "total": 2.0},
        "writing": None,
    }


def test_the_fields_come_in_this_order() -> None:
    assert list(record(BARE)) == [
        *("id", "question", "language", "outcome", "verdict", "text", "sentences", "citations", "nearest", "choices"),
        *("contradiction", "contact", "notice", "suggestions", "generation", "milliseconds", "writing"),
    ]


def test_what_an_answer_does_not_have_is_empty_and_never_missing() -> None:
    assert record(BARE) == {
        "id": "a2",
        "question": "Hello",
        "language": "de",
        "outcome": "declined",
        "verdict": None,
        "text": "Guten Tag!",
        "sentences": [],
        "citations": [],
        "nearest": [],
        "choices": [],
        "contradiction": [],
        "contact": "",
        "notice": "",
        "suggestions": [],
        "generation": "",
        "milliseconds": {},
        "writing": None,
    }


def test_a_document_without_a_day_or_a_page_has_none() -> None:
    cited = record(Answer("a", "q", "en", Outcome.QUOTED, "t", citations=(Citation(1, "a.md", "A", "", "quote"),)))
    assert cited["citations"][0] == {
        "number": 1,
        "document": "a.md",
        "title": "A",
        "section": "",
        "page": None,
        "quote": "quote",
        "url": "",
        "version": "",
        "effective": None,
        "lead": "",
    }


def test_what_was_retrieved_is_only_there_when_it_was_asked_for() -> None:
    found = [{"document": "data.md", "section": "Deletion", "text": "Prompts are deleted.", "score": 0.75}]
    assert "retrieved" not in record(ANSWER)
    assert record(ANSWER, explain=True)["retrieved"] == found == retrieved(ANSWER)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_named_in_small_letters(outcome: Outcome) -> None:
    assert outcome.value in {"written", "quoted", "clarify", "not_found", "declined", "failed"}


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_named_in_small_letters(verdict: Verdict) -> None:
    assert verdict.value in {"allowed", "conditional", "forbidden", "undecided"}


def test_a_record_is_written_on_one_line_with_its_letters_as_they_are() -> None:
    line = dump(record(Answer("a", "Größe?\n„µm“", "de", Outcome.NOT_FOUND, "Nein.\u2028")))
    assert "\n" not in line
    assert "Größe" in line
    assert json.loads(line)["question"] == "Größe?\n„µm“"


def test_a_history_becomes_turns() -> None:
    history = [{"role": "user", "content": "May I?"}, {"role": "assistant", "content": "No."}]
    assert turns(history) == (Turn(Role.USER, "May I?"), Turn(Role.ASSISTANT, "No."))
    assert turns([]) == ()


@pytest.mark.parametrize(
    "history",
    [{}, "text", None, 7, ["text"], [{"role": "system", "content": "x"}], [{"role": "user"}], [{"content": "x"}], [7]],
)
def test_anything_else_is_no_history(history: object) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        turns(history)
