"""A restated question is used only if it is still the asker's own."""

from __future__ import annotations

import pytest

from bot.standing import faithful

EARLIER = ("May I use Firefly for texts?", "Darf ich Firefly für Texte nutzen?")


@pytest.mark.parametrize(
    ("text", "restated"),
    [
        ("and for images?", "May I use Firefly for images?"),
        ("and for images?", "Is it allowed to use Firefly for images?"),
        ("und für Bilder?", "Darf ich Firefly für Bilder verwenden?"),
        ("Who decides?", "Who decides?"),
    ],
)
def test_what_the_asker_said_may_be_put_together(text: str, restated: str) -> None:
    assert faithful(restated, text, EARLIER)


@pytest.mark.parametrize(
    ("text", "restated"),
    [
        ("and for images?", "May I use Firefly for texts?"),
        ("and for customer data?", "May I use Firefly for public data?"),
        ("and for images?", "May I use Midjourney for images?"),
        ("and for images?", "May I not use Firefly for images?"),
        ("und für Kundendaten?", "Darf ich Firefly für öffentliche Daten nutzen?"),
    ],
)
def test_a_word_left_out_or_put_in_makes_it_another_question(text: str, restated: str) -> None:
    assert not faithful(restated, text, EARLIER)
