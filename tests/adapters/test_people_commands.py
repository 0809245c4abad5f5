"""Inviting, exporting, forgetting, sweeping and the audit at the terminal."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from adapters import wiring
from adapters.cli import DONE, MISUSED, PARTLY, main
from adapters.database.tables import journal
from adapters.settings import load
from bot.commands import Feedback, Reason
from bot.messages import Answer, Message, Place
from bot.pairing import Redemption, redeem
from bot.phrases import say
from bot.ports import Task
from bot.senders import Account, Membership

if TYPE_CHECKING:
    from pathlib import Path

    from bot.people import Person

pytestmark = pytest.mark.slow
ANNA = Account("telegram", "", "4711")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "access.yaml").write_text("groups: {hr: {}}", "utf-8")


def met(account: Account, *groups: str) -> Person:
    """Keep somebody, as if they had redeemed an invitation."""

    async def meet() -> Person:
        memory = await wiring.memory(load())
        await memory.people.meet(account, datetime.now(UTC))
        await memory.people.pair(account, groups)
        found = await memory.people.find(account)
        await memory.close()
        return found

    return asyncio.run(meet())


def redeemed(code: str, now: datetime) -> tuple[Redemption, tuple[str, ...]]:
    async def try_it() -> tuple[Redemption, tuple[str, ...]]:
        memory = await wiring.memory(load())
        ended = await redeem(code, memory.invitations, now)
        await memory.close()
        return ended

    return asyncio.run(try_it())


def test_an_invitation_is_given_out_as_json_with_code_link_and_expiry(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_NAME", "@lotse_bot")
    assert main(["invite", "--group", "HR", "--hours", "2", "--json"]) == DONE
    given = json.loads(capsys.readouterr().out)
    assert given["link"] == f"https://t.me/lotse_bot?start={given['code']}"
    expires = datetime.fromisoformat(given["expires"])
    assert timedelta(hours=1.9) < expires - datetime.now(UTC) <= timedelta(hours=2)
    assert redeemed(given["code"], expires) == (Redemption.EXPIRED, ())
    assert redeemed(given["code"], datetime.now(UTC)) == (Redemption.PAIRED, ("hr",))


def test_without_the_name_of_the_bot_there_is_no_link(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invite", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["link"] is None


def test_an_invitation_to_an_unknown_group_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invite", "--group", "bosses"]) == MISUSED
    assert say("UnknownGroup", "en", group="bosses") in capsys.readouterr().err


def test_everything_about_a_person_is_printed_and_then_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    pseudonym = met(ANNA, "hr").pseudonym
    assert main(["export", str(ANNA)]) == DONE
    kept = json.loads(capsys.readouterr().out)
    assert (kept["person"]["pseudonym"], kept["person"]["groups"]) == (pseudonym, ["hr"])
    assert "key" not in kept["person"]
    assert main(["forget", str(ANNA)]) == DONE
    assert main(["export", str(ANNA)]) == PARTLY
    assert main(["forget", str(ANNA)]) == PARTLY


@pytest.mark.parametrize("command", ["export", "forget"])
def test_a_person_is_named_by_platform_and_id(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "Anna Admin"]) == MISUSED
    assert say("NoPerson", "en", value="Anna Admin") in " ".join(capsys.readouterr().err.split())


def test_deeds_at_the_terminal_stand_in_the_audit_without_the_person(capsys: pytest.CaptureFixture[str]) -> None:
    met(ANNA)
    main(["invite", "--json"])
    main(["export", str(ANNA)])
    main(["forget", str(ANNA)])
    capsys.readouterr()
    assert main(["audit", "--json"]) == DONE
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["admin"], line["deed"]) for line in lines] == [
        ("terminal", "forget"),
        ("terminal", "export"),
        ("terminal", "invite"),
    ]
    assert "4711" not in json.dumps(lines)
    assert main(["audit", "--last", "1"]) == DONE
    assert "terminal · audit · done" in capsys.readouterr().out


def test_every_deed_at_the_terminal_leaves_a_line_with_how_it_ended(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    main(["sweep"])
    for command in (
        ["ingest", "--starter"],
        ["ingest", "--starter", "--dry-run"],
        ["rollback"],
        ["purge"],
        ["report"],
        ["invite", "--group", "bosses"],
        ["export", str(ANNA)],
        ["backup", str(tmp_path / "saved")],
    ):
        main(command)
    monkeypatch.setenv("LOTSE_DATA_DIR", str(tmp_path / "elsewhere"))
    main(["restore", str(tmp_path / "saved")])
    main(["audit"])
    capsys.readouterr()
    main(["audit", "--json"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["deed"], line["outcome"]) for line in reversed(lines)] == [
        ("sweep", "done"),
        ("ingest", "done"),
        ("rollback", "NothingEarlier"),
        ("purge", "done"),
        ("report", "done"),
        ("invite", "UnknownGroup"),
        ("export", "part"),
        ("restore", "done"),
        ("audit", "done"),
    ], "the copy was made before its line"


def test_a_deed_before_there_is_a_database_makes_none(tmp_path: Path) -> None:
    assert main(["ingest", "--starter"]) == DONE
    assert not (tmp_path / "data" / "lotse.db").exists()


def test_the_sweep_says_what_it_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep"]) == DONE
    assert capsys.readouterr().out.strip() == say("swept", "en", gone="0")
    assert main(["sweep", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out) == {}


def test_the_database_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    main(["sweep"])
    assert (tmp_path / "data" / "lotse.db").stat().st_mode & 0o077 == 0


def used(count: int, opinion: Reason) -> None:
    """Let so many people have got an answer last week, and judge it."""

    async def use() -> None:
        memory = await wiring.memory(load())
        now = datetime.now(UTC)
        last_week = now - timedelta(days=now.weekday() + 2)
        for number in range(count):
            person = await memory.people.meet(Account("slack", "T1", f"U{number}"), now)
            row: dict[str, Any] = dict.fromkeys(("verdict", "generation", "error", "ending"), "") | {
                "reference": f"{number:08x}",
                "person": person.pseudonym,
                "platform": "slack",
                "kind": "message",
                "created": last_week,
                "language": "de",
                "outcome": "quoted" if number else "declined",
                "confidence": 1.0,
                **{name: [] for name in ("passages", "quotes")},
                **{name: {} for name in ("drops", "tokens", "milliseconds")},
                "attempts": 1,
                "late": False,
                "parts": 1,
                "expires": now + timedelta(days=30),
            }
            async with memory.database.writing() as connection:
                await connection.execute(journal.insert().values(**row))
            await memory.opinions.add(person.pseudonym, Feedback(f"{number:08x}", opinion), last_week)
        await memory.close()

    asyncio.run(use())


def test_a_report_shows_figures_over_five_people_and_nothing_about_fewer(capsys: pytest.CaptureFixture[str]) -> None:
    used(4, Reason.WRONG)
    assert main(["report", "--json"]) == DONE
    parts = json.loads(capsys.readouterr().out)["parts"]
    assert [part["shown"] for part in parts.values()] == [[]] * len(parts)


def test_a_report_withholds_with_a_small_group_what_would_give_it_away(capsys: pytest.CaptureFixture[str]) -> None:
    used(6, Reason.WRONG)
    assert main(["report", "--json"]) == DONE
    parts = json.loads(capsys.readouterr().out)["parts"]
    assert parts["platform"] == {"shown": [{"group": "slack", "times": 5, "people": 5}], "withheld": False}
    assert parts["feedback"]["shown"] == [{"group": "wrong", "times": 5, "people": 5}]
    assert parts["outcome"] == {"shown": [], "withheld": True}, "one person was declined; five quoted would tell it"
    assert main(["report"]) == DONE
    shown = capsys.readouterr().out
    assert "slack" in shown
    assert "declined" not in shown


def test_the_wiring_joins_the_door_with_its_file_and_its_database(tmp_path: Path) -> None:
    assert main(["ingest", "--starter"]) == DONE
    (tmp_path / "access.yaml").write_text("workspaces: [{platform: slack, workspace: T0A1}]\nadmins: [slack/T0A1/U0A1]")

    async def ask() -> list[str]:
        memory = await wiring.memory(load())
        door = wiring.reception(load(), memory)
        place = Place("slack", "T0A1", "D1", private=True)
        said = []
        for text in ("/status", "May I paste customer data into ChatGPT?"):
            message = Message(place, text, "U0A1", text, datetime.now(UTC), home="T0A1", membership=Membership.MEMBER)
            events = [event async for event in door.respond(Task("1" * 12, message, datetime.now(UTC)))]
            assert isinstance(events[-1], Answer)
            said.append(events[-1].text)
        await memory.close()
        return said

    status, answer = asyncio.run(ask())
    assert "starter" in status
    assert "ChatGPT" in answer
