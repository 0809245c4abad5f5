"""Whatever a file holds, reading ends with its content or with one typed error, and soon."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import time
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import errors
from ingest.errors import (
    BrokenMetadata,
    Damaged,
    EmptyFile,
    Encrypted,
    IngestError,
    ReadingError,
    TooLarge,
    UnknownFormat,
    Unreadable,
    WrongType,
)
from ingest.readers import SUFFIXES, Content, Limits, read

OFFICE = (".docx", ".pptx", ".xlsx")
NAUGHTY = Path(os.environ.get("SHARED", "../shared")).resolve() / "corpora" / "naughty.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def word(folder: Path, text: str = "Text") -> Path:
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(folder / "a.docx"))
    return folder / "a.docx"


def repacked(file: Path, name: str, content: bytes) -> Path:
    """Replace or add one member of an archive."""
    with zipfile.ZipFile(file) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, inside in {**members, name: content}.items():
            archive.writestr(member, inside)
    return file


def limit(file: Path, limits: Limits | None = None) -> str:
    with pytest.raises(TooLarge) as raised:
        read(file, limits)
    assert raised.value.found > raised.value.allowed
    return raised.value.limit


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_file_is_empty(folder: Path, suffix: str) -> None:
    with pytest.raises(EmptyFile):
        read(written(folder, f"a{suffix}", b""))


@pytest.mark.parametrize("suffix", [".md", ".txt", ".html", ".csv"])
def test_a_file_with_nothing_to_see_is_empty(folder: Path, suffix: str) -> None:
    with pytest.raises(EmptyFile):
        read(written(folder, f"a{suffix}", b" \n\t\r\n \xe2\x80\x8b"))


def test_a_suffix_counts_in_any_case_and_an_unknown_one_is_named(folder: Path) -> None:
    assert read(written(folder, "A.MD", b"Text")).sections
    with pytest.raises(UnknownFormat) as raised:
        read(written(folder, "a.odt", b"Text"))
    assert raised.value.suffix == ".odt"


@pytest.mark.parametrize("suffix", [*OFFICE, ".pdf"])
def test_a_file_under_a_wrong_name_is_refused(folder: Path, suffix: str) -> None:
    with pytest.raises(WrongType) as raised:
        read(written(folder, f"a{suffix}", b"Just some text."))
    assert raised.value.suffix == suffix


@pytest.mark.parametrize("suffix", [".pptx", ".xlsx"])
def test_an_office_file_of_another_program_is_refused(folder: Path, suffix: str) -> None:
    with pytest.raises(WrongType):
        read(word(folder).rename(folder / f"b{suffix}"))


@pytest.mark.parametrize("suffix", OFFICE)
def test_an_office_file_with_a_password_is_told_from_an_old_one(folder: Path, suffix: str) -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    with pytest.raises(Encrypted):
        read(written(folder, f"a{suffix}", container + "EncryptedPackage".encode("utf-16-le")))
    with pytest.raises(WrongType):
        read(written(folder, f"b{suffix}", container))


@pytest.mark.parametrize("suffix", [*OFFICE, ".pdf"])
def test_a_file_that_is_cut_is_damaged(folder: Path, suffix: str) -> None:
    start = b"%PDF-1.7\n1 0 obj" if suffix == ".pdf" else word(folder).read_bytes()[:2_000]
    with pytest.raises(Damaged) as raised:
        read(written(folder, f"b{suffix}", start))
    assert raised.value.format == suffix[1:]


def test_a_file_that_is_gone_or_not_ours_is_unreadable(folder: Path) -> None:
    with pytest.raises(Unreadable) as raised:
        read(folder / "gone.md")
    assert raised.value.reason == "ENOENT"
    (folder / "folder.md").mkdir()
    with pytest.raises(Unreadable) as raised:
        read(folder / "folder.md")
    assert raised.value.reason == "EISDIR"


def test_a_file_beyond_the_limit_is_not_opened(folder: Path) -> None:
    assert limit(written(folder, "a.pdf", b"no pdf at all"), Limits(file=5)) == "file"


def test_a_zip_bomb_is_refused_before_any_parser_sees_it(folder: Path) -> None:
    begin = time.process_time()
    assert limit(repacked(word(folder), "word/big.bin", bytes(300 << 20))) == "ratio"
    assert limit(repacked(word(folder), "word/document.xml", b" " * (61 << 20))) == "markup"
    assert limit(repacked(word(folder), "word/big.bin", bytes(2 << 20)), Limits(unpacked=1 << 20)) == "unpacked"
    assert limit(word(folder), Limits(members=3)) == "members"
    assert time.process_time() - begin < 10


def test_xml_that_declares_entities_is_refused(folder: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    with pytest.raises(Damaged):
        read(repacked(word(folder), "word/document.xml", bomb))


def test_a_member_that_climbs_out_of_the_archive_writes_nothing(folder: Path) -> None:
    inside = folder / "inside"
    inside.mkdir()
    assert read(repacked(word(inside), "../../evil.txt", b"x")).sections
    assert [file.name for file in folder.rglob("*")] == ["inside", "a.docx"]


def test_rows_and_characters_stop_at_their_limits(folder: Path) -> None:
    assert limit(written(folder, "a.csv", b"a,b\n" * 50), Limits(rows=20)) == "rows"
    assert limit(written(folder, "a.md", b"x" * 1_000), Limits(characters=999)) == "characters"


def test_a_line_of_five_megabytes_is_read_in_time(folder: Path) -> None:
    for name in ("a.txt", "a.md", "a.csv", "a.html"):
        begin = time.process_time()
        assert read(written(folder, name, b"word " * 1_000_000)).sections
        assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    "unit", ["[", "![", "*a_", "> ", "`", "<!--", "- ", "|a", "(", "1. ", "**a", "\\", "[a](", "~~"]
)
def test_marks_without_end_do_not_hang_the_reader(folder: Path, unit: str) -> None:
    begin = time.process_time()
    with contextlib.suppress(ReadingError):
        read(written(folder, "a.md", (unit * 20_000).encode()))
    assert time.process_time() - begin < 10


def test_a_bomb_in_a_stream_of_a_pdf_is_survived(folder: Path) -> None:
    stream = zlib.compress(bytes(100 << 20), 9)
    pdf = b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    pdf += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj 4 0 obj<</Filter/FlateDecode/Length "
    pdf += str(len(stream)).encode() + b">>stream\n" + stream + b"\nendstream endobj trailer<</Root 1 0 R>>"
    with pytest.raises(ReadingError):
        read(written(folder, "a.pdf", pdf))


def test_a_hundred_thousand_pages_are_refused_at_once(folder: Path) -> None:
    page = b"3 0 obj<</Type /Page /Parent 2 0 R>>endobj\n"
    assert limit(written(folder, "a.pdf", b"%PDF-1.4\n" + page * 100_000)) == "pages"


def test_pages_that_contain_themselves_end(folder: Path) -> None:
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj "
    with pytest.raises(ReadingError):
        read(written(folder, "a.pdf", pdf + b"trailer<</Root 1 0 R>>"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400), suffix=st.sampled_from(SUFFIXES))
def test_no_bytes_raise_anything_but_a_reading_error(folder: Path, content: bytes, suffix: str) -> None:
    start = {".pdf": b"%PDF-1.7\n"}.get(suffix, b"PK\x03\x04" if suffix in OFFICE else b"")
    with contextlib.suppress(ReadingError):
        assert isinstance(read(written(folder, f"a{suffix}", start + content)), Content)


@pytest.mark.skipif(not NAUGHTY.is_file(), reason="the folder that SHARED names has no corpora/naughty.jsonl")
@pytest.mark.parametrize("suffix", [".md", ".txt", ".html", ".csv"])
def test_naughty_strings_break_no_reader(folder: Path, suffix: str) -> None:
    for line in NAUGHTY.read_text("utf-8").strip().split("\n"):
        text = json.loads(line)["text"]
        with contextlib.suppress(EmptyFile, WrongType, BrokenMetadata):
            read(written(folder, f"a{suffix}", text.encode("utf-8", "surrogatepass")))


def test_every_error_survives_the_way_out_of_a_process() -> None:
    samples: list[IngestError] = [
        EmptyFile(),
        Encrypted(),
        Unreadable("EACCES"),
        UnknownFormat(".odt"),
        WrongType(".docx"),
        Damaged("pdf"),
        TooLarge("pages", 5, 6),
        BrokenMetadata("date", "stand", "gestern", 3, "handbook.yaml"),
    ]
    for error in samples:
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own bytes
        assert type(again) is type(error)
        assert vars(again) == vars(error)


def test_every_reading_error_is_drawn_at_the_top_of_its_file() -> None:
    tree = errors.__doc__ or ""
    named = [name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, IngestError)]
    assert all(name in tree for name in named)
