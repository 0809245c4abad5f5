"""The first passages speak of all that is asked: one that adds a second rule comes before one that repeats the first."""

from __future__ import annotations

import numpy as np

from knowledge.spread import FIRST, spread

WORTH = np.array([0.5, 0.5])
"""Two words, worth the same."""


def test_the_best_passage_stays_first_and_what_adds_a_word_comes_before_what_repeats() -> None:
    said = np.array([[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    order = spread(np.array([0.9, 0.8, 0.7, 0.6]), said, WORTH, [0, 0, 0, 1])
    assert order.tolist() == [0, 3, 1, 2]


def test_what_adds_nothing_keeps_its_order_but_for_its_document() -> None:
    order = spread(np.array([0.9, 0.8, 0.79]), np.ones((2, 3)), WORTH, [0, 0, 1])
    assert order.tolist() == [0, 2, 1]


def test_only_the_first_are_spread_and_none_is_lost() -> None:
    scores = np.linspace(1.0, 0.0, 60)
    order = spread(scores, np.zeros((0, 60)), np.zeros(0), list(range(60)))
    assert order.tolist() == list(range(60))
    said = np.zeros((2, 60))
    said[:, 50] = 1.0
    order = spread(scores, said, WORTH, list(range(60)))
    assert sorted(order.tolist()) == list(range(60))
    assert order.tolist()[FIRST:] == [place for place in range(60) if place not in order.tolist()[:FIRST]]
