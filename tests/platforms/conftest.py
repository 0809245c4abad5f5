"""The scene that tests of Telegram share: a server, an empty database, the whole reception with two people paired."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from adapters.database.connection import url_of
from bot.senders import Account
from tests.faults.door import emptied, handbook
from tests.platforms.spoofs import reception as door
from tests.platforms.telegram_scene import ADMIN, KIM, Fresh, Scene, playing
from tests.platforms.telegram_server import Telegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bot.handler import Handler


@pytest.fixture(scope="session")
def handler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    with handbook(tmp_path_factory.mktemp("telegram")) as made:
        yield made


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Return what puts an empty database with its tables into a folder, and tells where it is."""
    folder = asyncio.run(emptied(tmp_path_factory.mktemp("fresh")))

    def copied(place: Path) -> str:
        shutil.copytree(folder, place, dirs_exist_ok=True)
        return url_of("", place)

    return copied


@pytest.fixture
async def scene(telegram: Telegram, fresh: Fresh, handler: Handler, tmp_path: Path) -> AsyncIterator[Scene]:
    """Return a scene with the whole reception, in which two people are paired."""
    async with playing(telegram, fresh(tmp_path), door(handler), admins=frozenset({str(ADMIN)})) as played:
        for person in (KIM, ADMIN):
            account, people = Account("telegram", "", str(person)), played.memory.people
            await people.meet(account, datetime.now(UTC))
            await people.pair(account, ())
            await people.welcome(account)
        yield played
    assert {method for method, _ in telegram.refused} <= {"setmycommands"}  # an admin who has not written yet
