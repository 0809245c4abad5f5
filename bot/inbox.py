"""The worker that turns each written-down message into exactly one answer."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import commands, journal, phrases
from bot.delivery import Delivery, again
from bot.errors import Unavailable
from bot.intent import Intent, intent
from bot.messages import Answer, Kind, Outcome, Progress, Waiting
from bot.ports import Ending, Standing
from bot.signs import Signs
from bot.wording import alarm, prefaced, signed
from knowledge.language import ENGLISH, detect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.ports import Entry, Inbox, Kept, Observer, Outbox, Platform, Responder, Task
    from bot.privacy.own_patterns import OwnPattern

POLL = 0.5
"""Seconds after which a worker looks again for messages that came in elsewhere."""
BREATH = 0.5
"""Seconds for which nothing new is taken up while messages are being written down."""
AGAIN = 1.0
"""Seconds before a message that the worker stumbled over is taken up again."""
OUTAGE = 0.5
"""Seconds between two tries to answer while the memory cannot be reached."""
TOLD = 20
"""Messages that are told in one go that they wait."""
REFERENCE: ContextVar[str] = ContextVar("reference", default="")
"""The id that all lines of the log about one message carry."""
_log = logging.getLogger("lotse.inbox")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a worker does at once, for how long. Times in seconds. `patterns`: the company's own for personal data."""

    answering: int = 8
    delivering: int = 200
    answer: float = 120.0
    late: float = 900.0
    notice: float = 5.0
    stop: float = 20.0
    attempts: int = 3
    language: str = ENGLISH
    incident_contact: str = ""
    patterns: Sequence[OwnPattern] = ()


