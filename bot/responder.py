"""What to say to a message: the handler's answer to it as a question, with what was said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.messages import Asker, Question

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.handler import Handler
    from bot.messages import Event, Message
    from bot.ports import Conversations, Task

REMEMBERED = 10
"""Turns of a conversation that a follow-up question can lean on."""


class QuestionResponder:
    """Puts every message to the handler as a question. `groups` tells what its sender belongs to, beyond everybody."""

    def __init__(
        self, handler: Handler, conversations: Conversations, groups: Callable[[Message], frozenset[str]]
    ) -> None:
        self._handler, self._conversations, self._groups = handler, conversations, groups

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        """Yield signs of life and, last, the Answer."""
        message = task.message
        place = message.place
        question = Question(
            message.text,
            Asker(place.platform, place.workspace, message.user, self._groups(message)),
            place.conversation,
            history=await self._conversations.turns(place, REMEMBERED, task.person),
            id=task.reference,
            locale=message.locale,
        )
        async for event in self._handler.handle(question):
            yield event
