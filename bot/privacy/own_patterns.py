"""A company's own patterns: numbers that only it knows to be personal, secret or internal, from a YAML file.

BotError
├── PatternsUnreadable    the file cannot be read, or is not the YAML that is asked for
├── PatternIncomplete     an entry lacks a name, a regular expression or a data class, or has too much
├── PatternInvalid        a regular expression is none
├── PatternTooWide        a regular expression may match so little text that it tells nothing
└── PatternRunsAway       a regular expression could take too long on a long text
"""

from __future__ import annotations

import importlib
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import BotError
from bot.privacy.findings import Finding, Kind, Sensitivity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 200_000
"""Bytes of a file with patterns."""
MOST = 50
"""Patterns in a file."""
LONGEST = 500
"""Characters of a regular expression."""
SHORTEST_MATCH = 3
"""Characters that a match has at least."""
MOST_WAYS = 200
"""Ways in which a regular expression may be tried at one place of a text."""
_FIELDS = {"name", "regex", "class"}


@dataclass
class PatternsUnreadable(BotError):
    """The file cannot be read, or is not the YAML that is asked for."""

    file: str


@dataclass
class PatternIncomplete(BotError):
    """An entry lacks a name, a regular expression or a data class, or has too much. `place` counts from one."""

    file: str
    place: int


@dataclass
class PatternInvalid(BotError):
    """A regular expression is none."""

    file: str
    place: int


@dataclass
class PatternTooWide(BotError):
    """A regular expression may match so little text that it tells nothing."""

    file: str
    place: int


@dataclass
class PatternRunsAway(BotError):
    """A regular expression could take too long on a long text."""

    file: str
    place: int


@dataclass(frozen=True, slots=True)
class OwnPattern:
    """One pattern of the company's own."""

    name: str
    regex: re.Pattern[str]
    sensitivity: Sensitivity

    def find(self, text: str) -> Iterator[Finding]:
        """Yield each match."""
        for match in self.regex.finditer(text):
            yield Finding(Kind.OWN, match.start(), match.end(), self.name, self.sensitivity)


def load(file: Path) -> tuple[OwnPattern, ...]:
    """Read a file with a list called `patterns`, each with `name`, `regex` and `class`. Raises BotError, one of the above."""
    import yaml

    try:
        with file.open("rb") as stream:
            content = yaml.safe_load(stream.read(LARGEST).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PatternsUnreadable(str(file)) from error
    entries = content.get("patterns") if isinstance(content, dict) and content.keys() == {"patterns"} else None
    if not isinstance(entries, list) or len(entries) > MOST:
        raise PatternsUnreadable(str(file))
    return tuple(_pattern(entry, str(file), place) for place, entry in enumerate(entries, start=1))


def _pattern(entry: object, file: str, place: int) -> OwnPattern:
    if not isinstance(entry, dict) or entry.keys() != _FIELDS or not all(isinstance(v, str) for v in entry.values()):
        raise PatternIncomplete(file, place)
    name = " ".join(re.sub(r"[\[\]]", " ", entry["name"]).split())[:60]
    if not name or entry["class"] not in set(Sensitivity):
        raise PatternIncomplete(file, place)
    return OwnPattern(name, _checked(entry["regex"], file, place), Sensitivity(entry["class"]))


def _checked(source: str, file: str, place: int) -> re.Pattern[str]:
    """Compile a regular expression that holds its promises."""
    try:
        tree = _parser().parse(source[: LONGEST + 1])
        compiled = re.compile(source)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternInvalid(file, place) from error
    if len(source) > LONGEST or ways(tree) > MOST_WAYS:
        raise PatternRunsAway(file, place)
    if tree.getwidth()[0] < SHORTEST_MATCH:
        raise PatternTooWide(file, place)
    return compiled


def _parser() -> Any:  # noqa: ANN401 - it ships no types
    """Return the parser of `re`: only its tree tells in how many ways an expression can be tried."""
    return importlib.import_module("re._parser")


def ways(tree: Any) -> int:  # noqa: ANN401 - see above
    """Return an upper bound for the ways in which an expression can be tried at one place; MOST_WAYS + 1 for too many.

    One after the other multiply, alternatives add up, a repetition counts once for each number of times. What repeats
    without end, or looks back at what was matched, is too much.
    """
    return math.prod(min(_ways_of(*node), MOST_WAYS + 1) for node in tree)


_PLAIN = frozenset("LITERAL NOT_LITERAL ANY IN AT CATEGORY RANGE".split())


def _ways_of(operation: object, argument: Any) -> int:  # noqa: ANN401 - see above
    name = str(operation)
    if name in _PLAIN:
        return 1
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        return _repeated(*argument)
    if name == "BRANCH":
        return sum(map(ways, argument[1]))
    if name in {"SUBPATTERN", "ASSERT", "ASSERT_NOT"}:
        return ways(argument[-1])
    return ways(argument) if name == "ATOMIC_GROUP" else MOST_WAYS + 1


def _repeated(least: int, most: int, tree: Any) -> int:  # noqa: ANN401 - see above
    inner = ways(tree)
    if most - least > MOST_WAYS or most > 2 * MOST_WAYS:
        return MOST_WAYS + 1
    return sum(min(int(inner**times), MOST_WAYS + 1) for times in range(least, most + 1))
