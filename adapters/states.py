"""The commands about published states: list them, go back to one, erase all but the live one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.cli import DONE, PARTLY
from bot.phrases import say

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from adapters.settings import Settings
    from knowledge.generations import Publication
    from knowledge.manifest import Manifest


def history(_options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Show the states that are there, the newest first, which of them answers and which is damaged."""
    from adapters import terminal
    from adapters.errors import words
    from knowledge import generations

    data, language = settings.data_dir, settings.language
    named, trouble = generations.named(data)
    whole = {name: about for name in generations.history(data) if (about := _whole(settings, name))}
    answers = next((name for name in (named, *generations.earlier(data, named)) if name in whole), "")
    published = {publication.generation: publication for publication in generations.publications(data)}
    rows = [
        _row(language, name, whole.get(name), published.get(name), answers=name == answers)
        for name in generations.history(data)
    ]
    columns = ("status_generation", "status_created", "history_documents", "status_passages", "history_state")
    terminal.show_counts([say(column, language) for column in columns], rows, console)
    if trouble:
        console.print(words(trouble, language), style="yellow")
    return PARTLY if trouble or named not in whole else DONE


def _whole(settings: Settings, name: str) -> Manifest | None:
    """Return what a state says about itself, None if it is damaged."""
    from knowledge import generations, manifest
    from knowledge.errors import KnowledgeError

    folder = generations.place(settings.data_dir, name)
    try:
        about = manifest.read(folder)
        manifest.verify(folder, about)
    except KnowledgeError:
        return None
    return about


def _row(
    language: str, name: str, about: Manifest | None, published: Publication | None, *, answers: bool
) -> list[str]:
    moment = f"{published.moment.astimezone():%Y-%m-%d %H:%M}" if published else ""
    if about is None:
        return [name, moment, "", "", say("history_damaged", language)]
    state = say("history_live", language) if answers else ""
    return [name, moment, str(len(about.entries)), str(about.passages), state]


def rollback(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Let an earlier state answer again."""
    from adapters import wiring
    from knowledge import generations
    from knowledge.lock import only_writer

    with only_writer(settings.data_dir):
        embedder = wiring.embedder(settings).fingerprint
        name = generations.rollback(settings.data_dir, options.generation, embedder)
    share(settings)
    console.print(say("rollback_done", settings.language, generation=name), style="green")
    return DONE


def purge(_options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Erase everything but what is live."""
    from adapters import last_ingest
    from knowledge import generations
    from knowledge.lock import only_writer

    with only_writer(settings.data_dir):
        name, count = generations.purge(settings.data_dir)
        last_ingest.forget(settings.data_dir)
    share(settings)
    done = say("purge_done", settings.language, generation=name, count=count, days=settings.keep_turns)
    console.print(done, style="green")
    return DONE


def share(settings: Settings) -> None:
    """Let the replicas fetch what answers here, if the settings say from where. Raises NotShared."""
    if not settings.generations:
        return
    from adapters.errors import NotShared
    from adapters.serving import generation

    try:
        generation.share(settings.data_dir, settings.generations)
    except (OSError, ValueError, ImportError) as error:
        raise NotShared(settings.generations, type(error).__name__) from error
