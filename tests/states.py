"""Small generations for tests: publish one without any documents on disk, and damage it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from knowledge import generations
from knowledge.building import Build, write
from knowledge.documents import Kind, Metadata, Passage, Status
from knowledge.manifest import Entry
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
        vectors=EMBEDDER.embed([passage.text for passage in passages]),
        piece_vectors=EMBEDDER.embed(pieces),
    )


def published(data: Path, now: datetime = NOON) -> str:
    name = write(data, build(), now)
    generations.publish(data, name)
    return name


def twice(data: Path) -> Path:
    """Publish two generations in a data folder, to be copied."""
    published(data)
    published(data, NOON + timedelta(minutes=1))
    return data


def damage(file: Path, harm: str) -> None:
    """Harm a file: gone, empty, half or flipped (one bit of it)."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    left: dict[str, bytes] = {"half": bytes(content[: len(content) // 2]), "flipped": bytes(content)}
    file.write_bytes(left.get(harm, b""))
    if harm == "gone":
        file.unlink()


def of_schema(folder: Path, schema: int) -> None:
    """Let a generation say that it has another form."""
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"schema": schema}), "utf-8")
