"""Buttons, commands, the Home tab and the form do in Slack what they say, for whoever may, and only for them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from adapters.database.connection import url_of
from adapters.slack import receiving
from adapters.slack.receiving import Identity
from bot.messages import Answer
from bot.senders import Account
from bot.visits import account
from tests.faults.door import handbook
from tests.platforms import slack_doors, slack_drills
from tests.platforms.slack_people import BOT, BOT_ID, TEAM
from tests.platforms.slack_scenes import working
from tests.platforms.slack_server import Slack
from tests.scenes import until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator
    from pathlib import Path

    from bot.handler import Handler
    from bot.messages import Event, Question
    from tests.platforms.slack_people import Posted
    from tests.platforms.slack_scenes import Scene

pytestmark = pytest.mark.slow
MENTION = f"<@{BOT}>"
EN = "en"
ME = Identity(TEAM, BOT, BOT_ID)
JUDGE = f"lotse-judge-{EN}"


@pytest.fixture(scope="module")
def handler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    with handbook(tmp_path_factory.mktemp("slack")) as opened:
        yield opened


@pytest.fixture
async def scene(tmp_path: Path, handler: Handler) -> AsyncIterator[Scene]:
    async with Slack() as slack, working(slack, url_of("", tmp_path), slack_doors.door(handler)) as made:
        yield made
        assert slack.refusals == []


async def answered(scene: Scene, user: str, channel: str, text: str) -> Posted:
    """Ask and return the answer."""
    ts = scene.slack.say(user, channel, text)
    (answer,) = await scene.answers(channel, ts)
    return answer


def action(posted: Any, value: str) -> dict[str, Any]:  # noqa: ANN401 - Posted or Whisper
    """Return the button whose value begins so."""
    found: list[dict[str, Any]] = [
        element | {"block_id": block.get("block_id", "b")}
        for block in posted.blocks
        for element in (*block.get("elements", ()),)
        if str(element.get("value", "")).startswith(value)
    ]
    return found[0]


async def test_a_question_is_answered_with_quote_source_and_buttons(scene: Scene) -> None:
    answer = await answered(scene, "U1", "D1", "May I put customer data into ChatGPT?")
    assert "Customer data never goes into ChatGPT." in answer.visible
    assert "Tools" in answer.visible
    assert "Where this comes from" in answer.visible
    assert "Customer data" in answer.text


async def test_where_an_answer_comes_from_is_shown_to_the_asker_alone(scene: Scene) -> None:
    answer = await answered(scene, "U1", "D1", "May I put customer data into ChatGPT?")
    scene.slack.press("U1", answer, action(answer, "sources")["action_id"])
    await until(lambda: scene.slack.whispers)
    (whisper,) = scene.slack.whispers
    assert "Quoted from" in whisper.visible
    assert (whisper.user, whisper.channel) == ("U1", "D1")


async def test_only_whoever_was_answered_may_press(scene: Scene) -> None:
    answer = await answered(scene, "U1", "C1", f"{MENTION} may I put customer data into ChatGPT?")
    scene.slack.press("U2", answer, JUDGE, answer.blocks[-1]["elements"][0]["positive_button"]["value"])
    await until(lambda: scene.slack.whispers)
    (whisper,) = scene.slack.whispers
    assert whisper.user == "U2"
    assert "somebody else" in whisper.visible or "andere Person" in whisper.visible


async def test_the_answer_in_private_may_hold_more_and_is_seen_by_the_asker_alone(scene: Scene) -> None:
    answer = await answered(scene, "U0HR", "C1", f"{MENTION} may payroll lists go into ChatGPT Enterprise?")
    assert "Payroll lists may go" not in answer.visible
    scene.slack.press("U0HR", answer, action(answer, "private")["action_id"])
    await until(lambda: scene.slack.whispers)
    (whisper,) = scene.slack.whispers
    assert "Payroll lists may go into ChatGPT Enterprise." in whisper.visible
    assert whisper.user == "U0HR"


async def test_from_a_private_answer_one_can_go_on_in_a_direct_message(scene: Scene) -> None:
    scene.slack.slash("U0HR", "C1", "May payroll lists go into ChatGPT Enterprise?")
    await until(lambda: len(scene.slack.whispers) == 2)
    whisper = scene.slack.whispers[-1]
    scene.slack.press("U0HR", whisper, action(whisper, "private")["action_id"])
    await until(lambda: scene.slack.answers("DU0HR", ""))
    (direct,) = scene.slack.answers("DU0HR", "")
    assert "Payroll lists may go into ChatGPT Enterprise." in direct.visible


async def test_an_honest_no_in_private_offers_a_direct_message_too(scene: Scene) -> None:
    scene.slack.slash("U0HR", "C1", "How many parking spaces are there?")
    await until(lambda: len(scene.slack.whispers) == 2)
    assert action(scene.slack.whispers[-1], "private")


@pytest.mark.parametrize("below", [True, False], ids=["in the thread", "as a new message"])
async def test_whoever_goes_on_in_a_direct_message_is_understood_there_and_nobody_else_is(
    scene: Scene, *, below: bool
) -> None:
    for user in ("U0HR", "U1"):
        scene.slack.person(user, locale="en-US")
    scene.slack.slash("U0HR", "C1", "May payroll lists go into ChatGPT Enterprise?")
    await until(lambda: len(scene.slack.whispers) == 2)
    scene.slack.press("U0HR", scene.slack.whispers[-1], action(scene.slack.whispers[-1], "private")["action_id"])
    await until(lambda: scene.slack.answers("DU0HR", ""))
    await scene.quiet()
    (direct,) = scene.slack.answers("DU0HR", "")
    ts = scene.slack.say("U0HR", "DU0HR", "And customer data?", direct.ts if below else "")
    (answer,) = await scene.answers("DU0HR", direct.ts if below else ts)
    assert "Customer data never goes into ChatGPT." in answer.visible
    task = await turns_of(scene, "DU0HR", direct.ts if below else "", "U0HR")
    assert "payroll lists" in task
    assert "payroll" not in await turns_of(scene, "DU1", direct.ts if below else "", "U1", "DU0HR/" if below else "")


async def turns_of(scene: Scene, channel: str, thread: str, user: str, about: str = "") -> str:
    """Return what a message of somebody goes on from."""
    said = receiving.event(scene.slack.events(user, channel, "?", "1899999999.000001", thread)[0], ME)
    assert said
    said = replace(said, home=TEAM, about=f"{about}{thread}" if about else said.about)
    person = (await scene.memory.people.find(account(said))).pseudonym
    before = await scene.memory.conversations.goes_on_from(said, person)
    return str(await scene.memory.conversations.led_to(before, 10, person))


async def test_a_question_that_is_asked_again_in_private_is_understood_as_where_it_was_asked(scene: Scene) -> None:
    first = scene.slack.say("U0HR", "C1", f"{MENTION} may customer data go into ChatGPT?")
    await scene.answers("C1", first)
    scene.slack.say("U0HR", "C1", "And payroll lists?", first)
    answer = (await scene.answers("C1", first, 2))[1]
    assert "Payroll lists may go" not in answer.visible
    scene.slack.press("U0HR", answer, action(answer, "private")["action_id"])
    await until(lambda: scene.slack.whispers)
    assert "Payroll lists may go into ChatGPT Enterprise." in scene.slack.whispers[0].visible


async def test_an_answer_is_judged_with_one_press_and_a_second_one_is_told_so(scene: Scene) -> None:
    answer = await answered(scene, "U1", "D1", "May I put customer data into ChatGPT?")
    value = answer.blocks[-1]["elements"][0]["positive_button"]["value"]
    scene.slack.press("U1", answer, JUDGE, value)
    await until(lambda: len(scene.slack.whispers) == 1)
    scene.slack.press("U1", answer, JUDGE, value)
    await until(lambda: len(scene.slack.whispers) == 2)
    assert "Thank you" in scene.slack.whispers[0].visible or "Vielen Dank" in scene.slack.whispers[0].visible
    assert scene.slack.whispers[1].text


async def test_a_button_whose_press_came_to_nothing_can_be_pressed_again(scene: Scene) -> None:
    answer = await answered(scene, "U1", "D1", "May I put customer data into ChatGPT?")
    for number in (1, 2):
        scene.slack.press("U1", answer, action(answer, "sources")["action_id"])
        await until(lambda number=number: len(scene.slack.whispers) == number)  # type: ignore[misc]
        await scene.quiet()
        await asyncio.sleep(3.2)
    assert all("Quoted from" in whisper.visible for whisper in scene.slack.whispers)


async def test_what_was_wrong_is_asked_in_a_form_and_kept_without_personal_data(scene: Scene) -> None:
    answer = await answered(scene, "U1", "D1", "May I put customer data into ChatGPT?")
    value = answer.blocks[-1]["elements"][0]["negative_button"]["value"]
    scene.slack.press("U1", answer, JUDGE, value)
    await until(lambda: scene.slack.opened)
    (form,) = scene.slack.opened
    chosen = {"type": "radio_buttons", "selected_option": form["blocks"][0]["element"]["options"][1]}
    words = {"type": "plain_text_input", "value": "It changed; ask anna@firm.example."}
    scene.slack.submit("U1", form, {"reason": chosen, "words": words})
    await until(lambda: scene.slack.whispers)
    async with scene.memory.database.reading() as connection:
        rows = [str(row) for row in await connection.exec_driver_sql("select * from opinions")]
    assert "outdated" in rows[0]
    assert "It changed" in rows[0]
    assert "anna@firm.example" not in rows[0]


@pytest.mark.parametrize(
    ("asked", "locale", "said"),
    [
        ("Darf ich Kundendaten in ChatGPT eingeben?", "en-US", ("Einen Moment", "Die Antwort ist", "schon gedrückt")),
        ("May I put customer data into ChatGPT?", "de-DE", ("One moment", "The answer is", "pressed this already")),
    ],
)
async def test_what_surrounds_an_answer_is_said_in_the_language_of_its_question(
    scene: Scene, asked: str, locale: str, said: tuple[str, ...]
) -> None:
    scene.slack.person("U1", locale=locale)
    answer = await answered(scene, "U1", "D1", asked)
    judge = answer.blocks[-1]["elements"][0]
    scene.slack.press("U1", answer, judge["action_id"], judge["negative_button"]["value"])
    await until(lambda: scene.slack.opened)
    (form,) = scene.slack.opened
    assert form["blocks"][0]["label"]["text"].startswith(said[1])
    for number in (1, 2):
        scene.slack.press("U1", answer, judge["action_id"], judge["positive_button"]["value"])
        await until(lambda number=number: len(scene.slack.whispers) == number)  # type: ignore[misc]
    assert said[2] in scene.slack.whispers[1].text
    scene.slack.slash("U1", "C1", asked)
    await until(lambda: len(scene.slack.whispers) == 4)
    assert scene.slack.whispers[2].text.startswith(said[0])


async def test_a_command_without_prose_is_acknowledged_in_the_language_of_whoever_gives_it(scene: Scene) -> None:
    scene.slack.person("U1", locale="de-DE")
    scene.slack.slash("U1", "C1", "privacy")
    await until(lambda: len(scene.slack.whispers) == 2)
    assert scene.slack.whispers[0].text.startswith("Einen Moment")


async def test_where_no_form_opens_the_reasons_are_buttons(scene: Scene) -> None:
    answer = await answered(scene, "U1", "D1", "May I put customer data into ChatGPT?")
    scene.slack.faults["views.open"] = ["500"]
    scene.slack.press("U1", answer, JUDGE, answer.blocks[-1]["elements"][0]["negative_button"]["value"])
    await until(lambda: scene.slack.whispers)
    scene.slack.refusals.clear()
    (whisper,) = scene.slack.whispers
    reasons = [
        element["value"] for block in whisper.blocks for element in block.get("elements", ()) if "value" in element
    ]
    assert len(reasons) == 5
    scene.slack.press("U1", whisper, f"lotse-reason-0-{EN}", reasons[0])
    await until(lambda: len(scene.slack.whispers) == 2)


@pytest.mark.parametrize(
    ("locale", "expected"), [("de-DE", "Diese Dokumente gelten"), ("en-US", "These documents are in force")]
)
async def test_the_home_tab_shows_what_its_reader_may_read(scene: Scene, locale: str, expected: str) -> None:
    scene.slack.person("U1", locale=locale)
    scene.slack.person("U0HR", locale=locale)
    for user in ("U1", "U0HR"):
        scene.slack.open_home(user)
        await until(lambda user=user: user in scene.slack.homes)  # type: ignore[misc]
    seen = {user: str(view["blocks"]) for user, view in scene.slack.homes.items()}
    assert all(expected in blocks for blocks in seen.values())
    assert "Payroll" in seen["U0HR"]
    assert "Payroll" not in seen["U1"]
    assert "2026" in seen["U1"]


async def test_admins_see_how_the_handbook_is_and_nobody_else_does(scene: Scene) -> None:
    for user in ("U1", "U0ADMIN"):
        scene.slack.open_home(user)
        await until(lambda user=user: user in scene.slack.homes)  # type: ignore[misc]
    assert "status in de" in str(scene.slack.homes["U0ADMIN"])
    assert "hr.md" in str(scene.slack.homes["U0ADMIN"])
    assert "status in" not in str(scene.slack.homes["U1"])


async def test_who_opens_the_messages_gets_questions_to_begin_with(scene: Scene) -> None:
    scene.slack.person("U1", locale="en-US")
    scene.slack.open_home("U1", "messages")
    await until(lambda: scene.slack.prompts)
    (prompts,) = scene.slack.prompts
    assert prompts["channel_id"] == "DU1"
    assert "What does “Tools” say?" in [each["message"] for each in prompts["prompts"]]


async def test_a_language_that_is_chosen_on_the_home_tab_shows_there_at_once(scene: Scene) -> None:
    scene.slack.open_home("U1")
    await until(lambda: "U1" in scene.slack.homes)
    before = scene.slack.homes["U1"]
    scene.slack.press_home("U1", "lotse-do-language-en", "/language en")
    await until(lambda: scene.slack.homes["U1"] != before)
    await scene.quiet()
    assert "These documents are in force" in str(scene.slack.homes["U1"])
    (told,) = scene.slack.answers("DU1", "")
    assert "English" in told.visible


async def test_what_is_kept_can_be_seen_and_deleted_from_the_home_tab(scene: Scene) -> None:
    scene.slack.open_home("U1")
    await until(lambda: "U1" in scene.slack.homes)
    scene.slack.press_home("U1", "lotse-do-export", "/export")
    await until(lambda: scene.slack.answers("DU1", ""))
    scene.slack.press_home("U1", "lotse-do-forget", "/forget yes")
    await until(lambda: len(scene.slack.answers("DU1", "")) == 2)
    assert not (await scene.memory.people.find(Account("slack", TEAM, "U1"))).seen


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("help", "/lotse check"),
        ("privacy", "/lotse export"),
        ("export", "pseudonym"),
        ("forget", "/lotse forget yes"),
        ("check Mail an anna@firm.example", "e-mail address"),
    ],
)
async def test_commands_are_carried_out_for_whoever_gives_them(scene: Scene, text: str, said: str) -> None:
    scene.slack.person("U1", locale="en-US")
    scene.slack.slash("U1", "C1", text)
    await until(lambda: len(scene.slack.whispers) > 1)
    assert said in scene.slack.whispers[-1].visible


async def test_admins_take_documents_in_again_and_nobody_else_does(scene: Scene) -> None:
    for user in ("U1", "U0ADMIN"):
        scene.slack.person(user, locale="en-US")
        scene.slack.slash(user, "C1", "ingest")
    await until(lambda: scene.observer_ended(2))
    said = {user: [w.visible for w in scene.slack.whispers if w.user == user] for user in ("U1", "U0ADMIN")}
    assert said["U0ADMIN"] == ["One moment, please …", "How far it is, and the report, stand in our direct messages."]
    (report,) = scene.slack.answers("DU0ADMIN", "")
    assert "report in en" in report.visible
    assert "report" not in str(said["U1"])
    assert not scene.slack.answers("DU1", "")


async def test_the_status_is_shown_to_an_admin_alone(scene: Scene) -> None:
    for user in ("U1", "U0ADMIN"):
        scene.slack.person(user, locale="en-US")
        scene.slack.slash(user, "C1", "status")
    await until(lambda: scene.observer_ended(2))
    said = {user: str([w.visible for w in scene.slack.whispers if w.user == user]) for user in ("U1", "U0ADMIN")}
    assert "status in en" in said["U0ADMIN"]
    assert "status in" not in said["U1"]


@dataclass
class Offering:
    """Offers two questions below its first answer, as suggestions or as choices, and answers what is asked then."""

    handler: Handler
    kind: str
    writes: bool = False

    async def handle(self, question: Question) -> AsyncGenerator[Event]:
        async for event in self.handler.handle(question):
            offered: dict[str, Any] = {self.kind: ("Is DeepL Pro approved?", "A long question " * 20)}
            first = isinstance(event, Answer) and "ChatGPT" in question.text
            yield replace(event, **offered) if isinstance(event, Answer) and first else event

    async def ready(self) -> None:
        await self.handler.ready()

    def forget(self) -> None:
        self.handler.forget()


@pytest.mark.parametrize(("kind", "button"), [("suggestions", "next"), ("choices", "choice")])
@pytest.mark.parametrize("channel", ["D1", "C1"])
async def test_a_question_that_is_offered_is_asked_by_one_press_and_answered_below(
    tmp_path: Path, handler: Handler, kind: str, button: str, channel: str
) -> None:
    door = slack_doors.door(Offering(handler, kind))
    async with Slack() as slack, working(slack, url_of("", tmp_path), door) as scene:
        ts = slack.say("U1", channel, f"{MENTION} may I put customer data into ChatGPT?")
        (first,) = await scene.answers(channel, ts)
        assert "A long question A long" in first.visible
        slack.press("U2", first, f"lotse-{button}-0-{EN}")
        await until(lambda: slack.whispers)
        assert slack.whispers[0].user == "U2"
        for _ in range(2):
            slack.press("U1", first, f"lotse-{button}-0-{EN}")
        _, second = await scene.answers(channel, ts, 2)
        assert second.visible.startswith("Is DeepL Pro approved?")
        assert "DeepL Pro is approved." in second.visible
        assert len(slack.answers(channel, ts)) == 2
        assert slack.refusals == []


async def test_why_is_told_to_whoever_got_the_answer(scene: Scene) -> None:
    answer = await answered(scene, "U1", "D1", "May I put customer data into ChatGPT?")
    reference = action(answer, "sources")["value"].split(":")[1]
    for user, told in (("U1", "open.md"), ("U2", "")):
        before = len(scene.slack.whispers)
        scene.slack.person(user, locale="en-US")
        scene.slack.slash(user, "C1", f"why {reference}")
        await until(lambda before=before: len(scene.slack.whispers) == before + 2)  # type: ignore[misc]
        assert told in scene.slack.whispers[-1].visible
    assert "open.md" not in scene.slack.whispers[-1].visible


async def test_no_stranger_gets_a_word_of_the_handbook_and_nobody_commands_who_only_looks_like_an_admin(
    tmp_path: Path, handler: Handler
) -> None:
    numbers = iter(range(100))

    def fresh() -> str:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return url_of("", folder)

    found = await slack_drills.strangers(fresh, handler)
    assert (found.strangers, found.admins) == (0, 0)
