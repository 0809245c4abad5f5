"""What the core needs from others: a finder, chat platforms, and a memory of what was asked and answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from bot.drafts import Brief, Claim, Draft, Opinion, Restated, Said
    from bot.messages import Answer, Event, Message, Place, Question, Sign, Turn
    from knowledge.findings import Findings, Reader


class Finder(Protocol):
    """Whoever finds passages. Blocking: the handler calls it off the event loop."""

    def find(self, text: str, language: str, reader: Reader | None, history: Sequence[str] = ()) -> Findings:
        """Return what a reader may read that answers a question; nothing without a reader. Raises KnowledgeError."""

    def steady(self) -> AbstractContextManager[SteadyFinder]:
        """Give a finder for one question, which finds in one and the same state of the handbook until the end."""


class SteadyFinder(Finder, Protocol):
    """A finder for one question."""

    def look(self, text: str, language: str, reader: Reader) -> Findings:
        """Do what find does, for one of the few questions that Lotse itself asks time and again. Raises KnowledgeError."""


class Writer(Protocol):
    """Whoever writes answers: a language model. `deadline` is a time of the event loop's clock."""

    async def ready(self) -> None:
        """Load now what the first question would wait for."""

    async def restate(self, said: Said, deadline: float) -> Restated:
        """Return a message as a question that stands alone, in both languages. Raises WritingFailed."""

    def write(self, brief: Brief, deadline: float) -> AsyncIterator[Claim | Draft]:
        """Yield each sentence once it is complete and, last, the finished draft that holds them all. Raises WritingFailed."""


class Judge(Protocol):
    """Whoever gives a second opinion on a sentence that is proven already."""

    async def confirms(self, sentence: str, excerpts: tuple[str, ...], deadline: float) -> Opinion:
        """Say whether the excerpts carry the sentence. Raises WritingFailed."""


# Platforms


class Desk(Protocol):
    """Where a platform hands in what it received."""

    async def receive(self, message: Message) -> bool:
        """Write a message down; False if it was there before. Acknowledge it only after that. Raises Unavailable."""

    async def revise(self, message: Message) -> bool:
        """Write an edit down; False if it was there before, or says what was said before. Raises Unavailable."""

    async def press(self, message: Message) -> bool:
        """Write a press down; False if the same one is in work or its answer stands. Raises Unavailable.

        A press that came to nothing, or to an answer from an earlier handbook, can be made again: that is a new message.
        """

    async def asked(self, message: Message) -> bool:
        """Say whether the same person asked a message of this id in this place before. Raises Unavailable."""

    async def answered(self, message: Message) -> bool:
        """Say whether the same person was answered to a message of this id in this place. Raises Unavailable."""

    async def take(self, duty: str) -> bool:
        """Take a duty that only one replica may have at a time; True as long as this one has it. Raises Unavailable."""

    def heard(self, *, well: bool = True, reason: str = "") -> None:
        """Note that the platform's server was heard from, or (not `well`) why it could not be worked with."""


@runtime_checkable
class Attachments(Protocol):
    """A platform that can read the text of a file that came with a message."""

    async def attached(self, message: Message) -> str:
        """Return the text of the file; nothing where there is none, or none that is plain text. Raises PlatformError."""


