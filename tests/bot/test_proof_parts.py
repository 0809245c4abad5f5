"""The parts of the proof: quotes word for word, hard facts in one form, what a clause does, the file of everyday equals."""

from __future__ import annotations

import re

import pytest

from bot.proof import Quoted, prove
from bot.proof.facts import facts, same
from bot.proof.lexicon import PARAPHRASES, cognate, lexicon, paraphrases, root
from bot.proof.modality import Force, stance
from bot.proof.numbers import digits, parse
from bot.proof.quotes import stands
from bot.proof.rewriting import rewrite
from knowledge import glossary

ROW = "Tools\nTool: DeepL Pro; Highest data class: C2; Status: approved; Owner: Communications"


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("Ask  the owner.", "Rules\nAsk the\nowner."),
        ("the “data owner”", 'Rules\nAsk the "data owner".'),
        ("Infor\u00admationen", "Regeln\nInformationen"),
        ("Daten-\nschutz", "Regeln\nDatenschutz gilt."),
        ("Caf\u0065\u0301", "Places\nCafé"),
        ("two–three days", "Rules\nIt takes two-three days."),
        ("DeepL Pro | C2 | approved", ROW),
        ("Tool: DeepL Pro; Highest data class: C2", ROW),
        (
            "Highest data class: C2; Status: approved",
            "Tools\nTool | Highest data class | Status\nDeepL Pro | C2 | approved",
        ),
    ],
)
def test_a_quote_stands_however_it_is_set(quote: str, passage: str) -> None:
    assert stands(quote, passage)


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("Ask every owner.", "Rules\nAsk the owner."),
        ("Ask the owner. Pay the bill.", "Rules\nAsk the owner. Wait a week. Pay the bill."),
        ("own", "Rules\nAsk the owner."),
        ("DeepL Pro | approved", ROW),
        ("DeepL Pro | C3 | approved", ROW),
        ("Tool: DeepL Pro; Owner: C2", ROW),
        ("", "Rules\nAsk the owner."),
        ("...", "Rules\nAsk the owner..."),
    ],
)
def test_an_edited_a_glued_and_an_empty_quote_do_not_stand(quote: str, passage: str) -> None:
    assert not stands(quote, passage)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 weeks", "14 Tage"),
        ("12 months", "1 Jahr"),
        ("ein halbes Jahr", "six months"),
        ("24 hours", "einen Tag"),
        ("15.01.2026", "15 January 2026"),
        ("1. März 2026", "2026-03-01"),
        ("1.000 Euro", "1,000 euros"),
        ("26,50 EUR", "€26.50"),
        ("vier Prozent", "4 %"),
        ("alle sechs Monate", "twice a year"),
        ("jeden Monat", "monthly"),
        ("9:30 Uhr", "9.30 a.m."),
        ("30-day", "dreißig Tage"),
        ("Thirty-five people", "35 Personen"),
        ("about 350 euros", "349.60 EUR"),
    ],
)
def test_equal_values_are_one(one: str, other: str) -> None:
    (said,), (known,) = facts(digits(one)), facts(digits(other))
    assert same(said, known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 weeks", "15 days"),
        ("5 working days", "5 days"),
        ("100 euros", "100 dollars"),
        ("about 300 euros", "349.60 EUR"),
        ("3 percent", "3 euros"),
        ("1 March 2026", "1 March 2025"),
        ("C3", "C4"),
    ],
)
def test_different_values_are_two(one: str, other: str) -> None:
    (said,), (known,) = facts(digits(one)), facts(digits(other))
    assert not same(said, known)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("at most 5 days", "max"),
        ("höchstens 5 Tage", "max"),
        ("spätestens nach 5 Tagen", "max"),
        ("no more than 5 days", "max"),
        ("5 days at the latest", "max"),
        ("at least 5 days", "min"),
        ("5 Tage oder mehr", "min"),
        ("ab 500 Euro", "min"),
        ("more than 5 days", "more"),
        ("unter 500 Euro", "less"),
        ("after 5 days", "after"),
        ("etwa 5 Tage", "about"),
        ("5 days", "exact"),
    ],
)
def test_the_direction_of_a_value_is_read(text: str, direction: str) -> None:
    assert facts(text)[0].direction == direction


