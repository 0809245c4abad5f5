"""The Home tab, first questions and the taking in of documents in Slack, over a real handbook that a real ingest published."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from adapters import last_ingest, settings, wiring
from adapters.database.connection import url_of
from adapters.published import Published
from bot.inbox import Limits
from bot.messages import Progress
from bot.overview import Known
from tests.faults.door import Shelf, handbook
from tests.handbooks import page
from tests.platforms import slack_doors
from tests.platforms.slack_scenes import working
from tests.platforms.slack_server import Slack
from tests.scenes import ROOT, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from adapters.settings import Settings
    from tests.platforms.slack_scenes import Scene

pytestmark = pytest.mark.slow
DOCUMENTS = {
    "tools.md": page("# Tools\n\nCustomer data never goes into ChatGPT. DeepL Pro is approved.", title="AI tools"),
    "payroll.md": page("# Payroll\n\nPayroll lists may go into ChatGPT Enterprise.", title="Payroll", audience="hr"),
    "broken.pdf": "no pdf",
}


@pytest.fixture
async def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Publish a folder of documents as an admin does, and return the settings."""
    monkeypatch.setenv("LOTSE_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "handbook"
    folder.mkdir()
    for name, content in DOCUMENTS.items():
        (folder / name).write_text(content, "utf-8")
    command = (sys.executable, "-m", "adapters.cli", "ingest", str(folder))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL)
    assert await process.wait() == 1
    return settings.load()


@pytest.fixture
async def scene(tmp_path: Path, real: Settings) -> AsyncIterator[Scene]:
    door = slack_doors.door(wiring.handler(real), Published(real))
    async with Slack() as slack, working(slack, url_of("", tmp_path), door) as made:
        for user in ("U1", "U0HR", "U0ADMIN"):
            slack.person(user, locale="en-US")
        yield made
        assert slack.refusals == []


async def home(scene: Scene, user: str) -> str:
    """Open the Home tab of somebody and return what is in it."""
    scene.slack.homes.pop(user, None)
    scene.slack.open_home(user)
    await until(lambda: user in scene.slack.homes)
    return str(scene.slack.homes[user]["blocks"])


async def test_the_home_tab_shows_the_documents_that_its_reader_may_read_and_admins_what_was_rejected(
    scene: Scene, real: Settings
) -> None:
    seen = {user: await home(scene, user) for user in ("U1", "U0HR", "U0ADMIN")}
    assert all("AI tools" in blocks for blocks in seen.values())
    assert ["Payroll" in seen[user] for user in ("U1", "U0HR")] == [False, True]
    assert "Last ingest" in seen["U0ADMIN"]
    assert "1 file rejected" in seen["U0ADMIN"]
    assert "broken.pdf: " in seen["U0ADMIN"]
    assert "broken.pdf" not in seen["U1"] + seen["U0HR"]
    assert last_ingest.read(real.data_dir) is not None
    scene.slack.slash("U0ADMIN", "C1", "status")
    scene.slack.slash("U1", "C1", "status")
    await until(lambda: len(scene.slack.whispers) == 4)
    status = {whisper.user: whisper.visible for whisper in scene.slack.whispers}
    assert "Documents in force: 2" in status["U0ADMIN"]
    assert "Documents in force" not in status["U1"]


@pytest.mark.parametrize(("locale", "title"), [("de-DE", "Was steht in"), ("en-US", "What does")])
async def test_suggested_prompts_are_questions_that_the_handbook_answers_for_whoever_sees_them(
    scene: Scene, locale: str, title: str
) -> None:
    suggested = {}
    for user in ("U1", "U0HR"):
        scene.slack.person(user, locale=locale)
        scene.slack.prompts.clear()
        scene.slack.open_home(user, "messages")
        await until(lambda: scene.slack.prompts)
        suggested[user] = [each["message"] for each in scene.slack.prompts[0]["prompts"]]
        for text in suggested[user]:
            ts = scene.slack.say(user, f"D{user}", text)
            (answer,) = await scene.answers(f"D{user}", ts)
            assert "[1]" in answer.visible
    assert 1 <= len(suggested["U1"]) <= 4
    assert locale == "de-DE" or any(title in text and "AI tools" in text for text in suggested["U1"])
    assert "Payroll" not in str(suggested["U1"])


