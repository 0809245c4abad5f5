"""A chat server that keeps what reached it, fails as it is told to, and a Platform that talks to it.

The server may live in another process than the platform: then what it holds outlives a killed Lotse.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter as Counts
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import CannotTell, Refused, Unavailable, Uncertain, Unreachable, Vanished
from bot.messages import Answer, Kind, Message, Outcome, Place, Searching
from bot.senders import Membership

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from bot.messages import Event, Sign
    from bot.ports import Desk, Ending, Entry, Task

NAME = "fake"
UNMEANT = "not meant for Lotse"
"""A text that the platform finds out was said to somebody else."""


@dataclass
class Sent:
    """What the server holds of one message of Lotse."""

    conversation: str
    question: str
    key: str
    text: str
    edits: int = 0
    removed: bool = False


@dataclass
class Failures:
    """What the server does wrong, and how often still: a count is used up, a negative one lasts."""

    refuse: int = 0
    refuse_seconds: float = 0.0
    lose_reply: int = 0
    vanish: int = 0
    unreachable: set[str] = field(default_factory=set)
    closed: bool = False
    tells: bool = True


class Chat:
    """The server: messages of people wait until they are acknowledged, what Lotse sends is kept."""

    def __init__(self) -> None:
        self.waiting: dict[str, Message] = {}
        self.sent: dict[str, Sent] = {}
        self.failures = Failures()
        self.shown: list[tuple[str, str]] = []
        self.acknowledged: dict[str, float] = {}
        self.asked_at: dict[str, float] = {}
        self.fetched = 0
        self._delivery = 0

    def say(self, message: Message, *, times: int = 1) -> None:
        """Let a person send a message, which is delivered so many times."""
        for _ in range(times):
            self._delivery += 1
            self.waiting[str(self._delivery)] = message
        self.asked_at[message.id] = asyncio.get_running_loop().time()

    def fetch(self, most: int = 100) -> list[tuple[str, Message]]:
        """Return what waits, without taking it away."""
        if self.failures.closed:
            raise Refused
        self.fetched += 1
        return list(self.waiting.items())[:most]

    def acknowledge(self, delivery: str) -> None:
        """Take away what was received."""
        message = self.waiting.pop(delivery, None)
        if message is not None:
            self.acknowledged.setdefault(message.id, asyncio.get_running_loop().time())

    def post(self, conversation: str, question: str, text: str, key: str) -> str:
        """Keep what Lotse sends."""
        self._fail(conversation)
        name = f"m{len(self.sent) + 1}"
        self.sent[name] = Sent(conversation, question, key, text)
        self._lose()
        return name

    def edit(self, conversation: str, name: str, text: str) -> str:
        """Change what Lotse sent."""
        self._fail(conversation)
        if self.failures.vanish:
            self.failures.vanish -= 1
            raise Vanished
        if name not in self.sent or self.sent[name].removed:
            raise Vanished
        self.sent[name].text = text
        self.sent[name].edits += 1
        self._lose()
        return name

    def remove(self, conversation: str, name: str) -> None:
        """Take back what Lotse sent."""
        self._fail(conversation)
        if name not in self.sent or self.sent[name].removed:
            raise Vanished
        self.sent[name].removed = True

    def find(self, key: str) -> str | None:
        """Return what was sent under a key."""
        if not self.failures.tells:
            raise CannotTell
        return next((name for name, sent in self.sent.items() if sent.key == key and not sent.removed), None)

    def show(self, question: str, sign: str) -> None:
        """Show that Lotse is at work."""
        self.shown.append((question, sign))

    def _fail(self, conversation: str) -> None:
        if conversation in self.failures.unreachable:
            raise Unreachable("closed")
        if self.failures.closed:
            raise Refused
        if self.failures.refuse:
            self.failures.refuse -= 1
            raise Refused(self.failures.refuse_seconds)

    def _lose(self) -> None:
        if self.failures.lose_reply:
            self.failures.lose_reply -= 1
            raise Uncertain

    def answers(self) -> dict[str, list[str]]:
        """Return what stands below each question now."""
        found: dict[str, list[str]] = {}
        for sent in self.sent.values():
            if not sent.removed:
                found.setdefault(sent.question, []).append(sent.text)
        return found

    def posts(self) -> Counts[str]:
        """Return how often something was sent for each question and part, whatever became of it."""
        return Counts(f"{sent.question}/{sent.key.rpartition('-')[2]}" for sent in self.sent.values())


class Line(Protocol):
    """How a platform reaches its server."""

    async def call(self, method: str, *arguments: object) -> Any:  # noqa: ANN401 - what each method returns
        """Call a method of the chat. Raises what it raises; Refused when the server is not there."""


class Direct:
    """Reaches a chat in the same process."""

    def __init__(self, chat: Chat, pause: float = 0.0) -> None:
        self._chat, self._pause = chat, pause

    async def call(self, method: str, *arguments: object) -> Any:  # noqa: ANN401 - see Line
        """Call a method of the chat."""
        await asyncio.sleep(self._pause)
        return getattr(self._chat, method)(*arguments)


@dataclass
class FakePlatform:
    """A Platform on a chat. `size`: characters of a part; `drafts`: signs of life are messages that the answer replaces."""

    line: Line
    name: str = NAME
    size: int = 4000
    drafts: bool = False
    redeliver: float = 0.02
    batch: int = 100
    closed: bool = False

    async def listen(self, desk: Desk) -> None:
        """Fetch, hand in, acknowledge; what could not be written down comes again."""
        while True:
            try:
                fetched = await self.line.call("fetch", self.batch)
            except (Refused, Uncertain):
                desk.heard(well=False)
            else:
                desk.heard()
                await asyncio.gather(*(self._take(desk, delivery, message) for delivery, message in fetched))
            await asyncio.sleep(self.redeliver)

    async def _take(self, desk: Desk, delivery: str, message: Message) -> None:
        with suppress(Unavailable, Refused, Uncertain):
            await desk.receive(message)
            await self.line.call("acknowledge", delivery)

    async def vouch(self, message: Message) -> Message | None:
        """Let everybody be what the message says."""
        return None if message.text == UNMEANT else message

    def render(self, answer: Answer, message: Message) -> Sequence[str]:
        """Return the text in pieces; it names the question's revision, so that a mix-up shows."""
        text = "\n".join(filter(None, (answer.preface, f"{message.id}.{message.revision}: {answer.text}")))
        return [text[start : start + self.size] for start in range(0, len(text), self.size)]

    async def send(self, message: Message, part: str, key: str) -> str:
        """Send one part."""
        return str(await self.line.call("post", message.place.conversation, message.id, part, key))

    async def edit(self, message: Message, sent: str, part: str) -> str:
        """Edit one part."""
        return str(await self.line.call("edit", message.place.conversation, sent, part))

    async def remove(self, place: Place, sent: str) -> None:
        """Take back one part."""
        await self.line.call("remove", place.conversation, sent)

    async def find(self, message: Message, key: str) -> str | None:  # noqa: ARG002 - the chat looks everywhere
        """Look for what was sent."""
        found = await self.line.call("find", key)
        return None if found is None else str(found)

    async def show(self, message: Message, sign: Sign, key: str, sent: str) -> str:
        """Show a sign of life, as a message or as a mark that does not stay."""
        text = type(sign).__name__
        await self.line.call("show", message.id, text)
        if not self.drafts:
            return ""
        return await self.edit(message, sent, text) if sent else await self.send(message, text, key)

    async def ended(self, message: Message, key: str) -> None:
        """Show nothing more: signs do not stay here."""

    async def close(self) -> None:
        """Note that it was let go of."""
        self.closed = True


