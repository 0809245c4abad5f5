"""Whatever an answer holds, Telegram takes it, all of it is seen, and no link is there that Lotse did not make."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.telegram.rendering import messages, render
from adapters.telegram.rich import foreign, own
from adapters.telegram.tables import aligned, width
from bot.buttons import Action, payload, pressed
from bot.messages import Answer, Citation, Kind, Message, Outcome, Place, Sentence, Verdict
from bot.phrases import say
from tests.platforms import telegram_links as links
from tests.platforms import telegram_rules as rules
from tests.platforms.hostile_answers import PIECES, SHARED, answers, naughty, seen, to_be_seen

MESSAGE = Message(Place("telegram", "", "7", private=True), "1", "7", "?", datetime.now(UTC))
CITATION = Citation(
    1, "a.md", "AI policy", "Chats", "Customer data stays out.", 3, "https://x.example/a", "2", date(2026, 3, 1)
)


def parts(answer: Answer, message: Message = MESSAGE) -> list[dict[str, Any]]:
    return [json.loads(part) for part in render(answer, message, "lotse_bot")]


def check(answer: Answer) -> None:
    """Hold an answer against all that has to be true of it."""
    rendered = parts(answer)
    for part in rendered:
        rules.check_text(part["text"], part["entities"])
        rules.check_keyboard({"inline_keyboard": part["keyboard"]} if "keyboard" in part else None)
    shown = seen("".join(part["text"] for part in rendered))
    assert [text for text in to_be_seen(answer) if seen(text) not in shown] == []
    assert [link for part in rendered for link in links.foreign_links(part, answer)] == []


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers(PIECES + naughty(SHARED)))
@pytest.mark.slow
def test_whatever_an_answer_holds_it_is_taken_seen_and_leads_nowhere_else(answer: Answer) -> None:
    check(answer)


@pytest.mark.slow
def test_hostile_strings_do_no_harm_in_any_field() -> None:
    strings = naughty(SHARED)
    if not strings:
        pytest.skip("no corpora in SHARED")
    for text in strings:
        citation = Citation(1, text, text, text, text, 3, text, text, date(2026, 3, 1), text)
        for outcome in Outcome:
            check(
                Answer(
                    "ab12cd34ef56",
                    text,
                    "de",
                    outcome,
                    text,
                    Verdict.ALLOWED,
                    (Sentence(text, (1,)),),
                    (citation,),
                    choices=(text,),
                    contact=text,
                    notice=text,
                    suggestions=(text,),
                    preface=text,
                )
            )


def test_the_verdict_comes_first_with_a_symbol_and_in_bold() -> None:
    answer = Answer(
        "ab12cd34ef56", "?", "de", Outcome.WRITTEN, "", Verdict.FORBIDDEN, (Sentence("Nein.", (1,)),), (CITATION,)
    )
    (part,) = parts(answer)
    words = say("verdict_forbidden", "de")
    assert part["text"].startswith(f"⛔ {words}\n\nNein. [1]")
    assert part["entities"][0] == {"type": "bold", "offset": 0, "length": rules.units(f"⛔ {words}")}


def test_a_source_has_title_section_page_version_date_and_link() -> None:
    answer = Answer("ab12cd34ef56", "?", "en", Outcome.WRITTEN, "", None, (Sentence("No.", (1,)),), (CITATION,))
    (part,) = parts(answer)
    assert "[1] AI policy, Chats, page 3, version 2, in force since 1 March 2026" in part["text"]
    assert {"type": "text_link", "url": "https://x.example/a"}.items() <= {
        key: value for entity in part["entities"] if "url" in entity for key, value in entity.items()
    }.items()


def test_a_row_of_a_table_is_aligned_text() -> None:
    assert aligned(("Werkzeug", "Ja?"), ("DeepL", "nein")) == "Werkzeug: DeepL\nJa?:      nein"
    assert aligned(("工具", "Ja"), ("x", "y")) == "工具: x\nJa:   y"
    assert width("工具a\u0301") == 5


def test_only_what_is_seen_makes_a_message() -> None:
    assert [message.text for message in messages([own("\u200b\u2060 \n"), own("\u3164")])] == ["…"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("costs 3.50", True),
        ("at 10:30", True),
        ("$5 or 5 €", True),
        ("either/or", True),
        ("für/wider", True),
        ("2÷/start", False),
        ("see evil.com", False),
        ("@all", False),
        ("#\u200ctag", False),
        ("$1INCH", False),
        ("ask /start", False),
    ],
)
def test_only_what_would_become_a_link_is_changed(text: str, kept: bool) -> None:  # noqa: FBT001 - a row of the table
    assert (foreign(text).text == text) is kept


LINKED = {
    "see evil.com.": [("url", "evil.com")],
    "x.firm.example/a?b 192.168.0.1 tg://resolve": [
        ("inner", "tg://resolve"),
        ("url", "x.firm.example"),
        ("url", "192.168.0.1"),
    ],
    "a@firm.example, mailto:b@firm.example": [("mail", "a@firm.example"), ("mail", "b@firm.example")],
    "a@firm.example/b x!a@firm.example": [("url", "a@firm.example"), ("url", "x!a@firm.example")],
    "evil.com@firm.example evil.com@ b": [("mail", "evil.com@firm.example"), ("url", "evil.com")],
    "evil.com@firm.example/b evil.com@x": [("url", "evil.com@firm.example")],
    "/start@lotse_bot (/ask)": [("command", "/start@lotse_bot"), ("command", "/ask")],
    "@lotse_bot #ki #\u200ctag $EUR $1INCH": [
        ("mention", "@lotse_bot"),
        ("hashtag", "#ki"),
        ("hashtag", "#\u200ctag"),
        ("cashtag", "$EUR"),
        ("cashtag", "$1INCH"),
    ],
    "z.B. 3.50 either/or /a/b #1 $5 a@b 1.2 ..com x.c": [],
}
"""Texts, and what of them is a link by the rules in td's source."""


