"""The access file: read strictly, checked, read again when it changes."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.access import ANY, CLOSED, NOTHING_MORE, Audiences, Policy, Workspace
from bot.errors import BotError
from bot.limits import Limits
from bot.senders import Account
from ingest.errors import BrokenMetadata
from ingest.readers.front_matter import parse
from knowledge.documents import EVERYBODY

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic.config import JsonDict

LONGEST = 1_000_000
"""Characters of the file: room for some ten thousand people."""
SETTLED = 0.5
"""Seconds after which a file that was just written is taken for complete."""
NONE = "none"

_IDS = {
    "slack": {
        "workspace": r"[TE][A-Z0-9]{2,20}",
        "user": r"[UW][A-Z0-9]{2,20}",
        "room": r"[CG][A-Z0-9]{2,20}",
    },
    "telegram": {"workspace": r"", "user": r"[1-9][0-9]{0,19}", "room": r"-[1-9][0-9]{0,19}"},
}
"""The forms of the ids of each platform: a name fits none of them."""


@dataclass
class AccessFileError(BotError):
    """The access file cannot be used. `fault` is one of FAULTS, `place` the way to what is wrong."""

    file: str
    place: str
    fault: str


FAULTS = ("unreadable", "syntax", "unknown", "missing", "form", "id", "audience", "all", "number", "twice", "group")
"""What can be wrong in the file. Each is also a phrase (`access_...`)."""


class _Fault(ValueError):
    """One of FAULTS, raised where it is found."""


def _account(value: object) -> Account:
    """Read `slack/T…/U…` or `telegram/123`."""
    platform, *ids = str(value).strip().split("/")
    workspace, user = ids if len(ids) == 2 else ("", *ids) if len(ids) == 1 else ("", "")  # noqa: PLR2004
    forms = _IDS.get(platform)
    if not forms or not re.fullmatch(forms["workspace"], workspace) or not re.fullmatch(forms["user"], user):
        raise _Fault("id")
    return Account(platform, workspace, user)


def account(value: str) -> Account | None:
    """Return the account that a text names as the access file does, None when it names none."""
    try:
        return _account(value)
    except _Fault:
        return None


def _list(value: object) -> object:
    """Take one word for a list of one; "none" and nothing for an empty one."""
    if not isinstance(value, str):
        return value
    return [] if value.strip().casefold() in {NONE, ""} else [value]


def _audience(value: str) -> str:
    name = " ".join(value.casefold().split())
    if not name or name == NONE or "," in name:
        raise _Fault("audience")
    return EVERYBODY if name == "alle" else name


def _open(value: object) -> object:
    """Take one word for what holds in every room."""
    words = {ANY: {ANY: EVERYBODY}, NONE: {ANY: NONE}, "": {}}
    return words.get(value.strip().casefold(), value) if isinstance(value, str) else value


def _either(*forms: str) -> str:
    """Return a pattern for the whole of a text that has one of some forms."""
    return f"^(?:{'|'.join(forms)})$"


_SLACK, _TELEGRAM = _IDS["slack"], _IDS["telegram"]
_Named = Annotated[
    str, Field(pattern=_either(f"slack/{_SLACK['workspace']}/{_SLACK['user']}", f"telegram/{_TELEGRAM['user']}"))
]
_Room = Annotated[str, Field(pattern=_either(ANY, _SLACK["room"], _TELEGRAM["room"]))]
_Each = Annotated[dict[_Room, str | list[str]], Field(json_schema_extra={"additionalProperties": False})]
Audience = Annotated[str, AfterValidator(_audience)]
Listed = Annotated[list[Audience], BeforeValidator(_list, json_schema_input_type=str | list[str])]
Person = Annotated[Account, BeforeValidator(_account, json_schema_input_type=_Named)]
People = Annotated[list[Person], BeforeValidator(_list, json_schema_input_type=_Named | list[_Named] | Literal["none"])]
Rooms = Annotated[
    dict[str, Listed],
    BeforeValidator(_open, json_schema_input_type=Literal["any", "none"] | _Each),
]
Amount = Annotated[int, Field(ge=1, le=1_000_000_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def _ids(platform: str) -> JsonDict:
    """Return what the schema asks of a platform's workspace: its id, where the platform has several."""
    pattern = _either(_IDS[platform]["workspace"])
    asked: JsonDict = {"properties": {"workspace": {"pattern": pattern}}}
    return {
        "if": {"properties": {"platform": {"const": platform}}},
        "then": asked | ({"required": ["workspace"]} if _IDS[platform]["workspace"] else {}),
    }


