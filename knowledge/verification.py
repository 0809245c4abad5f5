"""See that a generation is whole: its arrays fit together, and what it holds is found again by its own vector and its own words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from knowledge import manifest
from knowledge.errors import DamagedGeneration, NotVerified
from knowledge.generation import Generation, search_text
from knowledge.keywords import K1, B, stem, words

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from knowledge.postings import Postings
    from knowledge.spawned import Tell
    from knowledge.store import Audience

SAMPLES = 1_000
"""Passages that are looked for beside the new ones."""
BEST = 10
"""A passage, or one with equal text, must be among so many when it is looked for by its own vector or words."""
LEAST = 0.995
"""Share of passages that must be: the graph behind Chroma is not exact even when it is fresh."""
TELLING = 6
"""Words by which a passage is looked for, its rarest ones."""
_LENGTH = (0.9, 1.1)
_AT_ONCE = 250
_THREADS = 2
_AS_NEAR = 1e-3


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
    postings = generation.keywords.postings
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
        ("keywords", len(postings.lengths), total),
        ("keywords", len(postings.terms), len(postings.starts) - 1),
        ("keywords", len(postings.passages), postings.starts[-1]),
        ("keywords", len(postings.counts), postings.starts[-1]),
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
    tasks = []
    for audience, members in of_audience.items():
        wanted = numbers[np.isin(documents, members)]
        tasks += [(audience, wanted[first : first + _AT_ONCE]) for first in range(0, len(wanted), _AT_ONCE)]
    with ThreadPoolExecutor(_THREADS) as threads:
        found = sum(threads.map(lambda task: _found_near(generation, *task), tasks))
    _ask_enough("chroma", found, len(numbers))


def _found_near(generation: Generation, audience: Audience, numbers: NDArray[np.int64]) -> int:
    nearest = generation.store.nearest_of(generation.vectors[numbers].astype(np.float32), audience, BEST)
    return sum(_is_near(generation, number, best) for number, best in zip(numbers, nearest, strict=True))


def _by_words(generation: Generation, numbers: NDArray[np.int64]) -> None:
    asked = [_stems(generation, int(number)) for number in numbers]
    best = _said_best(generation.keywords.postings, numbers, asked)
    found = sum(
        well or not terms or _is_indexed(generation, terms, number)
        for well, terms, number in zip(best.tolist(), asked, numbers, strict=True)
    )
    _ask_enough("keywords", found, len(numbers))


def _stems(generation: Generation, number: int) -> list[int]:
    """Return the terms of a passage's words in the index, -1 for one that is missing there."""
    about = generation.manifest.entries[generation.document_of[number]].metadata
    found = words(search_text(generation.passage(number), about.title))
    known = generation.keywords.vocabulary
    return [known.get(f"={stem(word, about.language)}", -1) for word in dict.fromkeys(found)]


def _said_best(postings: Postings, numbers: NDArray[np.int64], asked: list[list[int]]) -> NDArray[np.bool_]:
    """Say for each passage whether few others fit its rarest words better than itself, by BM25; all of them at once."""
    rows, terms = _rarest(postings, asked)
    starts, sizes = postings.starts[terms], np.diff(postings.starts)[terms]
    places = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    passages, counts = postings.passages[places], postings.counts[places]
    total = len(postings.lengths)
    norm = K1 * (1 - B + B * postings.lengths / max(float(postings.lengths.mean()), 1.0))
    gains = np.repeat(np.log1p(total / sizes), sizes) * counts / (counts + norm[passages])
    pairs, inverse = np.unique(np.repeat(rows, sizes) * total + passages, return_inverse=True)
    scores = np.bincount(inverse, gains)
    own = np.searchsorted(pairs, np.arange(len(numbers)) * total + numbers)
    own[own == len(pairs)] = 0
    mine = np.where(pairs[own] == np.arange(len(numbers)) * total + numbers, scores[own], -1.0) if len(pairs) else -1.0
    of = pairs // total
    better = np.bincount(of[scores > np.broadcast_to(mine, len(numbers))[of] + _AS_NEAR], minlength=len(numbers))
    return np.asarray((better < BEST) & (mine > 0))


def _rarest(postings: Postings, asked: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rarest known terms of each passage: its row, and the term."""
    sizes = np.diff(postings.starts)
    chosen = [np.array([term for term in terms if term >= 0], np.int64) for terms in asked]
    chosen = [terms[np.argsort(sizes[terms], kind="stable")[:TELLING]] for terms in chosen]
    rows = np.repeat(np.arange(len(chosen)), [len(terms) for terms in chosen])
    return rows, np.concatenate(chosen)


def _is_indexed(generation: Generation, terms: list[int], number: np.int64) -> bool:
    """Say whether a passage stands under each of its terms: then others with the same words came before it, and nothing is missing."""
    postings = generation.keywords.postings
    starts = postings.starts
    return all(term >= 0 and number in postings.passages[starts[term] : starts[term + 1]] for term in terms)


def _is_near(generation: Generation, number: np.int64, best: NDArray[np.int64]) -> bool:
    """Say whether a passage, or one with equal text, is among the nearest, or all of these are as near as itself."""
    if number in best or (generation.keys[best] == generation.keys[number]).all(axis=1).any():
        return True
    vector = generation.vectors[number].astype(np.float32)
    return bool((generation.vectors[best].astype(np.float32) @ vector >= vector @ vector - _AS_NEAR).all())


def _ask_enough(part: str, found: int, wanted: int) -> None:
    if found < LEAST * wanted:
        raise NotVerified(part, found / wanted)
