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


@dataclass(frozen=True, slots=True)
class Source:
    """A passage and what it is found by. `inside`: it must not be given to the embedder; only its words find it."""

    passage: Passage
    text: str
    inside: bool = False

    @property
    def key(self) -> bytes:
        """Return what its vectors depend on, in 16 bytes."""
        told = "\0".join((self.text, *self.passage.pieces, *(("inside",) if self.inside else ())))
        return hashlib.blake2b(told.encode(), digest_size=16).digest()


def make(sources: Sequence[Source], live: Generation | None, embedder: Embedder, progress: Progress) -> Vectors:
    """Return the vectors of passages, zeros for those that stay inside. Raises EmbeddingFailed."""
    keys = tuple(source.key for source in sources)
    known = _known(keys, live)
    fresh = [source for source, key in zip(sources, keys, strict=True) if key not in known and not source.inside]
    wanted = [source.text for source in fresh] + [piece for source in fresh for piece in source.passage.pieces]
    kept = any(source.inside for source in sources)
    made = _embed(wanted or ["-"] * kept, embedder, progress)
    whole: list[NDArray[np.float32]] = []
    parts: list[NDArray[np.float32]] = []
    next_whole, next_part = 0, len(fresh)
    for source, key in zip(sources, keys, strict=True):
        pieces = len(source.passage.pieces)
        if live is not None and key in known:
            start, end = live.piece_starts[known[key] : known[key] + 2]
            whole.append(live.vectors[known[key]].astype(np.float32))
            parts.append(live.piece_vectors[start:end].astype(np.float32))
        elif source.inside:
            whole.append(np.zeros(made.shape[1], np.float32))
            parts.append(np.zeros((pieces, made.shape[1]), np.float32))
        else:
            whole.append(made[next_whole])
            parts.append(made[next_part : next_part + pieces])
            next_whole, next_part = next_whole + 1, next_part + pieces
    nothing = np.zeros((0, live.vectors.shape[1] if live is not None else made.shape[1]), np.float32)
    return Vectors(keys, np.vstack(whole or [nothing]), np.vstack(parts or [nothing]), len(wanted))


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
    made = np.vstack(batches) if batches else np.zeros((0, 0), np.float16)
    return made.astype(np.float32)
