"""A generation is written whole, published in one step, followed by those who use it, and says so when it is damaged."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge import generations, manifest, store
from knowledge.building import Build, write
from knowledge.documents import Metadata
from knowledge.errors import (
    DamagedGeneration,
    EmbedderMismatch,
    NewerGeneration,
    NoGeneration,
    NothingEarlier,
    NotVerified,
    UnknownGeneration,
)
from knowledge.generation import Generation
from knowledge.generations import KEPT, Cause
from knowledge.live import LiveGeneration
from knowledge.store import Rows
from knowledge.verification import verify
from tests.states import EMBEDDER, ENTRIES, NOON, PASSAGES, POLICY, build, damage, of_schema, published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Be a data folder in which one generation is published, to be copied."""
    data = tmp_path_factory.mktemp("pattern")
    published(data)
    return data


@pytest.fixture
def data(pattern: Path, tmp_path: Path) -> Path:
    """Be a data folder in which one generation is published."""
    return Path(shutil.copytree(pattern, tmp_path / "data"))


@pytest.fixture
def folder(data: Path) -> Path:
    """Be the folder of the one generation."""
    return data / "generations" / generations.live(data)


@pytest.fixture
def opened(folder: Path) -> Iterator[Generation]:
    generation = Generation(folder, EMBEDDER.fingerprint)
    yield generation
    generation.close()


def copied(folder: Path, count: int) -> list[str]:
    """Copy a generation under later names and return all names, the oldest first."""
    names = [folder.name, *(f"20270101-00000{number}-aaaaaa" for number in range(count))]
    for name in names[1:]:
        shutil.copytree(folder, folder.with_name(name))
    return names


def test_what_was_written_is_read_back(opened: Generation) -> None:
    assert opened.manifest.entries == ENTRIES
    assert opened.manifest.created == NOON
    assert opened.manifest.folder == "/handbook"
    assert opened.metadata == {"a.md": POLICY, "b.md": Metadata("B", "en")}
    assert tuple(opened.passage(number) for number in range(len(PASSAGES))) == PASSAGES


def test_a_generation_knows_its_groups_and_whose_each_passage_is(opened: Generation) -> None:
    assert opened.groups == {"hr", "board", "all"}
    assert opened.document_of.tolist() == [0, 0, 1]


def test_vectors_keep_their_order(opened: Generation) -> None:
    assert opened.piece_starts.tolist() == [0, 2, 3, 4]
    assert np.allclose(opened.vectors, EMBEDDER.embed([passage.text for passage in PASSAGES]), atol=1e-3)
    assert opened.keys.tolist() == [[0] * 16, [1] * 16, [2] * 16]


def test_each_audience_has_a_collection_of_its_own(opened: Generation) -> None:
    asked = {("hr", "board"), ("all",), ("nobody",)}
    assert opened.store.counts(asked) == {("hr", "board"): 2, ("all",): 1, ("nobody",): 0}


def test_a_question_touches_only_the_collections_that_it_names(opened: Generation) -> None:
    vector = EMBEDDER.embed(["Ask first."])[0]
    assert opened.store.nearest(vector, {("all",): 5}).tolist() == [2]
    assert sorted(opened.store.nearest(vector, {("all",): 5, ("hr", "board"): 5}).tolist()) == [0, 1, 2]


def test_the_store_knows_neither_texts_nor_names(folder: Path) -> None:
    stored = b"".join(file.read_bytes() for file in (folder / "chroma").rglob("*") if file.is_file())
    assert len(stored) > 10_000
    assert not [word for word in (b"Ask first", b"ChatGPT", b"a.md", b"board", b"Richtlinie") if word in stored]


def test_the_places_of_an_index_that_are_not_taken_hold_nothing(folder: Path) -> None:
    """They would hold what the memory of the process held before: words of any document, or a key."""
    for index in folder.glob("chroma/*/data_level0.bin"):
        each = index.stat().st_size // 100  # Chroma makes room for a hundred vectors at first
        assert not any(index.read_bytes()[3 * each :])
        assert not any(index.with_name("length.bin").read_bytes()[3 * 4 :])


def test_a_whole_generation_passes_its_check(opened: Generation) -> None:
    verify(opened.folder)


