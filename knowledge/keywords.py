"""One generation's words: stems and character 4-grams, scored by BM25 over what an asker may read."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import Stemmer

from knowledge import pruning
from knowledge.counting import Counter
from knowledge.language import FUNCTION_WORDS
from knowledge.parts import Parts, offsets, spans
from knowledge.postings import Postings
from knowledge.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

GRAM = 4
K1 = 1.2
B = 0.75
STEM = 4.0
"""Weight of a word's stem beside the 1 of each of its 4-grams, of which it has about as many as letters."""
OTHER_STEM = 0.7
"""Factor for the stem that the other language's stemmer makes of a word."""
FUNCTION = 0.3
"""Factor for words that only hold a sentence together: where one language has few pages, they are rare there, and pull those up."""

AT_ONCE = 32_768
"""Postings that are summed together: arrays that stay near the processor, a tenth of the time of all at once."""
KEPT = 64 * 1024 * 1024
"""Bytes of rows that an index keeps: at 100,000 passages some 330 terms, those that most passages hold."""

_WORD = re.compile(r"\w+")
_STEMMERS = {"de": Stemmer.Stemmer("german"), "en": Stemmer.Stemmer("english")}


def words(text: str) -> list[str]:
    """Return the lower-cased words of a text, in order."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


@remembered(200_000)
def stem(word: str, language: str) -> str:
    """Return the Snowball stem of a lower-case word; another language than German is stemmed as English."""
    return str(_STEMMERS.get(language, _STEMMERS["en"]).stemWord(word))


@remembered(200_000)
def grams(word: str) -> tuple[str, ...]:
    """Return the character 4-grams of a lower-case word without its accents; a shorter word has none."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)).replace("ß", "ss")
    plain = f"_{plain}_"
    return tuple(plain[i : i + GRAM] for i in range(len(plain) - GRAM + 1))


def terms(text: str, language: str) -> list[str]:
    """Return every term of a text: each word's stem ("=stem") and its 4-grams."""
    found: list[str] = []
    for word in words(text):
        found.append("=" + stem(word, language))
        found.extend(grams(word))
    return found


def query_terms(text: str, language: str, weight: float = 1.0) -> dict[str, float]:
    """Return a question's terms with their weight; stems of the other language count for less.

    A question in one language meets documents in the other, and the two stemmers disagree on names and loan words.
    """
    weights: dict[str, float] = {}
    other = "en" if language == "de" else "de"
    for word in words(text):
        own = weight * (FUNCTION if word in FUNCTION_WORDS.get(language, ()) else 1.0)
        weights.setdefault("=" + stem(word, other), STEM * OTHER_STEM * own)
        weights["=" + stem(word, language)] = STEM * own
        for gram in grams(word):
            weights[gram] = max(own, weights.get(gram, 0.0))
    return weights


@cache
def fingerprint() -> str:
    """Name the way in which texts are taken apart; an index made in another way cannot be grown."""
    taken = [terms(sample, language) for language in _STEMMERS for sample in _SAMPLES]
    return hashlib.blake2b(f"{Stemmer.version()} {taken}".encode(), digest_size=8).hexdigest()


_SAMPLES = (
    "Überprüfung personenbezogener Kundendaten, §4.2 – KI-Werkzeuge",
    "It's 20 % of employees' e-mail: naïve ChatGPT-4o?",
)


class KeywordIndex:
    """Postings of one generation, and where each term's begin."""

    def __init__(self, postings: Postings) -> None:
        self.postings = postings
        self.starts, self.passages, self.counts = postings.starts, postings.passages, postings.counts
        self.lengths = postings.lengths
        self.sizes = np.diff(postings.starts)
        self._rows: dict[int, NDArray[np.uint16]] = {}

    @cached_property
    def vocabulary(self) -> Mapping[str, int]:
        """Return each term's number."""
        return {term: number for number, term in enumerate(self.postings.terms)}

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> KeywordIndex:
        """Build the index from each passage's terms."""
        counter = Counter(lambda term, _: (term,))
        total = 0
        for found in texts:
            counter.add((found,), "")
            total += 1
        return cls(counter.postings(np.arange(total), total))

    def save(self, folder: Path) -> None:
        """Write the index to a new folder."""
        folder.mkdir()
        (folder / "terms.txt").write_text("\n".join(self.postings.terms), "utf-8")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self.postings, name))
        for name in _PARTS:
            np.save(folder / f"part_{name}.npy", getattr(self.postings.parts, name))

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """Open the index of a folder; the arrays stay on disk until they are touched."""
        listed = (folder / "terms.txt").read_text("utf-8")
        arrays = {name: _array(folder, name) for name in _ARRAYS}
        parts = Parts(*(_array(folder, f"part_{name}") for name in _PARTS))
        return cls(Postings(listed.split("\n") if listed else [], **arrays, parts=parts))

    def row(self, term: int) -> NDArray[np.uint16]:
        """Return how often each passage holds a term; the rows asked for lately are kept."""
        row = self._rows.get(term)
        if row is None:
            row = np.zeros(len(self.lengths), np.uint16)
            own = slice(*self.starts[term : term + 2].tolist())
            row[self.passages[own]] = np.minimum(self.counts[own], np.iinfo(np.uint16).max)
            if (len(self._rows) + 1) * row.nbytes > KEPT:
                self._rows = {}
            self._rows[term] = row
        return row

    def view(self, readable: NDArray[np.bool_]) -> KeywordView:
        """Return the index as somebody sees it who may read only these passages (a mask over all passages)."""
        return KeywordView(self, readable)


