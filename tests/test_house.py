"""Rules about the project itself: who may import what, who reads the environment, what no file may name."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
ROOMS = ("adapters", "bot", "ingest", "knowledge")
MOST_LINES = 400

READERS = ("ingest.readers",)
HOMES: dict[str, tuple[str, ...]] = {
    "aiohttp": ("adapters.slack.api", "adapters.slack.checks", "adapters.web"),
    "aiosqlite": ("adapters.database.driver",),
    "alembic": ("adapters.database",),
    "charset_normalizer": READERS,
    "chromadb": ("knowledge.store",),
    "circuitbreaker": ("bot.writers",),
    "docx": READERS,
    "dotenv": ("adapters.settings",),
    "filelock": ("adapters.database.lives", "knowledge.lock"),
    "fsspec": ("adapters.serving.generation",),
    "langchain": ("bot.writers",),
    "langchain_core": ("bot.chain", "bot.writers", "knowledge.embeddings", "knowledge.retriever"),
    "langchain_openai": ("bot.faults", "bot.writers", "knowledge.embeddings"),
    "langsmith": ("bot.writers",),
    "lxml": READERS,
    "markdown_it": READERS,
    "openai": ("bot.faults", "bot.writers", "knowledge.embeddings"),
    "openpyxl": READERS,
    "pdfminer": READERS,
    "pdfplumber": READERS,
    "pptx": READERS,
    "prometheus_client": ("adapters.serving.metrics",),
    "pydantic_settings": ("adapters.settings",),
    "rich": ("adapters",),
    "safetensors": ("knowledge.embeddings",),
    "slack_bolt": ("adapters.slack",),
    "slack_sdk": ("adapters.slack",),
    "sqlalchemy": ("adapters.database",),
    "structlog": ("adapters.serving.logs",),
    "Stemmer": ("knowledge.keywords",),
    "telegram": ("adapters.telegram",),
    "tenacity": ("adapters.database.migration", "bot.delivery", "bot.writers"),
    "tokenizers": ("knowledge.embeddings",),
    "wordllama": ("knowledge.embeddings",),
}
"""The only modules or packages that may import a library, those to come too. `make imports` knows those that are there."""

OPEN_TO_ALL = {"numpy", "pydantic", "yaml"}
"""Libraries that may be imported anywhere."""

LONG: dict[str, str] = {"bot/phrases.py": "a table: every word for people, both languages side by side"}
"""Modules that may be longer than MOST_LINES, each with its reason."""

# Joined here, so that this file does not name them itself.
UNSPEAKABLE = tuple(
    "".join(parts)
    for parts in (
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("npmjs", ".org"),
        ("npmjs", ".com"),
        ("deb.", "debian.org"),
        ("/work", "/"),
        ("/root", "/"),
        ("/opt", "/wheels"),
    )
)
"""Hosts of package registries and paths of one machine: Lotse installs from wherever its user does."""


@cache
def files() -> tuple[Path, ...]:
    """Return every file that is in git or about to be."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield each module of the folders, by its dotted name, parsed."""
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text("utf-8"))


def imports(tree: ast.Module) -> set[str]:
    """Return the dotted names of all that a module imports, at the top or inside a function."""
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
    }


def libraries(tree: ast.Module) -> set[str]:
    """Return the top-level packages that a module imports."""
    return {name.partition(".")[0] for name in imports(tree)}


def lives_in(module: str, homes: tuple[str, ...]) -> bool:
    """Tell whether a module is one of the homes or stands below one."""
    return any(module == home or module.startswith(f"{home}.") for home in homes)


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_imported_only_in_its_home(library: str) -> None:
    guests = [
        name for name, tree in modules(*ROOMS) if library in libraries(tree) and not lives_in(name, HOMES[library])
    ]
    assert guests == []


def test_each_library_in_use_has_the_same_home_in_the_import_contracts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = [c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "protected"]
    protected = {library: set(c["allowed_importers"]) for c in contracts for library in c["protected_modules"]}
    existing = {name for name, _ in modules(*ROOMS)}
    used = {library for _, tree in modules(*ROOMS) for library in libraries(tree)}
    expected = {library: existing.intersection(homes) for library, homes in HOMES.items() if library in used}
    assert protected == expected, "keep the contracts in pyproject.toml and the table HOMES alike"


def test_every_library_has_a_home_or_is_open_to_all() -> None:
    used = {library for _, tree in modules(*ROOMS) for library in libraries(tree)}
    assert used - {*HOMES, *OPEN_TO_ALL, *ROOMS, *sys.stdlib_module_names} == set()


def test_only_the_settings_read_the_environment() -> None:
    readers = [name for name, tree in modules(*ROOMS) if reads_environment(tree)]
    assert set(readers) <= {"adapters.settings"}


def reads_environment(tree: ast.Module) -> bool:
    """Tell whether a module uses os.environ or os.getenv, however it imports them."""
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return not {"environ", "environb", "getenv"}.isdisjoint(used | {name.rpartition(".")[2] for name in imports(tree)})


def test_no_test_mocks() -> None:
    banned = {"unittest.mock", "mock", "pytest_mock"}
    assert [name for name, tree in modules(*ROOMS, "tests", "bench") if banned & imports(tree)] == []


def test_every_package_says_in_its_docstring_what_lives_there() -> None:
    packages = [ROOT / room for room in ROOMS]
    packages += [path.parent for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    silent = [
        folder.name
        for folder in packages
        if not (opening := folder / "__init__.py").is_file()
        or not ast.get_docstring(ast.parse(opening.read_text("utf-8")))
    ]
    assert silent == []


def test_a_module_is_read_in_one_sitting() -> None:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in paths}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES and name not in LONG} == {}


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    unspeakable = re.compile("|".join(map(re.escape, UNSPEAKABLE)).encode())
    found = {path.relative_to(ROOT).as_posix(): unspeakable.findall(path.read_bytes()) for path in files()}
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"])
def test_a_lock_holds_exact_versions_with_hashes_and_nothing_else(lock: str) -> None:
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    odd = [
        line for line in lines if not re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^@/]+$|    --hash=sha256:|\s*#", line)
    ]
    assert odd == []


def test_the_development_lock_holds_what_is_installed_for_use() -> None:
    pinned = {
        lock: set(re.findall(r"^[A-Za-z0-9._-]+==\S+", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-dev.lock")
    }
    assert pinned["requirements.lock"] <= pinned["requirements-dev.lock"]


def test_no_model_framework_is_installed() -> None:
    text = (ROOT / "requirements-dev.lock").read_text("utf-8")
    assert re.findall(r"^(?:torch|nvidia-.*|tensorflow|jax)==", text, re.MULTILINE) == []


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "lotse.example"])
def test_another_machine_is_out_of_reach(host: str, attempts: list[str]) -> None:
    with pytest.raises(AssertionError, match="socket"):
        socket.create_connection((host, 80), timeout=1)
    assert [attempt.rpartition(" ")[2] for attempt in attempts] == [host]
    attempts.clear()


def test_this_machine_is_within_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()[:2]) as client:
        assert client.getpeername() == server.getsockname()
