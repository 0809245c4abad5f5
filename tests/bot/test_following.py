"""What goes on from an earlier turn is told from what stands alone: only the former is read with what was said before."""

from __future__ import annotations

import pytest

from bot.following import goes_on
from knowledge.language import detect


@pytest.mark.parametrize(
    "text",
    [
        "and for images?",
        "Und für Bilder?",
        "How long does it take?",
        "Wie erreiche ich ihn?",
        "What about Midjourney?",
        "How long?",
    ],
)
def test_what_begins_with_and_points_back_or_is_short_goes_on(text: str) -> None:
    assert goes_on(text, detect(text) or "en")


@pytest.mark.parametrize(
    "text",
    [
        "May I put customer data into ChatGPT?",
        "Which courses do apprentices need?",
        "Darf ich Kundendaten in ChatGPT eingeben?",
        "In which folder are confidential contracts stored?",
        "Our agent stopped yesterday and the supplier knows it. Does the contract say who restarts the agent?",
    ],
)
def test_what_names_what_it_is_about_stands_alone(text: str) -> None:
    assert not goes_on(text, detect(text) or "en")