def message(number: int, conversation: str = "", **fields: Any) -> Message:  # noqa: ANN401 - fields of Message
    """Return a question, each in a conversation of its own if none is named."""
    place = Place(NAME, "W1", conversation or f"C{number}", private=True)
    given: dict[str, Any] = {
        "place": place,
        "membership": Membership.MEMBER,
        "id": f"q{number}",
        "user": f"U{number}",
        "text": f"Question {number}?",
        "written": datetime.now(UTC),
    }
    return Message(**(given | fields))


# over a socket


def to_json(value: Message) -> dict[str, Any]:
    """Write a message down for the socket."""
    place = value.place
    fields = {
        name: getattr(value, name)
        for name in ("id", "user", "text", "revision", "about", "locale", "home", "forwarded", "context")
    }
    return fields | {
        "place": [place.platform, place.workspace, place.conversation, place.thread, place.private],
        "written": value.written.isoformat(),
        "kind": value.kind.value,
        "membership": value.membership.value,
    }


def from_json(fields: dict[str, Any]) -> Message:
    """Read what `to_json` wrote."""
    read: dict[str, Any] = dict(fields)
    read["place"], read["kind"] = Place(*fields["place"]), Kind(fields["kind"])
    read["membership"] = Membership(fields["membership"])
    read["written"] = datetime.fromisoformat(fields["written"])
    return Message(**read)


