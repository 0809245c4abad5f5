"""Lotse on Telegram, as people meet it: the real library against a server that plays Telegram and refuses what Telegram refuses."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from bot.commands import Command
from bot.messages import Answer, Outcome, Searching, Sentence, Wrote
from bot.pairing import issue
from bot.phrases import say
from bot.wording import signed
from tests.chats import Saying, Silent
from tests.platforms.telegram_links import automatic
from tests.platforms.telegram_scene import ADMIN, GROUP, KIM, QUESTION, STRANGER, Fresh, Scene, press, said, simply
from tests.platforms.telegram_server import BOT, Telegram
from tests.scenes import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.messages import Event
    from bot.ports import Task

pytestmark = pytest.mark.slow


# who is heard


async def test_an_invitation_link_lets_somebody_in_and_says_who_answers_with_three_questions_to_press(
    scene: Scene,
) -> None:
    code, kept = issue(datetime.now(UTC))
    await scene.memory.invitations.add(kept)
    text = await said(scene, STRANGER, f"/start {code}")
    assert say("pairing_paired", "en") in text
    assert say("welcome", "en") in text
    assert {say(f"example_{n}", "en") for n in (1, 2, 3)} == set(list(scene.telegram.last(STRANGER).buttons)[:3])
    assert "never goes into ChatGPT" in await said(scene, STRANGER, QUESTION)


async def test_whoever_is_not_paired_gets_one_polite_line_an_hour(scene: Scene) -> None:
    assert await said(scene, STRANGER, QUESTION) == signed(say("denied_unpaired", "en"), "en")
    assert await said(scene, STRANGER, QUESTION) == ""


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("@lotse_bot May customer data go into ChatGPT?", True),
        ("May customer data go into ChatGPT, @Lotse_Bot?", True),
        ("/ask May customer data go into ChatGPT?", True),
        ("/ask@lotse_bot May customer data go into ChatGPT?", True),
        ("/ask@other_bot May customer data go into ChatGPT?", False),
        ("/weather Berlin", False),
        ("May customer data go into ChatGPT?", False),
        ("@lotse_bot_2 May customer data go into ChatGPT?", False),
    ],
)
async def test_in_a_group_only_what_is_addressed_to_it_is_heard(scene: Scene, text: str, heard: bool) -> None:  # noqa: FBT001 - a row of the table
    assert ("never goes into ChatGPT" in await said(scene, GROUP, text, user=KIM)) is heard


async def test_a_reply_to_it_is_heard_and_a_reply_to_somebody_else_is_not(scene: Scene) -> None:
    await said(scene, GROUP, f"@lotse_bot {QUESTION}", user=KIM)
    own = {"message_id": scene.telegram.last(GROUP).id, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}}
    assert await said(scene, GROUP, "Is DeepL Pro approved?", user=KIM, reply_to_message=own | {"from": BOT})
    other = {"id": 55, "is_bot": False, "first_name": "Alex"}
    assert not await said(scene, GROUP, "Is DeepL Pro approved?", user=KIM, reply_to_message=own | {"from": other})


async def test_a_topic_is_answered_inside_the_topic(scene: Scene) -> None:
    scene.telegram.forums.add(GROUP)
    await said(scene, GROUP, f"@lotse_bot {QUESTION}", user=KIM, message_thread_id=42, is_topic_message=True)
    assert (scene.telegram.last(GROUP).thread, scene.telegram.last(GROUP).chat) == (42, GROUP)


async def test_in_a_group_the_answer_is_a_reply_and_no_thread_is_named_outside_topics(scene: Scene) -> None:
    asked = scene.telegram.say(GROUP, f"@lotse_bot {QUESTION}", user=KIM, message_thread_id=42)
    await scene.answered(GROUP)
    assert (scene.telegram.last(GROUP).reply, scene.telegram.last(GROUP).thread) == (asked, None)


async def test_a_question_that_was_deleted_meanwhile_is_answered_all_the_same(scene: Scene) -> None:
    asked = scene.telegram.say(GROUP, f"@lotse_bot {QUESTION}", user=KIM)
    scene.telegram.erase(GROUP, asked)
    await scene.answered(GROUP)
    assert (scene.telegram.last(GROUP).reply, "never goes into" in scene.telegram.last(GROUP).text) == (None, True)


async def test_each_part_of_a_long_answer_replies_in_a_group(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    async with simply(telegram, fresh(tmp_path), Long()) as scene:
        asked = telegram.say(GROUP, "@lotse_bot Well?", user=KIM)
        assert len(await scene.answered(GROUP, 3)) == 3
    assert [each.reply for each in telegram.sent.values()] == [asked] * 3


class Long:
    """A responder whose answer does not fit into one message."""

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        yield Answer(task.reference, task.message.text, "en", Outcome.DECLINED, "word " * 2000)


ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL = {"id": -1009, "type": "channel", "title": "News"}
OTHER = {"id": 55, "is_bot": False, "first_name": "Alex"}


@pytest.mark.parametrize(
    "fields",
    [
        {"from": ANONYMOUS, "sender_chat": {"id": GROUP, "type": "supergroup", "title": "Team"}},
        {"from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}, "sender_chat": CHANNEL},
        {
            "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
            "is_automatic_forward": True,
            "sender_chat": CHANNEL,
        },
        {"sender_chat": CHANNEL},
        {"from": {"id": KIM, "is_bot": True, "first_name": "Bot"}},
        {"forward_origin": {"type": "user", "date": 1, "sender_user": OTHER}},
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Kim"}},
        {"forward_origin": {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 3}},
        {"via_bot": {"id": 66, "is_bot": True, "first_name": "Inline", "username": "inline_bot"}},
    ],
)
async def test_what_is_no_person_gets_no_word(scene: Scene, fields: dict[str, Any]) -> None:
    assert await said(scene, GROUP, f"@lotse_bot {QUESTION}", user=KIM, **fields) == ""
    assert await said(scene, KIM, QUESTION, **fields) == ""


async def test_admins_of_a_group_have_no_rights_and_admins_command_in_private_only(scene: Scene) -> None:
    for command in ("/status", "/ingest", "/invite", "/audit"):
        assert await said(scene, KIM, command) == signed(say("unknown_command", "en"), "en")
        assert "status in" not in await said(scene, GROUP, f"{command}@lotse_bot", user=ADMIN)
    assert await said(scene, ADMIN, "/status") == signed("status in en", "en")


# answers


async def test_an_edited_question_is_answered_anew_in_the_same_message(scene: Scene) -> None:
    number = scene.telegram.say(KIM, QUESTION)
    await scene.answered(KIM)
    first = scene.telegram.last(KIM)
    edited: dict[str, Any] = {"update": "edited_message", "message_id": number, "edit_date": int(time.time()) + 5}
    scene.telegram.say(KIM, "Is DeepL Pro approved?", **edited)
    await scene.quiet()
    assert scene.telegram.last(KIM) is first
    assert ("DeepL Pro is approved" in first.text, first.edits) == (True, 1)


class Writing:
    """A responder that writes sentence by sentence."""

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        yield Searching(3, "en")
        for number in range(8):
            await asyncio.sleep(0.4)
            yield Wrote(Sentence(f"Sentence {number}.", (1,)), (), "en")
        yield Answer(task.reference, task.message.text, "en", Outcome.DECLINED, "All of it.")


async def test_in_private_a_draft_shows_within_a_second_that_it_searches(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with simply(telegram, fresh(tmp_path), Writing()) as scene:
        number = telegram.say(KIM, "Well?")
        await scene.answered(KIM)
        assert telegram.draft(KIM) == ""  # the answer has taken its place
    chat, _, text, at = telegram.drafts[0]
    assert (chat, text) == (KIM, say("searching", "en", documents=3))
    assert at - telegram.asked_at[number] < 1.0


async def test_drafts_grow_at_most_once_a_second_and_the_answer_is_always_sent(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with simply(telegram, fresh(tmp_path), Writing()) as scene:
        telegram.say(KIM, "Well?")
        assert await scene.answered(KIM) == ["All of it."]
    times = [at for *_, at in telegram.drafts]
    assert all(later - earlier > 0.95 for earlier, later in itertools.pairwise(times))
    texts = [text for _, _, text, _ in telegram.drafts]
    assert len({number for _, number, _, _ in telegram.drafts}) == 1
    assert texts[-1].startswith("Sentence 0. Sentence 1.")


async def test_in_a_group_a_message_grows_and_the_answer_takes_its_place(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with simply(telegram, fresh(tmp_path), Writing()) as scene:
        telegram.say(GROUP, "@lotse_bot Well?", user=KIM)
        await until(lambda: telegram.texts(GROUP) == ["All of it."], 10)
        await scene.quiet()
    assert (telegram.drafts, telegram.refused) == ([], [])
    assert telegram.actions[0][:2] == (GROUP, "typing")


async def test_a_server_without_drafts_gets_typing(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    telegram.faults.no_drafts = True
    async with simply(telegram, fresh(tmp_path), Saying(0.2)) as scene:
        telegram.say(KIM, "Well?")
        await scene.answered(KIM)
    assert [chat for chat, _, _ in telegram.actions] == [KIM]


# buttons


async def test_a_thumb_down_asks_for_the_reason_on_the_same_buttons_and_thanks(scene: Scene) -> None:
    await said(scene, KIM, QUESTION)
    assert await press(scene, say("button_unhelpful", "en")) == (signed(say("reason_wanted", "en"), "en"), [])
    assert await press(scene, say("feedback_outdated", "en")) == (signed(say("feedback_thanks", "en"), "en"), [])
    assert list(scene.telegram.last(KIM).buttons) == [say("button_sources", "en")]


async def test_sources_are_told_below(scene: Scene) -> None:
    await said(scene, KIM, QUESTION)
    toast, (text,) = await press(scene, say("button_sources", "en"))
    assert (toast, "open.\u2060md" in text) == ("", True)


async def test_an_example_is_asked_with_the_question_above_the_answer(scene: Scene) -> None:
    await said(scene, KIM, "/start")
    _, (text,) = await press(scene, say("example_1", "en"))
    assert text.splitlines()[0] == f"» {say('example_1', 'en')}"
    assert "never goes into ChatGPT" in text


async def test_a_double_click_is_answered_once(scene: Scene) -> None:
    await said(scene, KIM, "/start")
    scene.telegram.press(scene.telegram.last(KIM), say("example_1", "en"), user=KIM)
    query = scene.telegram.press(scene.telegram.last(KIM), say("example_1", "en"), user=KIM)
    await scene.answered(KIM, 2)
    await until(lambda: query in scene.telegram.toasts)
    assert scene.telegram.toasts[query] == signed(say("press_again", "en"), "en")
    assert len(scene.telegram.texts(KIM)) == 2


async def test_other_peoples_buttons_do_nothing(scene: Scene) -> None:
    await said(scene, GROUP, f"@lotse_bot {QUESTION}", user=KIM)
    for label in (say("button_helpful", "en"), say("button_unhelpful", "en")):
        assert await press(scene, label, user=ADMIN, chat=GROUP) == (signed(say("press_foreign", "en"), "en"), [])


async def test_in_a_group_a_link_leads_to_the_same_question_in_private(scene: Scene) -> None:
    await said(scene, GROUP, f"@lotse_bot {QUESTION}", user=KIM)
    link = scene.telegram.last(GROUP).buttons[say("button_private", "en")]
    assert link.startswith("https://t.me/lotse_bot?start=")
    text = await said(scene, KIM, f"/start {link.partition('=')[2]}")
    assert text.splitlines()[0] == f"» {QUESTION}"
    assert "never goes into ChatGPT" in text


# files

MENTION = [{"type": "mention", "offset": 0, "length": 10}]


async def test_a_text_file_in_private_is_checked_and_not_kept(scene: Scene) -> None:
    scene.telegram.files["F1"] = b"Write to anna.schmidt@firma.example"
    text = await said(
        scene, KIM, "", document={"file_id": "F1", "file_unique_id": "u", "file_size": 36, "file_name": "a.txt"}
    )
    assert say("check_found", "en") in text
    assert "anna" not in text


@pytest.mark.parametrize(
    "fields",
    [
        {"voice": {"file_id": "V", "file_unique_id": "v", "duration": 3}},
        {"photo": [{"file_id": "P", "file_unique_id": "p", "width": 9, "height": 9}]},
        {"document": {"file_id": "B", "file_unique_id": "u", "file_size": 4}},
        {"document": {"file_id": "B", "file_unique_id": "u", "file_size": 90_000_000}},
        {
            "sticker": {
                "file_id": "S",
                "file_unique_id": "s",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
                "type": "regular",
            }
        },
        {"location": {"longitude": 1.0, "latitude": 2.0}},
    ],
    ids=lambda fields: next(iter(fields)),
)
async def test_anything_but_text_gets_a_kind_no(scene: Scene, fields: dict[str, Any]) -> None:
    scene.telegram.files["B"] = b"\x00\x01\x02\xff"
    assert await said(scene, KIM, "", **fields) == signed(say("file_unread", "en"), "en")


async def test_pictures_that_are_sent_together_get_one_answer(scene: Scene) -> None:
    for number in range(4):
        picture = [{"file_id": f"P{number}", "file_unique_id": f"p{number}", "width": 9, "height": 9}]
        scene.telegram.say(
            GROUP, "", user=KIM, photo=picture, media_group_id="77", caption="@lotse_bot", caption_entities=MENTION
        )
    await scene.quiet()
    assert scene.telegram.texts(GROUP) == [signed(say("file_unread", "en"), "en")]


async def test_what_is_written_beside_a_picture_is_answered(scene: Scene) -> None:
    picture = [{"file_id": "P", "file_unique_id": "p", "width": 9, "height": 9}]
    text = await said(scene, KIM, "", photo=picture, caption=QUESTION)
    assert "never goes into ChatGPT" in text
    assert say("file_unread", "en") in text


async def test_a_file_of_a_stranger_is_not_fetched(scene: Scene) -> None:
    document = {"file_id": "F1", "file_unique_id": "u", "file_size": 36}
    assert await said(scene, STRANGER, "", document=document) == signed(say("denied_unpaired", "en"), "en")
    assert "getfile" not in [method for method, _ in scene.telegram.calls]


# admins


async def test_documents_are_taken_in_with_a_message_that_says_how_far_it_is(scene: Scene) -> None:
    scene.telegram.say(ADMIN, "/ingest")
    await scene.answered(ADMIN)
    assert scene.telegram.texts(ADMIN)[-1] == signed("report in en", "en")


async def test_menus_are_set_by_language_and_for_admins(scene: Scene) -> None:
    scene.telegram.say(ADMIN, "/help")
    await until(lambda: (f"chat/{ADMIN}", "en") in scene.telegram.menus)
    everybody = [each["command"] for each in scene.telegram.menus["all_private_chats", "de"]]
    assert (Command.ASK in everybody, Command.INVITE in everybody) == (True, False)
    german = {each["command"]: each["description"] for each in scene.telegram.menus[f"chat/{ADMIN}", "de"]}
    assert german["invite"] == say("menu_invite", "de")


async def test_words_of_people_that_admins_read_hold_no_command_that_works(scene: Scene) -> None:
    await said(scene, KIM, QUESTION)
    reference = next(iter(scene.telegram.last(KIM).buttons.values())).split(":")[1]
    await said(scene, KIM, f"/feedback {reference} wrong Please send /ingest or open https://t.me/lotse_bot?start=AAAA")
    await said(scene, ADMIN, "/opinions")
    shown = scene.telegram.last(ADMIN)
    assert "Please send" in shown.text
    assert automatic(shown.text, shown.entities) == []


# what Telegram does wrong


async def test_each_update_three_times_is_answered_once(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    async with simply(telegram, fresh(tmp_path)) as scene:
        for person in range(1, 6):
            telegram.say(person, "May I?", times=3)
        for person in range(1, 6):
            assert len(await scene.answered(person)) == 1


async def test_an_update_that_cannot_be_read_does_not_stop_the_others(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with simply(telegram, fresh(tmp_path)) as scene:
        telegram.push({"message": {"message_id": "what?", "chat": 7}})
        telegram.push({"something_new": {"id": 1}})
        telegram.push({"message": {"message_id": 3, "date": 1, "chat": {"id": KIM, "type": "private"}}})
        telegram.say(KIM, "May I?")
        assert len(await scene.answered(KIM)) == 1


async def test_nothing_is_confirmed_that_could_not_be_written_down(
    telegram: Telegram, fresh: Fresh, tmp_path: Path
) -> None:
    async with simply(telegram, fresh(tmp_path), Silent()) as scene:
        async with scene.memory.database.writing() as held:  # nobody else can write meanwhile
            await held.execute(text("SELECT 1"))
            telegram.say(KIM, "May I?")
            await asyncio.sleep(0.5)
            assert len(telegram.updates) == 1
        await scene.quiet()


async def test_a_conflict_shows_in_health_and_passes(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    async with simply(telegram, fresh(tmp_path)) as scene:
        telegram.faults.conflict_until = time.monotonic() + 1.5
        telegram.say(KIM, "May I?")
        await until(lambda: not scene.health.ready)
        assert json.loads(json.dumps(scene.health.report()))["platforms"]["telegram"]["reason"] == "conflict"
        await scene.answered(KIM)
        assert scene.health.ready


async def test_a_webhook_left_over_shows_in_health(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    async with simply(telegram, fresh(tmp_path)) as scene:
        telegram.faults.webhook = "https://old.example"
        telegram.say(KIM, "May I?")
        await until(lambda: scene.health.of("telegram").reason == "webhook")
        telegram.faults.webhook = ""
        await scene.answered(KIM)


async def test_a_chat_that_has_to_wait_delays_no_other(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    async with simply(telegram, fresh(tmp_path)) as scene:
        telegram.faults.flood_until[KIM] = time.monotonic() + 8
        telegram.say(KIM, "May I?")
        telegram.say(ADMIN, "May I?")
        await until(lambda: telegram.texts(ADMIN), 6)
        assert telegram.texts(KIM) == []
        await scene.answered(KIM)


async def test_a_chat_that_blocked_it_ends_the_matter(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    async with simply(telegram, fresh(tmp_path)) as scene:
        telegram.faults.blocked.add(KIM)
        telegram.say(KIM, "May I?")
        await scene.quiet()
        assert scene.metrics.counter.endings[-1][0] == "undeliverable"


async def test_servers_that_fail_are_tried_again(telegram: Telegram, fresh: Fresh, tmp_path: Path) -> None:
    async with simply(telegram, fresh(tmp_path)) as scene:
        telegram.faults.broken = 3
        telegram.say(KIM, "May I?")
        assert len(await scene.answered(KIM)) == 1
