"""Telegram's Bot API on this machine: long polls, flood control, topics, drafts; it refuses what telegram_rules.py does not allow.

People are played by `say`, `press` and `send`; what the bot did is in `sent`, `drafts`, `actions`, `toasts`, `menus`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.platforms import telegram_rules as rules
from tests.platforms.telegram_rules import Refusal, no

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

TOKEN = "123456:" + "a" * 35
"""Has the form of a token, and is none."""
BOT = {"id": 123456, "is_bot": True, "first_name": "Lotse", "username": "lotse_bot"}
BAD = 400
PAID = ("sendmessage", "editmessagetext", "editmessagereplymarkup")
"""Methods that count as messages for the published pace."""
FLOODED = (*PAID, "deletemessage", "sendmessagedraft", "sendchataction")
"""Methods that a chat is asked to wait with."""


@dataclass
class Sent:
    """A message of the bot as it stands in a chat."""

    chat: int
    id: int
    text: str
    entities: list[dict[str, Any]]
    keyboard: dict[str, Any] | None
    thread: int | None
    reply: int | None
    at: float
    edits: int = 0
    deleted: bool = False

    @property
    def buttons(self) -> dict[str, str]:
        """Return what stands on each button and what it carries."""
        rows = self.keyboard["inline_keyboard"] if self.keyboard else []
        return {b["text"]: b.get("callback_data") or b["url"] for row in rows for b in row}


@dataclass
class Faults:
    """What the server does wrong. Times are on the loop's clock, counts are used up; a chat of 0 is every chat."""

    conflict_until: float = 0.0
    webhook: str = ""
    broken: int = 0
    lose_reply: int = 0
    slow: float = 0.0
    slow_methods: tuple[str, ...] = PAID
    flood_until: dict[int, float] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    no_drafts: bool = False
    strict_pace: bool = False
    press_wait: float = rules.PRESS_WAIT


