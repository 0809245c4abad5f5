"""An answer's parts as people see them, for platforms that can show more than plain text.

`of(answer)` is the one way to get them. Every platform shows the parts that are there in the order of the fields, each in its
own style: `preface`, `verdict`, `said`, `sentences`, `quotes`, `sources`, `nearest`, `contact`, `notice`, `by_ai`, and the
buttons. The words are those of `answer.text`: both come from bot/wording.py and bot/phrases.py. What is longer here than
there (titles, versions) is whole here. Nothing in here is markup: whatever a document or a model wrote is plain text, and
only `Source.url` is a link, http or https.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import buttons, wording
from bot.buttons import Action, Button
from bot.commands import Reason
from bot.messages import Outcome, Verdict
from bot.phrases import say
from knowledge.documents import CELL_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages import Answer, Citation, Sentence

SYMBOLS = {
    Verdict.ALLOWED: "✅",
    Verdict.CONDITIONAL: "⚠️",
    Verdict.FORBIDDEN: "⛔",
    Verdict.UNDECIDED: "❔",
}
"""Stands in front of a verdict's words, never alone."""
_LINK = re.compile(r"https?://[^\s<>\"\x00-\x1f]{1,2000}", re.IGNORECASE)
_PROVEN = frozenset({Outcome.WRITTEN, Outcome.QUOTED})
_ANSWERED = _PROVEN | {Outcome.NOT_FOUND}


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict: its symbol and its words."""

    symbol: str
    words: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact words of the handbook. `lead` is the line above them that carries their sense.

    `marked` is the quote in the quotation marks of the language. `rows` holds the cells of a row of a table below the names
    of its columns; it is empty for anything else.
    """

    number: int
    lead: str
    text: str
    marked: str
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where quotes stand. `details`: section, page, version, since when in force, each in words; `url` may be empty."""

    number: int
    title: str
    details: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Lines below a heading."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """An answer, part by part; what is empty is not shown.

    `said` are paragraphs in front of what is quoted, or the whole of an answer that has no other parts. `sentences` carry
    the numbers of `sources`; each source has one quote at least. `choices` stand in `said`, too, since a label may be cut.
    `feedback` are the two thumbs, `reasons` what to choose from after the second; `judged`: both have done their work.
    `sources_button` shows how the answer came about; `private` offers to ask where nobody reads along, with `private_words`
    beside it. `reference` is the answer's id in words, `aside`: shown only to whoever pressed, where the platform can.
    """

    language: str
    preface: tuple[str, ...] = ()
    verdict: Ruling | None = None
    said: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    quotes: tuple[Quote, ...] = ()
    sources_heading: str = ""
    sources: tuple[Source, ...] = ()
    nearest: Listed | None = None
    contact: str = ""
    notice: tuple[str, ...] = ()
    by_ai: str = ""
    reference: str = ""
    choices: tuple[Button, ...] = ()
    suggestions_heading: str = ""
    suggestions: tuple[Button, ...] = ()
    sources_button: Button | None = None
    feedback: tuple[Button, ...] = ()
    reasons: tuple[Button, ...] = ()
    judged: bool = False
    private_words: str = ""
    private: Button | None = None
    aside: bool = False


def of(answer: Answer) -> Layout:
    """Return an answer's layout."""
    language, proven = answer.language, answer.outcome in _PROVEN and bool(answer.citations)
    shared = answer.privately and answer.outcome in _ANSWERED
    suggestions = _questions(answer.suggestions, answer.id, len(answer.choices))
    return Layout(
        language,
        preface=_paragraphs(answer.preface),
        verdict=_ruling(answer),
        said=_said(answer),
        sentences=answer.sentences if answer.outcome is Outcome.WRITTEN else (),
        quotes=tuple(quoted(citation, language) for citation in answer.citations) if proven else (),
        sources_heading=say("sources", language) if proven else "",
        sources=tuple(_source(citation, language) for citation in answer.citations) if proven else (),
        nearest=_nearest(answer),
        contact=_contact(answer),
        notice=tuple(filter(None, answer.notice.split("\n"))),
        by_ai=_by_ai(answer),
        reference=say("reference", language, reference=answer.id) if answer.id and answer.outcome in _ANSWERED else "",
        choices=_questions(answer.choices, answer.id),
        suggestions_heading=say("suggestions", language) if suggestions else "",
        suggestions=suggestions,
        sources_button=_button(answer, "button_sources", Action.SOURCES) if proven and not answer.privately else None,
        feedback=_feedback(answer),
        reasons=_reasons(answer),
        judged=answer.judged,
        private_words=say("privately", language) if shared else "",
        private=_button(answer, "button_private", Action.PRIVATE) if shared else None,
        aside=answer.aside,
    )


