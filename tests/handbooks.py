"""Small handbooks for tests: write one to a folder, take it in, search and ask it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.handler import Handler
from bot.messages import Answer, Asker, Question
from bot.quoting import Defaults
from ingest.pipeline import ingest
from ingest.report import Order, Report
from knowledge import glossary
from knowledge.documents import EVERYBODY
from knowledge.embeddings import BuiltInEmbedder
from knowledge.findings import Reader
from knowledge.live import LiveGeneration
from knowledge.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.messages import Event, Turn
    from knowledge.embeddings import Embedder
    from knowledge.glossary import Glossary

STARTER = Path(glossary.__file__).parent / "starter"
TODAY = date(2026, 11, 20)
ANYBODY = Reader(frozenset(), TODAY)
DEFAULTS = Defaults("en", "ai-office@talbrueck.example", "ext. 4400, soc@talbrueck.example")


@cache
def built_in() -> BuiltInEmbedder:
    """Return the embedder of the product, whose tables are read once for all tests."""
    return BuiltInEmbedder()


@cache
def names() -> Glossary:
    """Return the names by which the product finds, read once for all tests."""
    return glossary.load(glossary.VOCABULARY)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write texts to files below a folder and return it."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def page(text: str, **metadata: object) -> str:
    """Return a Markdown document with front matter."""
    front = "".join(f"{key}: {value}\n" for key, value in metadata.items())
    return f"---\n{front}---\n\n{text}\n"


def take_in(  # noqa: PLR0913 - what an ingest is told
    folder: Path,
    data: Path,
    embedder: Embedder,
    audience: tuple[str, ...] = (EVERYBODY,),
    *,
    dry_run: bool = False,
    allow_shrink: bool = False,
) -> Report:
    """Ingest a folder."""
    return ingest(Order(folder, data, audience, dry_run, allow_shrink), embedder)


@contextmanager
def searching(data: Path, embedder: Embedder) -> Iterator[Searcher]:
    """Give a searcher over what is live, and close it afterwards."""
    live = LiveGeneration(data, embedder.fingerprint)
    yield Searcher(live, embedder, names())
    live.close()


@contextmanager
def asking(data: Path, embedder: Embedder, defaults: Defaults = DEFAULTS) -> Iterator[Handler]:
    """Give a handler over what is live, and close it afterwards."""
    with searching(data, embedder) as searcher:
        yield Handler(searcher, defaults, names())


def asked(
    text: str, *groups: str, history: tuple[Turn, ...] = (), today: date = TODAY, language: str | None = None
) -> Question:
    """Return a question as an adapter puts it."""
    return Question(text, Asker("test", "", "", frozenset(groups)), language=language, today=today, history=history)


async def events(handler: Handler, question: Question) -> list[Event]:
    """Return everything that the handler says to a question."""
    return [event async for event in handler.handle(question)]


async def answer(handler: Handler, question: Question) -> Answer:
    """Return the answer to a question."""
    last = (await events(handler, question))[-1]
    assert isinstance(last, Answer)
    return last
