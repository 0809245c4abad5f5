"""What the commands about people do: invite, export, forget, sweep, read the audit."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from adapters import access_file, deeds, terminal, wiring
from adapters.cli import DONE, PARTLY
from adapters.deeds import Carried
from adapters.errors import NoPerson, UnknownGroup
from adapters.records import dump
from bot import administration, pairing
from bot.figures import SMALLEST
from bot.phrases import say
from bot.self_service import written
from bot.wording import day

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from rich.console import Console

    from adapters.database.memory import Memory
    from adapters.settings import Settings
    from bot.senders import Account

    Work = Callable[[Memory, argparse.Namespace, Settings, Console], Awaitable[Carried]]


def run(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Run a command on the database. Raises BotError, CommandError."""
    return asyncio.run(_run(options, settings, console))


async def _run(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    memory = await wiring.memory(settings)
    try:
        return await deeds.noted(memory, options.command, COMMANDS[options.command](memory, options, settings, console))
    finally:
        await memory.close()


async def _invite(memory: Memory, options: argparse.Namespace, settings: Settings, console: Console) -> Carried:
    now = datetime.now(UTC)
    code, kept = pairing.issue(now, _groups(options, settings), timedelta(hours=options.hours))
    await memory.invitations.add(kept)
    link = wiring.invitation_link(settings)(code)
    if options.json:
        fields = {"code": code, "link": link or None, "expires": kept.expires.isoformat(), "groups": list(kept.groups)}
        sys.stdout.write(dump(fields) + "\n")
    else:
        console.print(administration.invitation(code, kept, link, settings.language), markup=False, soft_wrap=True)
    return Carried(DONE, ", ".join((kept.name, *kept.groups)))


def _groups(options: argparse.Namespace, settings: Settings) -> tuple[str, ...]:
    """Return the groups that were named. Raises UnknownGroup, AccessFileError."""
    wanted = tuple(" ".join(name.casefold().split()) for name in options.group)
    known = access_file.load(settings.access_file).groups if wanted else {}
    for name in wanted:
        if name not in known:
            raise UnknownGroup(name)
    return wanted


async def _export(memory: Memory, options: argparse.Namespace, settings: Settings, console: Console) -> Carried:
    kept = await memory.people.export(_person(options.person))
    if kept:
        sys.stdout.write(written(kept) + "\n")
    else:
        console.print(say("export_nothing", settings.language), markup=False)
    return Carried(DONE if kept else PARTLY)


async def _forget(memory: Memory, options: argparse.Namespace, settings: Settings, console: Console) -> Carried:
    there = await memory.people.forget(_person(options.person))
    await memory.sweeper.sweep()
    await wiring.tidy(settings, memory)
    console.print(say("forgotten" if there else "forgotten_nothing", settings.language), markup=False)
    return Carried(DONE if there else PARTLY)


def _person(name: str) -> Account:
    account = access_file.account(name)
    if account is None:
        raise NoPerson(name)
    return account


async def _sweep(memory: Memory, options: argparse.Namespace, settings: Settings, console: Console) -> Carried:
    gone = await memory.sweeper.sweep()
    await wiring.tidy(settings, memory)
    if options.json:
        sys.stdout.write(json.dumps(gone) + "\n")
    else:
        told = ", ".join(f"{name} {count}" for name, count in sorted(gone.items())) or "0"
        console.print(say("swept", settings.language, gone=told), markup=False)
    return Carried(DONE)


async def _audit(memory: Memory, options: argparse.Namespace, settings: Settings, console: Console) -> Carried:
    lines = await memory.audit.read(options.last)
    if options.json:
        for deed in lines:
            sys.stdout.write(dump(asdict(deed) | {"at": deed.at.isoformat()}) + "\n")
    else:
        told = "\n".join(map(administration.line, lines)) or say("audit_nothing", settings.language)
        console.print(told, markup=False, soft_wrap=True)
    return Carried(DONE)


async def _report(memory: Memory, options: argparse.Namespace, settings: Settings, console: Console) -> Carried:
    report, language = await memory.usage.report(datetime.now(UTC)), settings.language
    if options.json:
        parts = {
            name: {"shown": [asdict(figure) for figure in part.shown], "withheld": part.withheld}
            for name, part in report.parts.items()
        }
        fields = {"start": report.start.date().isoformat(), "end": report.end.date().isoformat(), "parts": parts}
        sys.stdout.write(dump(fields) + "\n")
        return Carried(DONE)
    last = report.end - timedelta(days=1)
    console.print(
        say("report_weeks", language, start=day(report.start, language), end=day(last, language)), style="bold"
    )
    rows = [
        [name, figure.group, str(figure.times), str(figure.people)]
        for name, part in report.parts.items()
        for figure in part.shown
    ]
    terminal.show_counts(["", "", say("report_times", language), say("report_people", language)], rows, console)
    if not rows or any(part.withheld for part in report.parts.values()):
        console.print(say("report_withheld", language, smallest=SMALLEST), markup=False)
    return Carried(DONE)


COMMANDS: dict[str, Work] = {
    "invite": _invite,
    "export": _export,
    "forget": _forget,
    "sweep": _sweep,
    "audit": _audit,
    "report": _report,
}
