"""What people do for themselves: see what is kept, get it, have it deleted, choose a language, check a text, judge an answer."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import commands, privacy
from bot.phrases import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from bot.people import Opinions, People, Person
    from bot.privacy import Finding
    from bot.privacy.own_patterns import OwnPattern
    from bot.retention import Retention
    from bot.senders import Account

SHOWN = 8_000
"""Characters of an export that are shown in a chat."""
CHECKED = 20_000
"""Characters of a text that are checked in a chat."""
_HOUR = 3600
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class Caller:
    """Who gives a command: the account, what is kept about it, and the language to answer in."""

    account: Account
    person: Person
    language: str
    now: datetime


class SelfService:
    """Carries out the commands that concern the person who gives them."""

    def __init__(
        self,
        people: People,
        opinions: Opinions,
        retention: Retention,
        contact: str = "",
        patterns: Sequence[OwnPattern] = (),
    ) -> None:
        self._people, self._opinions = people, opinions
        self._retention, self._patterns = retention, patterns
        self.contact = contact

    @property
    def retention(self) -> Retention:
        """Return how long things are kept."""
        return self._retention

    def privacy(self, caller: Caller) -> str:
        """Say what is kept, and for how long."""
        language, kept = caller.language, self._retention
        spans = {name: span(getattr(kept, name), language) for name in ("raw", "turns", "journal", "people")}
        lines = (
            f"– {say(f'privacy_{name}', language, **fields)}"
            for name, fields in (
                ("raw", {"raw": spans["raw"]}),
                ("turns", {"turns": spans["turns"]}),
                ("journal", {"journal": spans["journal"]}),
                ("person", {"people": spans["people"]}),
            )
        )
        parts = [say("privacy_intro", language), "\n".join(lines), say("privacy_rights", language)]
        if self.contact:
            parts.append(say("privacy_contact", language, contact=self.contact))
        return "\n\n".join(parts)

    async def export(self, caller: Caller) -> str:
        """Return everything that is kept about the caller."""
        kept = await self._people.export(caller.account)
        if not kept:
            return say("export_nothing", caller.language)
        text = written(kept)
        parts = [say("export_intro", caller.language), text[:SHOWN]]
        if len(text) > SHOWN:
            parts.append(say("export_cut", caller.language, count=len(text) - SHOWN))
        return "\n\n".join(parts)

    async def forget(self, caller: Caller, argument: str) -> str:
        """Delete everything about the caller, once it was confirmed."""
        if not commands.agrees(argument):
            return say("forget_ask", caller.language)
        await self._people.forget(caller.account)
        return say("forget_done", caller.language)

    async def choose_language(self, caller: Caller, argument: str) -> str:
        """Keep the language that the caller wants to be answered in."""
        chosen = commands.chosen_language(argument)
        if chosen is None:
            return say("language_how", caller.language)
        await self._people.choose(caller.account, chosen)
        return say("language_set" if chosen else "language_free", chosen or caller.language)

    def check(self, caller: Caller, text: str) -> str:
        """Say what in a text is personal or secret. Nothing of it is kept."""
        if not text:
            return say("check_how", caller.language)
        redaction = privacy.replace(text[:CHECKED], self._patterns)
        found = Counter(map(_sort, redaction.findings))
        language = caller.language
        cut = [say("check_cut", language, limit=CHECKED)] if len(text) > CHECKED else []
        parts = [say("check_warning", language), *cut, say("check_found" if found else "check_nothing", language)]
        parts += [
            "– "
            + say(
                "check_count",
                language,
                name=name or say(f"kind_{kind}", language),
                count=count,
                sort=say(f"sensitivity_{sort}", language),
            )
            for (kind, name, sort), count in found.items()
        ]
        if found:
            parts += [say("check_replaced", language), redaction.text]
        return "\n\n".join((*parts, say("check_note", language), say("check_kept", language)))

    async def judge(self, caller: Caller, argument: str) -> str:
        """Keep what the caller thinks of an answer, with personal data replaced."""
        given = commands.feedback(argument)
        if given is None:
            return say("feedback_how", caller.language)
        words = privacy.replace(given.words, self._patterns).text[: commands.WORDS]
        known = await self._opinions.add(caller.person.pseudonym, replace(given, words=words), caller.now)
        return say("feedback_thanks" if known else "why_unknown", caller.language)


def _sort(finding: Finding) -> tuple[str, str, str]:
    name = finding.label if finding.kind is privacy.Kind.OWN else ""
    return finding.kind.value, name, finding.sensitivity.value


def span(time: timedelta, language: str) -> str:
    """Write how long something lasts, in hours or days."""
    seconds = int(time.total_seconds())
    if seconds == _HOUR:
        return say("hour", language)
    if seconds % _DAY:
        return say("hours", language, count=max(1, round(seconds / _HOUR)))
    return say("days", language, count=seconds // _DAY)


def written(kept: Mapping[str, object]) -> str:
    """Write an export down as JSON that people can read."""
    return json.dumps(kept, ensure_ascii=False, indent=1, default=str)


def examples(language: str) -> tuple[str, ...]:
    """Return three questions to start with."""
    return tuple(say(f"example_{number}", language) for number in (1, 2, 3))


def welcome(language: str, questions: Sequence[str] = ()) -> str:
    """Say who answers here, and give three questions to start with; general ones where none are given."""
    shown = "\n".join(f"– {question}" for question in questions or examples(language))
    return "\n\n".join(
        (say("welcome", language), f"{say('examples', language)}\n{shown}", say("first_steps", language))
    )


def help_text(language: str, *, admin: bool) -> str:
    """Say what can be done, with the commands that there are for this person."""
    lines = (f"/{name} – {line}" for name, line in commands.menu(language, admin=admin))
    return "\n".join((say("help", language), *lines))
