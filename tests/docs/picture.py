"""Draw the picture of the README from what Lotse really prints: `.venv/bin/python tests/docs/picture.py`."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent.parent
PICTURE = ROOT / "docs" / "images" / "session.svg"
LOTSE = Path(sys.executable).parent / "lotse"
WIDTH = 90
SESSION = (
    ("ask", "Darf ich Midjourney-Bilder in einer Anzeige nutzen?"),
    ("ask", "May I bring my dog to work?"),
)
"""The commands that the picture shows: an answer, and an honest no."""

_CURSOR = re.compile(r"\x1b\[\?25[hl]")
_REMOTE_FONTS = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)


def play(data: Path, *, colour: bool) -> list[tuple[str, str]]:
    """Run each command of the session on the starter handbook; return it as typed, with what it prints."""
    environment = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    environment |= {"LOTSE_DATA_DIR": str(data), "COLUMNS": str(WIDTH), "PYTHONUTF8": "1", "TERM": "xterm-256color"}
    if colour:
        environment |= {"FORCE_COLOR": "1", "TTY_INTERACTIVE": "0", "COLORTERM": "truecolor"}
    _run(("ingest", "--starter"), environment)
    return [(shlex.join(("lotse", *command)), _run(command, environment)) for command in SESSION]


def _run(command: tuple[str, ...], environment: dict[str, str]) -> str:
    done = subprocess.run(
        (LOTSE, *command), env=environment, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return _CURSOR.sub("", done.stdout)


def draw(session: list[tuple[str, str]]) -> str:
    """Return the session as an SVG that fetches nothing."""
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="truecolor")
        for number, (typed, printed) in enumerate(session):
            console.print(Text.assemble(("\n$ " if number else "$ ", "green"), (typed, "bold"), "\n"), soft_wrap=True)
            console.print(Text.from_ansi(printed.rstrip()))
        form = _REMOTE_FONTS.sub("", CONSOLE_SVG_FORMAT)
        return console.export_svg(title="Lotse", code_format=form, unique_id="lotse")


def words(svg: str) -> list[str]:
    """Return the words that a picture shows, in order."""
    root = ET.fromstring(svg)  # noqa: S314 - our own file
    texts = (node for node in root.iter("{http://www.w3.org/2000/svg}text") if "title" not in node.get("class", ""))
    return " ".join("".join(node.itertext()) for node in texts).split()


def main() -> None:
    """Draw the picture anew."""
    with tempfile.TemporaryDirectory() as data:
        PICTURE.write_text(draw(play(Path(data), colour=True)), "utf-8")


if __name__ == "__main__":
    main()
