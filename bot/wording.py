"""Put an answer's parts into plain text, for platforms that show nothing else, and for the field `text`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.intent import Intent
from bot.messages import Progress, Verdict, Waiting, Wrote
from bot.phrases import say
from knowledge.language import GERMAN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.deciding import Decision
    from bot.messages import Answer, Citation, Near, Sentence, Sign

TITLE = 48
"""Characters of a title or a section that are shown in plain text, so that an answer stays below 1,500."""
VERSION = 20
"""Characters of a version that are shown."""
LONGEST = 1500
"""Characters of an answer's text at most."""
CONTACT = 80
"""Characters of a contact that are shown."""


def declined(intent: Intent, language: str) -> str:
    """Return the friendly sentence for a message that asks nothing, and who says it."""
    said = say(intent.value, language)
    return said if intent is Intent.IDENTITY else "\n\n".join((said, say("by_ai_alone", language)))


def opening(answer: Answer) -> str:
    """Return the words in front of an answer's quotes."""
    first = f"\n\n{_quoted(answer.citations[0], answer.language)}" if answer.citations else "\n\n"
    return answer.text.partition(first)[0]


def mark(quote: str, language: str) -> str:
    """Set a quote between the quotation marks of the language around it."""
    return f"„{quote}“" if language == GERMAN else f"“{quote}”"


def quoted(citations: Sequence[Citation], language: str, first: str) -> str:
    """Return an answer that quotes, behind a first line."""
    return "\n\n".join((first, *_quotes(citations, language), _sources(citations, language), say("by_ai", language)))


def first_line(decision: Decision, language: str) -> str:
    """Return what stands in front of quotes: the verdict, if there is one, and that the handbook is quoted."""
    told = f"verdict_{decision.verdict}" if decision.verdict else ""
    told = "contradiction" if decision.contradiction else told
    return f"{say(told, language)} {say('quoted', language)}" if told else say("quoted", language)


def unlisted(name: str, decision: Decision, language: str) -> str:
    """Return what stands in front of the rule for a tool that nothing here names."""
    told = say(f"verdict_{decision.verdict}", language) if decision.verdict is Verdict.FORBIDDEN else ""
    return f"{told} {say('unlisted', language, name=_short(name))}".strip()


def clarify(choices: Sequence[str], language: str) -> str:
    """Return what is asked back, with the questions to choose from."""
    offered = "\n".join(f"– {choice}" for choice in choices)
    return "\n\n".join(
        (f"{say('clarify', language)}\n{offered}", say("clarify_else", language), say("by_ai_alone", language))
    )


def written(
    sentences: Sequence[Sentence], citations: Sequence[Citation], verdict: Verdict | None, language: str
) -> str:
    """Return an answer that was written: the verdict on top, each sentence with the numbers of its places, the places with their quotes."""
    said = " ".join(f"{each.text} {''.join(f'[{number}]' for number in each.citations)}" for each in sentences)
    above = (say(f"verdict_{verdict.value}", language),) if verdict else ()
    quotes = (f"{source(citation, language)}: {mark(citation.quote, language)}" for citation in citations)
    places = "\n".join((say("sources", language) + ":", *quotes))
    whole = "\n\n".join((*above, said, places, say("by_ai", language)))
    return (
        whole
        if len(whole) <= LONGEST
        else "\n\n".join((*above, said, _sources(citations, language), say("by_ai", language)))
    )


def incident(citations: Sequence[Citation], contact: str, language: str) -> str:
    """Return what to do after an accident: whom to tell, then the handbook's steps, or those that are right everywhere."""
    if not citations:
        return "\n\n".join((alarm(contact, language), say("by_ai_alone", language)))
    steps = (say("incident_steps", language), *_quotes(citations, language), _sources(citations, language))
    return "\n\n".join((_whom(contact, language), *steps, say("by_ai", language)))


def alarm(contact: str, language: str) -> str:
    """Return whom to tell after an accident, and the steps that are right everywhere."""
    return "\n\n".join((_whom(contact, language), say("incident_do", language)))


def _whom(contact: str, language: str) -> str:
    if not contact:
        return say("incident_nobody", language)
    return say("incident_first", language, contact=_short(contact, CONTACT))


