"""The commands about published states: list them, go back to one, erase all but the live one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.cli import DONE
from bot.phrases import say

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from adapters.settings import Settings
    from knowledge.generations import Publication


def history(_options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Show the states that are there, the newest first, and which of them answers."""
    from adapters import terminal
    from knowledge import generations

    data, language = settings.data_dir, settings.language
    now = generations.live(data)
    published = {publication.generation: publication for publication in generations.publications(data)}
    rows = [_row(settings, name, name == now, published.get(name)) for name in generations.history(data)]
    columns = ("status_generation", "status_created", "history_documents", "status_passages", "history_state")
    terminal.show_counts([say(column, language) for column in columns], rows, console)
    return DONE


def _row(settings: Settings, name: str, live: bool, published: Publication | None) -> list[str]:  # noqa: FBT001
    from knowledge import generations, manifest
    from knowledge.errors import KnowledgeError

    language = settings.language
    moment = f"{published.moment.astimezone():%Y-%m-%d %H:%M}" if published else ""
    state = say("history_live", language) if live else ""
    try:
        about = manifest.read(generations.place(settings.data_dir, name))
    except KnowledgeError:
        return [name, moment, "", "", say("history_damaged", language)]
    return [name, moment, str(len(about.entries)), str(about.passages), state]


def rollback(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Let an earlier state answer again."""
    from knowledge import generations
    from knowledge.lock import only_writer

    with only_writer(settings.data_dir):
        name = generations.rollback(settings.data_dir, options.generation)
    share(settings)
    console.print(say("rollback_done", settings.language, generation=name), style="green")
    return DONE


def purge(_options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Erase everything but what is live."""
    from knowledge import generations
    from knowledge.lock import only_writer

    with only_writer(settings.data_dir):
        name, count = generations.purge(settings.data_dir)
    share(settings)
    console.print(say("purge_done", settings.language, generation=name, count=count), style="green")
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
