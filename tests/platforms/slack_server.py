"""A small Slack on this machine: Web API, Socket Mode and response URLs, with its documented limits, errors and redelivery.

Sources, each below https://docs.slack.dev: apis/events-api/using-socket-mode (envelopes, hello, disconnect), apis/events-api
(three seconds to acknowledge, three more tries), apis/web-api/rate-limits (429 with Retry-After; slack_limits.py), reference/methods/NAME
(arguments and errors), interactivity/handling-user-interaction (response_url: five times within half an hour; trigger_id: three seconds).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.platforms import slack_rules as rules
from tests.platforms.slack_people import APP, BOT, BOT_ID, TEAM, Channel, Envelope, People, Posted, Whisper
from tests.platforms.slack_rules import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.platforms.slack_limits import Limits

    Fields = dict[str, Any]
    Method = Callable[[Fields], Fields]

BOT_TOKEN, APP_TOKEN = "xoxb-" + "0" * 12, "xapp-" + "0" * 12  # made up, of the right form
ACKNOWLEDGE = 3.0  # apis/events-api: "your app should respond within three seconds"
AGAIN = (0.0, 60.0, 300.0)  # apis/events-api: retried "nearly immediately", after one minute, after five minutes
STREAM_SECONDS = 300.0  # not documented: reported as about five minutes after which a stream is over
TRIGGER = 3.0  # interactivity: a trigger_id is good for three seconds, once
HOOK_SECONDS, HOOK_USES = 1800.0, 5  # interactivity: response_url, five times within thirty minutes
HISTORY = {"D": "im:history", "C": "channels:history", "G": "groups:history", "M": "mpim:history"}
READ = {"public_channel": "channels:read", "private_channel": "groups:read"}  # users.conversations, by types
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.startStream": "chat:write",
    "chat.appendStream": "chat:write",
    "chat.stopStream": "chat:write",
    "assistant.threads.setStatus": "chat:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "users.info": "users:read",
    "views.publish": "",
    "views.open": "",
    "auth.test": "",
    "conversations.replies": "",
    "conversations.history": "",
    "users.conversations": "",
    "apps.connections.open": "connections:write",
}
ALL = frozenset(
    "app_mentions:read assistant:write channels:history channels:read chat:write commands groups:history groups:read".split()
    + "im:history mpim:history users:read".split()
)


class Slack(People):
    """One workspace. Everything that people do is a method; what the app does comes over HTTP and the socket."""

    def __init__(
        self, *, wait: float = ACKNOWLEDGE, again: tuple[float, ...] = AGAIN, limits: Limits | None = None
    ) -> None:
        super().__init__()
        self.limits = limits
        self.wait, self.again = wait, again
        self.scopes, self.app_scopes = set(ALL), {"connections:write"}
        self.tokens = {BOT_TOKEN: "bot", APP_TOKEN: "app"}
        self.revoked: set[str] = set()
        self.removed: list[Posted] = []
        self.opened: list[Fields] = []
        self.statuses: list[tuple[str, str, str]] = []
        self.prompts: list[Fields] = []
        self.calls: list[tuple[str, Fields]] = []
        self.refusals: list[tuple[str, str, str]] = []
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.pauses: dict[str, float] = {}
        self.envelopes: dict[str, Envelope] = {}
        self.lost: list[Envelope] = []
        self.first_sign: dict[str, float] = {}
        self.tickets: set[str] = set()
        self.sockets: list[web.WebSocketResponse] = []
        self.connections = 0
        self.skew = 0.0
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._round = itertools.count()

    # the server

    async def __aenter__(self) -> Slack:  # noqa: PYI034 - never inherited from
        """Start serving on a free port of this machine."""
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await self.down()

    async def up(self) -> None:
        """Serve, on the same port as before."""
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/socket/{ticket}", self._socket)
        app.router.add_post("/hooks/{name}", self._hook)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}/api"

    async def down(self) -> None:
        """Be gone: sockets are cut, nothing listens, and what was open is worth nothing afterwards."""
        self.tickets.clear()
        self.drop(len(self.sockets))
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def drop(self, number: int = 1) -> None:
        """Cut sockets without a word."""
        for socket in self.sockets[:number]:
            if socket._req is not None and socket._req.transport:  # noqa: SLF001 - as a cable is cut
                socket._req.transport.abort()  # noqa: SLF001 - the same
        self._gone(*self.sockets[:number])

    async def refresh(self, reason: str = "refresh_requested", seconds: float = 0.2) -> None:
        """Ask the app to connect anew, then close the old socket (using-socket-mode, disconnect messages)."""
        for socket in list(self.sockets):
            with contextlib.suppress(ConnectionError, RuntimeError):
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})
        old = list(self.sockets)
        await asyncio.sleep(seconds)
        self._gone(*old)
        for socket in old:
            with contextlib.suppress(ConnectionError, RuntimeError):
                await socket.close()

    # socket mode

    def emit(self, kind: str, payload: Fields) -> Envelope:
        """Send something to the app, until it is acknowledged or given up."""
        envelope = Envelope(secrets.token_hex(8), kind, payload)
        self.envelopes[envelope.name] = envelope
        task = asyncio.create_task(self._deliver(envelope))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return envelope

    async def _deliver(self, envelope: Envelope) -> None:
        for number, pause in enumerate((0.0, *self.again)):
            await asyncio.sleep(pause)
            socket = await self._some_socket()
            envelope.tries, envelope.sent = number + 1, envelope.sent or time.monotonic()
            body: Fields = {"envelope_id": envelope.name, "type": envelope.kind, "payload": envelope.payload}
            body["accepts_response_payload"] = envelope.kind != "events_api"
            if envelope.kind == "events_api":
                body |= {"retry_attempt": number, "retry_reason": "timeout" if number else ""}
            with contextlib.suppress(ConnectionError, RuntimeError):
                await socket.send_json(body)
            if await self._acknowledged(envelope, socket):
                return
        self.lost.append(envelope)

    async def _some_socket(self) -> web.WebSocketResponse:
        while not self.sockets:  # noqa: ASYNC110 - a socket comes when it comes
            await asyncio.sleep(0.02)
        return self.sockets[next(self._round) % len(self.sockets)]

    async def _acknowledged(self, envelope: Envelope, socket: web.WebSocketResponse) -> bool:
        """Wait for the acknowledgement; a socket that is gone brings none."""
        envelope.socket, envelope.settled = socket, asyncio.Event()
        if socket in self.sockets and not envelope.acknowledged:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(envelope.settled.wait(), self.wait)
        return bool(envelope.acknowledged)

    def _gone(self, *sockets: web.WebSocketResponse) -> None:
        """Forget sockets, and deliver anew what was on its way through them."""
        for socket in sockets:
            if socket in self.sockets:
                self.sockets.remove(socket)
        for envelope in self.envelopes.values():
            if envelope.socket in sockets and envelope.settled:
                envelope.settled.set()

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        if request.match_info["ticket"] not in self.tickets:  # a URL of apps.connections.open is good once
            raise web.HTTPForbidden
        self.tickets.discard(request.match_info["ticket"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        await socket.send_json(
            {"type": "hello", "num_connections": len(self.sockets) + 1, "connection_info": {"app_id": APP}}
        )
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._take(json.loads(message.data))
        self._gone(socket)
        return socket

    def _take(self, body: Fields) -> None:
        """Take an acknowledgement, with the answer that a command may carry."""
        envelope = self.envelopes.get(body.get("envelope_id", ""))
        if envelope is None:
            return
        if not envelope.acknowledged:
            envelope.acknowledged = time.monotonic()
            if envelope.settled:
                envelope.settled.set()
        envelope.answer = body.get("payload")
        if envelope.kind == "slash_commands" and envelope.answer:
            payload = envelope.payload
            self.first_sign.setdefault(payload["trigger_id"], time.monotonic())
            self.whispers.append(Whisper(payload["channel_id"], payload["user_id"], envelope.answer.get("text", "")))

    # the web API

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or arguments.pop("token", "")
        self.calls.append((method, arguments))
        if pause := self.pauses.get(method):
            await asyncio.sleep(pause)
        fault = self._fault(method)
        if fault and fault != "lose":
            return self._broken(request, method, fault)
        if self.limits and (seconds := self.limits.wait(method, arguments)):
            return self._broken(request, method, f"429 {seconds}")
        try:
            self._allowed(method, token, arguments)
            result = {"ok": True, **self._methods[method](self, arguments)}
        except Refused as refused:
            return self._error(method, refused.error, refused.why)
        if fault == "lose" and request.transport:
            request.transport.abort()
        return web.json_response(result, headers=self._headers())

    def _fault(self, method: str) -> str:
        for name in (method, "*"):
            if self.faults[name]:
                return self.faults[name].pop(0)
        return ""

    def _headers(self) -> dict[str, str]:
        scopes = ",".join(sorted(self.scopes))
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + self.skew))
        return {"X-OAuth-Scopes": scopes, "Date": date}

    def _broken(self, request: web.Request, method: str, fault: str) -> web.Response:
        """Go wrong as a test says: "429 2", "500", "cut", or one of Slack's words."""
        name, _, seconds = fault.partition(" ")
        if name == "429":
            self.refusals.append((method, "ratelimited", ""))
            headers = {"Retry-After": seconds or "1"}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if name.isdigit():
            self.refusals.append((method, name, ""))
            return web.Response(text="upstream error", status=int(name))
        if name == "cut":
            if request.transport:
                request.transport.abort()
            return web.Response()
        return self._error(method, name)

    def _error(self, method: str, error: str, why: str = "") -> web.Response:
        self.refusals.append((method, error, why))
        body: Fields = {"ok": False, "error": error}
        if error == "missing_scope":
            body |= {"needed": why, "provided": ",".join(sorted(self.scopes))}
        return web.json_response(body, headers=self._headers())

    def _allowed(self, method: str, token: str, arguments: Fields) -> None:
        """Check the token, its kind and its scopes. Raises Refused."""
        if not token:
            raise Refused("not_authed")
        if token in self.revoked:
            raise Refused("token_revoked")
        if token not in self.tokens:
            raise Refused("invalid_auth")
        if (self.tokens[token] == "app") != (method == "apps.connections.open"):
            raise Refused("not_allowed_token_type")
        if method not in SCOPES:
            raise Refused("unknown_method")
        needed = self._needed(method, arguments)
        granted = self.scopes if self.tokens[token] == "bot" else self.app_scopes
        if needed and needed not in granted:
            raise Refused("missing_scope", needed)

    def _needed(self, method: str, arguments: Fields) -> str:
        """Return the scope that a call needs."""
        if method in {"conversations.replies", "conversations.history"}:
            return HISTORY.get(self._letter(str(arguments.get("channel", ""))), "channels:history")
        if method == "users.conversations":
            wanted = [READ[kind] for kind in str(arguments.get("types") or "public_channel").split(",")]
            return next((scope for scope in wanted if scope not in self.scopes), "")
        return SCOPES[method]

    def _letter(self, name: str) -> str:
        """Return the first letter of a conversation; M for direct messages of several people, whose ids begin like channels'."""
        return "M" if name in self.channels and self.channels[name].several else name[:1]

    def _conversation(self, arguments: Fields, name: str = "channel") -> Channel:
        """Return the conversation that is named. Raises Refused."""
        wanted = str(arguments.get(name, ""))
        if wanted.startswith(("U", "W")) and wanted in self.users:
            wanted = f"D{wanted}"  # chat.postMessage: a user's id stands for the direct messages with them
            self.channels.setdefault(wanted, Channel(wanted))
        channel = self.channels.get(wanted)
        if channel is None:
            raise Refused("channel_not_found")
        if channel.archived:
            raise Refused("is_archived")
        if not channel.member and not wanted.startswith("D"):
            raise Refused("not_in_channel")
        return channel

    def _body(self, arguments: Fields, longest: int) -> tuple[str, list[Fields]]:
        """Return text and blocks of a message, checked. Raises Refused."""
        text, markdown = str(arguments.get("text") or ""), arguments.get("markdown_text")
        blocks = arguments.get("blocks")
        blocks = json.loads(blocks) if isinstance(blocks, str) else blocks or []
        if markdown is not None:
            if text or blocks:
                raise Refused("markdown_text_conflict")
            if len(markdown) > rules.MARKDOWN:
                raise Refused("msg_too_long")
            return "", [{"type": "markdown", "text": markdown}]
        if not text and not blocks:
            raise Refused("no_text")
        if len(text) > longest:
            raise Refused("msg_too_long", f"{len(text)} characters")
        if blocks:
            rules.check(blocks)
        return text, blocks

    def _signed(self, thread: str) -> None:
        if thread:
            self.first_sign.setdefault(thread, time.monotonic())

    def _post(self, arguments: Fields) -> Fields:
        channel = self._conversation(arguments)
        text, blocks = self._body(arguments, rules.POSTED_TEXT)
        thread = str(arguments.get("thread_ts") or "")
        posted = Posted(channel.name, self.ts(), BOT, text, thread, blocks)
        self.messages[channel.name, posted.ts] = posted
        self._signed(thread)
        return {"channel": channel.name, "ts": posted.ts, "message": self._shape(posted)}

    def _own(self, arguments: Fields, other: str) -> Posted:
        channel = self._conversation(arguments)
        posted = self.messages.get((channel.name, str(arguments.get("ts", ""))))
        if posted is None:
            raise Refused("message_not_found")
        if posted.user != BOT:
            raise Refused(other)
        return posted

    def _update(self, arguments: Fields) -> Fields:
        posted = self._own(arguments, "cant_update_message")
        if posted.streaming:
            raise Refused("streaming_state_conflict")
        text, blocks = self._body(arguments, rules.UPDATED_TEXT)
        rich = any(block["type"] == "rich_text" for block in posted.blocks)
        if rich and blocks and not any(block["type"] == "rich_text" for block in blocks):
            raise Refused("block_mismatch")
        posted.text, posted.blocks, posted.edits = text, blocks, posted.edits + 1
        return {"channel": posted.channel, "ts": posted.ts, "text": text}

    def _delete(self, arguments: Fields) -> Fields:
        posted = self._own(arguments, "cant_delete_message")
        self.removed.append(self.messages.pop((posted.channel, posted.ts)))
        return {"channel": posted.channel, "ts": posted.ts}

    def _ephemeral(self, arguments: Fields) -> Fields:
        channel = self._conversation(arguments)
        text, blocks = self._body(arguments, rules.POSTED_TEXT)
        if arguments.get("user") not in self.users:
            raise Refused("user_not_in_channel")
        thread = str(arguments.get("thread_ts") or "")
        self.whispers.append(Whisper(channel.name, arguments["user"], text, blocks, thread))
        return {"message_ts": self.ts()}

    def _start_stream(self, arguments: Fields) -> Fields:
        channel = self._conversation(arguments)
        thread = str(arguments.get("thread_ts") or "")
        if (channel.name, thread) not in self.messages:
            raise Refused("invalid_arguments", "thread_ts")
        for name in ("recipient_team_id", "recipient_user_id"):
            if not arguments.get(name):
                raise Refused(f"missing_{name}")
        blocks = self._chunks(arguments, [])
        posted = Posted(channel.name, self.ts(), BOT, "", thread, blocks, streaming=time.monotonic())
        self.messages[channel.name, posted.ts] = posted
        self._signed(thread)
        return {"channel": channel.name, "ts": posted.ts}

    @staticmethod
    def _chunks(arguments: Fields, before: list[Fields]) -> list[Fields]:
        blocks = before + rules.check_chunks(arguments.get("chunks") or [])
        if len(blocks) > rules.STREAMED_BLOCKS:
            raise Refused("msg_blocks_too_many")
        return blocks

    def _streaming(self, arguments: Fields) -> Posted:
        posted = self._own(arguments, "message_not_owned_by_app")
        if not posted.streaming or time.monotonic() - posted.streaming > STREAM_SECONDS:
            posted.streaming = 0.0
            raise Refused("message_not_in_streaming_state")
        return posted

    def _append_stream(self, arguments: Fields) -> Fields:
        if self._own(arguments, "message_not_owned_by_app").stopped:
            raise Refused("stopped_by_user")
        posted = self._streaming(arguments)
        if not arguments.get("chunks") and not arguments.get("markdown_text"):
            raise Refused("no_text")
        posted.blocks = self._chunks(arguments, posted.blocks)
        return {"channel": posted.channel, "ts": posted.ts}

    def _stop_stream(self, arguments: Fields) -> Fields:
        posted = self._streaming(arguments)
        if arguments.get("blocks"):
            rules.check(arguments["blocks"])
        posted.blocks = self._chunks(arguments, posted.blocks) + list(arguments.get("blocks") or [])
        posted.streaming = 0.0
        return {"channel": posted.channel, "ts": posted.ts}

    def _replies(self, arguments: Fields) -> Fields:
        channel = self._conversation(arguments)
        root = str(arguments.get("ts", ""))
        found = [m for m in self.messages.values() if m.channel == channel.name and root in {m.ts, m.thread}]
        if not found:
            raise Refused("thread_not_found")
        oldest = str(arguments.get("oldest") or "")  # conversations.replies, oldest; the root is always there
        latest = str(arguments.get("latest") or "9")  # the same page, latest, with inclusive
        found = [
            m
            for m in found
            if m.ts == root or oldest < m.ts < latest or (m.ts == latest and arguments.get("inclusive"))
        ]
        found.sort(key=lambda each: each.ts)
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 1000)
        more = str(start + limit) if start + limit < len(found) else ""
        shown = [self._shape(each) for each in found[start : start + limit]]
        return {"messages": shown, "has_more": bool(more), "response_metadata": {"next_cursor": more}}

    def _history(self, arguments: Fields) -> Fields:
        """Return what was said in a channel up to a moment (conversations.history, latest)."""
        channel = self._conversation(arguments)
        latest = float(arguments.get("latest") or "inf")
        found = [m for m in self.messages.values() if m.channel == channel.name and float(m.ts) <= latest]
        return {"messages": [self._shape(each) for each in found], "has_more": False}

    def _channels(self, arguments: Fields) -> Fields:
        """Return the channels that the bot is in, page by page (users.conversations)."""
        kinds = {"public_channel": "C", "private_channel": "G"}
        wanted = {kinds[kind] for kind in str(arguments.get("types") or "public_channel").split(",")}
        known = [each for each in self.channels.values() if each.member and not each.archived]
        found = [{"id": each.name, "name": each.name.lower()} for each in known if self._letter(each.name) in wanted]
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
        more = str(start + limit) if start + limit < len(found) else ""
        return {"channels": found[start : start + limit], "response_metadata": {"next_cursor": more}}

    def _user(self, arguments: Fields) -> Fields:
        if (user := self.users.get(str(arguments.get("user")))) is None:
            raise Refused("user_not_found")
        shown = dict(user)
        if str(arguments.get("include_locale", "")).lower() not in {"1", "true"}:
            shown.pop("locale", None)
        return {"user": shown}

    def _status(self, arguments: Fields) -> Fields:
        channel = self._conversation(arguments, "channel_id")
        thread = str(arguments.get("thread_ts") or "")
        if (channel.name, thread) not in self.messages:
            raise Refused("invalid_thread_ts")
        if len(arguments.get("loading_messages") or ()) > rules.LOADING:
            raise Refused("invalid_arguments")
        self.statuses.append((channel.name, thread, arguments["status"]))
        self._signed(thread)
        return {}

    def _suggest(self, arguments: Fields) -> Fields:
        self._conversation(arguments, "channel_id")
        prompts = arguments.get("prompts") or []
        if not 1 <= len(prompts) <= rules.PROMPTS or not all({"title", "message"} == each.keys() for each in prompts):
            raise Refused("invalid_arguments")
        self.prompts.append(arguments)
        return {}

    def _publish(self, arguments: Fields) -> Fields:
        if arguments.get("user_id") not in self.users:
            raise Refused("user_not_found")
        rules.check_view(arguments["view"], "home")
        self.homes[arguments["user_id"]] = arguments["view"]
        return {"view": arguments["view"]}

    def _open(self, arguments: Fields) -> Fields:
        made = self.triggers.pop(str(arguments.get("trigger_id")), None)
        if made is None:
            raise Refused("invalid_trigger_id")
        if time.monotonic() - made > TRIGGER:
            raise Refused("expired_trigger_id")
        rules.check_view(arguments["view"], "modal")
        self.opened.append(arguments["view"])
        return {"view": arguments["view"]}

    def _connect(self, _arguments: Fields) -> Fields:
        ticket = secrets.token_hex(8)
        self.tickets.add(ticket)
        return {"url": f"ws://127.0.0.1:{self._port}/socket/{ticket}"}

    def _test(self, _arguments: Fields) -> Fields:
        return {
            "url": "https://home.slack.com/",
            "team": "Home",
            "team_id": TEAM,
            "user": "lotse",
            "user_id": BOT,
            "bot_id": BOT_ID,
        }

    _methods: dict[str, Callable[[Slack, Fields], Fields]] = {  # noqa: RUF012 - a table of this class
        "chat.postMessage": _post,
        "chat.update": _update,
        "chat.delete": _delete,
        "chat.postEphemeral": _ephemeral,
        "chat.startStream": _start_stream,
        "chat.appendStream": _append_stream,
        "chat.stopStream": _stop_stream,
        "conversations.replies": _replies,
        "conversations.history": _history,
        "users.info": _user,
        "users.conversations": _channels,
        "assistant.threads.setStatus": _status,
        "assistant.threads.setSuggestedPrompts": _suggest,
        "views.publish": _publish,
        "views.open": _open,
        "apps.connections.open": _connect,
        "auth.test": _test,
    }

    async def _hook(self, request: web.Request) -> web.Response:
        """Take the answer to a command or a press, as only its sender sees it."""
        self.calls.append(("response_url", body := await request.json()))
        if fault := self._fault("response_url"):
            return (
                web.Response(text="upstream error", status=int(fault)) if fault.isdigit() else web.Response(text=fault)
            )
        hook = self.hooks.get(request.match_info["name"])
        if hook is None or time.monotonic() - hook.made > HOOK_SECONDS or hook.uses >= HOOK_USES:
            return web.Response(text="expired_url", status=404)
        try:
            text, blocks = self._body(body, rules.POSTED_TEXT)
        except Refused as refused:
            self.refusals.append(("response_url", refused.error, refused.why))
            return web.Response(text=refused.error, status=400)
        hook.uses += 1
        if body.get("response_type", "ephemeral") != "ephemeral":
            self.refusals.append(("response_url", "everybody reads this", text))
        self.whispers.append(Whisper(hook.channel, hook.user, text, blocks, str(body.get("thread_ts") or "")))
        return web.Response(text="ok")

    def counted(self) -> Counter[str]:
        """Return how often each method was called."""
        return Counter(method for method, _ in self.calls)


async def _arguments(request: web.Request) -> Fields:
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(request.query) | {
        name: value for name, value in (await request.post()).items() if isinstance(value, str)
    }
