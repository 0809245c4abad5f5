"""Commands: read from what somebody types, in both languages; menus for people and for admins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import (
    ADMINISTRATION,
    Command,
    Feedback,
    Reason,
    Request,
    chosen_language,
    feedback,
    menu,
    parse,
)
from bot.phrases import say
from knowledge.language import LANGUAGES


@pytest.mark.parametrize(
    ("typed", "request_"),
    [
        ("/privacy", Request(Command.PRIVACY)),
        ("  /Privacy  ", Request(Command.PRIVACY)),
        ("/privacy@lotse_bot", Request(Command.PRIVACY)),
        ("/language de", Request(Command.LANGUAGE, "de")),
        ("/ask  May I?\nReally?", Request(Command.ASK, "May I?\nReally?")),
        ("/datenschutz", Request(Command.PRIVACY)),
        ("/vergessen ja", Request(Command.FORGET, "ja")),
        ("/prüfen Text", Request(Command.CHECK, "Text")),
        ("/rückmeldung ab12cd34 wrong", Request(Command.FEEDBACK, "ab12cd34 wrong")),
        ("/nothing at all", Request(None, "at all")),
    ],
)
def test_a_command_is_read_as_it_was_meant(typed: str, request_: Request) -> None:
    assert parse(typed) == request_


@pytest.mark.parametrize("typed", ["May I?", "", "/", "// comment", "a /privacy", "/home/lotse/data is full", "/-x"])
def test_what_is_no_command_is_a_question(typed: str) -> None:
    assert parse(typed) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_menus_show_what_admins_do_to_admins_alone(language: str) -> None:
    shown, more = dict(menu(language)), dict(menu(language, admin=True))
    assert not ADMINISTRATION & {Command(name) for name in shown}
    assert more.keys() - shown.keys() == {command.value for command in ADMINISTRATION}
    assert all(more.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_for_its_button(reason: Reason, language: str) -> None:
    assert say(f"feedback_{reason.value}", language)


def test_feedback_names_an_answer_a_reason_and_perhaps_words() -> None:
    assert feedback("ab12cd34ef56 wrong it says  so") == Feedback("ab12cd34ef56", Reason.WRONG, "it says so")
    assert feedback("ab12cd34ef56 TOO_LONG") == Feedback("ab12cd34ef56", Reason.TOO_LONG)


@pytest.mark.parametrize(
    "typed", ["", "wrong", "ab12cd34ef56", "ab12cd34ef56 great", "../../etc wrong", "AB12CD34 wrong"]
)
def test_other_feedback_is_not_taken(typed: str) -> None:
    assert feedback(typed) is None


@pytest.mark.parametrize(
    ("typed", "language"), [("de", "de"), ("English", "en"), ("auto", ""), ("fr", None), ("", None)]
)
def test_a_language_is_chosen_by_its_name(typed: str, language: str | None) -> None:
    assert chosen_language(typed) == language


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(text: str) -> None:
    for typed in (text, f"/{text}", f"/feedback {text}"):
        request = parse(typed)
        assert request is None or request.argument == request.argument.strip()
        feedback(text)
        chosen_language(text)
