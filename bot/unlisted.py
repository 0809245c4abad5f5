"""A question about a tool that nothing in the handbook names: then the rule for tools that are not listed answers it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.messages import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.choosing import Quote
    from knowledge.findings import Findings

_USES = re.compile(
    r"\b(?:us(?:e|es|ing)|try|install\w*|start|work with|download\w*|app|apps|tools?|software|plug-?ins?|extensions?|bots?|programs?"
    r"|nutz\w*|benutz\w*|verwend\w*|einsetz\w*|einzusetzen|install\w*|ausprobier\w*|testen|loslegen|arbeiten|herunterlad\w*|programme?|werkzeuge?|erweiterung\w*)\b",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\b(?:allowed|permitted|approved|ok(?:ay)?|banned|erlaubt|verboten|freigegeben|zugelassen|gestattet)\b",
    re.IGNORECASE,
)
_LISTS = r"[\w -]{0,24}(?:register|list|catalogue|inventory|table|liste|verzeichnis|katalog|übersicht)"
_RULE = re.compile(
    rf"\b(?:not|nicht|no) (?:yet |noch |listed )?(?:in|on|im|auf)(?: the| this| our| der| dem| unsere[rm])? {_LISTS}"
    r"|\b(?:not|nicht) (?:yet |noch )?(?:listed|registered|aufgeführt|gelistet|aufgelistet|verzeichnet)\b"
    r"|\bunlisted\b|\bany other (?:tools?|services?|software)\b|\balle anderen (?:werkzeuge?|tools?|dienste?|programme?)\b",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"\b(?:(?:not|never) (?:be )?(?:allowed|permitted|used|approved)|(?:must|may|can) not|cannot|forbidden|prohibited|banned"
    r"|verboten|untersagt|unzulässig|nicht (?:erlaubt|zulässig|gestattet|freigegeben)"
    r"|(?:darf|dürfen)\b[^.]{0,60}\b(?:nicht|nie|kein\w*))\b",
    re.IGNORECASE,
)


def named(question: str, findings: Findings) -> str:
    """Return the tool that a question asks about and that nothing here names, as it is written, or ""."""
    spelled = [match for match in re.finditer(r"[\w.;-]*\w", question) if _unknown(match[0], findings)]
    uses, allowed = _USES.search(question), _ALLOWED.search(question)
    return next((match[0] for match in spelled if _is_name(match, question) and (uses or allowed)), "")


def _unknown(word: str, findings: Findings) -> bool:
    parts = re.findall(r"\w+", word.lower())
    return max(parts, key=len, default="") in findings.unknown


def _is_name(match: re.Match[str], question: str) -> bool:
    """Say whether a word looks like the name of a product: a capital inside, or one at its start where none need be."""
    word, before = match[0], question[: match.start()].rstrip()
    if re.search(r"\w[A-Z.;]\w|\d", word):
        return True
    starts = not before or before[-1] in ".!?:"
    article = re.search(
        r"\b(?:ein\w*|der|die|das|den|dem|des|mein\w*|unser\w*|kein\w*|a|an|the|my|our)(?: (?-i:[a-zäöüß])\w*){0,2}$",
        before,
        re.IGNORECASE,
    )
    return word[0].isupper() and not starts and not article


def rule(quotable: Iterable[Quote]) -> Quote | None:
    """Return the piece that says what holds for tools that are not listed, one that forbids them first."""
    rules = [quote for quote in quotable if quote.first == quote.last and _RULE.search(quote.text)]
    return max(rules, key=lambda quote: (forbids(quote) is Verdict.FORBIDDEN, quote.value), default=None)


def forbids(quote: Quote) -> Verdict:
    """Return what the rule says."""
    return Verdict.FORBIDDEN if _FORBIDS.search(quote.text) else Verdict.UNDECIDED
