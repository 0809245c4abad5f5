"""Vectors for passages and their pieces: taken from the live generation where the text is the same, made where it is new."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest.ports import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ingest.ports import Progress
    from knowledge.documents import Passage
    from knowledge.embeddings import Embedder
    from knowledge.generation import Generation

BATCH = 512


@dataclass(frozen=True, slots=True)
class Vectors:
    """16 bytes for each passage that say what its vectors were made from, a row a passage, a row a piece; so many texts were embedded."""

    keys: tuple[bytes, ...]
    whole: NDArray[np.float32]
    pieces: NDArray[np.float32]
    embedded: int


def make(
    passages: Sequence[Passage], texts: Sequence[str], live: Generation | None, embedder: Embedder, progress: Progress
) -> Vectors:
    """Return the vectors of passages; `texts` are what they are found by. Raises EmbeddingFailed."""
    keys = tuple(_key(text, passage) for text, passage in zip(texts, passages, strict=True))
    known = _known(keys, live)
    fresh = [number for number, key in enumerate(keys) if key not in known]
    wanted = [texts[n] for n in fresh] + [piece for n in fresh for piece in passages[n].pieces]
    made = _embed(wanted, embedder, progress)
    if live is None or not known:
        return Vectors(keys, made[: len(fresh)], made[len(fresh) :], len(wanted))
    whole: list[NDArray[np.float32]] = []
    parts: list[NDArray[np.float32]] = []
    next_whole, next_part = 0, len(fresh)
    for passage, key in zip(passages, keys, strict=True):
        if key in known:
            start, end = live.piece_starts[known[key] : known[key] + 2]
            whole.append(live.vectors[known[key]].astype(np.float32))
            parts.append(live.piece_vectors[start:end].astype(np.float32))
        else:
            whole.append(made[next_whole])
            parts.append(made[next_part : next_part + len(passage.pieces)])
            next_whole, next_part = next_whole + 1, next_part + len(passage.pieces)
    return Vectors(keys, np.vstack(whole), np.vstack(parts), len(wanted))


def _key(text: str, passage: Passage) -> bytes:
    """Return what a passage's vectors depend on, in 16 bytes."""
    return hashlib.blake2b("\0".join((text, *passage.pieces)).encode(), digest_size=16).digest()


def _known(keys: Sequence[bytes], live: Generation | None) -> dict[bytes, int]:
    """Return the number in the live generation of each text that it has."""
    if live is None or not keys:
        return {}
    wanted = set(keys)
    held = live.keys.tobytes()
    return {key: n for n in range(len(live.keys)) if (key := held[16 * n : 16 * n + 16]) in wanted}


def _embed(texts: Sequence[str], embedder: Embedder, progress: Progress) -> NDArray[np.float32]:
    """Embed in batches, as exactly as a generation keeps vectors: the same text then always has the same vector."""
    if not texts:
        progress.step(Phase.EMBED, 0, 0)
    batches: list[NDArray[np.float32]] = []
    for first in range(0, len(texts), BATCH):
        batches.append(embedder.embed(texts[first : first + BATCH]).astype(np.float16))
        progress.step(Phase.EMBED, min(first + BATCH, len(texts)), len(texts))
    made = np.vstack(batches) if batches else np.asarray(embedder.embed([]), np.float16)
    return made.astype(np.float32)
