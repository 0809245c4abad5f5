"""What is published, for admins: shown, and taken in again in a process of its own, so that answers do not wait for it."""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import date
from typing import TYPE_CHECKING

from adapters import last_ingest
from adapters.errors import KNOWN, words
from bot.messages import Progress
from bot.overview import Known
from bot.phrases import say
from knowledge.currency import in_force
from knowledge.generations import live, place
from knowledge.manifest import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from adapters.settings import Settings
    from knowledge.manifest import Manifest

LONGEST = 6_000
"""Characters of a report that are shown in a chat."""
STEP = re.compile(rb"(list|read|embed|build) (\d+)/(\d+)")
"""A line of `lotse ingest --steps`: phase, how much of it is done, of how much."""


def manifest(settings: Settings) -> Manifest:
    """Return what the live generation says about itself. Raises KnowledgeError."""
    return read(place(settings.data_dir, live(settings.data_dir)))


def pairs(settings: Settings, language: str) -> Mapping[str, str]:
    """Return what is published, as names and values. Raises KnowledgeError."""
    about = manifest(settings)
    everything = {entry.path: entry.metadata for entry in about.entries}
    groups = frozenset(group for metadata in everything.values() for group in metadata.audience)
    valid = in_force(everything, groups, date.today())  # noqa: DTZ011 - the day on the admin's own clock
    values = {
        "status_generation": about.name,
        "status_created": f"{about.created.astimezone():%Y-%m-%d %H:%M}",
        "status_folder": about.folder,
        "status_documents": str(len(valid)),
        "status_waiting": str(len(everything) - len(valid)),
        "status_passages": str(about.passages),
        "status_embedder": about.embedder,
    }
    return {say(name, language): value for name, value in values.items()} | ingested(settings, language)


def ingested(settings: Settings, language: str) -> dict[str, str]:
    """Return how the last ingest ended, as a name and a value; nothing where that is not known."""
    ingest = last_ingest.read(settings.data_dir)
    return {say("status_ingest", language): last_ingest.line(ingest, language)} if ingest else {}


class Published:
    """Implements the core's Handbook."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def status(self, language: str) -> str:
        """Say what is published."""
        return await asyncio.to_thread(self._status, language)

    def _status(self, language: str) -> str:
        try:
            return _lines(pairs(self._settings, language))
        except KNOWN as error:
            return "\n".join(filter(None, (words(error, language), _lines(ingested(self._settings, language)))))

    async def troubles(self, language: str) -> Sequence[str]:
        """Say what went wrong when documents were taken in last: files that were rejected, or all of it."""
        ingest = await asyncio.to_thread(last_ingest.read, self._settings.data_dir)
        return last_ingest.troubles(ingest, language) if ingest else ()

    async def known(self, groups: frozenset[str]) -> Sequence[Known]:
        """Return the documents in force that members of these groups may read, by title; none before the first ingest."""
        return await asyncio.to_thread(self._known, groups)

    def _known(self, groups: frozenset[str]) -> Sequence[Known]:
        try:
            everything = {entry.path: entry.metadata for entry in manifest(self._settings).entries}
        except KNOWN:
            return ()
        today = date.today()  # noqa: DTZ011 - the day on this machine's clock
        valid = ((path, everything[path]) for path in in_force(everything, groups, today))
        found = [Known(path, about.title, about.effective, about.review_by, about.language) for path, about in valid]
        return sorted(found, key=lambda known: known.title.casefold())

    async def take_in(self, language: str, told: Callable[[Progress], None]) -> str:
        """Take in the folder that the live generation came from, and return the report; `told` hears how far it is."""
        try:
            folder = await asyncio.to_thread(lambda: manifest(self._settings).folder)
        except KNOWN as error:
            return words(error, language)
        command = (sys.executable, "-m", "adapters.cli", "ingest", folder, "--steps", "--lang", language)
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        outputs = [stream for stream in (process.stdout, process.stderr) if stream]
        report, fault = await asyncio.gather(
            outputs[0].read(), _steps(outputs[1], lambda step: told(Progress(*step, language)))
        )
        await process.wait()
        return (report + fault).decode("utf-8", "replace").strip()[:LONGEST]


def _lines(pairs: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in pairs.items())


async def _steps(stream: asyncio.StreamReader, told: Callable[[tuple[str, int, int]], None]) -> bytes:
    """Pass the steps on that a process writes down, and return what else it writes."""
    rest = b""
    async for line in stream:
        step = STEP.fullmatch(line.strip())
        if step:
            told((step[1].decode(), int(step[2]), int(step[3])))
        else:
            rest += line
    return rest