def test_a_generation_without_documents_is_whole_too(tmp_path: Path) -> None:
    empty = Build("/empty", EMBEDDER.fingerprint, (), (), (), EMBEDDER.embed([]), EMBEDDER.embed([]))
    verify(tmp_path / "generations" / write(tmp_path, empty))


def test_nothing_is_live_before_it_is_published(tmp_path: Path) -> None:
    name = write(tmp_path, build())
    with pytest.raises(NoGeneration):
        generations.live(tmp_path)
    generations.publish(tmp_path, name)
    assert generations.live(tmp_path) == name


def test_history_names_the_newest_first(data: Path, folder: Path) -> None:
    names = copied(folder, 2)
    assert generations.history(data) == names[::-1]


def test_there_is_no_history_without_a_data_folder(tmp_path: Path) -> None:
    assert generations.history(tmp_path / "gone") == []


def test_an_unfinished_generation_is_no_part_of_history(data: Path, folder: Path) -> None:
    shutil.copytree(folder, folder.with_name("20270101-000000-aaaaaa.part"))
    folder.with_name("20270101-000000-bbbbbb").mkdir()
    assert generations.history(data) == [folder.name]


def test_only_some_earlier_generations_stay(data: Path, folder: Path) -> None:
    names = copied(folder, KEPT + 2)
    for name in names[1:]:
        generations.publish(data, name)
    assert generations.history(data) == names[: -KEPT - 2 : -1]
    assert generations.live(data) == names[-1]


def test_going_back_keeps_the_generations_around_it(data: Path, folder: Path) -> None:
    names = copied(folder, 2)
    generations.publish(data, names[-1])
    generations.publish(data, names[0])
    assert generations.live(data) == names[0]
    assert generations.history(data) == names[::-1]


def test_a_publication_is_remembered_with_its_moment_and_cause(data: Path, folder: Path) -> None:
    names = copied(folder, 1)
    generations.publish(data, names[1])
    generations.publish(data, names[0], Cause.ROLLBACK)
    told = [(each.generation, each.cause) for each in generations.publications(data)]
    assert told == [(names[0], Cause.INGEST), (names[1], Cause.INGEST), (names[0], Cause.ROLLBACK)]


