"""The database: its tables, who is kept under what, who lives, what is swept, and how it is copied."""

from __future__ import annotations

import asyncio
import stat
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from adapters.backup import bring_back, save
from adapters.database.connection import Database, url_of
from adapters.database.identity import Hashes
from adapters.database.memory import Memory, remember
from adapters.database.migration import upgrade
from adapters.database.replicas import SILENT, Replicas
from adapters.database.tables import metadata
from adapters.errors import BackupUnreadable, NewerTables, NotEmpty
from bot.errors import Unavailable
from bot.messages import Kind
from knowledge import generations
from tests.chats import Chat, message, serve
from tests.scenes import Replica, playing
from tests.states import published

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def test_without_an_address_the_database_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    assert url_of("", tmp_path) == f"sqlite+aiosqlite:///{tmp_path}/lotse.db"


@pytest.mark.parametrize("address", ["postgresql://u:p@h/d", "postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_an_address_of_postgresql_is_taken_as_administrators_write_it(address: str) -> None:
    assert url_of(address, Path()) == "postgresql+asyncpg://u:p@h/d"


@pytest.mark.slow
async def test_the_changes_lead_to_the_tables_that_the_code_knows(memory: Memory) -> None:
    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with memory.database.reading() as connection:
        assert await connection.run_sync(compare) == []


async def test_tables_of_a_later_version_are_called_so(url: str) -> None:
    memory = await remember(url)
    async with memory.database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await memory.close()
    with pytest.raises(NewerTables):
        await remember(url)


async def test_two_processes_that_start_at_once_make_the_tables_once(url: str) -> None:
    both = await asyncio.gather(remember(url), remember(url))
    assert both[0].hashes.message(message(1)) == both[1].hashes.message(message(1))
    for each in both:
        await each.close()


async def test_the_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    memory = await remember(url_of("", tmp_path))
    await memory.close()
    assert stat.S_IMODE((tmp_path / "lotse.db").stat().st_mode) == 0o600


async def test_a_database_that_is_not_there_is_unavailable() -> None:
    database = Database(url_of("postgresql://lotse@127.0.0.1:1/lotse", Path()))
    with pytest.raises(Unavailable):
        async with database.writing():
            pass
    await database.close()


def test_hashes_tell_nothing_without_the_key_and_keep_apart_what_is_apart() -> None:
    one, other = Hashes(b"1" * 32), Hashes(b"2" * 32)
    first = message(1)
    assert one.revision(first) != other.revision(first)
    edited, clicked = replace(first, revision=1), replace(first, kind=Kind.CLICK)
    assert len({one.revision(each) for each in (first, edited, clicked)}) == 3
    assert one.message(first) == one.message(edited) != one.message(clicked)
    swapped = replace(first.place, workspace="W1C1", conversation="")
    assert one.lane(first.place) != one.lane(swapped)


async def test_a_replica_that_falls_silent_loses_its_messages_to_the_next_and_no_clock_matters(url: str) -> None:
    first = await remember(url)
    await first.replicas.beat()
    await first.inbox.receive(message(1))
    (task,) = await first.inbox.claim("fake", 1)
    second = await remember(url)
    watching = Replicas(second.database, second.replicas.name, silent=0.05)
    assert await watching.beat() == 0
    assert await second.inbox.claim("fake", 1) == ()
    await asyncio.sleep(0.1)
    assert await watching.beat() == 1
    (again,) = await second.inbox.claim("fake", 1)
    assert (again.reference, again.attempts) == (task.reference, 2)
    assert await first.outbox.standing(task) == "lost"
    await first.close()
    await second.close()


@pytest.mark.slow
async def test_a_killed_replica_is_known_to_be_dead_by_its_lock_and_a_living_one_keeps_its_messages(url: str) -> None:
    chat, witness = Chat(), await remember(url)
    server, port = await serve(chat)
    victim = Replica(url, port, pause=60)
    victim.start()
    chat.say(message(1))
    async with asyncio.timeout(30):
        while (await witness.inbox.depth())["working"] == 0:  # noqa: ASYNC110 - the database does not signal
            await asyncio.sleep(0.05)
    assert await witness.replicas.beat() == 0
    await victim.stop(hard=True)
    async with asyncio.timeout(SILENT / 2):
        while not await witness.replicas.beat():  # noqa: ASYNC110 - nor does a dead process
            await asyncio.sleep(0.1)
    assert len(await witness.inbox.claim("fake", 1)) == 1
    server.close()
    await witness.close()


async def test_a_duty_has_one_owner_until_it_falls_silent_or_leaves(url: str) -> None:
    first, second = await remember(url), await remember(url)
    assert await first.replicas.take("telegram")
    assert not await second.replicas.take("telegram")
    assert await first.replicas.take("telegram")
    await first.replicas.give_up()
    assert await second.replicas.take("telegram")
    await second.replicas.leave()
    assert await first.replicas.take("telegram")
    await first.close()
    await second.close()


@pytest.mark.slow
async def test_a_backup_brings_everything_back_and_what_waited_is_answered_then(url: str, tmp_path: Path) -> None:
    chat = Chat()
    async with playing(chat, url) as scene:
        chat.say(message(1))
        await scene.answered(1)
        await scene.memory.conversations.turns(message(1).place, 2, "p")
    memory = await remember(url)
    await memory.inbox.receive(message(2))
    await memory.inbox.claim("fake", 1)
    done = await save(memory.database, tmp_path / "empty", tmp_path / "lotse.backup")
    await memory.close()
    assert stat.S_IMODE((tmp_path / "lotse.backup").stat().st_mode) == 0o600
    fresh = Database(url_of("", tmp_path / "new"))
    (tmp_path / "new").mkdir()
    assert await bring_back(fresh, tmp_path / "new", tmp_path / "lotse.backup") == done
    await fresh.close()
    async with playing(chat, url_of("", tmp_path / "new")) as scene:
        assert not await scene.memory.inbox.receive(message(1))
        assert len(await scene.memory.conversations.turns(message(1).place, 2, "p")) == 2
        await scene.answered(2)


async def test_a_backup_overwrites_nothing(url: str, tmp_path: Path) -> None:
    memory = await remember(url)
    await memory.inbox.receive(message(1))
    await save(memory.database, tmp_path / "empty", tmp_path / "lotse.backup")
    with pytest.raises(NotEmpty):
        await bring_back(memory.database, tmp_path / "empty", tmp_path / "lotse.backup")
    await memory.close()


async def test_a_backup_is_not_restored_onto_a_running_lotse_and_is_once_that_has_ended(
    url: str, tmp_path: Path
) -> None:
    running, empty = await remember(url), Database(url_of("", tmp_path / "empty"))
    (tmp_path / "empty").mkdir()
    await upgrade(empty)
    await save(empty, tmp_path / "empty", tmp_path / "lotse.backup")
    await empty.close()
    await running.replicas.beat()
    target = Database(url)
    with pytest.raises(NotEmpty):
        await bring_back(target, tmp_path / "new", tmp_path / "lotse.backup")
    await running.replicas.leave()
    await running.close()
    await bring_back(target, tmp_path / "new", tmp_path / "lotse.backup")
    await target.close()


async def test_a_restore_that_was_cut_off_can_be_done_again(tmp_path: Path) -> None:
    name = published(tmp_path / "old")
    full = await remember(url_of("", tmp_path / "old"))
    await full.inbox.receive(message(1))
    await save(full.database, tmp_path / "old", tmp_path / "lotse.backup")
    await full.close()
    (tmp_path / "new" / "generations" / name).mkdir(parents=True)
    with tarfile.open(tmp_path / "lotse.backup") as archive:
        archive.extractall(
            tmp_path / "new", [m for m in archive.getmembers() if m.name.startswith("generations/")], filter="data"
        )
    generations.publish(tmp_path / "new", name)
    fresh = Database(url_of("", tmp_path / "new"))
    await bring_back(fresh, tmp_path / "new", tmp_path / "lotse.backup")
    await fresh.close()
    restored = await remember(url_of("", tmp_path / "new"))
    assert not await restored.inbox.receive(message(1))
    await restored.close()


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08\x00"], ids=["empty", "text", "cut off"])
async def test_what_is_no_backup_is_called_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    database = Database(url_of("", tmp_path))
    with pytest.raises(BackupUnreadable):
        await bring_back(database, tmp_path, tmp_path / "file")
    await database.close()
