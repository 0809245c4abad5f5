"""A real PostgreSQL on a free port, started from Debian's package for the tests and the bench."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PLACES = ("/usr/lib/postgresql", "/usr/local/lib/postgresql")
ORDINARY = ("postgres", "nobody")
"""Who runs the server when the tests run as root, which PostgreSQL refuses."""
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
"""For tests that end no machine: a killed Lotse does not depend on the disk."""


def binaries() -> Path | None:
    """Return where initdb and postgres are, the newest first, or None."""
    found = [path.parent for place in PLACES for path in Path(place).glob("*/bin/postgres")]
    if found:
        return max(found, key=lambda path: float(path.parent.name))
    on_path = shutil.which("postgres")
    return Path(on_path).parent if on_path else None


class Postgres:
    """A server in a folder of its own."""

    def __init__(self, options: tuple[str, ...] = FAST) -> None:
        found = binaries()
        if found is None:
            raise FileNotFoundError("postgres")
        self._binaries, self._options = found, options
        # Not below pytest's folder, which is closed to all others again by each run that begins.
        self._folder = Path(tempfile.mkdtemp(prefix="lotse-postgres-"))
        self._user = next(name for name in ORDINARY if _known(name)) if os.geteuid() == 0 else ""
        self._server: subprocess.Popen[bytes] | None = None
        self.port = 0
        self._made = 0

    def start(self) -> None:
        """Make the folder if it is new, start the server and wait until it answers."""
        if not self.port:
            if self._user:
                shutil.chown(self._folder, self._user)
            self._run(
                "initdb", "-D", str(self._folder / "data"), "-U", "lotse", "-A", "trust", "--no-sync", "-E", "UTF8"
            )
            self.port = free_port()
        arguments = ("-D", str(self._folder / "data"), "-p", str(self.port), "-k", str(self._folder), "-h", "127.0.0.1")
        self._server = subprocess.Popen(
            (str(self._binaries / "postgres"), *arguments, *self._options),
            user=self._user or None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
        )
        self._wait()

    def stop(self, *, hard: bool = False) -> None:
        """Stop the server: in order, or as a crash does."""
        if self._server is not None:
            self._server.send_signal(3 if hard else 2)
            self._server.wait(30)
            self._server = None

    def remove(self) -> None:
        """Stop the server and delete what it held."""
        self.stop(hard=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def database(self) -> str:
        """Return the address of a new, empty database."""
        self._made += 1
        name = f"lotse_{self._made}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "lotse", name)
        return f"postgresql://lotse@127.0.0.1:{self.port}/{name}"

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        probe = (str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port))
        while subprocess.run(probe, check=False).returncode:
            if time.monotonic() > deadline or self._server is None or self._server.poll() is not None:
                raise TimeoutError("postgres")
            time.sleep(0.05)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            (str(self._binaries / program), *arguments),
            user=self._user or None,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
        )


def _known(user: str) -> bool:
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
