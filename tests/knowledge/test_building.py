"""A generation that has grown out of the one before is the one that would have been built anew."""

from __future__ import annotations

import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import building, generations, keywords, manifest
from knowledge.counting import Counter
from knowledge.errors import StorageFull, StorageRefused
from knowledge.generation import Generation
from knowledge.keywords import KeywordIndex, terms
from knowledge.postings import Postings, grow
from tests.fakes import WordEmbedder
from tests.handbooks import STARTER, take_in, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EXACT = ("passages.jsonl", "text_starts.npy", "keys.npy", "vectors.npy", "piece_vectors.npy", "piece_starts.npy")
ARRAYS = ("starts", "passages", "counts", "lengths")
PARTS = ("firsts", "starts", "terms")
WORDS = tuple(f"keywords/{name}.npy" for name in (*ARRAYS, *(f"part_{name}" for name in PARTS)))


def counted(texts: Sequence[str], numbers: Sequence[int] | None = None, total: int | None = None) -> Postings:
    counter = Counter(terms)
    for text in texts:
        above, *pieces = text.split("|")
        counter.add(map(keywords.words, (above, *(part for piece in pieces for part in (piece, above)))), "en")
    places = np.arange(len(texts)) if numbers is None else np.array(numbers, np.int64)
    return counter.postings(places, len(texts) if total is None else total)


def same(one: Postings, other: Postings) -> bool:
    return (
        list(one.terms) == list(other.terms)
        and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS)
        and all(np.array_equal(getattr(one.parts, name), getattr(other.parts, name)) for name in PARTS)
    )


WORD = st.sampled_from(["data", "date", "policy", "policies", "Größe", "ki", "a", "tools tools", "x1", "|"])
TEXTS = st.lists(st.lists(WORD, max_size=5).map(" ".join), max_size=8)


@given(before=TEXTS, added=TEXTS, chooser=st.randoms())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_words_that_have_grown_are_those_that_would_be_counted_anew(
    before: list[str], added: list[str], chooser: np.random.Generator
) -> None:
    row = [(number, text) for number, text in enumerate(before) if chooser.random() < 0.7]
    for text in added:
        row.insert(int(chooser.random() * (len(row) + 1)), (-1, text))
    origin = np.array([number for number, _ in row], np.int64)
    fresh = [place for place, (number, _) in enumerate(row) if number < 0]
    grown = grow(counted(before), origin, counted([row[place][1] for place in fresh], fresh, len(row)))
    assert same(grown, counted([text for _, text in row]))


def test_words_are_counted_as_terms_are_taken_from_a_text() -> None:
    text = "Überprüfung personenbezogener Kundendaten, § 4.2: KI-Werkzeuge, KI-Werkzeuge!"
    by_word = Counter(terms)
    by_word.add((keywords.words(text),), "de")
    whole = KeywordIndex.build([terms(text, "de")])
    assert same(by_word.postings(np.arange(1), 1), whole.postings)


def part(data: Path, path: str) -> bytes:
    return (data / "generations" / generations.live(data) / path).read_bytes()


@pytest.mark.slow
def test_a_handbook_that_changed_step_by_step_is_the_one_that_is_taken_in_at_once(tmp_path: Path) -> None:
    handbook, embedder = tmp_path / "handbook", WordEmbedder()
    files = sorted(STARTER.glob("*.md"))
    write(handbook, {file.name: file.read_text("utf-8") for file in files[:6]})
    take_in(handbook, tmp_path / "data", embedder)
    for file in files[6:8]:
        shutil.copy(file, handbook)
        take_in(handbook, tmp_path / "data", embedder)
    (handbook / files[2].name).unlink()
    write(handbook, {files[4].name: files[4].read_text("utf-8") + "\n\nOne more sentence.\n"})
    take_in(handbook, tmp_path / "data", embedder)
    take_in(handbook, tmp_path / "fresh", embedder)
    differing = [
        p for p in (*EXACT, "keywords/terms.txt", *WORDS) if part(tmp_path / "data", p) != part(tmp_path / "fresh", p)
    ]
    assert differing == []


def test_an_id_in_chroma_is_never_used_again(tmp_path: Path) -> None:
    handbook = write(tmp_path / "handbook", {f"{n}.md": f"# {n}\n\nAbout number {n}." for n in range(10)})
    data, embedder = tmp_path / "data", WordEmbedder()
    seen: list[set[int]] = []
    for turn in range(3):
        write(handbook, {f"{turn}.md": f"# {turn}\n\nNow about turn {turn}."})
        take_in(handbook, data, embedder)
        generation = Generation(data / "generations" / generations.live(data))
        seen.append(set(generation.ids[:-1].tolist()))
        assert generation.ids[-1] == 10 + turn
        assert manifest.read(generation.folder).compact == (turn == 0)
        generation.close()
    assert [len(after - before) for before, after in pairwise(seen)] == [1, 1]


def test_what_could_not_be_written_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    place = write(tmp_path, {"data": "a file where the folder should be"}) / "data"
    handbook = write(tmp_path / "handbook", {"a.md": "# A\n\nAsk first."})
    with pytest.raises((StorageRefused, StorageFull)):
        take_in(handbook, place, WordEmbedder())
    assert building.GROWN < 1


def test_many_passages_that_say_nearly_the_same_are_published(tmp_path: Path) -> None:
    sections = "\n\n".join(f"## Part {n}\n\nThe same words as in every part, and number {n % 4}." for n in range(60))
    handbook = write(tmp_path / "handbook", {"a.md": f"# A\n\n{sections}\n"})
    assert take_in(handbook, tmp_path / "data", WordEmbedder()).passages == 60
