"""The parts of the Telegram adapter that need no conversation: pace, ledger, files, menus, errors, what the doctor sees."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from adapters.telegram import checks, errors, ledger, menus
from adapters.telegram.files import BYTES, plain
from adapters.telegram.ledger import Ledger
from adapters.telegram.menus import Menus, shown
from adapters.telegram.pace import APART, BETWEEN, CHATS, Pace
from adapters.telegram.platform import connect
from adapters.telegram.polling import Poller
from bot.access import ANY, NOTHING_MORE, Policy, Workspace
from bot.commands import Command
from bot.errors import Refused, Unavailable, Uncertain, Unreachable, Vanished
from bot.phrases import say
from bot.self_service import CHECKED
from bot.wording import signed
from knowledge.language import LANGUAGES
from tests.platforms import telegram_rules as rules
from tests.platforms.telegram_server import TOKEN, Telegram, serving
from tests.scenes import until

if TYPE_CHECKING:
    from pathlib import Path

    from telegram import Update

    from bot.ports import Desk


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


# pace


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_chat_gets_one_message_a_second_and_another_chat_does_not_wait_for_it(clock: Clock) -> None:
    pace = Pace(clock)
    assert pace.at_once("1", group=False)
    clock.now += BETWEEN
    assert not pace.at_once("1", group=False)
    assert pace.at_once("2", group=False)
    clock.now += APART
    assert pace.at_once("1", group=False)


def test_a_group_gets_twenty_messages_a_minute(clock: Clock) -> None:
    pace, sent = Pace(clock), 0
    for _ in range(55):
        sent += pace.at_once("-1", group=True)
        clock.now += APART
    assert sent == rules.A_GROUP


def test_all_together_get_fewer_than_thirty_messages_a_second(clock: Clock) -> None:
    pace, sent = Pace(clock), 0
    for chat in range(1000):
        sent += pace.at_once(str(chat), group=False)
        clock.now += 0.001
    assert 20 < sent < rules.A_SECOND


def test_who_was_asked_to_wait_waits_until_then_whatever_others_do(clock: Clock) -> None:
    pace = Pace(clock)
    pace.hold("1", 30)
    for _ in range(10):
        clock.now += 2
        assert pace.at_once("2", group=False)
        assert not pace.at_once("1", group=False)
    clock.now += 10.1
    assert pace.at_once("1", group=False)


def test_when_several_are_asked_to_wait_at_once_all_do(clock: Clock) -> None:
    pace = Pace(clock)
    for chat in "123":
        pace.hold(chat, 5)
    assert (pace.held("4"), pace.at_once("4", group=False)) == (True, False)
    clock.now += 5.1
    assert pace.at_once("4", group=False)


def test_it_remembers_so_many_chats_and_no_more(clock: Clock) -> None:
    pace = Pace(clock)
    for chat in range(CHATS + 100):
        pace.at_once(str(chat), group=False)
    assert len(pace) == CHATS


async def test_those_who_wait_in_one_chat_go_in_order() -> None:
    pace, went = Pace(), list[int]()

    async def go(number: int) -> None:
        await pace.turn("1", group=False)
        went.append(number)

    await asyncio.gather(*(go(number) for number in range(3)))
    assert went == [0, 1, 2]


# polling


class Alone:
    """What a poller needs of a desk, with no other replica."""

    async def take(self, duty: str) -> bool:
        return bool(duty)

    def heard(self, *, well: bool = True, reason: str = "") -> None:
        """Hear nothing."""


@pytest.mark.slow
@pytest.mark.parametrize("error", [ValueError(), Unavailable("database")])
async def test_an_update_that_can_never_be_written_down_is_passed_over_but_not_for_want_of_a_database(
    error: Exception,
) -> None:
    telegram, taken = Telegram(), list[str]()

    async def take(update: Update) -> None:
        text = update.message.text if update.message else ""
        if text == "bad" and taken.count("bad") < 5:
            taken.append("bad")
            raise error
        taken.append(text or "")

    for text in ("first", "bad", "last"):
        telegram.say(7, text)
    async with serving(telegram) as address, connect(TOKEN, address) as bot:
        polling = asyncio.create_task(Poller(bot, take).run(cast("Desk", Alone())))
        await until(lambda: not telegram.updates)
        polling.cancel()
    assert {*taken} == {"first", "bad", "last"}
    assert taken.count("bad") == (3 if isinstance(error, ValueError) else 6)


# ledger


def test_what_was_noted_is_found_by_the_next_process_and_nothing_else(tmp_path: Path) -> None:
    Ledger(tmp_path / "sent").note("ab12cd34ef56-1", "77")
    assert Ledger(tmp_path / "sent").find("ab12cd34ef56-1") == "77"
    assert Ledger(tmp_path / "sent").find("ab12cd34ef56-2") is None
    assert (tmp_path / "sent").stat().st_mode & 0o077 == 0


def test_a_line_that_was_cut_off_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "sent").write_text("ab12cd34ef56-1 77\nab12cd34ef56-2 ", "ascii")
    assert Ledger(tmp_path / "sent").find("ab12cd34ef56-2") is None


def test_the_ledger_forgets_what_is_out_and_goes_on_where_it_was(tmp_path: Path) -> None:
    kept = Ledger(tmp_path / "sent")
    for key in ("ab12cd34ef56-1", "ab12cd34ef56-2", "00000000aaaa-1"):
        kept.note(key, "77")
    assert kept.noted() == {"ab12cd34ef56", "00000000aaaa"}
    Ledger(tmp_path / "sent").drop({"ab12cd34ef56"})
    kept.note("00000000bbbb-1", "78")
    assert (tmp_path / "sent").read_text() == "00000000aaaa-1 77\n00000000bbbb-1 78\n"
    kept.drop({"00000000aaaa", "00000000bbbb"})
    assert [*tmp_path.iterdir()] == []
    kept.note("00000000cccc-1", "79")
    assert Ledger(tmp_path / "sent").find("00000000cccc-1") == "79"


def test_the_ledger_stays_small(tmp_path: Path) -> None:
    kept = Ledger(tmp_path / "sent")
    for number in range(3 * ledger.LARGEST // 20):
        kept.note(f"{number:012x}-1", str(number))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2.1 * ledger.LARGEST
    assert kept.find(f"{number:012x}-1") == str(number)


def test_without_a_place_for_the_ledger_answers_go_on(tmp_path: Path) -> None:
    Ledger(tmp_path / "missing" / "sent").note("ab12cd34ef56-1", "77")
    assert Ledger().find("ab12cd34ef56-1") is None


# files


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Grüße\r\n".encode(), "Grüße"),
        ("\ufeffGrüße".encode(), "Grüße"),
        ("Grüße".encode("utf-16"), "Grüße"),
        (b"\x89PNG\r\n\x1a\n\x00", ""),
        (b"abc\x00def", ""),
        ("Grüße".encode("latin-1"), ""),
        (b"x" * (CHECKED + 1), ""),
        (b"x" * (BYTES + 1), ""),
    ],
)
def test_only_short_plain_text_is_text(content: bytes, text: str) -> None:
    assert plain(content) == text


# menus


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["private", "group", "admin"])
def test_a_menu_is_one_that_telegram_takes(language: str, kind: str) -> None:
    lines = [{"command": each.command, "description": each.description} for each in shown(language, kind)]
    rules.check_commands(lines)
    names = {line["command"] for line in lines}
    assert (Command.ASK in names, Command.INVITE in names) == (True, kind == "admin")
    assert kind != "group" or Command.CHECK not in names


async def keep_menus(telegram: Telegram, file: Path, *admins: str, writes: str = "") -> None:
    """Let a Lotse keep the menus of these admins, until they stand; somebody writes meanwhile."""
    async with serving(telegram) as address, connect(TOKEN, address) as bot:
        kept = Menus(bot, lambda: frozenset(admins), file)
        if writes:
            kept.met(writes)
        keeping = asyncio.create_task(kept.keep())
        wanted = {f"chat/{admin}" for admin in admins}
        await until(lambda: {scope for scope, _ in telegram.menus if "chat/" in scope} == wanted)
        await until(lambda: len(file.read_text().split()) == len(admins))
        keeping.cancel()


async def test_an_admins_menu_goes_when_one_without_the_right_to_it_writes_after_a_new_start(tmp_path: Path) -> None:
    telegram, file = Telegram(), tmp_path / "menus"
    telegram.say(8, "Hello")
    telegram.say(9, "Hello")
    await keep_menus(telegram, file, "8", "9")
    await keep_menus(telegram, file, "9", writes="8")
    assert file.stat().st_mode & 0o077 == 0


async def test_the_file_of_admins_menus_holds_no_id(tmp_path: Path) -> None:
    telegram, file = Telegram(), tmp_path / "menus"
    telegram.say(4711000815, "Hello")
    await keep_menus(telegram, file, "4711000815")
    assert "4711000815" not in file.read_text()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("phrase", ["press_again", "press_gone"])
def test_a_toast_says_that_an_ai_answers_and_is_no_longer_than_telegram_shows(phrase: str, language: str) -> None:
    assert len(signed(say(phrase, language), language)) <= 200


# errors


class ConnectError(Exception):
    """Bears the name of the error of the library below."""


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (RetryAfter(7), Refused(7.0)),
        (Forbidden("Forbidden: bot was blocked by the user"), Unreachable("Forbidden")),
        (BadRequest("Message to edit not found"), Vanished()),
        (BadRequest("Message can't be deleted for everyone"), Vanished()),
        (BadRequest("Bad Request: chat not found"), Unreachable("chat not found")),
        (TimedOut(), Uncertain()),
        (NetworkError("Bad Gateway"), Uncertain()),
        (caused(NetworkError("httpx.ConnectError"), ConnectError()), Refused()),
        (InvalidToken(), Refused(errors.TOKEN_PAUSE)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_telegram_says_means_one_thing_to_the_core(error: Any, meant: Exception) -> None:  # noqa: ANN401 - any of the library's errors
    found = errors.mapped(error)
    assert (type(found), vars(found)) == (type(meant), vars(meant))


# the doctor


GROUP = -1001234567890
OPEN = Policy(
    workspaces={("telegram", ""): Workspace(rooms={ANY: NOTHING_MORE, str(GROUP): NOTHING_MORE}, pairing=True)}
)


async def looks(
    telegram: Telegram, token: str = TOKEN, name: str = "@Lotse_bot", policy: Policy = OPEN
) -> dict[str, tuple[bool, str, bool]]:
    expected = checks.Expected(name, policy, "access.yaml")
    async with serving(telegram) as address:
        found = await asyncio.to_thread(checks.examine, token, address, expected, "en")
    return {look.about: (look.well, look.words, look.warns) for look in found}


async def set_menus(telegram: Telegram) -> None:
    """Set the menus once, as a Lotse that serves does."""
    async with serving(telegram) as address, connect(TOKEN, address) as bot:
        kept = asyncio.create_task(Menus(bot, frozenset).keep())
        await until(lambda: len(telegram.menus) == 2 * len(menus.LANGUAGES))
        kept.cancel()


async def test_the_doctor_finds_a_bot_that_is_well() -> None:
    telegram = Telegram()
    telegram.say(GROUP, "Hello", user=1)
    await set_menus(telegram)
    found = await looks(telegram)
    assert {about: (well, warns) for about, (well, _, warns) in found.items()} == dict.fromkeys(
        ("token", "links", "access", "room", "groups", "webhook", "menus", "clock"), (True, False)
    )
    assert found["room"][1] == say("doctor_telegram_room", "en", room=GROUP, title="All hands")
    assert found["token"][1] == say("doctor_telegram_bot", "en", name="lotse_bot")


async def test_the_doctor_finds_what_is_wrong() -> None:
    telegram = Telegram()
    telegram.privacy, telegram.faults.webhook = False, "https://old.example"
    found = await looks(telegram)
    assert found["groups"] == (False, say("doctor_telegram_reads_all", "en"), False)
    assert found["webhook"] == (False, say("doctor_telegram_webhook", "en"), False)


async def test_the_doctor_finds_what_would_keep_people_out() -> None:
    found = await looks(Telegram(), name="other_bot", policy=Policy())
    assert found["links"][:2] == (False, say("doctor_telegram_other_name", "en", name="lotse_bot", named="other_bot"))
    assert found["access"][:2] == (False, say("doctor_telegram_closed", "en", file="access.yaml"))
    found = await looks(Telegram(), name="")
    assert found["links"][:2] == (True, say("doctor_telegram_no_links", "en", name="lotse_bot"))
    assert found["room"][:2] == (False, say("doctor_telegram_no_room", "en", room=GROUP))


async def test_the_doctor_says_that_menus_are_not_those_of_this_version_in_any_language() -> None:
    telegram = Telegram()
    await set_menus(telegram)
    telegram.menus["all_group_chats", "de"] = telegram.menus["all_group_chats", "en"]
    assert (await looks(telegram))["menus"] == (True, say("doctor_telegram_no_menus", "en"), True)


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_the_doctor_finds_a_public_group_that_the_bot_is_not_in(status: str) -> None:
    telegram = Telegram()
    telegram.say(GROUP, "Hello", user=1)
    telegram.member[GROUP] = status
    assert (await looks(telegram))["room"][:2] == (False, say("doctor_telegram_no_room", "en", room=GROUP))


async def test_the_doctor_warns_of_a_group_in_which_the_bot_reads_along_as_an_administrator() -> None:
    telegram = Telegram()
    telegram.say(GROUP, "Hello", user=1)
    telegram.member[GROUP] = "administrator"
    words = say("doctor_telegram_room_admin", "en", room=GROUP, title="All hands")
    assert (await looks(telegram))["room"] == (True, words, True)


async def test_the_doctor_finds_a_token_that_nobody_knows_and_does_not_show_it() -> None:
    found = await looks(Telegram(), "123456:" + "b" * 35)
    assert found == {"token": (False, say("doctor_telegram_token", "en"), False)}


def test_the_doctor_finds_that_telegram_is_out_of_reach() -> None:
    assert checks.examine(TOKEN, "http://127.0.0.1:9", checks.Expected("", Policy(), ""), "en") == [
        checks.Look("token", well=False, words=say("doctor_telegram_unreachable", "en"))
    ]
