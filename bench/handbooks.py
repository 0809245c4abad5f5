"""Make handbooks of any size, from the starter handbook's sentences and made-up names, the same ones every time."""

from __future__ import annotations

import random
from pathlib import Path

from ingest.readers import read
from ingest.splitter import sentences
from knowledge.documents import Kind

STARTER = Path(__file__).parents[1] / "knowledge" / "starter"
SECTIONS = 5
"""Sections of a document; a section makes one passage."""


def make(folder: Path, passages: int, seed: int = 7) -> None:
    """Write Markdown documents with about so many passages in all."""
    source = random.Random(seed)  # noqa: S311 - the same handbook every time, no secret
    stock = _stock()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(passages // SECTIONS):
        parts = [f"---\ntitle: Guide {number} {_name(source)}\naudience: all\nlanguage: en\n---\n"]
        for _ in range(SECTIONS):
            said = " ".join(source.choice(stock).replace("AI", _name(source), 1) for _ in range(source.randint(2, 5)))
            parts.append(f"## {_name(source)} {_name(source)}\n\n{said}\n")
        (folder / f"guide-{number:05}.md").write_text("\n".join(parts), "utf-8")


def _stock() -> list[str]:
    """Return every sentence of the starter handbook's plain documents."""
    files = sorted(STARTER.glob("*.md"))
    blocks = (block for file in files for section in read(file).sections for block in section.blocks)
    return [sentence for block in blocks if block.kind is not Kind.ROW for sentence in sentences(block.text)]


_SYLLABLES = (
    "ba",
    "del",
    "fi",
    "gor",
    "hu",
    "jen",
    "ka",
    "lim",
    "mo",
    "nis",
    "pra",
    "quo",
    "ris",
    "tel",
    "ur",
    "vex",
    "wol",
    "zen",
)


def _name(source: random.Random) -> str:
    return "".join(source.choice(_SYLLABLES) for _ in range(source.randint(2, 4))).capitalize()
