"""Settings: everything that can be set, read once from the environment, `.env` and files with secrets."""

from __future__ import annotations

import os
from collections import ChainMap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from knowledge.documents import EVERYBODY

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PREFIX = "LOTSE_"
"""What the names of our own variables begin with. Names that others made known stay as they are."""
DOTENV = ".env"
"""Read from the working folder; a variable of the environment wins over it."""
FILE_SUFFIX = "_FILE"
"""`OPENAI_API_KEY_FILE` names a file that holds the value of `OPENAI_API_KEY`; so for every secret."""
SECRETS_DIR = Path("/run/secrets")


class SettingsError(Exception):
    """Say which variables hold something that cannot be used, by name: never what they hold."""

    def __init__(self, *variables: str) -> None:
        super().__init__(*variables)
        self.variables = variables


def _groups(value: object) -> object:
    """Split "hr, works council" into its groups. "Alle" and nothing at all mean everybody."""
    if not isinstance(value, str):
        return value
    groups = (group.strip().casefold() for group in value.split(","))
    return tuple(EVERYBODY if group == "alle" else group for group in groups if group) or (EVERYBODY,)


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("not a web address")
    return value.rstrip("/")


def _at_home(path: Path) -> Path:
    """Replace a leading ~, which no shell has seen in a file of settings."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("no such home") from None


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _listed(value: object) -> object:
    """Split "a, b" into its parts; "none" is none at all."""
    if not isinstance(value, str):
        return value
    parts = tuple(part for part in map(str.strip, value.split(",")) if part)
    return () if [part.casefold() for part in parts] == ["none"] else parts


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Groups = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_groups)]
Location = Annotated[Path, AfterValidator(_at_home)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Language = Annotated[Literal["de", "en"], BeforeValidator(_lower)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]
Days = Annotated[int, Field(ge=1, le=3650)]


class Settings(BaseSettings):
    """Everything that can be set. Each description is also the line in `.env.example` and in the reference."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        env_file=DOTENV,
        env_file_encoding="utf-8-sig",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        protected_namespaces=(),
    )

    data_dir: Location = Field(
        default=Path("data"), description="Folder that holds everything Lotse keeps; relative to the working folder."
    )
    language: Language = Field(
        default="en", description="Language of Lotse's own words when the question does not tell: de or en."
    )
    contact: str = Field(
        default="",
        description="E-mail address or channel offered when neither the handbook nor its documents name one.",
    )
    incident_contact: str = Field(
        default="",
        description="E-mail address, phone or channel named first to someone who reports an incident, and to those who may not ask, too.",
    )
    default_audience: Groups = Field(
        default=(EVERYBODY,), description="Groups that may read a document that names none, separated by commas."
    )
    glossary: Location | None = Field(
        default=None, description="YAML file with the company's own words, added to the built-in glossary."
    )
    patterns: Location | None = Field(
        default=None, description="YAML file with the company's own patterns for personal data and secrets."
    )
    access_file: Location = Field(
        default=Path("access.yaml"),
        description="YAML file that says who may ask in chats, and what they may read; without it nobody may.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="LOTSE_DATABASE_URL",
        description="Address of a PostgreSQL database, as postgresql://user:password@host/name; else SQLite in the data folder.",
    )
    keep_messages: Annotated[int, Field(ge=0, le=72)] = Field(
        default=1, description="Hours that a message is kept as it was written, after its answer."
    )
    keep_turns: Days = Field(
        default=30,
        description="Days that questions and answers are kept, without personal data, for further questions.",
    )
    keep_journal: Days = Field(
        default=30, description="Days that it is kept how answers came about, and what people think of them."
    )
    keep_people: Days = Field(
        default=180, description="Days that a person's language and groups are kept after their last message."
    )
    keep_audit: Days = Field(default=365, description="Days that it is kept what admins did.")
    embedding_model: str = Field(
        default="", description="Embedding model of the server below; without one, the built-in vectors serve offline."
    )
    log_level: LogLevel = Field(default="warning", description="How much the log says: debug, info, warning or error.")
    generations: str = Field(
        default="",
        description="Folder or object store through which replicas get what is published; none: the data folder is shared.",
    )
    parallel: int = Field(default=8, ge=1, le=256, description="Questions of one platform that are answered at once.")
    late_minutes: int = Field(
        default=15, ge=1, description="Age in minutes from which on a message is answered with an apology in front."
    )
    stop_seconds: int = Field(
        default=20, ge=1, le=600, description="How long what runs may take to end when Lotse is told to stop."
    )
    health_host: str = Field(
        default="127.0.0.1", description="Address on which health and metrics are shown; they have no password."
    )
    health_port: int = Field(default=8080, ge=0, le=65535, description="Port of health and metrics; 0: any free one.")
    secrets_dir: Location = Field(
        default=SECRETS_DIR,
        description="Folder with a file for each secret, named like its variable, as Docker mounts them.",
    )

    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="OPENAI_API_KEY",
        description="Key for OpenAI or a compatible server. With one, a model writes the answers.",
    )
    openai_base_url: WebAddress | None = Field(
        default=None,
        validation_alias="OPENAI_BASE_URL",
        description="Address of an OpenAI-compatible server; without one, OpenAI's own.",
    )

    model: Listed = Field(
        default=("gpt-4.1-mini",),
        description="Model that writes the answers; more, separated by commas, stand in for it in order. none: only quote.",
    )
    model_seconds: float = Field(
        default=20,
        ge=1,
        le=22,
        description="Longest time for one written answer, in seconds; then the handbook is quoted.",
    )
    model_silence: float = Field(
        default=10, ge=0.1, le=22, description="Longest wait for the model's first or next words, in seconds."
    )
    model_attempts: int = Field(
        default=2, ge=1, le=5, description="How often one model is called for one text when the fault may pass."
    )
    model_failures: int = Field(
        default=5, ge=1, le=1000, description="Failed answers in a row after which a model is left alone for a while."
    )
    model_pause: int = Field(default=30, ge=1, le=3600, description="How long it is left alone, in seconds.")
    model_temperature: float | None = Field(
        default=None, ge=0, le=2, description="Temperature sent to the model; without one, the server's own."
    )
    second_opinion: bool = Field(
        default=False,
        description="Ask the model about each proven sentence whether the quote carries it: yes or no. It can only block.",
    )

    slack_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_BOT_TOKEN",
        description="Slack bot token (xoxb-). With both tokens, Lotse answers in Slack.",
    )
    slack_app_token: SecretStr | None = Field(
        default=None, validation_alias="SLACK_APP_TOKEN", description="Slack app-level token (xapp-), for Socket Mode."
    )
    slack_api_url: WebAddress | None = Field(
        default=None,
        validation_alias="SLACK_API_URL",
        description="Another address of Slack's Web API, as of GovSlack.",
    )
    telegram_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias="TELEGRAM_BOT_TOKEN",
        description="Telegram bot token, as BotFather gives it. With one, lotse serve answers there.",
    )
    telegram_bot_name: str = Field(
        default="", validation_alias="TELEGRAM_BOT_NAME", description="User name of the bot, for links in invitations."
    )
    telegram_api_url: WebAddress | None = Field(
        default=None,
        validation_alias="TELEGRAM_API_URL",
        description="Another address of Telegram's Bot API, for a server of your own.",
    )

    @property
    def writes(self) -> bool:
        """Say whether a model writes answers: there is a key, or a server of one's own and a model named for it."""
        own = self.openai_base_url is not None and "model" in self.model_fields_set
        return bool(self.model) and (self.openai_api_key is not None or own)

    @field_validator("*", mode="before")
    @classmethod
    def _trim(cls, value: object, info: ValidationInfo) -> object:
        """Take a text without the space around it; nothing but space counts as unset."""
        if not isinstance(value, str):
            return value
        return value.strip() or cls.model_fields[str(info.field_name)].get_default()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - SecretFiles takes its place
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources, the strongest first."""
        return init_settings, env_settings, dotenv_settings, SecretFiles(settings_cls, env_settings, dotenv_settings)


class SecretFiles(PydanticBaseSettingsSource):
    """Reads secrets, and only them, from files: the one that NAME_FILE names, else NAME in the folder for secrets."""

    def __init__(self, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        known = (source.env_vars for source in sources if isinstance(source, EnvSettingsSource))
        self._variables = ChainMap(*({name.upper(): value or "" for name, value in each.items()} for each in known))

    def __call__(self) -> dict[str, Any]:
        """Return each secret that a file holds, by the name of its variable. Raises SettingsError."""
        mounted = self._mounted()
        names = {_name(field): variable(field) for field in secrets()}
        found = {key: self._named(name) or _content(mounted.get(name), name) for key, name in names.items()}
        return {key: value for key, value in found.items() if value}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Never be asked: all secrets are read in one go."""
        raise NotImplementedError

    def _named(self, name: str) -> str:
        path = self._variables.get(name + FILE_SUFFIX, "").strip()
        return _content(Path(path) if path else None, name + FILE_SUFFIX)

    def _mounted(self) -> dict[str, Path]:
        name = variable("secrets_dir")
        try:
            folder = _at_home(Path(self._variables.get(name, "").strip() or SECRETS_DIR))
            return {entry.name.upper(): entry for entry in folder.iterdir()} if folder.is_dir() else {}
        except (OSError, ValueError) as error:
            raise SettingsError(name) from error


def load() -> Settings:
    """Read the settings as they stand now. Raises SettingsError."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(*dict.fromkeys(_culprit(problem["loc"]) for problem in error.errors())) from error
    except (OSError, UnicodeError) as error:
        raise SettingsError(DOTENV) from error


def calculate_alone() -> None:
    """Let numpy multiply with one thread, where nothing else is set: more double what a question's small products cost.

    It is read when numpy is loaded: call this before.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def variable(field: str) -> str:
    """Return the name of the variable that sets a field."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field.upper()


def _name(field: str) -> str:
    """Return what a source calls a field: by the name that others made known, else by its own."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else field


def secrets() -> tuple[str, ...]:
    """Return the fields that no screen, log or error may show."""
    return tuple(name for name, field in Settings.model_fields.items() if field.annotation == SecretStr | None)


def _culprit(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return variable(name) if name in Settings.model_fields else name


def _content(path: Path | None, name: str) -> str:
    """Return what a file holds, nothing without a file. Raises SettingsError with the name that led there."""
    try:
        return _at_home(path).read_text("utf-8-sig").strip() if path else ""
    except (OSError, ValueError) as error:
        raise SettingsError(name) from error
