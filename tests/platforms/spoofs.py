"""People and things that pretend to be somebody, and what of it gets through: an answer from the handbook, or a command carried out."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.access import NOTHING_MORE, Policy, Workspace
from bot.administration import Administration
from bot.buttons import Action, payload
from bot.commands import Reason
from bot.pairing import issue
from bot.reception import Manners, Reception, Registers
from bot.retention import Retention
from bot.self_service import SelfService
from bot.senders import Account
from tests.fakes import WordEmbedder
from tests.faults.door import HANDBOOK, Rules, Shelf
from tests.handbooks import asking, take_in, write
from tests.platforms.telegram_scene import Scene, playing
from tests.platforms.telegram_server import BOT, Telegram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from adapters.database.memory import Memory
    from adapters.telegram.platform import TelegramPlatform
    from bot.handler import Handler

KIM, ADMIN, STRANGER, BLOCKED, OVERHEARING, GROUP, CLOSED = 7, 8, 9, 10, 11, -1001, -1002
QUESTION = "May customer data go into ChatGPT?"
GIVEN_AWAY = ("never goes into", "status in", "report in", "invite", "Code:", "U0ADMIN", "It opens the groups")
"""Words of which none may reach whoever pretends."""
CHANNEL = {"id": -1009, "type": "channel", "title": "News"}
ADMINS_NAME = {"first_name": "Anna", "last_name": "Admin", "username": "anna_admin"}


def reception(handler: Handler, **fields: Any) -> Callable[[Memory, TelegramPlatform], Reception]:  # noqa: ANN401 - fields of Policy
    """Return what makes the whole reception: Telegram is open, one group too, one person is an admin, one is blocked."""
    opened = Workspace(rooms={str(GROUP): NOTHING_MORE}, pairing=True)
    admins, blocked = (frozenset({Account("telegram", "", str(each))}) for each in (ADMIN, BLOCKED))
    policy = replace(Policy(workspaces={("telegram", ""): opened}, admins=admins, blocked=blocked), **fields)

    def make(kept: Memory, platform: TelegramPlatform) -> Reception:
        registers = Registers(
            Rules(policy),
            kept.people,
            kept.invitations,
            kept.counter,
            kept.conversations,
            kept.journal,
            kept.conversations,
            {"telegram": platform},
        )
        office = Administration(
            kept.invitations, kept.audit, kept.opinions, Shelf(), lambda code: f"https://t.me/lotse_bot?start={code}"
        )
        service = SelfService(kept.people, kept.opinions, Retention())
        return Reception(handler, registers, service, office, Manners("en"))

    return make


async def pair(scene: Scene, *people: int) -> None:
    """Let people have redeemed an invitation."""
    for person in people:
        account, kept = Account("telegram", "", str(person)), scene.memory.people
        await kept.meet(account, datetime.now(UTC))
        await kept.pair(account, ())
        await kept.welcome(account)


def spoofs() -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield what is tried: where, in which words, as whom."""
    anonymous = {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}}
    nobodies: list[dict[str, Any]] = [
        anonymous | {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "Team"}},
        {"sender_chat": CHANNEL},
        {
            "from": {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"},
            "sender_chat": CHANNEL,
        },
        {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}},
        {"from": {"id": KIM, "is_bot": True, "first_name": "Kim"}},
        {"from": BOT},
        {"via_bot": BOT | {"id": 66}},
        {
            "forward_origin": {
                "type": "user",
                "date": 1,
                "sender_user": {"id": ADMIN, "is_bot": False, "first_name": "A"},
            }
        },
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Kim"}},
        {"forward_origin": {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 1}},
        {
            "forward_origin": {
                "type": "chat",
                "date": 1,
                "sender_chat": {"id": GROUP, "type": "supergroup", "title": "T"},
            }
        },
        {"is_automatic_forward": True, "sender_chat": CHANNEL},
        {"from": {"id": STRANGER, "is_bot": False} | ADMINS_NAME},
        {"from": {"id": STRANGER, "is_bot": False, "first_name": "Kim", "username": "kim"}},
        {"from": {"id": BLOCKED, "is_bot": False, "first_name": "Gone"}},
    ]
    for fields in nobodies:
        yield GROUP, f"/ask@lotse_bot {QUESTION}", fields
        yield KIM, QUESTION, fields
        yield ADMIN, "/status", fields
    for command in ("/status", "/invite", "/ingest", "/audit"):
        yield KIM, command, {}
        yield GROUP, f"{command}@lotse_bot", {"user": ADMIN}
        yield ADMIN, command, {"update": "edited_message", "edit_date": 2_000_000_000, "message_id": 90_000}
    for text in ("/start", "/start AAAA-BBBB-CCCC-DDDD", f"/start {'ab12cd34ef56'}", "/start " + "x" * 4000, QUESTION):
        yield STRANGER, text, {}
        yield CLOSED, f"@lotse_bot {text}", {"user": KIM}
    own = {"message_id": 80_000, "date": 1, "chat": {"id": GROUP, "type": "supergroup", "title": "Team"}, "from": BOT}
    for command in (f"/ask@other_bot {QUESTION}", "/status@other_bot", "/weather"):
        yield GROUP, command, {"user": KIM, "reply_to_message": own}
        yield GROUP, command, {"user": ADMIN, "reply_to_message": own}


