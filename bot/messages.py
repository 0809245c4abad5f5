"""What travels between people and the core: questions, answers and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.senders import Membership

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.overview import Overview


class Outcome(StrEnum):
    """How a question ended."""

    WRITTEN = "written"
    QUOTED = "quoted"
    CLARIFY = "clarify"
    NOT_FOUND = "not_found"
    DECLINED = "declined"
    FAILED = "failed"


class Verdict(StrEnum):
    """What the handbook says to a may-I question; undecided: it does not settle it."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    FORBIDDEN = "forbidden"
    UNDECIDED = "undecided"


class Role(StrEnum):
    """Who said a turn of a conversation."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation. `own`: the asker's own, or the answer to it; others may ask in the same thread."""

    role: Role
    text: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, by ids and groups, never by a name. `groups` are those beyond everybody."""

    platform: str
    workspace: str
    user: str
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """One message to Lotse. `language` and `today` are found out when they are None.

    `id` becomes the answer's id; `locale` is the language to fall back on when neither the text nor the history tells.
    `unwritten`: no model may write the answer.
    """

    text: str
    asker: Asker
    conversation: str = ""
    language: str | None = None
    today: date | None = None
    history: tuple[Turn, ...] = ()
    id: str = ""
    locale: str = ""
    unwritten: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the handbook and the exact words that stand there. `document` is the path in the folder.

    `lead` is the line above the quote that carries its sense ("Not allowed:", the names of a row's columns), shown with it.
    """

    number: int
    document: str
    title: str
    section: str
    quote: str
    page: int | None = None
    url: str = ""
    version: str = ""
    effective: date | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement of an answer, with the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A place that comes near a question which the handbook does not answer."""

    document: str
    title: str
    section: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage as it was found, before an answer was made of it."""

    document: str
    section: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Drop:
    """A drafted sentence that was not shown, and the names of the checks that it failed."""

    text: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Writing:
    """How an answer was written, or why not: the model, what was understood, what was dropped, tokens given and returned in how many calls.

    `fault` names the error that ended the writing; `cached`: the same was written before, and no model was called.
    """

    model: str = ""
    understood: str = ""
    drops: tuple[Drop, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    fault: str = ""
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What Lotse replies. `text` is the whole of it in plain words; the other fields are the same in parts.

    `preface` stands in front of it (an apology for being late). `privately`: this was made of what the room may read, so a
    button offers to ask in private, whoever asks and whatever there is. `discard`: the message's text is wiped once the
    answer is written down. `aside`: a short word to whoever pressed a button, shown to nobody else where the platform can.
    `urgent`: what has to be done at once stands in its text; nothing is put in front of that. `introduces`: it says for the first
    time that an AI answers, which is noted when it is written down.
    `judges` is the id of the answer that somebody found not helpful: the reasons to choose from are offered. `judged`: they
    have judged, and the buttons for that can go. `overview` is what somebody sees of Lotse before they ask, where a platform has
    a place of its own for it.
    `foreign`: its text holds other people's words, in which no command and no link may work.
    `contradiction` names documents in force that say different things about the question. `milliseconds` tells how long each phase
    took, `confidence` (0..1) how sure Lotse is that the handbook answers this.
    """

    id: str
    question: str
    language: str
    outcome: Outcome
    text: str
    verdict: Verdict | None = None
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Near, ...] = ()
    choices: tuple[str, ...] = ()
    contradiction: tuple[str, ...] = ()
    contact: str = ""
    notice: str = ""
    suggestions: tuple[str, ...] = ()
    generation: str = ""
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    retrieved: tuple[Retrieved, ...] = ()
    preface: str = ""
    privately: bool = False
    discard: bool = False
    aside: bool = False
    urgent: bool = False
    introduces: bool = False
    judges: str = ""
    judged: bool = False
    foreign: bool = False
    overview: Overview | None = None
    writing: Writing | None = None


@dataclass(frozen=True, slots=True)
class Searching:
    """A sign of life: so many documents, all of which the asker may read, are being searched."""

    documents: int
    language: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign of life to somebody whose message has not been taken up yet: so many are `ahead` of it."""

    ahead: int
    language: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """A sentence that was written and proven. Provisional: the Answer that comes last replaces all of them.

    `citations` are those that this sentence is the first to use.
    """

    sentence: Sentence
    citations: tuple[Citation, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A sign of life while documents are taken in: `done` of `total` things of a phase (ingest/ports.py names them) are done."""

    phase: str
    done: int
    total: int
    language: str


Sign = Searching | Waiting | Wrote | Progress
"""A sign of life; the answer takes its place."""
Event = Searching | Wrote | Progress | Answer
"""What answering a question yields."""


class Kind(StrEnum):
    """What reached Lotse; a deletion takes a message and its answer away. A file is anything but text: its text is what came with it."""

    MESSAGE = "message"
    FILE = "file"
    CLICK = "click"
    COMMAND = "command"
    DELETION = "deletion"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation takes place, in the platform's own ids. `private`: nobody else reads along."""

    platform: str
    workspace: str
    conversation: str
    thread: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What a platform received, by ids, never with a name.

    `id` names the message in its conversation; an edit keeps it and has a higher `revision`; a deletion names what was
    deleted. A click has an id of its own (the same for a double click) and names the message it was on in `about`; what was
    pressed is its text, as bot/buttons.py writes it. Of any other message, `about` names the answer of Lotse's that it is below,
    or the conversation that it may go on from.
    `goes_on`: long enough to be the beginning of a text that the platform cut, whose next piece comes at once.
    `home` is the workspace that the sender's account belongs to, `membership` how the platform says they belong to the
    place, `forwarded`: the words are not their own. `written` is the platform's time, with its zone; `context` is what
    the platform needs to answer, in its own writing.
    """

    place: Place
    id: str
    user: str
    text: str
    written: datetime
    kind: Kind = Kind.MESSAGE
    revision: int = 0
    about: str = ""
    locale: str = ""
    home: str = ""
    membership: Membership = Membership.NOBODY
    forwarded: bool = False
    context: str = ""
    goes_on: bool = False