class _Workspace(_Strict):
    model_config = ConfigDict(json_schema_extra={"allOf": [_ids(platform) for platform in _IDS]})

    platform: Literal["slack", "telegram"]
    workspace: str = ""
    members: Listed = [EVERYBODY]
    guests: Listed = []
    outsiders: Listed = []
    rooms: Rooms = {}

    @model_validator(mode="after")
    def _check(self) -> _Workspace:
        forms = _IDS[self.platform]
        rooms = (room for room in self.rooms if room != ANY)
        if not re.fullmatch(forms["workspace"], self.workspace) or not all(
            re.fullmatch(forms["room"], room) for room in rooms
        ):
            raise _Fault("id")
        # Whoever may ask reads what is open to all: a list for strangers that leaves it out promises what it cannot keep.
        if any(people and EVERYBODY not in people for people in (self.guests, self.outsiders)):
            raise _Fault("all")
        return self

    def opened(self) -> Workspace:
        """Return the workspace as the core knows it.

        A room that is not named reads what is open to all. On Telegram anybody can make a group and let anybody read along,
        so there a group has to be named; nor does Telegram vouch for anybody, so there a person is paired first.
        """
        alone = self.platform == "telegram"
        rooms = {} if alone else {ANY: NOTHING_MORE}
        named = {room: _opened(audiences) for room, audiences in self.rooms.items()}
        people = (_opened(self.members), _opened(self.guests), _opened(self.outsiders))
        return Workspace(*people, rooms | named, pairing=alone)


class _Group(_Strict):
    reads: Listed | None = None
    people: People = []


_DEFAULTS = Limits()


class _Limits(_Strict):
    person_minute: Amount = _DEFAULTS.person_minute
    person_day: Amount = _DEFAULTS.person_day
    everyone_minute: Amount = _DEFAULTS.everyone_minute
    everyone_day: Amount = _DEFAULTS.everyone_day
    tokens_day: Amount = _DEFAULTS.tokens_day


class AccessFile(_Strict):
    """What may stand in the file."""

    workspaces: list[_Workspace] = []
    groups: dict[Audience, _Group] = {}
    admins: People = []
    blocked: People = []
    limits: _Limits = _Limits()

    @model_validator(mode="after")
    def _check(self) -> AccessFile:
        named = [(each.platform, each.workspace) for each in self.workspaces]
        if len(named) != len(set(named)):
            raise _Fault("twice")
        if EVERYBODY in self.groups:
            raise _Fault("group")
        return self

    def policy(self) -> Policy:
        """Return what the file says as the core knows it."""
        groups = {name: _beyond([name] if group.reads is None else group.reads) for name, group in self.groups.items()}
        reads: dict[Account, Audiences] = {}
        for name, group in self.groups.items():
            for person in group.people:
                reads[person] = reads.get(person, NOTHING_MORE) | groups[name]
        return Policy(
            {(each.platform, each.workspace): each.opened() for each in self.workspaces},
            reads,
            groups,
            frozenset(self.admins),
            frozenset(self.blocked),
            Limits(**self.limits.model_dump()),
        )


def _beyond(audiences: list[str]) -> Audiences:
    return frozenset(audiences) - {EVERYBODY}


def _opened(audiences: list[str]) -> Audiences | None:
    """Return what is read beyond what is open to all; None where nothing is open at all."""
    return _beyond(audiences) if audiences else None


def schema() -> dict[str, object]:
    """Return a JSON schema of the file, for editors; docs/reference holds it."""
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Access file of Lotse"}
    return AccessFile.model_json_schema(by_alias=True) | about


def load(file: Path) -> Policy:
    """Read the access file. Raises AccessFileError."""
    try:
        with file.open("rb") as stream:
            text = stream.read(4 * LONGEST + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AccessFileError(str(file), "", "unreadable") from error
    try:
        return AccessFile.model_validate(parse(text, LONGEST)).policy()
    except BrokenMetadata as error:
        fault = "twice" if error.fault == "twice" else "syntax"
        raise AccessFileError(str(file), str(error.line or ""), fault) from error
    except ValidationError as error:
        raise AccessFileError(str(file), *_first(error)) from error


def _first(error: ValidationError) -> tuple[str, str]:
    """Return where the first problem is and which one it is, without what stands there."""
    problem = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in problem["loc"] if part != "[key]")
    kind = problem["type"]
    if isinstance(fault := problem.get("ctx", {}).get("error"), _Fault):
        return place, str(fault)
    return place, _FAULTS.get(kind, "number" if kind.startswith(_NUMBERS) else "form")


_FAULTS = {"extra_forbidden": "unknown", "missing": "missing"}
_NUMBERS = ("int_", "greater_", "less_")


class LiveAccessFile:
    """The access file as it stands now. Without a file nothing is open.

    A file that turned out broken changes nothing until it is mended: what was last understood holds, and `problem` says why.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, ...] | None = None
        self._policy = CLOSED
        self.problem: AccessFileError | None = None

    def policy(self) -> Policy:
        """Return what the file says. Never raises: called for every message."""
        signature = self._signature()
        if signature is None:
            self._seen, self._policy, self.problem = (), CLOSED, None
        elif signature != self._seen and (self._seen is None or self._is_settled()):
            self._read(signature)
        return self._policy

    def _read(self, signature: tuple[int, ...]) -> None:
        self._seen = signature
        try:
            self._policy, self.problem = load(self._file), None
        except AccessFileError as error:
            self.problem = error
            logging.getLogger("lotse.access").error("access file: %s at %s", error.fault, error.place or "start")  # noqa: TRY400

    def _signature(self) -> tuple[int, ...] | None:
        try:
            about = self._file.stat()
        except OSError:
            return None
        return about.st_mtime_ns, about.st_size, about.st_ino

    def _is_settled(self) -> bool:
        """Say whether nobody is writing it just now: half a file could be valid and leave out who is blocked."""
        try:
            age = time.time() - self._file.stat().st_mtime
        except OSError:
            return False
        return not 0 <= age < SETTLED
