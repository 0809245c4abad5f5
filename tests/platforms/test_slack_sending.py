"""An answer arrives once, in one place, whatever Slack says to it; and each fault has an honest end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from adapters.database.connection import url_of
from bot.messages import Place
from tests.chats import Saying
from tests.platforms.slack_people import BOT
from tests.platforms.slack_scenes import SAID, SOON, Writing, working
from tests.platforms.slack_server import BOT_TOKEN, Slack
from tests.scenes import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.platforms.slack_scenes import Scene

pytestmark = pytest.mark.slow
MENTION = f"<@{BOT}>"
STREAMED = ["chat.startStream", "chat.appendStream", "chat.appendStream", "chat.stopStream", "chat.update"]


def sending(slack: Slack) -> list[str]:
    """Return the calls that sent or changed something, in order."""
    return [method for method, _ in slack.calls if method.startswith("chat.")]


async def asked(scene: Scene, channel: str = "D1", seconds: float = 20) -> list[str]:
    """Ask, and return what each message below the question says once all is quiet."""
    ts = scene.slack.say("U1", channel, f"{MENTION} may I?")
    await until(lambda: scene.observer_ended(1), seconds)
    await scene.quiet()
    assert not any(posted.streaming for posted in scene.slack.messages.values())
    return [posted.visible for posted in scene.slack.answers(channel, ts)]


@pytest.mark.parametrize("channel", ["D1", "C1"])
async def test_sentences_are_streamed_and_the_answer_takes_their_place(tmp_path: Path, channel: str) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path), Writing(pause=0.2)) as scene:
        (answer,) = await asked(scene, channel)
        assert answer.startswith("⛔ The handbook does not allow this.")
        assert all(sentence in answer for sentence in SAID)
        assert sending(slack) == STREAMED
        assert slack.refusals == []


async def test_the_first_sentence_is_seen_while_the_rest_is_written(tmp_path: Path) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path), Writing(pause=0.3)) as scene:
        ts = slack.say("U1", "D1", "May I?")
        await until(lambda: slack.answers("D1", ts))
        (draft,) = slack.answers("D1", ts)
        assert draft.visible == f"{SAID[0]}\n [1]"
        await until(lambda: scene.observer_ended(1))


@pytest.mark.parametrize(
    "error", ["unknown_method", "channel_type_not_supported", "missing_recipient_team_id", "invalid_chunks"]
)
async def test_where_streaming_fails_one_message_is_updated(tmp_path: Path, error: str) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path), Writing()) as scene:
        slack.faults["chat.startStream"] = [error]
        (answer,) = await asked(scene)
        assert answer.startswith("⛔")
        assert sending(slack) == ["chat.startStream", "chat.postMessage", "chat.update"]


@pytest.mark.parametrize("error", ["message_not_in_streaming_state", "stopped_by_user", "invalid_blocks", "500", "cut"])
async def test_a_stream_that_ends_early_is_still_replaced_by_the_answer(tmp_path: Path, error: str) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path), Writing()) as scene:
        slack.faults["chat.appendStream"] = [error] * 3
        (answer,) = await asked(scene)
        assert answer.startswith("⛔")
        assert slack.counted()["chat.postMessage"] == 0


async def test_a_stream_that_the_person_stopped_gets_the_answer_in_its_place(tmp_path: Path) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path), Writing(pause=0.2)) as scene:
        ts = slack.say("U1", "D1", "May I?")
        await until(lambda: slack.answers("D1", ts))
        slack.stop_stream(slack.answers("D1", ts)[0])
        await until(lambda: scene.observer_ended(1))
        (answer,) = slack.answers("D1", ts)
        assert answer.visible.startswith("⛔")


@pytest.mark.parametrize("fault", ["lose", "500"])
async def test_a_stream_of_which_it_is_not_known_whether_it_began_is_found(tmp_path: Path, fault: str) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path), Writing(SAID[:1])) as scene:
        slack.faults["chat.startStream"] = [fault]
        (answer,) = await asked(scene)
        assert answer.startswith("⛔")


@pytest.mark.parametrize("fault", ["lose", "500", "cut", "internal_error"])
async def test_an_answer_of_which_it_is_not_known_whether_it_arrived_is_sent_once(tmp_path: Path, fault: str) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path)) as scene:
        slack.faults["chat.postMessage"] = [fault]
        (answer,) = await asked(scene)
        assert answer.startswith("You asked: may I?")


async def test_lotse_waits_as_long_as_slack_asks(tmp_path: Path) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path)) as scene:
        slack.faults["chat.postMessage"] = ["429 1"]
        started = asyncio.get_running_loop().time()
        (answer,) = await asked(scene)
        assert answer.startswith("You asked: may I?")
        assert asyncio.get_running_loop().time() - started > 1
        assert scene.metrics.counter.retries == [("slack", "Refused")]


@pytest.mark.parametrize("forms", [1, 2, 3])
@pytest.mark.parametrize("responder", ["said", "written"])
async def test_what_slack_does_not_take_is_said_more_simply_in_the_same_message(
    tmp_path: Path, forms: int, responder: str
) -> None:
    chosen = Writing() if responder == "written" else Saying()
    async with Slack() as slack, working(slack, url_of("", tmp_path), chosen) as scene:
        method = "chat.update" if responder == "written" else "chat.postMessage"
        slack.faults[method] = ["invalid_blocks"] * forms
        (answer,) = await asked(scene)
        words = "went wrong (reference" if forms == 3 else SAID[0] if responder == "written" else "You asked: may I?"
        assert words in answer
        assert len(slack.below()) == 1


@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "is_archived"])
async def test_whoever_asked_where_lotse_may_not_answer_is_told_so_in_private(tmp_path: Path, error: str) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path)) as scene:
        slack.faults["chat.postMessage"] = [error]
        assert await asked(scene, "C1") == []
        (told,) = slack.answers("DU1", "")
        assert f"I am no member of that channel ({error})" in told.text or "Kanal" in told.text
        assert [ending for ending, _ in scene.metrics.counter.endings] == ["undeliverable"]


REFUSALS = (
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "cannot_reply_to_message",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "messages_tab_disabled",
    "invalid_metadata_format",
)
"""Of the errors that https://docs.slack.dev/reference/methods/chat.postMessage lists, those after which nothing can be said there."""


