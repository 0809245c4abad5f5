"""Read what a model returns: sentence by sentence while it grows, and checked as a whole at the end."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.drafts import Claim, Draft, Excerpt, Opinion, Restated, Usage
from bot.errors import ModelUnreadable
from bot.messages import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENING = re.compile(r'"sentences"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()
_Shape = TypeVar("_Shape", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Evidence(_Strict):
    passage: int
    quote: str


class _Sentence(_Strict):
    text: str
    evidence: list[_Evidence]

    def claim(self) -> Claim:
        return Claim(self.text.strip(), tuple(Excerpt(each.passage, each.quote) for each in self.evidence))


class _Answer(_Strict):
    answered: bool
    sentences: list[_Sentence]
    verdict: Literal["allowed", "conditional", "forbidden", "undecided", "none"]
    suggestions: list[str]


class _Question(_Strict):
    question: str
    translation: str


class _Check(_Strict):
    carried: bool


class Sentences:
    """Takes a growing answer and gives each sentence as soon as its last brace is there."""

    def __init__(self) -> None:
        self._text = ""
        self._place = -1

    @property
    def text(self) -> str:
        """Return all that came."""
        return self._text

    def take(self, part: str) -> Iterator[Claim]:
        """Add what came and yield the sentences that it completes. Raises ModelUnreadable."""
        self._text += part
        if self._place < 0 and (opening := _OPENING.search(self._text)):
            self._place = opening.end()
        while self._place >= 0 and "}" in part and (found := self._complete()):
            yield found

    def _complete(self) -> Claim | None:
        between = _BETWEEN.match(self._text, self._place)
        start = between.end() if between else self._place
        if not self._text.startswith("{", start):
            return None
        try:
            value, self._place = _DECODER.raw_decode(self._text, start)
        except ValueError:
            return None
        return _shaped(_Sentence, value).claim()


def draft(text: str, model: str, usage: Usage) -> Draft:
    """Return a finished answer. Raises ModelUnreadable."""
    answer = _shaped(_Answer, _loaded(text))
    verdict = None if answer.verdict == "none" else Verdict(answer.verdict)
    claims = tuple(sentence.claim() for sentence in answer.sentences)
    return Draft(answer.answered, claims, verdict, tuple(answer.suggestions), model, usage)


def restated(text: str, usage: Usage) -> Restated:
    """Return a question that stands alone. Raises ModelUnreadable."""
    shaped = _shaped(_Question, _loaded(text))
    return Restated(shaped.question.strip(), shaped.translation.strip(), usage)


def opinion(text: str, usage: Usage) -> Opinion:
    """Return a second opinion. Raises ModelUnreadable."""
    return Opinion(_shaped(_Check, _loaded(text)).carried, usage)


def _loaded(text: str) -> object:
    """Read JSON; a fence of Markdown around it does no harm."""
    try:
        value: object = json.loads(text[text.find("{") : text.rfind("}") + 1])
    except (ValueError, RecursionError) as error:
        raise ModelUnreadable from error
    return value


def _shaped(shape: type[_Shape], value: object) -> _Shape:
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise ModelUnreadable from error
