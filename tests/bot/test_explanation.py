"""How an answer came about is told in both languages, without the question and without the person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.explanation import explained, told
from bot.phrases import say
from bot.ports import Entry
from knowledge.language import LANGUAGES

ENTRY = Entry(
    reference="ab12cd34ef56",
    platform="slack",
    kind="message",
    person="f" * 32,
    created=datetime(2026, 11, 20, 12, tzinfo=UTC),
    language="en",
    outcome="quoted",
    verdict="forbidden",
    generation="20261120",
    confidence=0.9,
    passages=({"document": "a.md", "section": "Rules", "score": 0.7},),
    quotes=({"document": "a.md", "section": "Rules", "page": 3},),
    drops={"number": 1},
    milliseconds={"total": 12.3},
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_is_told_in_words(language: str) -> None:
    text = explained(ENTRY, language, {"a.md"})
    assert all(part in text for part in ("quoted", "forbidden", "20261120", "a.md, Rules, 3", "number: 1", "12 ms"))
    assert ENTRY.person not in text
    assert len(told(ENTRY, language)) == 14


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_document_that_is_closed_to_the_reader_only_that_it_is_closed_is_told(language: str) -> None:
    text = explained(ENTRY, language, {"b.md"})
    assert not [part for part in ("a.md", "Rules") if part in text]
    assert text.count(say("why_closed", language)) == len((*ENTRY.quotes, *ENTRY.passages))
