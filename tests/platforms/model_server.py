"""A small OpenAI-compatible server on this machine: a test decides what its model thinks and what goes wrong."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Fault = Callable[["Stream", str], Awaitable[web.StreamResponse | None]]

PIECE = 24
"""Characters of a text that are sent at a time."""
CALLED = {"answer": "write", "question": "restate", "check": "confirm"}


@dataclass(frozen=True)
class Passage:
    """A passage as the model was given it."""

    number: int
    place: str
    text: str


@dataclass(frozen=True)
class Call:
    """One request: what for (write, restate, confirm), what the model was given, and the request as it came."""

    task: str
    system: str
    passages: tuple[Passage, ...]
    fields: dict[str, Any]
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def question(self) -> str:
        """Return the question, or the message to restate."""
        return str(self.fields.get("question") or self.fields.get("latest") or "")

    @property
    def prompt(self) -> str:
        """Return everything that the model was given."""
        return "\n".join(message["content"] for message in self.body["messages"])


def answer(
    *sentences: tuple[str, int, str], verdict: str = "none", answered: bool = True, suggestions: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return what a model writes: sentences, each with a passage and a quote."""
    return {
        "answered": answered,
        "sentences": [
            {"text": text, "evidence": [{"passage": passage, "quote": quote}]} for text, passage, quote in sentences
        ],
        "verdict": verdict,
        "suggestions": list(suggestions),
    }


def helpful(call: Call) -> dict[str, Any]:
    """Repeat a question unchanged, confirm everything, and say that the passages do not answer."""
    if call.task == "restate":
        return {"question": call.question, "translation": call.question}
    return {"carried": True} if call.task == "confirm" else answer(answered=False)


