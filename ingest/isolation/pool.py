"""The pool: hands files out to children that read them, and takes their answers in, in order."""

from __future__ import annotations

import time
from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast, overload

from ingest.errors import Damaged, NotStarted, ReadingError, TooLarge
from ingest.isolation import wire
from ingest.isolation.bounds import Bounds, Order, as_read
from ingest.isolation.worker import News, Task, Worker
from ingest.readers import Content, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ingest.isolation.wire import Outcome

T = TypeVar("T")

_WORKERS = 2
_AHEAD = 512
"""How many answers wait at most for one that comes earlier in the order: memory is bounded, and a slow file holds nobody up."""


_LIFE = (wire.GREETING, wire.GOING_ON)


class Readers(Generic[T]):
    """Read files in children, within bounds. Use as a context manager, from one thread at a time.

    Children start when the first file is read, or with `start`, and live until the end; one that breaks is replaced.
    `folder` is where files must really lie, links followed; None lets them lie anywhere. `then` is what the child makes of
    what it has read, within the same bounds. `broken` counts the children that a file has broken.
    """

    @overload
    def __init__(
        self: Readers[Content],
        folder: Path | None = None,
        *,
        limits: Limits | None = None,
        bounds: Bounds | None = None,
        workers: int = _WORKERS,
    ) -> None: ...

    @overload
    def __init__(self, folder: Path, *, then: Callable[[Content, Path], T]) -> None: ...

    def __init__(
        self,
        folder: Path | None = None,
        *,
        limits: Limits | None = None,
        bounds: Bounds | None = None,
        workers: int = _WORKERS,
        then: Callable[[Content, Path], object] = as_read,
    ) -> None:
        place = str(folder.resolve()) if folder else ""
        self._order = Order(place, limits or Limits(), bounds or Bounds(), then)
        self._most = max(workers, 1)
        self._workers: list[Worker] = []
        self._news: SimpleQueue[News] = SimpleQueue()
        self._bare = True
        self.broken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start a child in the background now, so that it is there when the first file is."""
        if not self._workers:
            self._hire()

    def close(self) -> None:
        """End all children. Files can be read again afterwards, by new ones."""
        while self._workers:
            self._dismiss(self._workers[-1])

    def read(self, path: Path) -> T:
        """Read one file as `ingest.readers.read` does, and raise what it raises, and TooLarge for seconds and memory.

        Raises NotStarted when no child can be started.
        """
        ((_, outcome),) = self.read_all([path])
        if isinstance(outcome, ReadingError):
            raise outcome
        return outcome

    def read_all(self, paths: Iterable[Path]) -> Iterator[tuple[Path, T | ReadingError]]:
        """Yield what became of each file, in the order of the paths, which are taken as they are needed.

        A file that cannot be read is an outcome here and not raised; the others go on.
        """
        row = _Row(paths)
        try:
            while not row.done:
                self._hand_out(row)
                self._take_in(row)
                yield from cast("Iterator[tuple[Path, T | ReadingError]]", row.settled())
        finally:
            for worker in [worker for worker in self._workers if worker.tasks]:
                self._dismiss(worker)

    def _hand_out(self, row: _Row) -> None:
        """Keep every child busy; a further one is started when those that are there have enough to do."""
        for worker in self._workers:
            _fill(worker, row)
        while len(self._workers) < self._most and (task := row.task()):
            worker = self._hire()
            worker.give(task)
            _fill(worker, row)

    def _take_in(self, row: _Row) -> None:
        """Wait until a child says something, or should have."""
        deadlines = [worker.deadline for worker in self._workers if worker.tasks and worker.deadline is not None]
        if not deadlines:
            return
        try:
            news = self._news.get(timeout=max(min(deadlines) - time.monotonic(), 0))
        except Empty:
            self._stop_overdue(row)
            return
        if news.worker not in self._workers:
            return
        if news.frame is None or (news.frame not in _LIFE and not news.worker.tasks):
            self._bury(news.worker, row)
        elif news.frame in _LIFE:
            news.worker.hear(news.time)
        else:
            self._answer(news.worker, news.frame, news.time, row)

    def _stop_overdue(self, row: _Row) -> None:
        for worker in [worker for worker in self._workers if worker.overdue]:
            worker.stop()
            self._bury(worker, row)

    def _answer(self, worker: Worker, frame: bytes, moment: float, row: _Row) -> None:
        """Take an answer. What a child that retires was still to read, another one will."""
        try:
            answer = wire.unpack(frame)
        except Exception:  # noqa: BLE001 -- whatever a child that was taken over may write
            self._bury(worker, row)
            return
        others = worker.served > 0
        task = worker.settle(moment)
        if answer.retires:
            row.again(worker.tasks)
            self._dismiss(worker)
        self._judge(task, answer.outcome, row, again=others and answer.retires)

    def _bury(self, worker: Worker, row: _Row) -> None:
        """Replace a child that ended: the file that it was reading is to blame, those behind it will be read by another."""
        reason = worker.reason() if worker.ready and worker.tasks else None
        self._dismiss(worker)
        if not worker.ready:
            self._unstarted(worker)
            row.again(worker.tasks)
        elif reason:
            self.broken += 1
            task, *rest = worker.tasks
            row.again(rest)
            self._judge(task, reason, row, again=worker.served > 0)

    def _unstarted(self, worker: Worker) -> None:
        """Give the next child our whole environment: some Pythons find their own libraries by a variable."""
        if not worker.bare:
            raise NotStarted
        self._bare = False

    def _judge(self, task: Task, outcome: Outcome, row: _Row, *, again: bool) -> None:
        """Settle a task. A file that broke a child which had read others gets a fresh one: they may be to blame."""
        if again and _broken(outcome):
            fresh = self._hire()
            fresh.give(task)
            fresh.send()
        else:
            row.settle(task, outcome)

    def _hire(self) -> Worker:
        try:
            worker = Worker(self._order, self._news, bare=self._bare)
        except OSError as error:
            raise NotStarted from error
        self._workers.append(worker)
        return worker

    def _dismiss(self, worker: Worker) -> None:
        self._workers.remove(worker)
        worker.close()


class _Row:
    """The files that are to be read, in order: which of them are under way, and what is known of the first ones."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._tasks = (Task(number, path) for number, path in enumerate(paths))
        self._again: deque[Task] = deque()
        self._outcomes: dict[int, tuple[Path, Outcome]] = {}
        self._begun = self._ended = 0
        self._exhausted = False

    @property
    def done(self) -> bool:
        """Tell whether every file is settled and was handed on."""
        return self._exhausted and self._ended == self._begun

    def task(self) -> Task | None:
        """Return the next file, None if there is none or too much waits for one before."""
        if self._again:
            return self._again.popleft()
        if self._begun - self._ended >= _AHEAD:
            return None
        task = next(self._tasks, None)
        self._exhausted = task is None
        self._begun += task is not None
        return task

    def again(self, tasks: Iterable[Task]) -> None:
        """Take files back that nobody has read, to be the next ones."""
        self._again.extendleft(reversed(list(tasks)))

    def settle(self, task: Task, outcome: Outcome) -> None:
        """Take note of what became of a file."""
        self._outcomes[task.number] = task.path, outcome

    def settled(self) -> Iterator[tuple[Path, Outcome]]:
        """Yield what is known, as far as nothing before it is missing."""
        while self._ended in self._outcomes:
            outcome = self._outcomes.pop(self._ended)
            self._ended += 1
            yield outcome


def _fill(worker: Worker, row: _Row) -> None:
    """Give a child as much as it should have before it, in one go."""
    while not worker.full and (task := row.task()):
        worker.give(task)
    worker.send()


def _broken(outcome: Outcome) -> bool:
    """Tell whether a child broke over a file for want of memory, or crashed."""
    return isinstance(outcome, Damaged) or (isinstance(outcome, TooLarge) and outcome.limit == "memory")
