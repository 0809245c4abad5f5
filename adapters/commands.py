"""What each command of `lotse` does."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import secrets
import sys
import traceback
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Console

from adapters import deeds, running, states
from adapters import settings as configuration
from adapters.cli import DONE, MISUSED, PARTLY
from adapters.errors import KNOWN, CommandError, FileMissing, NotJson, NotWritable, WrongDate, words
from adapters.settings import Settings, SettingsError
from bot.messages import Asker, Outcome, Question
from bot.phrases import say
from ingest.errors import FolderEmpty, FolderMissing, FolderWithinData
from knowledge.language import ENGLISH

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from bot.messages import Turn

    Command = Callable[[argparse.Namespace, Settings, Console], int]


def run(options: argparse.Namespace) -> int:
    """Run the command that was named. Errors come out in words on standard error, with an exit code."""
    language = ENGLISH
    try:
        settings = _spoken(configuration.load(), options)
        language = settings.language
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        command = COMMANDS[options.command]
        return deeds.carried_out(options, settings, lambda: command(options, settings, Console(highlight=False)))
    except KeyboardInterrupt:
        Console(stderr=True).print(say("stopped", language))
        return PARTLY
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        _complain(words(NotWritable(str(error.filename or "")), language), options, language)
        return PARTLY
    except KNOWN as error:
        _complain(words(error, language), options, language)
        return (
            MISUSED
            if isinstance(error, (CommandError, FolderEmpty, FolderMissing, FolderWithinData, SettingsError))
            else PARTLY
        )
    except Exception:
        reference = secrets.token_hex(4)
        logging.getLogger("lotse").debug("reference %s", reference, exc_info=True)
        _complain(say("unexpected", language, reference=reference), options, language)
        return PARTLY


def _spoken(settings: Settings, options: argparse.Namespace) -> Settings:
    """Return the settings with the language in which an ingest is to be reported."""
    language = options.lang if options.command == "ingest" else None
    return settings.model_copy(update={"language": language}) if language else settings


def _complain(sentence: str, options: argparse.Namespace, language: str) -> None:
    if options.debug:
        traceback.print_exc()
    console = Console(stderr=True, highlight=False, markup=False)
    console.print(f"{say('error', language)}: {sentence}", soft_wrap=not console.is_terminal)


def _ask(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import terminal, wiring
    from adapters.records import dump, record

    question = Question(
        options.question,
        _asker(options),
        language=options.lang,
        today=_day(options.today),
        history=_history(options.history),
    )
    quiet = Console(stderr=True) if options.json else console
    answer = asyncio.run(terminal.ask(wiring.handler(settings), question, quiet))
    if options.json:
        sys.stdout.write(dump(record(answer, explain=options.explain)) + "\n")
    else:
        terminal.show(answer, console)
        if options.explain:
            terminal.show_found(answer, console)
    return PARTLY if answer.outcome is Outcome.FAILED else DONE


def _chat(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import terminal_chat

    language = options.lang or settings.language
    asyncio.run(terminal_chat.chat(settings, _asker(options).groups, language, console))
    return DONE


def _ingest(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import last_ingest, terminal, wiring
    from ingest.apart import ingest_apart
    from ingest.report import Order

    folder = wiring.STARTER if options.starter else options.folder
    order = Order(folder, settings.data_dir, settings.default_audience, options.dry_run, options.allow_shrink)
    noting = nullcontext(lambda _: None) if options.dry_run else last_ingest.noted(settings.data_dir)
    with noting as note, terminal.bar(console, settings.language) as bar:
        report = ingest_apart(order, wiring.embedding(settings), terminal.Steps() if options.steps else bar)
        if not options.dry_run:
            states.share(settings)
        note(report)
    terminal.show_report(report, console, settings.language, dry_run=options.dry_run)
    return PARTLY if report.rejected or report.lost else DONE


def _status(_options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import published, terminal
    from knowledge import manifest
    from knowledge.generations import place

    terminal.show_pairs(published.pairs(settings, settings.language), console)
    about = published.manifest(settings)
    manifest.verify(place(settings.data_dir, about.name), about)
    return DONE


def _doctor(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import doctor, terminal

    language = settings.language
    findings = list(doctor.examine(settings))
    terminal.show_pairs({finding.name: f"{finding.mark(language)}: {finding.detail}" for finding in findings}, console)
    well = all(finding.well for finding in findings)
    console.print(say("doctor_all_well" if well else "doctor_mend", language), style="green" if well else "yellow")
    good = _checkup(options.questions, settings, console) if options.questions else True
    return DONE if well and good else PARTLY


def _checkup(file: Path, settings: Settings, console: Console) -> bool:
    from adapters import checkup

    grades = checkup.grade(settings, file)
    console.print()
    checkup.show(grades, console, settings.language)
    return all(grade.good for grade in grades)


def _check_text(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import paste_check
    from adapters.records import dump
    from bot.privacy import own_patterns

    patterns = own_patterns.load(settings.patterns) if settings.patterns else ()
    checked = paste_check.check(paste_check.read(options.file), patterns)
    if options.json:
        sys.stdout.write(dump(paste_check.record(checked, settings.language)) + "\n")
    else:
        paste_check.show(checked, console, settings.language)
    return PARTLY if checked.lines else DONE


def _eval(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import terminal
    from adapters.evaluation import Task, evaluate

    with terminal.bar(console, settings.language) as progress:
        task = Task(options.questions, options.documents, options.out, options.where)
        done = evaluate(settings, task, progress)
    outcomes = [outcome.value for outcome in Outcome]
    rows = [[t.name, str(t.total), *(str(t.outcomes.get(outcome, 0)) for outcome in outcomes)] for t in done.tallies]
    terminal.show_counts(["", "n", *outcomes], rows, console)
    for rejection in done.report.rejected:
        console.print(f"! {rejection.path}: {words(rejection.error, settings.language)}", style="yellow", markup=False)
    console.print(say("eval_done", settings.language, count=done.questions, file=options.out), markup=False)
    return DONE if done.complete else PARTLY


def _prove(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import wiring
    from adapters.prove import prove_file

    done = prove_file(options.pairs, options.out, wiring.words(settings))
    console.print(
        say("prove_done", settings.language, proven=done.proven, count=done.results, file=options.out), markup=False
    )
    if not done.complete:
        missing = done.lines - done.results
        console.print(say("prove_broken", settings.language, count=missing), style="yellow", markup=False)
    return DONE if done.complete else PARTLY


def _demo(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import terminal, wiring
    from knowledge.errors import NoGeneration
    from knowledge.generations import live

    try:
        live(settings.data_dir)
    except NoGeneration:
        options.starter = True
        options.dry_run = options.allow_shrink = options.steps = False
        _ingest(options, settings, console)
    handler = wiring.handler(settings)
    console.print("\n" + say("demo_title", settings.language), style="bold")
    for text in DEMO:
        console.print(f"\n> {text}\n", style="bold", markup=False)
        terminal.show(asyncio.run(terminal.ask(handler, Question(text, Asker("terminal", "", "")), console)), console)
    console.print("\n" + say("demo_next", settings.language) + "\n", style="dim", markup=False)
    if sys.stdin.isatty() and sys.stdout.isatty():
        from adapters import terminal_chat

        asyncio.run(terminal_chat.chat(settings, frozenset(), settings.language, console))
    return DONE


DEMO = (
    "May I put confidential data into ChatGPT Enterprise?",
    "Darf ich Midjourney-Bilder in einer Anzeige nutzen?",
    "What is on the canteen menu today?",
)


def _people(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    from adapters import people_commands

    return people_commands.run(options, settings, console)


COMMANDS: dict[str, Command] = {
    "ask": _ask,
    "chat": _chat,
    "ingest": _ingest,
    "status": _status,
    "history": states.history,
    "rollback": states.rollback,
    "purge": states.purge,
    "doctor": _doctor,
    "check-text": _check_text,
    "eval": _eval,
    "prove": _prove,
    "demo": _demo,
    "invite": _people,
    "forget": _people,
    "export": _people,
    "sweep": _people,
    "audit": _people,
    "serve": running.serve,
    "slack": running.slack,
    "why": running.why,
    "backup": running.backup,
    "restore": running.restore,
    "report": _people,
}


def _asker(options: argparse.Namespace) -> Asker:
    return Asker("terminal", "", "", frozenset(group.strip().casefold() for group in options.group))


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise WrongDate(value or "") from error


def _history(file: Path | None) -> tuple[Turn, ...]:
    from adapters.records import turns

    if file is None:
        return ()
    try:
        return turns(json.loads(file.read_text("utf-8-sig")))
    except OSError as error:
        raise FileMissing(str(file)) from error
    except (ValueError, TypeError, KeyError) as error:
        raise NotJson(str(file), 1) from error
