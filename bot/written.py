"""The way of a question to a written answer, or to the reason why it has to be quoted."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot import answerer, choosing, privacy, wording
from bot.cache import Cache
from bot.chain import Asked, Candidates, WritingSteps, chain
from bot.checking import Dropped, Proven
from bot.composing import Composition
from bot.deciding import decide
from bot.drafts import Draft, Usage
from bot.errors import ModelTooSlow, WritingFailed
from bot.messages import Answer, Citation, Outcome, Sentence, Verdict, Writing, Wrote
from bot.phrases import say
from bot.remembering import KEPT, Remembering

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from bot.choosing import Quote
    from bot.ports import Finder, Judge, Writer
    from bot.privacy.own_patterns import OwnPattern
    from knowledge.findings import Findings, Reader
    from knowledge.glossary import Glossary

log = logging.getLogger(__name__)

EARLIER = 4
"""Earlier messages of the asker that a model gets."""
NEAR = 3
"""Passages at the top among which a closed one could be what answers, when the model finds nothing in the others."""
CLOSE = 0.7
"""Share of the best passage's score from which on another one could be what answers."""
NOT_PROVEN, CLOSED = "not_proven", "closed_to_model"
"""Why an answer quotes although the model did its part; phrases of these names say so."""
UNHELPED = {NOT_PROVEN: "", CLOSED: ""}
"""What is said of that where there is nothing to quote; of a model that failed, that it might have helped."""


@dataclass(frozen=True, slots=True)
class Request:
    """A question that shall get a written answer. `earlier` holds the asker's own earlier messages, `history` all turns.

    `whole` is the message where `text` was cut: half a number is no longer known as one.
    """

    text: str
    language: str
    reader: Reader
    finder: Finder
    findings: Findings
    earlier: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is answered when nothing is written: by quoting, or that the handbook does not say (from what was found)."""

    quoted: Answer
    not_found: Callable[[Findings], Answer]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. Without an outcome the answer has to be quoted, and `reason` names the phrase that says why."""

    findings: Findings
    writing: Writing
    outcome: Outcome | None = None
    reason: str = ""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    verdict: Verdict | None = None
    suggestions: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """How answers are written: seconds for one of them, the company's own patterns for personal data, who is asked (part of every key)."""

    seconds: float = 20
    patterns: Sequence[OwnPattern] = ()
    models: str = ""


class WrittenAnswers:
    """Lets a model write and shows only what is proven. One for the whole process."""

    def __init__(self, writer: Writer, glossary: Glossary, terms: Terms, judge: Judge | None = None) -> None:
        self._remembering = Remembering(writer)
        self._chain = chain(WritingSteps(self._remembering, glossary, judge))
        self._glossary = glossary
        self._terms = terms
        self._judged = judge is not None
        self._written: Cache[Result] = Cache(KEPT)

    async def ready(self) -> None:
        """Load now what the first question would wait for."""
        await self._remembering.ready()

    def forget(self) -> None:
        """Empty the memory of what was asked and answered."""
        self._written.clear()
        self._remembering.forget()

    async def answer(self, request: Request, otherwise: Otherwise) -> AsyncGenerator[Wrote | Answer]:
        """Yield each sentence once it is proven and, last, the answer. Raises KnowledgeError."""
        key, era = self._key(request), self._written.era
        if (known := self._written.get(key)) is not None:
            yield _answer(replace(known, writing=replace(known.writing, cached=True, calls=0)), otherwise)
            return
        async with aclosing(self._fresh(request)) as events:
            async for event in events:
                if isinstance(event, Wrote):
                    yield event
                    continue
                if event.outcome is not None:
                    self._written.put(key, event, era)
                yield _answer(event, otherwise)

    def _key(self, request: Request) -> object:
        reader, findings = request.reader, request.findings
        said = (request.text, request.language, request.earlier, request.history)
        return (
            findings.generation,
            sorted(reader.groups),
            reader.today.isoformat(),
            said,
            self._terms.models,
            self._judged,
        )

    async def _fresh(self, request: Request) -> AsyncGenerator[Wrote | Result]:
        """Work in a task of its own, so that a limit of time or a reader who goes away ends it wherever it stands."""
        queue: asyncio.Queue[Wrote | Result | None] = asyncio.Queue()
        task = asyncio.create_task(self._work(request, queue))
        task.add_done_callback(lambda _: queue.put_nowait(None))
        try:
            while (event := await queue.get()) is not None:
                yield event
            await task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])

    async def _work(self, request: Request, queue: asyncio.Queue[Wrote | Result | None]) -> None:
        writing = _Written(request, self._glossary)
        try:
            async with asyncio.timeout(self._terms.seconds + GRACE):
                if await asyncio.to_thread(lambda: writing.closed):
                    queue.put_nowait(writing.quoted(CLOSED))
                    return
                asked = self._asked(request)
                async with aclosing(self._chain.astream(asked)) as steps:  # type: ignore[type-var]
                    async for step in steps:
                        if (wrote := writing.take(step)) is not None:
                            queue.put_nowait(wrote)
                queue.put_nowait(await asyncio.to_thread(writing.result))
        except WritingFailed as error:
            log.info("not written: %s", type(error).__name__)
            queue.put_nowait(writing.quoted(type(error).__name__))
        except TimeoutError:
            queue.put_nowait(writing.quoted(ModelTooSlow.__name__))

    def _asked(self, request: Request) -> Asked:
        """Return the question with placeholders for personal data, the same ones in every message."""
        said = (*request.earlier[-EARLIER:], request.whole or request.text)
        redaction = privacy.replace(SEPARATOR.join(said), self._terms.patterns)
        *earlier, text = redaction.text.split(SEPARATOR)
        deadline = asyncio.get_running_loop().time() + self._terms.seconds
        return Asked(
            text if request.whole in ("", request.text) else text[: len(request.text)],
            tuple(earlier),
            request.language,
            request.reader,
            request.finder,
            deadline,
            request.history,
            redaction.originals,
            request.findings,
        )


