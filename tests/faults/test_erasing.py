"""Erased means erased: after a purge, no byte of a document that is gone is left in the data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge import generations, manifest
from knowledge.generation import Generation
from tests.fakes import WordEmbedder
from tests.handbooks import take_in, write

if TYPE_CHECKING:
    from pathlib import Path

GONE = "Zyxquorth"
EMBEDDER = WordEmbedder()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Be a data folder in which a document came, was changed, and left again, each time by a copied index."""
    handbook = write(tmp_path / "handbook", {f"{n}.md": f"# Part {n}\n\nAbout number {n}." for n in range(20)})
    data = tmp_path / "data"
    take_in(handbook, data, EMBEDDER)
    for text in (f"# {GONE}\n\nThe {GONE} is here.", f"# {GONE}\n\nThe {GONE} was here."):
        take_in(write(handbook, {"secret.md": text}), data, EMBEDDER)
    (handbook / "secret.md").unlink()
    take_in(handbook, data, EMBEDDER)
    return data


def content(data: Path) -> bytes:
    return b"\0".join(file.read_bytes() for file in data.rglob("*") if file.is_file())


def traces(data: Path) -> list[str]:
    """Return what is left: the word in any case and encoding, its 4-grams as terms, its path, its vectors in either precision."""
    texts = [GONE, GONE.lower(), f"={GONE.lower()}", "zyxq", "quor", "secret.md"]
    found = [text for text in texts for code in ("utf-8", "utf-16-le") if text.encode(code) in content(data)]
    for text in (f"{GONE} {GONE} The {GONE} is here.", f"The {GONE} was here."):
        vector = EMBEDDER.embed([text])[0]
        kept = vector.astype(np.float16).astype(np.float32)
        for form in (vector, kept, vector.astype(np.float16)):
            found += [f"vector of {text}"] if form.tobytes() in content(data) else []
    return found


@pytest.mark.slow
def test_before_a_purge_there_are_traces_and_afterwards_none(data: Path) -> None:
    assert "secret.md" in traces(data)
    assert any(trace.startswith("vector") for trace in traces(data))
    before = Generation(generations.place(data, generations.live(data)))
    assert not before.manifest.compact
    gone = set(range(int(before.ids[-1]))) - set(before.ids[:-1].tolist())
    before.close()
    name, removed = generations.purge(data)
    assert (removed, generations.history(data)) == (4, [name])
    assert traces(data) == []
    after = Generation(generations.place(data, name))
    assert after.manifest.compact
    assert gone - set(range(after.manifest.passages)) == gone, "numbers of what is gone are not in use"
    after.close()


@pytest.mark.slow
def test_what_stays_is_the_same_after_a_purge(data: Path) -> None:
    before = Generation(generations.place(data, generations.live(data)))
    texts = [before.passage(number) for number in range(before.manifest.passages)]
    before.close()
    after = Generation(generations.place(data, generations.purge(data)[0]))
    assert [after.passage(number) for number in range(after.manifest.passages)] == texts
    manifest.verify(after.folder, after.manifest)
    after.close()
