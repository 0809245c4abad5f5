"""What is said to Lotse in Slack is answered once, where it was said; what is not, is left alone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from adapters.database.connection import url_of
from adapters.slack import receiving
from adapters.slack.receiving import Identity
from adapters.slack.vouching import PAGE, PAGES
from bot.senders import Membership
from tests.chats import Saying
from tests.platforms.slack_people import BOT, BOT_ID, TEAM, Posted
from tests.platforms.slack_scenes import SOON, working
from tests.platforms.slack_server import Slack
from tests.scenes import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.platforms.slack_scenes import Scene

pytestmark = pytest.mark.slow
MENTION = f"<@{BOT}>"
ME = Identity(TEAM, BOT, BOT_ID)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with Slack(wait=0.5, again=SOON) as slack, working(slack, url_of("", tmp_path)) as made:
        yield made
    assert slack.refusals == []


async def test_a_direct_message_is_answered_in_its_thread(scene: Scene) -> None:
    ts = scene.slack.say("U1", "D1", "May I?")
    (answer,) = await scene.answers("D1", ts)
    assert "You asked: May I?" in answer.visible


async def test_a_mention_arrives_as_two_events_and_is_answered_once(scene: Scene) -> None:
    ts = scene.slack.say("U1", "C1", f"{MENTION} may I?")
    (answer,) = await scene.answers("C1", ts)
    assert "You asked: may I?" in answer.visible
    assert scene.slack.counted()["chat.postMessage"] == 1


async def test_a_reply_below_ones_own_question_needs_no_mention(scene: Scene) -> None:
    ts = scene.slack.say("U1", "C1", f"{MENTION} may I?")
    await scene.answers("C1", ts)
    scene.slack.say("U1", "C1", "And with DeepL?", ts)
    answers = await scene.answers("C1", ts, 2)
    assert [answer.said for answer in answers] == ["You asked: may I?", "You asked: And with DeepL?"]


async def test_a_reply_of_somebody_else_without_a_mention_is_left_alone(scene: Scene) -> None:
    ts = scene.slack.say("U1", "C1", f"{MENTION} may I?")
    await scene.answers("C1", ts)
    scene.slack.say("U2", "C1", "I think you may.", ts)
    scene.slack.say("U1", "C1", "Are you sure?", ts)
    await scene.quiet()
    assert len(scene.slack.answers("C1", ts)) == 1
    assert not await said_of(scene, "I think you may.")


async def said_of(scene: Scene, text: str) -> bool:
    """Say whether a text is anywhere in the database."""
    async with scene.memory.database.reading() as connection:
        rows = await connection.exec_driver_sql("select text from inbox")
        return any(text in str(row) for row in rows)


async def test_a_thread_of_people_is_left_alone(scene: Scene) -> None:
    root = scene.slack.say("U2", "C1", "What do you think?")
    asked = scene.slack.say("U1", "C1", f"{MENTION} may I?", root)
    await scene.answers("C1", root)
    scene.slack.say("U1", "C1", "So what?", root)
    scene.slack.say("U1", "C1", "No mention at all")
    await scene.quiet()
    assert len(scene.slack.answers("C1", root)) == 1
    assert asked


@pytest.mark.parametrize("channel", ["C0SEVERAL", "G0SEVERAL"])
async def test_direct_messages_of_several_people_are_a_room_in_which_lotse_is_mentioned(
    scene: Scene, channel: str
) -> None:
    scene.slack.channel(channel, several=True)
    scene.slack.say("U1", channel, "May I, what do you think?")
    ts = scene.slack.say("U1", channel, f"{MENTION} may I?")
    (answer,) = await scene.answers(channel, ts)
    assert answer.said == "You asked: may I?"
    scene.slack.say("U1", channel, "And with DeepL?", ts)
    assert len(await scene.answers(channel, ts, 2)) == 2
    scene.slack.say("U2", channel, "I think so.", ts)
    scene.slack.say("U1", channel, "Sure?", ts)
    await scene.quiet()
    assert len(scene.slack.below()) == 1
    assert len(scene.slack.answers(channel, ts)) == 2


@pytest.mark.parametrize("named", ["<@U2>", "<!here>", "<!subteam^S1>", "<@W2|anna>"])
async def test_a_reply_that_names_somebody_else_is_left_alone(scene: Scene, named: str) -> None:
    ts = scene.slack.say("U1", "C1", f"{MENTION} may I?")
    await scene.answers("C1", ts)
    scene.slack.say("U1", "C1", f"{named} what do you think?", ts)
    await scene.quiet()
    assert len(scene.slack.answers("C1", ts)) == 1
    scene.slack.say("U1", "C1", f"{MENTION} may {named} do it, too?", ts)
    assert len(await scene.answers("C1", ts, 2)) == 2


async def test_a_reply_in_a_long_thread_is_left_alone_if_somebody_else_wrote_anywhere_before(scene: Scene) -> None:
    ts = scene.slack.say("U1", "C1", f"{MENTION} may I?")
    await scene.answers("C1", ts)
    _fill(scene, ts, PAGE + 5)
    scene.slack.messages["C1", "1899999999.000001"] = Posted("C1", "1899999999.000001", "U2", "I think so.", ts)
    scene.slack.emit("events_api", scene.slack.events("U1", "C1", "And with DeepL?", "1899999999.000002", ts)[0])
    await scene.quiet()
    assert "And with DeepL?" not in str([answer.said for answer in scene.slack.answers("C1", ts)])


async def test_a_reply_in_a_long_thread_of_ones_own_is_answered_and_in_an_endless_one_it_is_not(scene: Scene) -> None:
    for channel, length in (("C1", PAGE + 5), ("C2", PAGE * PAGES + 5)):
        ts = scene.slack.say("U1", channel, f"{MENTION} may I?")
        await scene.answers(channel, ts)
        _fill(scene, ts, length, channel)
        scene.slack.emit("events_api", scene.slack.events("U1", channel, "And DeepL?", "1899999999.000002", ts)[0])
        await scene.quiet()
        said = str([answer.said for answer in scene.slack.answers(channel, ts)])
        assert ("And DeepL?" in said) is (length < PAGE * PAGES)


def _fill(scene: Scene, ts: str, number: int, channel: str = "C1") -> None:
    """Let a thread be long: so many messages of the asker's own."""
    for each in range(number):
        said = Posted(channel, f"{1_800_000_000 + each}.000001", "U1", "…", ts)
        scene.slack.messages[channel, said.ts] = said


