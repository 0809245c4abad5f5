"""Real documents of many publishers are read without loss; they lie in the folder that the variable SHARED names."""

from __future__ import annotations

import importlib.util
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.metadata import resolve
from ingest.readers import SUFFIXES, Content, read

if TYPE_CHECKING:
    from types import ModuleType

    from knowledge.documents import Section

EVAL = Path(os.environ.get("SHARED", "../shared")).resolve() / "eval"
DOCS = EVAL / "dev" / "docs"

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="the folder that SHARED names has no eval/dev/docs")


@cache
def content(path: Path) -> Content:
    return read(path)


@cache
def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_gold", EVAL / "check_gold.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def documents() -> list[Path]:
    return sorted(path for path in DOCS.rglob("*") if path.suffix in SUFFIXES)


def words(text: str) -> str:
    found = re.findall(r"\w+", checker().norm(text).casefold())
    return f" {' '.join(found)} "


def joined(section: Section) -> str:
    return "\n".join([" ".join(section.heading), *(block.text for block in section.blocks)])


def gold() -> set[tuple[Path, str]]:
    lines = (EVAL / "dev" / "questions.jsonl").read_text("utf-8").splitlines()
    named = [(piece["doc"], piece["quote"]) for line in lines for piece in json.loads(line)["gold"]]
    return {(next(DOCS.rglob(name)), quote) for name, quote in named}


def test_every_gold_quote_stands_in_one_section() -> None:
    lost = [
        (path.name, quote)
        for path, quote in gold()
        if max(checker().quote_recall(joined(section), quote) for section in content(path).sections) < 0.8
    ]
    assert not lost


def test_nearly_every_block_stands_word_for_word_in_its_source() -> None:
    blocks = [(path, block) for path in documents() for section in content(path).sections for block in section.blocks]
    sources = {path: words(checker().text_of(path)) for path in documents()}
    strange = [(path.name, block.text) for path, block in blocks if words(block.text) not in sources[path]]
    assert len(strange) <= 0.005 * len(blocks), strange


def test_every_document_has_a_title_a_language_and_an_audience() -> None:
    for path in documents():
        folder = DOCS / path.relative_to(DOCS).parts[0]
        metadata = resolve(content(path), path.relative_to(folder), folder, ("nobody",)).metadata
        assert metadata.title
        assert metadata.language in ("de", "en")
        assert metadata.audience
