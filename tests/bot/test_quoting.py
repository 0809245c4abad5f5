"""When Lotse refuses, asks back, decides, or answers with the rule for tools that are not listed; on a small handbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.messages import Outcome, Turn, Verdict
from bot.messages import Role as Who
from bot.phrases import say
from tests.handbooks import answer, asked, asking, built_in, page, take_in, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.handler import Handler

HANDBOOK = {
    "policy.md": page(
        "# AI policy\n\n## Tools\n\nTools that are not in the register are not allowed for company work.\n\n"
        "## Labels\n\nYou may publish AI images on the website. A label is needed below each picture.\n\n"
        "## Chats\n\nChats in ChatGPT Enterprise are deleted after 90 days.",
        title="AI policy",
    ),
    "press.md": page(
        "# Press guide\n\nYou must not publish AI images on the website.\n\n## Interviews\n\nAsk the press office before interviews.",
        title="Press guide",
    ),
    "register.csv": "Tool;Status;Owner\nMicrosoft 365 Copilot;approved;IT\nGitHub Copilot;approved;Development\nOtter;forbidden;IT\n",
}


@pytest.fixture(scope="module")
def handler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    place = tmp_path_factory.mktemp("quoting")
    take_in(write(place / "handbook", HANDBOOK), place / "data", built_in())
    with asking(place / "data", built_in()) as opened:
        yield opened


async def test_a_row_that_forbids_a_tool_decides_whatever_it_is_wanted_for(handler: Handler) -> None:
    reply = await answer(handler, asked("May I use Otter for a quick test?"))
    assert (reply.outcome, reply.verdict) == (Outcome.QUOTED, Verdict.FORBIDDEN)
    assert reply.text.startswith(say("verdict_forbidden", "en"))
    assert reply.citations[0].lead == "Tool | Status | Owner"


async def test_documents_in_force_that_contradict_each_other_are_both_quoted_and_decide_nothing(
    handler: Handler,
) -> None:
    reply = await answer(handler, asked("May I publish AI images on the website?"))
    assert reply.verdict is Verdict.UNDECIDED
    assert reply.contradiction == ("policy.md", "press.md")
    assert {citation.document for citation in reply.citations} >= {"policy.md", "press.md"}
    assert reply.text.startswith(say("contradiction", "en"))


@pytest.mark.parametrize("text", ["copilot?", "Can I use Copilot?", "Was kostet Copilot?"])
async def test_a_name_that_two_tools_share_is_asked_back_with_questions_that_can_be_sent(
    handler: Handler, text: str
) -> None:
    reply = await answer(handler, asked(text))
    assert reply.outcome is Outcome.CLARIFY
    assert sorted(reply.choices) == sorted(
        re.sub("copilot", name, text, flags=re.IGNORECASE) for name in ("Microsoft 365 Copilot", "GitHub Copilot")
    )
    for choice in reply.choices:
        assert (await answer(handler, asked(choice))).outcome is not Outcome.CLARIFY


async def test_a_whole_name_is_not_asked_back(handler: Handler) -> None:
    assert (await answer(handler, asked("Who is the owner of GitHub Copilot?"))).outcome is Outcome.QUOTED


@pytest.mark.parametrize(("text", "language"), [("Is that allowed?", "en"), ("Darf ich das hochladen?", "de")])
async def test_a_message_that_only_points_is_asked_back_in_its_language(
    handler: Handler, text: str, language: str
) -> None:
    reply = await answer(handler, asked(text))
    assert reply.outcome is Outcome.CLARIFY
    assert 2 <= len(reply.choices) <= 4
    assert all(choice.startswith("Was steht" if language == "de" else "What does") for choice in reply.choices)


@pytest.mark.parametrize("text", ["Was kostet das Kantinenessen?", "Was gibt es heute in der Kantine?"])
async def test_an_article_points_at_nothing(handler: Handler, text: str) -> None:
    assert (await answer(handler, asked(text))).outcome is Outcome.NOT_FOUND


async def test_what_goes_on_from_an_earlier_turn_is_not_asked_back(handler: Handler) -> None:
    history = (Turn(Who.USER, "May I publish AI images on the website?"), Turn(Who.ASSISTANT, "See the policy."))
    assert (await answer(handler, asked("Is that allowed?", history=history))).outcome is not Outcome.CLARIFY


@pytest.mark.parametrize(
    ("text", "language"), [("May I use Zorbix at work?", "en"), ("Darf ich mit Zorbix AI arbeiten?", "de")]
)
async def test_a_tool_that_nothing_names_is_answered_by_the_rule_for_such_tools(
    handler: Handler, text: str, language: str
) -> None:
    reply = await answer(handler, asked(text))
    assert (reply.outcome, reply.verdict) == (Outcome.QUOTED, Verdict.FORBIDDEN)
    assert say("unlisted", language, name="Zorbix") in reply.text
    assert reply.citations[0].quote == "Tools that are not in the register are not allowed for company work."
    assert reply.citations[0].quote in reply.retrieved[0].text  # it was looked up, and counts as found


async def test_a_noun_with_its_article_is_no_tool(handler: Handler) -> None:
    reply = await answer(handler, asked("Darf ich mit meinem selbst bezahlten Abo arbeiten?"))
    assert say("unlisted", "de", name="Abo") not in reply.text


async def test_a_thing_that_is_no_tool_is_not_answered_by_the_rule_for_tools(handler: Handler) -> None:
    reply = await answer(handler, asked("May I bring my dog to work?"))
    assert (reply.outcome, reply.verdict) == (Outcome.NOT_FOUND, None)


@pytest.mark.parametrize(
    "text", ["What is the phone number of the press office?", "How many interviews did we give last year?"]
)
async def test_a_detail_that_is_absent_is_not_found_although_its_topic_is_there(handler: Handler, text: str) -> None:
    assert (await answer(handler, asked(text))).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    "text", ["Does the company pay for my gym?", "Wann macht die Kantine auf?", "Bekomme ich ein Dienstrad?"]
)
async def test_a_question_about_something_else_is_not_answered_by_a_word_that_goes_with_anything(
    handler: Handler, text: str
) -> None:
    assert (await answer(handler, asked(text))).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    "text", ["After how many days are chats deleted?", "When are chats in ChatGPT Enterprise deleted?"]
)
async def test_a_detail_that_is_there_is_quoted(handler: Handler, text: str) -> None:
    reply = await answer(handler, asked(text))
    assert reply.outcome is Outcome.QUOTED
    assert "90 days" in reply.citations[0].quote
    assert reply.verdict is None


@pytest.mark.parametrize("text", ["Darf ich mit Notion AI arbeiten?", "May I try Leonardo.Ai for drafts?"])
async def test_a_name_is_unknown_although_other_words_share_its_letters(handler: Handler, text: str) -> None:
    reply = await answer(handler, asked(text))
    assert (reply.outcome, reply.verdict) == (Outcome.QUOTED, Verdict.FORBIDDEN)


async def test_a_misspelled_tool_is_not_taken_for_an_unknown_one(handler: Handler) -> None:
    reply = await answer(handler, asked("May I use Ottter for my calls?"))
    assert "Ottter" not in reply.text
