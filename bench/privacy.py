"""Hold the search for personal data against its goals: recall, precision, the way there and back, speed."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Line, quantile
from bot.privacy import put_back, replace
from tests.bot import test_privacy as own
from tests.bot import test_privacy_corpora as corpora

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = 10_000
MEGABYTE = 1_000_000
LANGUAGES = {"de": "German", "en": "English"}


def run() -> Iterator[Line]:
    """Score the project's own cases, and the texts of others where SHARED names them."""
    for language, name in LANGUAGES.items():
        yield from _shares(f"{name}, own cases", _own(language), own.RECALL[language])
    folder = Path(os.environ.get("SHARED", "../shared")) / "corpora"  # noqa: TID251 - the Makefile names it for tests and bench alike
    if folder.is_dir():
        yield from _shares("German, texts of others", corpora.german(folder), own.RECALL["de"])
        yield from _shares("English, texts of others", corpora.english(folder), own.RECALL["en"])
    yield Line(f"texts that come back changed, of {TEXTS}", _changed(), "", 0)
    yield from _speed()


def _own(language: str) -> corpora.Score:
    score = corpora.Score()
    for case in own.ALL:
        if case.language == language:
            found, expected = Counter(own.seen(case.text)), Counter(case.expected)
            score.hits["all"] += (found & expected).total()
            score.misses["all"] += (expected - found).total()
            score.wrong["all"] += (found - expected).total()
    return score


def _shares(name: str, score: corpora.Score, recall: float) -> Iterator[Line]:
    yield Line(f"recall, {name}", score.recall, "", goal=recall, at_least=True)
    yield Line(f"precision, {name}", score.precision, "", goal=own.PRECISION, at_least=True)


def _changed() -> int:
    """Return how many texts of mixed pieces do not come back as they were."""
    chance = random.Random(4)  # noqa: S311 - the same texts each time
    pieces = [case.text for case in own.ALL] + ["[IBAN 1]", "[", "]", "\n", " ", "ä", "😀"]
    texts = ("".join(chance.choices(pieces, k=chance.randint(1, 5))) for _ in range(TEXTS))
    return sum(_back(text) != text for text in texts)


def _back(text: str) -> str:
    redaction = replace(text)
    return put_back(redaction.text, redaction.originals)


def _speed() -> Iterator[Line]:
    times = [min(_taken(case.text) for _ in range(3)) * 1000 for case in own.ALL]
    yield Line("a question, p99", quantile(times, 0.99), "ms", 2)
    pages = "\n".join(page.read_text("utf-8") for page in sorted(Path("knowledge/starter").rglob("*.md")))
    yield Line("a megabyte of handbook", min(_taken((pages * 99)[:MEGABYTE]) for _ in range(3)), "s", 1)


def _taken(text: str) -> float:
    start = time.process_time()
    replace(text)
    return time.process_time() - start
