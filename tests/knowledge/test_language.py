"""German and English are told apart down to two words, and what is neither is said to be neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language import ENGLISH, GERMAN, LANGUAGES, detect

TEXTS = {
    "May I use ChatGPT?": ENGLISH,
    "Darf ich ChatGPT nutzen?": GERMAN,
    "Who approves tools": ENGLISH,
    "Wer genehmigt Werkzeuge": GERMAN,
    "Kundendaten in ChatGPT erlaubt?": GERMAN,
    "customer data in ChatGPT allowed?": ENGLISH,
    "Hallo": GERMAN,
    "Hello": ENGLISH,
    "Urlaubsanträge prüfen": GERMAN,
    "DARF ICH DAS": GERMAN,
    "What does Datenschutz-Folgenabschätzung mean?": ENGLISH,
    "und in Midjourney?": GERMAN,
    "and in Midjourney?": ENGLISH,
    "Kündigung?": GERMAN,
    "Verschlüsselung": GERMAN,
    "Datenschutz?": GERMAN,
    "What about Datenschutz?": ENGLISH,
}


@pytest.mark.parametrize(("text", "language"), TEXTS.items())
def test_a_text_is_in_the_language_that_most_of_its_words_speak_for(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "42", "ChatGPT", "???", "Привет", "你好", "in"])
def test_what_speaks_for_neither_is_neither(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize(
    "name",
    [
        "Midjourney?",
        "copilot?",
        "Synthesia",
        "DeepL?",
        "Firefly",
        "Grammarly?",
        "FlowPilot",
        "Perplexity",
        "Mistral",
        "Gemini",
    ],
)
def test_the_name_of_a_tool_alone_sets_no_language(name: str) -> None:
    assert detect(name) is None


@given(st.text())
def test_any_text_is_german_english_or_neither(text: str) -> None:
    assert detect(text) in {*LANGUAGES, None}
