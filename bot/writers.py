"""The model behind LangChain: calls with a limit to everything, and each of its faults as one of our errors."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from circuitbreaker import CircuitBreaker
from langsmith import tracing_context
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from bot import prompts, streamed
from bot.drafts import Usage
from bot.errors import (
    KeyRefused,
    ModelBrokeOff,
    ModelBusy,
    ModelDeclined,
    ModelMissing,
    ModelOutOfOrder,
    ModelPaused,
    ModelTooSlow,
    ModelUnreachable,
    ModelUnreadable,
    QuotaSpent,
    WritingFailed,
)
from bot.faults import mapped

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator

    from langchain_core.messages import AIMessageChunk
    from langchain_openai import ChatOpenAI
    from tenacity import RetryCallState

    from bot.drafts import Brief, Claim, Draft, Opinion, Restated, Said

OPENAI = "https://api.openai.com/v1"
LONGEST = 8000
"""Characters of an answer at most; an answer of four sentences with its evidence has about 1,500."""
CHARACTERS_A_TOKEN = 3.2
"""Characters a token holds, low for German and English; used where the server does not count."""
MESSAGE_TOKENS = 8
"""Tokens that each message costs beyond its text, high."""

PASSING = (ModelBusy, ModelOutOfOrder, ModelUnreachable)
"""Faults that may be over in a moment."""
ALIKE = (KeyRefused, QuotaSpent, ModelDeclined)
"""Faults that another model of the same server would have, too, or must not be asked to get around."""
STANDING = (KeyRefused, QuotaSpent, *PASSING, ModelTooSlow, ModelMissing)
"""Faults that make it likely that the next question fails as well."""


@dataclass(frozen=True, slots=True)
class Options:
    """Which models are asked, in order, where, and how patiently. Times are in seconds.

    `silence`: longest wait for the next piece; `attempts`: calls of one model for one text; after `failures` questions in a row that
    failed, a model is left alone for `pause`.
    """

    models: tuple[str, ...]
    api_key: str = field(default="", repr=False)
    base_url: str = OPENAI
    silence: float = 10
    attempts: int = 2
    failures: int = 5
    pause: float = 30
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class _Request:
    """What is sent, and the time of the event loop's clock at which it is too late."""

    messages: prompts.Messages
    shape: dict[str, Any]
    deadline: float


@dataclass(frozen=True, slots=True)
class _End:
    """A text that came to its proper end, who wrote it, and what it cost."""

    model: str
    usage: Usage


class ModelWriter:
    """Writes, restates and confirms through any OpenAI-compatible server. It has no tools and keeps nothing."""

    def __init__(self, options: Options) -> None:
        self._models = tuple(_Model(name, options) for name in options.models)

    async def ready(self) -> None:
        """Load now what the first question would wait for."""
        for model in self._models:
            await model.client()

    async def restate(self, said: Said, deadline: float) -> Restated:
        """Return a message as a question that stands alone, in both languages. Raises WritingFailed."""
        text, usage = await self._text(_Request(prompts.restating(said), prompts.RESTATED, deadline))
        return streamed.restated(text, usage)

    async def confirms(self, sentence: str, excerpts: tuple[str, ...], deadline: float) -> Opinion:
        """Say whether the excerpts carry the sentence. Raises WritingFailed."""
        text, usage = await self._text(_Request(prompts.confirming(sentence, excerpts), prompts.CONFIRMED, deadline))
        return streamed.opinion(text, usage)

    async def write(self, brief: Brief, deadline: float) -> AsyncGenerator[Claim | Draft]:
        """Yield each sentence once it is complete and, last, the finished draft that holds them all. Raises WritingFailed."""
        growing = streamed.Sentences()
        async with aclosing(self._parts(_Request(prompts.writing(brief), prompts.DRAFT, deadline))) as parts:
            async for part in parts:
                if isinstance(part, _End):
                    yield streamed.draft(growing.text, part.model, part.usage)
                    return
                for claim in growing.take(part):
                    yield claim

    async def _text(self, request: _Request) -> tuple[str, Usage]:
        text = ""
        async with aclosing(self._parts(request)) as parts:
            async for part in parts:
                if isinstance(part, _End):
                    return text, part.usage
                text += part
        raise ModelBrokeOff

    async def _parts(self, request: _Request) -> AsyncGenerator[str | _End]:
        """Yield a text as it grows and its end, from the first model that begins one."""
        begun = False
        for number, model in enumerate(self._models, start=1):
            try:
                async with aclosing(model.parts(request)) as parts:
                    async for part in parts:
                        begun = True
                        yield part
            except ALIKE:
                raise
            except WritingFailed:
                if begun or number == len(self._models):
                    raise
            else:
                return