@pytest.mark.parametrize(
    ("written", "number"),
    [("25.000", 25000.0), ("25,000", 25000.0), ("3,8", 3.8), ("1.234,50", 1234.5), ("zwölf", 12.0)],
)
def test_a_number_is_read_as_it_is_written(written: str, number: float) -> None:
    assert parse(written) == number


@pytest.mark.parametrize(
    ("language", "clause", "force"),
    [
        ("en", "You may use it", Force.MAY),
        ("en", "You may not use it", Force.FORBIDDEN),
        ("en", "It must not be used", Force.FORBIDDEN),
        ("en", "It need not be labelled", Force.NEED_NOT),
        ("en", "No label is needed", Force.NEED_NOT),
        ("en", "You don't have to ask", Force.NEED_NOT),
        ("en", "It is not forbidden", Force.MAY),
        ("en", "It should be checked", Force.SHOULD),
        ("en", "Delete nothing", Force.FORBIDDEN),
        ("en", "Ask the owner", Force.ORDER),
        ("en", "The office checks it", Force.FACT),
        ("en", "It is off limits", Force.FORBIDDEN),
        ("de", "Das dürfen Sie", Force.MAY),
        ("de", "Das darf niemand", Force.FORBIDDEN),
        ("de", "Das ist untersagt", Force.FORBIDDEN),
        ("de", "Das ist nicht verboten", Force.MAY),
        ("de", "Sie müssen nicht fragen", Force.NEED_NOT),
        ("de", "Sie brauchen keine Genehmigung", Force.NEED_NOT),
        ("de", "Fragen Sie die Leitung", Force.ORDER),
        ("de", "Löschen Sie nichts", Force.FORBIDDEN),
        ("de", "Das gehört in kein Werkzeug", Force.FORBIDDEN),
        ("de", "Die Stelle prüft es", Force.FACT),
    ],
)
def test_what_a_clause_does_is_read(language: str, clause: str, force: Force) -> None:
    text = rewrite(clause.replace("don't", "do not"), language)
    assert stance(text, language).force is force


def test_a_verb_its_participle_and_its_noun_share_a_root() -> None:
    assert len({root(word, "de") for word in ("löschen", "löscht", "gelöscht", "löschung")}) == 1
    assert len({root(word, "de") for word in ("speichern", "gespeichert", "speicherung")}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("employer", "employee"), ("intern", "internal"), ("public", "publication")]
)
def test_words_that_only_begin_alike_are_two(one: str, other: str) -> None:
    words = lexicon(glossary.load())
    assert not words.keys(one, "en") & words.keys(other, "en")


def test_one_word_in_two_spellings_is_known_and_a_false_friend_is_not() -> None:
    assert cognate("infrastruktur", "infrastructure")
    assert not cognate("aktuell", "actual")


GROUPS = paraphrases(PARAPHRASES.read_text("utf-8"))


def test_every_line_of_everyday_equals_has_at_least_two_names_and_none_twice() -> None:
    assert [group for group in GROUPS if len(set(group.names)) < 2] == []
    assert [group for group in GROUPS if len(set(group.names)) < len(group.names)] == []


def test_no_line_of_everyday_equals_holds_opposites() -> None:
    opposites = [
        {"allow", "forbid"},
        {"before", "after"},
        {"more", "less"},
        {"internal", "external"},
        {"public", "confidential"},
        {"accept", "reject"},
        {"open", "closed"},
        {"employer", "employee"},
        {"löschen", "speichern"},
        {"freigeben", "ablehnen"},
        {"intern", "extern"},
    ]
    assert [pair for pair in opposites for group in GROUPS if pair <= {name for _, name in group.names}] == []


def test_everyday_equals_are_plain_words() -> None:
    assert [name for group in GROUPS for _, name in group.names if re.search(r"[|*?\[\]()]", name)] == []


@pytest.mark.parametrize("mark", ["!!!", "...", "–", "###"])
def test_marks_without_a_word_in_front_of_a_sentence_are_no_subject(mark: str) -> None:
    quote = Quoted("This is allowed.", f"Tools\n{mark} This is allowed.")
    assert prove("", "This is allowed.", "en", [quote], glossary.load()).proven
