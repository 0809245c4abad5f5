"""Hostile files end with their content or one typed error: nothing breaks, and nothing outside the folder is read."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest import metadata, readers
from ingest.errors import BrokenMetadata, IngestError, OutsideFolder, ReadingError, Unreadable
from ingest.isolation import Readers
from ingest.readers import Content, front_matter
from ingest.splitter import split
from knowledge import glossary
from knowledge.documents import Block, Document, Kind
from tests import hostile
from tests.hostile import CANARY, Hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTER = Path(glossary.__file__).parent / "starter"
DOCUMENTS = [path for path in STARTER.iterdir() if path.suffix in readers.SUFFIXES]
LIGHT = [file for file in hostile.files() if not file.heavy]
HEAVY = [file for file in hostile.files() if file.heavy]
MUTATIONS = 200

_opened: list[str] = []
_listening = False


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event == "open" and not isinstance(arguments[0], int):  # a number: what is open already
        _opened.append(str(arguments[0]))


sys.addaudithook(_listen)


@contextlib.contextmanager
def opened() -> Iterator[list[str]]:
    """Collect the path of every file that is opened, by an audit hook of the interpreter (PEP 578)."""
    global _listening  # noqa: PLW0603 -- an audit hook cannot be taken back, only told
    _opened.clear()
    _listening = True
    try:
        yield _opened
    finally:
        _listening = False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder beside a file that must never be read."""
    top = tmp_path_factory.mktemp("hostile")
    (top / "secret.txt").write_text(CANARY, "utf-8")
    (top / "folder").mkdir()
    return top / "folder"


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> dict[str, Content | ReadingError]:
    """Read all light hostile files in one go."""
    outside = (folder.parent / "secret.txt").as_uri()
    for file in LIGHT:
        (folder / file.name).write_bytes(file.make(outside))
    with Readers(folder) as isolated:
        found = {path.name: outcome for path, outcome in isolated.read_all(folder / file.name for file in LIGHT)}
        assert isolated.broken == 0
    return found


def shown(outcome: Content | ReadingError) -> str:
    return (
        repr((outcome.sections, outcome.properties, outcome.front)) if isinstance(outcome, Content) else repr(outcome)
    )


def blocks(content: Content) -> list[Block]:
    return [block for section in content.sections for block in section.blocks]


