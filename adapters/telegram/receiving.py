"""An update as the core's message: what is addressed to Lotse, by whom as far as Telegram vouches, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from telegram import Message as TelegramMessage
from telegram import MessageEntity
from telegram.constants import ChatType
from telegram.ext.filters import StatusUpdate

from adapters.telegram import files
from bot import buttons, commands
from bot.messages import Kind, Message, Place
from bot.senders import Membership
from bot.splitting import utf16
from knowledge.language import ENGLISH, GERMAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import CallbackQuery, Chat, Update, User

NAME = "telegram"
WANTED = ("message", "edited_message", "callback_query")
"""Kinds of updates that Lotse asks Telegram for: no channel posts, no business messages, no reactions."""
SERVICE = 777000
"""The account that Telegram itself forwards channel posts with; it is no bot and no person."""
_CHATS = frozenset({ChatType.PRIVATE, ChatType.GROUP, ChatType.SUPERGROUP})
_REVISIONS = 2**31
"""Edits within one second are told apart by their update's number, which has 31 bits."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account."""

    id: int
    name: str


def received(update: Update, me: Me) -> Message | None:
    """Return what an update says to Lotse, None when it says nothing to it."""
    if update.callback_query:
        return _click(update.callback_query, me)
    message = update.message or update.edited_message
    if (
        message is None
        or message.chat.type not in _CHATS
        or not (_is_content(message, update) and _is_addressed(message, me))
    ):
        return None
    revision, written = 0, message.date
    if update.edited_message:
        if not (message.text or message.caption):
            return None  # a live location that moved, a poll that went on: nobody says anything new
        written = message.edit_date or message.date
        revision = int(written.timestamp()) * _REVISIONS + update.update_id % _REVISIONS
    user = None if message.sender_chat else message.from_user
    return Message(
        place(message.chat, message),
        _id(message, me),
        str(user.id) if user else "",
        _words(message, me),
        written.astimezone(UTC),
        kind=Kind.MESSAGE if message.text else Kind.FILE,
        revision=revision,
        about=str(message.message_id),
        locale=locale(user),
        membership=_membership(user),
        forwarded=_is_foreign(message),
        context=_file(message),
        goes_on=message.chat.type == ChatType.PRIVATE
        and utf16(message.text or "") >= PIECE
        and not update.edited_message,
    )


PIECE = 2048
"""Code units of the shortest piece but the last that a text is cut into, which is longer than a message may be.

Telegram Desktop looks for the best place in the second half of what a message may hold (CutPart, lib_ui's text_entity.cpp).
"""
ALBUM = "album "
"""What the id begins with of what was sent together with no words of its own."""


def _id(message: TelegramMessage, me: Me) -> str:
    """Name a message. Of what was sent together, whatever nobody reads gets one answer, what is asked or checked its own."""
    alone = not message.media_group_id or _words(message, me) or _is_checked(message)
    return str(message.message_id) if alone else f"{ALBUM}{message.media_group_id}"


def _is_checked(message: TelegramMessage) -> bool:
    """Say whether a file is one that the paste-check reads, as far as can be told before it was fetched."""
    document = None if message.animation else message.document
    private = message.chat.type == ChatType.PRIVATE
    return private and document is not None and 0 < (document.file_size or 0) <= files.BYTES


def asked_beside(update: Update, me: Me) -> str:
    """Return the album of a picture that something was written beside, whose answer is good for all of it; else nothing."""
    message = update.message or update.edited_message
    if message is None or not message.media_group_id or not _words(message, me) or _is_checked(message):
        return ""
    return f"{ALBUM}{message.media_group_id}"


def place(chat: Chat, message: TelegramMessage | None = None) -> Place:
    """Return where a conversation is. A thread is named only in a topic: elsewhere Telegram refuses it."""
    topic = message.message_thread_id if message and message.is_topic_message else None
    private = chat.type == ChatType.PRIVATE
    return Place(NAME, "", str(chat.id), str(topic) if topic else "", private=private)


def locale(user: User | None) -> str:
    """Return the language of somebody's Telegram, as far as Lotse speaks it."""
    code = (user.language_code or "").partition("-")[0] if user else ""
    return code if code in (GERMAN, ENGLISH) else ""


def _membership(user: User | None) -> Membership:
    """Return that a person is one: Telegram does not know who works where. Bots, channels and the anonymous are not."""
    is_person = user is not None and not user.is_bot and user.id != SERVICE
    return Membership.MEMBER if is_person else Membership.NOBODY