class Worker:
    """Answers the messages of one platform: those of one conversation in order, many conversations at once."""

    def __init__(  # noqa: PLR0913, PLR0917 - one for each port
        self,
        platform: Platform,
        inbox: Inbox,
        outbox: Outbox,
        responder: Responder,
        observer: Observer,
        limits: Limits | None = None,
    ) -> None:
        self._platform, self._inbox, self._outbox = platform, inbox, outbox
        self._responder, self._observer = responder, observer
        self._limits = limits or Limits()
        self._delivery = Delivery(platform, outbox, observer)
        self._wake = asyncio.Event()
        self._stopping = False
        self._arriving, self._claimed = 0, 0.0
        self._answering: set[str] = set()
        self._running: dict[asyncio.Task[None], Task] = {}

    @property
    def stopping(self) -> bool:
        """Say whether this worker was told to stop."""
        return self._stopping

    def wake(self) -> None:
        """Say that a message has come in."""
        self._wake.set()

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """Note that a message is being written down: that goes first, since the platform waits for it."""
        self._arriving += 1
        try:
            yield
        finally:
            self._arriving -= 1

    def stop(self) -> None:
        """Take up nothing new. `run` returns when what is in work has ended, or was given back at the limit."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until `stop`."""
        herald = asyncio.create_task(self._announce())
        try:
            while not self._stopping:
                self._wake.clear()
                for task in await self._claim():
                    self._start(task)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL)
        finally:
            herald.cancel()
            await self._wind_down()

    async def _claim(self) -> Sequence[Task]:
        room = self._limits.answering - len(self._answering)
        if room <= 0 or len(self._running) >= self._limits.delivering:
            return ()
        if self._arriving and time.monotonic() - self._claimed < BREATH:
            return ()
        self._claimed = time.monotonic()
        try:
            return await self._inbox.claim(self._platform.name, room)
        except Unavailable as error:
            self._observer.retried(self._platform.name, "database")
            _log.warning("inbox unavailable", extra={"reason": error.reason})
            return ()

    def _start(self, task: Task) -> None:
        running = asyncio.create_task(self._work(task))
        self._answering.add(task.reference)
        self._running[running] = task
        running.add_done_callback(self._ended)

    def _ended(self, running: asyncio.Task[None]) -> None:
        task = self._running.pop(running)
        self._free(task)
        if not running.cancelled() and (error := running.exception()):
            _log.error("worker failed", extra={"id": task.reference, "trace": trace(error)})

    def _free(self, task: Task) -> None:
        """Let another message be answered while this one's answer is on its way."""
        self._answering.discard(task.reference)
        self._wake.set()

    async def _wind_down(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=self._limits.stop)
        left = dict(self._running)
        for running in left:
            running.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for task in left.values():
            with suppress(Unavailable):
                await self._inbox.release(task)

    async def _announce(self) -> None:
        """Tell whoever waits for long that the message has arrived."""
        while True:
            await asyncio.sleep(min(1.0, self._limits.notice))
            try:
                for task, ahead in await self._inbox.waiting(self._platform.name, self._limits.notice, TOLD):
                    sign = Waiting(ahead, self._language(task))
                    await Signs(self._platform, self._outbox, task).now(sign)
            except Unavailable:
                continue
            except Exception as error:  # noqa: BLE001 - whatever one sign stumbles over, others wait to be told
                _log.error("not told to wait", extra={"trace": trace(error)})

    async def _work(self, task: Task) -> None:
        REFERENCE.set(task.reference)
        started = time.perf_counter()
        seconds = {"waited": (datetime.now(UTC) - task.received).total_seconds()}
        try:
            ending, entry = await self._settle(task, seconds)
        except Exception as error:  # noqa: BLE001 - whatever it was, the message must not stay in work for ever
            _log.error("worker failed", extra={"trace": trace(error)})
            if await self._given_back(task):
                return
            ending, entry = Ending.UNDELIVERABLE, None
        await self._platform.ended(task.message, task.key(0))
        seconds["total"] = time.perf_counter() - started
        self._observer.ended(task, entry, ending, seconds)
        figures = {name: round(value * 1000) for name, value in seconds.items()}
        _log.info("done", extra={"platform": self._platform.name, "ending": ending.value, "milliseconds": figures})

    async def _given_back(self, task: Task) -> bool:
        """Give a message back for another try; one that has had enough of them is ended, and False returned."""
        if task.attempts > self._limits.attempts:
            await again(self._observer, self._outbox.finish, task, Ending.UNDELIVERABLE)
            return False
        await asyncio.sleep(AGAIN)
        await again(self._observer, self._inbox.release, task)
        self._wake.set()
        return True

    async def _settle(self, task: Task, seconds: dict[str, float]) -> tuple[Ending, Entry | None]:
        """Bring one message to its end."""
        if task.message.kind is Kind.DELETION:
            return await self._delivery.withdraw(task), None
        entry: Entry | None = None
        parts = await again(self._observer, self._outbox.parts, task) if task.attempts > 1 else ()
        since = time.monotonic()
        if not parts:
            with _measured(seconds, "answer"):
                kept = await self._compose(task)
            if kept is None:
                return await self._delivery.silence(task), None
            entry, since = kept.entry, time.monotonic()
            with _measured(seconds, "keep"):
                standing, parts = await again(self._observer, self._outbox.keep, task, kept)
            if standing is not Standing.WANTED:
                return await self._delivery.leave(task, standing), None
        self._free(task)
        with _measured(seconds, "deliver"):
            return await self._delivery.deliver(task, parts, since), entry

    async def _compose(self, task: Task) -> Kept | None:
        """Make the answer ready to be sent; None: there is none."""
        answer, error = await self._answer(task)
        if answer is None:
            return None
        late = (datetime.now(UTC) - task.message.written).total_seconds() > self._limits.late
        if late:
            answer = prefaced(answer, phrases.say("late", answer.language))
        parts = self._rendered(answer, task)
        noted = journal.entry(task, answer, len(parts), late=late, error=error)
        return await asyncio.to_thread(journal.kept, answer, parts, noted, self._limits.patterns)

    def _rendered(self, answer: Answer, task: Task) -> Sequence[str]:
        try:
            return self._platform.render(answer, task.message)
        except Exception as error:  # noqa: BLE001 - whatever a renderer stumbles over, somebody waits for an answer
            _log.error("rendering failed", extra={"trace": trace(error)})
            return self._platform.render(self._failed(task), task.message)

    async def _answer(self, task: Task) -> tuple[Answer | None, str]:
        """Return what to say, and the class of the error that stood in the way of saying more."""
        if task.attempts > self._limits.attempts:
            return self._failed(task), "attempts"
        signs = Signs(self._platform, self._outbox, task)
        try:
            async with asyncio.timeout(self._limits.answer) as limit:
                return await self._asked_again(task, signs, limit), ""
        except Exception as error:  # noqa: BLE001 - whatever went wrong, somebody waits for an answer
            _log.error("answering failed", extra={"trace": trace(error)})
            return self._failed(task), type(error).__name__
        finally:
            await signs.close()

    async def _asked_again(self, task: Task, signs: Signs, limit: asyncio.Timeout) -> Answer | None:
        """Ask, and ask again while the memory cannot be reached: an outage of it is no error of this question."""
        clock = asyncio.get_running_loop().time
        longest = clock() + max(self._limits.late, self._limits.answer)
        while True:
            try:
                return await self._asked(task, signs, limit)
            except Unavailable:
                self._observer.retried("", "database")
                limit.reschedule(min(clock() + self._limits.answer, longest))
                await asyncio.sleep(OUTAGE)

    async def _asked(self, task: Task, signs: Signs, limit: asyncio.Timeout) -> Answer | None:
        answer, message = None, await self._platform.vouch(task.message)
        if message is None:
            return None
        async for event in self._responder.respond(replace(task, message=message)):
            if isinstance(event, Answer):
                answer = event
                continue
            if isinstance(event, Progress):  # documents may be taken in for longer than an answer may take
                limit.reschedule(asyncio.get_running_loop().time() + self._limits.answer)
            if not task.message.revision:
                signs.show(event)
        return answer

    def _failed(self, task: Task) -> Answer:
        language = self._language(task)
        text = phrases.say("unexpected", language, reference=task.reference)
        if _is_check(task):
            text = "\n\n".join((phrases.say("check_warning", language), text))
        urgent = intent(task.message.text) is Intent.INCIDENT
        if urgent:  # whom to call cannot wait until the rest works again
            text = "\n\n".join((alarm(self._limits.incident_contact, language), text))
        said = signed(text, language)
        return Answer(
            task.reference, task.message.text, language, Outcome.FAILED, said, urgent=urgent, discard=_is_check(task)
        )

    def _language(self, task: Task) -> str:
        return detect(task.message.text) or task.message.locale or self._limits.language


def _is_check(task: Task) -> bool:
    request = commands.parse(task.message.text)
    return request is not None and request.command is commands.Command.CHECK


@contextmanager
def _measured(seconds: dict[str, float], phase: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        seconds[phase] = time.perf_counter() - started


def trace(error: BaseException) -> list[str]:
    """Return where an error arose: its class and the places in the code, without its message, which may quote a text."""
    frames = traceback.extract_tb(error.__traceback__)
    return [type(error).__name__, *(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)]
