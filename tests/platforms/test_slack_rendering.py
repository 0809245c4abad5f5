"""An answer becomes messages that Slack takes, in which nothing is lost and nothing mentions or links unless we say so."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from adapters.slack import home, rendering
from adapters.slack.sending import forms
from bot import layout
from bot.messages import Answer, Citation, Kind, Message, Outcome, Place, Sentence, Verdict
from bot.overview import Known, Overview
from bot.senders import Membership
from tests.generated_answers import answers
from tests.platforms import slack_rules as rules

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = Place("slack", "T0HOME", "D1", "1.2", private=True)
ASKED = Message(PLACE, "1.2", "U1", "May I?", datetime.now(UTC), membership=Membership.MEMBER, home="T0HOME")
CITATION = Citation(
    1, "a.md", "AI policy", "Data", "Customer data never goes into ChatGPT.", url="https://hb.example/a"
)
WRITTEN = Answer(
    "ab12cd34ef56",
    "May I?",
    "en",
    Outcome.WRITTEN,
    "",
    Verdict.FORBIDDEN,
    (Sentence("Customer data must not go into ChatGPT.", (1,)),),
    (CITATION,),
    suggestions=("Which tools are approved?",),
    generation="20261127-080000-abcdef",
)


def sent(answer: Answer, message: Message = ASKED) -> list[dict[str, Any]]:
    """Return what is sent of an answer, as Slack gets it."""
    return [next(forms(rendering.read(part.written()))) for part in rendering.parts(answer, message)]


def shown(answer: Answer) -> str:
    """Return all that is read of an answer."""
    return "\n".join(rules.visible(each["blocks"]) for each in sent(answer))


def texts(laid: layout.Layout) -> Iterator[str]:
    """Yield all that a layout says."""
    if laid.verdict:
        yield laid.verdict.words
    yield from (*laid.preface, *laid.said, *laid.notice, laid.contact, laid.by_ai, laid.reference, laid.private_words)
    yield from (f"{each.text} {''.join(f'[{n}]' for n in each.citations)}" for each in laid.sentences)
    for quote in laid.quotes:
        yield from quote.rows[1] if quote.rows else (quote.lead, quote.text)
    yield from {name for quote in laid.quotes if quote.rows for name in quote.rows[0]}
    for source in laid.sources:
        yield from (source.title, *source.details)
    yield from (laid.nearest.heading, *laid.nearest.lines) if laid.nearest else ()
    yield from (each.label for each in laid.suggestions)


def letters(text: str) -> Counter[str]:
    """Count what is seen of a text."""
    return Counter(text.translate(UNSEEN).replace("|", ""))


UNSEEN = dict.fromkeys(map(ord, " \n\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029"))


def faults(answer: Answer) -> Iterator[str]:
    """Yield what is wrong with an answer's messages: a limit broken, something lost, something made that we did not make."""
    laid = layout.of(rendering.named(answer))
    links = {source.url for source in laid.sources if source.url}
    for part in rendering.parts(answer, ASKED):
        for form in forms(rendering.read(part.written())):
            try:
                rules.check(form["blocks"]) if form["blocks"] else None
            except rules.Refused as refused:
                yield f"limit: {refused}"
            if not 0 < len(form["text"]) <= rules.UPDATED_TEXT:
                yield f"limit: {len(form['text'])} characters of text"
            made = {each.get("url", each["type"]) for each in rules.risky(form["blocks"])} - links
            if made or "<" in form["text"]:
                yield f"made: {made or form['text']}"
    if missing := letters("".join(texts(laid))) - letters(shown(answer)):
        yield f"lost: {missing}"


def test_answers_of_every_shape_are_taken_whole_and_harmless() -> None:
    assert [fault for answer in answers(10) for fault in faults(answer)] == []


@pytest.mark.slow
def test_many_answers_of_every_shape_are_taken_whole_and_harmless() -> None:
    assert [fault for answer in answers(300, seed=2) for fault in faults(answer)] == []


def test_an_answer_has_verdict_sentences_sources_small_print_and_buttons_in_this_order() -> None:
    (message,) = sent(WRITTEN)
    assert rules.visible(message["blocks"]).split("\n") == [
        "⛔ The handbook does not allow this.",
        "Customer data must not go into ChatGPT.",
        " [1]",
        "“Customer data never goes into ChatGPT.”",
        " [1]",
        "Sources",
        "[1] ",
        "AI policy",
        ", Data",
        "This answer comes from an AI assistant. The quoted text of the handbook is what counts.",
        "Handbook of 27 November 2026",
        "Id: ab12cd34ef56",
        "You could ask next:",
        "Which tools are approved?",
        "Where this comes from",
        "👍 Helpful",
        "👎 Not helpful",
    ]
    assert message["text"] == "The handbook does not allow this. Customer data must not go into ChatGPT."


def test_sources_and_buttons_stand_in_the_first_message_and_the_rest_goes_on_below() -> None:
    long = replace(WRITTEN, sentences=tuple(Sentence(f"{n}. " + "word " * 60, (1,)) for n in range(40)))
    first, *others = sent(long)
    kinds = [block["type"] for block in first["blocks"]]
    assert kinds[-3:] == ["actions", "actions", "context_actions"]
    assert "Sources" in rules.visible(first["blocks"])
    assert len(others) >= 2
    assert "39. word" in rules.visible(others[-1]["blocks"])


def test_rows_below_the_same_names_of_columns_stand_in_one_table() -> None:
    rows = [replace(CITATION, number=n, lead="Tool | Status", quote=f"Tool {n} | approved") for n in (1, 2)]
    other = replace(CITATION, number=3, lead="Tool | Owner", quote="DeepL | IT")
    found = sent(replace(WRITTEN, outcome=Outcome.QUOTED, sentences=(), citations=(rows[0], other, rows[1])))
    assert [tables(message) for message in found] == [
        [[["#", "Tool", "Status"], ["[1]", "Tool 1", "approved"], ["[2]", "Tool 2", "approved"]]],
        [[["#", "Tool", "Owner"], ["[3]", "DeepL", "IT"]]],
    ]


