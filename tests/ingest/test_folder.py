"""A folder's files are listed in order, and a file's checksum changes with all that is said about it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.errors import BrokenMetadata, OutsideFolder, TooLarge, Unreadable
from ingest.readers import handbook
from ingest.sources.folder import Folder, walk
from tests.handbooks import write

if TYPE_CHECKING:
    from collections.abc import Callable


def listed(folder: Path) -> list[str]:
    return list(walk(folder).files)


def checksum(folder: Path, path: str = "sub/a.md") -> str:
    return Folder(folder, {}).examine(path).checksum


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "handbook", {"b.md": "B", "sub/a.md": "A", "sub/deep/c.txt": "C"})


def test_files_of_all_folders_are_listed_in_order(folder: Path) -> None:
    assert listed(folder) == ["b.md", "sub/a.md", "sub/deep/c.txt"]


def test_an_empty_folder_lists_nothing(tmp_path: Path) -> None:
    assert listed(tmp_path) == []


@pytest.mark.parametrize("hidden", [".hidden.md", ".git/config.md", "~$open.docx", "sub/.DS_Store"])
def test_hidden_files_and_locks_of_office_are_passed_over(folder: Path, hidden: str) -> None:
    write(folder, {hidden: "x"})
    assert listed(folder) == ["b.md", "sub/a.md", "sub/deep/c.txt"]


@pytest.mark.parametrize("name", ["handbook.yaml", "handbook.yml"])
def test_what_speaks_about_documents_is_none_itself(folder: Path, name: str) -> None:
    write(folder, {name: "defaults: {}", f"sub/{name}": "defaults: {}"})
    assert listed(folder) == ["b.md", "sub/a.md", "sub/deep/c.txt"]


def test_files_of_any_format_are_listed_so_that_they_can_be_rejected_by_name(folder: Path) -> None:
    write(folder, {"notes.odt": "x", "noending": "x"})
    assert {"notes.odt", "noending"} <= set(listed(folder))


def test_a_source_knows_its_path_and_size(folder: Path) -> None:
    source = Folder(folder, {}).examine("sub/a.md")
    assert (source.path, source.size) == ("sub/a.md", 1)


def test_a_checksum_stays_when_nothing_changes_and_differs_when_the_content_does(folder: Path) -> None:
    before = checksum(folder)
    assert checksum(folder) == before
    write(folder, {"sub/a.md": "Z"})
    assert checksum(folder) != before


@pytest.mark.parametrize("name", ["handbook.yaml", "handbook.yml", "sub/handbook.yaml", "sub/handbook.yml"])
def test_a_checksum_changes_with_every_file_that_speaks_about_the_document(folder: Path, name: str) -> None:
    bare = checksum(folder)
    write(folder, {name: "defaults: {audience: all}"})
    opened = checksum(folder)
    write(folder, {name: "defaults: {audience: hr}"})
    assert len({bare, opened, checksum(folder)}) == 3
    (folder / name).unlink()
    assert checksum(folder) == bare


def test_a_checksum_changes_when_the_same_words_are_said_from_another_place(folder: Path) -> None:
    write(folder, {"sub/handbook.yaml": "documents: {a.md: {audience: hr}}"})
    below = checksum(folder)
    (folder / "sub/handbook.yaml").rename(folder / "handbook.yaml")
    assert checksum(folder) != below


def test_a_checksum_ignores_what_speaks_about_other_folders(folder: Path) -> None:
    before = checksum(folder)
    write(folder, {"sub/deep/handbook.yaml": "defaults: {audience: hr}", "other/handbook.yaml": "defaults: {}"})
    assert checksum(folder) == before


def test_a_checksum_does_not_depend_on_where_the_folder_lies(folder: Path, tmp_path: Path) -> None:
    write(folder, {"handbook.yaml": "defaults: {}"})
    before = checksum(folder)
    assert checksum(folder.rename(tmp_path / "moved")) == before


def test_a_link_inside_the_folder_is_a_file_like_any_other(folder: Path) -> None:
    (folder / "link.md").symlink_to(folder / "b.md")
    assert "link.md" in listed(folder)
    assert Folder(folder, {}).examine("link.md").size == 1


def test_a_link_that_leads_out_is_refused(folder: Path, tmp_path: Path) -> None:
    write(tmp_path, {"secret.md": "S"})
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    assert "link.md" in listed(folder)
    with pytest.raises(OutsideFolder):
        Folder(folder, {}).examine("link.md")


def test_a_folder_behind_a_link_is_not_walked(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", {"secret.md": "S"})
    (folder / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert "link/secret.md" not in listed(folder)


def test_a_link_to_its_own_folder_does_not_go_round_in_circles(folder: Path) -> None:
    (folder / "sub" / "round").symlink_to(folder, target_is_directory=True)
    assert listed(folder) == ["b.md", "sub/a.md", "sub/deep/c.txt", "sub/round"]


def test_a_link_to_nothing_is_listed_so_that_it_can_be_rejected(folder: Path) -> None:
    (folder / "broken.md").symlink_to(folder / "gone.md")
    assert "broken.md" in listed(folder)
    with pytest.raises(Unreadable, match="ENOENT"):
        Folder(folder, {}).examine("broken.md")


def test_a_folder_that_is_left_out_is_not_walked_nor_reached_by_a_link(folder: Path, tmp_path: Path) -> None:
    write(folder, {"data/generations/x/terms.txt": "closed"})
    (tmp_path / "other-name").symlink_to(folder / "data")
    (folder / "link.txt").symlink_to(folder / "data/generations/x/terms.txt")
    left_out = tmp_path / "other-name"
    assert walk(folder, left_out).files == ("b.md", "link.txt", "sub/a.md", "sub/deep/c.txt")
    with pytest.raises(OutsideFolder):
        Folder(folder, {}, left_out).examine("link.txt")


def test_a_link_to_itself_is_rejected_by_name(folder: Path) -> None:
    (folder / "ring.md").symlink_to("ring.md")
    assert "ring.md" in listed(folder)
    with pytest.raises(Unreadable, match="ELOOP"):
        Folder(folder, {}).examine("ring.md")


@pytest.mark.parametrize("name", ["pipe.md", "link.md"])
def test_a_pipe_is_listed_and_rejected_without_waiting_for_a_writer(folder: Path, name: str) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "link.md").symlink_to("pipe.md")
    assert name in listed(folder)
    with pytest.raises(Unreadable, match="ENODEV"):
        Folder(folder, {}).examine(name)


def test_a_file_over_the_limit_is_rejected_before_it_is_read(folder: Path) -> None:
    with (folder / "vast.md").open("wb") as file:
        file.truncate(20_000_000_000)
    with pytest.raises(TooLarge):
        Folder(folder, {}).examine("vast.md")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_folder_without_rights_is_named_and_the_others_go_on(folder: Path) -> None:
    (folder / "sub" / "deep").chmod(0)
    listing = walk(folder)
    (folder / "sub" / "deep").chmod(0o700)
    assert listing.files == ("b.md", "sub/a.md")
    assert listing.closed["sub/deep"].args == ("EACCES",)


def test_folders_that_nest_without_end_are_named_and_the_others_go_on(folder: Path) -> None:
    (folder / Path(*["d"] * 300)).mkdir(parents=True)
    listing = walk(folder)
    assert listing.files == ("b.md", "sub/a.md", "sub/deep/c.txt")
    (reason,) = listing.closed.values()
    assert isinstance(reason, TooLarge)


def _link_to_nothing(place: Path) -> None:
    place.symlink_to("gone.yaml")


def _ring(place: Path) -> None:
    place.symlink_to(place.name)


def _folder_of_that_name(place: Path) -> None:
    place.mkdir()


def _pipe(place: Path) -> None:
    os.mkfifo(place)


def _link_to_a_pipe(place: Path) -> None:
    os.mkfifo(place.with_name("pipe"))
    place.symlink_to("pipe")


@pytest.mark.parametrize("made", [_link_to_nothing, _ring, _folder_of_that_name, _pipe, _link_to_a_pipe])
@pytest.mark.parametrize("name", ["handbook.yaml", "sub/handbook.yml"])
def test_what_goes_by_the_name_of_a_handbook_yaml_and_cannot_be_read_closes_all_below(
    folder: Path, name: str, made: Callable[[Path], None]
) -> None:
    made(folder / name)
    with pytest.raises(BrokenMetadata) as raised:
        Folder(folder, {}).examine("sub/a.md")
    assert (raised.value.fault, raised.value.source) == ("no file", name)
    with pytest.raises(BrokenMetadata) as raised:
        handbook.above(Path("sub/a.md"), folder)
    assert (raised.value.fault, raised.value.source) == ("no file", name)


def test_a_handbook_yaml_without_measure_closes_all_below_and_is_not_read_whole(folder: Path) -> None:
    with (folder / "handbook.yaml").open("wb") as file:
        file.truncate(20_000_000_000)
    with pytest.raises(BrokenMetadata, match="too long"):
        Folder(folder, {}).examine("b.md")
