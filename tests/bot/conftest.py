"""What the tests of the core ask: the starter handbook, taken in once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.handbooks import STARTER, asking, built_in, take_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.handler import Handler


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    """Answer from the starter handbook."""
    data = tmp_path_factory.mktemp("starter")
    take_in(STARTER, data, built_in())
    with asking(data, built_in()) as handler:
        yield handler
