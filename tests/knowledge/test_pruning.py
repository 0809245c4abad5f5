"""The best passages are the same ones whether every posting is read or only those that can matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.keywords import K1, KeywordIndex, KeywordView, Weighted
from knowledge.pruning import READ, highest

if TYPE_CHECKING:
    from numpy.typing import NDArray

PASSAGES, TERMS, LENGTH, BEST = 9_000, 300, 120, 50


@pytest.fixture(scope="module")
def index() -> KeywordIndex:
    """Return an index of passages some of which say the same, with terms as common as those of a language are."""
    chance = np.random.default_rng(1)
    share = 1 / np.arange(2, TERMS + 2)
    drawn = chance.choice(TERMS, (PASSAGES, LENGTH), p=share / share.sum())
    drawn[1::7] = drawn[::7][: len(drawn[1::7])]
    lengths = chance.integers(LENGTH // 2, LENGTH, PASSAGES)
    return KeywordIndex.build([[f"t{n}" for n in row[:size]] for row, size in zip(drawn, lengths, strict=True)])


def question(index: KeywordIndex, chance: np.random.Generator) -> Weighted:
    numbers = np.sort(chance.choice(len(index.vocabulary), 200, replace=False))
    return Weighted(numbers, chance.choice([0.2, 1.0, 4.0], len(numbers)))


def sums(view: KeywordView, terms: Weighted) -> NDArray[np.float64]:
    """Return every passage's score, from every posting."""
    return view.sums(terms.numbers, terms.weights * view.rarities(terms.numbers) * (K1 + 1))


@pytest.mark.parametrize("share", [1.0, 0.6, 0.05, 0.015])
def test_what_is_left_out_is_never_among_the_best(index: KeywordIndex, share: float) -> None:
    chance = np.random.default_rng(round(1000 * share))
    view = index.view(chance.random(PASSAGES) < share)
    for _ in range(6):
        terms = question(index, chance)
        assert index.sizes[terms.numbers].sum() > READ
        also = np.sort(chance.choice(view.readable_numbers, 20, replace=False))
        numbers, scores = view.best(terms, BEST, also)
        every = sums(view, terms)
        assert scores == pytest.approx(every[numbers], rel=1e-5)
        best = view.readable_numbers[highest(every[view.readable_numbers], BEST)]
        assert np.sort(scores)[-BEST:] == pytest.approx(np.sort(every[best]), rel=1e-5)
        assert set(also.tolist()) <= set(numbers.tolist())
        assert view.readable[numbers].all()


def test_few_postings_are_simply_read(index: KeywordIndex) -> None:
    view = index.view(np.ones(PASSAGES, bool))
    terms = Weighted(np.array([3, 250]), np.ones(2))
    numbers, scores = view.best(terms, BEST, np.empty(0, np.int64))
    every = sums(view, terms)
    assert sorted(numbers.tolist()) == sorted(highest(every, BEST).tolist())
    assert scores.tolist() == every[numbers].tolist()


def test_among_equals_the_first_ones_count() -> None:
    assert sorted(highest(np.array([1.0, 3.0, 1.0, 2.0, 1.0]), 3).tolist()) == [0, 1, 3]
    assert highest(np.array([1.0, 2.0]), 3).tolist() == [0, 1]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=400), st.integers(1, 12))
def test_the_highest_are_those_that_sorting_finds(scores: list[int], count: int) -> None:
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:count]
    assert sorted(highest(np.array(scores, float), count).tolist()) == sorted(expected)
