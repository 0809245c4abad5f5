"""What travels between the core and whoever writes: what to answer from, and what was drafted. Nothing here is proven yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.messages import Verdict


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as a model reads it: its number in this one request, where it stands, and its words."""

    number: int
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What to write: the question (personal data replaced), the language to answer in, and the passages to answer from."""

    question: str
    language: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What the model was given and gave, in tokens, in how many calls. Estimated where the server does not say."""

    prompt: int = 0
    completion: int = 0
    calls: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Return both together."""
        return Usage(self.prompt + other.prompt, self.completion + other.completion, self.calls + other.calls)


@dataclass(frozen=True, slots=True)
class Said:
    """A message and the asker's own earlier ones (personal data replaced), the latest last."""

    text: str
    earlier: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Restated:
    """A message as a question that stands alone, and the same in the other language."""

    question: str
    translation: str
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a second look at a sentence found."""

    carried: bool
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words that are said to stand in a source. `source` is the number that the model gave; there may be no such source."""

    source: int
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One drafted sentence and the excerpts that are said to carry it."""

    text: str
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished draft. `answered`: the model found the answer in its sources; `verdict` is its own opinion."""

    answered: bool
    claims: tuple[Claim, ...]
    verdict: Verdict | None = None
    suggestions: tuple[str, ...] = ()
    model: str = ""
    usage: Usage = Usage()
