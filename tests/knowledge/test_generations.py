"""A generation is written whole, published in one step, followed by those who use it, and says so when it is damaged."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from adapters.errors import words as in_words
from knowledge import generations
from knowledge.documents import Kind, Metadata, Passage, Status
from knowledge.errors import DamagedGeneration, EmbedderMismatch, NoGeneration
from knowledge.generations import KEPT, Build, Entry, Generation, LiveGeneration
from knowledge.keywords import terms
from knowledge.language import LANGUAGES
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EMBEDDER = WordEmbedder()
POLICY = Metadata(
    "Richtlinie",
    "de",
    version="1.2",
    effective=date(2026, 3, 1),
    review_by=date(2027, 3, 1),
    owner="KI-Stelle",
    contact="ki@firma.example",
    audience=("hr", "board"),
    status=Status.SUPERSEDED,
    supersedes=("old.md", "Older"),
    superseded_by="new.md",
    url="https://intranet.firma.example/ki",
    external=False,
)
PASSAGES = (
    Passage("a.md", ("A", "Rules"), Kind.ITEM, ("Ask first.", "Then send."), leads=("Rules:", "Rules:"), page=3),
    Passage("a.md", ("A",), Kind.ROW, ("ChatGPT | no",), ("Tool", "Allowed"), ("",)),
    Passage("b.md", (), Kind.TEXT, ("Größe: 5 µm – „gut“.",), leads=("",)),
)
ENTRIES = (
    Entry("a.md", "checksum", 12, 34, POLICY, 0, 2, ("open_by_default",), 5, 1),
    Entry("b.md", "other", 1, 2, Metadata("B", "en"), 2, 1),
)


def build(entries: tuple[Entry, ...] = ENTRIES, passages: Sequence[Passage] = PASSAGES) -> Build:
    pieces = [piece for passage in passages for piece in passage.pieces]
    return Build(
        folder="/handbook",
        embedder=EMBEDDER.fingerprint,
        entries=entries,
        passages=passages,
        keys=[bytes([number] * 16) for number in range(len(passages))],
        terms=[terms(passage.text, "en") for passage in passages],
        vectors=EMBEDDER.embed([passage.text for passage in passages]),
        piece_vectors=EMBEDDER.embed(pieces),
    )


def published(data: Path, now: datetime = NOON) -> str:
    name = generations.write(data, build(), now)
    generations.publish(data, name)
    return name


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


def test_a_whole_generation_passes_its_check(opened: Generation) -> None:
    opened.check()


def test_a_generation_without_documents_is_whole_too(tmp_path: Path) -> None:
    empty = Build("/empty", EMBEDDER.fingerprint, (), (), (), (), EMBEDDER.embed([]), EMBEDDER.embed([]))
    generation = Generation(tmp_path / "generations" / generations.write(tmp_path, empty))
    generation.check()
    generation.close()


def test_nothing_is_live_before_it_is_published(tmp_path: Path) -> None:
    name = generations.write(tmp_path, build())
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
    generations.publish(data, names[-1])
    assert generations.history(data) == names[: -KEPT - 2 : -1]
    assert generations.live(data) == names[-1]


def test_going_back_keeps_the_generations_around_it(data: Path, folder: Path) -> None:
    names = copied(folder, 2)
    generations.publish(data, names[-1])
    generations.publish(data, names[0])
    assert generations.live(data) == names[0]
    assert generations.history(data) == names[::-1]


def test_an_empty_data_folder_has_nothing_live(tmp_path: Path) -> None:
    with pytest.raises(NoGeneration):
        generations.live(tmp_path)
    with pytest.raises(NoGeneration):
        LiveGeneration(tmp_path, EMBEDDER.fingerprint).current()


@pytest.mark.parametrize("pointer", ["", "no json", "[]", "{}", '"name"'])
def test_a_broken_pointer_is_damage(pointer: str, tmp_path: Path) -> None:
    (tmp_path / "live").write_text(pointer, "utf-8")
    with pytest.raises(DamagedGeneration) as raised:
        generations.live(tmp_path)
    assert raised.value.part == "pointer"


def test_a_pointer_to_nothing_is_damage(data: Path, folder: Path) -> None:
    shutil.rmtree(folder)
    with pytest.raises(DamagedGeneration) as raised:
        LiveGeneration(data, EMBEDDER.fingerprint).current()
    assert (raised.value.generation, raised.value.part) == (folder.name, "manifest")


@pytest.mark.parametrize(
    "manifest", ["", "{", "[]", "7", '{"schema": 1}', '{"schema": 1, "documents": 5, "created": ""}']
)
def test_a_broken_manifest_is_damage(manifest: str, folder: Path) -> None:
    (folder / "manifest.json").write_text(manifest, "utf-8")
    with pytest.raises(DamagedGeneration) as raised:
        Generation(folder)
    assert raised.value.part == "manifest"


def test_a_generation_of_another_time_is_refused(folder: Path) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"schema": 0}), "utf-8")
    with pytest.raises(DamagedGeneration) as raised:
        Generation(folder)
    assert raised.value.part == "schema"


PARTS = {
    "keys.npy": "keys",
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


@pytest.mark.parametrize("harm", ["gone", "empty", "half"])
@pytest.mark.parametrize(("file", "part"), PARTS.items())
def test_a_damaged_part_is_found_and_named(file: str, part: str, harm: str, folder: Path) -> None:
    path = folder / file
    content = path.read_bytes()
    path.write_bytes(b"" if harm == "empty" else content[: len(content) // 2])
    if harm == "gone":
        path.unlink()
    generation = Generation(folder)
    with pytest.raises(DamagedGeneration) as raised:
        generation.check()
    assert (raised.value.generation, raised.value.part) == (generation.name, part)
    generation.close()


def test_vectors_of_another_generation_are_damage(folder: Path) -> None:
    np.save(folder / "vectors.npy", np.zeros((2, 32), np.float16))
    generation = Generation(folder)
    with pytest.raises(DamagedGeneration) as raised:
        generation.check()
    assert raised.value.part == "vectors"


def test_a_passage_that_cannot_be_read_is_damage(folder: Path) -> None:
    size = (folder / "passages.jsonl").stat().st_size
    (folder / "passages.jsonl").write_bytes(b"x" * size)
    with pytest.raises(DamagedGeneration) as raised:
        Generation(folder).passage(0)
    assert raised.value.part == "passages"


def test_another_embedder_is_refused_in_words(data: Path) -> None:
    with pytest.raises(EmbedderMismatch) as raised:
        LiveGeneration(data, "words-2").current()
    for language in LANGUAGES:
        said = in_words(raised.value, language)
        assert "words-1" in said
        assert "words-2" in said


def test_what_is_live_is_opened_once(data: Path) -> None:
    live = LiveGeneration(data, EMBEDDER.fingerprint)
    assert live.current() is live.current()


def test_who_uses_what_is_live_follows_a_switch(data: Path, folder: Path) -> None:
    first = folder.name
    live = LiveGeneration(data, EMBEDDER.fingerprint)
    assert live.current().name == first
    second = published(data, NOON + timedelta(minutes=1))
    assert live.current().name == second
    generations.publish(data, first)
    assert live.current().name == first