def _array(folder: Path, name: str) -> NDArray[Any]:
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))


_ARRAYS = ("starts", "passages", "counts", "lengths")
_PARTS = ("firsts", "starts", "terms")


@dataclass(frozen=True, slots=True)
class Weighted:
    """Terms by their numbers in the index, each once, with their weights."""

    numbers: NDArray[np.int64]
    weights: NDArray[np.float64]


def heaviest(several: Sequence[Weighted]) -> Weighted:
    """Return the terms of several, in order, each with its highest weight."""
    numbers = np.concatenate([each.numbers for each in several])
    weights = np.concatenate([each.weights for each in several])
    order = np.argsort(numbers, kind="stable")
    numbers, firsts = np.unique(numbers[order], return_index=True)
    return Weighted(numbers, np.maximum.reduceat(weights[order], firsts) if firsts.size else weights)


class KeywordView:
    """BM25 in which only readable passages exist: their number, their lengths and each term's spread among them.

    Source of the formula: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with the idf that cannot be negative.
    """

    def __init__(self, index: KeywordIndex, readable: NDArray[np.bool_]) -> None:
        self.index = index
        self.readable = readable
        self.total = int(readable.sum())
        mean = float(index.lengths[readable].mean()) if self.total else 1.0
        self._counted = np.full(len(index.sizes), np.nan, np.float32)
        self._most = np.zeros(len(index.sizes), np.float32)
        self._norm = (K1 * (1 - B + B * index.lengths / max(mean, 1.0))).astype(np.float32)

    @cached_property
    def readable_numbers(self) -> NDArray[np.int64]:
        """Return the numbers of the readable passages, in order."""
        return np.flatnonzero(self.readable)

    @property
    def rarest(self) -> float:
        """Return the idf of a term that one more passage would be the first to hold."""
        return float(np.log1p(self.total + 0.5))

    def idf(self, wanted: Sequence[str]) -> NDArray[np.float64]:
        """Return how telling each term is among the readable passages; 0 for a term that none of them holds."""
        numbers = self.numbers(wanted)
        values = np.zeros(len(numbers))
        values[numbers >= 0] = self.rarities(numbers[numbers >= 0])
        return values

    def numbers(self, wanted: Iterable[str]) -> NDArray[np.int64]:
        """Return each term's number in the index, -1 for one that it does not know."""
        number = self.index.vocabulary.get
        return np.array([number(term, -1) for term in wanted], np.int64)

    def weighted(self, weights: Mapping[str, float]) -> Weighted:
        """Return those of these terms that the index knows."""
        numbers = self.numbers(weights)
        known = numbers >= 0
        return Weighted(numbers[known], np.fromiter(weights.values(), float, len(weights))[known])

    def best(
        self, terms: Weighted, count: int, also: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return, in order, the `count` readable passages with the highest BM25 scores and those in `also`, and their scores."""
        strength = terms.weights * self.rarities(terms.numbers) * (K1 + 1)
        return pruning.best(self, terms.numbers, strength, count, also)

    def sums(self, numbers: NDArray[np.int64], strength: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what these terms add to each passage's score, `strength` at most."""
        result = np.zeros(len(self.readable))
        ends = np.cumsum(self.index.sizes[numbers])
        cuts = np.flatnonzero(np.diff(ends // AT_ONCE)) + 1
        for first, end in pairwise((0, *cuts.tolist(), len(numbers))):
            if end > first:
                result += self._added(numbers[first:end], strength[first:end])
        return result

    def _added(self, numbers: NDArray[np.int64], strength: NDArray[np.float64]) -> NDArray[np.float64]:
        places = list(zip(self.index.starts[numbers].tolist(), self.index.starts[numbers + 1].tolist(), strict=True))
        passages = np.concatenate([self.index.passages[first:end] for first, end in places], dtype=np.intp)
        gains = np.concatenate([self.index.counts[first:end] for first, end in places])
        gains /= gains + self._norm.take(passages)
        gains *= np.repeat(strength.astype(np.float32), self.index.sizes[numbers])
        return np.asarray(np.bincount(passages, gains, minlength=len(self.readable)), np.float64)

    def gained(
        self, passages: NDArray[np.int64], numbers: NDArray[np.int64], strength: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return what these terms add to the scores of some passages."""
        held = np.array([self.index.row(number)[passages] for number in numbers.tolist()], np.float32)
        return np.asarray(strength @ (held / (held + self._norm[passages])), np.float64)

    def rarities(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the idf of terms by their numbers; each is counted once."""
        missing = numbers[np.isnan(self._counted[numbers])]
        if missing.size:
            self._count(missing)
        return self._counted[numbers].astype(np.float64)

    def most(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the largest share (0..1) of its strength that each term adds to any passage; its rarity has been asked for."""
        return self._most[numbers].astype(np.float64)

    def _count(self, numbers: NDArray[np.int64]) -> None:
        found, bounds = self._postings(numbers)
        passages, counts = self.index.passages[found], self.index.counts[found]
        self._most[numbers] = np.maximum.reduceat(counts / (counts + self._norm[passages]), bounds[:-1])
        # every term of the index has at least one posting
        self._counted[numbers] = self._idf(np.add.reduceat(self.readable[passages], bounds[:-1], dtype=np.int64))

    def _postings(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places of all postings of these terms, one term after the other, and where each term's begin and end."""
        starts = self.index.starts[numbers]
        sizes = self.index.starts[numbers + 1] - starts
        return spans(starts, sizes), offsets(sizes)

    def _idf(self, spread: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.where(spread > 0, np.log1p((self.total - spread + 0.5) / (spread + 0.5)), 0.0)
