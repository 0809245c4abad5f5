"""The reference says what the code does: options, fields, keys, formats, limits, files, numbers."""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adapters import evaluation, wiring
from adapters.cli import parser
from adapters.commands import COMMANDS
from adapters.records import record
from adapters.settings import Settings
from bot import answerable, answerer, choosing, handler
from bot.messages import Answer, Citation, Drop, Near, Outcome, Retrieved, Sentence, Writing
from bot.phrases import PHRASES
from ingest import errors, splitter
from ingest.isolation import Bounds
from ingest.pipeline import ingest
from ingest.ports import Silent
from ingest.readers import SUFFIXES, fields, front_matter, handbook
from ingest.readers.limits import MEGABYTE, Limits
from ingest.report import Order
from knowledge import generations, ranking, view
from knowledge.documents import Metadata, Status
from tests.docs import pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCS = pages.ROOT / "docs"
COMMAND_LINE = pages.sections(DOCS / "reference" / "command-line.md")
DOCUMENTS = pages.sections(DOCS / "reference" / "documents.md")
INGEST = DOCS / "how-to" / "ingest-your-handbook.md"
EVERYWHERE = {"--help", "--debug", "-h"}


def command(name: str) -> argparse.ArgumentParser:
    """Return the grammar of one command."""
    choices = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    found: argparse.ArgumentParser = choices.choices[name]
    return found


def options(name: str) -> set[str]:
    """Return the long options and the arguments of one command."""
    actions = command(name)._actions  # noqa: SLF001
    named = {action.option_strings[-1] if action.option_strings else str(action.metavar) for action in actions}
    return named - EVERYWHERE


def first(rows: list[list[str]]) -> list[str]:
    """Return what each row's first cell names."""
    return [name for row in rows for name in pages.coded(row[0])]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read no .env of the developer's."""
    monkeypatch.chdir(tmp_path)


# the command line


def test_every_command_has_its_section_and_no_other() -> None:
    assert {name.removeprefix("lotse ") for name in COMMAND_LINE if name.startswith("lotse ")} == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_told_with_all_its_options(name: str) -> None:
    told = COMMAND_LINE[f"lotse {name}"].split("\n### ")[0]
    assert set(first(pages.rows(told))) == options(name)
    usage = next(line for line in told.splitlines() if line.startswith("lotse "))
    assert set(re.findall(r"--[a-z-]+", usage)) == {option for option in options(name) if option.startswith("--")}


def test_options_of_every_command_are_told_once() -> None:
    assert set(first(pages.rows(COMMAND_LINE["All commands"]))) == EVERYWHERE