def test_a_line_of_the_history_that_was_cut_off_spoils_no_other(data: Path, folder: Path) -> None:
    with (data / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"generation": "2026')
    generations.publish(data, folder.name)
    assert [each.generation for each in generations.publications(data)] == [folder.name, folder.name]


def test_without_a_name_the_one_before_is_brought_back(data: Path, folder: Path) -> None:
    names = [folder.name, published(data, NOON + timedelta(minutes=1)), published(data, NOON + timedelta(minutes=2))]
    assert generations.rollback(data) == names[1]
    assert generations.rollback(data) == generations.live(data) == names[0]
    with pytest.raises(NothingEarlier):
        generations.rollback(data)
    assert generations.rollback(data, names[2]) == generations.live(data) == names[2]


@pytest.fixture
def four(data: Path, folder: Path) -> list[str]:
    """Be four generations that were published one after the other."""
    names = copied(folder, 3)
    for name in names[1:]:
        generations.publish(data, name)
    return names


def test_going_back_after_another_ingest_leads_to_what_answered_before_it(data: Path, four: list[str]) -> None:
    a, b, c, bad = four
    assert generations.rollback(data) == c
    next_one = published(data, NOON + timedelta(days=200))
    assert generations.earlier(data, next_one) == [c, b, a]
    assert generations.rollback(data) == c
    assert generations.rollback(data, bad) == bad


def test_going_back_asks_the_history_and_not_the_clock(data: Path, folder: Path) -> None:
    younger = published(data, NOON - timedelta(days=300))
    assert generations.rollback(data) == folder.name
    assert younger < folder.name


def test_what_answered_before_is_never_cleaned_up(data: Path, four: list[str]) -> None:
    a = four[0]
    generations.rollback(data, a)
    last = published(data, NOON + timedelta(days=200))
    assert a in generations.history(data)
    assert generations.rollback(data) == a
    assert last in generations.history(data)


def test_where_the_switch_was_cut_off_what_answers_is_not_its_own_predecessor(data: Path, four: list[str]) -> None:
    a, b, c, _ = four
    (data / "live").write_text(f'{{"generation": "{c}"}}', "utf-8")
    assert generations.earlier(data, c) == [b, a]


def test_what_another_embedder_made_is_not_brought_back(data: Path, folder: Path) -> None:
    second = published(data, NOON + timedelta(minutes=1))
    with pytest.raises(EmbedderMismatch):
        generations.rollback(data, folder.name, "another-1")
    assert generations.live(data) == second
    assert generations.rollback(data, folder.name, EMBEDDER.fingerprint) == folder.name


def spoil_last_line(data: Path) -> None:
    """Let the last line of the history be unreadable."""
    *lines, last = (data / "history.jsonl").read_text("utf-8").splitlines()
    (data / "history.jsonl").write_text("\n".join([*lines, last[: len(last) // 2], ""]), "utf-8")


def test_what_is_live_is_never_removed_though_its_line_in_the_history_cannot_be_read(data: Path, folder: Path) -> None:
    second = published(data, NOON + timedelta(minutes=1))
    spoil_last_line(data)
    generations.recover(data)
    assert generations.history(data) == [second, folder.name]
    assert generations.named(data) == (second, None)
    assert generations.purge(data) == (second, 1)
    assert (generations.unreadable(data), generations.named(data)) == (0, (second, None))


def test_nothing_whole_is_removed_while_a_line_of_the_history_cannot_be_read(data: Path, folder: Path) -> None:
    second = published(data, NOON + timedelta(minutes=1))
    spoil_last_line(data)
    third = published(data, NOON + timedelta(minutes=2))
    generations.recover(data)
    assert generations.history(data) == [third, second, folder.name]
    assert generations.unreadable(data) == 1


def test_what_the_pointer_names_is_never_removed(data: Path) -> None:
    second = write(data, build(), NOON + timedelta(minutes=1))
    (data / "live").write_text(f'{{"generation": "{second}"}}', "utf-8")
    generations.recover(data)
    assert second in generations.history(data)


def test_what_is_unknown_or_damaged_is_not_brought_back(data: Path, folder: Path) -> None:
    second = published(data, NOON + timedelta(minutes=1))
    (folder / "vectors.npy").write_bytes(b"")
    with pytest.raises(UnknownGeneration):
        generations.rollback(data, "20200101-000000-aaaaaa")
    with pytest.raises(DamagedGeneration):
        generations.rollback(data)
    assert generations.live(data) == second


def test_what_killed_writers_left_is_removed(data: Path, folder: Path) -> None:
    shutil.copytree(folder, folder.with_name("20270101-000000-aaaaaa.part"))
    shutil.copytree(folder, folder.with_name("20270101-000000-bbbbbb"))
    folder.with_name("20270101-000000-cccccc").mkdir()
    (data / "live.7.part").write_text("{", "utf-8")
    generations.recover(data)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert not list(data.glob("*.part"))


def test_purging_leaves_what_is_live_and_nothing_of_what_was(data: Path) -> None:
    second = write(data, build(ENTRIES[:1], PASSAGES[:2]), NOON + timedelta(minutes=1))
    generations.publish(data, second)
    assert generations.purge(data) == (second, 1)
    assert generations.history(data) == [second]
    left = b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file())
    assert "Größe".encode() not in left
    assert b"b.md" not in left


def test_an_empty_data_folder_has_nothing_live(tmp_path: Path) -> None:
    with pytest.raises(NoGeneration):
        generations.live(tmp_path)
    with pytest.raises(NoGeneration):
        LiveGeneration(tmp_path, EMBEDDER.fingerprint).lease()


@pytest.mark.parametrize("pointer", ["", "no json", "[]", "{}", '"name"'])
def test_a_broken_pointer_is_damage(pointer: str, tmp_path: Path) -> None:
    (tmp_path / "live").write_text(pointer, "utf-8")
    with pytest.raises(DamagedGeneration) as raised:
        generations.live(tmp_path)
    assert raised.value.part == "pointer"


def test_a_pointer_that_is_gone_is_damage_where_something_was_published(data: Path) -> None:
    (data / "live").unlink()
    with pytest.raises(DamagedGeneration):
        generations.live(data)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "7", '{"schema": 3}', '{"schema": 3, "documents": 5, "created": ""}']
)
def test_a_broken_manifest_is_damage(content: str, folder: Path) -> None:
    (folder / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(DamagedGeneration) as raised:
        Generation(folder)
    assert raised.value.part == "manifest"


def test_a_word_that_was_changed_in_a_manifest_is_damage(folder: Path) -> None:
    file = folder / "manifest.json"
    file.write_bytes(file.read_bytes().replace(b"board", b"staff"))
    with pytest.raises(DamagedGeneration) as raised:
        Generation(folder)
    assert raised.value.part == "manifest"


def test_a_generation_of_another_time_is_refused(folder: Path) -> None:
    of_schema(folder, 0)
    with pytest.raises(DamagedGeneration) as raised:
        Generation(folder)
    assert raised.value.part == "schema"


def test_a_generation_of_a_later_version_is_named_as_such(folder: Path) -> None:
    of_schema(folder, manifest.SCHEMA + 1)
    with pytest.raises(NewerGeneration):
        Generation(folder)


PARTS = {
    "keys.npy": "keys",
    "ids.npy": "ids",
    "vectors.npy": "vectors",
    "piece_vectors.npy": "piece_vectors",
    "piece_starts.npy": "piece_starts",
    "text_starts.npy": "text_starts",
    "passages.jsonl": "passages",
    "keywords/terms.txt": "keywords",
    "keywords/starts.npy": "keywords",
    "keywords/passages.npy": "keywords",
    "keywords/counts.npy": "keywords",
    "keywords/lengths.npy": "keywords",
    "chroma/chroma.sqlite3": "chroma",
}


@pytest.mark.parametrize("harm", ["gone", "empty", "half", "flipped"])
@pytest.mark.parametrize(("file", "part"), PARTS.items())
def test_a_damaged_part_is_found_and_named(file: str, part: str, harm: str, folder: Path) -> None:
    damage(folder / file, harm)
    with pytest.raises(DamagedGeneration) as raised:
        manifest.verify(folder, manifest.read(folder))
    assert (raised.value.generation, raised.value.part) == (folder.name, part)


@pytest.mark.parametrize("file", ["data_level0.bin", "link_lists.bin", "index_metadata.pickle"])
def test_a_damaged_index_is_found_and_named(file: str, folder: Path) -> None:
    damage(next(folder.glob(f"chroma/*/{file}")), "gone")
    with pytest.raises(DamagedGeneration) as raised:
        manifest.verify(folder, manifest.read(folder))
    assert raised.value.part == "chroma"


def test_reading_changes_no_file(folder: Path) -> None:
    before = manifest.sums(folder)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    verify(folder)
    assert manifest.sums(folder) == before
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == times


@pytest.mark.parametrize(
    ("file", "array"),
    [
        ("vectors", np.zeros((2, 32), np.float16)),
        ("vectors", np.full((3, 32), np.nan, np.float16)),
        ("ids", np.array([0, 0, 1, 3])),
        ("keys", np.zeros((4, 16), np.uint8)),
    ],
)
def test_arrays_that_do_not_fit_are_damage(file: str, array: NDArray[np.generic], folder: Path) -> None:
    np.save(folder / f"{file}.npy", array)
    with pytest.raises(DamagedGeneration) as raised:
        verify(folder)
    assert raised.value.part == file


def test_what_is_not_found_by_its_own_vector_is_not_published(folder: Path) -> None:
    shutil.rmtree(folder / "chroma")
    others = EMBEDDER.embed(["wholly", "other", "words"])
    store.build(folder / "chroma", Rows(others, [("hr", "board")] * 2 + [("all",)], np.array([2, 1, 0])))
    with pytest.raises((NotVerified, DamagedGeneration)):
        verify(folder)


def test_a_passage_that_cannot_be_read_is_damage(folder: Path) -> None:
    size = (folder / "passages.jsonl").stat().st_size
    (folder / "passages.jsonl").write_bytes(b"x" * size)
    with pytest.raises(DamagedGeneration) as raised:
        Generation(folder).passage(0)
    assert raised.value.part == "passages"
