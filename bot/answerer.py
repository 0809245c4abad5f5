"""Compose an answer from the quotes that were chosen: cite them, name what comes near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.messages import Citation, Near, Retrieved, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.choosing import Quote
    from knowledge.findings import Findings, Found

SHOWN = 10
"""Passages named under `retrieved`."""
NEAREST = 3
"""Places named when nothing answers the question."""


def cite(quotes: Sequence[Quote]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Return the quotes as sentences of an answer, each with its citation."""
    citations = tuple(citation(number, quote) for number, quote in enumerate(quotes, start=1))
    sentences = tuple(Sentence(each.quote, (each.number,)) for each in citations)
    return sentences, citations


def citation(number: int, quote: Quote) -> Citation:
    """Return the place of a quote, with everything that a reader needs to find it."""
    passage, about = quote.found.passage, quote.found.metadata
    return Citation(
        number,
        passage.document,
        about.title,
        place(quote.found),
        quote.text,
        passage.page,
        about.url,
        about.version,
        about.effective,
        quote.lead,
    )


def place(found: Found) -> str:
    """Return the heading path of a passage, without a top heading that only repeats the title."""
    headings = [heading for heading in found.passage.section if heading]
    if len(headings) > 1 or (headings and headings[0].casefold() == found.metadata.title.casefold()):
        headings = headings[1:]
    return " > ".join(headings)


def nearest(findings: Findings) -> tuple[Near, ...]:
    """Return the best place of each of the nearest documents."""
    near: dict[str, Near] = {}
    for found in findings.found:
        document = found.passage.document
        near.setdefault(document, Near(document, found.metadata.title, place(found)))
    return tuple(near.values())[:NEAREST]


def retrieved(findings: Findings, looked_up: Sequence[Retrieved] = ()) -> tuple[Retrieved, ...]:
    """Return the best passages as they were found, behind those that were looked up for the answer by another question."""
    found = (shown(each) for each in findings.found)
    places = {(each.document, each.text) for each in looked_up}
    return (*looked_up, *(each for each in found if (each.document, each.text) not in places))[:SHOWN]


def shown(found: Found) -> Retrieved:
    """Return a passage as it was found."""
    return Retrieved(found.passage.document, place(found), found.passage.text, round(found.score, 4))
