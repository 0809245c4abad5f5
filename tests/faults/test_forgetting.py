"""Somebody who was forgotten leaves no byte behind, whichever way they asked; what is past its time goes by itself."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from adapters import wiring
from adapters.database import tables
from adapters.database.connection import url_of
from adapters.database.identity import newcomer
from adapters.database.memory import remember
from adapters.database.replicas import PERIOD
from adapters.settings import Settings
from adapters.telegram.ledger import Ledger
from bot import journal
from bot.commands import Feedback, Reason
from bot.limits import Limits
from bot.messages import Answer, Outcome, Place
from bot.people import Deed
from bot.ports import Ending
from bot.senders import Account, Membership
from tests.chats import NAME, Chat, message
from tests.faults.door import POLICY, Door, Rules, handbook
from tests.scenes import playing, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from adapters.database.memory import Memory
    from bot.handler import Handler
    from bot.messages import Message
    from tests.scenes import Scene

USER, ROOM = "U0CANARY42", "D0CANARYROOM"
CANARY = Account(NAME, "W1", USER)
TRACES = (USER, ROOM, "canary.bird@firm.example", "Zilpzalp", "ornithology", "0171 5550142")
"""What the canary's messages hold: ids, an address, a name, a rare word, a number."""


@pytest.fixture(scope="module")
def handler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    with handbook(tmp_path_factory.mktemp("forget")) as made:
        yield made


def sung(number: int, text: str = "", user: str = USER, room: str = ROOM) -> Message:
    """Return a message of the canary's."""
    place = Place(NAME, "W1", room, private=True)
    said = text or (
        f"Question {number}: may Zilpzalp of ornithology put customer data of canary.bird@firm.example, "
        "0171 5550142, into ChatGPT?"
    )
    return message(number, place=place, user=user, text=said, membership=Membership.MEMBER, home="W1")


@asynccontextmanager
async def at_work(url: str, handler: Handler, chat: Chat) -> AsyncIterator[tuple[Memory, Scene]]:
    """Run a worker behind the reception, as in service."""
    memory = await remember(url)
    rules = Rules(replace(POLICY, limits=Limits(person_minute=1000, person_day=1000)))
    async with playing(chat, url, Door(memory, handler, rules).reception) as scene:
        yield memory, scene
    await memory.close()


def found(folder: Path, *traces: str) -> dict[str, list[str]]:
    """Return which traces stand in which files below a folder."""
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    hits = {
        path.name: [t for t in traces if t.encode() in content or t.encode("utf-16-le") in content]
        for path, content in files.items()
    }
    return {name: there for name, there in hits.items() if there}


async def rows(memory: Memory) -> dict[str, list[str]]:
    """Return every row of every table as text."""
    async with memory.database.reading() as connection:
        return {
            table.name: [str(dict(row)) for row in (await connection.execute(select(table))).mappings()]
            for table in tables.metadata.sorted_tables
        }


async def sing(scene: Scene, count: int) -> None:
    """Let the canary, and somebody else, ask; and judge an answer."""
    for number in range(count):
        scene.chat.say(sung(number))
    scene.chat.say(sung(9001, "Is DeepL Pro approved?", "U0OTHER", "D0OTHER"))
    assert len(await scene.answered(count + 1)) == count + 1


async def references(memory: Memory, pseudonym: str) -> list[str]:
    """Return the ids of somebody's answers."""
    async with memory.database.reading() as connection:
        mine = select(tables.journal.c.reference).where(tables.journal.c.person == pseudonym)
        return list(await connection.scalars(mine))


@pytest.mark.parametrize("way", ["chat", "command line"])
async def test_after_forget_and_sweep_no_byte_of_a_person_is_left(
    url: str, handler: Handler, tmp_path: Path, way: str
) -> None:
    chat, count = Chat(), 10
    async with at_work(url, handler, chat) as (memory, scene):
        await sing(scene, count)
        person = await memory.people.find(CANARY)
        answers = await references(memory, person.pseudonym)
        assert len(answers) == count
        await memory.opinions.add(
            person.pseudonym, Feedback(answers[0], Reason.WRONG, "says Zilpzalp"), datetime.now(UTC)
        )
        ledger = Ledger(tmp_path / "telegram-sent")
        for answer in answers:
            ledger.note(f"{answer}-1", "4711")
        before = await rows(memory)
        found_by = memory.hashes.account(NAME, "W1", USER)
        marks = (*TRACES, person.pseudonym, found_by, found_by[:32])
        assert {table for table, kept in before.items() if any(mark in row for row in kept for mark in marks)} == {
            "inbox",
            "turns",
            "replies",
            "journal",
            "people",
            "opinions",
        }
        if way == "chat":
            scene.chat.say(sung(5000, "/forget yes"))
            await scene.answered(count + 2)
            assert "deleted" in scene.chat.answers()["q5000"][0]
        else:
            assert await memory.people.forget(CANARY)
        await memory.sweeper.sweep()
        await wiring.tidy(Settings(data_dir=tmp_path), memory)
        assert ledger.noted() == set()
        for table, kept in (await rows(memory)).items():
            assert [(mark, row) for row in kept for mark in marks if mark in row] == [], table
        assert set(await memory.people.export(CANARY)) <= {"counts"}, "a count of the day, under a hash of the day"
        assert await memory.people.export(Account(NAME, "W1", "U0OTHER"))
    assert found(tmp_path, *marks) == {}
    assert not [name for name in found(tmp_path, *answers) if not name.startswith("lotse.db")]


