"""Questions to start with, of those that this company's handbook answers for whoever may ask them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot import self_service
from bot.messages import Answer, Outcome, Question
from bot.phrases import say
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from bot.messages import Asker
    from bot.overview import Known
    from bot.ports import Answers

CANDIDATES = 8
"""Questions that are tried, the most useful first."""
SHOWN = 3
OFFERED = 4
"""Questions that are offered beside a chat; Slack shows four (docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts)."""
ABOUT = 2
"""How many of them are about documents, where others are answered, too."""
TRIED = 4
"""Documents that are tried, those in the person's language first, then the newest."""


async def greeted(answer: Answer, examples: Examples) -> Answer:
    """Return an answer that welcomes somebody with three questions that can be asked as they are; any other as it is."""
    general = self_service.welcome(answer.language)
    if general not in answer.text:
        return answer
    questions = await examples.welcoming()
    text = answer.text.replace(general, self_service.welcome(answer.language, questions))
    return replace(answer, text=text, choices=questions)


@dataclass(frozen=True, slots=True)
class Examples:
    """Finds questions for one person, who is spoken to in a `language` and may have `chosen` one."""

    handler: Answers
    asker: Asker
    language: str
    chosen: str | None = None

    async def welcoming(self) -> tuple[str, ...]:
        """Return three questions that the handbook answers; general ones where it answers too few, or is not there yet."""
        found = [text async for text in self._general(SHOWN)]
        return tuple(dict.fromkeys((*found, *self._candidates())))[:SHOWN]

    async def offered(self, documents: Sequence[Known]) -> tuple[str, ...]:
        """Return questions that the handbook answers: about its documents, and what everybody asks. None if it answers none."""
        about = [text async for text in self._about(documents)]
        general = [text async for text in self._general(OFFERED - min(len(about), ABOUT))]
        return (*about[: OFFERED - len(general)], *general)

    def _candidates(self) -> Iterator[str]:
        return (say(f"example_{number}", self.language) for number in range(1, CANDIDATES + 1))

    async def _general(self, most: int) -> AsyncIterator[str]:
        """Yield at most so many of the questions that everybody asks, of those that the handbook answers."""
        found = 0
        for text in self._candidates():
            if found < most and await self._answering(text):
                found += 1
                yield text

    async def _about(self, documents: Sequence[Known]) -> AsyncIterator[str]:
        """Yield questions about documents, of those that are answered from the document itself."""
        newest = sorted(documents, key=lambda known: known.effective or date.min, reverse=True)
        for known in sorted(newest, key=lambda known: known.language != self.language)[:TRIED]:
            text = say("choice_title", self.language, title=known.title)
            if known.path in await self._answering(text):
                yield text

    async def _answering(self, text: str) -> frozenset[str]:
        """Return the documents that a question is answered from when it is asked as it is, nothing where it is not."""
        question = Question(text, self.asker, language=self.chosen, locale=self.language, unwritten=True)
        try:
            answer = [event async for event in self.handler.handle(question)][-1]
        except KnowledgeError:
            return frozenset()
        if not isinstance(answer, Answer) or answer.outcome is not Outcome.QUOTED:
            return frozenset()
        return frozenset(each.document for each in answer.citations)
