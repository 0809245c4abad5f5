"""A sentence that copies its quote and changes what the quote says with one word."""

from __future__ import annotations

import pytest

from bot.proof import Quoted, prove
from knowledge import glossary

GLOSSARY = glossary.load()


def proven(language: str, sentence: str, quote: str) -> bool:
    return prove("", sentence, language, [Quoted(quote, f"Handbook > Rules\n{quote}")], GLOSSARY).proven


CHANGED = [
    ("en", "Confidential files are kept in the vault.", "Strictly confidential files are kept in the vault."),
    ("en", "Salaries go in some tool and in no form.", "Salaries go in no tool and in no form."),
    ("en", "Not requested, approved, do not install.", "Not requested, not approved, do not install."),
    ("en", "Data from class C3 is allowed, if you need it.", "Data up to class C3 is allowed, if you need it."),
    ("en", "A mistake that you noticed and did use.", "Not an incident: a mistake that you noticed and did not use."),
    ("en", "Each month the AI Council meets in Bonn.", "Each month the AI Board meets in Bonn."),
    ("de", "Streng geheime Daten gehen in ein Werkzeug der Klasse A.", "Streng geheime Daten gehen in kein Werkzeug der Klasse A."),
    ("de", "ChatGPT | intern | ein Training mit Daten.", "ChatGPT | intern | kein Training mit Daten"),
    ("de", "Cursor | | in Prüfung | 0", "Cursor | keine | in Prüfung | 0"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence", "quote"), CHANGED)
def test_a_copy_that_says_something_else_is_not_proven(language: str, sentence: str, quote: str) -> None:
    assert not proven(language, sentence, quote)


SAME = [
    ("en", "Strictly confidential files are kept in the vault.", "Strictly confidential files are kept in the vault."),
    ("en", "Confidential files are kept in the vault.", "Public and confidential files are kept in the vault."),
    ("en", "It is forbidden to enter salaries.", "It is not allowed to enter salaries."),
    ("en", "Data up to class C3 is allowed.", "Data up to class C3 is allowed, including customer data."),
    ("en", "The AI Board meets in Bonn each month.", "Each month the AI Board meets in Bonn."),
    ("de", "Cursor | keine | in Prüfung", "Cursor | keine | in Prüfung | 0"),
]


@pytest.mark.parametrize(("language", "sentence", "quote"), SAME)
def test_a_copy_that_says_the_same_is_proven(language: str, sentence: str, quote: str) -> None:
    assert proven(language, sentence, quote)
