"""What can go wrong at the command line, and how every error is put into words.

CommandError
├── FileMissing     a file that was named cannot be read
├── NotWritable     a file or folder cannot be written
├── NoCondition     a condition is not written as key=value
├── NotJson         a line of a file is not the JSON that is asked for
├── NoPerson        a person is not named by platform and id
├── UnknownGroup    the access file has no such group
├── WrongDate       a date is not written as 2026-03-01
├── NoPlatform      there is no platform to serve
├── OneToken        Slack needs two tokens, and one of them is not set
├── PortTaken       the port for health and figures cannot be listened on
├── NewerTables     the database was changed by a later version of Lotse
├── NotShared       what was published could not be copied to where the replicas fetch it
├── NoAnswer        no answer has this id, or its time is over
├── NotEmpty        a backup is to be restored where something is already
└── BackupUnreadable    a file is no backup, or not a whole one
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from adapters.access_file import AccessFileError
from adapters.settings import SettingsError
from bot.errors import BotError
from bot.phrases import PHRASES, say
from ingest.errors import BrokenMetadata, IngestError, TooLarge, Unreadable
from knowledge.errors import DamagedGeneration, GlossaryError, KnowledgeError


class CommandError(Exception):
    """Something about how a command was called is wrong."""


@dataclass
class FileMissing(CommandError):
    """A file that was named cannot be read."""

    file: str


@dataclass
class NotWritable(CommandError):
    """A file or folder that was named cannot be written."""

    place: str


@dataclass
class NoCondition(CommandError):
    """A condition is not written as key=value."""

    value: str


@dataclass
class NotJson(CommandError):
    """A line of a file is not the JSON that is asked for."""

    file: str
    line: int


@dataclass
class WrongDate(CommandError):
    """A date is not written as 2026-03-01."""

    value: str


_UNREADABLE = {"ENOENT": "FileGone", "ENODEV": "NoFile", "EISDIR": "NoFile", "EILSEQ": "NameUnreadable"}
_MEGABYTE = 1024 * 1024
_BYTES = ("file", "unpacked", "markup", "memory")
"""The limits of TooLarge that are counted in bytes, and said in megabytes."""


@dataclass
class NoPerson(CommandError):
    """A person is not named by platform and id."""

    value: str


@dataclass
class UnknownGroup(CommandError):
    """The access file has no such group."""

    group: str


@dataclass
class NotShared(CommandError):
    """What was published could not be copied to where the replicas fetch it."""

    place: str
    reason: str


class NoPlatform(CommandError):
    """There is no platform to serve."""


@dataclass
class PortTaken(CommandError):
    """The port for health and figures cannot be listened on."""

    place: str


class NewerTables(CommandError):
    """The database was changed by a later version of Lotse."""


class OneToken(CommandError):
    """Slack needs two tokens, and one of them is not set."""


@dataclass
class NoAnswer(CommandError):
    """No answer has this id, or its time is over."""

    id: str


@dataclass
class NotEmpty(CommandError):
    """A backup is to be restored where something is already."""

    place: str


@dataclass
class BackupUnreadable(CommandError):
    """A file is no backup, or not a whole one."""

    file: str


KNOWN = (CommandError, SettingsError, BotError, IngestError, KnowledgeError)
"""The trees of errors that have words."""


def words(error: Exception, language: str) -> str:
    """Return what happened and what to do, in a language. Raises KeyError for an error without words."""
    if isinstance(error, DamagedGeneration) and error.part == "pointer":
        return say("DamagedPointer", language)
    if isinstance(error, GlossaryError) and not error.place:
        return say("GlossaryFile", language, **_fields(error, language))
    name = _UNREADABLE.get(error.reason, "Unreadable") if isinstance(error, Unreadable) else type(error).__name__
    return say(name, language, **_fields(error, language))


def _fields(error: Exception, language: str) -> dict[str, object]:
    if isinstance(error, SettingsError):
        return {"names": ", ".join(error.variables)}
    if isinstance(error, GlossaryError):
        return {"file": error.file, "place": error.place, "problem": say(f"glossary_{error.problem}", language)}
    if isinstance(error, AccessFileError):
        return {"file": error.file, "place": error.place or "1", "fault": say(f"access_{error.fault}", language)}
    if isinstance(error, BrokenMetadata):
        return {"place": _place(error, language), "fault": say(f"fault_{error.fault}", language)}
    if isinstance(error, TooLarge):
        return {"limit": say(f"limit_{error.limit}", language, allowed=_amount(error, language))}
    return {name: _said(value) for name, value in vars(error).items() if not name.startswith("_")}


def _said(value: object) -> object:
    return f"{value.astimezone():%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value


def _amount(error: TooLarge, language: str) -> str:
    amount = error.allowed / (_MEGABYTE if error.limit in _BYTES else 1)
    return f"{amount:,.0f}".replace(",", "." if language == "de" else ",")


def _place(error: BrokenMetadata, language: str) -> str:
    line = say("place_line", language, line=error.line) if error.line else ""
    parts = (error.source, line, f"{error.key}: {error.value}".strip(": "))
    return ", ".join(part for part in parts if part) or "---"


def has_words(error: type[Exception]) -> bool:
    """Say whether an error has words in every language."""
    return all(error.__name__ in phrases for phrases in PHRASES.values())
