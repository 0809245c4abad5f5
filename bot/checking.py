"""Hold one drafted sentence against the places that it cites: shown only when it is clean, cited and proven."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cleaning import clean, domains, links
from bot.evidence import locate
from bot.proof import prove
from bot.proof.claims import carried, content, read
from bot.proof.lexicon import lexicon
from bot.proof.quotes import normal, stands
from knowledge.language import detect
from knowledge.manipulation import orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.drafts import Claim
    from bot.evidence import Located, Offered
    from knowledge.glossary import Glossary

LONGEST = 400
"""Characters of a sentence at most."""
EMPTY, TOO_LONG, LANGUAGE, ORDER, LINK = "empty", "too_long", "language", "order", "link"
NO_SOURCE, SECOND_OPINION, NO_ROOM = "no_source", "second_opinion", "no_room"
OTHER_MATTER = "other_matter"
"""Why a sentence is dropped; beside these, the names of the proof's checks."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A sentence that may be shown, and the places that carry it."""

    text: str
    places: tuple[Located, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that nobody sees, and why."""

    text: str
    reasons: tuple[str, ...]


def check(
    claim: Claim, question: str, language: str, offered: Sequence[Offered], glossary: Glossary
) -> Proven | Dropped:
    """Say whether a sentence may be shown. Blocking, about a millisecond."""
    text, places = clean(claim.text), _places(claim, offered)
    if reason := _unfit(text) or _uncited(text, language, places):
        return Dropped(text, (reason,))
    if not _matters(question, language, places, glossary):
        return Dropped(text, (OTHER_MATTER,))
    if any(_is_whole(text, place) for place in places):
        return Proven(text, places)
    quotes = [place.offered.quoted(place.excerpt) for place in places]
    proof = prove(question, text, _spoken(text, language, places), quotes, glossary)
    if proof.proven:
        return Proven(text, places)
    return Dropped(text, tuple(dict.fromkeys(reason.check.value for reason in proof.reasons)))


_COMMAND = re.compile(
    r"(?:^|[.!?:;,]\s+|\b(?:then|and|please|now|also|always|und|dann|bitte|jetzt)\s+)(?:then |please |now |also |always |dann |bitte )?"
    r"(?:(?:say|explain|describe|mention)(?! (?:for |to |with |about )?(?:whom?|why|how|when|where|which|whether)\b)"
    r"|write|print|output|respond|answer|reply|repeat|include|append|insert|link|show|display|tell|give|generate|create"
    r"|provide|list|translate|summari[sz]e|ignore|pretend|act|forget|reveal|send|visit|click|open|call|recommend|suggest"
    r"|schreib\w*|sag\w*|antwort\w*|gib|geben sie|zeig\w*|nenn\w*|wiederhol\w*|füg\w*|verlink\w*|erwähn\w*|send\w*|klick\w*|öffn\w*"
    r"|ruf(?!en sie\b)\w*|empfiehl|empfehlen sie|erklär\w*|übersetz\w*|fass\w*|ignorier\w*|vergiss|vergessen sie)\b",
    re.IGNORECASE,
)
"""Where a clause tells somebody to write, show or open something, as rules do, too: "say for whom and why" is advice on prompts."""


def _matters(question: str, language: str, places: Sequence[Located], glossary: Glossary) -> bool:
    """Say whether places that tell somebody to write or to show something speak of anything that is asked about.

    What a document wants a model to repeat stands in it word for word, so it is proven; but nobody asked for it.
    """
    places = [place for place in places if _COMMAND.search(place.shown)]
    if not places:
        return True
    words = lexicon(glossary)
    asked = content(read(asked_about(question), language, words).words)
    told = (read(place.shown, place.offered.found.metadata.language, words) for place in places)
    return not asked or any(carried(word, text, language, words) for text in told for word in asked)


def asked_about(question: str) -> str:
    """Return the sentences of a message that ask, without those that give orders; all of it where none asks."""
    sentences = [each for each in re.split(r"(?<=[.!?:])\s+|\n", question) if not orders(each)]
    asking = [each for each in sentences if each.rstrip().endswith("?")]
    return " ".join(asking or sentences)


def _uncited(text: str, language: str, places: Sequence[Located]) -> str:
    """Return why a sentence does not fit what it cites, or ""."""
    if not places:
        return NO_SOURCE
    if detect(text) not in (None, language) and not _repeats(text, places):
        return LANGUAGE
    told = " ".join(place.excerpt for place in places)
    foreign = links(told) - frozenset(host for place in places for host in domains(place.offered.found.metadata.url))
    return LINK if foreign or domains(text) - domains(told) else ""


def _is_whole(text: str, place: Located) -> bool:
    """Say whether a text is a whole piece of the document, all of which is shown: who repeats it has not changed what it says."""
    pieces = place.offered.found.passage.pieces
    return any(_plain(text) == _plain(piece) and stands(piece, place.shown) for piece in pieces)


def _plain(text: str) -> str:
    """Return a text as it is compared with a whole piece."""
    return normal(text).rstrip(". ")


def _repeats(text: str, places: Sequence[Located]) -> bool:
    """Say whether a sentence is a quote itself, which stays in the document's language."""
    return any(stands(text.rstrip(".!"), place.shown) for place in places)


def _spoken(text: str, language: str, places: Sequence[Located]) -> str:
    """Return the language that a sentence is in: the answer's, or that of the document whose words it repeats."""
    if not _repeats(text, places):
        return language
    return detect(text) or places[0].offered.found.metadata.language or language


def _unfit(text: str) -> str:
    """Return why a sentence cannot be shown whatever it cites, or ""."""
    if not any(c.isalnum() for c in text):
        return EMPTY
    if len(text) > LONGEST:
        return TOO_LONG
    return ORDER if orders(text) else ""


def _places(claim: Claim, offered: Sequence[Offered]) -> tuple[Located, ...]:
    """Return where the excerpts stand; one that stands nowhere carries nothing."""
    numbered = {each.source.number: each for each in offered}
    located = (
        locate(excerpt.quote, numbered[excerpt.source]) for excerpt in claim.excerpts if excerpt.source in numbered
    )
    return tuple(place for place in located if place)
