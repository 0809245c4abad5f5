"""Everything that people read is there in German and in English, with the same fields."""

from __future__ import annotations

import re
import string
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from adapters.errors import CommandError, has_words
from adapters.settings import SettingsError
from bot import checking
from bot.errors import BotError
from bot.intent import Intent
from bot.phrases import PHRASES, say
from bot.proof import Check
from ingest.errors import Fault, IngestError
from ingest.ports import Phase
from knowledge.errors import KnowledgeError
from knowledge.language import ENGLISH, GERMAN, LANGUAGES

ROOT = Path(__file__).parents[2]
ROOMS = ("adapters", "bot", "ingest", "knowledge")
TREES: tuple[type[Exception], ...] = (IngestError, KnowledgeError, BotError, SettingsError, CommandError)
BRANCHES = {
    "IngestError",
    "ReadingError",
    "KnowledgeError",
    "BotError",
    "CommandError",
    "PlatformError",
    "WritingFailed",
}
"""Errors that only hold others together and are never raised themselves."""


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


def below(error: type[Exception]) -> set[type[Exception]]:
    return {error}.union(*map(below, error.__subclasses__()))


def load() -> None:
    """Import every module that defines an error, so that the trees are whole."""
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        if re.search(rf"^class \w+\((?:{'|'.join(BRANCHES)})\)", path.read_text("utf-8"), re.MULTILINE):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


load()
ERRORS = sorted({error for tree in TREES for error in below(tree)}, key=lambda error: error.__name__)


@pytest.mark.parametrize("module", sorted((ROOT / "bot").glob("*phrases.py")), ids=lambda path: path.stem)
def test_a_phrase_is_said_in_one_place(module: Path) -> None:
    others = "".join(path.read_text("utf-8") for path in (ROOT / "bot").glob("*phrases.py") if path != module)
    keys = re.findall(r'^    "(\w+)":', module.read_text("utf-8"), re.MULTILINE)
    assert {key for key in keys if keys.count(key) > len(LANGUAGES)} == set()
    assert {key for key in keys if f'    "{key}":' in others} == set()


def test_both_languages_have_the_same_phrases() -> None:
    assert PHRASES.keys() == set(LANGUAGES)
    assert PHRASES[ENGLISH].keys() == PHRASES[GERMAN].keys()


@pytest.mark.parametrize("key", PHRASES[ENGLISH])
def test_a_phrase_has_the_same_fields_in_both_languages(key: str) -> None:
    assert fields(PHRASES[ENGLISH][key]) == fields(PHRASES[GERMAN][key])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_empty_or_untidy(language: str) -> None:
    untidy = [key for key, phrase in PHRASES[language].items() if not phrase or phrase != " ".join(phrase.split())]
    assert untidy == []


def test_nothing_was_left_untranslated() -> None:
    alike = {key for key, phrase in PHRASES[ENGLISH].items() if PHRASES[GERMAN][key] == phrase}
    assert alike <= {"version", "doctor_ok"}


@pytest.mark.parametrize("error", [e for e in ERRORS if e.__name__ not in BRANCHES], ids=lambda error: error.__name__)
def test_every_error_has_words(error: type[Exception]) -> None:
    assert has_words(error)


def test_what_only_holds_errors_together_needs_no_words_and_is_never_raised() -> None:
    assert {error.__name__ for error in ERRORS} >= BRANCHES
    source = "\n".join(path.read_text("utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    assert re.findall(rf"raise (?:{'|'.join(BRANCHES)})\b", source) == []


@pytest.mark.parametrize("fault", get_args(Fault))
def test_every_fault_of_metadata_has_words(fault: str) -> None:
    assert all(f"fault_{fault}" in phrases for phrases in PHRASES.values())


def test_every_problem_of_a_glossary_has_words_and_no_other() -> None:
    source = (ROOT / "knowledge" / "glossary.py").read_text("utf-8")
    problems = {f"glossary_{problem}" for problem in re.findall(r'problem="(\w+)"', source)}
    assert len(problems) >= 5
    for phrases in PHRASES.values():
        assert {key for key in phrases if key.startswith("glossary_")} == problems


@pytest.mark.parametrize("intent", [kind for kind in Intent if kind not in (Intent.QUESTION, Intent.INCIDENT)])
def test_every_kind_of_small_talk_has_words(intent: Intent) -> None:
    assert all(say(intent.value, language) for language in LANGUAGES)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_of_an_ingest_has_a_name(phase: Phase) -> None:
    assert all(f"phase_{phase.value}" in phrases for phrases in PHRASES.values())


@pytest.mark.parametrize(
    ("count", "language", "said"),
    [
        (1, ENGLISH, "1 document, 1 passage"),
        (2, ENGLISH, "2 documents, 1 passage"),
        (1, GERMAN, "1 Dokument, 1 Textstelle"),
    ],
)
def test_a_number_brings_its_noun_along(count: int, language: str, said: str) -> None:
    assert said in say("ingest_done", language, documents=count, passages=1, generation="g")


def test_fields_are_filled_in() -> None:
    assert say("page", ENGLISH, page=7) == "page 7"
    assert say("page", GERMAN, page=7) == "Seite 7"


@pytest.mark.parametrize("language", ["fr", "", "EN"])
def test_another_language_gets_english(language: str) -> None:
    assert say("you", language) == PHRASES[ENGLISH]["you"]


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert say("FolderMissing", ENGLISH, folder="{a}") == "There is no folder {a}."


def test_every_phrase_that_is_asked_for_is_there() -> None:
    asked = {
        key
        for room in ("adapters", "bot")
        for path in (ROOT / room).rglob("*.py")
        for key in re.findall(r'\bsay\("(\w+)"', path.read_text("utf-8"))
    }
    assert len(asked) > 20
    assert asked <= PHRASES[ENGLISH].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_to_leave_out_a_sentence_has_words(language: str) -> None:
    own = [value for name, value in vars(checking).items() if name.isupper() and isinstance(value, str)]
    for reason in (*own, *Check):
        assert say(f"drop_{reason}", language)
