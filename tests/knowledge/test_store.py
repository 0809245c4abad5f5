"""The vectors of a generation, read back from Chroma."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge import store
from knowledge.embeddings import unit
from knowledge.errors import DamagedGeneration
from knowledge.store import Rows, VectorStore

if TYPE_CHECKING:
    from pathlib import Path

ALL, HR = ("all",), ("hr",)
VECTORS = unit(np.random.default_rng(3).standard_normal((120, 16)).astype(np.float32))
AUDIENCES = [HR if number % 4 == 0 else ALL for number in range(len(VECTORS))]


def test_of_few_passages_the_nearest_are_exactly_the_nearest_and_only_of_that_audience(tmp_path: Path) -> None:
    ids = np.arange(len(VECTORS)) + 1000  # a passage's number is its place, whatever its id in Chroma
    store.build(tmp_path / "chroma", Rows(VECTORS, AUDIENCES, ids))
    with closing(VectorStore(tmp_path / "chroma", "g", ids)) as opened:
        for vector in VECTORS[:20]:
            found = opened.nearest(vector, {ALL: 10})
            open_to_all = np.array([number for number, audience in enumerate(AUDIENCES) if audience == ALL])
            expected = open_to_all[np.argsort(-(VECTORS[open_to_all] @ vector))[:10]]
            assert sorted(found.tolist()) == sorted(expected.tolist())
            assert sorted(opened.nearest_of(vector[None, :], ALL, 10)[0].tolist()) == sorted(found.tolist())
        assert len(opened.nearest(VECTORS[0], {ALL: 10, HR: 500})) == 10 + AUDIENCES.count(HR)
        with pytest.raises(DamagedGeneration):
            opened.nearest(VECTORS[0], {("nobody",): 5})


@pytest.mark.slow
def test_of_many_passages_hardly_one_of_the_nearest_is_missed(tmp_path: Path) -> None:
    source = np.random.default_rng(5)
    shapes = source.standard_normal((40, 256)).astype(
        np.float32
    )  # as texts: about a few dozen things, each told in its own way
    told = source.standard_normal((store.WHOLE + 1000, 40)) @ shapes + source.standard_normal((store.WHOLE + 1000, 256))
    vectors, ids = unit(told.astype(np.float32)), np.arange(store.WHOLE + 1000)
    store.build(tmp_path / "chroma", Rows(vectors, [ALL] * len(ids), ids))
    with closing(VectorStore(tmp_path / "chroma", "g", ids)) as opened:
        exact = [set(np.argsort(-(vectors @ vector))[:50].tolist()) for vector in vectors[:100]]
        found = [set(opened.nearest(vector, {ALL: 50}).tolist()) for vector in vectors[:100]]
    assert sum(len(one & other) for one, other in zip(exact, found, strict=True)) >= 0.99 * 50 * 100