class Platform(Protocol):
    """A chat platform. What concerns one place waits its turn there and never delays another place.

    A part is a piece of an answer in the platform's own writing, as it will be sent; it is kept until it was sent.
    A key names what is sent; where the platform can carry it along, `find` tells whether it arrived.
    """

    @property
    def name(self) -> str:
        """Return the name that the places of its messages carry."""

    async def listen(self, desk: Desk) -> None:
        """Hand in each message addressed to Lotse, until cancelled. Outages are waited out in here."""

    async def vouch(self, message: Message) -> Message | None:
        """Return a message that is taken up with what only a look-up tells of its sender: membership, home, locale.

        None: a look at where it was written showed that it was not meant for Lotse. Raises PlatformError.
        """

    def render(self, answer: Answer, message: Message) -> Sequence[str]:
        """Return an answer to a message as at least one part."""

    async def send(self, message: Message, part: str, key: str) -> str:
        """Send one part in reply to a message and return its id. Raises PlatformError."""

    async def edit(self, message: Message, sent: str, part: str) -> str:
        """Put a part in the place of what was sent and return its id. Raises PlatformError."""

    async def remove(self, place: Place, sent: str) -> None:
        """Take back what was sent; it is well if it is gone already. Raises PlatformError."""

    async def find(self, message: Message, key: str) -> str | None:
        """Return the id of what was sent under a key, None if it never arrived. Raises CannotTell, PlatformError."""

    async def show(self, message: Message, sign: Sign, key: str, sent: str) -> str:
        """Show a sign of life, in the place of an earlier one that was `sent`, if any. Raises PlatformError.

        Signs come in order, each after the one before it returned; what is still to come when the answer is ready is left
        out. A platform that may show only so often gathers what came meanwhile.
        Return the id of what the answer has to take the place of; empty when nothing stays (a typing mark, a status).
        """

    async def ended(self, message: Message, key: str) -> None:
        """Show no more that a message is worked on, whether it was answered or not; `key` is that of its signs. Raises nothing."""

    async def close(self) -> None:
        """Let go of connections. Called once, when nothing is listened to or sent any more."""


# Memory


class Standing(StrEnum):
    """Whether an answer is still wanted from this worker."""

    WANTED = "wanted"
    SUPERSEDED = "superseded"
    LOST = "lost"


class Ending(StrEnum):
    """How a message ended."""

    ANSWERED = "answered"
    SUPERSEDED = "superseded"
    REMOVED = "removed"
    SILENT = "silent"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class Task:
    """A message that a worker has taken up. `reference` is the id of its answer; `attempts` counts from 1.

    `told`: its sender was told to wait.
    """

    reference: str
    message: Message
    received: datetime
    attempts: int = 1
    person: str = ""
    told: bool = False

    def key(self, number: int) -> str:
        """Return what names a part of the answer; 0 is the sign of life that the answer takes the place of."""
        return f"{self.reference}-{number}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an answer, counted from 1. `sent` is its id on the platform; `body` is empty for one to be taken back."""

    number: int
    body: str
    sent: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """How an answer came about, without a word of the question and without a person's id or name."""

    reference: str
    platform: str
    kind: str
    person: str
    created: datetime
    language: str
    outcome: str
    verdict: str
    generation: str
    confidence: float
    passages: tuple[Mapping[str, object], ...] = ()
    quotes: tuple[Mapping[str, object], ...] = ()
    drops: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    attempts: int = 1
    late: bool = False
    error: str = ""
    parts: int = 0
    ending: str = ""
    finished: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is written down before the first part is sent: the parts, the journal's entry, the conversation's turns.

    `discard`: the text of the message is wiped with that. `introduces`: its sender has been told by it that an AI answers.
    """

    parts: Sequence[str]
    entry: Entry
    question: str = ""
    answer: str = ""
    discard: bool = False
    introduces: bool = False


class Inbox(Protocol):
    """Messages that were written down, each answered once. Everything in here raises Unavailable."""

    async def receive(self, message: Message) -> bool:
        """Write a message down; False if it was there before."""

    async def revise(self, message: Message) -> bool:
        """Write an edit down; False if it was there before, or says what was said before."""

    async def spent(self, message: Message, generation: str) -> bool:
        """Say whether a press that was written down has ended a while ago without an answer of this generation.

        The same delivery once more is not a press once more.
        """

    async def asked(self, message: Message) -> bool:
        """Say whether the same person asked a message of this id in this place before."""

    async def answered(self, message: Message) -> bool:
        """Say whether the same person was answered to a message of this id in this place."""

    async def claim(self, platform: str, most: int) -> Sequence[Task]:
        """Take up the oldest waiting messages, of each conversation only the first, and only if none is in work."""

    async def waiting(self, platform: str, seconds: float, most: int) -> Sequence[tuple[Task, int]]:
        """Return once, with how many are ahead, each message that has waited for so long. Presses and edits are none."""

    async def release(self, task: Task) -> None:
        """Give a task back, for whoever takes it up next."""


class Outbox(Protocol):
    """Answers on their way. Everything in here raises Unavailable."""

    async def standing(self, task: Task) -> Standing:
        """Tell whether this worker still has the task, and whether the message was edited or deleted since."""

    async def keep(self, task: Task, kept: Kept) -> tuple[Standing, Sequence[Part]]:
        """Write an answer down, if it is still wanted, and return its parts.

        What the message was answered with before is replaced by it.
        """

    async def parts(self, task: Task) -> Sequence[Part]:
        """Return the parts that were kept for a task, in order; none before `keep`."""

    async def all_sent(self, task: Task) -> Sequence[str]:
        """Return the platform's ids of everything that the message was answered with, drafts too."""

    async def draft(self, task: Task) -> str:
        """Return the id of the sign of life that the answer has to take the place of, or nothing."""

    async def drafted(self, task: Task, sent: str) -> bool:
        """Note the id of a sign of life (an empty one takes the note back); False: the answer is there already."""

    async def sent(self, task: Task, part: Part, sent: str, ending: Ending | None = None) -> bool:
        """Note that a part arrived (with an empty id: that it was taken back), and, with an ending, finish the task.

        False: in the meantime the message was answered anew, or deleted, and this part stands beside that.
        """

    async def finish(self, task: Task, ending: Ending) -> None:
        """End a task. What was REMOVED is forgotten with its answer and its turns."""