class Telegram:
    """The server, its chats and their people."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.updates: dict[int, dict[str, Any]] = {}
        self.sent: dict[tuple[int, int], Sent] = {}
        self.drafts: list[tuple[int, int, str, float]] = []
        self.actions: list[tuple[int, str, float]] = []
        self.toasts: dict[str, str] = {}
        self.menus: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refused: list[tuple[str, str]] = []
        self.floods: list[str] = []
        self.privacy = True
        self.asked_at: dict[int, float] = {}
        self.asked_in: dict[int, int] = {}
        self.theirs: set[tuple[int, int]] = set()
        self.polls = 0
        self.files: dict[str, bytes] = {}
        self.forums: set[int] = set()
        self.member: dict[int, str] = {}
        self._chats: set[int] = set()
        self._queries: dict[str, float] = {}
        self._numbers = itertools.count(1)
        self._update = itertools.count(500)
        self._arrived = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self._paid: dict[int, list[float]] = defaultdict(list)

    # people

    def say(self, chat: int, text: str, *, user: int = 0, times: int = 1, **fields: Any) -> int:  # noqa: ANN401 - fields of Message
        """Let somebody write, and return the message's id; a chat above 0 is that person's private chat."""
        number = fields.pop("message_id", None) or next(self._numbers)
        kind = fields.pop("update", "message")
        message = self.message(chat, number, text, user=user or chat, **fields)
        self.push({kind: message}, times=times)
        self.asked_at.setdefault(number, time.monotonic())
        self.asked_in[number] = chat
        self.theirs.add((chat, number))
        return int(number)

    def message(self, chat: int, number: int, text: str, *, user: int, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of Message
        """Return a message with the commands and mentions in it marked, as Telegram marks them."""
        self._chats.add(chat)
        sender = {"id": user, "is_bot": False, "first_name": "Kim", "language_code": fields.pop("language", "en")}
        place: dict[str, Any] = {"id": chat, "type": "private", "first_name": "Kim"}
        if chat < 0:
            place = {"id": chat, "type": "supergroup", "title": "Team", "is_forum": chat in self.forums}
        marks = [] if "entities" in fields or not text else marked(text)
        content = {"text": text} if text else {}
        return {
            "message_id": number,
            "date": int(time.time()),
            "chat": place,
            "from": sender,
            **content,
            **({"entities": marks} if marks else {}),
            **fields,
        }

    def press(self, sent: Sent, label: str, *, user: int = 0, data: str = "") -> str:
        """Let somebody press a button, and return the query's id."""
        query = f"q{next(self._numbers)}"
        self._queries[query] = time.monotonic()
        below = {
            "message_id": sent.id,
            "date": int(time.time()),
            "chat": self.message(sent.chat, sent.id, "", user=1)["chat"],
            "from": BOT,
            "text": sent.text,
            "reply_markup": sent.keyboard,
        } | ({"message_thread_id": sent.thread, "is_topic_message": True} if sent.thread else {})
        sender = {"id": user or sent.chat, "is_bot": False, "first_name": "Kim", "language_code": "en"}
        pressed = data or sent.buttons[label]
        self.push(
            {"callback_query": {"id": query, "from": sender, "message": below, "chat_instance": "1", "data": pressed}}
        )
        return query

    def number_from(self, update: int) -> None:
        """Let the next update have this number: Telegram begins anew at any after a quiet week."""
        self._update = itertools.count(update)

    def push(self, content: dict[str, Any], *, times: int = 1) -> None:
        """Put an update into the queue, so many times (each with a number of its own)."""
        for _ in range(times):
            number = next(self._update)
            self.updates[number] = {"update_id": number, **content}
        self._arrived.set()

    def texts(self, chat: int) -> list[str]:
        """Return what stands in a chat now."""
        return [each.text for each in self.sent.values() if each.chat == chat and not each.deleted]

    def last(self, chat: int) -> Sent:
        """Return the bot's latest message in a chat."""
        return [each for each in self.sent.values() if each.chat == chat and not each.deleted][-1]

    def erase(self, chat: int, number: int) -> None:
        """Let somebody delete what they wrote."""
        self.theirs.discard((chat, number))

    def leave(self, chat: int) -> None:
        """Let a chat be gone."""
        self._chats.discard(chat)

    def draft(self, chat: int) -> str:
        """Return the draft that is seen in a chat now: it goes by itself, and with the message."""
        seen = [(text, at) for where, _, text, at in self.drafts if where == chat][-1:]
        sent = [each.at for each in self.sent.values() if each.chat == chat][-1:]
        (text, at), latest = seen[0] if seen else ("", 0.0), sent[0] if sent else 0.0
        return text if at > latest and time.monotonic() - at < rules.DRAFT else ""

    def forget(self) -> None:
        """Forget what was said, so that nothing of it is counted as Lotse's memory."""
        for kept in (self.sent, self.drafts, self.actions, self.calls, self.asked_at, self.asked_in, self._paid):
            kept.clear()

    # methods

    async def call(self, method: str, given: dict[str, Any]) -> Any:  # noqa: ANN401 - what each method returns
        """Do what a method does. Raises Refusal."""
        if method not in rules.PARAMETERS or (self.faults.no_drafts and method == "sendmessagedraft"):
            raise Refusal(404, "Not Found: method not found")
        if unknown := given.keys() - set(rules.PARAMETERS[method].split()):
            raise no(f"unknown parameters {sorted(unknown)}")
        if method != "getupdates":
            self.calls.append((method, given))
        self._flood(method, given)
        done: Callable[[dict[str, Any]], Any] = getattr(self, f"_{method}")
        result = done(given)
        return await result if asyncio.iscoroutine(result) else result

    def _getme(self, _given: dict[str, Any]) -> dict[str, Any]:
        return BOT | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": False,
        }

    async def _getupdates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.faults.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        if time.monotonic() < self.faults.conflict_until:
            raise Refusal(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        self.polls += 1
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        self._poll = mine = asyncio.get_running_loop().create_future()
        wanted = given.get("allowed_updates") or rules.USUAL_UPDATES
        for number, update in list(self.updates.items()):
            if number < (given.get("offset") or 0) or not update.keys() & {*wanted}:
                del self.updates[number]
        until = time.monotonic() + min(given.get("timeout", 0), rules.WAIT)
        while not self.updates and (left := until - time.monotonic()) > 0:
            self._arrived.clear()
            arrived = asyncio.ensure_future(self._arrived.wait())
            await asyncio.wait({arrived, mine}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            arrived.cancel()
            if mine.done():
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        return list(self.updates.values())[: min(given.get("limit", rules.UPDATES), rules.UPDATES)]

    def _getchat(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what #chatfullinfo requires."""
        chat, _ = self._open(given)
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
        return {"id": chat, "type": "supergroup", "title": "All hands"} | full

    def _getchatmember(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what #chatmember requires for the bot's own place in a group: a public one is seen from outside, too."""
        chat, _ = self._open(given)
        status = self.member.get(chat, "member")
        rights = """can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members
            can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"""
        more: dict[str, Any] = dict.fromkeys(rights.split(), False) if status == "administrator" else {}
        more |= {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": BOT, **more}

    def _getwebhookinfo(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {"url": self.faults.webhook, "has_custom_certificate": False, "pending_update_count": len(self.updates)}

    def _deletewebhook(self, _given: dict[str, Any]) -> bool:
        self.faults.webhook = ""
        return True

    def _getfile(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["file_id"] not in self.files:
            raise no("invalid file_id")
        return {"file_id": given["file_id"], "file_unique_id": "u", "file_path": f"documents/{given['file_id']}"}

    def _sendmessage(self, given: dict[str, Any]) -> dict[str, Any]:
        chat, thread = self._open(given)
        rules.check_text(given.get("text", ""), given.get("entities", []))
        rules.check_keyboard(given.get("reply_markup"))
        reply = self._replied(chat, given.get("reply_parameters", {}))
        number = next(self._numbers)
        self.sent[chat, number] = Sent(
            chat,
            number,
            given["text"],
            given.get("entities", []),
            given.get("reply_markup"),
            thread,
            reply,
            time.monotonic(),
        )
        return self._shown(self.sent[chat, number])

    def _editmessagetext(self, given: dict[str, Any]) -> dict[str, Any]:
        chat, _ = self._open(given)
        rules.check_text(given.get("text", ""), given.get("entities", []))
        rules.check_keyboard(given.get("reply_markup"))
        sent = self._standing(chat, given["message_id"], "edit")
        new = (given["text"], given.get("entities", []), given.get("reply_markup"))
        if new == (sent.text, sent.entities, sent.keyboard):
            raise no(rules.SAME)
        sent.text, sent.entities, sent.keyboard = new
        sent.edits += 1
        return self._shown(sent)

    def _editmessagereplymarkup(self, given: dict[str, Any]) -> dict[str, Any]:
        chat, _ = self._open(given)
        rules.check_keyboard(given.get("reply_markup"))
        sent = self._standing(chat, given["message_id"], "edit")
        if sent.keyboard == given.get("reply_markup"):
            raise no(rules.SAME)
        sent.keyboard = given.get("reply_markup")
        return self._shown(sent)

    def _deletemessage(self, given: dict[str, Any]) -> bool:
        chat, _ = self._open(given)
        sent = self._standing(chat, given["message_id"], "delete")
        if time.monotonic() - sent.at > rules.DELETABLE:
            raise no("message can't be deleted for everyone")
        sent.deleted = True
        return True

    def _sendmessagedraft(self, given: dict[str, Any]) -> bool:
        chat, _ = self._open(given)
        if chat < 0:
            raise no("message drafts can be sent only to private chats")
        if not given.get("draft_id"):
            raise no("draft identifier must be non-zero")
        rules.check_text(given.get("text", ""), given.get("entities", []), empty=True)
        self.drafts.append((chat, given["draft_id"], given.get("text", ""), time.monotonic()))
        return True

    def _sendchataction(self, given: dict[str, Any]) -> bool:
        chat, _ = self._open(given)
        if given.get("action") != "typing":
            raise no("wrong parameter action in request")
        self.actions.append((chat, given["action"], time.monotonic()))
        return True

    def _answercallbackquery(self, given: dict[str, Any]) -> bool:
        pressed = self._queries.get(given["callback_query_id"])
        if pressed is None or time.monotonic() - pressed > self.faults.press_wait:
            raise no("query is too old and response timeout expired or query ID is invalid")
        if len(given.get("text", "")) > rules.TOAST:
            raise no("MESSAGE_TOO_LONG")
        del self._queries[given["callback_query_id"]]
        self.toasts[given["callback_query_id"]] = given.get("text", "")
        return True

    def _setmycommands(self, given: dict[str, Any]) -> bool:
        scope = given.get("scope", {"type": "default"})
        if "chat_id" in scope and int(scope["chat_id"]) not in self._chats:
            raise no("chat not found")
        rules.check_commands(given["commands"])
        self.menus[_scope(scope), given.get("language_code", "")] = given["commands"]
        return True

    def _getmycommands(self, given: dict[str, Any]) -> list[dict[str, str]]:
        return self.menus.get((_scope(given.get("scope", {"type": "default"})), given.get("language_code", "")), [])

    def _deletemycommands(self, given: dict[str, Any]) -> bool:
        self.menus.pop((_scope(given.get("scope", {"type": "default"})), given.get("language_code", "")), None)
        return True

    # rules

    def _open(self, given: dict[str, Any]) -> tuple[int, int | None]:
        """Return the chat and the topic that are named. Raises Refusal."""
        chat, thread = given["chat_id"], given.get("message_thread_id")
        if chat in self.faults.blocked:
            raise Refusal(
                403,
                "Forbidden: bot was blocked by the user"
                if chat > 0
                else "Forbidden: bot was kicked from the supergroup chat",
            )
        if chat not in self._chats:
            raise no("chat not found")
        if thread is not None and chat not in self.forums:
            raise no("message thread not found")
        return chat, thread

    def _replied(self, chat: int, given: dict[str, Any]) -> int | None:
        """Return the message that is replied to. Raises Refusal where it is gone, unless that was to be overlooked."""
        number = given.get("message_id")
        if number is None:
            return None
        own = self.sent.get((chat, number))
        if (own and not own.deleted) or (chat, number) in self.theirs:
            return int(number)
        if given.get("allow_sending_without_reply"):
            return None
        raise no("message to be replied not found")

    def _standing(self, chat: int, number: int, verb: str) -> Sent:
        sent = self.sent.get((chat, number))
        if sent is None or sent.deleted:
            raise no(f"message to {verb} not found")
        return sent

    @staticmethod
    def _shown(sent: Sent) -> dict[str, Any]:
        kind = "private" if sent.chat > 0 else "supergroup"
        return {
            "message_id": sent.id,
            "date": int(time.time()),
            "chat": {"id": sent.chat, "type": kind},
            "text": sent.text,
        }

    def _flood(self, method: str, given: dict[str, Any]) -> None:
        """Ask to wait, as flood control does. Raises Refusal."""
        now = time.monotonic()
        if method not in FLOODED:
            return
        chat = given.get("chat_id", 0)
        for who in (0, chat):
            if (left := self.faults.flood_until.get(who, 0.0) - now) > 0:
                seconds = int(left) + 1
                raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if method in PAID:
            self._pace(chat, now)

    def _pace(self, chat: int, now: float) -> None:
        """Note what goes beyond the published pace, and refuse it if that is wanted."""
        mine, everybody = self._paid[chat], self._paid[0]
        for times in (mine, everybody):
            times[:] = [each for each in times if now - each < rules.A_MINUTE]
        too_fast = {
            "chat": sum(now - each < 1.0 for each in mine) >= 1,
            "group": chat < 0 and len(mine) >= rules.A_GROUP,
            "all": sum(now - each < 1.0 for each in everybody) >= rules.A_SECOND,
        }
        mine.append(now)
        everybody.append(now)
        if any(too_fast.values()):
            self.floods.append(next(name for name, is_so in too_fast.items() if is_so))
            if self.faults.strict_pace:
                raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)


def _scope(scope: dict[str, Any]) -> str:
    return "/".join(str(scope[name]) for name in ("type", "chat_id") if name in scope)


def marked(text: str) -> list[dict[str, Any]]:
    """Return the marks that Telegram puts on what people write."""
    found = []
    for match in re.finditer(r"\S+", text):
        word, at = match[0], match.start()
        kind = "bot_command" if word.startswith("/") else "mention" if word.startswith("@") else ""
        if kind:
            plain = word.rstrip(".,;:?!")
            found.append({"type": kind, "offset": rules.units(text[:at]), "length": rules.units(plain)})
    return found


@asynccontextmanager
async def serving(telegram: Telegram) -> AsyncIterator[str]:
    """Serve on a free port of this machine, and yield the address."""

    async def file(request: web.Request) -> web.Response:
        return web.Response(body=telegram.files[request.match_info["name"]])

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", partial(_answer, telegram))
    app.router.add_get("/file/bot{token}/documents/{name}", file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _answer(telegram: Telegram, request: web.Request) -> web.StreamResponse:
    """Answer one request, or do what was ordered to go wrong with it."""
    method, faults = request.match_info["method"].casefold(), telegram.faults
    if request.match_info["token"] != TOKEN:
        return _refused(Refusal(401, "Unauthorized"))
    if faults.broken and method != "getme":
        faults.broken -= 1
        return web.Response(status=502, text="<html>Bad Gateway</html>")
    try:
        given = _given(await request.post())
    except ConnectionError:  # whoever asked was killed
        return web.Response()
    try:
        result = await telegram.call(method, given)
    except Refusal as refusal:
        if refusal.code == BAD:
            telegram.refused.append((method, refusal.words))
        return _refused(refusal)
    await _hindered(request, method, faults)
    return web.json_response({"ok": True, "result": result})


async def _hindered(request: web.Request, method: str, faults: Faults) -> None:
    """Let a reply take its time, or get lost, as it was ordered."""
    if method in faults.slow_methods:
        await asyncio.sleep(faults.slow)
    if faults.lose_reply and method in PAID:
        faults.lose_reply -= 1
        if request.transport:
            request.transport.abort()


def _refused(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.words}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)


_TEXTS = frozenset({"text", "callback_query_id", "action", "file_id", "language_code"})


def _given(form: Any) -> dict[str, Any]:  # noqa: ANN401 - a multi-dict of texts
    """Return the parameters of a request, those that are JSON read."""
    return {name: value if name in _TEXTS else json.loads(value) for name, value in form.items()}
