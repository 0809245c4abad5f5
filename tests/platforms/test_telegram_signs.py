"""Signs of life on Telegram: they end with the answer, outlive a silent model, and never stay beside the answer."""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from adapters.telegram.ledger import Ledger
from adapters.telegram.pace import Pace
from adapters.telegram.platform import TelegramPlatform, connect
from adapters.telegram.signs import Shown
from bot.inbox import Limits
from bot.messages import Answer, Message, Outcome, Place, Searching, Sentence, Waiting, Wrote
from tests.chats import Saying
from tests.platforms.telegram_scene import ADMIN, GROUP, KIM, Fresh, playing, simply
from tests.platforms.telegram_server import TOKEN, Telegram, serving
from tests.scenes import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.messages import Event
    from bot.ports import Task

pytestmark = pytest.mark.slow


class Writing:
    """Writes some sentences, waits, and answers, or not."""

    def __init__(self, *sentences: str, pause: float = 0.3, answers: bool = True) -> None:
        self._sentences, self._pause, self._answers = sentences, pause, answers

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        yield Searching(3, "en")
        for sentence in self._sentences:
            yield Wrote(Sentence(sentence, (1,)), (), "en")
            await asyncio.sleep(self._pause)
        await asyncio.sleep(self._pause)
        if self._answers:
            yield Answer(task.reference, task.message.text, "en", Outcome.DECLINED, "All of it.")


@pytest.mark.parametrize("answers", [True, False])
async def test_typing_ends_with_the_matter_whether_it_was_answered_or_not(
    telegram: Telegram,
    fresh: Fresh,
    tmp_path: Path,
    answers: bool,  # noqa: FBT001 - a row of the table
) -> None:
    async with simply(telegram, fresh(tmp_path), Writing("One.", answers=answers)) as scene:
        telegram.say(GROUP, "@lotse_bot Well?", user=KIM)
        await scene.quiet()
        assert telegram.texts(GROUP) == (["All of it."] if answers else [])
        typed = len(telegram.actions)
        await asyncio.sleep(5)
        assert (len(telegram.actions), len(scene.platform.signs)) == (typed, 0)


