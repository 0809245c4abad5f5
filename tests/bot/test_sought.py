"""What a question asks for, and which texts hold it."""

from __future__ import annotations

import pytest

from bot.sought import KINDS, asking, sought

HELD = [
    ("How much is a seat?", "The price is 54.00 per month."),
    ("Was kostet eine Lizenz?", "Sie kostet 22 Euro im Monat."),
    ("How long are chats kept?", "They are deleted after 90 days."),
    ("Wie lange wird das gespeichert?", "Höchstens zwölf Monate."),
    ("How often is the course repeated?", "It is repeated every year."),
    ("When does the board meet?", "It meets on the first Tuesday of each month."),
    ("Ab wann gilt die neue Regel?", "Sie gilt ab 1. März 2027."),
    ("How many licences are there?", "We have ninety of them: 90 in all."),
    ("Wie viele Personen dürfen teilnehmen?", "Es gibt zwölf Plätze."),
    ("Who is in charge of data protection?", "The data protection officer is Tomasz Brandt."),
    ("An wen wende ich mich?", "Schreiben Sie an ki@firma.example."),
    ("Which number do I call?", "Call extension 4499."),
    ("Where do I find the prompts?", "They are in SharePoint under Wissen."),
    ("Wo werden die Daten gespeichert?", "Die Daten liegen in der EU."),
]
NOT_HELD = [
    ("How much is a seat?", "A seat is only given to those who need it."),
    ("Wie lange wird das gespeichert?", "Gespeichert wird nur, was nötig ist."),
    ("Who is in charge of data protection?", "Data protection is important to all of us."),
    ("Which number do I call?", "Call the security line."),
    ("How many licences are there?", "Licences that are not used are taken back."),
]


@pytest.mark.parametrize(("question", "text"), HELD)
def test_a_text_holds_what_is_asked_for(question: str, text: str) -> None:
    assert any(kind.held(text) for kind in sought(question))


@pytest.mark.parametrize(("question", "text"), NOT_HELD)
def test_a_text_on_the_topic_without_the_detail_does_not_hold_it(question: str, text: str) -> None:
    assert sought(question)
    assert not any(kind.held(text) for kind in sought(question))


@pytest.mark.parametrize("question", ["May I use DeepL for contracts?", "Was ist ein Vorfall?", "ChatGPT", ""])
def test_a_question_for_a_rule_or_an_explanation_seeks_nothing_that_shows_on_its_face(question: str) -> None:
    assert sought(question) == ()


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_the_words_that_ask_for_a_kind_of_thing_are_known() -> None:
    assert asking("How often is the course repeated?") == {"how", "often"}
    assert asking("May I use it?") == frozenset()
