"""Written answers, with scripted models: how much of the truth is kept, how many lies are blocked, how long and how large it all is."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters import wiring
from adapters.evaluation import Task, evaluate
from adapters.settings import Settings
from bench.grade import contains
from bench.handbooks import make
from bench.table import Line, quantile
from bot import prompts
from bot.drafts import Brief, Claim, Excerpt
from bot.evidence import offer
from bot.writers import tokens
from ingest.pipeline import ingest
from ingest.ports import Silent
from ingest.report import Order
from knowledge.findings import Reader
from tests.platforms.minds import Lying, Perfect, read
from tests.platforms.model_server import ModelServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = dict[str, Any]

SHARED = Path(os.environ.get("SHARED", "../shared"))  # noqa: TID251 - where the larger set of questions is
ROOT = Path(__file__).parents[1]
PASSAGES = 1000
ROUNDS = 3


def run(*, full: bool) -> Iterator[Line]:
    """Let scripted models answer the project's own questions and, in full or where they are, those of SHARED."""
    sets: list[tuple[str, Path, Path, tuple[str, ...]]] = [
        ("golden", ROOT / "tests" / "golden" / "questions.jsonl", ROOT / "knowledge" / "starter", ())
    ]
    dev = SHARED / "eval" / "dev"
    if dev.is_dir():
        sets.insert(0, ("dev", dev / "questions.jsonl", dev / "docs" / "handbook", ("collection=handbook",)))
    for name, questions, documents, where in sets if full else sets[:1]:
        yield from _perfect(name, questions, documents, where)
        yield from _lying(name, questions, documents, where)
    yield from _speed()


def _asked(questions: Path, documents: Path, where: tuple[str, ...], mind: Perfect) -> list[Row]:
    with tempfile.TemporaryDirectory() as place, ModelServer(mind) as server:
        out = Path(place) / "results.jsonl"
        settings = Settings(openai_base_url=server.base_url, model=("scripted",))
        evaluate(settings, Task(questions, documents, out, where), Silent())
        return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def _perfect(name: str, questions: Path, documents: Path, where: tuple[str, ...]) -> Iterator[Line]:
    """Let a model write the gold quotes that it was given, each as a sentence."""
    rows = {row["id"]: row for row in read(questions)}
    mind = Perfect(list(rows.values()))
    results = _asked(questions, documents, where, mind)
    given = [(rows[r["id"]], r) for r in results if r["id"] in mind.given and rows[r["id"]]["answer_contains"]]
    lacking = sum(not contains(row, result) for row, result in given)
    dropped = sum(len(result["drops"]) for result in results)
    tokens_used = [r["writing"]["prompt_tokens"] for r in results if r["writing"] and r["writing"]["calls"]]
    yield Line(f"{name}, perfect model: lacks what it must say", lacking / len(given), "", 0.05, f"{len(given)} given")
    yield Line(f"{name}, perfect model: sentences dropped", dropped / mind.written, "", 0.03, f"of {mind.written}")
    yield Line(
        f"{name}: tokens given to the model, p50", quantile(tokens_used, 0.5), "", None, "counted by characters / 4"
    )


def _lying(name: str, questions: Path, documents: Path, where: tuple[str, ...]) -> Iterator[Line]:
    """Let a model write every mutation of those sentences."""
    mind = Lying(read(questions))
    results = _asked(questions, documents, where, mind)
    dropped = {drop["text"] for result in results for drop in result["drops"]}
    for across, goal in ((False, 0.01), (True, 0.03)):
        lies = [lie for lie, (_, other) in mind.lies.items() if other is across]
        passed = sum(lie not in dropped for lie in lies)
        kind = "across languages" if across else "one language"
        yield Line(
            f"{name}, lying model: lies not dropped, {kind}", passed / max(len(lies), 1), "", goal, f"of {len(lies)}"
        )


def _speed() -> Iterator[Line]:
    """Everything but the model: two searches, the packing of the prompt and the proof of a sentence, 1,000 passages."""
    with tempfile.TemporaryDirectory() as place:
        folder, data = Path(place) / "handbook", Path(place) / "data"
        make(folder, PASSAGES)
        settings = Settings(data_dir=data)
        ingest(Order(folder, data, ("all",)), wiring.embedder(settings))
        searcher, words = wiring.searcher(settings), wiring.words(settings)
        whole, sentence, sizes = asyncio.run(_times(searcher, words))
    yield Line("everything but the model, p50", quantile(whole, 0.5), "ms", 25, f"{PASSAGES} passages")
    yield Line("a sentence's last token to the sentence shown, p99", quantile(sentence, 0.99), "ms", 5)
    yield Line("prompt for twenty passages, the largest", max(sizes), "tok", 4000)


async def _times(searcher: Any, words: Any) -> tuple[list[float], list[float], list[float]]:  # noqa: ANN401
    from datetime import UTC, datetime

    from bot.checking import check

    reader = Reader(frozenset(), datetime.now(UTC).date())
    texts = [row["question"] for row in read(ROOT / "tests" / "golden" / "questions.jsonl")][:60]
    whole: list[float] = []
    sentences: list[float] = []
    sizes: list[float] = []
    for turn in range(ROUNDS):
        for text in texts:
            start = time.perf_counter()
            found = [searcher.find(text, language, reader) for language in ("de", "en")]
            offered = offer(found[0].found)
            prompt = prompts.writing(Brief(text, "en", tuple(each.source for each in offered)))
            for each in offered[:3]:
                piece = each.found.passage.pieces[0]
                begun = time.perf_counter()
                check(Claim(f"{piece} Always.", (Excerpt(each.source.number, piece),)), text, "en", offered, words)
                if turn:
                    sentences.append((time.perf_counter() - begun) * 1000)
            if turn:
                whole.append((time.perf_counter() - start) * 1000)
                sizes.append(float(sum(tokens(part) for _, part in prompt)))
    return whole, sentences, sizes
