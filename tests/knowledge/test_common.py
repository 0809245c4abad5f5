"""Words that go with any subject are known in their forms; everyday subjects are, without words that only begin like them."""

from __future__ import annotations

import pytest

from knowledge.common import common, everyday
from knowledge.language import ENGLISH, GERMAN


@pytest.mark.parametrize(
    ("word", "language"),
    [("paid", ENGLISH), ("takes", ENGLISH), ("beantrage", GERMAN), ("hohe", GERMAN), ("kommt", GERMAN)],
)
def test_a_word_that_goes_with_any_subject_is_common_in_its_forms(word: str, language: str) -> None:
    assert common(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [("transcription", ENGLISH), ("copilot", ENGLISH), ("kundendaten", GERMAN), ("vertrag", GERMAN)],
)
def test_a_word_of_the_matter_is_not_common(word: str, language: str) -> None:
    assert not common(word, language)


@pytest.mark.parametrize("word", ["canteen", "printers", "kantine", "urlaubstage", "kaffeemaschine", "wlan"])
def test_a_subject_of_everyday_life_is_known_also_at_the_head_of_a_longer_word(word: str) -> None:
    assert everyday(word)


@pytest.mark.parametrize(
    "word", ["training", "brauchen", "phishing", "wasserzeichen", "kontextfenster", "transport", "data"]
)
def test_a_word_of_the_matter_is_no_subject_of_everyday_life(word: str) -> None:
    assert not everyday(word)
