"""A company's own questions, held against the documents that are expected to answer them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from adapters import checkup
from adapters.errors import NotJson
from adapters.settings import Settings
from bot.messages import Outcome
from tests.handbooks import built_in, page, take_in, write

if TYPE_CHECKING:
    from pathlib import Path

HANDBOOK = {
    "rules/data.md": page("# Data\n\nCustomer data must not be entered into public chatbots.", title="Data"),
    "cars.md": page(
        "# Pool vehicles\n\nPool vehicles are booked in the portal before each trip.", title="Pool vehicles"
    ),
    "pay.md": page("# Pay\n\nPay bands are reviewed in May.", title="Pay", audience="hr"),
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    place = tmp_path_factory.mktemp("checkup")
    take_in(write(place / "handbook", HANDBOOK), place / "data", built_in())
    return Settings(data_dir=place / "data")


def graded(settings: Settings, folder: Path, **fields: object) -> checkup.Grade:
    file = folder / "questions.jsonl"
    file.write_text(json.dumps(fields), "utf-8")
    (grade,) = checkup.grade(settings, file)
    return grade


def test_a_question_whose_document_is_cited_is_good(settings: Settings, tmp_path: Path) -> None:
    question = "May customer data be entered into public chatbots?"
    grade = graded(settings, tmp_path, question=question, documents=["data.md"])
    assert (grade.good, grade.rank, grade.lacking) == (True, 1, ())


def test_words_that_the_expected_document_does_not_use_are_suggested(settings: Settings, tmp_path: Path) -> None:
    grade = graded(settings, tmp_path, question="Where do I reserve a limousine?", documents=["cars.md"])
    assert not grade.good
    assert "limousine" in grade.lacking


def test_a_question_that_nothing_should_answer_is_good_when_it_is_refused(settings: Settings, tmp_path: Path) -> None:
    grade = graded(settings, tmp_path, question="What is for lunch today?", documents=[])
    assert (grade.good, grade.outcome) == (True, Outcome.NOT_FOUND)


def test_a_document_that_the_asker_may_not_read_is_told_as_one_that_is_not_there(
    settings: Settings, tmp_path: Path
) -> None:
    question = "When are pay bands reviewed?"
    assert not graded(settings, tmp_path, question=question, documents=["pay.md"]).open
    assert not graded(settings, tmp_path, question=question, documents=["gone.md"]).open
    assert graded(settings, tmp_path, question=question, documents=["pay.md"], groups=["hr"]).good


@pytest.mark.parametrize("documents", ["data.md", [7], [""], {}])
def test_documents_that_are_no_list_of_names_are_an_error(
    documents: object, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(NotJson):
        graded(settings, tmp_path, question="x", documents=documents)


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_not_as_expected_is_shown_with_what_to_do(settings: Settings, tmp_path: Path, language: str) -> None:
    grade = graded(settings, tmp_path, question="Where do I reserve a limousine?", documents=["cars.md"])
    console = Console(record=True, width=200)
    checkup.show([grade], console, language)
    shown = console.export_text()
    assert "limousine" in shown
    assert "cars.md" in shown
    assert ("0 von 1" if language == "de" else "0 of 1") in shown
