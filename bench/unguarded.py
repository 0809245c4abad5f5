"""What the guards against hostile documents and models cost honest ones: the same questions to Lotse with and without them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.table import Line
from tests.platforms.minds import Perfect, read
from tests.platforms.model_server import ModelServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = dict[str, Any]

ROOT = Path(__file__).parents[1]
ROOMS = ("adapters", "bot", "ingest", "knowledge")
OFF = {
    "knowledge/manipulation.py": "def orders(text: str) -> bool:\n    return False\n",
    "bot/checking.py": "def _matters(*_: object) -> bool:\n    return True\n",
    "bot/cleaning.py": "def links(text: str) -> frozenset[str]:\n    return frozenset()\n",
}
"""What stands below a module in the copy of the program without guards: nothing is an order, beside the point, or a foreign link."""
DIFFER = 0.01
"""Share of the questions whose outcome or verdict may differ."""


@dataclass(frozen=True, slots=True)
class Exam:
    """Questions, and the documents that they are put to."""

    name: str
    questions: Path
    documents: Path
    where: tuple[str, ...] = ()


def run(exam: Exam) -> Iterator[Line]:
    """Ask a copy of the program without guards what the program is asked, without a model and with one that writes the truth.

    Questions about orders that are hidden in a document are left out: there, the guards shall make a difference.
    """
    rows = {row["id"]: row for row in read(exam.questions) if row["kind"] != "injection"}
    with tempfile.TemporaryDirectory() as place:
        copy = _unguarded(Path(place) / "program")
        for model in ("no model", "perfect model"):
            with ModelServer(Perfect(list(rows.values()))) as server:
                address = server.base_url if model == "perfect model" else ""
                one, other = (_ends(tree, exam, Path(place), address) for tree in (ROOT, copy))
            asked = [number for number in one if number in rows]
            changed = [number for number in asked if one[number] != other[number]]
            name = f"{exam.name}, {model}: ends otherwise by guards"
            yield Line(name, len(changed) / len(asked), "", DIFFER, f"of {len(asked)}: {', '.join(changed)}")


def _unguarded(place: Path) -> Path:
    """Return a copy of the program in which the guards see nothing."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, place / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name, without in OFF.items():
        with (place / name).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{without}")
    return place


def _ends(tree: Path, exam: Exam, place: Path, address: str) -> dict[str, tuple[str, str | None]]:
    """Return the outcome and the verdict of each question, by its id, as a program answers it."""
    out = place / "results.jsonl"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LOTSE_", "OPENAI_"))}  # noqa: TID251 - for the process
    model = {"OPENAI_BASE_URL": address, "LOTSE_MODEL": "scripted"} if address else {}
    order = ("eval", exam.questions.resolve(), "--documents", exam.documents.resolve(), "--out", out)
    conditions = (part for condition in exam.where for part in ("--where", condition))
    subprocess.run(  # noqa: S603 - our own command
        (sys.executable, "-m", "adapters.cli", *map(str, order), *conditions),
        cwd=place,  # where no file of settings is
        env={**kept, **model, "PYTHONPATH": str(tree)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    rows = (json.loads(line) for line in out.read_text("utf-8").splitlines())
    return {row["id"]: (row["outcome"], row["verdict"]) for row in rows}
