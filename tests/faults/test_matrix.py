"""Audience, room and asker: every output is what it would be if the documents closed here did not exist."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, combinations, product
from typing import TYPE_CHECKING

import pytest

from bot.access import NOTHING_MORE, Policy, Workspace
from bot.limits import Limits
from bot.messages import Answer, Place
from bot.senders import Account
from tests.fakes import WordEmbedder
from tests.faults.door import Door, Rules
from tests.handbooks import asking, page, take_in, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from adapters.database.memory import Memory
    from bot.handler import Handler

AUDIENCES = ("board", "hr")
SETS = [frozenset(each) for each in chain.from_iterable(combinations(AUDIENCES, n) for n in range(3))]
"""Every choice of the audiences beyond everybody."""
DOCUMENTS: Mapping[str, tuple[frozenset[str], str]] = {
    "classes.md": (
        frozenset(),
        page(
            "# Data classes\n\nCustomer data is class C3. Prompts are deleted after 30 days.", contact="a@firm.example"
        ),
    ),
    "hr.md": (
        frozenset({"hr"}),
        page(
            "# Payroll\n\nPayroll lists are class C4. Prompts about payroll are deleted at once.",
            audience="hr",
            contact="hr@firm.example",
        ),
    ),
    "board.md": (
        frozenset({"board"}),
        page(
            "# Data classes\n\nCustomer data is class C9. Prompts are never deleted.",
            audience="board",
            supersedes="classes.md",
        ),
    ),
    "both.md": (
        frozenset({"hr", "board"}),
        page("# Incidents\n\nReport a leak of payroll lists to the board at once, ext. 4711.", audience="hr, board"),
    ),
}
QUESTIONS = (
    "What class is customer data?",
    "When are prompts deleted?",
    "What class are payroll lists?",
    "Where do I report a leak of payroll lists?",
    "I have just pasted payroll lists into ChatGPT!",
    "What is the capital of Peru?",
    "/privacy",
    "/help",
)


@pytest.fixture(scope="module")
def handlers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[frozenset[str] | None, Handler]]:
    """Answer from the whole handbook (None), and from what each choice of audiences may read alone."""
    embedder = WordEmbedder()
    with ExitStack() as stack:
        made: dict[frozenset[str] | None, Handler] = {}
        for audiences in (None, *SETS):
            place = tmp_path_factory.mktemp("matrix")
            files = {
                name: text
                for name, (readers, text) in DOCUMENTS.items()
                if audiences is None or not readers or readers & audiences
            }
            take_in(write(place / "handbook", files), place / "data", embedder)
            made[audiences] = stack.enter_context(asking(place / "data", embedder))
        yield made


def named(prefix: str, audiences: frozenset[str]) -> str:
    return prefix + "".join(sorted(audiences)).upper()


POLICY = Policy(
    workspaces={("fake", "W1"): Workspace(rooms={named("C0", each): each for each in SETS})},
    reads={Account("fake", "W1", named("U0", each)): each for each in SETS},
    limits=Limits(person_minute=1000, everyone_minute=10_000),
)


def plain(answer: Answer | None) -> Answer:
    """Return an answer without what differs from one answer to the next."""
    assert answer
    return replace(answer, id="", generation="", milliseconds={}, preface="", introduces=False)


@pytest.mark.slow
async def test_whoever_asks_wherever_gets_what_a_handbook_without_the_closed_documents_would_give(
    memory: Memory, handlers: Mapping[frozenset[str] | None, Handler]
) -> None:
    whole, parts = Door(memory, handlers[None], Rules(POLICY)), {}
    for each in SETS:
        parts[each] = Door(memory, handlers[each], Rules(POLICY))
    differing = set()
    for own, room, text in product(SETS, (None, *SETS), QUESTIONS):
        place = Place("fake", "W1", named("C0", room) if room is not None else "D1", private=room is None)
        readable = own if room is None else room
        user = named("U0", own)
        given = plain(await whole.answer(user, text, place=place))
        assert given == plain(await parts[readable].answer(user, text, place=place)), (own, room, text)
        assert given.privately == (room is not None and not text.startswith("/"))
        if given != plain(await parts[NOTHING_MORE].answer(user, text, place=place)):
            differing.add((readable, text))
    assert len(differing) > len(SETS), "the comparison means something: more is read where more is open"
