"""The command `lotse`. Everything heavy is imported by the command that needs it: `lotse --help` must answer at once."""

from __future__ import annotations

import argparse
import gc
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE, PARTLY, MISUSED = 0, 1, 2
"""Exit codes: all done; done with rejections or failures; called the wrong way."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    options = parser().parse_args(arguments)
    if options.version:
        sys.stdout.write(f"lotse {version('lotse')}\n")
        return DONE
    if not options.command:
        parser().print_help()
        return MISUSED
    gc.disable()  # nothing of what is imported now is garbage, and a single answer makes little
    from adapters.settings import calculate_alone

    calculate_alone()
    from adapters import commands

    if options.command != "ask":
        gc.freeze()
        gc.enable()
    return commands.run(options)


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="lotse",
        description="Answers questions about AI at work from your company's own policies, with the quote that proves it.",
    )
    top.add_argument("--version", action="store_true", help="show the version and end")
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _ask(commands.add_parser("ask", help="ask one question", description="Ask one question and print the answer."))
    _chat(
        commands.add_parser("chat", help="ask in a conversation", description="Ask in a conversation in the terminal.")
    )
    _ingest(commands.add_parser("ingest", help="take in a folder of documents", description=INGEST))
    _plain(commands.add_parser("status", help="show what is published", description="Show what is published."))
    _plain(commands.add_parser("history", help="list what was published", description="List what was published."))
    _rollback(commands.add_parser("rollback", help="let an earlier state answer again", description=ROLLBACK))
    _plain(commands.add_parser("purge", help="erase everything but what is live", description=PURGE))
    _doctor(
        commands.add_parser(
            "doctor", help="check the installation", description="Check the installation and say what to mend."
        )
    )
    _check_text(commands.add_parser("check-text", help="check a text before it is pasted", description=CHECK_TEXT))
    _eval(
        commands.add_parser(
            "eval", help="ask a file of questions", description="Ask a file of questions about a folder of documents."
        )
    )
    _prove(commands.add_parser("prove", help="prove sentences by their quotes", description=PROVE))
    _plain(commands.add_parser("serve", help="answer on every platform whose token is set", description=SERVE))
    _why(commands.add_parser("why", help="tell how an answer came about", description="Tell how an answer came about."))
    _file(commands.add_parser("backup", help="save everything in one file", description=BACKUP))
    _file(commands.add_parser("restore", help="bring back a backup", description=RESTORE))
    _slack(commands.add_parser("slack", help="set Slack up", description="Set Slack up."))
    _plain(
        commands.add_parser(
            "demo", help="show Lotse on the starter handbook", description="Show Lotse on the starter handbook."
        )
    )
    _people(commands)
    return top


INGEST = (
    "Take in a folder of documents and publish it. What is live answers until the new state is complete. "
    "Exit code 1: done, but some files were rejected, or nothing was published because too many documents are gone."
)

ROLLBACK = (
    "Let an earlier state answer again: the one before what is live, or the one that is named (see lotse history)."
)

PURGE = (
    "Erase every earlier state, and all that is left of documents that are gone. "
    "No byte of them stays in the data folder; nothing can be brought back afterwards."
)


CHECK_TEXT = (
    "Find personal data and secrets in a text and show it with placeholders. Nothing is kept or sent. "
    "Exit code 0: nothing was found; 1: something was."
)


SERVE = (
    "Answer on every platform whose token is set, until told to stop (SIGTERM, Ctrl-C). Logs are JSON on standard error; "
    "health and metrics are shown on LOTSE_HEALTH_PORT."
)


BACKUP = (
    "Save the database and the published handbook in one file, while Lotse runs or not. It holds keys and recent messages: "
    "keep it as safe as the database."
)


RESTORE = "Bring back a backup into an empty database and data folder. Nothing is overwritten."


def _slack(command: argparse.ArgumentParser) -> None:
    _plain(command)
    kinds = command.add_subparsers(dest="kind", metavar="KIND", required=True)
    _plain(kinds.add_parser("manifest", help="print the manifest of the app", description=MANIFEST))


MANIFEST = "Print the manifest with which Lotse is made an app of Slack: the fewest scopes, each with its reason."


def _why(command: argparse.ArgumentParser) -> None:
    _plain(command)
    command.add_argument("id", metavar="ID", help="the id of the answer, or the reference in an error")


def _file(command: argparse.ArgumentParser) -> None:
    _plain(command)
    command.add_argument("file", type=Path, metavar="FILE")


def _plain(command: argparse.ArgumentParser) -> None:
    command.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _asker(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--group",
        action="append",
        default=[],
        metavar="GROUP",
        help="a group that the asker belongs to (again for more)",
    )
    command.add_argument("--lang", choices=("de", "en"), help="language of the answer (default: the question's)")


def _ask(command: argparse.ArgumentParser) -> None:
    _plain(command)
    command.add_argument("question", metavar="QUESTION")
    _asker(command)
    command.add_argument("--today", metavar="DATE", help="the day on which the question is asked, as 2026-03-01")
    command.add_argument(
        "--history", type=Path, metavar="FILE", help='earlier turns: a JSON list of {"role", "content"}'
    )
    command.add_argument("--explain", action="store_true", help="show the passages that were found, too")
    command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def _chat(command: argparse.ArgumentParser) -> None:
    _plain(command)
    _asker(command)


def _ingest(command: argparse.ArgumentParser) -> None:
    _plain(command)
    folder = command.add_mutually_exclusive_group(required=True)
    folder.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    folder.add_argument(
        "--starter", action="store_true", help="take in the handbook of a made-up company that comes with Lotse"
    )
    command.add_argument("--dry-run", action="store_true", help="only report what would happen")
    command.add_argument("--steps", action="store_true", help="write how far it is to standard error, a line a step")
    command.add_argument("--lang", choices=("de", "en"), help="language of the report (default: LOTSE_LANGUAGE)")
    command.add_argument(
        "--allow-shrink", action="store_true", help="publish even if more than a third of the documents is gone, or all"
    )


def _rollback(command: argparse.ArgumentParser) -> None:
    _plain(command)
    command.add_argument("generation", nargs="?", metavar="ID", help="a name that lotse history shows")


def _doctor(command: argparse.ArgumentParser) -> None:
    _plain(command)
    command.add_argument(
        "--questions", type=Path, metavar="FILE", help="questions with the documents expected to answer them, graded"
    )


def _check_text(command: argparse.ArgumentParser) -> None:
    _plain(command)
    command.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a text file (default: standard input)")
    command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def _people(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    invite = commands.add_parser("invite", help="invite somebody to a chat", description=INVITE)
    _plain(invite)
    invite.add_argument(
        "--group", action="append", default=[], metavar="GROUP", help="a group of the access file (again for more)"
    )
    invite.add_argument(
        "--hours",
        type=int,
        choices=range(1, 721),
        default=24,
        metavar="HOURS",
        help="how long the code is good (default: 24)",
    )
    invite.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    for name, short in (
        ("export", "print everything that is kept about a person"),
        ("forget", "delete everything that is kept about a person"),
    ):
        command = commands.add_parser(name, help=short, description=f"{short.capitalize()}.")
        _plain(command)
        command.add_argument("person", metavar="PERSON", help="as in the access file: slack/TEAM/USER, telegram/USER")
    sweep = commands.add_parser(
        "sweep", help="delete what is past its time", description="Delete what is past its time."
    )
    _plain(sweep)
    sweep.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    report = commands.add_parser("report", help="show how Lotse was used", description=REPORT)
    _plain(report)
    report.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    audit = commands.add_parser(
        "audit", help="show what admins did", description="Show what admins did, the newest first."
    )
    _plain(audit)
    audit.add_argument(
        "--last", type=int, choices=range(1, 10_001), default=20, metavar="NUMBER", help="how many lines (default: 20)"
    )
    audit.add_argument("--json", action="store_true", help="print one JSON object a line and nothing else")


REPORT = "Show how Lotse was used in the last three full weeks. Groups of fewer than five people are not shown."
INVITE = "Make a code with which one person is let in on a platform that vouches for nobody. It is shown this once."


def _eval(command: argparse.ArgumentParser) -> None:
    _plain(command)
    command.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    command.add_argument("--documents", type=Path, required=True, metavar="FOLDER")
    command.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="only questions with this value (again for more)",
    )
    command.add_argument("--out", type=Path, required=True, metavar="RESULTS.jsonl")


PROVE = (
    "Say for each sentence of a file whether its quotes carry it, and which checks fail. A line is a JSON object: id, question, "
    "sentence, language (de or en) and quotes, each with quote and passage. Exit code 1: some lines got no result."
)


def _prove(command: argparse.ArgumentParser) -> None:
    _plain(command)
    command.add_argument("pairs", type=Path, metavar="PAIRS.jsonl")
    command.add_argument("--out", type=Path, required=True, metavar="RESULTS.jsonl")


if __name__ == "__main__":
    sys.exit(main())
