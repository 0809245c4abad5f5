"""What a question asks for, an amount, a date, a person, a place, and whether a text holds one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge.remembered import remembered

if TYPE_CHECKING:
    from knowledge.findings import Findings


@dataclass(frozen=True, slots=True)
class Sought:
    """A kind of thing that can be asked for: how a question asks for it, how a text shows it."""

    name: str
    asks: re.Pattern[str]
    shows: re.Pattern[str]

    def held(self, text: str) -> bool:
        """Say whether a text of the handbook holds one; what has been looked at lately is known."""
        return _shows(self.shows, text)


class Wanted:
    """What a question asks for. A number that the question itself names is no answer to it."""

    def __init__(self, question: str) -> None:
        self.kinds = sought(question)
        self._named = frozenset(_DIGITS.findall(question)) if self.kinds else frozenset()

    def held(self, text: str) -> bool:
        """Say whether a text holds what is asked for; any does where nothing of a kind is."""
        if not self.kinds:
            return True
        left = _DIGITS.sub(lambda match: "" if match[0] in self._named else match[0], text) if self._named else text
        return any(kind.held(left) for kind in self.kinds)


def sought(question: str) -> tuple[Sought, ...]:
    """Return what a question asks for; nothing for a question that wants a rule or an explanation."""
    return tuple(kind for kind in KINDS if kind.asks.search(question))


HELD = 0.1
"""What a passage's score gains by holding a thing of the kind that is asked for."""


def first(question: str, findings: Findings) -> Findings:
    """Return findings in which passages that hold what is asked for, an amount, a date, a person, come before their like."""
    wanted = Wanted(question)
    if not wanted.kinds:
        return findings
    found = sorted(findings.found, key=lambda each: -each.score - HELD * wanted.held(each.passage.text))
    return replace(findings, found=tuple(found))


def asking(question: str) -> frozenset[str]:
    """Return the words, in lower case, by which a question asks for a kind of thing: whatever holds one answers them."""
    asked = (match[0].lower() for kind in sought(question) for match in kind.asks.finditer(question))
    return frozenset(word for part in asked for word in re.findall(r"\w+", part))


@remembered(50_000)
def _shows(shows: re.Pattern[str], text: str) -> bool:
    return shows.search(text) is not None


_DIGITS = re.compile(r"\d+")
_NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|ein(?:e[mnrs]?)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|januar|jänner|februar|märz|mai|juni|juli|oktober|dezember)"
)
_OPENED = r"^\W*(?:\w+[ ,]+){0,3}"
"""Up to three words before the word that asks ("And since …", "Und an …")."""


def _kind(name: str, asks: str, shows: str, *, spelled: bool = False) -> Sought:
    """Return a kind; `spelled`: capital letters in the text matter."""
    return Sought(name, re.compile(asks, re.IGNORECASE), re.compile(shows, re.NOFLAG if spelled else re.IGNORECASE))


