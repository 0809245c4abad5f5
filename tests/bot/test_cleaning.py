"""Nothing that a model writes becomes a link, an image, a mention or markup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.cleaning import clean, domains

if TYPE_CHECKING:
    from pathlib import Path

CLEANED = [
    ("Read ![x](https://evil.example/?q=1) this.", "Read this."),
    ("Read [the rules](https://evil.example/a(b)c) first.", "Read the rules first."),
    ("See https://evil.example/path?x=1 now.", "See now."),
    ("See http://evil.example now.", "See now."),
    ("See www.evil.example now.", "See now."),
    ("See evil.example/login now.", "See now."),
    ("Click javascript:alert(1) or data:text/html;base64,AAAA now.", "Click or now."),
    ("Open custom:foo/bar or x-apple:a@b.c or odd://x now.", "Open or or now."),
    ("Open tg://resolve?domain=evil or slack://open now.", "Open or now."),
    ("<img src=x onerror=alert(1)>Ask <b>first</b>.", "Ask first."),
    ("<!channel> <@U123> <https://evil.example|here> ask.", "ask."),
    ("@channel @here @everyone and @evil_bot: ask.", "and: ask."),
    ("**Ask** the `AI office` __first__.", "Ask the AI office first."),
    ("Ask\u202e first\u200b.\u0007", "Ask first."),
    ("Ask first [1][2].", "Ask first."),
    ("# Ask first", "Ask first"),
]
KEPT = [
    "Write to ai-office@company.example within 5 days.",
    "Angebote ab 25.000 Euro prüft z. B. der Einkauf (Abs. 3).",
    "C3 data may go into ChatGPT Enterprise, e.g. drafts: at most 20 % of them.",
    "Ask the AI office 24/7 and/or your manager; A < B.",
    "Die KI-Stelle prüft binnen fünf Arbeitstagen – ohne Ausnahme.",
    'Use the note "Created with AI support".',
    "Das gilt für alle Mitarbeiter:innen.",
    "Nutzer:innen/Kolleg:innen fragen ihre Ansprechpartner:in.",
    "Jede:r darf das, wenn der:die Vorgesetzte zustimmt.",
]


@pytest.mark.parametrize(("text", "cleaned"), CLEANED)
def test_what_only_pretends_to_be_words_goes(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("text", KEPT)
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("text", [text for text, _ in CLEANED])
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_the_name_of_a_server_is_seen_though_it_is_no_link_yet() -> None:
    assert domains("Log in at chat.evil.example, write to a@company.example.") == {"chat.evil.example"}


def test_no_naughty_text_is_left_with_a_tag_a_scheme_or_a_mention(shared: Path) -> None:
    for line in (shared / "corpora" / "naughty.jsonl").read_text("utf-8").strip().split("\n"):
        text = clean(json.loads(line)["text"])
        assert "://" not in text
        assert "<!" not in text
        assert "<@" not in text
        assert "](" not in text
