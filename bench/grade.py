"""Grade a results file of `lotse eval` against its questions, and fail when a goal is missed.

usage: python -m bench.grade RESULTS.jsonl QUESTIONS.jsonl [--goals NAME] [--where key=value]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]

CARRIES = 0.8
"""Share of a gold quote's words from which on a passage carries the evidence: readers differ in white space and tables."""
REFUSED = frozenset({"not_found", "declined", "clarify"})
GREEN = frozenset({"allowed", "conditional"})


@dataclass(frozen=True, slots=True)
class Goal:
    """A measure, and the value that it must reach at least (or at most)."""

    measure: str
    value: float
    at_most: bool = False

    def reached(self, measured: float) -> bool:
        """Say whether a value is good enough."""
        return measured <= self.value if self.at_most else measured >= self.value


SAFE = (
    Goal("forbidden documents cited", 0, at_most=True),
    Goal("longest quotes", 700, at_most=True),
    Goal("longest text", 1500, at_most=True),
    Goal("failed", 0, at_most=True),
)
ANSWERING = (
    Goal("answerable refused", 0.05, at_most=True),
    Goal("asked back without need", 0.01, at_most=True),
    Goal("too green", 0, at_most=True),
)
HANDBOOK = (
    Goal("need@1", 0.85),
    Goal("need@5", 0.95),
    Goal("contains", 0.85),
    Goal("answerable refused", 0.055, at_most=True),
    Goal("refused unanswerable-far", 0.80),
    Goal("refused unanswerable-near", 0.40),
    Goal("verdict right", 0.90),
    Goal("verdict given", 0.80),
    Goal("too green", 0, at_most=True),
    *SAFE,
)
GOALS = {
    "dev": (
        Goal("need@1", 0.67),
        Goal("need@5", 0.90),
        Goal("need@10", 0.94),
        Goal("contains", 0.75),
        Goal("refused unanswerable-far", 0.90),
        Goal("refused unanswerable-near", 0.45),
        Goal("verdict right", 0.90),
        Goal("verdict given", 0.40),
        *ANSWERING,
        *SAFE,
    ),
    "golden": (
        Goal("need@1", 0.67),
        Goal("need@5", 0.86),
        Goal("need@10", 0.92),
        Goal("contains", 0.75),
        Goal("refused unanswerable-far", 0.90),
        Goal("refused unanswerable-near", 0.45),
        Goal("verdict right", 0.90),
        Goal("verdict given", 0.40),
        *ANSWERING,
        *SAFE,
    ),
    "city": HANDBOOK,
    "klinik": HANDBOOK,
    "campus": (
        Goal("need@1", 0.70),
        Goal("need@5", 0.95),
        Goal("contains", 0.85),
        Goal("refused unanswerable-far", 0.90),
        Goal("refused unanswerable-near", 0.35),
        Goal("verdict right", 0.90),
        Goal("verdict given", 0.80),
        *ANSWERING,
        *SAFE,
    ),
}
"""Floors under what was measured, some below the goals: handbooks answerable .05, far .90, near .45. The weights that refuse are fitted to
golden (seen), dev and the calibration handbooks: only golden's held third and other handbooks judge them."""


def main() -> int:
    """Print the measures beside their goals; return 1 when one is missed."""
    options = _options()
    questions = {row["id"]: row for row in _rows(options.questions) if _matches(row, options.where)}
    results = {row["id"]: row for row in _rows(options.results)}
    measures = grade(questions, results)
    goals = {goal.measure: goal for goal in GOALS.get(options.goals, ())}
    missed = 0
    for name, value in measures.items():
        goal = goals.get(name)
        mark = "" if goal is None else ("ok" if goal.reached(value) else "MISSED")
        wanted = "" if goal is None else f"{'<=' if goal.at_most else '>='} {goal.value:g}"
        print(f"{name:<28}{value:>9.3f}  {wanted:<10}{mark}")
        missed += mark == "MISSED"
    print(f"{options.goals or 'reported only'}: {len(goals) - missed} passed, {missed} failed")
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--goals", choices=sorted(GOALS))
    parser.add_argument("--where", action="append", default=[])
    return parser.parse_args()


