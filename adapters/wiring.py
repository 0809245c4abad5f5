"""The composition root: the only file that knows the classes behind the ports."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.errors import OneToken
from bot.handler import Handler
from bot.privacy import own_patterns
from bot.quoting import Defaults
from bot.retention import Retention
from knowledge import glossary
from knowledge.embeddings import EmbedderConfig
from knowledge.live import LiveGeneration
from knowledge.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from adapters.database.memory import Memory
    from adapters.settings import Settings
    from adapters.telegram.ledger import Ledger
    from bot.ports import Platform
    from bot.privacy.own_patterns import OwnPattern
    from bot.reception import Reception
    from bot.writers import ModelWriter
    from bot.written import WrittenAnswers
    from knowledge.embeddings import Embedder
    from knowledge.glossary import Glossary

STARTER = Path(glossary.__file__).parent / "starter"
"""The handbook of a made-up company that comes with Lotse."""


def embedding(settings: Settings) -> EmbedderConfig:
    """Return which embedder the settings name: the built-in one, or an OpenAI-compatible one."""
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
    return EmbedderConfig(settings.embedding_model or "", key, settings.openai_base_url)


def embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name."""
    return embedding(settings).embedder()


def words(settings: Settings) -> Glossary:
    """Return the built-in glossary with the company's own. Raises GlossaryError."""
    return glossary.load(*((settings.glossary,) if settings.glossary else ()))


def searcher(settings: Settings, own: Glossary | None = None) -> Searcher:
    """Return what finds passages, by the words of a glossary that is loaded already, if there is one. Raises KnowledgeError."""
    chosen = embedder(settings)
    known = (own or words(settings)).wider(glossary.VOCABULARY)
    return Searcher(LiveGeneration(settings.data_dir, chosen.fingerprint), chosen, known)


def patterns(settings: Settings) -> Sequence[OwnPattern]:
    """Return the company's own patterns for personal data. Raises PatternsError."""
    return own_patterns.load(settings.patterns) if settings.patterns else ()


def retention(settings: Settings) -> Retention:
    """Return how long things are kept."""
    return Retention(
        raw=timedelta(hours=settings.keep_messages),
        turns=timedelta(days=settings.keep_turns),
        journal=timedelta(days=settings.keep_journal),
        people=timedelta(days=settings.keep_people),
        audit=timedelta(days=settings.keep_audit),
    )


def address(settings: Settings) -> str:
    """Return where the database is, as SQLAlchemy writes it."""
    from adapters.database.connection import url_of

    named = settings.database_url.get_secret_value() if settings.database_url else ""
    return url_of(named, settings.data_dir)


async def memory(settings: Settings, name: str = "") -> Memory:
    """Open the database, for a replica of this name. Raises Unavailable."""
    from adapters.database.memory import remember

    return await remember(address(settings), retention(settings), name)


def invitation_link(settings: Settings) -> Callable[[str], str]:
    """Return what makes a link of an invitation's code; nothing without the bot's name."""
    name = settings.telegram_bot_name.removeprefix("@")
    return lambda code: f"https://t.me/{name}?start={code}" if name else ""


def access_problem(settings: Settings) -> Callable[[], str]:
    """Return what tells why the access file as it stands now does not count, and "" while it does."""
    from adapters.access_file import LiveAccessFile

    live = LiveAccessFile(settings.access_file)

    def problem() -> str:
        live.policy()
        return live.problem.fault if live.problem else ""

    return problem


def reception(settings: Settings, kept: Memory, served: Sequence[Platform] = ()) -> Reception:
    """Return the door for chat platforms. Raises AccessFileError, KnowledgeError."""
    from adapters.access_file import LiveAccessFile, load
    from adapters.published import Published
    from bot.administration import Administration
    from bot.metering import Metered
    from bot.ports import Attachments
    from bot.reception import Manners, Reception, Registers
    from bot.self_service import SelfService

    if settings.access_file.exists():
        load(settings.access_file)  # broken from the start: better said now than by silence in every chat
    registers = Registers(
        LiveAccessFile(settings.access_file),
        kept.people,
        kept.invitations,
        kept.counter,
        kept.conversations,
        kept.journal,
        kept.conversations,
        {platform.name: platform for platform in served if isinstance(platform, Attachments)},
    )
    service = SelfService(kept.people, kept.opinions, retention(settings), settings.contact, patterns(settings))
    office = Administration(kept.invitations, kept.audit, kept.opinions, Published(settings), invitation_link(settings))
    manners = Manners(settings.language, settings.incident_contact)
    metered = Metered(handler(settings), registers.counter, registers.policies)
    return Reception(metered, registers, service, office, manners)


def ledger(settings: Settings) -> Ledger:
    """Return where it is noted what Telegram was sent."""
    from adapters.telegram.ledger import Ledger

    return Ledger(settings.data_dir / "telegram-sent")


async def tidy(settings: Settings, kept: Memory) -> None:
    """Take out of the data folder what is noted of answers that are out. Raises Unavailable."""
    notes = ledger(settings)
    noted = await asyncio.to_thread(notes.noted)
    if noted:
        await asyncio.to_thread(notes.drop, noted - await kept.inbox.open(noted))


def platforms(settings: Settings) -> tuple[Platform, ...]:
    """Return every chat platform whose token is set. Raises OneToken."""
    return (*slack(settings), *telegram(settings))


def slack(settings: Settings) -> Iterator[Platform]:
    """Yield Slack, if both of its tokens are set. Raises OneToken."""
    if bool(settings.slack_bot_token) != bool(settings.slack_app_token):
        raise OneToken
    if settings.slack_bot_token and settings.slack_app_token:
        from adapters.slack.platform import SlackPlatform

        bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
        yield SlackPlatform(bot, app, settings.slack_api_url or "", settings.language)


def telegram(settings: Settings) -> Iterator[Platform]:
    """Yield Telegram, if its token is set. Nothing is asked of it yet."""
    if settings.telegram_bot_token:
        from adapters.access_file import LiveAccessFile
        from adapters.telegram.platform import TelegramPlatform, connect

        access = LiveAccessFile(settings.access_file)
        bot = connect(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url or "")

        def admins() -> frozenset[str]:
            return frozenset(admin.user for admin in access.policy().admins if admin.platform == "telegram")

        menus = settings.data_dir / "telegram-menus"
        yield TelegramPlatform(bot, admins, settings.telegram_bot_name, ledger(settings), menus)


def handler(settings: Settings) -> Handler:
    """Return the one door for questions. Raises KnowledgeError, BotError."""
    defaults = Defaults(settings.language, settings.contact, settings.incident_contact)
    known = words(settings)
    return Handler(searcher(settings, known), defaults, known, writing(settings, known))


def writing(settings: Settings, known: Glossary) -> WrittenAnswers | None:
    """Return what writes answers, None without a model. Raises PatternsError."""
    if not settings.writes:
        return None
    from bot.written import Terms, WrittenAnswers

    chosen = writer(settings)
    terms = Terms(settings.model_seconds, patterns(settings), ",".join(settings.model))
    return WrittenAnswers(chosen, known, terms, chosen if settings.second_opinion else None)


def writer(settings: Settings) -> ModelWriter:
    """Return the model behind the settings' key or server."""
    from bot.writers import OPENAI, ModelWriter, Options

    options = Options(
        settings.model,
        settings.openai_api_key.get_secret_value() if settings.openai_api_key else "",
        settings.openai_base_url or OPENAI,
        settings.model_silence,
        settings.model_attempts,
        settings.model_failures,
        settings.model_pause,
        settings.model_temperature,
    )
    return ModelWriter(options)