async def test_what_somebody_wrote_who_is_forgotten_waits_for_no_answer(memory: Memory) -> None:
    assert await memory.inbox.receive(sung(1))
    assert await memory.people.forget(CANARY)
    for table, kept in (await rows(memory)).items():
        assert [(mark, row) for row in kept for mark in TRACES if mark in row] == [], table
    assert (await memory.inbox.depth())["waiting"] == 0


async def test_a_person_that_nothing_is_kept_about_cannot_be_forgotten(memory: Memory) -> None:
    assert not await memory.people.forget(CANARY)


async def test_an_export_holds_everything_and_nothing_of_others(url: str, handler: Handler) -> None:
    async with at_work(url, handler, Chat()) as (memory, scene):
        await sing(scene, 3)
        kept = json.loads(json.dumps(await memory.people.export(CANARY)))
    assert {name: len(value) for name, value in kept.items() if name != "person"} == {
        "inbox": 3,
        "turns": 3,
        "journal": 3,
        "replies": 3,
        "counts": 2,
    }
    assert [row["used"] for row in kept["counts"]] == [3, 3]
    assert "DeepL Pro approved" not in json.dumps(kept)
    assert [row["text"] for row in kept["inbox"]] == [sung(number).text for number in range(3)]


async def test_an_export_holds_ones_own_deeds_and_the_looks_of_admins_at_ones_answers(
    url: str, handler: Handler
) -> None:
    now = datetime.now(UTC)
    async with at_work(url, handler, Chat()) as (memory, scene):
        await sing(scene, 1)
        person = (await memory.people.find(CANARY)).pseudonym
        mine, other = (await references(memory, person))[0], "00000000aaaa"
        for deed in (Deed(now, person, "status"), Deed(now, "b" * 32, "why", mine), Deed(now, "b" * 32, "why", other)):
            await memory.audit.add(deed)
        kept = json.loads(json.dumps(await memory.people.export(CANARY)))
    assert [row["deed"] for row in kept["deeds"]] == ["status"]
    assert [row["about"] for row in kept["looks"]] == [mine]
    assert "b" * 32 not in json.dumps(kept)


async def test_what_is_counted_of_somebody_who_was_forgotten_goes_with_the_day(url: str, handler: Handler) -> None:
    async with at_work(url, handler, Chat()) as (memory, scene):
        await sing(scene, 1)
        tally = (await memory.people.find(CANARY)).tally
        await memory.people.forget(CANARY)
        await memory.sweeper.sweep()
        kept = await rows(memory)
        assert {table for table, told in kept.items() if any(tally in row for row in told)} == {"counts"}
        await memory.sweeper.sweep(datetime.now(UTC) + timedelta(days=1))
        assert not [row for row in (await rows(memory))["counts"] if tally in row]
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        assert memory.hashes.tally(NAME, "W1", USER, tomorrow) != tally


async def test_somebody_who_comes_back_is_somebody_new(url: str, handler: Handler) -> None:
    async with at_work(url, handler, Chat()) as (memory, scene):
        await sing(scene, 1)
        old = (await memory.people.find(CANARY)).pseudonym
        await memory.people.forget(CANARY)
        scene.chat.say(sung(6000))
        await scene.answered(3)
        new = (await memory.people.find(CANARY)).pseudonym
    assert old != new


async def test_a_running_server_empties_what_it_holds_when_another_process_forgets_somebody(url: str) -> None:
    elsewhere = await remember(url)
    async with playing(Chat(), url) as scene:
        await until(lambda: scene.health.beaten)
        before = len(scene.emptied)
        await elsewhere.people.meet(CANARY, datetime.now(UTC))
        await elsewhere.people.forget(CANARY)
        await until(lambda: len(scene.emptied) > before)
        await asyncio.sleep(2 * PERIOD)
        assert len(scene.emptied) == before + 1
    await elsewhere.close()


# what goes by itself


