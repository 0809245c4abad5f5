"""What may be said: a sentence is proven only when its quotes carry all of it."""

from __future__ import annotations

import pytest

from bot.proof import Check, Proof, Quoted, prove
from knowledge import glossary

GLOSSARY = glossary.load()


def proof(sentence: str, language: str, *quotes: str, heading: str = "Handbook > Rules", question: str = "") -> Proof:
    passage = "\n".join((heading, *quotes))
    return prove(question, sentence, language, [Quoted(quote, passage) for quote in quotes], GLOSSARY)


def checks(result: Proof) -> set[Check]:
    return {reason.check for reason in result.reasons}


CARRIED = [
    ("en", "Transcripts are erased after 14 days.", "Transcripts are deleted after two weeks."),
    ("de", "Mitschriften werden nach 14 Tagen gelöscht.", "Transcripts are deleted after two weeks."),
    ("en", "Chats are deleted after 12 months.", "Unterhaltungen werden nach einem Jahr gelöscht."),
    ("de", "Die Richtlinie gilt seit dem 15.01.2026.", "The policy applies from 15 January 2026."),
    ("en", "You may not upload salaries.", "Gehälter dürfen nicht hochgeladen werden."),
    ("de", "Gehälter hochzuladen, ist verboten.", "Salaries must not be uploaded."),
    ("de", "Ein Label ist nicht nötig.", "No label is needed."),
    ("en", "Approval is no longer required.", "Eine Genehmigung ist nicht mehr erforderlich."),
    ("en", "The seat costs about 350 euros.", "The seat costs 349.60 euros."),
    ("de", "Verträge prüft die Rechtsabteilung.", "The legal department checks contracts."),
    ("en", "Contracts are checked by the legal department.", "The legal department checks contracts."),
    ("de", "Sie dürfen DeepL nutzen, wenn die Daten öffentlich sind.", "You may use DeepL if the data is public."),
    (
        "en",
        "Customer data must not be entered unless the customer has agreed.",
        "Without the customer's consent, customer data must not be entered.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence", "quote"), CARRIED[:12])
def test_a_paraphrase_is_proven(language: str, sentence: str, quote: str) -> None:
    assert proof(sentence, language, quote) == Proof(proven=True)


