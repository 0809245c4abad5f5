"""A company's words and their other names, across languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import GlossaryError
from knowledge.keywords import stem, words
from knowledge.language import ENGLISH, GERMAN, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BUILT_IN = Path(__file__).with_name("glossary.yaml")
VOCABULARY = Path(__file__).with_name("vocabulary.yaml")
"""Everyday words in both languages. They help to find; they are too loose to prove that two sentences say the same."""
LONGEST_NAME = 6
"""Words in the longest name that is looked for in a question."""
SHORTEST_PART = 4
"""Letters of the shortest part of a German compound that is looked up."""
_LINKS = ("", "s", "es", "n", "en", "er", "e")
"""What German puts between the parts of a compound."""
_FIELDS = frozenset((*LANGUAGES, "hints"))


@dataclass(frozen=True, slots=True)
class Name:
    """One way to say something. A hint points to the thing without being its name."""

    text: str
    language: str
    hint: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """One thing and all its names; only ever the same as itself, so that what is known of it is found at once."""

    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A concept that a text names.

    `hint`: only by a hint, or as a part of a compound; `first`: as the first part, which says of what kind it is and not what.
    """

    concept: Concept
    name: Name
    start: int
    end: int
    hint: bool
    first: bool = False


@dataclass(frozen=True)
class Glossary:
    """Every concept, found by the stems of its names."""

    concepts: tuple[Concept, ...]

    def wider(self, *files: Path) -> Glossary:
        """Return a glossary that has the concepts of these files, too. Raises GlossaryError."""
        return Glossary((*self.concepts, *_concepts(files)))

    @cached_property
    def _by_stems(self) -> dict[tuple[str, ...], list[tuple[Concept, Name]]]:
        by_stems: dict[tuple[str, ...], list[tuple[Concept, Name]]] = {}
        for concept in self.concepts:
            for name in concept.names:
                by_stems.setdefault(_stems(name.text, name.language), []).append((concept, name))
        return by_stems

    @cached_property
    def _firsts(self) -> frozenset[str]:
        return frozenset(stems[0] for stems in self._by_stems if stems)

    def matches(self, text: str) -> list[Match]:
        """Return the concepts that a text names, the longest name first where several begin at one word."""
        found: list[Match] = []
        listed = words(text)
        for language in LANGUAGES:
            stems = [stem(word, language) for word in listed]
            found.extend(self._names(stems, language))
        covered = {i for match in found for i in range(match.start, match.end)}
        for place, word in enumerate(listed):
            if place not in covered:
                found.extend(self._parts(word, place))
        return _longest(found)

    def _names(self, stems: list[str], language: str) -> Iterator[Match]:
        for start in (place for place, first in enumerate(stems) if first in self._firsts):
            for end in range(min(start + LONGEST_NAME, len(stems)), start, -1):
                for concept, name in self._by_stems.get(tuple(stems[start:end]), ()):
                    if name.language == language:
                        yield Match(concept, name, start, end, name.hint)

    def _parts(self, word: str, place: int) -> Iterator[Match]:
        """Yield the concepts that a German compound begins or ends with."""
        for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            for part in (*_heads(word[:cut]), tail := word[cut:]):
                for concept, name in self._by_stems.get((stem(part, GERMAN),), ()):
                    if name.language == GERMAN and not name.hint and (part != tail or _ends(tail, name.text)):
                        yield Match(concept, name, place, place + 1, hint=True, first=part != tail)


def _heads(word: str) -> Iterator[str]:
    """Yield the first part of a compound with and without the letters that link it to the next."""
    for link in _LINKS:
        if word.endswith(link) and len(word) - len(link) >= SHORTEST_PART:
            yield word[: len(word) - len(link)]


def _ends(tail: str, name: str) -> bool:
    """Say whether a compound can end with a name: a noun in any form, another word as it is ("meister" is no form of "meist")."""
    return name[0].isupper() or tail == name


def _stems(text: str, language: str) -> tuple[str, ...]:
    return tuple(stem(word, language) for word in words(text))


def _longest(found: list[Match]) -> list[Match]:
    """Return each concept once, without matches that lie inside a longer one."""
    found.sort(key=lambda match: (match.hint, match.first, match.start - match.end))
    kept: list[Match] = []
    for match in found:
        inside = any(
            k.start <= match.start and match.end <= k.end and k.end - k.start > match.end - match.start for k in kept
        )
        if not inside and all(k.concept is not match.concept for k in kept):
            kept.append(match)
    return kept


def load(*files: Path) -> Glossary:
    """Read the built-in glossary and a company's own files; all concepts stand side by side. Raises GlossaryError."""
    return Glossary(tuple(_concepts((BUILT_IN, *files))))


def parsed(text: str) -> Any:  # noqa: ANN401 - whatever the text says
    """Return what a YAML text says. Raises YAMLError, ValueError."""
    import yaml

    # The C loader is ten times as fast; a wheel without it still works.
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _concepts(files: Iterable[Path]) -> Iterator[Concept]:
    for file in files:
        yield from _read(file)


def _read(file: Path) -> Iterator[Concept]:
    import yaml

    try:
        content = parsed(file.read_text("utf-8"))
    except OSError as error:
        raise GlossaryError(file=str(file), place="", problem="unreadable") from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise GlossaryError(file=str(file), place=f"{mark.line + 1}" if mark else "", problem="no_yaml") from error
    listed = content.get("concepts") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise GlossaryError(file=str(file), place="concepts", problem="no_concepts")
    for number, entry in enumerate(listed, start=1):
        yield _concept(entry, file, str(number))


def _concept(entry: object, file: Path, place: str) -> Concept:
    if not isinstance(entry, dict) or not entry.keys() <= _FIELDS:
        raise GlossaryError(file=str(file), place=place, problem="unknown_field")
    hints = entry.get("hints", {})
    if not isinstance(hints, dict) or not hints.keys() <= set(LANGUAGES):
        raise GlossaryError(file=str(file), place=place, problem="unknown_field")
    names = (*_names(entry, file, place, hint=False), *_names(hints, file, place, hint=True))
    if len(names) < 2:  # noqa: PLR2004 - one name alone leads nowhere
        raise GlossaryError(file=str(file), place=place, problem="one_name")
    return Concept(names)


def _names(entry: Mapping[Any, Any], file: Path, place: str, *, hint: bool) -> Iterable[Name]:
    for language in (ENGLISH, GERMAN):
        listed = entry.get(language, [])
        if not isinstance(listed, list) or not all(isinstance(text, str) and words(text) for text in listed):
            raise GlossaryError(file=str(file), place=place, problem="no_names")
        for text in listed:
            yield Name(text, language, hint)
