"""Whoever presses a button on Telegram is let go, told once, and can press again where the first press came to nothing."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.buttons import Action, payload, pressed
from bot.inbox import Limits
from bot.messages import Answer, Kind, Message, Outcome, Place
from bot.phrases import say
from bot.wording import signed
from tests.chats import Silent
from tests.platforms.telegram_scene import GROUP, KIM, QUESTION, STRANGER, Fresh, Scene, playing, press, said, simply
from tests.scenes import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.messages import Event
    from bot.ports import Task
    from tests.platforms.telegram_server import Telegram

pytestmark = pytest.mark.slow
REFERENCE = "ab12cd34ef56"


class Asked:
    """Answers what is written, and presses as it was told: with an outcome, nothing, or a word in passing."""

    def __init__(self, *outcomes: Outcome | None, pause: float = 0.0) -> None:
        self._outcomes, self._pause, self.presses = list(outcomes), pause, 0

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        text = task.message.text
        if task.message.kind is not Kind.CLICK:
            yield Answer(REFERENCE, text, "en", Outcome.QUOTED, "First.", suggestions=("And then?",), generation="g1")
            return
        self.presses += 1
        await asyncio.sleep(self._pause)
        outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
        if outcome is None:
            return
        answer = Answer(task.reference, text, "en", outcome, f"Press {self.presses}.", generation="g1")
        yield replace(answer, aside=outcome is Outcome.DECLINED)


async def pressed_twice(scene: Scene, seconds: float) -> tuple[str, list[str]]:
    """Ask, press the suggestion, and press it again after so long; return what the second press was told and what stands."""
    await said(scene, KIM, "Well?")
    below = scene.telegram.last(KIM)
    first = scene.telegram.press(below, "And then?", user=KIM)
    await until(lambda: first in scene.telegram.toasts)
    await scene.quiet()
    await asyncio.sleep(seconds)
    second = scene.telegram.press(below, "And then?", user=KIM)
    await until(lambda: second in scene.telegram.toasts)
    await scene.quiet()
    return scene.telegram.toasts[second], scene.telegram.texts(KIM)


@pytest.mark.parametrize("data", ["x\0y", "x\ud800y", f"ask:{REFERENCE}:0\0", f"ask:{REFERENCE}:\udfff", "/status"])
async def test_a_press_of_what_is_no_button_is_let_go_and_stops_nobody(scene: Scene, data: str) -> None:
    await said(scene, KIM, QUESTION)
    query = scene.telegram.press(scene.telegram.last(KIM), "", user=STRANGER, data=data)
    assert "never goes into" in await said(scene, KIM, QUESTION)
    await until(lambda: query in scene.telegram.toasts)
    assert scene.telegram.toasts[query] == signed(say("press_gone", "en"), "en")


async def test_a_press_that_gets_no_answer_is_let_go(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    async with simply(telegram, fresh(tmp_path)) as scene:
        await said(scene, KIM, "Well?")
    async with simply(telegram, fresh(tmp_path / "other"), Silent()) as scene:
        below = telegram.last(KIM)
        query = telegram.press(below, "", user=KIM, data=payload(Action.SOURCES, REFERENCE))
        await until(lambda: query in telegram.toasts)
        await scene.quiet()
        assert telegram.toasts[query] == ""


async def test_a_press_that_waits_is_not_told_to_and_gets_its_word(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    responder = Asked(Outcome.DECLINED, pause=1.5)
    async with playing(telegram, fresh(tmp_path), responder, Limits(notice=0.2)) as scene:
        await said(scene, KIM, "Well?")
        below = telegram.last(KIM)
        queries = [telegram.press(below, "", user=KIM, data=payload(Action.ASK, REFERENCE, str(n))) for n in (1, 2, 3)]
        await scene.quiet()
        assert [telegram.toasts[query] for query in queries] == ["Press 1.", "Press 2.", "Press 3."]
        assert telegram.texts(KIM) == [below.text]


async def test_a_button_can_be_pressed_again_where_its_press_failed(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with simply(telegram, fresh(tmp_path), Asked(Outcome.FAILED, Outcome.QUOTED)) as scene:
        _, texts = await pressed_twice(scene, 3.2)
        assert [text.splitlines()[2] for text in texts[1:]] == ["Press 1.", "Press 2."]


async def test_a_button_whose_press_got_nothing_can_be_pressed_again(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with simply(telegram, fresh(tmp_path), Asked(None, Outcome.QUOTED)) as scene:
        _, texts = await pressed_twice(scene, 3.2)
        assert len(texts) == 2


async def test_a_button_whose_answer_stands_says_so_however_late_it_is_pressed(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with simply(telegram, fresh(tmp_path), Asked(Outcome.QUOTED)) as scene:
        toast, texts = await pressed_twice(scene, 3.2)
        assert (toast, len(texts)) == (signed(say("press_again", "en"), "en"), 2)


async def test_a_double_click_is_one_press_whatever_came_of_it(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    responder = Asked(Outcome.FAILED)
    async with simply(telegram, fresh(tmp_path), responder) as scene:
        await pressed_twice(scene, 0.0)
        assert responder.presses == 1


async def test_a_press_that_is_delivered_again_later_is_the_same_press(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    responder = Asked(Outcome.FAILED)
    async with simply(telegram, fresh(tmp_path), responder) as scene:
        await said(scene, KIM, "Well?")
        telegram.press(telegram.last(KIM), "And then?", user=KIM)
        update = dict(next(iter(telegram.updates.values())))
        update.pop("update_id")
        await scene.quiet()
        await asyncio.sleep(3.2)
        telegram.push(update)
        await until(lambda: not telegram.updates)
        await scene.quiet()
        assert responder.presses == 1


async def test_reasons_appear_although_telegram_asks_to_wait_with_the_buttons(scene: Scene) -> None:
    await said(scene, KIM, QUESTION)
    scene.telegram.faults.flood_until[KIM] = time.monotonic() + 1.5
    toast, sent = await press(scene, say("button_unhelpful", "en"))
    assert (toast.startswith(say("reason_wanted", "en")), sent) == (True, [])
    assert say("feedback_outdated", "en") in scene.telegram.last(KIM).buttons
    assert scene.telegram.floods == []


async def test_a_word_that_comes_too_late_is_sent_where_nobody_else_reads_it(scene: Scene) -> None:
    await said(scene, KIM, QUESTION)
    await said(scene, GROUP, f"@lotse_bot {QUESTION}", user=KIM)
    scene.telegram.faults.press_wait = 0.0
    answer, before = scene.telegram.last(GROUP), scene.telegram.texts(GROUP)
    scene.telegram.press(answer, say("button_helpful", "en"), user=KIM)
    await until(lambda: scene.telegram.last(KIM).text.startswith(say("feedback_thanks", "en")))
    await scene.quiet()
    assert scene.telegram.texts(GROUP) == before
    scene.telegram.refused.clear()


async def test_a_word_in_passing_takes_the_sign_before_it_away(scene: Scene) -> None:
    await said(scene, KIM, QUESTION)
    sign, place = scene.telegram.last(KIM), Place("telegram", "", str(KIM), private=True)
    message = Message(place, "x", str(KIM), pressed(""), datetime.now(UTC), kind=Kind.CLICK, about="1")
    assert await scene.platform.edit(message, str(sign.id), '{"toast": "Done."}')
    assert scene.telegram.texts(KIM) == ["Done."]