NOT_CARRIED = [
    # a number, a unit, a date, a direction
    ("en", "Transcripts are deleted after 15 days.", "Transcripts are deleted after two weeks.", Check.VALUE),
    ("de", "Mitschriften werden nach 2 Monaten gelöscht.", "Transcripts are deleted after two weeks.", Check.VALUE),
    ("en", "The policy applies from 15 February 2026.", "Die Richtlinie gilt seit dem 15.01.2026.", Check.VALUE),
    ("en", "An agent spends at least 200 euros.", "An agent spends at most 200 euros.", Check.DIRECTION),
    ("de", "Angebote bis 500 Euro prüft der Einkauf.", "Angebote ab 500 Euro prüft der Einkauf.", Check.DIRECTION),
    # negation and modality
    ("en", "Salaries may be uploaded.", "Gehälter dürfen nicht hochgeladen werden.", Check.MODALITY),
    ("en", "Salaries need not be uploaded.", "Salaries must not be uploaded.", Check.NEGATION),
    ("de", "Gehälter müssen nicht hochgeladen werden.", "Gehälter dürfen nicht hochgeladen werden.", Check.NEGATION),
    ("en", "Notes must be labelled.", "Notes may be labelled.", Check.MODALITY),
    ("en", "Notes should be labelled.", "Notes must be labelled.", Check.MODALITY),
    ("de", "Notizen sollten gekennzeichnet werden.", "Notes must be labelled.", Check.MODALITY),
    # only, all, before and after
    ("en", "Only managers may order seats.", "Managers may order seats.", Check.QUANTITY),
    ("en", "All seats are free.", "Seats are free.", Check.QUANTITY),
    ("en", "The office checks a tool after it is bought.", "The office checks a tool before it is bought.", Check.BOUND),
    # a condition, an exception, a restricting word
    ("en", "You may use DeepL.", "You may use DeepL if the data is public.", Check.CONDITION),
    ("de", "Sie dürfen DeepL nutzen.", "You may use DeepL only with a company account.", Check.SCOPE),
    ("en", "Data may be entered.", "Public data may be entered.", Check.SCOPE),
    ("de", "Daten dürfen eingegeben werden.", "Öffentliche Daten dürfen eingegeben werden.", Check.SCOPE),
    ("en", "Salaries may be uploaded.", "Salaries may be uploaded, except those of managers.", Check.CONDITION),
    # something else, something more
    ("en", "Midjourney may be used for sketches.", "Firefly may be used for sketches.", Check.CONTENT),
    ("en", "The works council checks contracts.", "The legal department checks contracts.", Check.CONTENT),
    ("en", "Salaries, photos and contracts must not be uploaded.", "Salaries and contracts must not be uploaded.", Check.CONTENT),
    ("de", "Verträge prüft die Rechtsabteilung binnen einer Woche.", "The legal department checks contracts.", Check.VALUE),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence", "quote", "check"), NOT_CARRIED)
def test_a_lie_names_the_check_that_fails(language: str, sentence: str, quote: str, check: Check) -> None:
    result = proof(sentence, language, quote)
    assert not result.proven
    assert check in checks(result)


def test_a_sentence_without_a_quote_is_not_proven() -> None:
    assert checks(prove("", "Salaries are secret.", "en", [], GLOSSARY)) == {Check.NO_QUOTE}


def test_a_quote_that_does_not_stand_in_its_passage_proves_nothing() -> None:
    quotes = [Quoted("Salaries may be uploaded.", "Rules\nSalaries must not be uploaded.")]
    assert checks(prove("", "Salaries may be uploaded.", "en", quotes, GLOSSARY)) == {Check.NOT_VERBATIM}


def test_what_stands_only_in_the_question_proves_nothing() -> None:
    result = proof("Midjourney is forbidden.", "en", "DeepSeek is forbidden.", question="Is Midjourney forbidden?")
    assert not result.proven


def test_a_quote_that_cuts_off_its_negation_proves_nothing() -> None:
    passage = "Rules\nNever may salaries be uploaded by anybody."
    assert not prove(
        "", "Salaries may be uploaded.", "en", [Quoted("may salaries be uploaded", passage)], GLOSSARY
    ).proven


def test_a_heading_only_says_what_a_quote_is_about() -> None:
    quote = "It may be used by everybody."
    assert proof("DeepL may be used by everybody.", "en", quote, heading="Tools > DeepL").proven
    assert not proof("DeepL is approved.", "en", quote, heading="Tools > DeepL approved").proven


def test_a_list_item_is_read_with_the_line_that_introduces_it() -> None:
    quotes = ("Agents must not:", "make payments or release invoices")
    assert proof("Agents must not release invoices.", "en", *quotes).proven
    assert not proof("Agents may release invoices.", "en", *quotes).proven


def test_a_row_is_read_with_the_names_of_its_columns() -> None:
    row = "Tool: DeepL Pro; Highest data class: internal; Status: approved; Seats: 90; Cost per month (EUR): 24"
    assert proof("DeepL Pro is approved up to internal.", "en", row).proven
    assert proof("DeepL Pro ist bis intern freigegeben.", "de", row).proven
    assert not proof("DeepL Pro has 24 seats.", "en", row).proven
    assert not proof("DeepL Pro is approved up to confidential.", "en", row).proven


def test_two_facts_of_different_sentences_do_not_make_a_third() -> None:
    quote = "New employees take the course within 30 days. Guests take it before they get access."
    assert not proof("New employees take the course before they get access.", "en", quote).proven


def test_two_sentences_may_be_told_in_one() -> None:
    quote = "Salaries must not be uploaded. Photos may be published."
    assert proof("Photos may be published, but salaries must not be uploaded.", "en", quote).proven


@pytest.mark.parametrize(
    ("language", "sentence", "quote"),
    [
        ("en", "Yes, let the owner know within two days.", "Notify the owner within two days."),
        ("de", "Nein, Verträge prüft die Rechtsabteilung.", "The legal department checks contracts."),
        ("de", "Drei Viertel der Fragen müssen richtig sein.", "75 percent of the questions must be right."),
        ("en", "An order does not exceed 200 euros.", "An order is at most 200 euros."),
        ("en", "The course lasts two hours and takes place online.", "Course: B3; Length: 2 hours; Form: online"),
    ],
)
def test_a_free_paraphrase_is_proven(language: str, sentence: str, quote: str) -> None:
    assert proof(sentence, language, quote).proven


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The owner publishes the report.", "The owner stores the report."),
        ("The owner is asked within two days.", "Notify the owner within two days."),
        ("Contracts are deleted and published.", "Contracts are erased."),
        ("The tool has been rejected.", "Tool: Fluvia; Status: under review"),
    ],
)
def test_a_word_of_another_kind_never_stands_in(sentence: str, quote: str) -> None:
    assert not proof(sentence, "en", quote).proven


def test_a_question_fills_in_what_an_answer_is_about() -> None:
    quote = "Access to raw logs needs the approval of the works council."
    question = "Who approves access to raw logs?"
    assert proof("Access to the logs needs the approval of the works council.", "en", quote, question=question).proven
    assert not proof("Access to the logs needs the approval of the works council.", "en", quote).proven


def test_a_question_proves_nothing_of_what_is_said() -> None:
    quote = "Access to raw logs needs the approval of the works council."
    claim = "Access to raw logs needs the approval of the works council and of Purchasing."
    assert not proof(claim, "en", quote, question=claim).proven
