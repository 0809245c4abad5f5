"""Run a function in a process of its own: it gets plain data, tells how far it is, and ends when its parent does."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

from knowledge.errors import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable

    Tell = Callable[[object], None]
    T = TypeVar("T")

_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from knowledge.spawned import main; main()"
_TOLD, _DONE, _RAISED, _BROKE = range(4)
NICE = 10
"""Added to the priority, so that questions go before an ingest."""


def run(work: Callable[..., T], *arguments: object, listen: Tell | None = None) -> T:
    """Return what `work(*arguments, tell)` returns in a new process, and raise what it raises.

    `work` is a function of a module, arguments and result are plain data. What it tells goes to `listen`. Raises Stopped if the
    process ends without a word.
    """
    paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - "" is where we stand
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", _PROGRAM, *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    words, answers = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
    try:
        pickle.dump((work, arguments), words)
        words.flush()
        return cast("T", _outcome(answers, listen or (lambda _: None)))
    except (EOFError, BrokenPipeError) as error:
        raise Stopped(process.wait()) from error
    finally:
        with contextlib.suppress(OSError):
            words.close()
        answers.close()
        process.wait()


def _outcome(answers: BinaryIO, listen: Tell) -> object:
    while True:
        kind, content = pickle.load(answers)  # noqa: S301 - our own child's words
        if kind == _DONE:
            return content
        if kind == _RAISED:
            raise content
        if kind == _BROKE:
            raise RuntimeError(content)
        listen(content)


def main() -> None:
    """Do what the parent at the other end of standard input asks for."""
    answers = _answers()
    if hasattr(os, "nice"):
        os.nice(NICE)
    work, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent's words
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def tell(content: object, kind: int = _TOLD) -> None:
        answers.write(pickle.dumps((kind, content)))
        answers.flush()

    try:
        tell(work(*arguments, tell), _DONE)
    except KeyboardInterrupt:
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - the parent decides
        tell(*_told(error))


def _told(error: Exception) -> tuple[Any, int]:
    """Return an error as the parent can raise it: our own as it is, any other by its traceback."""
    if type(error).__module__.endswith(".errors"):
        error.__cause__ = error.__context__ = None
        return error, _RAISED
    return "".join(traceback.format_exception(error)), _BROKE


def _answers() -> BinaryIO:
    """Return the way to the parent. What a library prints goes to standard error, so that it cannot be taken for an answer."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _end_with_parent() -> None:
    """End at once when the parent is gone, however it went: whoever starts it again finds the data folder free."""
    while os.read(0, 1):
        pass
    os._exit(1)
