"""Hold the proof against its goals: lies blocked, truths kept, on the pairs of tests/proof; what no change may do; the verdict; speed."""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Line, quantile
from bot.messages import Verdict
from bot.proof import Quoted, prove
from bot.verdict import verdict
from knowledge import glossary
from tests.bot import test_proof_properties as properties
from tests.proof import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.proof import Proof
    from tests.proof.pairs import Case, Pair

GLOSSARY = glossary.load()
BLOCKED = {"one language": 0.99, "across": 0.97}
KEPT = 0.9
DROP = 0.02
"""How much worse the held pairs may be than the seen ones."""
MILLISECONDS = 2.0
CASES, ALL_CASES = 1_000, 10_000
GREEN = {Verdict.ALLOWED, Verdict.CONDITIONAL}

Shares = dict[str, tuple[int, int]]
"""By name: how many are right, of how many."""


def run(*, full: bool) -> Iterator[Line]:
    """Score the seen pairs; with `full` the held ones beside them, kind by kind, and every property 10,000 times."""
    seen = _pairs("seen")
    shares = _shares(seen)
    yield from _lines(shares)
    if full:
        yield from _beside(shares, _shares(_pairs("held")))
    yield from _properties(ALL_CASES if full else CASES)
    yield from _verdicts("seen")
    if full:
        yield from _verdicts("held")
    yield from _speed(seen)


def _pairs(split: str) -> list[Pair]:
    shared = Path(os.environ.get("SHARED", "../shared"))  # noqa: TID251 - the Makefile names it for tests and bench alike
    return load.load(split, shared if (shared / load.DOCUMENTS).is_dir() else None)


def judged(pair: Pair) -> Proof:
    """Return the proof of a pair."""
    quotes = [Quoted(quote.quote, quote.passage) for quote in pair.quotes]
    return prove(pair.question, pair.sentence, pair.language, quotes, GLOSSARY)


def _shares(pairs: list[Pair]) -> Shares:
    right, total = Counter[str](), Counter[str]()
    for pair in pairs:
        correct = judged(pair).proven == pair.true
        for name in _names(pair):
            total[name] += 1
            right[name] += correct
    return {name: (right[name], total[name]) for name in sorted(total)}


def _names(pair: Pair) -> tuple[str, str]:
    """Return the lines of the table that a pair counts for."""
    label = "true kept" if pair.true else "false blocked"
    width = "across" if pair.across else "one language"
    return f"{label}, {width}", f"{label}: {pair.kind}"


def _lines(shares: Shares) -> Iterator[Line]:
    for width, goal in BLOCKED.items():
        yield _share(f"false blocked, {width}", shares, goal)
    for width in BLOCKED:
        yield _share(f"true kept, {width}", shares, KEPT)


def _share(name: str, shares: Shares, goal: float | None) -> Line:
    right, total = shares[name]
    return Line(name, right / total, "", goal=goal, at_least=True, note=f"{right} of {total}")


def _beside(seen: Shares, held: Shares) -> Iterator[Line]:
    """Yield the held pairs' shares: those with a goal may be worse by DROP than the seen ones, the kinds are told."""
    for name, (right, total) in held.items():
        before = seen[name][0] / seen[name][1] if name in seen else 0.0
        goal = before - DROP if ":" not in name else None
        yield Line(
            f"held: {name}", right / total, "", goal=goal, at_least=True, note=f"{right} of {total}, seen {before:.3f}"
        )


def _properties(cases: int) -> Iterator[Line]:
    for name, strategies, check in properties.CHECKS:
        yield Line(f"{name}, {cases} cases", properties.broken(check, strategies, cases), "", 0)


def _verdicts(split: str) -> Iterator[Line]:
    """Yield how often a verdict that was given is right, and how often it is too green."""
    said = [(case, _verdict(case)) for case in load.verdicts(split)]
    given_ = [(case, found) for case, found in said if found is not None and found is not Verdict.UNDECIDED]
    right = sum(found.value in (case.verdicts or ()) for case, found in given_)
    green = sum(found in GREEN and not {v.value for v in GREEN} & set(case.verdicts or ()) for case, found in given_)
    yield Line(
        f"verdicts right, {split}",
        right / len(given_),
        "",
        goal=0.9,
        at_least=True,
        note=f"{right} of {len(given_)} given",
    )
    yield Line(f"verdicts too green, {split}", green, "", 0)


def _verdict(case: Case) -> Verdict | None:
    return verdict(case.question, [Quoted(q.quote, q.passage) for q in case.quotes], case.language, GLOSSARY)


def _speed(pairs: list[Pair]) -> Iterator[Line]:
    """Yield the processor time of a new sentence of known words whose quotes were read before, as an answer's second sentence is."""
    times = []
    gc.collect()
    gc.freeze()
    for pair in pairs:
        quotes = [Quoted(quote.quote, quote.passage) for quote in pair.quotes]
        prove("", "Yes.", pair.language, quotes, GLOSSARY)
        start = time.thread_time()
        prove(pair.question, f"{pair.sentence} ", pair.language, quotes, GLOSSARY)
        times.append((time.thread_time() - start) * 1000)
    yield Line(
        "proof of a sentence, p99", quantile(times, 0.99), "ms", MILLISECONDS, f"median {quantile(times, 0.5):.2f}"
    )