@dataclass
class ModelServer:
    """Serves on loopback from a thread of its own while it is entered. `faults` names what goes wrong, call by call; the last one stays."""

    mind: Callable[[Call], dict[str, Any] | str] = helpful
    faults: tuple[str, ...] = ()
    usage: bool = True
    delay: float = 0.0
    calls: list[Call] = field(default_factory=list)
    base_url: str = ""
    requests: int = 0
    """Requests of any kind, also those that are no calls."""

    def __enter__(self) -> Self:
        """Start serving."""
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, whoever still waits for an answer."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _serve(self, started: threading.Event) -> None:
        asyncio.run(self._run(started))

    async def _run(self, started: threading.Event) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application(client_max_size=2**22, middlewares=[self._count])
        app.router.add_post("/v1/chat/completions", self._chat)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        started.set()
        await self._stopped.wait()
        await runner.cleanup()

    @web.middleware
    async def _count(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self.requests += 1
        return await handler(request)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        call = _read(await request.json(), dict(request.headers))
        self.calls.append(call)
        fault = self.faults[min(len(self.calls), len(self.faults)) - 1] if self.faults else ""
        thought = self.mind(call)
        text = thought if isinstance(thought, str) else json.dumps(thought, ensure_ascii=False)
        stream = Stream(request, call, usage=self.usage, delay=self.delay)
        return await FAULTS[fault](stream, text) or stream.response


def _read(body: dict[str, Any], headers: dict[str, str]) -> Call:
    system, user = (message["content"] for message in body["messages"])
    lines = [json.loads(line) for line in user.splitlines()]
    passages = tuple(Passage(line["passage"], line["place"], line["text"]) for line in lines if "passage" in line)
    task = CALLED[body["response_format"]["json_schema"]["name"]]
    return Call(task, system, passages, lines[-1], body, headers)


class Stream:
    """One streamed reply, as OpenAI sends it."""

    def __init__(self, request: web.Request, call: Call, *, usage: bool, delay: float) -> None:
        self.request = request
        self.response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        self._call = call
        self._usage = usage
        self._delay = delay

    async def open(self) -> None:
        await self.response.prepare(self.request)
        await self.delta({"role": "assistant", "content": ""})

    async def delta(self, delta: dict[str, Any], reason: str | None = None) -> None:
        await self.data({**self._chunk(), "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})

    async def text(self, text: str) -> None:
        for start in range(0, len(text), PIECE):
            await self.delta({"content": text[start : start + PIECE]})
            await asyncio.sleep(self._delay)

    async def finish(self, reason: str = "stop") -> None:
        await self.delta({}, reason)
        if self._usage:
            usage = {"prompt_tokens": len(self._call.prompt) // 4, "completion_tokens": 7, "total_tokens": 7}
            await self.data({**self._chunk(), "choices": [], "usage": usage})
        await self.response.write(b"data: [DONE]\n\n")
        await self.response.write_eof()

    async def data(self, value: dict[str, Any]) -> None:
        await self.response.write(b"data: " + json.dumps(value).encode() + b"\n\n")

    def _chunk(self) -> dict[str, Any]:
        return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": self._call.body["model"]}


async def _well(stream: Stream, text: str) -> None:
    await stream.open()
    await stream.text(text)
    await stream.finish()


def _status(code: int, kind: str = "", **headers: str) -> Fault:
    async def reply(_stream: Stream, _text: str) -> web.StreamResponse:
        error = {"message": "no", "type": kind, "code": kind or None, "param": None}
        return web.json_response({"error": error}, status=code, headers=headers)

    return reply


def _half(after: Callable[[Stream], Awaitable[None]]) -> Fault:
    """Send half of the text, then something else."""

    async def reply(stream: Stream, text: str) -> None:
        await stream.open()
        await stream.text(text[: max(1, len(text) // 2)])
        await after(stream)

    return reply


async def _hang(_stream: Stream, _text: str = "") -> None:
    await asyncio.sleep(60)


async def _clean_end(stream: Stream) -> None:
    await stream.response.write_eof()


async def _abort(stream: Stream) -> None:
    if stream.request.transport:
        stream.request.transport.abort()


async def _error(stream: Stream) -> None:
    await stream.data({"error": {"message": "no", "type": "server_error", "code": "server_error"}})
    await stream.response.write_eof()


async def _length(stream: Stream) -> None:
    await stream.finish("length")


async def _content_filter(stream: Stream) -> None:
    await stream.finish("content_filter")


async def _html(_stream: Stream, _text: str) -> web.StreamResponse:
    return web.Response(text="<html><body>Please log in</body></html>", content_type="text/html")


async def _empty(_stream: Stream, _text: str) -> web.StreamResponse:
    return web.Response(text="")


async def _none(stream: Stream, _text: str) -> None:
    await stream.open()
    await stream.delta({"content": None})
    await stream.finish()


async def _refusal(stream: Stream, _text: str) -> None:
    await stream.open()
    await stream.delta({"content": None, "refusal": "I cannot help with that."})
    await stream.finish()


async def _drip(stream: Stream, text: str) -> None:
    """Send one character at a time, so slowly that no single wait is too long."""
    await stream.open()
    for character in text:
        await stream.text(character)
        await asyncio.sleep(0.1)
    await stream.finish()


def _instead(make: Callable[[str], str]) -> Fault:
    async def reply(stream: Stream, text: str) -> None:
        await _well(stream, make(text))

    return reply


FAULTS: dict[str, Fault] = {
    "": _well,
    "unauthorized": _status(401, "invalid_api_key"),
    "not allowed": _status(403, "forbidden"),
    "bad request": _status(400, "invalid_request_error"),
    "unknown model": _status(404, "model_not_found"),
    "rate limit": _status(429, "rate_limit_exceeded"),
    "rate limit, wait": _status(429, "rate_limit_exceeded", **{"Retry-After": "1"}),
    "rate limit, wait long": _status(429, "rate_limit_exceeded", **{"Retry-After": "600"}),
    "quota": _status(429, "insufficient_quota"),
    "payment": _status(402, "payment_required"),
    "server error": _status(500, "server_error"),
    "unavailable": _status(503, "unavailable"),
    "hang": _hang,
    "hang midway": _half(_hang),
    "drip": _drip,
    "clean end midway": _half(_clean_end),
    "abort midway": _half(_abort),
    "error midway": _half(_error),
    "length": _half(_length),
    "content filter": _half(_content_filter),
    "html": _html,
    "empty": _empty,
    "none": _none,
    "refusal": _refusal,
    "no json": _instead(lambda _: "Customer data must not be entered. {"),
    "other shape": _instead(lambda _: json.dumps({"answer": "Yes.", "sentences": ["Yes."]})),
    "half json": _instead(lambda text: text[: len(text) // 2]),
    "too long": _instead(lambda text: text[:-1] + ', "more": "' + "blah " * 4000 + '"}'),
}
"""What can go wrong, by name; "" is a model that answers as it should."""
