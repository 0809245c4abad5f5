"""What every test stands on: no network but loopback, a clean environment, an empty home, real parts or a visible skip."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from adapters.database.memory import Memory
    from tests.postgres import Postgres

SETTINGS = ("LOTSE_", "OPENAI_", "SLACK_", "TELEGRAM_")
"""What the names of the variables begin with that would change what Lotse does."""
OUTWARD = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg")
"""Audit events of the interpreter (PEP 578) that tell of a way out of this machine."""

# A busy machine is no reason to fail: how long things take is measured in the bench.
hypothesis.settings.register_profile("lotse", deadline=None)
hypothesis.settings.load_profile("lotse")

_attempts: list[str] = []


class NetworkShut(AssertionError):
    """Say that a test reached for another machine."""


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event not in OUTWARD:
        return
    host = _host(event, arguments)
    if not _on_this_machine(host):
        _attempts.append(f"{event} {host}")
        raise NetworkShut(_attempts[-1])


def _host(event: str, arguments: tuple[object, ...]) -> object:
    """Return the host that an event names: the first argument of a look-up, else part of the address, the last one."""
    if event.startswith("socket.get"):
        return arguments[0]
    address = arguments[-1]
    return address[0] if isinstance(address, tuple) else None


def _on_this_machine(host: object) -> bool:
    """Accept loopback, and what is no host at all: a local socket, a listener, a socket that is connected already."""
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def attempts() -> Iterator[list[str]]:
    """Fail the test that reached for another machine, even if the code under test swallowed the error."""
    _attempts.clear()
    yield _attempts
    assert not _attempts


@pytest.fixture(scope="session")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Be the home of the whole run; nothing may be left there."""
    home = tmp_path_factory.mktemp("home")
    yield home
    assert not list(home.iterdir()), "Lotse keeps everything in its data folder"


@pytest.fixture(autouse=True)
def _clean_environment(_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the developer's own settings, keys and home."""
    for name in [name for name in os.environ if name.startswith(SETTINGS)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(_home))


@pytest.fixture(scope="session")
def absent() -> Callable[[str], NoReturn]:
    """Give what to call when a real part (a server, a program) is not there: a visible skip, and a failure where CI=true."""

    def _absent(reason: str) -> NoReturn:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason} (CI=true: real parts must be there)")
        pytest.skip(reason)

    return _absent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with the larger corpora and questions, which SHARED names; skip where there is none."""
    folder = Path(os.environ.get("SHARED", "../shared"))
    if not (folder / "eval").is_dir():
        pytest.skip(f"SHARED names no folder with questions: {folder}")
    return folder.resolve()


@pytest.fixture(scope="session")
def postgres(absent: Callable[[str], NoReturn]) -> Iterator[Postgres]:
    """Run a real PostgreSQL, a server for each process of tests."""
    from tests.postgres import Postgres, binaries

    if binaries() is None:
        absent("PostgreSQL is not installed (Debian: the package postgresql)")
    server = Postgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, once on SQLite and once on PostgreSQL."""
    from adapters.database.connection import url_of

    if request.param == "sqlite":
        return url_of("", tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return url_of(server.database(), tmp_path)


@pytest.fixture
async def memory(url: str) -> AsyncIterator[Memory]:
    """Return an open database."""
    from adapters.database.memory import remember

    opened = await remember(url)
    yield opened
    await opened.close()