class _Model:
    """One model: its client, and the breaker that leaves it alone when it fails again and again."""

    def __init__(self, name: str, options: Options) -> None:
        self._name = name
        self._options = options
        self._breaker = CircuitBreaker(options.failures, options.pause, expected_exception=STANDING, name=name)

    @cached_property
    def _client(self) -> ChatOpenAI:
        """Build the client. It loads large libraries, so this belongs off the event loop."""
        from langchain_openai import ChatOpenAI

        options = self._options
        client = ChatOpenAI(
            model=self._name,
            api_key=lambda: options.api_key or "none",
            base_url=options.base_url,
            temperature=options.temperature,
            timeout=options.silence,
            max_retries=0,
            # One connection a call: none outlives its event loop, and none has gone stale when the next question comes.
            default_headers={"Connection": "close"},
            stream_chunk_timeout=None,
            stream_usage=True,
            store=False,
            use_responses_api=False,
        )
        _ = client.root_async_client.beta.chat.completions  # loads the rest now and not with the first question
        return client

    async def client(self) -> ChatOpenAI:
        """Return the client, built when it is first needed."""
        return await asyncio.to_thread(lambda: self._client)

    async def parts(self, request: _Request) -> AsyncGenerator[str | _End]:
        """Yield a text as it grows and its end. Raises WritingFailed."""
        if self._breaker.opened:
            raise ModelPaused
        with self._breaker:
            async with aclosing(self._chunks(request)) as chunks:
                reading = _Reading(self._name, request)
                async for chunk in chunks:
                    for part in reading.take(chunk):
                        yield part
                yield reading.end()

    async def _chunks(self, request: _Request) -> AsyncGenerator[AIMessageChunk]:
        stream, chunk = await self._begin(request)
        async with aclosing(stream):
            while chunk is not None:
                yield chunk
                chunk = await self._next(stream, request.deadline)

    async def _begin(self, request: _Request) -> tuple[AsyncGenerator[AIMessageChunk], AIMessageChunk | None]:
        """Call until a first piece comes, as often as the options say and the time allows."""

        def late(state: RetryCallState) -> bool:
            return asyncio.get_running_loop().time() + state.upcoming_sleep >= request.deadline

        client = await self.client()
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(PASSING),
            stop=lambda state: stop_after_attempt(self._options.attempts)(state) or late(state),
            wait=_patience,
            reraise=True,
        ):
            with attempt:
                stream = client.bind(response_format=request.shape).astream(request.messages)
                return stream, await self._next(stream, request.deadline)  # type: ignore[return-value, arg-type]
        raise ModelOutOfOrder

    async def _next(self, stream: AsyncIterator[AIMessageChunk], deadline: float) -> AIMessageChunk | None:
        """Wait for the next piece, not too long. What is asked goes to nobody else, whatever the environment says."""
        until = min(deadline, asyncio.get_running_loop().time() + self._options.silence)
        try:
            with tracing_context(enabled=False):
                async with asyncio.timeout_at(until):
                    return await anext(stream, None)
        except Exception as error:
            raise mapped(error) from error


class _Reading:
    """Takes the chunks of one text and sees to it that it ends as it should."""

    def __init__(self, model: str, request: _Request) -> None:
        self._model = model
        self._asked = request.messages
        self._length = 0
        self._ended = ""
        self._usage: Usage | None = None

    def take(self, chunk: AIMessageChunk) -> Iterator[str]:
        """Yield the text of a chunk. Raises ModelDeclined, ModelUnreadable."""
        if chunk.additional_kwargs.get("refusal"):
            raise ModelDeclined
        self._ended = chunk.response_metadata.get("finish_reason") or self._ended
        if counted := chunk.usage_metadata:
            self._usage = Usage(counted["input_tokens"], counted["output_tokens"], 1)
        text = str(chunk.text)
        self._length += len(text)
        if self._length > LONGEST:
            raise ModelUnreadable
        if text:
            yield text

    def end(self) -> _End:
        """Return the end of a finished text. Raises ModelBrokeOff, ModelDeclined, ModelUnreadable."""
        if self._ended == "content_filter":
            raise ModelDeclined
        if self._ended != "stop":
            raise ModelBrokeOff
        if not self._length:
            raise ModelUnreadable
        asked = sum(map(tokens, (text for _, text in self._asked))) + MESSAGE_TOKENS * len(self._asked)
        return _End(self._model, self._usage or Usage(asked, round(self._length / CHARACTERS_A_TOKEN), 1))


def tokens(text: str) -> int:
    """Return about how many tokens a text has, rather too many than too few."""
    return round(len(text) / CHARACTERS_A_TOKEN)


_JITTER = wait_random_exponential(multiplier=0.5, max=4)


def _patience(state: RetryCallState) -> float:
    """Return the seconds to wait before the next call: growing and random, but at least what the server asks for."""
    error = state.outcome.exception() if state.outcome else None
    return max(_JITTER(state), error.retry_after if isinstance(error, ModelBusy) else 0.0)