@pytest.mark.parametrize("text", LINKED)
def test_the_server_makes_links_as_telegram_does(text: str) -> None:
    assert links.automatic(text, []) == LINKED[text]
    assert links.automatic(foreign(text).text, []) == []


def test_a_word_that_is_cut_does_not_begin_with_a_command() -> None:
    _, second = messages([foreign("x" * 4095 + "/start now", "italic")])
    assert links.automatic(second.text, []) == []
    assert [(mark.start, mark.length) for mark in second.marks] == [(0, len(second.text))]


def test_a_command_that_a_document_names_is_none() -> None:
    answer = Answer(
        "ab12cd34ef56", "?", "en", Outcome.WRITTEN, "", None, (Sentence("Send /forget.", (1,)),), (CITATION,)
    )
    (part,) = parts(answer)
    assert links.automatic(part["text"], part["entities"]) == []


def test_titles_beyond_the_last_mark_are_no_links_by_themselves() -> None:
    many = tuple(replace(CITATION, number=number, title="evil.com", quote="q") for number in range(1, 121))
    answer = Answer("ab12cd34ef56", "?", "en", Outcome.QUOTED, "x", citations=many)
    assert [link for part in parts(answer) for link in links.foreign_links(part, answer)] == []


@pytest.mark.parametrize(
    "notice",
    [
        "xa@firm.example",
        "a@firm.example.evil.example",
        "a@firm.example-evil.example",
        "a@firm.example/evil",
        "x!a@firm.example",
        "a@firm.example:80",
    ],
)
def test_an_address_that_holds_the_contacts_is_no_link(notice: str) -> None:
    answer = Answer(
        "ab12cd34ef56", "?", "en", Outcome.QUOTED, "x", citations=(CITATION,), contact="a@firm.example", notice=notice
    )
    (part,) = parts(answer)
    assert links.foreign_links(part, answer) == []
    assert "a@firm.example" in [text for _, text in links.automatic(part["text"], part["entities"])]


def test_a_question_that_was_pressed_stands_above_its_answer() -> None:
    click = Message(
        MESSAGE.place,
        "1",
        "7",
        pressed(payload(Action.ASK, "ab12cd34ef56", "0"), "May I?"),
        MESSAGE.written,
        kind=Kind.CLICK,
    )
    (part,) = parts(Answer("ab12cd34ef57", "May I?", "en", Outcome.DECLINED, "No."), click)
    assert part["text"] == "» May I?\n\nNo."


def test_a_question_too_long_for_a_button_stands_in_the_text() -> None:
    long = f"May I {'really ' * 50}do it?"
    (part,) = parts(
        Answer("ab12cd34ef56", "?", "en", Outcome.QUOTED, "x", citations=(CITATION,), suggestions=(long, "May I?"))
    )
    assert long in part["text"]
    assert "May I?" in [button["text"] for row in part["keyboard"] for button in row]


def test_in_what_other_people_wrote_no_command_and_no_invitation_works() -> None:
    text = "The words were: /ingest, or https://t.me/lotse_bot?start=AAAA-BBBB\n\n/forget yes"
    told = Answer("ab12cd34ef56", "/opinions", "en", Outcome.DECLINED, text, foreign=True)
    assert [link for part in parts(told) for link in links.automatic(part["text"], part["entities"])] == []
    own_words = parts(replace(told, foreign=False))
    assert {kind for part in own_words for kind, _ in links.automatic(part["text"], part["entities"])} == {
        "command",
        "url",
    }
    check(told)
