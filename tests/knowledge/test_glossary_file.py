"""The built-in glossary: shape, size and freedom from duplicates."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = Path(__file__).resolve().parents[2] / "knowledge" / "glossary.yaml"
LANGUAGES = ("en", "de")
MIN_CONCEPTS = 900
MAX_LINES = 1600
MAX_NAME = 60

# Words with two meanings that are each an everyday name of both (language, lower-case name).
AMBIGUOUS: set[tuple[str, str]] = set()


def _concepts() -> list[dict[str, Any]]:
    concepts: list[dict[str, Any]] = yaml.safe_load(PATH.read_text(encoding="utf-8"))["concepts"]
    return concepts


CONCEPTS = _concepts()


def _label(concept: dict[str, Any]) -> str:
    return f"{concept.get('en')} / {concept.get('de')}"


def _all_words(concept: dict[str, Any]) -> Iterator[tuple[str, str]]:
    hints = concept.get("hints", {})
    for lang in LANGUAGES:
        for word in concept.get(lang, []):
            yield lang, word
        for word in hints.get(lang, []):
            yield lang, word


def test_top_level_has_only_concepts() -> None:
    assert set(yaml.safe_load(PATH.read_text(encoding="utf-8"))) == {"concepts"}


def test_size() -> None:
    assert len(CONCEPTS) >= MIN_CONCEPTS
    assert len(PATH.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_shape() -> None:
    for concept in CONCEPTS:
        assert isinstance(concept, dict), concept
        assert set(concept) <= {"en", "de", "hints"}, _label(concept)
        for lang in LANGUAGES:
            assert isinstance(concept.get(lang), list), _label(concept)
            assert concept[lang], _label(concept)
        hints = concept.get("hints", {})
        assert isinstance(hints, dict), _label(concept)
        assert set(hints) <= set(LANGUAGES), _label(concept)
        assert "hints" not in concept or hints, _label(concept)
        for words in hints.values():
            assert isinstance(words, list), _label(concept)
            assert words, _label(concept)


def test_every_word_is_a_clean_string() -> None:
    for concept in CONCEPTS:
        for _lang, word in _all_words(concept):
            assert isinstance(word, str), (word, _label(concept))
            assert word
            assert word == " ".join(word.split()), (word, _label(concept))
            assert len(word) < MAX_NAME, (word, _label(concept))


def test_no_concept_with_a_single_name_and_no_hints() -> None:
    for concept in CONCEPTS:
        names = {name.casefold() for lang in LANGUAGES for name in concept[lang]}
        assert len(names) > 1 or concept.get("hints"), _label(concept)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_duplicates_inside_a_concept(lang: str) -> None:
    for concept in CONCEPTS:
        words = [w.casefold() for w in concept[lang] + concept.get("hints", {}).get(lang, [])]
        twice = sorted({w for w in words if words.count(w) > 1})
        assert not twice, (twice, _label(concept))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_name_in_two_concepts(lang: str) -> None:
    where = defaultdict(list)
    for concept in CONCEPTS:
        for name in concept[lang]:
            where[name.casefold()].append(_label(concept))
    twice = {n: c for n, c in where.items() if len(c) > 1 and (lang, n) not in AMBIGUOUS}
    assert not twice, twice


def test_ambiguous_list_is_not_stale() -> None:
    for lang, name in AMBIGUOUS:
        hits = [c for c in CONCEPTS if name in (n.casefold() for n in c[lang])]
        assert len(hits) > 1, (lang, name)


def test_copilot_alone_is_only_a_hint() -> None:
    for concept in CONCEPTS:
        for lang in LANGUAGES:
            assert "copilot" not in (n.casefold() for n in concept[lang]), _label(concept)