class Conversations(Protocol):
    """What a follow-up question leans on, without personal data."""

    async def turns(self, place: Place, most: int, person: str) -> tuple[Turn, ...]:
        """Return the last turns of a conversation, the oldest first, for somebody by their pseudonym. Raises Unavailable."""

    async def led_to(self, reference: str, most: int, person: str) -> tuple[Turn, ...]:
        """Return somebody's own turns of the conversation in which they got an answer, that one last. Raises Unavailable."""

    async def goes_on_from(self, message: Message, person: str) -> str:
        """Return the id of somebody's own answer that a message is about, given elsewhere; "" if there is none. Raises Unavailable."""


class Journal(Protocol):
    """How answers came about."""

    async def read(self, reference: str) -> Entry | None:
        """Return the entry of an answer. Raises Unavailable."""


class Replicas(Protocol):
    """The processes that share the work. Everything in here raises Unavailable."""

    async def beat(self) -> int:
        """Show that this one lives; free what those that died had taken up and return how much that was."""

    async def take(self, duty: str) -> bool:
        """Take a duty that only one may have at a time; True as long as this one has it."""

    async def give_up(self) -> None:
        """Give the duties back, and keep what is in work."""

    async def leave(self) -> None:
        """Give everything back."""


# Work


class Answers(Protocol):
    """Whoever answers questions."""

    @property
    def writes(self) -> bool:
        """Say whether a model writes answers."""

    async def ready(self) -> None:
        """Load now what the first question would wait for."""

    def forget(self) -> None:
        """Empty the memory of what was asked and written."""

    def handle(self, question: Question) -> AsyncGenerator[Event]:
        """Yield signs of life and, last, exactly one Answer."""


class Responder(Protocol):
    """Whoever knows what to say to a message."""

    def respond(self, task: Task) -> AsyncIterator[Event]:
        """Yield signs of life and, last, the Answer; nothing to a message that gets none."""


class Observer(Protocol):
    """Whoever counts. None of it names a person."""

    def ended(self, task: Task, entry: Entry | None, ending: Ending, seconds: Mapping[str, float]) -> None:
        """Note how a message ended, and how long each phase took."""

    def retried(self, platform: str, reason: str) -> None:
        """Note that something is tried again."""
