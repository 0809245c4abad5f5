"""Score the proof on the pairs: how many lies are blocked and truths kept, per kind and language, and how long it takes.

python -m bench.proof [seen|held] [SHARED]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bot.proof import Quoted, prove
from knowledge import glossary
from tests.proof import load

if TYPE_CHECKING:
    from bot.proof import Proof
    from tests.proof.pairs import Pair


def main() -> None:
    """Print one line for each kind and language, then the speed."""
    split, shared = [*sys.argv[1:], *("seen", "")[len(sys.argv) - 1 :]][:2]
    words = glossary.load()
    pairs = load.load(split, Path(shared) if shared else None)
    right, total, times = Counter[str](), Counter[str](), []
    for pair in pairs:
        start = time.thread_time()
        proof = judged(pair, words)
        times.append((time.thread_time() - start) * 1000)
        for name in names(pair):
            total[name] += 1
            right[name] += proof.proven == pair.true
    for name in sorted(total):
        print(f"{name:32}{right[name]:6} of {total[name]:5}{right[name] / total[name]:8.3f}")
    times.sort()
    print(
        f"milliseconds of processor time: median {times[len(times) // 2]:.2f}, p99 {times[len(times) * 99 // 100]:.2f}"
    )


def judged(pair: Pair, words: glossary.Glossary) -> Proof:
    """Return the proof of a pair."""
    quotes = [Quoted(quote.quote, quote.passage) for quote in pair.quotes]
    return prove(pair.question, pair.sentence, pair.language, quotes, words)


def names(pair: Pair) -> list[str]:
    """Return the lines of the table that a pair counts for."""
    label = "true kept" if pair.true else "false blocked"
    language = "across" if pair.across else pair.language
    width = "across" if pair.across else "one language"
    return list(dict.fromkeys([label, f"{label}, {width}", f"{label}, {language}", f"{label}: {pair.kind}"]))


if __name__ == "__main__":
    main()
