"""What was published is listed, brought back and erased by commands, in the admin's language."""

from __future__ import annotations

import argparse
import io
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from adapters import states, wiring
from adapters.settings import Settings
from bot.phrases import say
from knowledge import generations
from knowledge.building import write
from knowledge.errors import EmbedderMismatch, NoGeneration, UnknownGeneration
from knowledge.language import LANGUAGES
from tests.states import NOON, build, damage, twice

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[[argparse.Namespace, Settings, Console], int]


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("pattern")
    made = replace(build(), embedder=wiring.embedder(Settings()).fingerprint)
    for minutes in range(2):
        generations.publish(data, write(data, made, NOON + timedelta(minutes=minutes)))
    return data


@pytest.fixture
def data(pattern: Path, tmp_path: Path) -> Path:
    """Be a data folder in which two states were published."""
    return Path(shutil.copytree(pattern, tmp_path / "data"))


def said(command: Command, data: Path, language: str = "en", generation: str | None = None, code: int = 0) -> str:
    """Run a command and return what it prints."""
    console = Console(file=io.StringIO(), width=120)
    settings = Settings.model_validate({"data_dir": data, "language": language})
    assert command(argparse.Namespace(generation=generation), settings, console) == code
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_history_names_each_state_the_newest_first_and_which_answers(language: str, data: Path) -> None:
    newest, oldest = generations.history(data)
    lines = said(states.history, data, language).splitlines()
    assert [line.split()[0] for line in lines[1:]] == [newest, oldest]
    assert [say("history_live", language) in line for line in lines[1:]] == [True, False]


def test_the_history_says_which_state_is_damaged(data: Path) -> None:
    damage(data / "generations" / generations.history(data)[1] / "manifest.json", "flipped")
    assert say("history_damaged", "en") in said(states.history, data).splitlines()[-1]


def test_where_what_should_answer_is_damaged_the_history_says_which_state_answers_instead(data: Path) -> None:
    newest, _ = generations.history(data)
    damage(data / "generations" / newest / "vectors.npy", "flipped")
    lines = said(states.history, data, code=1).splitlines()
    assert [say("history_damaged", "en") in lines[1], say("history_live", "en") in lines[2]] == [True, True]


def test_the_history_is_shown_though_the_pointer_is_damaged(data: Path) -> None:
    (data / "live").write_text("{", "utf-8")
    shown = said(states.history, data, code=1)
    assert all(name in shown for name in generations.history(data))
    assert say("DamagedPointer", "en")[:30] in shown


def test_going_back_says_what_answers_now(data: Path) -> None:
    newest, oldest = generations.history(data)
    assert oldest in said(states.rollback, data)
    assert generations.live(data) == oldest
    assert newest in said(states.rollback, data, "de", newest)
    with pytest.raises(UnknownGeneration):
        said(states.rollback, data, generation="20200101-000000-aaaaaa")


def test_going_back_to_what_another_embedder_made_is_refused(tmp_path: Path) -> None:
    twice(tmp_path)
    with pytest.raises(EmbedderMismatch):
        said(states.rollback, tmp_path)


def test_erasing_says_how_much_and_leaves_what_is_live(data: Path) -> None:
    newest, _ = generations.history(data)
    assert "1" in said(states.purge, data)
    assert "LOTSE_KEEP_TURNS: 30 days" in " ".join(said(states.purge, data).split())
    assert generations.history(data) == [newest]


@pytest.mark.parametrize("command", [states.history, states.rollback, states.purge])
def test_where_nothing_was_published_each_says_so(command: Command, tmp_path: Path) -> None:
    with pytest.raises(NoGeneration):
        said(command, tmp_path / "data")