async def test_a_document_that_nothing_is_quoted_from_is_not_suggested(tmp_path: Path) -> None:
    with handbook(tmp_path) as handler:
        door = slack_doors.door(handler, Nothing())
        async with Slack() as slack, working(slack, url_of("", tmp_path), door) as scene:
            slack.open_home("U1", "messages")
            await until(lambda: scene.observer_ended(1), 30)
            assert "Ghost" not in str(slack.prompts)


class Nothing(Shelf):
    """A handbook that lists a document in which nothing is found."""

    async def known(self, groups: frozenset[str]) -> tuple[Known, ...]:
        return (*await super().known(groups), Known("ghost.md", "Ghost"))


async def test_an_ingest_that_fails_is_reported_and_shown_to_admins(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "handbook").rename(tmp_path / "elsewhere")
    scene.slack.slash("U0ADMIN", "C1", "ingest")
    await until(lambda: scene.observer_ended(1))
    assert "handbook" in scene.slack.whispers[-1].visible
    seen = await home(scene, "U0ADMIN")
    assert "The last ingest failed" in seen
    assert "failed" in seen


async def test_what_an_admin_takes_in_is_answered_from_at_once_and_reported_in_their_language(
    scene: Scene, tmp_path: Path
) -> None:
    (tmp_path / "handbook" / "broken.pdf").unlink()
    (tmp_path / "handbook" / "new.md").write_text(page("# Gemini\n\nGemini is not approved.", title="Gemini"), "utf-8")
    scene.slack.person("U0ADMIN", locale="de-DE")
    scene.slack.slash("U0ADMIN", "C1", "ingest")
    await until(lambda: scene.observer_ended(1))
    (report,) = scene.slack.answers("DU0ADMIN", "")
    assert "neu 1" in report.visible
    ts = scene.slack.say("U1", "D1", "Is Gemini approved?")
    (answer,) = await scene.answers("D1", ts)
    assert "Gemini is not approved." in answer.visible
    seen = await home(scene, "U0ADMIN")
    assert "veröffentlicht" in seen
    assert "broken.pdf" not in seen


@dataclass
class Slow(Shelf):
    """A handbook that takes longer to be taken in than an answer may take."""

    steps: int = 3
    pause: float = 1.7
    shown: list[str] = field(default_factory=list)

    async def take_in(self, language: str, told: Callable[[Progress], None]) -> str:
        for number in range(1, self.steps + 1):
            told(Progress("read", number, self.steps, language))
            await asyncio.sleep(self.pause)
        return "the report\n" + "".join(f"\n+ document-{number:04}.md" for number in range(300))


@pytest.mark.parametrize("blocked", [False, True])
async def test_progress_is_updated_and_the_report_arrives_however_long_it_takes(
    tmp_path: Path, *, blocked: bool
) -> None:
    with handbook(tmp_path) as handler:
        door = slack_doors.door(handler, Slow())
        async with Slack() as slack, working(slack, url_of("", tmp_path), door, Limits(answer=2.5)) as scene:
            slack.person("U0ADMIN", locale="en-US")
            slack.faults["chat.postMessage"] = ["cannot_dm_bot"] * blocked
            slack.slash("U0ADMIN", "C1", "ingest")
            await until(lambda: scene.observer_ended(1), 30)
            told = [body["text"] for method, body in slack.calls if method in {"chat.postMessage", "chat.update"}]
            whispers = [whisper.visible for whisper in slack.whispers]
            if blocked:
                assert whispers[1] == "Reading: 1 of 3"
                assert "the report" in whispers[2]
                assert "document-0299" in whispers[-1]
                return
            assert told[:3] == [f"Reading: {number} of 3" for number in (1, 2, 3)]
            first, *rest = slack.answers("DU0ADMIN", "")
            assert "the report" in first.visible
            assert "document-0299" in rest[-1].visible
            assert len(whispers) == 2