async def through(url: str) -> int:
    """Try all of it, and press other people's buttons and made-up ones; return how much got through."""
    with tempfile.TemporaryDirectory() as place:
        embedder, folder = WordEmbedder(), Path(place)
        await asyncio.to_thread(lambda: take_in(write(folder / "handbook", HANDBOOK), folder / "data", embedder))
        with asking(folder / "data", embedder) as handler:
            telegram = Telegram()
            async with playing(telegram, url, reception(handler)) as scene:
                await pair(scene, KIM, ADMIN, BLOCKED)
                return await _said(scene) + await _pressed(scene) + await _overheard(scene)


async def _said(scene: Scene) -> int:
    telegram = scene.telegram
    for chat, text, fields in spoofs():
        telegram.say(chat, text, **fields)
    await scene.quiet(120)
    return _given_away(telegram)


async def _pressed(scene: Scene) -> int:
    """Press the buttons of an answer in a group as everybody but the asker, and buttons that never were."""
    telegram = scene.telegram
    telegram.say(GROUP, f"/ask@lotse_bot {QUESTION}", user=KIM)
    await scene.quiet()
    answer = telegram.last(GROUP)
    reference = next(data for data in answer.buttons.values() if not data.startswith("https")).split(":")[1]
    made_up = [payload(action, reference, Reason.WRONG if action is Action.JUDGE else "0") for action in Action]
    made_up += [
        "x\0y",
        f"ask:{reference}:0\0",
        f"ask:{reference}:\ud800",
        "\udfff",
        "x" * 64,
        "judge:ab12cd34ef56:helpful",
        "private:ab12cd34ef56:",
        "/status",
        "/start",
    ]
    answer.text, before = "", len(telegram.toasts)
    keyboard = answer.keyboard
    for user in (ADMIN, STRANGER, BLOCKED):
        for data in made_up:
            telegram.press(answer, "", user=user, data=data)
    await scene.quiet(120)
    opinions = sum(toast.startswith("Thank you") for toast in list(telegram.toasts.values())[before:])
    return _given_away(telegram) + opinions + (answer.keyboard != keyboard)


async def _overheard(scene: Scene) -> int:
    """Redeem, as a stranger, codes that others could read: in an open room and a closed one, by whom Lotse knows and by whom not."""
    telegram = scene.telegram
    for chat, user in ((GROUP, KIM), (GROUP, BLOCKED), (CLOSED, KIM), (CLOSED, BLOCKED)):
        code, kept = issue(datetime.now(UTC))
        await scene.memory.invitations.add(kept)
        telegram.say(chat, f"@lotse_bot {code}", user=user)
        await scene.quiet()
        telegram.say(OVERHEARING, code)
        await scene.quiet()
    telegram.say(OVERHEARING, QUESTION)
    await scene.quiet()
    return _given_away(telegram)


def _given_away(telegram: Telegram) -> int:
    return sum(any(word in each.text for word in GIVEN_AWAY) for each in telegram.sent.values())
