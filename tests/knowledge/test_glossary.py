"""The glossary knows a thing by all its names, in both languages, and says in words what is wrong with a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.errors import words as in_words
from knowledge import glossary
from knowledge.errors import GlossaryError
from knowledge.glossary import Concept, Glossary, Match, Name
from knowledge.language import ENGLISH, GERMAN, LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "concepts:\n"


def concept(*names: str, german: tuple[str, ...] = (), hints: tuple[str, ...] = ()) -> Concept:
    return Concept(
        (
            *(Name(name, ENGLISH) for name in names),
            *(Name(name, GERMAN) for name in german),
            *(Name(name, ENGLISH, hint=True) for name in hints),
        )
    )


DATA = concept("data", german=("Daten",))
CUSTOMER_DATA = concept("customer data", "client data", german=("Kundendaten",))
POLICY = concept("policy", german=("Richtlinie",))
COPILOT = concept("Microsoft 365 Copilot", "M365 Copilot", hints=("copilot",))
GLOSSARY = Glossary((DATA, CUSTOMER_DATA, POLICY, COPILOT))


def found(text: str) -> list[Match]:
    return GLOSSARY.matches(text)


def test_a_concept_is_found_by_any_of_its_names_in_either_language() -> None:
    for text in ("What about customer data?", "client data", "Was ist mit Kundendaten?"):
        assert [match.concept for match in found(text)] == [CUSTOMER_DATA]


def test_an_inflected_name_is_found() -> None:
    assert [match.concept for match in found("Welche Richtlinien gelten, which policies?")] == [POLICY]


def test_of_names_inside_one_another_the_longest_wins() -> None:
    assert [match.concept for match in found("customer data")] == [CUSTOMER_DATA]


def test_a_short_name_beside_a_long_one_is_found_too() -> None:
    assert {id(match.concept) for match in found("customer data under the policy")} == {id(CUSTOMER_DATA), id(POLICY)}


def test_a_match_says_where_its_name_stands() -> None:
    (match,) = found("May I send client data?")
    assert (match.start, match.end, match.hint) == (3, 5, False)


def test_a_hint_points_to_the_thing_and_is_marked() -> None:
    (match,) = found("Is copilot fine?")
    assert (match.concept, match.hint) == (COPILOT, True)


def test_a_full_name_is_no_hint() -> None:
    (match,) = found("Is M365 Copilot fine?")
    assert (match.concept, match.hint) == (COPILOT, False)


@pytest.mark.parametrize("compound", ["Richtlinienentwurf", "Datenrichtlinie", "Sicherheitsrichtlinien"])
def test_a_german_compound_is_found_by_its_parts_as_a_hint(compound: str) -> None:
    matches = [match for match in found(compound) if match.concept is POLICY]
    assert [match.hint for match in matches] == [True]


def test_a_compound_that_is_a_name_itself_is_not_taken_apart() -> None:
    assert [match.concept for match in found("Kundendaten")] == [CUSTOMER_DATA]


def test_a_text_that_names_nothing_matches_nothing() -> None:
    assert found("Guten Morgen!") == found("") == []


def test_each_concept_is_found_once() -> None:
    assert [match.concept for match in found("policy, Richtlinie, policies")] == [POLICY]


def test_the_built_in_glossary_loads() -> None:
    assert len(glossary.load().concepts) > 900


def company(folder: Path, text: str) -> Path:
    file = folder / "company.yaml"
    file.write_text(text, "utf-8")
    return file


def test_a_company_s_file_extends_the_built_in_one(tmp_path: Path) -> None:
    file = company(tmp_path, "concepts:\n- {en: [Zebrafish suite], de: [Zebrafischpaket], hints: {en: [stripes]}}\n")
    both = glossary.load(file)
    assert len(both.concepts) == len(glossary.load().concepts) + 1
    (match,) = [
        match for match in both.matches("Darf ich das Zebrafischpaket nutzen?") if match.concept is both.concepts[-1]
    ]
    assert [name.text for name in match.concept.names] == ["Zebrafish suite", "Zebrafischpaket", "stripes"]


@pytest.mark.slow
def test_a_company_s_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = company(tmp_path, "\ufeffconcepts:\n- {en: [Zebrafish suite], de: [Zebrafischpaket]}\n")
    assert glossary.load(file).concepts[-1].names[0].text == "Zebrafish suite"


FAULTS = {
    "no yaml": ("concepts: [", "no_yaml"),
    "tabs": ("concepts:\n\t- en: [a]", "no_yaml"),
    "an impossible date": (HEADER + "- {en: [2026-13-45, b]}", "no_yaml"),
    "nothing": ("", "no_concepts"),
    "a list": ("- a\n- b", "no_concepts"),
    "another key": ("words: []", "no_concepts"),
    "concepts that are no list": ("concepts: {en: [a]}", "no_concepts"),
    "an entry that is a word": (HEADER + "- word", "unknown_field"),
    "an unknown field": (HEADER + "- {en: [a, b], fr: [c]}", "unknown_field"),
    "hints that are a list": (HEADER + "- {en: [a, b], hints: [c]}", "unknown_field"),
    "hints in an unknown language": (HEADER + "- {en: [a, b], hints: {fr: [c]}}", "unknown_field"),
    "one name": (HEADER + "- {en: [a]}", "one_name"),
    "no names": (HEADER + "- {}", "one_name"),
    "names that are a word": (HEADER + "- {en: word, de: [a]}", "no_names"),
    "a name that is a number": (HEADER + "- {en: [1, b]}", "no_names"),
    "a name without a letter": (HEADER + "- {en: ['!', b]}", "no_names"),
    "an empty name": (HEADER + "- {en: ['', b]}", "no_names"),
}


@pytest.mark.slow  # together: each loads the built-in glossary
@pytest.mark.parametrize(("text", "problem"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_and_put_into_words(text: str, problem: str, tmp_path: Path) -> None:
    file = company(tmp_path, text)
    with pytest.raises(GlossaryError) as raised:
        glossary.load(file)
    assert (raised.value.file, raised.value.problem) == (str(file), problem)
    assert all(str(file) in in_words(raised.value, language) for language in LANGUAGES)


def test_a_fault_names_the_entry(tmp_path: Path) -> None:
    file = company(tmp_path, "concepts:\n- {en: [a], de: [b]}\n- {en: [c]}\n")
    with pytest.raises(GlossaryError) as raised:
        glossary.load(file)
    assert raised.value.place == "2"


@pytest.mark.slow
def test_broken_yaml_is_named_by_its_line(tmp_path: Path) -> None:
    file = company(tmp_path, "concepts:\n- {en: [a], de: [b]}\n- {en: [c\n")
    with pytest.raises(GlossaryError) as raised:
        glossary.load(file)
    assert raised.value.place in {"3", "4"}


def test_a_file_that_is_not_there_is_a_fault_in_words(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError) as raised:
        glossary.load(tmp_path / "gone.yaml")
    assert raised.value.problem == "unreadable"


@pytest.mark.slow
def test_a_file_that_is_no_text_is_a_fault_in_words(tmp_path: Path) -> None:
    file = tmp_path / "company.yaml"
    file.write_bytes(b"\xff\xfe\x00concepts")
    with pytest.raises(GlossaryError) as raised:
        glossary.load(file)
    assert raised.value.problem == "no_yaml"
