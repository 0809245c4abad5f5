"""The pairs that were seen: lies stay out, and no truth is lost that was kept before."""

from __future__ import annotations

import pytest

from bot.proof import Quoted, prove
from knowledge import glossary
from tests.proof import load

GLOSSARY = glossary.load()
FLOORS = {
    ("starter", False): (0.99, 0.8),
    ("starter", True): (0.97, 0.88),
    ("others", False): (0.98, 0.33),
    ("others", True): (0.97, 0.5),
}
"""How many lies have to be blocked and truths kept: floors below what is reached. The goals are .99 or across .97, and .90; how far off
the pairs of other hands are, the bench and docs/explanation/proof.md say."""


@pytest.mark.slow
@pytest.mark.parametrize(("place", "across"), FLOORS)
def test_lies_are_blocked_and_truths_kept(place: str, across: bool) -> None:  # noqa: FBT001 - a parameter of the test
    pairs = [pair for pair in load.load("seen", None) if pair.across is across and pair.place == place]
    right = {True: 0, False: 0}
    for pair in pairs:
        quotes = [Quoted(quote.quote, quote.passage) for quote in pair.quotes]
        right[pair.true] += prove(pair.question, pair.sentence, pair.language, quotes, GLOSSARY).proven == pair.true
    true = sum(pair.true for pair in pairs)
    blocked, kept = FLOORS[place, across]
    assert right[False] / (len(pairs) - true) >= blocked
    assert right[True] / true >= kept
