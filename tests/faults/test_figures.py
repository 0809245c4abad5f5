"""No place tells a figure over fewer than five people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.crowds import told
from tests.faults.door import handbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.handler import Handler

pytestmark = pytest.mark.slow


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[Handler]:
    with handbook(tmp_path / "knowledge") as made:
        yield made


async def test_what_four_people_do_is_told_by_no_report_metrics_journal_or_export(url: str, handler: Handler) -> None:
    assert await told(url, handler, 4) == {"report": 0, "metrics": 0, "journal": 0, "export": 0}


async def test_what_five_people_do_is_told_by_the_report_and_the_metrics_alone(url: str, handler: Handler) -> None:
    figures = await told(url, handler, 5)
    assert figures["report"]
    assert figures["metrics"]
    assert (figures["journal"], figures["export"]) == (0, 0)
