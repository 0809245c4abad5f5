"""The pairs that were seen: lies stay out, and no truth is lost that was kept before."""

from __future__ import annotations

import pytest

from bot.proof import Quoted, prove
from knowledge import glossary
from tests.proof import load

GLOSSARY = glossary.load()
BLOCKED = {False: 0.99, True: 0.97}
KEPT = {False: 0.8, True: 0.88}
"""A floor below what is reached on the starter handbook; the goal is .90, and the bench says how far that is."""


@pytest.mark.slow
@pytest.mark.parametrize("across", [False, True], ids=["one language", "across"])
def test_lies_are_blocked_and_truths_kept(across: bool) -> None:  # noqa: FBT001 - a parameter of the test
    pairs = [pair for pair in load.load("seen", None) if pair.across is across]
    right = {True: 0, False: 0}
    for pair in pairs:
        quotes = [Quoted(quote.quote, quote.passage) for quote in pair.quotes]
        right[pair.true] += prove(pair.question, pair.sentence, pair.language, quotes, GLOSSARY).proven == pair.true
    true = sum(pair.true for pair in pairs)
    assert right[False] / (len(pairs) - true) >= BLOCKED[across]
    assert right[True] / true >= KEPT[across]
