"""Each replica answers from a copy of its own of what is published in the shared folder or object store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from fsspec.core import url_to_fs

from adapters.serving.generation import Follower, fetch, published, share
from knowledge import generations
from knowledge.errors import KnowledgeError
from tests.handbooks import STARTER, built_in, take_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a data folder with a published handbook of two documents."""
    documents = tmp_path / "documents"
    documents.mkdir()
    for name in ("data-classes.md", "ai-training.md"):
        (documents / name).write_bytes((STARTER / name).read_bytes())
    take_in(documents, tmp_path / "source", built_in())
    return tmp_path / "source"


@pytest.fixture(params=["folder", "memory"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a shared folder, and of an object store that lives in memory."""
    return str(tmp_path / "shared") if request.param == "folder" else f"memory://{tmp_path.name}"


def again(source: Path) -> str:
    """Publish a changed handbook."""
    documents = source.parent / "documents"
    changed = documents / "ai-training.md"
    changed.write_text(changed.read_text("utf-8") + "\nTraining is repeated each year.\n", "utf-8")
    take_in(documents, source, built_in())
    return generations.live(source)


def test_a_replica_answers_from_its_own_copy_and_follows(source: Path, shared: str, tmp_path: Path) -> None:
    first = share(source, shared)
    follower = Follower(tmp_path / "replica", shared)
    assert follower.follow() == first == generations.live(tmp_path / "replica")
    second = again(source)
    assert share(source, shared) == second
    assert follower.follow() == second
    assert follower.created


def test_what_is_erased_where_it_is_published_is_erased_everywhere(source: Path, shared: str, tmp_path: Path) -> None:
    first = share(source, shared)
    fetch(tmp_path / "replica", shared)
    again(source)
    share(source, shared)
    fetch(tmp_path / "replica", shared)
    assert first in generations.history(tmp_path / "replica")
    generations.purge(source)
    share(source, shared)
    fetch(tmp_path / "replica", shared)
    assert first not in generations.history(tmp_path / "replica")


def test_a_copy_that_is_not_whole_never_answers(source: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    first = share(source, str(shared))
    fetch(tmp_path / "replica", str(shared))
    second = again(source)
    share(source, str(shared))
    file = shared / "generations" / second / "passages.jsonl"
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(KnowledgeError):
        fetch(tmp_path / "replica", str(shared))
    assert Follower(tmp_path / "replica", str(shared)).follow() == first


def test_a_store_that_is_not_there_changes_nothing(source: Path, tmp_path: Path) -> None:
    assert Follower(source, str(tmp_path / "nowhere")).follow() == generations.live(source)
    assert Follower(tmp_path / "empty", str(tmp_path / "nowhere")).follow() == ""


def test_a_pointer_that_leads_out_of_the_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "live").write_text(json.dumps({"generation": "../elsewhere"}), "utf-8")
    with pytest.raises(KnowledgeError):
        published(str(tmp_path))


def test_an_upload_that_was_cut_off_is_made_whole_by_the_next_one(source: Path, shared: str, tmp_path: Path) -> None:
    name = share(source, shared)
    files, root = url_to_fs(shared)
    files.pipe_file(f"{root}/generations/{name}/passages.jsonl", b"cut")
    assert share(source, shared) == name
    files.rm_file(f"{root}/generations/{name}/manifest.json")
    files.pipe_file(f"{root}/generations/{name}/passages.jsonl", b"cut")
    assert share(source, shared) == name
    assert Follower(tmp_path / "replica", shared).follow() == name


def test_a_copy_that_was_damaged_here_is_fetched_again(source: Path, shared: str, tmp_path: Path) -> None:
    name = share(source, shared)
    fetch(tmp_path / "replica", shared)
    file = generations.place(tmp_path / "replica", name) / "passages.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])
    assert Follower(tmp_path / "replica", shared).follow() == name
    assert file.read_bytes() == whole


def test_after_a_fetch_that_failed_the_next_waits(source: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    follower = Follower(tmp_path / "replica", str(shared))
    assert follower.follow() == ""
    assert follower.behind() > 0
    share(source, str(shared))
    assert follower.follow() == ""


def test_what_a_killed_fetch_left_goes_with_the_next(source: Path, shared: str, tmp_path: Path) -> None:
    left = tmp_path / "replica" / "generations" / "old.part"
    left.mkdir(parents=True)
    share(source, shared)
    follower = Follower(tmp_path / "replica", shared)
    assert follower.follow()
    assert follower.behind() == 0
    assert not left.exists()
