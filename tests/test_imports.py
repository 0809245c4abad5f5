"""Starting costs next to nothing: slow libraries wait for who needs them, and an import reads, opens and starts nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("adapters", "bot", "ingest", "knowledge")
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if path.name != "env.py"  # a script that Alembic runs, with its own context
)

HEAVY = """
    chromadb docx langchain langchain_core langchain_openai langchain_text_splitters lxml markdown_it numpy openai openpyxl pdfminer
    pdfplumber pptx pydantic pydantic_settings rich safetensors slack_bolt slack_sdk sqlalchemy Stemmer telegram tokenizers wordllama
    yaml asyncio
""".split()

WATCH = '''
import importlib, sys

ROOT, MODULES = sys.argv[1], sys.argv[2:]
EVENTS = {"open", "os.listdir", "os.scandir", "os.mkdir", "socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen"}
seen = []

def watch(event, arguments):
    """Note what our own module does while it is imported: the frame that is nearest, before any import, is one of ours."""
    if event not in EVENTS:
        return
    frame = sys._getframe(1)
    while frame and not frame.f_code.co_filename.startswith(("<frozen importlib", ROOT)):
        frame = frame.f_back
    if frame and frame.f_code.co_filename.startswith(ROOT) and "/.venv/" not in frame.f_code.co_filename:
        seen.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {event} {arguments[:1]}")

sys.addaudithook(watch)
for name in MODULES:
    importlib.import_module(name)
print("\\n".join(seen))
'''


def python(*arguments: str) -> str:
    """Run the interpreter in a process of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded(module: str) -> set[str]:
    """Return the top-level packages that are there once a module was imported."""
    listed = python("-c", f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})")
    return set(listed.split())


@pytest.mark.parametrize("module", ["adapters.cli", "bot.messages", "knowledge.documents", "ingest.errors"])
def test_nothing_heavy_is_loaded_by(module: str) -> None:
    assert loaded(module).isdisjoint(HEAVY)


def test_the_core_needs_no_vector_database_and_no_chain_until_it_is_asked() -> None:
    assert loaded("adapters.wiring").isdisjoint(
        {"chromadb", "langchain_core", "langchain_openai", "openai", "rich", "tokenizers"}
    )


def test_the_grammar_of_the_command_line_needs_nothing_heavy() -> None:
    code = "import sys; from adapters.cli import parser; parser(); print(*{n.partition('.')[0] for n in sys.modules})"
    assert set(python("-c", code).split()).isdisjoint(HEAVY)


@pytest.mark.slow
def test_importing_our_modules_reads_opens_and_starts_nothing() -> None:
    assert len(MODULES) > 40
    assert python("-c", WATCH, str(ROOT), *MODULES).split("\n") == ["", ""]