async def test_typing_ends_where_the_answer_takes_the_place_of_a_sign(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    sentences = [f"Sentence {number}." for number in range(12)]
    async with simply(telegram, fresh(tmp_path), Writing(*sentences)) as scene:
        telegram.say(GROUP, "@lotse_bot Well?", user=KIM)
        await until(lambda: telegram.texts(GROUP) == ["All of it."])
        await scene.quiet()
        assert telegram.last(GROUP).edits > 0
        typed = len(telegram.actions)
        await asyncio.sleep(5)
        assert len(telegram.actions) == typed


async def test_after_a_lost_reply_no_second_message_shows_the_same_answer(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    telegram.faults.lose_reply = 1
    sentences = [f"Sentence {number}." for number in range(20)]
    async with simply(telegram, fresh(tmp_path), Writing(*sentences, pause=0.5)) as scene:
        telegram.say(GROUP, "@lotse_bot Well?", user=KIM)
        await until(lambda: "All of it." in telegram.texts(GROUP), 30)
        await scene.quiet()
        assert [method for method, _ in telegram.calls if method == "sendmessage"] == ["sendmessage"] * 2
        assert telegram.texts(GROUP).count("All of it.") == 1


async def test_a_sign_that_comes_after_the_answer_is_taken_back(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    telegram.faults.slow = 4.5
    async with simply(telegram, fresh(tmp_path), Writing("One.", "Two.", pause=3.2)) as scene:
        telegram.say(GROUP, "@lotse_bot Well?", user=KIM)
        await until(lambda: "All of it." in telegram.texts(GROUP), 30)
        telegram.faults.slow = 0.0
        await scene.quiet(30)
        await until(lambda: telegram.texts(GROUP) == ["All of it."])


async def test_a_sign_that_is_being_changed_never_takes_the_place_of_the_answer(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    telegram.faults.slow, telegram.faults.slow_methods = 5.0, ("editmessagetext",)
    async with simply(telegram, fresh(tmp_path), Writing("One.", "Two.", "Three.", pause=3.2)) as scene:
        telegram.say(GROUP, "@lotse_bot Well?", user=KIM)
        await scene.quiet(60)
        assert telegram.texts(GROUP) == ["All of it."]


async def test_who_waits_in_private_finds_the_answer_in_the_place_of_the_waiting_message(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with playing(telegram, fresh(tmp_path), Saying(1.5), Limits(notice=0.2)) as scene:
        for text in ("One?", "Two?"):
            telegram.say(KIM, text)
        texts = await scene.answered(KIM, 2)
    assert sorted(text.split("\n")[0] for text in texts) == ["You asked: One?", "You asked: Two?"]
    assert [method for method, _ in telegram.calls].count("deletemessage") == 0


async def test_an_edit_that_waits_is_not_told_to(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    async with playing(telegram, fresh(tmp_path), Saying(1.5), Limits(notice=0.2)) as scene:
        number = telegram.say(KIM, "One?")
        await scene.quiet()
        telegram.say(KIM, "Two?")
        telegram.say(KIM, "Three?", update="edited_message", message_id=number, edit_date=int(time.time()) + 1)
        await scene.quiet()
    sent = [given["text"].split("\n")[0] for method, given in telegram.calls if method == "sendmessage"]
    assert sent == ["You asked: One?", "You asked: Two?"]


async def test_a_chat_that_is_not_found_leaves_the_drafts_of_others_alone(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with simply(telegram, fresh(tmp_path), Saying(0.2)) as scene:
        telegram.say(KIM, "Well?")
        telegram.leave(KIM)
        await scene.quiet()
        telegram.say(ADMIN, "Well?")
        await scene.answered(ADMIN)
    assert [chat for chat, *_ in telegram.drafts] == [ADMIN]


def waiting(chat: int) -> Message:
    return Message(
        Place("telegram", "", str(chat), private=chat > 0), "1", str(KIM), "Well?", datetime.now(UTC), about="1"
    )


async def nothing(*_given: object) -> str:
    return ""


async def test_a_draft_is_shown_again_before_it_goes_as_long_as_nothing_newer_comes(telegram: Telegram) -> None:
    telegram.say(KIM, "Well?")
    async with serving(telegram) as address, connect(TOKEN, address) as bot:
        shown = Shown(bot, Pace(), nothing, renewed=0.3)
        await shown.show(waiting(KIM), Searching(3, "en"), "ab12cd34ef56-0", "")
        await until(lambda: len(telegram.drafts) == 3)
        shown.done("ab12cd34ef56-1")
        await asyncio.sleep(0.7)
    assert len({(number, text) for _, number, text, _ in telegram.drafts}) == 1
    assert len(telegram.drafts) <= 4
    times = [at for *_, at in telegram.drafts]
    assert all(later - earlier > 0.25 for earlier, later in itertools.pairwise(times))


async def test_typing_that_telegram_asks_to_wait_with_stops_and_holds_the_chat(telegram: Telegram) -> None:
    telegram.say(GROUP, "Well?", user=KIM)
    telegram.faults.flood_until[GROUP] = time.monotonic() + 7
    async with serving(telegram) as address, connect(TOKEN, address) as bot:
        pace = Pace()
        await Shown(bot, pace, nothing).show(waiting(GROUP), Searching(3, "en"), "ab12cd34ef56-0", "")
        await until(lambda: pace.held(str(GROUP)))
        await asyncio.sleep(5)
    assert [method for method, _ in telegram.calls].count("sendchataction") == 1


async def test_the_answer_takes_the_place_of_a_sign_that_a_killed_process_left(
    telegram: Telegram, tmp_path: Path
) -> None:
    telegram.say(KIM, "Well?")
    async with serving(telegram) as address, connect(TOKEN, address) as bot:
        await TelegramPlatform(bot, ledger=Ledger(tmp_path / "sent")).show(
            waiting(KIM), Waiting(2, "en"), "ab12cd34ef56-0", ""
        )
        sign = telegram.last(KIM)
        sent = await TelegramPlatform(bot, ledger=Ledger(tmp_path / "sent")).send(
            waiting(KIM), '{"text": "All of it."}', "ab12cd34ef56-1"
        )
        assert (sent, telegram.texts(KIM)) == (str(sign.id), ["All of it."])
        sign.deleted = True
        await TelegramPlatform(bot, ledger=Ledger(tmp_path / "sent")).send(
            waiting(KIM), '{"text": "All of it."}', "ab12cd34ef56-1"
        )
        assert telegram.texts(KIM) == ["All of it."]


async def test_a_sign_is_noted_in_the_ledger_so_that_the_next_process_finds_it(
    telegram: Telegram, tmp_path: Path
) -> None:
    telegram.say(KIM, "Well?")
    async with serving(telegram) as address, connect(TOKEN, address) as bot:
        platform = TelegramPlatform(bot, ledger=Ledger(tmp_path / "sent"))
        sent = await platform.show(waiting(KIM), Waiting(2, "en"), "ab12cd34ef56-0", "")
        assert await platform.find(waiting(KIM), "ab12cd34ef56-0") == sent == str(telegram.last(KIM).id)
        await platform.close()
