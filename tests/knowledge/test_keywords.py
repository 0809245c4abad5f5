"""BM25 in arrays gives the numbers of BM25 in plain Python, and only what may be read counts."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.keywords import (
    FUNCTION,
    GRAM,
    K1,
    OTHER_STEM,
    STEM,
    B,
    KeywordIndex,
    KeywordView,
    grams,
    query_terms,
    stem,
    terms,
    words,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Texts = list[list[str]]

vocabulary = st.sampled_from(["=data", "=polici", "=tool", "data", "_dat", "=ki", "tool"])
texts = st.lists(st.lists(vocabulary, max_size=8), min_size=1, max_size=7)
questions = st.dictionaries(st.one_of(vocabulary, st.just("=unknown")), st.floats(0.1, 2.0), max_size=6)


@st.composite
def libraries(draw: st.DrawFn) -> tuple[Texts, list[bool]]:
    """Return texts, and which of them may be read."""
    drawn = draw(texts)
    return drawn, draw(st.lists(st.booleans(), min_size=len(drawn), max_size=len(drawn)))


def idf(term: str, readable: Texts) -> float:
    """Return how telling a term is, by the book."""
    spread = sum(term in text for text in readable)
    return math.log(1 + (len(readable) - spread + 0.5) / (spread + 0.5)) if spread else 0.0


def score(text: list[str], weights: dict[str, float], readable: Texts) -> float:
    """Return a text's BM25 score, by the book."""
    mean = sum(map(len, readable)) / len(readable)
    norm = K1 * (1 - B + B * len(text) / max(mean, 1.0))
    counts = Counter(text)
    return sum(w * idf(t, readable) * counts[t] * (K1 + 1) / (counts[t] + norm) for t, w in weights.items())


def scores(view: KeywordView, weights: dict[str, float]) -> NDArray[np.float64]:
    """Return every text's score, 0 for one that may not be read."""
    found = np.zeros(len(view.readable))
    numbers, best = view.best(view.weighted(weights), len(found), np.empty(0, np.int64))
    found[numbers] = best
    return found


@given(libraries(), questions)
def test_scores_are_those_of_bm25_over_the_readable_texts(
    library: tuple[Texts, list[bool]], weights: dict[str, float]
) -> None:
    held, readable = library
    seen = [text for text, may in zip(held, readable, strict=True) if may]
    expected = [score(text, weights, seen) if may else 0.0 for text, may in zip(held, readable, strict=True)]
    view = KeywordIndex.build(held).view(np.array(readable, bool))
    assert scores(view, weights) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@given(libraries(), questions)
def test_a_text_that_may_not_be_read_changes_no_number_of_the_others(
    library: tuple[Texts, list[bool]], weights: dict[str, float]
) -> None:
    held, readable = library
    mask = np.array(readable, bool)
    seen = [text for text, may in zip(held, readable, strict=True) if may]
    whole = KeywordIndex.build(held).view(mask)
    alone = KeywordIndex.build(seen).view(np.ones(len(seen), bool))
    assert scores(whole, weights)[mask].tolist() == scores(alone, weights).tolist()
    assert whole.idf(list(weights)).tolist() == alone.idf(list(weights)).tolist()
    assert whole.total == alone.total


@given(texts)
def test_how_telling_a_term_is_follows_from_its_spread(held: Texts) -> None:
    every = sorted({term for text in held for term in text})
    view = KeywordIndex.build(held).view(np.ones(len(held), bool))
    assert view.idf([*every, "=unknown"]) == pytest.approx([*(idf(term, held) for term in every), 0.0])


@given(texts, questions)
def test_an_index_is_the_same_after_saving_and_loading(
    tmp_path_factory: pytest.TempPathFactory, held: Texts, weights: dict[str, float]
) -> None:
    index = KeywordIndex.build(held)
    folder = tmp_path_factory.mktemp("index") / "keywords"
    index.save(folder)
    loaded = KeywordIndex.load(folder)
    mask = np.ones(len(held), bool)
    assert loaded.vocabulary == index.vocabulary
    assert scores(loaded.view(mask), weights).tolist() == scores(index.view(mask), weights).tolist()


def test_an_empty_index_saves_loads_and_finds_nothing(tmp_path: Path) -> None:
    KeywordIndex.build([]).save(tmp_path / "keywords")
    view = KeywordIndex.load(tmp_path / "keywords").view(np.zeros(0, bool))
    assert scores(view, {"=data": 1.0}).tolist() == []
    assert view.idf(["=data"]).tolist() == [0.0]


def test_where_nothing_may_be_read_everything_scores_nothing() -> None:
    view = KeywordIndex.build([["=data"], ["=tool"]]).view(np.zeros(2, bool))
    assert scores(view, {"=data": 1.0}).tolist() == [0.0, 0.0]


def test_words_are_lower_case_and_composed() -> None:
    assert words("Prüfung der KI-Tools (2026)") == ["prüfung", "der", "ki", "tools", "2026"]
    assert words("Pru\u0308fung") == ["prüfung"]


def test_each_language_has_its_own_stems() -> None:
    assert stem("richtlinien", "de") == stem("richtlinie", "de")
    assert stem("policies", "en") == stem("policy", "en")


def test_an_unknown_language_is_stemmed_as_english() -> None:
    assert stem("policies", "") == stem("policies", "en")


def test_grams_forget_accents_and_mark_where_a_word_begins_and_ends() -> None:
    assert grams("prüf") == ("_pru", "pruf", "ruf_")
    assert grams("straße") == grams("strasse")
    assert all(len(gram) == GRAM for gram in grams("richtlinie"))


def test_a_very_short_word_has_no_grams() -> None:
    assert grams("a") == ()
    assert terms("a", "en") == ["=a"]


@given(st.text(), st.sampled_from(["de", "en", ""]))
def test_no_term_holds_a_line_break_whatever_the_text(text: str, language: str) -> None:
    assert all(len(term.splitlines()) == 1 for term in terms(text, language))


def test_a_question_also_looks_for_the_other_language_s_stems_with_less_weight() -> None:
    weights = query_terms("deepest", "en")
    assert stem("deepest", "en") != stem("deepest", "de")
    assert weights["=" + stem("deepest", "en")] == STEM
    assert weights["=" + stem("deepest", "de")] == STEM * OTHER_STEM


def test_a_question_in_an_unknown_language_looks_for_english_stems() -> None:
    assert query_terms("policies", "")["=" + stem("policies", "en")] == STEM


def test_a_word_that_only_holds_the_sentence_together_counts_for_less_in_its_own_language_only() -> None:
    assert query_terms("werden", "de")["=" + stem("werden", "de")] == STEM * FUNCTION
    assert query_terms("werden", "en")["=" + stem("werden", "en")] == STEM
