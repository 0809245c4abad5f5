"""Allowed, conditional, forbidden, undecided: what the quotes settle, and never too green."""

from __future__ import annotations

import pytest

from bot.messages import Verdict
from bot.proof import Quoted
from bot.verdict import verdict
from knowledge import glossary
from tests.proof import load

GLOSSARY = glossary.load()
GREEN = {Verdict.ALLOWED, Verdict.CONDITIONAL}


def asked(question: str, *quotes: str, language: str = "en", heading: str = "Handbook") -> Verdict | None:
    passage = "\n".join((heading, *quotes))
    return verdict(question, [Quoted(quote, passage) for quote in quotes], language, GLOSSARY)


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("May I upload salaries?", "Salaries must not be uploaded.", Verdict.FORBIDDEN),
        ("Darf ich Gehälter hochladen?", "Salaries must not be uploaded.", Verdict.FORBIDDEN),
        ("May I use DeepL?", "DeepL may be used by everybody.", Verdict.ALLOWED),
        ("May I use DeepL?", "You may use DeepL if the data is public.", Verdict.CONDITIONAL),
        ("May I publish photos?", "Photos may be published, but not photos of children.", Verdict.CONDITIONAL),
        ("May I publish photos of children?", "Photos may be published, but not photos of children.", Verdict.FORBIDDEN),
        ("May I change the form?", "Do not change the form without asking HR.", Verdict.CONDITIONAL),
        ("May I access the logs?", "Access to the logs needs the approval of the works council.", Verdict.CONDITIONAL),
        ("May I use Quillo without the course?", "The course is compulsory before you use Quillo.", Verdict.FORBIDDEN),
        ("May I paste customer addresses into Quillo?", "Its maker does not train on our inputs.", Verdict.UNDECIDED),
        ("May I sell photos?", "The office meets on Monday.", Verdict.UNDECIDED),
        ("May I use tools that are not in the register?", "Tools that are not in the register are not allowed.", Verdict.FORBIDDEN),
    ],
)  # fmt: skip
def test_a_rule_settles_a_question(question: str, quote: str, expected: Verdict) -> None:
    assert asked(question, quote) is expected


@pytest.mark.parametrize(
    "question", ["When does the board meet?", "Wer prüft Verträge?", "Muss ich Notizen kennzeichnen?"]
)
def test_another_question_gets_no_verdict(question: str) -> None:
    assert asked(question, "The board must check contracts.") is None


def row(status: str, level: str = "internal", remark: str = "") -> str:
    return f"Tool: Quillo; Highest data class: {level}; Status: {status}; Remarks: {remark or 'none'}"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("approved", Verdict.CONDITIONAL),
        ("pilot until June", Verdict.CONDITIONAL),
        ("forbidden", Verdict.FORBIDDEN),
        ("rejected in May", Verdict.FORBIDDEN),
        ("under review", Verdict.UNDECIDED),
    ],
)
def test_the_register_settles_by_status(status: str, expected: Verdict) -> None:
    assert asked("May I use Quillo?", row(status)) is expected


def test_the_register_settles_by_data_class() -> None:
    assert asked("May I use Quillo for confidential data?", row("approved", "internal")) is Verdict.FORBIDDEN
    assert asked("May I use Quillo for public data?", row("approved", "internal")) is not Verdict.FORBIDDEN


def test_a_quote_that_forbids_wins_over_one_that_allows() -> None:
    quotes = ("Everybody may use Quillo.", "Quillo must not be used for salaries.")
    assert asked("May I use Quillo for salaries?", *quotes) is Verdict.FORBIDDEN


def test_the_seen_questions_are_settled_right_and_never_too_green() -> None:
    cases = load.verdicts("seen")
    given = [
        (case, verdict(case.question, [Quoted(q.quote, q.passage) for q in case.quotes], case.language, GLOSSARY))
        for case in cases
    ]
    right = [
        case
        for case, said in given
        if (said is None and case.verdicts is None) or (said and said.value in (case.verdicts or ()))
    ]
    green = [
        case.id for case, said in given if said in GREEN and not {v.value for v in GREEN} & set(case.verdicts or ())
    ]
    assert green == []
    assert len(right) >= 0.9 * len(cases)