async def test_an_edited_question_updates_its_answer(scene: Scene) -> None:
    ts = scene.slack.say("U1", "D1", "May I?")
    await scene.answers("D1", ts)
    scene.slack.edit("D1", ts, "May I use DeepL?")
    await until(lambda: "DeepL" in scene.slack.answers("D1", ts)[0].visible)
    await scene.quiet()
    (answer,) = scene.slack.answers("D1", ts)
    assert (answer.said, answer.edits) == ("You asked: May I use DeepL?", 1)


@pytest.mark.parametrize("edited", ["And with DeepL Pro?", "And with DeepL Pro, <@U2>?"])
async def test_an_edited_question_updates_its_answer_whoever_else_has_written_there_since(
    scene: Scene, edited: str
) -> None:
    ts = scene.slack.say("U1", "C1", f"{MENTION} may I?")
    await scene.answers("C1", ts)
    reply = scene.slack.say("U1", "C1", "And with DeepL?", ts)
    await scene.answers("C1", ts, 2)
    scene.slack.say("U2", "C1", "Interesting.", ts)
    for text in (edited, f"{edited} Now?"):
        scene.slack.edit("C1", reply, text)
        await until(lambda text=text: receiving.plain(text, ME) in scene.slack.answers("C1", ts)[1].visible)  # type: ignore[misc]
    await scene.quiet()
    assert len(scene.slack.answers("C1", ts)) == 2


async def test_a_question_whose_mention_is_edited_away_keeps_being_one(scene: Scene) -> None:
    ts = scene.slack.say("U1", "C1", f"{MENTION} may I?")
    await scene.answers("C1", ts)
    for text in ("May I use DeepL?", "May I use DeepL Pro?"):
        scene.slack.edit("C1", ts, text)
        await until(lambda text=text: text in scene.slack.answers("C1", ts)[0].visible)  # type: ignore[misc]
    await scene.quiet()
    assert len(scene.slack.answers("C1", ts)) == 1


async def test_what_was_said_to_people_stays_unanswered_when_it_is_edited(scene: Scene) -> None:
    ts = scene.slack.say("U1", "C1", f"{MENTION} may I?")
    await scene.answers("C1", ts)
    scene.slack.say("U2", "C1", "Yes.", ts)
    for said in ("<@U2> is that so?", "I see."):
        reply = scene.slack.say("U1", "C1", said, ts)
        await scene.quiet()
        scene.slack.edit("C1", reply, f"{said} Really?")
        await scene.quiet()
        assert len(scene.slack.answers("C1", ts)) == 1
    other = scene.slack.say("U2", "C1", "We two talk.")
    scene.slack.edit("C1", other, "We two talk here.")
    await scene.quiet()
    assert not scene.slack.answers("C1", other)


