"""Which pieces are quoted, in which order, and what stands above them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot import sought
from bot.choosing import QUOTED, QUOTES, choose, quotable
from knowledge.documents import Kind, Metadata, Passage
from knowledge.findings import Findings, Found
from knowledge.pieces import Fit

if TYPE_CHECKING:
    from bot.choosing import Quote

TODAY = datetime(2026, 11, 1, tzinfo=UTC)


def found(*pieces: tuple[str, float], kind: Kind = Kind.TEXT, score: float = 1.0, **about: Any) -> Found:  # noqa: ANN401 - the fields of a passage
    """Return a passage that was found, each piece with its fit to a question of one word."""
    passage = Passage("a.md", (), kind, tuple(text for text, _ in pieces), **about)
    return Found(0, passage, Metadata("A", "en"), score, tuple(Fit((fit,), 0.0) for _, fit in pieces))


def chosen(question: str, *passages: Found) -> tuple[Quote, ...]:
    findings = Findings("g", TODAY, 1, found=passages, worth=(1.0,))
    return choose(quotable(question, findings), findings.worth)


def texts(question: str, *passages: Found) -> list[str]:
    return [quote.text for quote in chosen(question, *passages)]


def test_the_piece_that_holds_what_is_asked_for_comes_before_one_that_fits_as_well() -> None:
    passage = found(("Seats are scarce.", 0.9), ("A seat costs 54 euros.", 0.9), kind=Kind.ITEM)
    assert texts("How much is a seat?", passage)[0] == "A seat costs 54 euros."
    assert texts("What about seats?", passage)[0] == "Seats are scarce."


def test_a_question_and_a_line_that_leads_over_are_not_quoted() -> None:
    passage = found(("How long are chats kept?", 1.0), ("Not allowed:", 1.0), ("For 90 days.", 0.6))
    assert texts("How long?", passage) == ["For 90 days."]


def test_what_is_worth_less_than_half_of_the_best_is_left_out() -> None:
    best, weak = found(("Good.", 1.0)), found(("Bad.", 0.2), score=0.1)
    assert texts("x", best, weak) == ["Good."]


def test_quotes_do_not_repeat_themselves() -> None:
    assert texts("x", found(("Same.", 1.0)), found(("Same.", 1.0))) == ["Same."]


def test_the_line_above_a_quote_takes_room_with_it() -> None:
    lead = "L" * 150 + ":"
    passage = found(*((letter * 150, 1.0) for letter in "abcd"), kind=Kind.ITEM, leads=(lead,) * 4)
    quotes = chosen("x", passage)
    assert all(quote.lead == lead for quote in quotes)
    assert sum(quote.length for quote in quotes) <= QUOTED
    assert len(quotes) < QUOTES


def test_a_row_is_led_by_the_names_of_its_columns() -> None:
    row = found(("DeepL | yes", 1.0), kind=Kind.ROW, header=("Tool", "Allowed"), leads=("See:",))
    assert [quote.lead for quote in chosen("x", row)] == ["Tool | Allowed"]


def test_a_number_that_the_question_names_is_no_answer_to_it() -> None:
    (quote,) = chosen(
        "How many incidents were there in 2025?", found(("Incidents of 2025 are told each quarter.", 1.0))
    )
    assert not quote.holds


def test_the_row_of_what_a_may_i_question_names_comes_before_a_text_that_fits_as_well() -> None:
    text, row = found(("Zorbix is used with care.", 0.9)), found(("Zorbix Pro | internal", 0.8), kind=Kind.ROW)
    findings = Findings("g", TODAY, 1, found=(text, row), worth=(1.0,), asked=("zorbix",))

    def first(question: str) -> str:
        return choose(quotable(question, findings), findings.worth)[0].text

    assert first("May I use Zorbix?") == "Zorbix Pro | internal"
    assert first("What is Zorbix?") == "Zorbix is used with care."


def test_a_passage_that_holds_what_is_asked_for_comes_before_one_that_fits_a_little_better() -> None:
    course = found(("The course is held in Bonn.", 1.0), score=0.95)
    lasting = found(("The course takes 90 minutes.", 1.0), score=0.9)
    other = found(("Lunch takes an hour.", 0.1), score=0.2)
    findings = Findings("g", TODAY, 1, found=(course, lasting, other), worth=(1.0,))
    assert sought.first("How long is the course?", findings).found == (lasting, course, other)
    assert sought.first("Is the course useful?", findings) is findings
