"""Takes away from this process what reading a file does not need: memory, time, handles, writing, the network, children."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import signal
import sys
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingest.isolation.bounds import Bounds

_REFUSED = ("socket.", "subprocess.", "pty.", "ftplib.", "urllib.", "http.", "smtplib.", "shutil.", "winreg.")
_REFUSED_BY_NAME = frozenset(
    f"os.{name}"
    for name in (
        *("system", "exec", "fork", "forkpty", "posix_spawn", "spawn", "startfile", "startfile/2", "putenv", "kill"),
        *("remove", "rename", "rmdir", "mkdir", "link", "symlink", "truncate", "chmod", "chown", "utime", "setxattr"),
    )
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_PEAK = re.compile(rb"VmHWM:\s+(\d+) kB")

_own_work = False


def confine(bounds: Bounds) -> None:
    """Take it all away, for good. Call once, when everything that every file needs is set up."""
    if sys.platform != "win32":
        os.nice(bounds.nice)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # the clock of `timed`, whatever our caller's caller did with it
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_NPROC", 0)
    _limit("RLIMIT_NOFILE", bounds.handles)
    _limit("RLIMIT_DATA" if sys.platform == "linux" else "RLIMIT_AS", bounds.memory)
    sys.addaudithook(_watch)


@contextlib.contextmanager
def own_work() -> Iterator[None]:
    """Allow writing for work of our own, before a file is opened: Python keeps what it compiled of a library."""
    global _own_work  # noqa: PLW0603 -- an audit hook cannot be taken back, only told
    _own_work = True
    _limit("RLIMIT_FSIZE", None)
    try:
        yield
    finally:
        _limit("RLIMIT_FSIZE", 0)
        _own_work = False


@contextlib.contextmanager
def timed(bounds: Bounds) -> Iterator[Callable[[int], None]]:
    """End this process, from the kernel, when a file takes longer: it works though a parser never lets go of the interpreter.

    Gives a function that takes note of characters that were read, and grants more time for them.
    """
    if sys.platform == "win32":
        yield lambda _: None
        return
    total = bounds.seconds

    def earn(characters: int) -> None:
        nonlocal total
        left = signal.getitimer(signal.ITIMER_PROF)[0]
        more = min(characters / bounds.pace, bounds.seconds - left, bounds.longest - total)
        if more > 0:
            total += more
            signal.setitimer(signal.ITIMER_PROF, left + more)

    signal.setitimer(signal.ITIMER_PROF, bounds.seconds)
    try:
        yield earn
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def peak() -> int:
    """Return the most bytes of memory that this process ever held, 0 where the system does not tell.

    Not from getrusage: there a process begins with what its parent held.
    """
    if sys.platform != "linux":
        return 0
    with open("/proc/self/status", "rb") as state:  # noqa: PTH123 -- once a file, and three times as fast
        found = _PEAK.search(state.read())
    return int(found[1]) * 1024 if found else 0


def _limit(name: str, most: int | None) -> None:
    """Set the soft limit, within the hard one. A system that does not know it goes without."""
    if sys.platform == "win32" or not hasattr(resource, name):
        return
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    wanted = hard if most is None else most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (wanted, hard))


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse, as an audit hook (PEP 578), what no reader has any business with."""
    if _own_work:
        return
    writes = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
    if writes or event in _REFUSED_BY_NAME or event.startswith(_REFUSED):
        raise PermissionError(errno.EACCES, event)
