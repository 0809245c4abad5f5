"""The composition root: the only file that knows the classes behind the ports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.handler import Defaults, Handler
from knowledge import glossary
from knowledge.embeddings import EmbedderConfig
from knowledge.live import LiveGeneration
from knowledge.search import Searcher

if TYPE_CHECKING:
    from adapters.settings import Settings
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


def words(settings: Settings, *more: Path) -> Glossary:
    """Return the built-in glossary with the company's own, and more of the kind. Raises GlossaryError."""
    return glossary.load(*more, *((settings.glossary,) if settings.glossary else ()))


def searcher(settings: Settings) -> Searcher:
    """Return what finds passages. Raises KnowledgeError."""
    chosen = embedder(settings)
    return Searcher(LiveGeneration(settings.data_dir, chosen.fingerprint), chosen, words(settings, glossary.VOCABULARY))


def handler(settings: Settings) -> Handler:
    """Return the one door for questions. Raises KnowledgeError."""
    return Handler(searcher(settings), Defaults(settings.language, settings.contact, settings.incident_contact))