def _rows(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _matches(row: Row, where: list[str]) -> bool:
    return all(str(row.get(key, "")) == value for key, _, value in (pair.partition("=") for pair in where))


def grade(questions: dict[str, Row], results: dict[str, Row]) -> dict[str, float]:
    """Return every measure over the questions; a missing result counts as failed."""
    pairs = [(question, results.get(name, {"outcome": "failed"})) for name, question in questions.items()]
    withgold = [(q, r) for q, r in pairs if q["gold"]]
    measures = {"questions": float(len(pairs))}
    for k in (1, 5, 10):
        measures[f"need@{k}"] = _share([_evidence(q, r, k) for q, r in withgold])
    answerable = [(q, r) for q, r in pairs if q["expect"] == "answer"]
    measures["contains"] = _share([contains(q, r) for q, r in answerable if q["answer_contains"]])
    measures["answerable refused"] = _share([r["outcome"] in REFUSED for _, r in answerable])
    for kind in ("unanswerable-far", "unanswerable-near", "permission"):
        asked = [r for q, r in pairs if q["kind"] == kind and q["expect"] == "abstain"]
        measures[f"refused {kind}"] = _share([r["outcome"] in REFUSED for r in asked])
    clarify = [r for q, r in pairs if q["expect"] == "clarify"]
    measures["asked back"] = _share([r["outcome"] == "clarify" for r in clarify])
    measures["asked back without need"] = _share([r["outcome"] == "clarify" for _, r in answerable])
    decided = [(q, r) for q, r in pairs if q.get("permission") and r["outcome"] != "failed"]
    given = [(q, r["verdict"]) for q, r in decided if _gives(q, r)]
    measures["verdict given"] = len(given) / len(decided) if decided else 0.0
    measures["verdict right"] = _share([verdict in q["permission"] for q, verdict in given])
    measures["too green"] = float(sum(verdict in GREEN and verdict not in q["permission"] for q, verdict in given))
    measures["contradictions"] = float(sum(bool(r.get("contradiction")) for _, r in pairs))
    measures["forbidden documents cited"] = float(sum(_cites_forbidden(q, r) for q, r in pairs))
    measures["forbidden words shown"] = float(sum(_shows_forbidden(q, r) for q, r in pairs))
    measures["longest quotes"] = float(max(sum(len(c["quote"]) for c in r.get("citations", ())) for _, r in pairs))
    measures["longest text"] = float(max(len(r.get("text", "")) for _, r in pairs))
    measures["failed"] = float(sum(r["outcome"] == "failed" for _, r in pairs))
    return measures


def _gives(question: Row, result: Row) -> bool:
    """Say whether a may-I question got a verdict; that it is not settled is one where it really is not."""
    verdict = result.get("verdict")
    return verdict is not None and (verdict != "undecided" or "undecided" in question["permission"])


def _share(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _evidence(question: Row, result: Row, k: int) -> bool:
    """Say whether the first k passages carry the evidence: all of it for several documents, else any."""
    found = result.get("retrieved", [])[:k]
    hits = [any(_carries(passage, gold) for passage in found) for gold in question["gold"]]
    return all(hits) if question["kind"] == "multi-document" else any(hits)


def _carries(passage: Row, gold: Row) -> bool:
    if passage["document"].rsplit("/", 1)[-1] != gold["doc"]:
        return False
    wanted = _words(gold["quote"])
    return bool(wanted) and len(wanted & _words(passage["text"])) / len(wanted) >= CARRIES


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFC", text).replace("\u00ad", "").casefold()
    return {word for word in re.findall(r"\w+", plain) if len(word) > 1}


def contains(question: Row, result: Row) -> bool:
    """Say whether an answer holds all that it must."""
    text = result.get("text", "").casefold()
    answered = result["outcome"] not in REFUSED
    return answered and all(
        any(_stands(part, text) for part in each.split("|")) for each in question["answer_contains"]
    )


def _stands(part: str, text: str) -> bool:
    """Say whether a text holds a word or number as such: 20 is not found in 2026."""
    plain = part.strip().casefold()
    left = r"(?<!\w)" if plain[:1].isalnum() else ""
    right = r"(?!\w)" if plain[-1:].isdigit() else ""
    return bool(plain) and re.search(left + re.escape(plain) + right, text) is not None


def _cites_forbidden(question: Row, result: Row) -> bool:
    cited = {citation["document"].rsplit("/", 1)[-1] for citation in result.get("citations", ())}
    return bool(cited & set(question.get("must_not_cite") or ()))


def _shows_forbidden(question: Row, result: Row) -> bool:
    text = result.get("text", "").casefold()
    return any(any(_stands(p, text) for p in each.split("|")) for each in question.get("must_not_contain") or ())


if __name__ == "__main__":
    sys.exit(main())
