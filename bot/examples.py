"""Three questions to start with, of those that this company's handbook answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import self_service
from bot.messages import Answer, Asker, Outcome, Question
from bot.phrases import say
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.ports import Answers

CANDIDATES = 8
"""Questions that are tried, the most useful first."""
SHOWN = 3


async def greeted(answer: Answer, handler: Answers, asker: Asker) -> Answer:
    """Return an answer that welcomes somebody with three questions that can be asked as they are; any other as it is."""
    general = self_service.welcome(answer.language)
    if general not in answer.text:
        return answer
    questions = await _answered(handler, asker, answer.language)
    text = answer.text.replace(general, self_service.welcome(answer.language, questions))
    return replace(answer, text=text, choices=questions)


async def _answered(handler: Answers, asker: Asker, language: str) -> tuple[str, ...]:
    """Return questions that the handbook answers for this asker; general ones where it answers too few, or is not there yet."""
    candidates = [say(f"example_{number}", language) for number in range(1, CANDIDATES + 1)]
    found: list[str] = []
    for text in candidates:
        if len(found) < SHOWN and await _is_answered(handler, Question(text, asker, language=language, unwritten=True)):
            found.append(text)
    return tuple(dict.fromkeys((*found, *candidates)))[:SHOWN]


async def _is_answered(handler: Answers, question: Question) -> bool:
    try:
        events = [event async for event in handler.handle(question)]
    except KnowledgeError:
        return False
    return isinstance(events[-1], Answer) and events[-1].outcome is Outcome.QUOTED
