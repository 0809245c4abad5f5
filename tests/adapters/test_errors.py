"""Every error comes out as a sentence that says what happened and what to do, in German and in English."""

from __future__ import annotations

import pickle
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

import pytest

from adapters.errors import (
    KNOWN,
    BackupUnreadable,
    FileMissing,
    NewerTables,
    NoAnswer,
    NoCondition,
    NoPerson,
    NoPlatform,
    NotEmpty,
    NotJson,
    NotShared,
    NotWritable,
    OneToken,
    PortTaken,
    UnknownGroup,
    WrongDate,
    has_words,
    words,
)
from adapters.settings import SettingsError
from bot.phrases import say
from ingest import errors as ingest
from ingest.errors import BrokenMetadata, Fault
from ingest.readers import Limits
from knowledge import errors as knowledge
from knowledge.language import ENGLISH, GERMAN, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES: tuple[Exception, ...] = (
    SettingsError("LOTSE_LANGUAGE", "OPENAI_BASE_URL"),
    FileMissing("questions.jsonl"),
    NotJson("questions.jsonl", 7),
    WrongDate("tomorrow"),
    NotWritable("results.jsonl"),
    NoCondition("lang"),
    NoPerson("Anna Admin"),
    UnknownGroup("bosses"),
    NoPlatform(),
    OneToken(),
    NoAnswer("a1b2"),
    NotShared("s3://bucket", "FileNotFoundError"),
    NotEmpty("data"),
    PortTaken("127.0.0.1:8080"),
    NewerTables(),
    BackupUnreadable("lotse.backup"),
    knowledge.NoGeneration("data"),
    knowledge.DamagedGeneration("20261120", "chroma"),
    knowledge.NewerGeneration("20261120", 9),
    knowledge.NotVerified("chroma", 0.5),
    knowledge.UnknownGeneration("20200101"),
    knowledge.NothingEarlier("20261120"),
    knowledge.Busy("ada", "ki-host", 4711, datetime(2026, 11, 20, 12, tzinfo=UTC)),
    knowledge.StorageFull("data"),
    knowledge.StorageRefused("data", "EROFS"),
    knowledge.Stopped(-9),
    knowledge.EmbedderMismatch("wordllama-1", "openai-2"),
    knowledge.EmbeddingFailed("APITimeoutError"),
    knowledge.GlossaryError("company.yaml", "3", "one_name"),
    ingest.FolderMissing("handbook"),
    ingest.FolderWithinData("data"),
    ingest.NotStarted(),
    ingest.FolderEmpty("handbook"),
    ingest.Unreadable("EACCES"),
    ingest.OutsideFolder(),
    ingest.UnknownFormat(".odt"),
    ingest.WrongType(".pdf"),
    ingest.EmptyFile(),
    ingest.Encrypted(),
    ingest.Damaged("docx"),
    ingest.TooLarge("depth", 200, 201),
    BrokenMetadata("date", "stand", "gestern", 3, "sub/handbook.yaml"),
)


def leaves(error: type[Exception]) -> Iterator[type[Exception]]:
    """Yield the errors below one that are raised."""
    if not error.__subclasses__():
        yield error
    for each in error.__subclasses__():
        yield from leaves(each)


def test_there_is_an_example_of_every_error_of_these_modules() -> None:
    homes = {"adapters.errors", "adapters.settings", "ingest.errors", "knowledge.errors"}
    expected = {leaf for tree in KNOWN for leaf in leaves(tree) if leaf.__module__ in homes}
    assert {type(error) for error in EXAMPLES} == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_is_a_whole_sentence(error: Exception, language: str) -> None:
    said = words(error, language)
    assert (
        said[0].isupper()
        or said[0] in "\"'"
        or said.startswith(("questions.jsonl", "tomorrow", "results.jsonl", "lang"))
    )
    assert said.rstrip(")")[-1] in ".?" or isinstance(error, knowledge.KnowledgeError)
    assert "{" not in said
    assert type(error).__name__ not in said


