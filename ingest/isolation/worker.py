"""A worker: the parent's hold on one child, and on what the child still has to answer."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.errors import Damaged, TooLarge
from ingest.isolation import wire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from queue import SimpleQueue

    from ingest.errors import ReadingError
    from ingest.isolation.bounds import Order

_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from ingest.isolation.child import main; main()"
_TO_START = 60.0  # seconds; a slow disk is no reason to give up
_TO_CLOSE = 5.0
_AT_ONCE = 32
_WEIGHT = 256 * 1024
_OF_A_LETTER = 8  # so that the paths of a full worker fit a pipe, and writing to it never waits


@dataclass(frozen=True, slots=True)
class Task:
    """A file that is to be read, its number in the row, and what it weighs when work is shared out."""

    number: int
    path: Path

    @property
    def weight(self) -> int:
        """Return its size in bytes, and more for a long name; what cannot be looked at weighs little."""
        try:
            size = self.path.lstat().st_size
        except (OSError, ValueError):
            size = 0
        return size + _OF_A_LETTER * len(os.fsencode(self.path))


@dataclass(frozen=True, slots=True)
class News:
    """Word from a worker: a frame, or None when its child has ended; and when it came."""

    worker: Worker
    frame: bytes | None
    time: float


class Worker:
    """One child, with the tasks that it was given, the oldest first: that is the one it is reading."""

    def __init__(self, order: Order, news: SimpleQueue[News], *, bare: bool = True) -> None:
        self.bare = bare
        self.ready = False
        self.served = 0
        self.tasks: deque[Task] = deque()
        self._bounds = order.bounds
        self._weights: deque[int] = deque()
        self._unsent: list[bytes] = []
        self._since = time.monotonic()
        self._overdue = False
        self._process = _start(bare=bare)
        self._write([pickle.dumps(order)])
        threading.Thread(target=self._listen, args=(news,), daemon=True).start()

    @property
    def deadline(self) -> float | None:
        """Return when the child must have said something, None while nothing is asked of it."""
        if not self.ready:
            return self._since + _TO_START
        return self._since + self._bounds.patience if self.tasks else None

    @property
    def full(self) -> bool:
        """Tell whether the child has enough to do. Large files are handed out one by one, so that others can help."""
        return len(self.tasks) >= _AT_ONCE or sum(self._weights) >= _WEIGHT

    @property
    def overdue(self) -> bool:
        """Tell whether the child has let its time pass."""
        return self.deadline is not None and self.deadline <= time.monotonic()

    def give(self, task: Task) -> None:
        """Add a task; `send` asks for it."""
        if not self.tasks:
            self._since = max(self._since, time.monotonic())
        self.tasks.append(task)
        self._weights.append(task.weight)
        self._unsent.append(os.fsencode(task.path.absolute()))

    def send(self) -> None:
        """Ask for the files of all tasks that were added."""
        if self._unsent:
            self._write(self._unsent)
            self._unsent.clear()

    def hear(self, moment: float) -> None:
        """Take note that the child is there and alive."""
        self.ready, self._since = True, moment

    def settle(self, moment: float) -> Task:
        """Return the task that was just answered; the next one begins now."""
        self._since = moment
        self.served += 1
        self._weights.popleft()
        return self.tasks.popleft()

    def stop(self) -> None:
        """End a child that took too long, from outside."""
        self._overdue = True
        self.end()

    def end(self) -> None:
        """End the child at once."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Let go of the child and of the pipes to it."""
        self.end()
        with contextlib.suppress(OSError):
            cast("BinaryIO", self._process.stdin).close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_TO_CLOSE)

    def reason(self) -> ReadingError:
        """Return what the end of the child says about the file that it was reading."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_TO_CLOSE)
        code = self._process.returncode
        if self._overdue or code == -getattr(signal, "SIGPROF", 0):
            return TooLarge("seconds", self._bounds.seconds, max(self._bounds.seconds, time.monotonic() - self._since))
        if code == -getattr(signal, "SIGKILL", 0):  # not by us: the system was out of memory
            return TooLarge("memory", self._bounds.memory, self._bounds.memory)
        return Damaged(self.tasks[0].path.suffix[1:].lower())

    def _write(self, frames: Sequence[bytes]) -> None:
        """Write to the child. That one has ended shows where its answers are read."""
        with contextlib.suppress(OSError, ValueError):
            wire.write(cast("BinaryIO", self._process.stdin), frames)

    def _listen(self, news: SimpleQueue[News]) -> None:
        with cast("BinaryIO", self._process.stdout) as answers:
            while (frame := wire.read(answers)) is not None:
                news.put(News(self, frame, time.monotonic()))
        news.put(News(self, None, time.monotonic()))


def _start(*, bare: bool) -> subprocess.Popen[bytes]:
    """Start a Python that imports from where this one does, in an environment without anybody's keys.

    A new program and not a fork: it starts in a moment, holds no copy of our memory, and runs no code of our caller.
    """
    keep = ["-B"] if sys.dont_write_bytecode else []
    keep += ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 -- "" is where we stand
    command = [sys.executable, "-I", *keep, "-X", "utf8", "-c", _PROGRAM, *paths]
    return subprocess.Popen(  # noqa: S603 -- our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={} if bare and os.name == "posix" else None,
    )