RAISED = {error.__name__: error for error in (CannotTell, Refused, Uncertain, Unreachable, Vanished)}


async def serve(chat: Chat) -> tuple[asyncio.Server, int]:
    """Serve a chat on a free port of this machine: one JSON line a call, one line an answer."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while line := await reader.readline():
                method, *arguments = json.loads(line)
                try:
                    result = getattr(chat, method)(*arguments)
                    if method == "fetch":
                        result = [(delivery, to_json(each)) for delivery, each in result]
                    reply = {"result": result}
                except tuple(RAISED.values()) as error:
                    reply = {"error": type(error).__name__}
                writer.write(json.dumps(reply).encode() + b"\n")
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=10_000_000)
    return server, server.sockets[0].getsockname()[1]


class Remote:
    """Reaches a chat in another process. A connection for each call under way, kept for the next."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def call(self, method: str, *arguments: object) -> Any:  # noqa: ANN401 - see Line
        """Call a method of the chat. Raises what it raises; Refused when the server is not there."""
        try:
            reader, writer = self._idle.pop() if self._idle else await self._connect()
        except OSError as error:
            raise Refused from error
        try:
            writer.write(json.dumps([method, *arguments]).encode() + b"\n")
            await writer.drain()
            reply = json.loads(await reader.readline())
        except (OSError, ValueError) as error:
            raise Uncertain from error
        self._idle.append((reader, writer))
        if "error" in reply:
            raise RAISED[reply["error"]]
        if method == "fetch":
            return [(delivery, from_json(fields)) for delivery, fields in reply["result"]]
        return reply["result"]

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port, limit=10_000_000)


# those who answer, and count


class Saying:
    """A Responder that says the question back, after a pause, and counts how many it is saying at once."""

    def __init__(self, pause: float = 0.0, error: Exception | None = None) -> None:
        self._pause, self._error = pause, error
        self.asked: list[str] = []
        self.now = self.most = 0

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        text = task.message.text
        self.asked.append(text)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            yield Searching(1, "en")
            await asyncio.sleep(self._pause)
            if self._error:
                raise self._error
            yield Answer(task.reference, text, "en", Outcome.QUOTED, f"You asked: {text}", generation="g1")
        finally:
            self.now -= 1


class Silent:
    """A Responder that answers nothing."""

    async def respond(self, task: Task) -> AsyncIterator[Event]:  # noqa: ARG002 - says nothing to anybody
        return
        yield


class Counter:
    """An Observer that remembers."""

    def __init__(self) -> None:
        self.endings: list[tuple[str, Mapping[str, float]]] = []
        self.entries: list[Entry | None] = []
        self.retries: list[tuple[str, str]] = []

    def ended(self, task: Task, entry: Entry | None, ending: Ending, seconds: Mapping[str, float]) -> None:  # noqa: ARG002 - one platform
        self.endings.append((ending.value, seconds))
        self.entries.append(entry)

    def retried(self, platform: str, reason: str) -> None:
        self.retries.append((platform, reason))
