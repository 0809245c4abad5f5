"""A layout holds every part of an answer, in the words of its text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot import layout, wording
from bot.messages import Answer, Citation, Near, Outcome, Sentence, Verdict
from bot.phrases import say
from knowledge.language import LANGUAGES
from tests.handbooks import answer, asked, asking, built_in, page, take_in, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.handler import Handler

HANDBOOK = {
    "policy.md": page(
        "# AI policy\n\nTools that are not in the register are not allowed. You must not enter customer data into ChatGPT.",
        title="AI policy",
    ),
    "register.csv": "Tool;Status\nMicrosoft 365 Copilot;approved\nGitHub Copilot;approved\nOtter;forbidden\n",
}
CITATION = Citation(
    1,
    "a.md",
    "A title that is longer than what plain text shows of it",
    "Section",
    "Quote.",
    3,
    "https://x.example/a",
    "2",
    date(2026, 3, 1),
)
WRITTEN = Answer(
    "ab12cd34ef56", "?", "en", Outcome.WRITTEN, "", Verdict.ALLOWED, (Sentence("Yes.", (1,)),), (CITATION,)
)


@pytest.fixture(scope="module")
def handler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    place = tmp_path_factory.mktemp("layout")
    take_in(write(place / "handbook", HANDBOOK), place / "data", built_in())
    with asking(place / "data", built_in()) as opened:
        yield opened


def shown(laid: layout.Layout) -> str:
    """Return all that is read of a layout."""
    ruling = (laid.verdict.symbol, laid.verdict.words) if laid.verdict else ()
    quotes = (f"{q.lead} {q.marked} [{q.number}]" for q in laid.quotes)
    sentences = (f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in laid.sentences)
    sources = (f"[{s.number}] {', '.join((s.title, *s.details))}" for s in laid.sources)
    near = (laid.nearest.heading, *laid.nearest.lines) if laid.nearest else ()
    return " ".join(
        (
            *laid.preface,
            *ruling,
            *laid.said,
            *sentences,
            *quotes,
            laid.sources_heading,
            *sources,
            *near,
            laid.contact,
            laid.by_ai,
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "May I enter customer data into ChatGPT?",
        "Darf ich Otter benutzen?",
        "Copilot?",
        "What does the canteen cost?",
        "I pasted the customer list into ChatGPT by mistake, what now?",
        "May I use Zyxel Fancywriter?",
        "Hello",
        "Wer bist du?",
    ],
)
async def test_every_word_of_the_text_is_in_the_layout(handler: Handler, text: str) -> None:
    reply = await answer(handler, asked(text))
    words = set(re.findall(r"\w+", shown(layout.of(reply))))
    assert set(re.findall(r"\w+", reply.text)) <= words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", Verdict)
def test_the_verdict_has_a_symbol_and_words_and_stands_once(language: str, verdict: Verdict) -> None:
    text = wording.quoted(
        (CITATION,), language, f"{say(f'verdict_{verdict.value}', language)} {say('quoted', language)}"
    )
    laid = layout.of(Answer("ab12cd34ef56", "?", language, Outcome.QUOTED, text, verdict, citations=(CITATION,)))
    assert laid.verdict == layout.Ruling(layout.SYMBOLS[verdict], say(f"verdict_{verdict.value}", language))
    assert laid.said == (say("quoted", language),)


def test_sources_are_whole() -> None:
    (source,) = layout.of(WRITTEN).sources
    assert source == layout.Source(
        1, CITATION.title, ("Section", "page 3", "version 2", "in force since 1 March 2026"), "https://x.example/a"
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "tg://resolve?domain=x",
        "//x.example",
        "https://x.example/ a",
        "http://",
    ],
)
def test_only_addresses_of_the_web_are_links(url: str) -> None:
    assert layout.of(replace(WRITTEN, citations=(replace(CITATION, url=url),))).sources[0].url == ""


def test_a_row_of_a_table_comes_in_cells() -> None:
    row = replace(CITATION, lead="Tool | Status", quote="Otter | forbidden")
    assert layout.of(replace(WRITTEN, citations=(row,))).quotes[0].rows == (("Tool", "Status"), ("Otter", "forbidden"))
    odd = replace(CITATION, lead="Tool | Status | Owner", quote="Otter | forbidden")
    assert layout.of(replace(WRITTEN, citations=(odd,))).quotes[0].rows == ()


def test_an_honest_no_names_what_is_near_and_whom_to_ask() -> None:
    near = (Near("a.md", "Tools", "Chats"),)
    text = wording.not_found(near, "ki@firma.example", "de")
    laid = layout.of(
        Answer("ab12cd34ef56", "?", "de", Outcome.NOT_FOUND, text, nearest=near, contact="ki@firma.example")
    )
    assert laid.said == (say("not_found", "de"),)
    assert laid.nearest == layout.Listed(say("nearest", "de"), ("Tools, Chats",))
    assert laid.contact == say("ask_contact", "de", contact="ki@firma.example")


def test_answers_to_questions_are_judged_and_what_is_said_to_commands_is_not() -> None:
    assert len(layout.of(WRITTEN).feedback) == 2
    laid = layout.of(Answer("ab12cd34ef56", "/help", "en", Outcome.DECLINED, "Just ask.\n\nOr so."))
    assert (laid.said, laid.feedback, laid.sources_button) == (("Just ask.", "Or so."), (), None)


def test_in_a_shared_room_the_private_conversation_is_offered_and_sources_are_not_explained() -> None:
    laid = layout.of(replace(WRITTEN, privately=True))
    assert laid.private is not None
    assert (laid.private_words, laid.sources_button) == (say("privately", "en"), None)


def test_buttons_of_choices_and_suggestions_are_told_apart() -> None:
    laid = layout.of(replace(WRITTEN, choices=("A?", "B?"), suggestions=("C?",)))
    payloads = [button.payload for button in (*laid.choices, *laid.suggestions)]
    assert len(set(payloads)) == 3