async def test_raw_text_and_ids_go_an_hour_after_the_answer_and_the_rest_when_its_time_is_over(
    url: str, handler: Handler
) -> None:
    now = datetime.now(UTC)
    async with at_work(url, handler, Chat()) as (memory, scene):
        await sing(scene, 3)
        await memory.sweeper.sweep(now + timedelta(minutes=50))
        assert USER in str((await rows(memory))["inbox"])
        await memory.sweeper.sweep(now + timedelta(hours=2))
        kept = await rows(memory)
        assert not any(trace in row for row in kept["inbox"] for trace in TRACES)
        assert len(kept["inbox"]) == 4, "its hashes stay, to know a message that comes again"
        assert len(kept["turns"]) == 4
        await memory.sweeper.sweep(now + timedelta(days=31))
        kept = await rows(memory)
        assert {name: len(kept[name]) for name in ("inbox", "turns", "journal", "replies", "people")} == {
            "inbox": 0,
            "turns": 0,
            "journal": 0,
            "replies": 0,
            "people": 2,
        }
        await memory.sweeper.sweep(now + timedelta(days=182))
        assert (await rows(memory))["people"] == []


async def test_somebody_who_was_never_seen_goes_with_the_others(memory: Memory) -> None:
    now = datetime.now(UTC)
    async with memory.database.writing() as connection:
        for number, days in enumerate((181, 179)):
            row = newcomer(f"{number:064x}") | {"created": now - timedelta(days=days)}
            await connection.execute(tables.people.insert().values(row))
    assert await memory.sweeper.sweep(now) == {"people": 1}


async def test_a_message_that_comes_again_after_the_sweep_is_known(url: str, handler: Handler) -> None:
    async with at_work(url, handler, Chat()) as (memory, scene):
        await sing(scene, 1)
        await memory.people.forget(CANARY)
        await memory.sweeper.sweep()
        assert not await memory.inbox.receive(sung(0))


async def test_a_text_that_was_checked_is_wiped_as_soon_as_its_answer_is_written_down(
    url: str, handler: Handler
) -> None:
    async with at_work(url, handler, Chat()) as (memory, scene):
        scene.chat.say(sung(1, "/check Zilpzalp, canary.bird@firm.example"))
        await scene.answered(1)
        kept = await rows(memory)
    assert not any("Zilpzalp" in row or "canary.bird" in row for table in kept.values() for row in table)


async def test_a_sweep_spares_what_has_not_been_delivered_and_for_a_day_how_an_error_came_about(memory: Memory) -> None:
    asked = message(1)
    await memory.inbox.receive(asked)
    (task,) = await memory.inbox.claim("fake", 1)
    failed = Answer(task.reference, asked.text, "en", Outcome.FAILED, "Sorry.")
    noted = journal.entry(task, failed, 1, late=False, error="ValueError")
    await memory.outbox.keep(task, journal.kept(failed, ("Sorry.",), noted))
    await memory.sweeper.sweep()
    (part,) = await memory.outbox.parts(task)
    await memory.outbox.sent(task, part, "m1", Ending.ANSWERED)
    await memory.sweeper.sweep()
    assert not await memory.outbox.parts(task)
    assert await memory.journal.read(task.reference)
    await memory.sweeper.sweep(datetime.now(UTC) + timedelta(days=1, minutes=1))
    assert await memory.journal.read(task.reference) is None


async def test_what_nobody_can_answer_any_more_does_not_keep_its_text_for_ever(memory: Memory) -> None:
    now = datetime.now(UTC)
    gone = message(1, place=Place("terminal-ab12", "", "terminal", private=True))
    await memory.inbox.receive(gone)
    await memory.inbox.receive(message(2))
    await memory.sweeper.sweep(now + timedelta(minutes=50))
    assert (await memory.inbox.depth())["waiting"] == 2
    await memory.sweeper.sweep(now + timedelta(hours=2))
    assert (await memory.inbox.depth())["waiting"] == 1
    await memory.sweeper.sweep(now + timedelta(days=31))
    async with memory.database.reading() as connection:
        texts = set(await connection.scalars(select(tables.inbox.c.text)))
    assert texts <= {""}


async def test_a_sweep_lets_others_write_while_somebody_reads(tmp_path: Path) -> None:
    memory = await remember(url_of("", tmp_path))
    await memory.inbox.receive(message(1))
    async with memory.database.reading() as reader:
        await reader.execute(text("SELECT count(*) FROM inbox"))
        await memory.inbox.receive(message(2))
        sweeping = asyncio.create_task(memory.sweeper.sweep())
        async with asyncio.timeout(1):
            await sweeping
            await memory.inbox.receive(message(3))
    await memory.close()


async def test_a_stranger_who_is_turned_away_is_not_kept(url: str, handler: Handler) -> None:
    async with at_work(url, handler, Chat()) as (memory, scene):
        scene.chat.say(replace(sung(1), membership=Membership.GUEST))
        await scene.answered(1)
        await memory.sweeper.sweep()
        kept = await rows(memory)
    assert kept["people"] == kept["journal"] == []
    assert not any(trace in row for table in kept.values() for row in table for trace in TRACES)