SEPARATOR = "\n\x1e\n"
"""Stands between messages while personal data is replaced in all of them at once."""
GRACE = 2.0
"""Seconds beyond the limit after which the work is ended from outside, should something not have ended by itself."""


class _Written:
    """One answer while it is written."""

    def __init__(self, request: Request, glossary: Glossary) -> None:
        self._request = request
        self._glossary = glossary
        self._composition = Composition()
        self._candidates: Candidates | None = None
        self._draft: Draft | None = None
        self._opinions = Usage()

    @cached_property
    def _chosen(self) -> tuple[Quote, ...]:
        """Return what would be quoted without a model."""
        quotable = choosing.quotable(self._request.text, self._request.findings)
        return choosing.choose(quotable, self._request.findings.worth)

    def take(self, step: object) -> Wrote | None:
        """Take in what the chain gives; return the sentence that may be shown."""
        match step:
            case Candidates():
                self._candidates = step
            case Draft():
                self._draft = step
            case Usage():
                self._opinions += step
            case Dropped():
                self._composition.drop(step)
            case Proven():
                added = self._composition.add(step)
                return Wrote(*added, self._request.language) if added else None
        return None

    def result(self) -> Result:
        """Return what came of it once the chain has ended."""
        candidates, draft, composition = self._candidates, self._draft, self._composition
        if candidates is None or draft is None:
            return self.quoted(CLOSED if self._any_closed() else NOT_PROVEN)
        if not draft.answered:
            return self.quoted(CLOSED) if self._any_closed() else self._not_found(candidates)
        if not composition.answers:
            return self.quoted(NOT_PROVEN)
        return Result(
            candidates.findings,
            self._writing(),
            Outcome.WRITTEN,
            "",
            tuple(composition.sentences),
            tuple(composition.citations),
            self._verdict(candidates, draft),
            composition.suggestions(candidates, draft),
            composition.contact,
        )

    def _verdict(self, candidates: Candidates, draft: Draft) -> Verdict | None:
        asked = candidates.understood.asked
        question = asked.original(candidates.understood.question)
        quotable = choosing.quotable(question, self._request.findings)
        quotes = (*self._chosen, *(quote for quote in quotable if self._composition.cites(quote)))
        decided = decide(question, quotes, asked.language, self._glossary).verdict
        return self._composition.verdict(question, asked.language, decided, draft.verdict, self._glossary)

    def _not_found(self, candidates: Candidates) -> Result:
        return Result(candidates.findings, self._writing(), Outcome.NOT_FOUND)

    def quoted(self, reason: str) -> Result:
        """Return that the answer has to be quoted, and why."""
        return Result(self._findings(), replace(self._writing(), fault=reason), reason=reason)

    @property
    def closed(self) -> bool:
        """Say whether what would be quoted must not go to a model."""
        best = (*(quote.found for quote in self._chosen), *self._request.findings.found[:1])
        return not all(found.metadata.external for found in best)

    def _findings(self) -> Findings:
        return self._candidates.findings if self._candidates else self._request.findings

    def _any_closed(self) -> bool:
        top = self._findings().found[:NEAR]
        return any(found.score >= top[0].score * CLOSE for found in top if not found.metadata.external)

    def _writing(self) -> Writing:
        draft, candidates = self._draft, self._candidates
        understood = candidates.understood if candidates else None
        usage = (draft.usage if draft else Usage()) + (understood.usage if understood else Usage()) + self._opinions
        return Writing(
            draft.model if draft else "",
            understood.asked.original(understood.question) if understood else "",
            tuple(self._composition.drops),
            usage.prompt,
            usage.completion,
            usage.calls,
        )


def _answer(result: Result, otherwise: Otherwise) -> Answer:
    """Return the answer that people see."""
    quoted = otherwise.quoted
    if result.outcome is None:
        reason = result.reason if quoted.outcome is Outcome.QUOTED else UNHELPED.get(result.reason, "unhelped")
        return replace(quoted, writing=result.writing, notice=say(reason, quoted.language) if reason else "")
    if result.outcome is Outcome.NOT_FOUND:
        return replace(otherwise.not_found(result.findings), writing=result.writing)
    return replace(
        quoted,
        outcome=Outcome.WRITTEN,
        text=wording.written(result.sentences, result.citations, result.verdict, quoted.language),
        verdict=result.verdict,
        sentences=result.sentences,
        citations=result.citations,
        nearest=(),
        suggestions=result.suggestions,
        contact=result.contact or quoted.contact,
        retrieved=answerer.retrieved(result.findings),
        writing=result.writing,
    )