def _ruling(answer: Answer) -> Ruling | None:
    if answer.contradiction:
        return Ruling(SYMBOLS[Verdict.UNDECIDED], say("contradiction", answer.language))
    words = wording.verdict(answer)
    return Ruling(SYMBOLS[answer.verdict], words) if answer.verdict and words else None


def _said(answer: Answer) -> tuple[str, ...]:
    """Return what stands in front of the parts: without the verdict and the AI's line, which have their own."""
    if answer.outcome is Outcome.WRITTEN and answer.sentences:
        return ()
    if _plain_no(answer):
        return (say("not_found", answer.language),)
    text = wording.opening(answer) if answer.outcome is Outcome.QUOTED and answer.citations else answer.text
    for part in filter(None, (_by_ai(answer),)):
        text = text.removesuffix(part).rstrip()
    ruling = _ruling(answer)
    return _paragraphs(text.removeprefix(ruling.words) if ruling else text)


def _plain_no(answer: Answer) -> bool:
    """Say whether the text is the honest no, whose nearest places and contact have parts of their own."""
    return answer.outcome is Outcome.NOT_FOUND and answer.text.startswith(say("not_found", answer.language))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.strip()))))


def quoted(citation: Citation, language: str) -> Quote:
    """Return a citation as it is shown."""
    rows = tuple(tuple(line.split(CELL_SEPARATOR)) for line in (citation.lead, citation.quote))
    is_row = len({len(row) for row in rows}) == 1 and len(rows[0]) > 1 and "\n" not in citation.lead + citation.quote
    marked = wording.mark(citation.quote, language)
    return Quote(citation.number, citation.lead, citation.quote, marked, rows if is_row else ())


def _source(citation: Citation, language: str) -> Source:
    url = citation.url if _LINK.fullmatch(citation.url) else ""
    return Source(citation.number, citation.title, wording.details(citation, language), url)


def _nearest(answer: Answer) -> Listed | None:
    if not _plain_no(answer) or not answer.nearest:
        return None
    lines = (", ".join(filter(None, (place.title, place.section))) for place in answer.nearest)
    return Listed(say("nearest", answer.language), tuple(lines))


def _contact(answer: Answer) -> str:
    """Return whom to ask; nothing where the words in front say it."""
    if _plain_no(answer):
        return (
            say("ask_contact", answer.language, contact=answer.contact)
            if answer.contact
            else say("ask_nobody", answer.language)
        )
    if answer.outcome not in _PROVEN or not answer.contact or answer.contact in " ".join(_said(answer)):
        return ""
    return say("ask_back", answer.language, contact=answer.contact)


def _by_ai(answer: Answer) -> str:
    """Return the line that says who answers."""
    lines = {name: say(name, answer.language) for name in wording.SIGNATURES}
    if said := next(filter(answer.text.endswith, lines.values()), ""):
        return said
    if answer.outcome in _PROVEN:
        return lines["by_ai"]
    return lines["by_ai_alone"] if answer.outcome is Outcome.NOT_FOUND else ""


# buttons


def _button(answer: Answer, phrase: str, action: Action, detail: str = "") -> Button | None:
    payload = buttons.payload(action, answer.id, detail)
    return Button(say(phrase, answer.language), payload) if payload else None


def _questions(texts: Sequence[str], reference: str, first: int = 0) -> tuple[Button, ...]:
    """Return questions that can be sent as they are."""
    made = (
        Button(" ".join(text.split()), buttons.payload(Action.ASK, reference, str(number)))
        for number, text in enumerate(texts, first)
    )
    return tuple(button for button in made if button.label and button.payload)


def _feedback(answer: Answer) -> tuple[Button, ...]:
    if answer.outcome not in _ANSWERED:
        return ()
    both = (
        _button(answer, "button_helpful", Action.JUDGE, Reason.HELPFUL),
        _button(answer, "button_unhelpful", Action.UNHELPFUL),
    )
    return tuple(filter(None, both))


def _reasons(answer: Answer) -> tuple[Button, ...]:
    made = (
        Button(say(f"feedback_{reason.value}", answer.language), buttons.payload(Action.JUDGE, answer.judges, reason))
        for reason in Reason
        if answer.judges and reason is not Reason.HELPFUL
    )
    return tuple(button for button in made if button.payload)
