"""What is kept of a conversation holds no personal data, the company's own kinds too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot import journal
from bot.messages import Answer, Outcome
from bot.ports import Entry
from bot.privacy import own_patterns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.privacy.own_patterns import OwnPattern

NOTED = Entry("ab12cd34ef56", "fake", "message", "p", datetime.now(UTC), "en", "quoted", "", "g1", 1.0)


@pytest.fixture
def patterns(tmp_path: Path) -> Sequence[OwnPattern]:
    file = tmp_path / "patterns.yaml"
    file.write_text(r"patterns: [{name: Staff number, regex: 'PN-\d{6}', class: personal}]", "utf-8")
    return own_patterns.load(file)


def test_a_turn_holds_nothing_of_what_the_company_itself_calls_personal(patterns: Sequence[OwnPattern]) -> None:
    answer = Answer("", "May PN-123456 ask?", "en", Outcome.QUOTED, "Yes, PN-123456 may.")
    kept = journal.kept(answer, ("part",), NOTED, patterns)
    assert "PN-" not in kept.question + kept.answer
    assert (kept.question[:4], kept.answer[:4]) == ("May ", "Yes,")


@pytest.mark.parametrize("datum", ["anna.beispiel@firm.example", "DE89 3704 0044 0532 0130 00", "PN-123456"])
def test_what_is_personal_is_replaced_before_a_text_is_cut(datum: str, patterns: Sequence[OwnPattern]) -> None:
    for before in range(journal.TURN - len(datum), journal.TURN + 1):
        kept = journal.turn("x" * (before - 1) + " " + datum + " is it", patterns)
        assert len(kept) <= journal.TURN
        assert not [size for size in range(3, len(datum) + 1) if kept.endswith(datum[:size])]
