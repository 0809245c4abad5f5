"""What is live is followed, kept while it is used, closed when it is not, and replaced by the one before when it is damaged."""

from __future__ import annotations

import gc
import shutil
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from adapters.errors import words as in_words
from knowledge import generations
from knowledge.errors import DamagedGeneration, EmbedderMismatch
from knowledge.language import LANGUAGES
from knowledge.live import LiveGeneration
from tests.states import EMBEDDER, NOON, damage, of_schema, published, twice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Be a data folder in which two generations were published, to be copied."""
    return twice(tmp_path_factory.mktemp("pattern"))


@pytest.fixture
def data(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pattern, tmp_path / "data"))


@pytest.fixture
def following(data: Path) -> Iterator[LiveGeneration]:
    following = LiveGeneration(data, EMBEDDER.fingerprint, look=0)
    yield following
    following.close()


def answering(following: LiveGeneration) -> tuple[str, bool]:
    """Return which generation answers now, and whether it is one to fall back on."""
    lease = following.lease()
    lease.end()
    return lease.generation.name, lease.trouble is not None


def names(data: Path) -> tuple[str, str]:
    """Return the earlier generation and the live one."""
    live_one, earlier = generations.history(data)
    return earlier, live_one


def test_what_is_live_is_opened_once(following: LiveGeneration) -> None:
    with following.using() as first, following.using() as second:
        assert first is second


def test_who_uses_what_is_live_follows_a_switch(following: LiveGeneration, data: Path) -> None:
    earlier, live_one = names(data)
    assert answering(following) == (live_one, False)
    third = published(data, NOON + timedelta(minutes=2))
    assert answering(following) == (third, False)
    generations.rollback(data, earlier)
    assert answering(following) == (earlier, False)


def test_a_question_that_began_on_the_old_generation_ends_on_it(following: LiveGeneration, data: Path) -> None:
    lease = following.lease()
    third = published(data, NOON + timedelta(minutes=2))
    assert answering(following) == (third, False)
    assert lease.generation.passage(0).text == "Ask first.\nThen send."
    assert lease.generation.store.nearest(EMBEDDER.embed(["Ask first."])[0], {("all",): 1}).tolist() == [2]
    lease.end()


def test_others_go_on_while_one_opens_the_new_generation(following: LiveGeneration, data: Path) -> None:
    _, before = names(data)
    assert answering(following) == (before, False)
    third = published(data, NOON + timedelta(minutes=2))
    seen: set[str] = set()
    threads = [Thread(target=lambda: seen.add(answering(following)[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen <= {before, third}
    assert answering(following) == (third, False)


def handles() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not show open files there")
def test_what_was_replaced_is_closed(following: LiveGeneration, data: Path) -> None:
    earlier, live_one = names(data)
    for name in (earlier, live_one) * 2:
        generations.publish(data, name)
        answering(following)
    before = handles()
    for name in (earlier, live_one) * 5:
        generations.publish(data, name)
        answering(following)
    assert handles() <= before + 10, "one that stays open holds about eleven"


HARMS: dict[str, Callable[[Path], object]] = {
    "index gone": lambda folder: shutil.rmtree(next(folder.glob("chroma/*/"))),
    "database gone": lambda folder: damage(folder / "chroma/chroma.sqlite3", "gone"),
    "index cut": lambda folder: damage(next(folder.glob("chroma/*/data_level0.bin")), "half"),
    "vectors garbled": lambda folder: damage(folder / "vectors.npy", "flipped"),
    "words empty": lambda folder: damage(folder / "keywords/terms.txt", "empty"),
    "manifest garbled": lambda folder: damage(folder / "manifest.json", "flipped"),
    "all gone": shutil.rmtree,
    "made by a later version": lambda folder: of_schema(folder, 99),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_generation_is_stood_in_for_by_the_one_before(
    harm: str, following: LiveGeneration, data: Path
) -> None:
    earlier, live_one = names(data)
    HARMS[harm](data / "generations" / live_one)
    assert answering(following) == (earlier, True)


@pytest.mark.parametrize("harm", ["index gone", "vectors garbled", "words empty", "manifest garbled"])
def test_damage_to_what_is_in_use_is_noticed(harm: str, following: LiveGeneration, data: Path) -> None:
    earlier, live_one = names(data)
    assert answering(following) == (live_one, False)
    HARMS[harm](data / "generations" / live_one)
    assert answering(following) == (earlier, True)


@pytest.mark.parametrize("harm", ["index gone", "made by a later version"])
def test_the_next_generation_mends_it(harm: str, following: LiveGeneration, data: Path) -> None:
    _, live_one = names(data)
    HARMS[harm](data / "generations" / live_one)
    assert answering(following)[1]
    third = published(data, NOON + timedelta(minutes=2))
    assert answering(following) == (third, False)


@pytest.mark.parametrize("pointer", [None, "", "no json", '{"generation": "20200101-000000-aaaaaa"}'])
@pytest.mark.parametrize("running", ["running", ""])
def test_a_damaged_pointer_is_trouble_but_the_last_that_was_published_answers(
    pointer: str | None, running: str, following: LiveGeneration, data: Path
) -> None:
    _, live_one = names(data)
    if running:
        answering(following)
    (data / "live").unlink()
    if pointer is not None:
        (data / "live").write_text(pointer, "utf-8")
    assert answering(following) == (live_one, True)


def test_where_nothing_is_whole_nobody_is_told_that_nothing_was_found(following: LiveGeneration, data: Path) -> None:
    for name in names(data):
        shutil.rmtree(next((data / "generations" / name).glob("chroma/*/")))
    with pytest.raises(DamagedGeneration):
        following.lease()


def test_another_embedder_is_refused_in_words(data: Path) -> None:
    with pytest.raises(EmbedderMismatch) as raised:
        LiveGeneration(data, "words-2").lease()
    for language in LANGUAGES:
        said = in_words(raised.value, language)
        assert "words-1" in said
        assert "words-2" in said


def test_a_generation_can_lie_where_nothing_can_be_written(data: Path) -> None:
    """Even who may write anywhere must not: what is read is the same afterwards, down to its times."""
    files = [path for path in data.rglob("*") if path.is_file()]
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
    following = LiveGeneration(data, EMBEDDER.fingerprint)
    with following.using() as generation:
        generation.store.nearest(EMBEDDER.embed(["Ask first."])[0], {("all",): 1})
    following.close()
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in data.rglob("*") if path.is_file()} == before