SIGNATURES = ("by_ai", "by_ai_alone", "automatic")
"""The lines that an answer may end with, which tell that an AI or an automatic system gives it."""


def signed(text: str, language: str) -> str:
    """Return words that no model and no document gave with the line on who says them, unless they end with such a line."""
    if text.endswith(tuple(say(line, language) for line in SIGNATURES)):
        return text
    return "\n\n".join((text, say("automatic", language)))


def prefaced(answer: Answer, words: str) -> Answer:
    """Return an answer with words in front of it; below one that is urgent."""
    if answer.urgent:
        return replace(answer, notice="\n".join(filter(None, (answer.notice, words))))
    return replace(answer, preface="\n\n".join(filter(None, (words, answer.preface))))


def not_found(near: Sequence[Near], contact: str, language: str) -> str:
    """Return the honest no: the nearest places, and whom to ask."""
    parts = [say("not_found", language)]
    if near:
        places = (
            f"– {_short(place.title)}" + (f", {_short(place.section)}" if place.section else "") for place in near
        )
        parts.append("\n".join((say("nearest", language), *places)))
    parts.append(
        say("ask_contact", language, contact=_short(contact, CONTACT)) if contact else say("ask_nobody", language)
    )
    return "\n\n".join((*parts, say("by_ai_alone", language)))


def cut(limit: int, language: str) -> str:
    """Return the notice that a message was too long to be read whole."""
    return say("too_long", language, limit=limit)


def fallback(state: date, language: str) -> str:
    """Return the notice that an answer comes from an earlier state of the handbook, that of a day."""
    return say("fallback", language, date=day(state, language))


def unlisted_query(language: str) -> str:
    """Return the question that finds the rule for tools that are not listed."""
    return say("unlisted_query", language)


def incident_query(language: str) -> str:
    """Return the question that finds the steps after an accident."""
    return say("incident_query", language)


def sign(event: Sign) -> str:
    """Return a sign of life in words."""
    if isinstance(event, Wrote):
        return event.sentence.text
    if isinstance(event, Progress):
        phase = say(f"phase_{event.phase}", event.language)
        return say("progress", event.language, phase=phase, done=event.done, total=event.total)
    if isinstance(event, Waiting):
        return say("waiting" if event.ahead else "waiting_next", event.language, ahead=event.ahead)
    return say("searching", event.language, documents=event.documents)


def day(value: date, language: str) -> str:
    """Write a date as people do."""
    return f"{value:%d.%m.%Y}" if language == GERMAN else f"{value.day} {value:%B %Y}"


def source(citation: Citation, language: str) -> str:
    """Return one line that tells where a quote stands."""
    brief = replace(
        citation,
        title=_short(citation.title),
        section=_short(citation.section),
        version=_short(citation.version, VERSION),
    )
    return f"[{citation.number}] " + ", ".join((brief.title, *details(brief, language)))


def details(citation: Citation, language: str) -> tuple[str, ...]:
    """Return what tells, below its title, where a quote stands: section, page, version, since when it is in force."""
    said = (
        citation.section,
        say("page", language, page=citation.page) if citation.page else "",
        say("version", language, version=citation.version) if citation.version else "",
        say("effective", language, date=day(citation.effective, language)) if citation.effective else "",
    )
    return tuple(filter(None, said))


def verdict(answer: Answer) -> str:
    """Return the words of an answer's verdict, nothing where there is none, or where documents contradict each other."""
    return (
        say(f"verdict_{answer.verdict.value}", answer.language) if answer.verdict and not answer.contradiction else ""
    )


def _quotes(citations: Sequence[Citation], language: str) -> tuple[str, ...]:
    return tuple(_quoted(citation, language) for citation in citations)


def _quoted(citation: Citation, language: str) -> str:
    lead = f"{citation.lead}\n" if citation.lead else ""
    return f"{lead}{mark(citation.quote, language)} [{citation.number}]"


def _sources(citations: Sequence[Citation], language: str) -> str:
    return "\n".join((say("sources", language) + ":", *(source(citation, language) for citation in citations)))


def _short(text: str, limit: int = TITLE) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