def _is_foreign(message: TelegramMessage) -> bool:
    """Say whether somebody else's words were passed on, or an inline bot's."""
    return bool(message.forward_origin or message.is_automatic_forward or message.via_bot)


def _is_content(message: TelegramMessage, update: Update) -> bool:
    """Say whether a message is something that a person wrote or sent, and not that somebody joined or a title changed.

    In private all is that Telegram does not tell by itself: there somebody waits for an answer, whatever they sent.
    """
    if message.text or message.caption or message.effective_attachment:
        return True
    by_somebody = message.chat.type == ChatType.PRIVATE and message.from_user is not None
    return by_somebody and not StatusUpdate.ALL.check_update(update)


# addressed?


def _is_addressed(message: TelegramMessage, me: Me) -> bool:
    """Say whether a message is meant for Lotse: everything in private, else a mention, a reply, a command."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    marks = _marks(message)
    if any(mark.type == MessageEntity.BOT_COMMAND and not mark.offset for mark in marks):
        return _is_commanded(message, marks, me)
    earlier = message.reply_to_message
    is_reply = earlier is not None and earlier.from_user is not None and earlier.from_user.id == me.id
    opens_topic = earlier is not None and earlier.forum_topic_created is not None
    return (is_reply and not opens_topic) or any(_names(message, entity, me) for entity in marks)


def _is_commanded(message: TelegramMessage, marks: Sequence[MessageEntity], me: Me) -> bool:
    """Say whether a message that begins with a command is for Lotse: never if that names another bot, whatever it replies to."""
    (command,) = (
        _marked(message, mark) for mark in marks if mark.type == MessageEntity.BOT_COMMAND and not mark.offset
    )
    _, _, bot = command.partition("@")
    return bot.casefold() in {"", me.name.casefold()} and any(_names(message, mark, me) for mark in marks)


def _marks(message: TelegramMessage) -> tuple[MessageEntity, ...]:
    return tuple(message.entities or message.caption_entities)


def _marked(message: TelegramMessage, entity: MessageEntity) -> str:
    return message.parse_entity(entity) if message.text else message.parse_caption_entity(entity)


def _names(message: TelegramMessage, entity: MessageEntity, me: Me) -> bool:
    """Say whether a mark in a message names Lotse."""
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type == MessageEntity.MENTION:
        return _marked(message, entity).casefold() == f"@{me.name}".casefold()
    if entity.type != MessageEntity.BOT_COMMAND or entity.offset:
        return False
    command, _, bot = _marked(message, entity).partition("@")
    # A command without a name may be meant for any bot of the group: only what Lotse knows is taken for its own.
    return bot.casefold() == me.name.casefold() if bot else command.removeprefix("/").casefold() in commands.NAMES


def _words(message: TelegramMessage, me: Me) -> str:
    """Return what was written, without the mention of Lotse."""
    text = message.text or message.caption or ""
    mentions = (MessageEntity.MENTION, MessageEntity.TEXT_MENTION)
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(_marks(message), key=lambda each: each.offset, reverse=True):
        if entity.type in mentions and _names(message, entity, me):
            start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
            units = units[:start] + " ".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "replace").strip()


def _file(message: TelegramMessage) -> str:
    """Return what is needed to fetch a file that came with a message."""
    document = message.document
    if document is None or message.animation:
        return ""
    return json.dumps({"file": document.file_id, "size": document.file_size or 0})


# presses


def _click(query: CallbackQuery, me: Me) -> Message | None:
    """Return what pressing a button of Lotse's says: its payload, and its label as Telegram has it, never as the presser says."""
    below = query.message
    if below is None or below.chat.type not in _CHATS or not query.data or buttons.read(query.data) is None:
        return None
    known = below if isinstance(below, TelegramMessage) else None
    if known and (known.from_user is None or known.from_user.id != me.id):
        return None
    rows = known.reply_markup.inline_keyboard if known and known.reply_markup else ()
    labels = {str(button.callback_data): button.text for row in rows for button in row if button.callback_data}
    keyboard = [[button.to_dict() for button in row] for row in rows]
    return Message(
        place(below.chat, known),
        f"{below.message_id}/{query.from_user.id}/{query.data}",
        str(query.from_user.id),
        buttons.pressed(query.data, labels.get(query.data, "")),
        datetime.now(UTC),
        kind=Kind.CLICK,
        about=str(below.message_id),
        locale=locale(query.from_user),
        membership=_membership(query.from_user),
        context=json.dumps({"query": query.id, "keyboard": keyboard}, ensure_ascii=False),
    )
