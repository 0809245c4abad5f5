"""The everyday words: clean, in both languages, each once."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from knowledge import glossary
from knowledge.language import LANGUAGES

CONCEPTS = yaml.safe_load(glossary.VOCABULARY.read_text("utf-8"))["concepts"]


def test_the_words_load_beside_the_glossary() -> None:
    assert len(glossary.load(glossary.VOCABULARY).concepts) == len(glossary.load().concepts) + len(CONCEPTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_is_in_two_entries(language: str) -> None:
    names = Counter(name.casefold() for concept in CONCEPTS for name in concept[language])
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_has_names_in_both_languages_and_all_words_are_clean(language: str) -> None:
    for concept in CONCEPTS:
        listed = concept[language] + concept.get("hints", {}).get(language, [])
        assert concept[language]
        assert all(isinstance(word, str) and word == " ".join(word.split()) for word in listed), concept