def test_a_table_that_one_message_does_not_hold_goes_on_below_with_its_names_of_columns() -> None:
    rows = tuple(replace(CITATION, number=n, lead="Tool | Rule", quote=f"T{n} | " + "word " * 200) for n in range(1, 5))
    found = [
        table for message in sent(replace(WRITTEN, outcome=Outcome.QUOTED, citations=rows)) for table in tables(message)
    ]
    assert len(found) == 4
    assert all(table[0] == ["#", "Tool", "Rule"] for table in found)
    assert [table[1][0] for table in found] == ["[1]", "[2]", "[3]", "[4]"]


def tables(message: dict[str, Any]) -> list[list[list[str]]]:
    """Return the cells of each table of a message, row by row."""
    return [
        [[rules.visible(cell["elements"]) for cell in row] for row in block["rows"]]
        for block in message["blocks"]
        if block["type"] == "table"
    ]


def test_a_notice_stands_in_the_small_print_and_a_long_one_in_the_answer() -> None:
    (message,) = sent(replace(WRITTEN, notice="Due for review.\nOnly the newest part was read."))
    (small,) = [block for block in message["blocks"] if block["type"] == "context" and len(block["elements"]) > 1]
    assert [each["text"] for each in small["elements"]] == [
        "This answer comes from an AI assistant. The quoted text of the handbook is what counts.",
        "Handbook of 27 November 2026",
        "Due for review.",
        "Only the newest part was read.",
        "Id: ab12cd34ef56",
    ]
    long = replace(WRITTEN, notice="\n".join(f"Notice {n}. " + "word " * 30 for n in range(12)))
    assert "Notice 11. word" in shown(long)
    assert list(faults(long)) == []


LONG = "A very long title & <!channel> https://a.example/ " * 100
LENGTHY = replace(
    WRITTEN,
    citations=tuple(
        replace(CITATION, number=n, title=LONG, section=LONG, version=LONG, url="https://hb.example/" + "a" * 1900)
        for n in range(1, 9)
    ),
    suggestions=tuple(LONG[:300] + str(n) for n in range(5)),
    contact=LONG,
    notice=LONG,
    preface=LONG,
)


@pytest.mark.parametrize("outcome", [Outcome.WRITTEN, Outcome.QUOTED, Outcome.NOT_FOUND, Outcome.DECLINED])
@pytest.mark.parametrize("privately", [True, False])
def test_long_titles_notices_and_questions_break_no_limit_and_lose_nothing(
    outcome: Outcome, *, privately: bool
) -> None:
    answer = replace(LENGTHY, outcome=outcome, privately=privately, text=LONG)
    assert list(faults(answer)) == []
    assert list(faults(replace(answer, language="de", choices=answer.suggestions))) == []


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("respond", ["", "https://hooks.slack.com/" + "a" * 5000])
def test_the_form_and_the_home_tab_keep_within_slacks_limits(language: str, respond: str) -> None:
    form = home.form("unhelpful:ab12cd34ef56:", "C1", respond, language)
    assert form
    rules.check_view(form, "modal")
    assert json.loads(form["private_metadata"])["reference"] == "ab12cd34ef56"
    known = tuple(Known(f"{n}.md", LONG, datetime.now(UTC).date()) for n in range(500))
    seen = Overview(language, known, LONG[:2000], (LONG,) * 4, state=(LONG,) * 9, warnings=(LONG,) * 300)
    rules.check_view(home.view(seen), "home")
    assert len(home.prompts(seen)) == rules.PROMPTS


def test_a_question_that_was_pressed_is_shown_above_its_answer() -> None:
    pressed = replace(ASKED, kind=Kind.CLICK, text="ask:ab12cd34ef56:0\nWhich tools are approved?")
    (message,) = sent(WRITTEN, pressed)
    assert rules.visible(message["blocks"]).startswith("Which tools are approved?")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Use /help, or /vergessen ja.", "Use /lotse help, or /lotse vergessen ja."),
        ("Ask: /frage Darf ich?", "Ask: /lotse Darf ich?"),
        ("and/or, 1/2, https://a.example/help, /etc/hosts", "and/or, 1/2, https://a.example/help, /etc/hosts"),
    ],
)
def test_commands_are_named_as_they_are_given_in_slack(said: str, read: str) -> None:
    assert rendering.named(replace(WRITTEN, outcome=Outcome.DECLINED, text=said)).text == read


def test_what_stands_in_the_handbook_is_never_taken_for_a_command() -> None:
    assert rendering.named(replace(WRITTEN, text="Use /help.")).text == "Use /help."


def test_every_form_of_a_message_is_plainer_and_loses_no_word() -> None:
    (part,) = rendering.parts(WRITTEN, ASKED)
    blocks, marked, plain, error = forms(part)
    assert not any(block["type"] == "markdown" for form in (blocks, marked) for block in form["blocks"])
    assert all(block["text"]["verbatim"] for block in marked["blocks"])
    assert {block["type"] for block in marked["blocks"]} == {"section"}
    assert plain["blocks"] == error["blocks"] == []
    for words in ("The handbook does not allow this.", "never goes into ChatGPT", "AI policy"):
        assert words in json.dumps(marked["blocks"]) + ""
        assert words in plain["text"]
    assert "ab12cd34ef56" in error["text"]
    assert blocks["blocks"][0]["block_id"].startswith("lotse-ab12cd34ef56-1-")
