"""A file of questions is asked as people ask, and each line gets a line of results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from adapters.errors import FileMissing, NoCondition, NotJson, NotWritable
from adapters.evaluation import Evaluation, Task, evaluate
from adapters.settings import Settings
from ingest.errors import FolderMissing
from ingest.ports import Silent
from tests.handbooks import page, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HANDBOOK = {
    "data.md": page("# Data\n\nPrompts are deleted after 30 days.", title="Data", effective="2026-01-10"),
    "later.md": page(
        "# Data\n\nPrompts are deleted after 7 days.", title="Later", effective="2027-01-01", supersedes="Data"
    ),
    "hr.md": page("# Staff\n\nApplicants are never ranked by software.", title="Staff", audience="hr"),
    "notes.odt": "x",
}
QUESTIONS: list[dict[str, Any]] = [
    {"id": "q1", "question": "When are prompts deleted?", "lang": "en", "kind": "fact", "today": "2026-11-20"},
    {"id": "q2", "question": "When are prompts deleted?", "lang": "en", "kind": "fact", "today": "2027-02-01"},
    {"id": "q3", "question": "Are applicants ranked by software?", "lang": "en", "kind": "permission", "groups": []},
    {
        "id": "q4",
        "question": "Are applicants ranked by software?",
        "lang": "en",
        "kind": "permission",
        "groups": [" HR "],
    },
    {
        "id": "q5",
        "question": "Warum?",
        "lang": "de",
        "kind": "follow-up",
        "history": [
            {"role": "user", "content": "Wann werden Prompts gelöscht?"},
            {"role": "assistant", "content": "Nie."},
        ],
    },
    {"id": "q6", "question": "Hello!", "lang": "en", "kind": "small talk", "unknown field": [1, 2]},
]


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def run(settings: Settings, folder: Path, questions: str, *where: str) -> tuple[Evaluation, list[dict[str, Any]]]:
    """Evaluate the handbook and return what came of it, and the lines of results."""
    write(folder / "handbook", HANDBOOK)
    write(folder, {"questions.jsonl": questions})
    out = folder / "results.jsonl"
    done = evaluate(settings, Task(folder / "questions.jsonl", folder / "handbook", out, where), Silent())
    return done, [json.loads(line) for line in out.read_text("utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evaluation, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("evaluated")
    return run(Settings(data_dir=folder / "data"), folder, lines(*QUESTIONS))


@pytest.fixture(scope="module")
def results(evaluated: tuple[Evaluation, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    return {result["id"]: result for result in evaluated[1]}


pytestmark = pytest.mark.slow


def test_each_question_gets_a_line_in_order(evaluated: tuple[Evaluation, list[dict[str, Any]]]) -> None:
    assert [result["id"] for result in evaluated[1]] == [row["id"] for row in QUESTIONS]


def test_a_line_is_an_answer_s_record_with_what_a_grader_needs(results: dict[str, dict[str, Any]]) -> None:
    result = results["q1"]
    assert {*result} == {
        *("id", "question", "language", "outcome", "verdict", "text", "sentences", "citations", "nearest", "choices"),
        *("contact", "notice", "suggestions", "generation", "milliseconds"),
        *("answer_id", "retrieved", "confidence", "latency_ms", "contradiction", "drops", "writing"),
    }
    assert result["question"] == "When are prompts deleted?"
    assert result["citations"][0]["quote"] == "Prompts are deleted after 30 days."
    assert result["retrieved"][0]["document"] == "data.md"
    assert result["answer_id"] != "q1"
    assert 0 < result["confidence"] <= 1
    assert result["latency_ms"] > 0


def test_a_question_is_asked_on_its_day(results: dict[str, dict[str, Any]]) -> None:
    assert results["q2"]["citations"][0]["quote"] == "Prompts are deleted after 7 days."


def test_a_question_is_asked_by_a_member_of_its_groups(results: dict[str, dict[str, Any]]) -> None:
    assert "hr.md" not in {found["document"] for found in results["q3"]["retrieved"]}
    assert results["q4"]["citations"][0]["document"] == "hr.md"


def test_a_question_is_asked_with_its_history(results: dict[str, dict[str, Any]]) -> None:
    assert results["q5"]["language"] == "de"
    assert results["q5"]["retrieved"][0]["document"] == "data.md"


def test_results_are_counted_by_language_and_kind(evaluated: tuple[Evaluation, list[dict[str, Any]]]) -> None:
    done, results = evaluated
    assert {tally.name: tally.total for tally in done.tallies} == {
        "de": 1,
        "en": 5,
        "fact": 2,
        "follow-up": 1,
        "permission": 2,
        "small talk": 1,
    }
    outcomes = [result["outcome"] for result in results if result["id"] in {"q1", "q2"}]
    assert next(tally for tally in done.tallies if tally.name == "fact").outcomes == {
        "quoted": outcomes.count("quoted")
    }


def test_an_evaluation_is_complete_when_no_question_failed(evaluated: tuple[Evaluation, list[dict[str, Any]]]) -> None:
    assert (evaluated[0].complete, evaluated[0].questions) == (True, len(QUESTIONS))


def test_documents_that_were_rejected_are_reported(evaluated: tuple[Evaluation, list[dict[str, Any]]]) -> None:
    assert [rejection.path for rejection in evaluated[0].report.rejected] == ["notes.odt"]


def test_nothing_is_left_in_the_data_folder(settings: Settings, tmp_path: Path) -> None:
    run(settings, tmp_path, lines(QUESTIONS[0]))
    assert not settings.data_dir.exists()


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (["kind=fact"], ["q1", "q2"]),
        (["kind=fact", "today=2027-02-01"], ["q2"]),
        (["lang=fr"], []),
        (["kind=small talk"], ["q6"]),
    ],
)
def test_only_questions_with_the_wanted_values_are_asked(
    where: Sequence[str], ids: list[str], settings: Settings, tmp_path: Path
) -> None:
    done, results = run(settings, tmp_path, lines(*QUESTIONS), *where)
    assert [result["id"] for result in results] == ids
    assert done.questions == len(ids)


def test_empty_lines_and_a_byte_order_mark_are_passed_over(settings: Settings, tmp_path: Path) -> None:
    done, _ = run(settings, tmp_path, f"\ufeff{lines(QUESTIONS[5])}\n\n{lines(QUESTIONS[5])}")
    assert done.questions == 2


def test_a_question_without_an_id_gets_a_number(settings: Settings, tmp_path: Path) -> None:
    _, results = run(settings, tmp_path, lines({"question": "Hello!"}, {"question": "Thanks!"}))
    assert [result["id"] for result in results] == [1, 2]


def test_a_question_may_hold_any_sign(settings: Settings, tmp_path: Path) -> None:
    question = {"question": "May I\u2028use \x85this?"}
    _, results = run(settings, tmp_path, json.dumps(question, ensure_ascii=False) + "\n")
    assert [result["question"] for result in results] == [question["question"]]


BAD = [
    "no json",
    "[]",
    '"text"',
    '{"id": "x"}',
    '{"question": "x", "today": "tomorrow"}',
    '{"question": "x", "history": [{"role": "system", "content": "x"}]}',
    '{"question": "x", "history": "x"}',
    '{"question": "x", "groups": 7}',
]


@pytest.mark.parametrize("bad", BAD)
def test_a_line_that_is_no_question_is_named(bad: str, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotJson) as raised:
        run(settings, tmp_path, lines(QUESTIONS[5]) + bad)
    assert (raised.value.file, raised.value.line) == (str(tmp_path / "questions.jsonl"), 2)


@pytest.mark.parametrize("bad", ["no json", '{"id": "x"}'])
def test_a_line_is_named_by_its_place_in_the_file_even_behind_lines_that_are_not_asked(
    bad: str, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(NotJson) as raised:
        run(settings, tmp_path, f"{lines(QUESTIONS[0])}\n\n{bad}", "id=x")
    assert raised.value.line == 4


def test_a_file_of_questions_that_is_not_there_is_an_error(settings: Settings, tmp_path: Path) -> None:
    task = Task(tmp_path / "gone.jsonl", write(tmp_path / "handbook", HANDBOOK), tmp_path / "out.jsonl")
    with pytest.raises(FileMissing):
        evaluate(settings, task, Silent())


def test_a_folder_that_is_not_there_is_an_error(settings: Settings, tmp_path: Path) -> None:
    questions = write(tmp_path, {"q.jsonl": lines(QUESTIONS[5])}) / "q.jsonl"
    with pytest.raises(FolderMissing):
        evaluate(settings, Task(questions, tmp_path / "gone", tmp_path / "out.jsonl"), Silent())


def test_a_place_for_results_that_cannot_be_written_is_an_error_before_anything_is_asked(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(NotWritable):
        evaluate(settings, Task(tmp_path / "gone.jsonl", tmp_path / "gone", tmp_path / "gone" / "out.jsonl"), Silent())


def test_a_condition_without_a_value_is_an_error(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NoCondition):
        evaluate(settings, Task(tmp_path / "q.jsonl", tmp_path / "h", tmp_path / "out.jsonl", ["lang"]), Silent())
