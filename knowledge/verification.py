"""See that a generation is whole: its arrays fit together, and what it holds is found again by its own vector and its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from knowledge import manifest
from knowledge.errors import DamagedGeneration, NotVerified
from knowledge.generation import Generation

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from knowledge.keywords import KeywordView
    from knowledge.spawned import Tell

SAMPLES = 1_000
"""Passages that are looked for beside the new ones."""
BEST = 10
"""A passage, or one with equal text, must be among so many when it is looked for by its own vector or words."""
LEAST = 0.995
"""Share of passages that must be: the graph behind Chroma is not exact even when it is fresh."""
TELLING = 12
"""Terms by which a passage is looked for, its rarest ones."""
_LENGTH = (0.9, 1.1)
_AT_ONCE = 500


def check(folder: Path, _tell: Tell) -> None:
    """See in a child process that a published generation holds what it held, and finds what it holds.

    Raises DamagedGeneration, NewerGeneration, NotVerified.
    """
    manifest.verify(folder, manifest.read(folder))
    verify(folder)


def verify(folder: Path, fresh: NDArray[np.int64] | None = None) -> None:
    """Verify a generation that has just been built, or one that is published. Raises DamagedGeneration, NotVerified.

    `fresh` are the numbers of its new passages; all of them are looked for, of the others some.
    """
    generation = Generation(folder)
    try:
        fits_together(generation)
        numbers = _chosen(generation.manifest.passages, fresh)
        if numbers.size:
            _by_vector(generation, numbers)
            _by_words(generation, numbers)
    finally:
        generation.close()


def fits_together(generation: Generation) -> None:
    """Open every part and compare sizes; look at every vector. Raises DamagedGeneration."""
    total = generation.manifest.passages
    audiences = {entry.metadata.audience for entry in generation.manifest.entries}
    words = generation.keywords.postings
    parts = (
        ("manifest", sum(entry.count for entry in generation.manifest.entries), total),
        ("manifest", len(generation.metadata), len(generation.manifest.entries)),
        ("keys", len(generation.keys), total),
        ("ids", len(generation.ids) - 1, total),
        ("ids", len(np.unique(generation.ids)) - 1, total),
        ("vectors", _sound(generation.vectors), total),
        ("piece_starts", len(generation.piece_starts) - 1, total),
        ("piece_vectors", _sound(generation.piece_vectors), generation.piece_starts[-1]),
        ("text_starts", len(generation.text_starts) - 1, total),
        ("passages", len(generation.texts), generation.text_starts[-1]),
        ("keywords", len(words.lengths), total),
        ("keywords", len(words.terms), len(words.starts) - 1),
        ("keywords", len(words.passages), words.starts[-1]),
        ("keywords", len(words.counts), words.starts[-1]),
        ("chroma", sum(generation.store.counts(audiences).values()), total),
    )
    for part, found, expected in parts:
        if found != expected:
            raise DamagedGeneration(generation.name, part)


def _sound(vectors: NDArray[np.float16]) -> int:
    """Return how many vectors have length 1, or 0 as that of a text without any word has."""
    lengths = np.concatenate(
        [np.linalg.norm(part.astype(np.float32), axis=1) for part in np.array_split(vectors, len(vectors) // 4096 + 1)]
    )
    return int(((lengths == 0) | ((lengths > _LENGTH[0]) & (lengths < _LENGTH[1]))).sum())


def _chosen(total: int, fresh: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Return the new passages and a sample of the others, the same one each time."""
    new = np.empty(0, np.int64) if fresh is None else fresh
    others = np.setdiff1d(np.arange(total), new)
    sample = np.random.default_rng(total).choice(others, min(SAMPLES, others.size), replace=False)
    return np.union1d(new, sample)


def _by_vector(generation: Generation, numbers: NDArray[np.int64]) -> None:
    numbers = numbers[generation.vectors[numbers].any(axis=1)]  # zeros find nothing, and are not meant to
    entries = generation.manifest.entries
    documents = generation.document_of[numbers]
    audiences = {entry.metadata.audience for entry in entries}
    of_audience = {
        audience: [n for n, e in enumerate(entries) if e.metadata.audience == audience] for audience in audiences
    }
    found = 0
    for audience, members in of_audience.items():
        wanted = numbers[np.isin(documents, members)]
        for first in range(0, len(wanted), _AT_ONCE):
            part = wanted[first : first + _AT_ONCE]
            nearest = generation.store.nearest_of(generation.vectors[part].astype(np.float32), audience, BEST)
            found += sum(_among(generation, number, best) for number, best in zip(part, nearest, strict=True))
    _ask_enough("chroma", found, len(numbers))


def _by_words(generation: Generation, numbers: NDArray[np.int64]) -> None:
    view = generation.keywords.view(np.ones(generation.manifest.passages, bool))
    entries = generation.manifest.entries
    found = 0
    for number in numbers:
        held = sorted(generation.held(int(number), entries[generation.document_of[number]].metadata))
        scores = view.scores(_telling(view, held))
        best = np.argpartition(-scores, BEST)[:BEST] if len(scores) > BEST else np.arange(len(scores))
        found += not held or _among(generation, number, best)
    _ask_enough("keywords", found, len(numbers))


def _telling(view: KeywordView, held: list[str]) -> dict[str, float]:
    rarity = view.idf(held)
    return {held[place]: 1.0 for place in np.argsort(-rarity, kind="stable")[:TELLING]}


def _among(generation: Generation, number: int, best: NDArray[np.int64]) -> bool:
    """Say whether a passage, or one with equal text, is among the best."""
    return bool(number in best or (generation.keys[best] == generation.keys[number]).all(axis=1).any())


def _ask_enough(part: str, found: int, wanted: int) -> None:
    if found < LEAST * wanted:
        raise NotVerified(part, found / wanted)
