"""What reaches Lotse on Telegram: edits with new words, albums whole, other bots' commands not at all, codes once."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Update

from adapters.database.arriving import joined
from adapters.telegram.receiving import Me, received
from bot.pairing import issue
from bot.phrases import say
from bot.senders import Account
from bot.wording import signed
from tests.platforms.spoofs import through
from tests.platforms.telegram_scene import ADMIN, GROUP, KIM, QUESTION, STRANGER, Fresh, Scene, said
from tests.platforms.telegram_server import BOT, Telegram

if TYPE_CHECKING:
    from pathlib import Path

    from bot.people import Person

pytestmark = pytest.mark.slow
CLOSED = -1002


def edit(number: int, seconds: int = 5, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of Message
    """Return what makes an update an edit of a message."""
    return {"update": "edited_message", "message_id": number, "edit_date": int(time.time()) + seconds, **fields}


async def invited(scene: Scene, *groups: str) -> str:
    """Return the code of a new invitation."""
    code, kept = issue(datetime.now(UTC), groups)
    await scene.memory.invitations.add(kept)
    return code


async def person(scene: Scene, user: int) -> Person:
    return await scene.memory.people.find(Account("telegram", "", str(user)))


# edits


async def test_the_edit_of_an_old_question_is_not_late(scene: Scene) -> None:
    number = scene.telegram.say(KIM, QUESTION, date=int(time.time()) - 3600)
    await scene.quiet()
    assert say("late", "en") in scene.telegram.last(KIM).text
    scene.telegram.say(KIM, "Is DeepL Pro approved?", **edit(number, date=int(time.time()) - 3600))
    await scene.quiet()
    assert "DeepL Pro is approved" in scene.telegram.last(KIM).text
    assert say("late", "en") not in scene.telegram.last(KIM).text


async def test_an_edit_that_says_what_was_said_is_not_answered_and_one_that_says_it_again_later_is(
    scene: Scene,
) -> None:
    number = scene.telegram.say(KIM, QUESTION)
    for _ in range(3):
        scene.telegram.say(KIM, QUESTION, **edit(number))
    await scene.quiet()
    assert [ending for ending, _ in scene.metrics.counter.endings] == ["answered"]
    for number_of_edit, text in enumerate(("Is DeepL Pro approved?", QUESTION), 6):
        scene.telegram.say(KIM, text, **edit(number, number_of_edit))
        await scene.quiet()
    assert [ending for ending, _ in scene.metrics.counter.endings] == ["answered"] * 3
    assert "never goes into" in scene.telegram.last(KIM).text
    assert len(scene.telegram.texts(KIM)) == 1


async def test_a_place_that_moves_is_answered_once(scene: Scene) -> None:
    place: dict[str, Any] = {"location": {"longitude": 1.0, "latitude": 2.0, "live_period": 900}}
    number = scene.telegram.say(KIM, "", **place)
    for seconds in range(1, 30):
        scene.telegram.say(KIM, "", **edit(number, seconds), **place)
    assert "never goes into" in await said(scene, KIM, QUESTION)
    assert scene.telegram.texts(KIM)[0] == signed(say("file_unread", "en"), "en")
    assert len(scene.telegram.texts(KIM)) == 2


async def test_of_two_edits_in_one_second_the_later_one_holds(scene: Scene) -> None:
    number = scene.telegram.say(KIM, QUESTION)
    await scene.quiet()
    fields = edit(number)
    scene.telegram.number_from(2_999)
    scene.telegram.say(KIM, "Is Excel approved?", **fields)
    scene.telegram.say(KIM, "Is DeepL Pro approved?", **fields)
    await scene.quiet()
    assert "DeepL Pro is approved" in scene.telegram.last(KIM).text


# what belongs together


def text_file(scene: Scene, name: str, content: bytes) -> dict[str, Any]:
    scene.telegram.files[name] = content
    return {"document": {"file_id": name, "file_unique_id": name, "file_size": len(content)}}


def picture(name: str) -> dict[str, Any]:
    return {"photo": [{"file_id": name, "file_unique_id": name, "width": 9, "height": 9}]}


async def test_of_files_that_are_sent_together_each_text_is_checked(scene: Scene) -> None:
    for name in ("anna.schmidt", "bert.maier", "carla.weber"):
        content = f"Write to {name}@firma.example".encode()
        scene.telegram.say(KIM, "", media_group_id="78", **text_file(scene, name, content))
    await scene.quiet()
    assert [say("check_found", "en") in text for text in scene.telegram.texts(KIM)] == [True] * 3


async def test_what_is_written_beside_any_picture_of_several_is_answered_for_all(scene: Scene) -> None:
    for number in range(3):
        fields: dict[str, Any] = {"caption": QUESTION} if number == 1 else {}
        scene.telegram.say(KIM, "", media_group_id="79", **picture(f"P{number}"), **fields)
    await scene.quiet()
    (text,) = scene.telegram.texts(KIM)
    assert ("never goes into" in text, say("file_unread", "en") in text) == (True, True)


async def test_a_file_that_telegram_does_not_hand_out_gets_a_kind_no(scene: Scene) -> None:
    document = {"file_id": "gone", "file_unique_id": "u", "file_size": 36}
    assert await said(scene, KIM, "", document=document) == signed(say("file_unread", "en"), "en")
    scene.telegram.refused.clear()


async def test_a_checklist_in_private_gets_a_kind_no_and_news_of_the_chat_no_word(scene: Scene) -> None:
    checklist = {"title": "To do", "tasks": [{"id": 1, "text": "Ask"}]}
    assert await said(scene, KIM, "", checklist=checklist) == signed(say("file_unread", "en"), "en")
    assert await said(scene, KIM, "", something_new={"id": 1}) == signed(say("file_unread", "en"), "en")
    assert await said(scene, KIM, "", message_auto_delete_timer_changed={"message_auto_delete_time": 86400}) == ""
    assert await said(scene, GROUP, "", user=KIM, new_chat_title="Team 2") == ""


# commands and mentions


@pytest.mark.parametrize("text", ["/weather@other_bot Berlin", "/ask@other_bot May I?", "/weather Berlin"])
async def test_a_command_for_another_bot_in_a_reply_is_not_heard(scene: Scene, text: str) -> None:
    await said(scene, GROUP, f"@lotse_bot {QUESTION}", user=KIM)
    own = {"message_id": scene.telegram.last(GROUP).id, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}}
    assert await said(scene, GROUP, text, user=KIM, reply_to_message=own | {"from": BOT}) == ""


def test_only_its_own_mention_is_cut_out() -> None:
    telegram = Telegram()
    message = telegram.message(GROUP, 1, "🙂 @lotse_bot_2 said, @lotse_bot: May I?", user=KIM)
    heard = received(Update.de_json({"update_id": 1, "message": message}, None), Me(123456, "lotse_bot"))
    assert heard is not None
    assert heard.text == "🙂 @lotse_bot_2 said,  : May I?"


# invitations


async def test_a_second_invitation_adds_its_groups_to_those_of_the_first(scene: Scene) -> None:
    await said(scene, STRANGER, f"/start {await invited(scene, 'hr')}")
    assert say("pairing_paired", "en") in await said(scene, STRANGER, f"/start {await invited(scene, 'legal')}")
    assert (await person(scene, STRANGER)).groups == frozenset({"hr", "legal"})
    assert say("pairing_paired", "en") in await said(scene, STRANGER, await invited(scene, "board"))
    assert (await person(scene, STRANGER)).groups == frozenset({"hr", "legal", "board"})


@pytest.mark.parametrize("text", ["{code}", "/start {code}", "@lotse_bot here is my code: {code}, thanks"])
@pytest.mark.parametrize(("chat", "user"), [(GROUP, STRANGER), (GROUP, KIM), (CLOSED, STRANGER), (CLOSED, KIM)])
async def test_a_code_that_others_could_read_is_good_for_nobody(scene: Scene, text: str, chat: int, user: int) -> None:
    code = await invited(scene, "hr")
    words = text.format(code=code)
    addressed = (
        words if words.startswith("@") else f"@lotse_bot {words}" if words == code else f"/start@lotse_bot {code}"
    )
    assert say("pairing_private", "en") in await said(scene, chat, addressed, user=user)
    assert say("pairing_wrong", "en") in await said(scene, ADMIN, f"/start {code}")


async def test_a_channel_that_posts_a_code_uses_it_up_without_a_word(scene: Scene) -> None:
    code = await invited(scene)
    channel = {"id": -1009, "type": "channel", "title": "News"}
    assert await said(scene, GROUP, f"@lotse_bot {code}", user=KIM, sender_chat=channel) == ""
    assert say("pairing_wrong", "en") in await said(scene, STRANGER, code)


async def test_what_only_looks_like_a_code_is_asked(scene: Scene) -> None:
    assert say("pairing_private", "en") not in await said(scene, GROUP, "@lotse_bot they came back then", user=KIM)
    assert say("pairing_wrong", "en") not in await said(scene, KIM, "they came back then")


async def test_whoever_tried_too_many_codes_is_told_so_once(scene: Scene) -> None:
    for _ in range(5):
        await said(scene, STRANGER, "AAAA-BBBB-CCCC-DDDD")
    assert "too many tries" in await said(scene, STRANGER, "AAAA-BBBB-CCCC-DDDD")
    assert await said(scene, STRANGER, "AAAA-BBBB-CCCC-DDDD") == ""


async def test_nobody_who_pretends_gets_through(fresh: Fresh, tmp_path: Path) -> None:
    assert await through(fresh(tmp_path)) == 0


# long texts


async def test_a_text_that_was_cut_into_messages_is_checked_whole(scene: Scene) -> None:
    pieces = [
        f"/check {'word ' * 800}anna.schmidt@firma.example",
        f"{'word ' * 600}bert.maier@firma.example",
        "carla@firma.example",
    ]
    number, *_ = (scene.telegram.say(KIM, piece) for piece in pieces)
    asked = scene.telegram.asked_at[number]
    await scene.quiet()
    assert scene.telegram.actions[0][2] - asked < 1.0
    checked = "\n".join(scene.telegram.texts(KIM))
    assert checked.count(say("check_found", "en")) == 1
    assert not [name for name in ("anna", "bert", "carla") if name in checked]
    assert [ending for ending, _ in scene.metrics.counter.endings] == ["answered"]
    assert "never goes into" in await said(scene, KIM, QUESTION)


async def test_what_comes_later_than_a_piece_would_is_a_question_of_its_own(scene: Scene) -> None:
    scene.telegram.say(KIM, f"/check {'word ' * 800}")
    await scene.quiet()
    assert "never goes into" in await said(scene, KIM, QUESTION)


@pytest.mark.parametrize("pieces", [("x" * 4096, "y"), ("first line", "second line")])
def test_a_word_that_was_cut_is_whole_again_and_words_that_were_not_stay_apart(pieces: tuple[str, str]) -> None:
    assert joined(*pieces) in {"x" * 4096 + "y", "first line\nsecond line"}