async def test_every_documented_refusal_is_told_to_whoever_asked(tmp_path: Path) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path)) as scene:
        for number, error in enumerate(REFUSALS, 1):
            slack.faults["chat.postMessage"] = [error]
            slack.say(f"U{number}", f"C{number}", f"{MENTION} may I?")
            await until(lambda number=number: scene.observer_ended(number))  # type: ignore[misc]
            (told,) = slack.answers(f"DU{number}", "")
            assert error in told.text


async def test_what_goes_wrong_is_said_in_the_language_of_the_answer(tmp_path: Path) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path), Saying()) as scene:
        slack.person("U1", locale="de-DE")
        slack.faults["chat.postMessage"] = ["not_in_channel"]
        await asked(scene, "C1")
        (told,) = slack.answers("DU1", "")
        assert "I am no member of that channel" in told.text
        slack.faults["chat.postMessage"] = ["invalid_blocks"] * 3
        (answer,) = await asked(scene, "D2")
        assert "went wrong (reference" in answer


@pytest.mark.parametrize("error", ["not_in_channel", "cant_update_message"])
async def test_whoever_saw_a_draft_that_cannot_become_the_answer_is_told_so_in_private(
    tmp_path: Path, error: str
) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path), Writing()) as scene:
        slack.faults["chat.update"] = [error] * 9
        await asked(scene, "C1")
        await until(lambda: scene.observer_ended(1))
        (told,) = slack.answers("DU1", "")
        assert error in told.text
        assert [ending for ending, _ in scene.metrics.counter.endings] == ["undeliverable"]


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive", "missing_scope"])
async def test_a_token_that_is_no_good_keeps_the_answer_until_it_is_mended(tmp_path: Path, error: str) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path)) as scene:
        slack.faults["chat.postMessage"] = [error]
        (answer,) = await asked(scene)
        assert answer.startswith("You asked: may I?")
        assert scene.metrics.counter.retries == [("slack", "Refused")]


async def test_a_message_that_is_gone_is_taken_back_without_a_word(tmp_path: Path) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path)) as scene:
        slack.channel("D1")
        await scene.platform.remove(Place("slack", "T0HOME", "D1"), "D1/1.2")
        assert slack.refusals == [("chat.delete", "message_not_found", "")]


async def test_an_answer_in_private_finds_its_way_when_the_address_is_no_good_any_more(tmp_path: Path) -> None:
    async with Slack(wait=0.5, again=SOON) as slack, working(slack, url_of("", tmp_path)) as scene:
        slack.faults["response_url"] = ["404"]
        slack.channel("C1")
        slack.slash("U1", "C1", "May I?")
        await until(lambda: scene.observer_ended(1))
        assert [each.said for each in slack.whispers][-1] == "You asked: May I?"
        slack.channels["C1"].member = False
        slack.faults["response_url"] = ["404"]
        slack.slash("U1", "C1", "May I, still?")
        await until(lambda: scene.observer_ended(2))
        (direct,) = slack.answers("DU1", "")
        assert direct.said == "You asked: May I, still?"


async def test_nobody_else_is_sent_what_belongs_to_slack(tmp_path: Path) -> None:
    async with Slack() as slack, working(slack, url_of("", tmp_path)) as scene:
        api = scene.platform._api  # noqa: SLF001 - what guards the address
        trusted = ("https://hooks.slack.com/commands/1", f"{slack.url.removesuffix('/api')}/hooks/1")
        others = ("https://slack.com.evil.example/x", "http://hooks.slack.com/x", "https://evil.example", "file:///etc")
        assert all(map(api._trusted, trusted))  # noqa: SLF001 - the same
        assert not any(map(api._trusted, others))  # noqa: SLF001 - the same
        assert BOT_TOKEN not in str(slack.calls)
