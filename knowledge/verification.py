"""See that a generation is whole: its arrays fit together, and what it holds is found again by its own vector and its own words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from knowledge import manifest
from knowledge.errors import DamagedGeneration, NotVerified
from knowledge.generation import Generation, search_text
from knowledge.keywords import K1, B, stem, words
from knowledge.store import VectorStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
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
FEW = 200
"""Passages that hold a word, up to which it is taken beside the rarest one."""
EFFORT = 50
"""Candidates of a quick look into Chroma, a quarter of what a question gets, and three times as fast."""
_LENGTH = (0.9, 1.1)
_AT_ONCE = 250
_POSTINGS = 1_000_000
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
            with closing(_quick(generation)) as quick, ThreadPoolExecutor(_THREADS) as threads:
                near = _by_vector(generation, quick, numbers, threads)
                _by_words(generation, numbers)
                near()
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
        ("keywords", len(postings.parts.firsts) - 1, total),
        ("keywords", postings.parts.firsts[-1], total + 2 * generation.piece_starts[-1]),
        ("keywords", len(postings.parts.starts) - 1, postings.parts.firsts[-1]),
        ("keywords", len(postings.parts.terms), postings.parts.starts[-1]),
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


def _quick(generation: Generation) -> VectorStore:
    return VectorStore(generation.folder / "chroma", generation.name, generation.ids[:-1], EFFORT)


def _by_vector(
    generation: Generation, quick: VectorStore, numbers: NDArray[np.int64], threads: ThreadPoolExecutor
) -> Callable[[], None]:
    """Begin to look for passages by their vectors; what is returned waits for the end, and raises NotVerified."""
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
    found = threads.map(lambda task: _found_near(generation, quick, *task), tasks)
    return lambda: _ask_enough("chroma", sum(found), len(numbers))


def _found_near(generation: Generation, quick: VectorStore, audience: Audience, numbers: NDArray[np.int64]) -> int:
    """Return how many passages are found; those that a quick look misses are looked for as questions look."""
    missed = numbers
    for store in (quick, generation.store):
        nearest = store.nearest_of(generation.vectors[missed].astype(np.float32), audience, BEST)
        near = [_is_near(generation, number, best) for number, best in zip(missed, nearest, strict=True)]
        missed = missed[~np.array(near)]
        if not missed.size:
            break
    return len(numbers) - len(missed)


def _by_words(generation: Generation, numbers: NDArray[np.int64]) -> None:
    asked = _asked(generation, numbers)
    best = _said_best(generation.keywords.postings, numbers, asked)
    found = sum(
        well or not terms or _is_indexed(generation, terms, number)
        for well, terms, number in zip(best.tolist(), asked, numbers, strict=True)
    )
    _ask_enough("keywords", found, len(numbers))


def _asked(generation: Generation, numbers: NDArray[np.int64]) -> list[list[int]]:
    """Return for each passage the terms of its words in the index, -1 for one that is missing there."""
    known: dict[str, _Known] = {}
    asked = []
    for number in numbers.tolist():
        about = generation.manifest.entries[generation.document_of[number]].metadata
        terms = known.setdefault(about.language, _Known(generation.keywords.vocabulary, about.language))
        said = words(search_text(generation.passage(number), about.title))
        asked.append([terms[word] for word in dict.fromkeys(said)])
    return asked


class _Known(dict[str, int]):
    """The term of a word of one language in the index, -1 if it is missing there; looked up once."""

    def __init__(self, vocabulary: Mapping[str, int], language: str) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._language = language

    def __missing__(self, word: str) -> int:
        number = self[word] = self._vocabulary.get(f"={stem(word, self._language)}", -1)
        return number


def _said_best(postings: Postings, numbers: NDArray[np.int64], asked: list[list[int]]) -> NDArray[np.bool_]:
    """Say for each passage whether few others fit its rarest words better than itself, by BM25.

    Passages with the same rarest words are one question: in a handbook made from a template hardly any word is rare.
    """
    sizes = np.diff(postings.starts)
    questions: dict[tuple[int, ...], int] = {}
    of = np.array([questions.setdefault(_rarest(sizes, terms), len(questions)) for terms in asked], np.int64)
    best = np.zeros(len(numbers), np.bool_)
    for first, part in _parts(sizes, list(questions)):
        rows = np.flatnonzero((of >= first) & (of < first + len(part)))
        best[rows] = _best_of(postings, part, of[rows] - first, numbers[rows])
    return best


def _rarest(sizes: NDArray[np.int64], terms: list[int]) -> tuple[int, ...]:
    """Return the rarest known terms: the first one, and others that few passages hold."""
    known = np.array([term for term in terms if term >= 0], np.int64)
    chosen = known[np.argsort(sizes[known], kind="stable")[:TELLING]]
    return tuple(chosen[: max(int((sizes[chosen] <= FEW).sum()), 1)].tolist())


def _parts(sizes: NDArray[np.int64], questions: list[tuple[int, ...]]) -> Iterator[tuple[int, list[tuple[int, ...]]]]:
    """Yield questions, and the number of the first of them, with about so many postings at once as fit in memory."""
    held = np.cumsum([sum(sizes[list(terms)]) for terms in questions])
    ends = np.flatnonzero(np.diff(held // _POSTINGS)) + 1
    for first, end in pairwise((0, *ends.tolist(), len(questions))):
        yield first, questions[first:end]


def _best_of(
    postings: Postings, questions: list[tuple[int, ...]], of: NDArray[np.int64], numbers: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say for each passage, by its question, whether it is among the best."""
    total = len(postings.lengths)
    pairs, scores = _scored(postings, questions)
    if not len(pairs):
        return np.zeros(len(numbers), np.bool_)
    own = np.searchsorted(pairs, of * total + numbers)
    own[own == len(pairs)] = 0
    mine = np.where(pairs[own] == of * total + numbers, scores[own], -1.0)
    apart = 2 * float(scores.max()) + 1  # questions side by side on one line, so that one search ranks in all of them
    line = np.sort(pairs // total * apart + scores)
    better = np.searchsorted(line, (of + 1) * apart) - np.searchsorted(line, of * apart + mine + _AS_NEAR, side="right")
    return np.asarray((better < BEST) & (mine > 0))


def _scored(postings: Postings, questions: list[tuple[int, ...]]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return `question * total + passage` for all that a question finds, in order, and each one's score."""
    total = len(postings.lengths)
    terms = np.array([term for asked in questions for term in asked], np.int64)
    starts, sizes = postings.starts[terms], np.diff(postings.starts)[terms]
    places = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    passages, counts = postings.passages[places], postings.counts[places]
    norm = K1 * (1 - B + B * postings.lengths / max(float(postings.lengths.mean()), 1.0))
    gains = np.repeat(np.log1p(total / sizes), sizes) * counts / (counts + norm[passages])
    asking = np.repeat(np.arange(len(questions)), [len(asked) for asked in questions])
    pairs, inverse = np.unique(np.repeat(asking, sizes) * total + passages, return_inverse=True)
    scores: NDArray[np.float64] = np.bincount(inverse, gains).astype(np.float64)
    return pairs, scores


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
