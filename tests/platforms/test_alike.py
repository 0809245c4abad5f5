"""Whoever asks the same is told the same, in Slack, in Telegram and in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.database.connection import url_of
from adapters.wiring import STARTER
from tests.handbooks import asking, built_in, take_in
from tests.platforms import alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.handler import Handler

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def handler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    data = tmp_path_factory.mktemp("alike")
    take_in(STARTER, data, built_in())
    with asking(data, built_in()) as opened:
        yield opened


async def test_the_same_questions_are_answered_alike_everywhere(handler: Handler, tmp_path: Path) -> None:
    asked = alike.questions(20)
    expected = await alike.in_terminal(handler, asked)
    slack = await alike.in_slack(url_of("", tmp_path / "slack"), handler, asked)
    telegram = await alike.in_telegram(url_of("", tmp_path / "telegram"), handler, asked)
    found = [
        (platform, text, difference)
        for platform, told in (("Slack", slack), ("Telegram", telegram))
        for text, answer, each in zip(asked, expected, told, strict=True)
        for difference in alike.differences(answer, each)
    ]
    assert found == []