@pytest.mark.parametrize(
    "error",
    [e for e in EXAMPLES if isinstance(e, (knowledge.KnowledgeError, ingest.IngestError))],
    ids=lambda error: type(error).__name__,
)
def test_an_error_passes_from_a_child_process_with_all_that_it_says(error: Exception) -> None:
    told = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(told), vars(told)) == (type(error), vars(error))


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_says_another_thing_in_each_language(error: Exception) -> None:
    assert words(error, GERMAN) != words(error, ENGLISH)


NAMED = {
    "LOTSE_LANGUAGE, OPENAI_BASE_URL": SettingsError,
    "questions.jsonl": FileMissing,
    "7": NotJson,
    "tomorrow": WrongDate,
    "results.jsonl": NotWritable,
    "lang": NoCondition,
    "20261120": knowledge.DamagedGeneration,
    "wordllama-1": knowledge.EmbedderMismatch,
    "openai-2": knowledge.EmbedderMismatch,
    "50": knowledge.NotVerified,
    "20200101": knowledge.UnknownGeneration,
    "ada": knowledge.Busy,
    "4711": knowledge.Busy,
    "EROFS": knowledge.StorageRefused,
    "-9": knowledge.Stopped,
    "APITimeoutError": knowledge.EmbeddingFailed,
    "company.yaml": knowledge.GlossaryError,
    "handbook": ingest.FolderMissing,
    "EACCES": ingest.Unreadable,
    ".odt": ingest.UnknownFormat,
    "200": ingest.TooLarge,
    " 3, stand: gestern": BrokenMetadata,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("value", "kind"), NAMED.items())
def test_an_error_names_what_it_is_about(value: str, kind: type[Exception], language: str) -> None:
    (error,) = (example for example in EXAMPLES if type(example) is kind)
    assert value in words(error, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", get_args(Fault))
def test_every_fault_of_metadata_is_put_into_words(fault: Fault, language: str) -> None:
    assert words(BrokenMetadata(fault, "stand", "x", 2, "handbook.yaml"), language)


@pytest.mark.parametrize("limit", [*(each.name for each in fields(Limits)), "seconds", "memory"])
def test_every_limit_is_put_into_words_with_its_value_in_a_unit_that_people_use(limit: str) -> None:
    for language, said in ((GERMAN, "52.428.800"), (ENGLISH, "52,428,800")):
        assert ("50 MB" in words(ingest.TooLarge(limit, 52_428_800, 0), language)) != (
            said in words(ingest.TooLarge(limit, 52_428_800, 0), language)
        )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("reason", "name"),
    [("ENOENT", "FileGone"), ("ENODEV", "NoFile"), ("EISDIR", "NoFile"), ("EILSEQ", "NameUnreadable")],
)
def test_a_file_that_cannot_be_opened_says_why_in_words(reason: str, name: str, language: str) -> None:
    assert words(ingest.Unreadable(reason), language) == say(name, language)


@pytest.mark.parametrize(
    "error", [BrokenMetadata("unclosed"), BrokenMetadata("syntax", line=4), BrokenMetadata("empty", "audience")]
)
def test_a_fault_of_which_little_is_known_is_put_into_words(error: BrokenMetadata) -> None:
    assert "()" not in words(error, ENGLISH)


def test_a_fault_in_a_place_that_is_not_known_reads_well() -> None:
    assert ", :" not in words(BrokenMetadata("shape", value="x", line=2), ENGLISH)


def test_a_glossary_that_cannot_be_read_reads_well() -> None:
    said = words(knowledge.GlossaryError("company.yaml", "", "unreadable"), ENGLISH)
    assert "entry :" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pointer_that_cannot_be_read_has_words_of_its_own(language: str) -> None:
    assert words(knowledge.DamagedGeneration("live", "pointer"), language) == say("DamagedPointer", language)


@pytest.mark.parametrize("value", ["{value}", "{0}", "{", "[red]", "a\nb"])
def test_what_people_wrote_is_shown_as_they_wrote_it(value: str) -> None:
    assert value in words(WrongDate(value), ENGLISH)


def test_an_error_without_words_is_noticed() -> None:
    class Unheard(Exception):  # below none of the trees: they are walked by other tests
        pass

    assert not has_words(Unheard)
    with pytest.raises(KeyError):
        words(Unheard(), ENGLISH)
