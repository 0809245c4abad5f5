"""Kill an ingest that changes every document at random moments, and look at what is left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self, cast

from bench.table import Line
from ingest.pipeline import ingest
from ingest.report import Order
from knowledge import generations
from knowledge.embeddings import EmbedderConfig
from knowledge.errors import KnowledgeError
from knowledge.live import LiveGeneration
from knowledge.verification import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCUMENTS = 24
SECTIONS = 3
KILLS, MORE = 200, 1000
_PROGRAM = """
import os, sys
from pathlib import Path
import chromadb
from ingest.pipeline import ingest
from ingest.report import Order
from knowledge.embeddings import EmbedderConfig
embedder = EmbedderConfig().embedder()
embedder._table, embedder._tokenizer
for _ in sys.stdin:
    process = os.fork()
    if not process:
        ingest(Order(Path(sys.argv[1]), Path(sys.argv[2]), ("all",)), embedder)
        os._exit(0)
    print(process, flush=True)
    os.waitpid(process, 0)
    print("ended", flush=True)
"""
"""Everything is loaded and nothing used yet when it forks, so that a kill meets the work and not the start of Python."""


def run(*, full: bool) -> Iterator[Line]:
    """Kill so many ingests and count states that are broken, mixed from two editions, or lack a document."""
    kills = MORE if full else KILLS
    with tempfile.TemporaryDirectory() as place:
        found = strike(Path(place), kills, seed=11)
    note = f"{kills} SIGKILL, {found['published']} of them after the switch"
    for name in ("broken", "mixed", "missing"):
        yield Line(f"killed during an ingest: {name}", found[name], "", 0, note)
        note = ""


def strike(place: Path, kills: int, seed: int) -> Counter[str]:
    """Change every document, start an ingest, kill it; again and again. Return what was found after each kill."""
    chance = random.Random(seed)  # noqa: S311 - the same moments every time, no secret
    folder, data = place / "handbook", place / "data"
    _write(folder, 0)
    ingest(Order(folder, data, ("all",)), EmbedderConfig().embedder())
    found: Counter[str] = Counter()
    following = LiveGeneration(data, EmbedderConfig().embedder().fingerprint)
    with _Ingests(folder, data) as ingests:
        _write(folder, 1)
        ingests.run()
        _write(folder, 2)
        lasting, edition = ingests.run() * 1.1, 2
        for turn in range(3, kills + 3):
            _write(folder, turn)
            ingests.run(kill_after=chance.random() * lasting)
            edition = _examine(data, following, edition, turn, found)
    following.close()
    return found


class _Ingests:
    """A process that has loaded everything and starts one ingest after the other."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", _PROGRAM, str(folder), str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, kill_after: float | None = None) -> float:
        """Run an ingest, or kill it after so many seconds; return how long it took."""
        words, answers = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        words.write("go\n")
        words.flush()
        process = int(answers.readline())
        start = time.perf_counter()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):  # it was done already
                os.kill(process, signal.SIGKILL)
        answers.readline()
        return time.perf_counter() - start


def _write(folder: Path, edition: int) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(DOCUMENTS):
        parts = [f"# Guide {number}\n"]
        parts += [
            f"## Part {part}\n\nEdition {edition} of guide {number} says word{part}.\n" for part in range(SECTIONS)
        ]
        (folder / f"{number:02}.md").write_text("\n".join(parts), "utf-8")


def _examine(data: Path, following: LiveGeneration, before: int, now: int, found: Counter[str]) -> int:
    """Count what is wrong with what is live, for a new reader and for one that has been running; return its edition."""
    try:
        verify(generations.place(data, generations.live(data)))
        lease = following.lease()
    except KnowledgeError:
        found["broken"] += 1
        return before
    generation = lease.generation
    texts = [generation.passage(number).text for number in range(generation.manifest.passages)]
    lease.end()
    editions = {int(text.split()[1]) for text in texts}
    found["broken"] += lease.trouble is not None
    found["mixed"] += len(editions) != 1 or not editions <= {before, now}
    found["missing"] += len(texts) != DOCUMENTS * SECTIONS
    found["published"] += editions == {now}
    return max(editions)
