"""The commands of the core: their names, who may use them where, and how a typed one is read. Platforms bring them to their menus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.phrases import say
from knowledge.language import ENGLISH, GERMAN


class Command(StrEnum):
    """What can be asked of Lotse beside a question. Each is also a line of the menu (`menu_...`)."""

    START = "start"
    HELP = "help"
    ASK = "ask"
    CHECK = "check"
    LANGUAGE = "language"
    PRIVACY = "privacy"
    EXPORT = "export"
    FORGET = "forget"
    WHY = "why"
    FEEDBACK = "feedback"
    OVERVIEW = "overview"
    STATUS = "status"
    INVITE = "invite"
    INGEST = "ingest"
    AUDIT = "audit"
    OPINIONS = "opinions"


ADMINISTRATION = frozenset({Command.STATUS, Command.INVITE, Command.INGEST, Command.AUDIT, Command.OPINIONS})
"""What only admins may do, in private. For everybody else these do not exist."""
PRIVATE = frozenset({Command.CHECK, Command.EXPORT, Command.FORGET, Command.LANGUAGE, Command.OVERVIEW, Command.START})
"""What is done in private only, because others would read along."""
RIGHTS = frozenset({Command.PRIVACY, Command.EXPORT, Command.FORGET})
"""What everybody may do about their own data, blocked or over a limit too."""
MENU = (
    Command.ASK,
    Command.CHECK,
    Command.LANGUAGE,
    Command.PRIVACY,
    Command.EXPORT,
    Command.FORGET,
    Command.HELP,
)
"""What a menu shows to everybody, in this order; admins see ADMINISTRATION below it. The rest comes with buttons and links."""
_GERMAN_NAMES = {
    "hilfe": Command.HELP,
    "frage": Command.ASK,
    "fragen": Command.ASK,
    "prüfen": Command.CHECK,
    "pruefen": Command.CHECK,
    "sprache": Command.LANGUAGE,
    "datenschutz": Command.PRIVACY,
    "auskunft": Command.EXPORT,
    "vergessen": Command.FORGET,
    "warum": Command.WHY,
    "rückmeldung": Command.FEEDBACK,
    "rueckmeldung": Command.FEEDBACK,
    "überblick": Command.OVERVIEW,
    "ueberblick": Command.OVERVIEW,
    "einladen": Command.INVITE,
    "einlesen": Command.INGEST,
    "protokoll": Command.AUDIT,
    "rückmeldungen": Command.OPINIONS,
    "rueckmeldungen": Command.OPINIONS,
}
NAMES = (*(command.value for command in Command), *_GERMAN_NAMES)
"""Every name that a command is typed by."""
_FORM = re.compile(r"\s*/(\w{1,32})(?:@\w{1,64})?(?:\s+(.*))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Request:
    """A command as somebody gave it. `command` is None for one that does not exist."""

    command: Command | None
    argument: str = ""


def parse(text: str) -> Request | None:
    """Return the command that a message gives ("/language de", "/sprache@lotse_bot de"), None when it is none."""
    match = _FORM.match(text)
    if match is None:
        return None
    name, argument = match[1].casefold(), (match[2] or "").strip()
    known = Command(name) if name in set(Command) else _GERMAN_NAMES.get(name)
    return Request(known, argument)


def menu(language: str, *, admin: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the names of the commands that a menu shows, each with a line on what it does."""
    shown = (*MENU, *(command for command in Command if admin and command in ADMINISTRATION))
    return tuple((command.value, say(f"menu_{command.value}", language)) for command in shown)


# what their arguments mean


class Reason(StrEnum):
    """What somebody thinks of an answer. Each is also the word on a button (`feedback_...`)."""

    HELPFUL = "helpful"
    WRONG = "wrong"
    OUTDATED = "outdated"
    UNCLEAR = "unclear"
    MISSING = "missing"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thinks of an answer, and in which words."""

    reference: str
    reason: Reason
    words: str = ""


WORDS = 1000
"""Characters of somebody's own words that are kept, once personal data in them was replaced."""


def feedback(argument: str) -> Feedback | None:
    """Read "ID REASON WORDS"; None when it is not that."""
    reference, _, rest = argument.partition(" ")
    reason, _, words = rest.strip().partition(" ")
    if not is_reference(reference) or reason.casefold() not in set(Reason):
        return None
    return Feedback(reference, Reason(reason.casefold()), " ".join(words.split()))


def is_reference(text: str) -> bool:
    """Say whether a text has the form of an answer's id."""
    return re.fullmatch(r"[0-9a-f]{8,64}", text) is not None


_LANGUAGES = {"de": GERMAN, "deutsch": GERMAN, "german": GERMAN, "en": ENGLISH, "english": ENGLISH, "englisch": ENGLISH}
_AUTOMATIC = frozenset({"auto", "automatic", "automatisch"})
_YES = frozenset({"yes", "ja"})


def chosen_language(argument: str) -> str | None:
    """Return the language that somebody names; "" for that of each question; None when it is neither."""
    word = argument.casefold()
    return "" if word in _AUTOMATIC else _LANGUAGES.get(word)


def agrees(argument: str) -> bool:
    """Say whether somebody confirms."""
    return argument.casefold() in _YES


def typed(text: str) -> str:
    """Return what stands behind a platform's one command ("/lotse help"): a command with its slash, or the question as it is.

    A word that is also a command is one only where nothing else makes sense: "Why is that?" asks.
    """
    words = text.strip()
    request = parse(words if words.startswith("/") else f"/{words}")
    if not words:
        return "/help"
    if request is None or request.command is None or not _complete(request.command, request.argument):
        return words
    return f"/{request.command.value} {request.argument}".strip()


def _complete(command: Command, argument: str) -> bool:
    """Say whether what follows a command's name is what the command takes, not the rest of a sentence."""
    if command in {Command.ASK, Command.CHECK}:
        return True
    if command is Command.WHY:
        return is_reference(argument)
    if command is Command.FEEDBACK:
        return feedback(argument) is not None
    if command is Command.LANGUAGE:
        return not argument or chosen_language(argument) is not None
    if command is Command.FORGET:
        return not argument or agrees(argument)
    return not argument or (command is Command.INVITE and " " not in argument)