async def test_an_edit_that_changes_no_word_changes_nothing(scene: Scene) -> None:
    ts = scene.slack.say("U1", "D1", "May I?")
    await scene.answers("D1", ts)
    scene.slack.edit("D1", ts, "May I?")
    await scene.quiet()
    assert scene.slack.answers("D1", ts)[0].edits == 0


async def test_an_edit_that_only_takes_the_mention_away_changes_nothing(scene: Scene) -> None:
    ts = scene.slack.say("U1", "D1", f"{MENTION} May I?")
    await scene.answers("D1", ts)
    scene.slack.edit("D1", ts, "May I?")
    await scene.quiet()
    assert scene.slack.answers("D1", ts)[0].edits == 0
    assert len(scene.metrics.counter.endings) == 1


@pytest.mark.parametrize("channel", ["D1", "C1"])
async def test_a_deleted_question_takes_its_answer_along(scene: Scene, channel: str) -> None:
    ts = scene.slack.say("U1", channel, f"{MENTION} may I?")
    await scene.answers(channel, ts)
    scene.slack.delete(channel, ts)
    await until(lambda: not scene.slack.answers(channel, ts))
    await scene.quiet()
    assert len(scene.slack.removed) == 1


async def test_a_command_is_answered_to_whoever_gave_it_and_nobody_else(scene: Scene) -> None:
    scene.slack.slash("U1", "C1", "May I use DeepL?")
    await until(lambda: len(scene.slack.whispers) > 1)
    await scene.quiet()
    moment, answer = scene.slack.whispers
    assert (moment.text, answer.said) == ("One moment, please …", "You asked: May I use DeepL?")
    assert {each.user for each in scene.slack.whispers} == {"U1"}
    assert scene.slack.below() == {}


async def test_whoever_writes_is_vouched_for_by_slack(scene: Scene) -> None:
    people: dict[str, tuple[Membership, dict[str, Any]]] = {
        "U1": (Membership.MEMBER, {}),
        "U2": (Membership.GUEST, {"is_restricted": True}),
        "U3": (Membership.GUEST, {"is_ultra_restricted": True}),
        "U4": (Membership.OUTSIDER, {"team_id": "T0OTHER", "is_stranger": True}),
        "U5": (Membership.NOBODY, {"is_bot": True}),
        "U6": (Membership.NOBODY, {"deleted": True}),
        "U7": (Membership.MEMBER, {"team_id": "T0ORG", "enterprise_user": {"teams": [TEAM]}}),
    }
    for user, (membership, fields) in people.items():
        scene.slack.person(user, **fields)
        body = scene.slack.events(user, "D1", "?", "1.2")[0]
        said = receiving.event(body, ME)
        assert said is not None
        assert said.membership is Membership.NOBODY
        vouched = await scene.platform.vouch(said)
        assert vouched is not None
        assert (vouched.membership, vouched.locale) == (membership, "de")
        assert vouched.home == ("T0OTHER" if user == "U4" else TEAM)


async def test_slack_is_asked_about_a_person_once(scene: Scene) -> None:
    for number in range(3):
        scene.slack.say("U1", "D1", f"May I {number}?")
    await scene.quiet()
    assert scene.slack.counted()["users.info"] <= 3
    before = scene.slack.counted()["users.info"]
    scene.slack.say("U1", "D1", "May I 4?")
    await asyncio.sleep(0.1)
    await scene.quiet()
    assert scene.slack.counted()["users.info"] == before


async def test_what_is_not_written_down_is_not_acknowledged_and_comes_again(tmp_path: Path) -> None:
    async with Slack(wait=0.3, again=SOON) as slack, working(slack, url_of("", tmp_path)) as scene:
        receive, failures = scene.memory.inbox.receive, [OSError, OSError]

        async def fail(message: Any) -> bool:  # noqa: ANN401 - a Message
            if failures:
                raise failures.pop()
            return await receive(message)

        scene.memory.inbox.receive = fail  # type: ignore[method-assign] # the database goes away for two messages
        ts = slack.say("U1", "D1", "May I?")
        await scene.answers("D1", ts)
        (envelope,) = slack.envelopes.values()
        assert envelope.tries == 3
        assert slack.lost == []


async def test_signs_of_life_are_shown_before_the_answer(tmp_path: Path) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path), Saying(0.2)) as scene:
        ts = slack.say("U1", "D1", "May I?")
        await scene.answers("D1", ts)
        assert slack.statuses == [("D1", ts, "Searching 1 document …")]