def pathways(shared: Path) -> list[str]:
    """Return the strings that climb out of folders, each with and without an ending that can be read."""
    lines = (shared / "corpora" / "path_traversal.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line)["text"] for line in lines]
    return [*found, *(f"{text.strip()}.md" for text in found)]


@pytest.mark.slow
@pytest.mark.parametrize("file", LIGHT, ids=lambda file: file.name)
def test_a_hostile_file_is_content_or_one_typed_error(
    file: Hostile, outcomes: dict[str, Content | ReadingError]
) -> None:
    outcome = outcomes[file.name]
    assert type(outcome).__name__ in file.ends or (not file.ends and isinstance(outcome, (Content, ReadingError)))
    assert CANARY not in shown(outcome)


@pytest.mark.slow
@pytest.mark.parametrize("file", HEAVY, ids=lambda file: file.name)
def test_a_heavy_hostile_file_is_content_or_one_typed_error(file: Hostile, tmp_path: Path) -> None:
    path = tmp_path / file.name
    path.write_bytes(file.make((tmp_path / "secret.txt").as_uri()))
    with Readers(tmp_path) as isolated:
        ((_, outcome),) = isolated.read_all([path])
    assert type(outcome).__name__ in file.ends or (not file.ends and isinstance(outcome, (Content, ReadingError)))


@pytest.mark.slow
def test_formulas_are_plain_text(outcomes: dict[str, Content | ReadingError]) -> None:
    content = outcomes["formulas.csv"]
    assert isinstance(content, Content)
    assert blocks(content)[0].text == "=cmd|'/c calc'!A1 | @SUM(1)"


@pytest.mark.slow
def test_a_page_shows_its_text_and_nothing_that_it_would_load_or_run(
    outcomes: dict[str, Content | ReadingError],
) -> None:
    for name in ("web.html", "web.md"):
        content = outcomes[name]
        assert isinstance(content, Content)
        text = shown(content)
        assert hostile.VISIBLE in text
        assert not [word for word in ("evil()", "frame", "object", "192.0.2.1", "secret.txt") if word in text]


@pytest.mark.slow
def test_text_of_other_times_and_programs_is_read_right(outcomes: dict[str, Content | ReadingError]) -> None:
    names = [name for name in outcomes if name.startswith(("latin", "utf", "cp1252"))]
    assert len(names) == 7
    for name in names:
        content = outcomes[name]
        assert isinstance(content, Content)
        assert [block.text for block in blocks(content)] == ["Für Mitarbeitende gilt: keine Kundendaten."]


def test_what_stands_in_front_of_every_passage_stays_short(folder: Path) -> None:
    (folder / "long.md").write_text(f"# {'h' * 50_000}\n\n## Tools\n\nText", "utf-8")
    (folder / "long.csv").write_text(f"{'n' * 9_000},b\n1,2\n3,4\n", "utf-8")
    heading, header = readers.read(folder / "long.md"), readers.read(folder / "long.csv")
    assert [section.heading for section in heading.sections] == [(), ("Tools",)]
    assert sum(len(block.text) for block in heading.sections[0].blocks) == 50_000
    assert {sum(map(len, block.header)) for block in blocks(header)} == {4_000}
    assert blocks(header)[0].header is blocks(header)[1].header


def test_a_block_that_nobody_wrote_is_cut_between_words_and_nothing_is_lost(folder: Path) -> None:
    (folder / "a.md").write_text("1. " + "some words " * 10_000, "utf-8")
    (folder / "a.csv").write_text(f"name,b\n{'x' * 50_000},2\n", "utf-8")
    rule, row = blocks(readers.read(folder / "a.md")), blocks(readers.read(folder / "a.csv"))
    assert rule[0].kind is Kind.RULE
    assert " ".join(block.text for block in rule).split() == "some words ".split() * 10_000
    assert "".join(block.text for block in row) == f"{'x' * 50_000} | 2"
    assert max(len(block.text) for block in [*rule, *row]) <= 20_000


def test_a_list_of_many_levels_is_read_or_refused_aloud(folder: Path) -> None:
    for levels in (5, 15, 40):
        text = "".join("  " * level + f"- level {level}\n" for level in range(levels))
        (folder / "levels.md").write_text(text, "utf-8")
        assert len(blocks(readers.read(folder / "levels.md"))) == levels


def test_a_value_that_would_stand_everywhere_is_refused(folder: Path) -> None:
    (folder / "title.md").write_text(f"---\ntitle: {'t' * 2_000}\n---\nText", "utf-8")
    with pytest.raises(BrokenMetadata) as raised:
        metadata.resolve(readers.read(folder / "title.md"), Path("title.md"), folder, ("all",))
    assert (raised.value.fault, raised.value.key) == ("too long", "title")


@pytest.mark.parametrize("text", ["[" * 60_000, "- " * 30_000, "{a: " * 15_000, "? " * 30_000, "a: " * 20_000])
def test_metadata_that_nests_without_end_does_not_reach_the_parser(text: str) -> None:
    with pytest.raises(BrokenMetadata):
        front_matter.parse(text, 1_000_000)


def test_names_that_climb_are_refused(folder: Path, shared: Path) -> None:
    paths = [folder / text.lstrip("/") for text in pathways(shared)]
    with Readers(folder) as isolated:
        found = [outcome for _, outcome in isolated.read_all(paths)]
        assert isolated.broken == 0
    assert not [outcome for outcome in found if not isinstance(outcome, (Unreadable, OutsideFolder))]


@pytest.mark.slow
def test_targets_and_members_that_climb_open_nothing(folder: Path, shared: Path) -> None:
    texts = pathways(shared)
    safe = [text.replace("<", "").replace(">", "").replace('"', "").replace("\0", "") for text in texts]
    page = "".join(f'<p>x <a href="{text}">y</a><img src="{text}"><script src="{text}"></script></p>' for text in safe)
    links = "".join(f"[x](<{text}>) ![y](<{text}>)\n\n[{number}]: <{text}>\n\n" for number, text in enumerate(safe))
    (folder / "targets.html").write_text(f"<main>{page}</main>", "utf-8", "replace")
    (folder / "targets.md").write_text(links, "utf-8", "replace")
    members = {text.encode("utf-8", "replace").decode() or "x": b"x" for text in texts}
    paths = [folder / "targets.html", folder / "targets.md"]
    for suffix in hostile.PARTS:
        (folder / f"members{suffix}").write_bytes(hostile.repacked(suffix, members))
        paths.append(folder / f"members{suffix}")
        readers.prepare(suffix)
    for path in paths:
        readers.read(path)  # what its libraries open when they begin is not what the file asks for
        with opened() as names:
            assert readers.read(path).sections
        assert {Path(name).resolve() for name in names if not name.isdigit()} <= {path}


@pytest.mark.slow
def test_metadata_that_climbs_opens_nothing_but_itself(folder: Path, shared: Path) -> None:
    place = folder / "metadata"
    place.mkdir()
    (place / "a.md").write_text("Text", "utf-8")
    content = readers.read(place / "a.md")
    for text in pathways(shared):
        entry = json.dumps(text)
        (place / "handbook.yaml").write_text(
            f"documents:\n  {entry}: {{title: x}}\n  a.md: {{supersedes: {entry}, owner: {entry}}}\n",
            "utf-8",
            "replace",
        )
        with opened() as names, contextlib.suppress(IngestError):
            metadata.resolve(content, Path("a.md"), place, ("all",))
        assert {Path(name).name for name in names} <= {"handbook.yaml"}


def test_an_address_is_one_of_the_web_or_a_plain_name(folder: Path, shared: Path) -> None:
    for text in pathways(shared):
        with contextlib.suppress(BrokenMetadata):
            said = Content((), {"url": text})
            url = metadata.resolve(said, Path("a.md"), folder, ("all",)).metadata.url
            assert not url.lower().startswith(("file:", "php:", "data:", "zip:", "gopher:", "expect:", "phar:"))


def test_an_archive_is_never_unpacked(folder: Path) -> None:
    before = set(folder.parent.rglob("*"))
    slip = hostile.repacked(".docx", {"../../evil.txt": b"x"})
    assert "../../evil.txt" in zipfile.ZipFile(io.BytesIO(slip)).namelist()
    (folder / "slip.docx").write_bytes(slip)
    with Readers(folder) as isolated:
        isolated.read(folder / "slip.docx")
    assert set(folder.parent.rglob("*")) - before <= {folder / "slip.docx"}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({path.suffix: path.name for path in sorted(DOCUMENTS)}.values()))
def test_no_mutation_of_a_real_file_breaks_a_child(name: str, tmp_path: Path) -> None:
    raw = (STARTER / name).read_bytes()
    paths = [tmp_path / f"{seed:03}{Path(name).suffix}" for seed in range(MUTATIONS)]
    for seed, path in enumerate(paths):
        path.write_bytes(hostile.mutated(raw, seed))
    with Readers(tmp_path) as isolated:
        outcomes = [outcome for _, outcome in isolated.read_all(paths)]
    assert len(outcomes) == MUTATIONS
    assert isolated.broken == 0
    for path, outcome in zip(paths, outcomes, strict=True):
        if isinstance(outcome, Content):
            with contextlib.suppress(BrokenMetadata):
                about = metadata.resolve(outcome, Path(path.name), tmp_path, ("all",)).metadata
                split(Document(path.name, about, outcome.sections))