def paths(value: object, place: str = "") -> Iterator[str]:
    """Yield the name of each field of a JSON value, as the reference writes it; `milliseconds` holds what it likes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{place}{name}"
            yield from paths(inner, f"{place}{name}.") if name != "milliseconds" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, place[:-1] + "[].")


def answer() -> Answer:
    """Return an answer with something in every field."""
    return Answer(
        "1",
        "?",
        "en",
        Outcome.QUOTED,
        "text",
        sentences=(Sentence("text", (1,)),),
        citations=(Citation(1, "a.md", "A", "1", "text"),),
        nearest=(Near("a.md", "A", "1"),),
        milliseconds={"total": 1.0},
        retrieved=(Retrieved("a.md", "1", "text", 1.0),),
        writing=Writing(drops=(Drop("text", ("value",)),)),
    )


def test_the_json_of_an_answer_is_told_field_by_field() -> None:
    told = COMMAND_LINE["lotse ask"].partition("### The JSON")[2]
    assert first(pages.rows(told)) == list(dict.fromkeys(paths(record(answer(), explain=True))))


def test_the_json_of_a_result_is_told_where_it_differs(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n\nTools need a licence.\n", "utf-8")
    (tmp_path / "q.jsonl").write_text('{"id": "q", "question": "What do tools need?"}\n', "utf-8")
    task = evaluation.Task(tmp_path / "q.jsonl", tmp_path / "docs", tmp_path / "r.jsonl")
    evaluation.evaluate(Settings(), task, Silent())
    result = json.loads((tmp_path / "r.jsonl").read_text("utf-8"))
    told = COMMAND_LINE["lotse eval"].partition("### The JSON")[2]
    assert set(first(pages.rows(told))) == (result.keys() - record(answer()).keys()) | {"id"}


def test_the_json_of_a_check_is_told_field_by_field() -> None:
    from adapters import paste_check

    told = COMMAND_LINE["lotse check-text"].partition("### The JSON")[2]
    found = paste_check.record(paste_check.check("Write to a.b@company.example"), "en")
    assert first(pages.rows(told)) == list(dict.fromkeys(paths(found)))


# documents


def test_every_format_is_told() -> None:
    assert set(first(pages.rows(DOCUMENTS["Formats"]))) == set(SUFFIXES)


def keys() -> dict[str, set[str]]:
    """Return, for each field, the keys that the reference lists, as the code compares them."""
    table = pages.rows(DOCUMENTS["Metadata"].partition("### Keys")[2].partition("### Status")[0])
    return {pages.coded(row[0])[0]: {key.replace("_", "") for key in pages.coded(row[1])} for row in table}


def test_every_key_of_the_metadata_is_told_in_all_its_spellings() -> None:
    assert keys() == {field: set(aliases.split()) for field, aliases in fields._NAMES.items()}  # noqa: SLF001
    assert set(keys()) == {field.name for field in dataclasses.fields(Metadata)}


def test_the_how_to_names_keys_that_are_understood_as_it_says() -> None:
    table = next(part for part in pages.sections(INGEST).values() if "| English | German |" in part)
    for english, german, _ in pages.rows(table):
        both = {fields._FIELDS[key.replace("_", "")] for cell in (english, german) for key in pages.coded(cell)}  # noqa: SLF001
        assert len(both) == 1


def test_every_writing_of_a_status_is_told() -> None:
    table = pages.rows(DOCUMENTS["Metadata"].partition("### Status")[2])
    told = {pages.coded(row[0])[0]: set(pages.coded(row[1])) for row in table}
    wanted = {str(status): set(writings.split("|")) for status, writings in fields._STATUS.items()}  # noqa: SLF001
    assert {status: {word for word in words if not word.endswith(" X")} for status, words in told.items()} == wanted
    successors = [word for word in told["superseded"] if word.endswith(" X")]
    assert successors
    assert all(fields.understand({"status": word})["superseded_by"] == "X" for word in successors)


def test_every_writing_of_everybody_and_of_yes_and_no_is_understood() -> None:
    cells = {pages.coded(row[0])[0]: pages.coded(row[2]) for row in pages.rows(DOCUMENTS["Metadata"]) if len(row) > 2}
    everybody = [word for word in cells["audience"] if word not in {",", ";"}]
    assert {fields.understand({"audience": word})["audience"] for word in everybody} == {("all",)}
    assert set(cells["external"]) == fields._YES | fields._NO  # noqa: SLF001


def test_every_writing_of_a_date_is_understood() -> None:
    told = re.search(r"^Dates: (.*?)\n\n", DOCUMENTS["Metadata"], re.MULTILINE | re.DOTALL)
    assert told
    assert {fields.day(writing) for writing in pages.coded(told[1])} == {date(2026, 3, 1)}


def test_a_document_without_a_status_is_current() -> None:
    assert Metadata("A", "en").status is Status.CURRENT


def test_every_limit_is_told_with_its_value() -> None:
    told = {pages.coded(name)[0]: value for name, value, _ in pages.rows(DOCUMENTS["Limits"])}
    bounds = {"seconds": Bounds().seconds, "memory": Bounds().memory}
    limits = {field.name: getattr(Limits(), field.name) for field in dataclasses.fields(Limits)} | bounds
    assert told == {name: shown(value) for name, value in limits.items()}
    for longest in (front_matter.LONGEST, handbook.LONGEST):
        assert f"{longest:,}" in DOCUMENTS["Limits"]


def shown(value: float) -> str:
    """Write a limit as the reference does."""
    whole = int(value)
    return f"{whole // MEGABYTE} MB" if whole >= MEGABYTE and whole % MEGABYTE == 0 else f"{whole:,}"


def reading_errors() -> list[type[errors.ReadingError]]:
    """Return every reason to reject a file."""
    return sorted(errors.ReadingError.__subclasses__(), key=lambda error: error.__name__)


@pytest.mark.parametrize("error", reading_errors(), ids=lambda error: str(error.__name__))
def test_the_how_to_says_what_to_do_about_every_rejection(error: type[errors.ReadingError]) -> None:
    phrase = PHRASES["en"][error.__name__]
    opening = re.split(r"[({]|\. ", phrase)[0].strip(" .")
    assert opening in INGEST.read_text("utf-8")


@pytest.mark.parametrize("phrase", ["open", "hidden", "withheld", "stale", "done", "same"])
def test_the_how_to_explains_every_line_of_the_report(phrase: str) -> None:
    opening = re.split(r"[{:;,]", PHRASES["en"][f"ingest_{phrase}"])[0].strip().removesuffix(" since")
    table = next(part for name, part in pages.sections(INGEST).items() if "Read the report" in name)
    assert any(row[0].startswith(opening) for row in pages.rows(table)), opening


# the data folder and the numbers


def test_every_file_of_the_data_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n\nTools need a licence.\n", "utf-8")
    data = tmp_path / "data"
    name = ingest(Order(tmp_path / "docs", data, ("all",)), wiring.embedder(Settings())).generation
    found = {path.relative_to(data).as_posix().replace(name, "NAME") for path in data.rglob("*")}
    found = {path for path in found if not path.startswith("generations/NAME/chroma/")}
    tree = next(block.text for block in pages.blocks(DOCS / "reference" / "data-folder.md") if "live" in block.text)
    assert listed(tree) == found


def listed(tree: str) -> set[str]:
    """Return the paths that an indented list of files names, below its first line."""
    above: list[str] = []
    found: set[str] = set()
    for line in tree.splitlines()[1:]:
        depth = (len(line) - len(line.lstrip())) // 2 - 1
        above[depth:] = [line.split()[0].rstrip("/")]
        found.add("/".join(above))
    return found


NUMBERS = {
    "explanation/how-an-answer-comes-about.md": {
        f"Below {answerable.ANSWERABLE:.2f}".replace("0.", "."): "the threshold of confidence",
        f"{choosing.QUOTED} characters in all": "the room for quotes",
    },
    "explanation/finding.md": {
        f"up to {splitter.LIMIT:,} characters": "the length of a passage",
    },
    "reference/command-line.md": {
        f"below {answerable.ANSWERABLE:.2f}".replace("0.", "."): "the threshold of confidence",
        f"{handler.LONGEST:,} characters": "how much of a question is read",
    },
}


@pytest.mark.parametrize("page", NUMBERS)
def test_numbers_in_the_pages_are_those_of_the_code(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    assert {phrase: what for phrase, what in NUMBERS[page].items() if phrase not in text} == {}


def test_numbers_that_the_pages_write_as_words_are_those_of_the_code() -> None:
    assert (choosing.QUOTES, answerer.SHOWN, view.CANDIDATES, ranking.DETAILED, generations.KEPT) == (3, 10, 50, 8, 3)
