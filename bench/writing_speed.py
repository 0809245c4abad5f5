"""How long a written answer takes beside its model, and how large its prompt is: a writer that answers at once stands in for the model."""

from __future__ import annotations

import asyncio
import gc
import json
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from adapters import wiring
from adapters.settings import Settings
from bench.handbooks import make
from bench.table import Line, quantile
from bot import prompts, streamed
from bot.drafts import Restated, Usage
from bot.handler import Handler
from bot.messages import Asker, Question, Wrote
from bot.quoting import Defaults
from bot.writers import tokens
from bot.written import Terms, WrittenAnswers
from ingest.pipeline import ingest
from ingest.report import Order
from tests.platforms.minds import read

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from bot.drafts import Brief, Claim, Draft, Said, Source

QUESTIONS = Path(__file__).parents[1] / "tests" / "golden" / "questions.jsonl"
ASKED = 60
PASSAGES = 1000
ROUNDS = 3
TOLD = 3
"""Sentences of an answer."""


class Instant:
    """A Writer that answers at once: it repeats the first sentences that it was given, and notes when each was complete."""

    def __init__(self) -> None:
        self.complete: dict[str, float] = {}
        self.sizes: list[int] = []

    async def ready(self) -> None:
        """Have nothing to load."""

    async def restate(self, said: Said, deadline: float) -> Restated:  # noqa: ARG002 - a Writer's
        """Return the question, and some of it as the one in the other language."""
        return Restated(said.text, said.text[: len(said.text) // 2 + 8])

    async def write(self, brief: Brief, deadline: float) -> AsyncGenerator[Claim | Draft]:  # noqa: ARG002 - a Writer's
        """Yield the sentences as they are read from a growing text."""
        self.sizes.append(sum(tokens(text) for _, text in prompts.writing(brief)))
        growing = streamed.Sentences()
        for part in _parts(brief.sources):
            now = time.perf_counter()
            for claim in growing.take(part):
                self.complete[claim.text] = now
                yield claim
        yield streamed.draft(growing.text, "instant", Usage())


def _parts(sources: tuple[Source, ...]) -> Iterator[str]:
    yield '{"answered": true, "sentences": ['
    for number, source in enumerate(sources[:TOLD]):
        quote = source.text.split(". ")[0].rstrip(".") + "."
        said = f"It is said that {quote[:1].lower()}{quote[1:]}"
        evidence = [{"passage": source.number, "quote": quote}]
        yield ("," if number else "") + json.dumps({"text": said, "evidence": evidence})
    yield '], "verdict": "none", "suggestions": []}'


def run() -> Iterator[Line]:
    """Ask a handbook of 1,000 passages."""
    with tempfile.TemporaryDirectory() as place:
        folder, data = Path(place) / "handbook", Path(place) / "data"
        make(folder, PASSAGES)
        settings = Settings(data_dir=data)
        ingest(Order(folder, data, ("all",)), wiring.embedder(settings))
        words, writer = wiring.words(settings), Instant()
        searcher = wiring.searcher(settings, words)
        gc.freeze()  # as a server does
        times = _Times()
        for _ in range(ROUNDS):
            handler = Handler(searcher, Defaults("en"), words, WrittenAnswers(writer, words, Terms()))
            times = asyncio.run(_ask(handler, writer))  # only the last round counts: the others warm up
    note = f"{PASSAGES} passages; processor time {quantile(times.processor, 0.5):.1f}"
    yield Line("everything but the model, p50", quantile(times.whole, 0.5), "ms", 25, note)
    yield Line(
        "a sentence's last token to the sentence shown, p99",
        quantile(times.shown, 0.99),
        "ms",
        5,
        f"of {len(times.shown)}",
    )
    yield Line("prompt for twenty passages, the largest", max(writer.sizes), "tok", 4000)


@dataclass
class _Times:
    """Milliseconds of a question, of the process's processor time in it, and from a sentence's last token until it is shown."""

    whole: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)


async def _ask(handler: Handler, writer: Instant) -> _Times:
    times = _Times()
    for row in read(QUESTIONS)[:ASKED]:
        start, processor = time.perf_counter(), time.process_time()
        async for event in handler.handle(Question(row["question"], Asker("bench", "", ""))):
            if isinstance(event, Wrote):
                times.shown.append((time.perf_counter() - writer.complete[event.sentence.text]) * 1000)
        times.whole.append((time.perf_counter() - start) * 1000)
        times.processor.append((time.process_time() - processor) * 1000)
    return times
