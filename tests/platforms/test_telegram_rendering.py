"""Whatever an answer holds, Telegram takes it, all of it is seen, and no link is there that Lotse did not make."""

from __future__ import annotations

import json
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
    assert [link for part in rendered for link in rules.foreign_links(part, answer)] == []


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
        ("see evil.com", False),
        ("@all", False),
    ],
)
def test_only_what_would_become_a_link_is_changed(text: str, kept: bool) -> None:  # noqa: FBT001 - a row of the table
    assert (foreign(text).text == text) is kept


@pytest.mark.parametrize("notice", ["xa@firm.example", "a@firm.example.evil.example", "a@firm.example-evil.example"])
def test_an_address_that_holds_the_contacts_is_no_link(notice: str) -> None:
    answer = Answer(
        "ab12cd34ef56", "?", "en", Outcome.QUOTED, "x", citations=(CITATION,), contact="a@firm.example", notice=notice
    )
    (part,) = parts(answer)
    assert rules.foreign_links(part, answer) == []
    assert "a@firm.example" in [text for _, text in rules.automatic(part["text"], part["entities"])]


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
