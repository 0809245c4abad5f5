"""The child: reads one file after the other, each within its bounds, until its parent has no more."""

from __future__ import annotations

import errno
import gc
import logging
import os
import pickle
import signal
import threading
import warnings
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest import readers
from ingest.errors import Damaged, OutsideFolder, ReadingError, TooLarge, Unreadable
from ingest.isolation import confinement, wire
from ingest.isolation.wire import Answer
from ingest.readers import pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.isolation.bounds import Order
    from ingest.isolation.wire import Outcome

_STACK = 256 * 1024
_COLLECT_EVERY = 20_000  # objects; a parser makes many and few of them in circles
_ROOM = 192 * 1024 * 1024  # a child that ever held so much makes room for a fresh one: memory is not handed back whole
_NEARLY = 0.85


def main() -> None:
    """Serve the parent at the other end of standard input and output."""
    requests, answers = os.fdopen(0, "rb", closefd=False), _answers()
    order: Order = pickle.loads(wire.read(requests) or b"")  # noqa: S301 -- our own parent's words
    waiting: SimpleQueue[bytes] = SimpleQueue()
    threading.stack_size(_STACK)
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    _quieten()
    confinement.confine(order.bounds)
    wire.write(answers, [wire.GREETING])
    _serve(order, waiting, answers)


def _answers() -> BinaryIO:
    """Return the way to the parent. What a library prints goes nowhere, so that it cannot be taken for an answer."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _listen(requests: BinaryIO, waiting: SimpleQueue[bytes]) -> None:
    """Take requests in. When the parent is gone, however it went, so is this process."""
    while (request := wire.read(requests)) is not None:
        waiting.put(request)
    os._exit(0)


def _quieten() -> None:
    """Leave out what nobody will see; a parser that logs every step is a fifth slower."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group: it is the parent that ends its children
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    gc.set_threshold(_COLLECT_EVERY)


def _serve(order: Order, waiting: SimpleQueue[bytes], answers: BinaryIO) -> None:
    while True:
        path = Path(os.fsdecode(waiting.get()))
        outcome = _outcome(path, order, answers)
        tired = _ran_out(outcome) or confinement.peak() > _ROOM
        wire.write(answers, [wire.pack(Answer(outcome, tired))])
        if tired:
            os._exit(0)


def _outcome(path: Path, order: Order, answers: BinaryIO) -> Outcome:
    try:
        _prepare(path)
        with confinement.timed(order.bounds) as earn, pace.watched(_telling(earn, answers)):
            _inside(path, order.folder)
            return cast("Outcome", order.then(readers.read(path, order.limits), path))
    except ReadingError as error:
        return _explained(error, order)
    except MemoryError:
        return TooLarge("memory", order.bounds.memory, confinement.peak())


def _telling(earn: Callable[[int], None], answers: BinaryIO) -> Callable[[int], None]:
    """Tell the parent too that a long file goes on."""

    def tell(characters: int) -> None:
        earn(characters)
        wire.write(answers, [wire.GOING_ON])

    return tell


def _prepare(path: Path) -> None:
    """Load the libraries of a format before a file of that format is opened, and outside its time."""
    suffix = path.suffix.lower()
    if suffix in readers.SUFFIXES and not readers.prepared(suffix):
        with confinement.own_work():
            readers.prepare(suffix)


def _inside(path: Path, folder: str) -> None:
    """Refuse a path that is not text, and one that leads out of the folder by now, whatever it was when it was listed."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise Unreadable(errno.errorcode[errno.EILSEQ]) from error
    try:
        if folder and not path.resolve(strict=True).is_relative_to(folder):
            raise OutsideFolder
    except (OSError, RuntimeError, ValueError) as error:  # not there, a ring of links, no name at all
        raise Unreadable(errno.errorcode.get(getattr(error, "errno", 0) or errno.EINVAL, "")) from error


def _explained(error: ReadingError, order: Order) -> ReadingError:
    """Name memory as the reason where it was: a parser that gets no more of it may call the file damaged."""
    error.__cause__ = error.__context__ = error.__traceback__ = None
    most = order.bounds.memory
    short = isinstance(error, Damaged) and confinement.peak() > _NEARLY * most
    if short or _ran_out(error):
        return TooLarge("memory", most, max(confinement.peak(), most))
    return error


def _ran_out(outcome: Outcome) -> bool:
    return isinstance(outcome, TooLarge) and outcome.limit == "memory"
