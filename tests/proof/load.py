"""Load the pairs: those written by hand, and what the script makes of the true ones."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.proof import mutate
from tests.proof.pairs import Case, Pair, Quote
from tests.proof.texts import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
SPLITS = ("seen", "held")
DOCUMENTS = Path("eval/dev/docs")
"""Where the shared documents stand below the folder that SHARED names."""


class Moved(ValueError):
    """A quote of a shared document no longer stands where the pair says."""


def load(split: str, shared: Path | None) -> list[Pair]:
    """Return the pairs of a split ("seen" or "held"), the mutated ones last; without `shared` those on documents of this project."""
    written = by_hand(split, shared)
    return [*written, *mutate.all_of(written)]


def by_hand(split: str, shared: Path | None) -> list[Pair]:
    """Return the pairs of a split that were written by hand."""
    pairs = [_pair(row, "starter", _quotes(row)) for row in _rows(f"{split}_starter.jsonl")]
    pairs += [_pair(row, "others", _quotes(row)) for row in _rows(f"{split}_others.jsonl")]
    if shared is not None:
        pairs += [_pair(row, "shared", _resolved(row, shared)) for row in _rows(f"{split}_shared.jsonl")]
    return pairs


def verdicts(split: str) -> list[Case]:
    """Return the may-I questions of a split, and some others that are none."""
    return [_case(row) for row in _rows("verdicts.jsonl") if row["split"] == split]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _pair(row: dict[str, Any], place: str, quotes: tuple[Quote, ...]) -> Pair:
    names = ("id", "split", "label", "kind", "language", "across", "question", "sentence")
    return Pair(**{name: row[name] for name in names}, quotes=quotes, place=place)


def _case(row: dict[str, Any]) -> Case:
    given = None if row["verdicts"] is None else tuple(row["verdicts"])
    return Case(row["id"], row["split"], row["language"], row["question"], _quotes(row), given)


def _quotes(row: dict[str, Any]) -> tuple[Quote, ...]:
    return tuple(Quote(**quote) for quote in row["quotes"])


def _resolved(row: dict[str, Any], shared: Path) -> tuple[Quote, ...]:
    return tuple(_quote(quote, shared) for quote in row["quotes"])


def _quote(place: dict[str, Any], shared: Path) -> Quote:
    text = _text(shared / DOCUMENTS / place["document"])
    quote, passage = (text[slice(*place[name])] for name in ("quote", "passage"))
    if sha256(quote.encode()).hexdigest()[:16] != place["sha256"]:
        raise Moved(place["document"], place["quote"])
    return Quote(quote, passage, place["document"])


@lru_cache(maxsize=64)
def _text(path: Path) -> str:
    if path.suffix in {".md", ".html", ".docx"}:
        return normalised(path)
    entries = yaml.safe_load((path.parent / "handbook.yaml").read_text(encoding="utf-8"))["documents"]
    return normalised(path, entries.get(path.name, {}).get("title", ""))
