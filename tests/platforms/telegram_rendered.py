"""Many answers that hold anything, rendered for Telegram, and counted: rejected, not seen, leading where Lotse does not."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, seed, settings

from adapters.telegram.rendering import render
from bot.messages import Message, Place
from tests.platforms import telegram_links as links
from tests.platforms import telegram_rules as rules
from tests.platforms.hostile_answers import PIECES, SHARED, answers, naughty, seen, to_be_seen

if TYPE_CHECKING:
    from bot.messages import Answer

WHERE = Message(Place("telegram", "", "7", private=True), "1", "7", "?", datetime.now(UTC))


BATCH = 500
"""Answers that are generated in one go: what generates them remembers them all."""


def rendered(number: int) -> Counter[str]:
    """Render so many generated answers and return how many messages they are, and what is wrong with them."""
    return sum((_batch(first) for first in range(0, number, BATCH)), Counter())


def _batch(first: int) -> Counter[str]:
    counts: Counter[str] = Counter()

    @seed(first)
    @settings(max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(answers(PIECES + naughty(SHARED)))
    def every(answer: Answer) -> None:
        parts = [json.loads(part) for part in render(answer, WHERE, "lotse_bot")]
        shown = seen("".join(part["text"] for part in parts))
        counts["messages"] += len(parts)
        counts["texts not seen"] += sum(seen(text) not in shown for text in to_be_seen(answer))
        for part in parts:
            counts["rejected"] += rules.rejects(part)
            counts["links not ours"] += len(links.foreign_links(part, answer))

    every()
    return counts