KINDS = (
    _kind(
        "phone",
        r"\b(?:phone|telephone|extension|hotline|telefon\w*|durchwahl|(?:which|what) number|welche nummer|rufnummer)\b",
        r"\d{3,}",
    ),
    _kind("mail", r"\be-?mail.?(?:address|adress\w*)|\bmailadresse\b", r"\S@\S"),
    _kind(
        "money",
        r"\b(?:costs?|prices?|how expensive|budget|euros?|€|kosten|kostet|preise?|teuer|betrag|summe|gehalt|salary|fee|gebühr)\b",
        r"(?:€|\beuros?\b|\beur\b|\$|£|\bchf\b)|\d+[.,]\d\d\b|\b(?:free|kostenlos|kostenfrei|gratis)\b",
    ),
    _kind(
        "duration",
        r"\b(?:how (?:long|quick\w*|fast|soon|often)|wie (?:lang\w*|schnell|oft|häufig)|deadline|frist|within)\b"
        r"|\b(?:how many|wie ?viele) (?:minutes|hours|days|weeks|months|years|minuten|stunden|tage|wochen|monate|jahre)\b",
        rf"\b{_NUMBER}[ -]?(?:\w+[ -])?(?:minute|hour|day|week|month|year|quarter|stunde|\w*tag|woche|monat|jahr|quartal)"
        r"|\b(?:annual|yearly|monthly|weekly|daily|immediately|at once|twice|once|every|permanent)\b"
        r"|\b(?:jährlich|monatlich|wöchentlich|täglich|sofort|unverzüglich|dauerhaft|gar nicht|jede[nrs]?|einmal|zweimal)",
    ),
    _kind(
        "date",
        rf"{_OPENED}(?:when|wann|(?:what|which) (?:day|date|time)|welche[mrn]? (?:tag|datum|termin))\b"
        r"|\b(?:when (?:is|does|do|are|was|did|will)|wann (?:ist|sind|war|gilt|findet|wird|beginnt))\b",
        rf"\d{{4}}|\d{{1,2}}\.\d{{1,2}}\.|\b{_MONTH}\b"
        r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
        r"|\b(?:every|jede[nrs]?|after|nach|within|innerhalb|before|bevor|vor|until|bis|as soon as|sobald|once|quarter|quartal)\b",
    ),
    _kind(
        "amount",
        r"\b(?:how (?:many|much|big|large|old)|wie ?(?:vielen?|hoch|groß|alt)|(?:what|which) (?:percentage|share|is the limit)"
        r"|limit|maximum|minimum|prozent|percent|höchstens|mindestens|up to what|bis zu welche[mr]|ab welche[mr])\b",
        rf"\d|\b{_NUMBER}\b|\b(?:no limit|unlimited|unbegrenzt|kein\w* (?:limit|grenze)|all|alle|half|hälfte)\b",
    ),
    _kind(
        "person",
        rf"{_OPENED}(?:who|whom|whose|wer|wem|wen|wessen)\b|\bwho ?(?:2|to) ?ask\b|\b(?:whom?) (?:do|should|can|must) (?:i|we)\b"
        r"|\b(?:name of|named|called|heißt|ansprechpartner\w*|contact person|ansprechperson)\b",
        r"\b(?:Dr|Prof|Mr|Ms|Mrs|Frau|Herrn?)\b|\b[A-ZÄÖÜ][a-zäöüß]+ (?:van |von |de )?[A-ZÄÖÜ][\w-]+|\S@\S"
        r"|\b(?:[Oo]fficer|[Oo]ffice|[Tt]eam|[Mm]anager|[Dd]epartment|[Hh]ead|[Bb]oard|[Cc]ouncil|[Oo]wner|[Cc]ommittee|[Ll]ead|[Ss]upervisor)\b"
        r"|\b\w*(?:[Bb]eauftragte|[Ll]eit(?:er|ung)|[Aa]bteilung|[Ss]telle|[Rr]at|[Tt]eam|[Ff]ührung|[Vv]orgesetzte|[Kk]raft)\w*",
        spelled=True,
    ),
    _kind(
        "place",
        rf"{_OPENED}(?:where|wo|wohin|woher|on which (?:page|site|server)|auf welche[rm])\b",
        r"https?://|\bSharePoint\b|\bTeams\b|[Ii]ntranet|[Pp]ortal|\bEU\b|\b[Ff]older|[Oo]rdner|\bWiki\b|[\w-]+\.[\w.-]+/\w|\S@\S"
        r"|\b(?:[Ii]n|[Ii]m|[Uu]nter|[Aa]t|[Oo]n|[Bb]ei|[Uu]nder|[Bb]eim) (?:the |der |dem |den )?[A-ZÄÖÜ„\"“]\w+"
        r"|[Cc]hannel|[Kk]anal|\b[Rr]oom\b|\bRaum\b|[Ss]erver",
        spelled=True,
    ),
)
"""The kinds that a text shows on its face; for all others one has to understand it."""
