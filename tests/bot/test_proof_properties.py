"""What no change of a sentence may do: another number, a lost "not" or a wider claim never makes it proven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.proof import Quoted, prove
from knowledge import glossary

if TYPE_CHECKING:
    from collections.abc import Callable

GLOSSARY = glossary.load()
LANGUAGES = ("en", "de")

THINGS = {
    "transcripts": "Mitschriften",
    "contracts": "Verträge",
    "photos": "Fotos",
    "invoices": "Rechnungen",
    "e-mails": "E-Mails",
    "translations": "Übersetzungen",
}
KINDS = {"": "", "internal ": "interne ", "public ": "öffentliche ", "confidential ": "vertrauliche "}
DEEDS = {
    "deleted": "gelöscht",
    "checked": "geprüft",
    "published": "veröffentlicht",
    "uploaded": "hochgeladen",
    "reported": "gemeldet",
}
FORCES = {"may": "dürfen", "must": "müssen", "must not": "dürfen nicht"}
LIMITS = {"within": "innerhalb von", "after": "nach", "at most": "höchstens", "at least": "mindestens"}
UNITS = {"hours": "Stunden", "days": "Tagen", "weeks": "Wochen", "months": "Monaten", "working days": "Arbeitstagen"}
CONDITIONS = {
    "": "",
    ", if the customer has agreed": ", wenn der Kunde zugestimmt hat",
    ", unless the works council objects": ", außer wenn der Betriebsrat widerspricht",
    ", but only with a company account": ", aber nur mit einem Firmenkonto",
}


@dataclass(frozen=True)
class Rule:
    """A rule of a made-up handbook, in parts."""

    thing: str
    kind: str
    deed: str
    force: str
    limit: str
    number: int
    unit: str
    condition: str

    def said(self, language: str) -> str:
        """Return the rule as a sentence."""
        return self._english() if language == "en" else self._german()

    def _english(self) -> str:
        subject = f"{self.kind}{self.thing}".capitalize()
        return f"{subject} {self.force} be {self.deed} {self.limit} {self.number} {self.unit}{self.condition}."

    def _german(self) -> str:
        modal, _, no = FORCES[self.force].partition(" ")
        subject = f"{KINDS[self.kind]}{THINGS[self.thing]}"
        when = f"{LIMITS[self.limit]} {self.number} {UNITS[self.unit]}"
        said = (
            f"{subject} {modal} {no + ' ' if no else ''}{when} {DEEDS[self.deed]} werden{CONDITIONS[self.condition]}."
        )
        return said[0].upper() + said[1:]


rules = st.builds(
    Rule,
    st.sampled_from(sorted(THINGS)),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(sorted(DEEDS)),
    st.sampled_from(sorted(FORCES)),
    st.sampled_from(sorted(LIMITS)),
    st.integers(2, 90),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(sorted(CONDITIONS)),
)
languages = st.sampled_from(LANGUAGES)


def proven(sentence: Rule, language: str, quote: Rule, spoken: str, question: str = "") -> bool:
    text = quote.said(spoken)
    return prove(question, sentence.said(language), language, [Quoted(text, f"Rules > All\n{text}")], GLOSSARY).proven


def never_proven(sentence: Rule, language: str, quote: Rule, spoken: str) -> None:
    """See that a changed sentence is not proven, whatever the question says."""
    assert not proven(sentence, language, quote, spoken, question=sentence.said(language))


def different_number(rule: Rule, number: int) -> Rule:
    """Return the rule with another length of time: 24 hours are a day, 14 days two weeks."""
    return replace(rule, number=number)


def changed(rule: Rule, number: int) -> Rule:
    return different_number(rule, number if number != rule.number else number + 1)


def without_not(rule: Rule, force: str) -> Rule:
    return replace(rule, force=force)


def wider(rule: Rule, how: str) -> Rule | None:
    """Return the rule without what restricts it, or None if it has no such part."""
    if how == "kind" and rule.kind:
        return replace(rule, kind="")
    if how == "condition" and rule.condition:
        return replace(rule, condition="")
    if how == "limit" and rule.limit in ("at most", "within"):
        return replace(rule, limit="at least")
    return None


some = settings(max_examples=300, suppress_health_check=list(HealthCheck))


def check_number(quote: Rule, number: int, language: str, spoken: str) -> None:
    never_proven(changed(quote, number), language, quote, spoken)


def check_not(quote: Rule, force: str, language: str, spoken: str) -> None:
    never_proven(without_not(quote, force), language, replace(quote, force="must not"), spoken)


def check_wider(quote: Rule, how: str, language: str, spoken: str) -> None:
    sentence = wider(quote, how)
    if sentence is not None:
        never_proven(sentence, language, quote, spoken)


numbers = st.integers(2, 400)
positive = st.sampled_from(["may", "must"])
ways = st.sampled_from(["kind", "condition", "limit"])

CHECKS = (
    ("another number makes it proven", (rules, numbers, languages, languages), check_number),
    ('a lost "not" makes it proven', (rules, positive, languages, languages), check_not),
    ("a wider claim makes it proven", (rules, ways, languages, languages), check_wider),
)
"""What must never happen, the cases, and how a case is looked at. The bench does so 10,000 times."""


def broken(check: Callable[..., None], strategies: tuple[st.SearchStrategy[Any], ...], cases: int) -> int:
    """Return 1 if one of many cases breaks a property, else 0: what the bench asks for."""
    quietly = settings(max_examples=cases, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    try:
        quietly(given(*strategies)(check))()
    except AssertionError:
        return 1
    return 0


test_another_number_is_never_proven = some(given(*CHECKS[0][1])(check_number))
test_a_lost_not_is_never_proven = some(given(*CHECKS[1][1])(check_not))
test_a_wider_claim_is_never_proven = some(given(*CHECKS[2][1])(check_wider))


@some
@given(rules, languages)
def test_the_rule_itself_is_proven_in_its_own_language(quote: Rule, language: str) -> None:
    assert proven(quote, language, quote, language)


@some
@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300), languages)
def test_any_text_gets_an_answer(sentence: str, quote: str, passage: str, language: str) -> None:
    assert prove("", sentence, language, [Quoted(quote, passage)], GLOSSARY).proven in (True, False)
