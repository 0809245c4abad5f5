"""Settings come from the environment, `.env` and files with secrets, and every one of them is written down."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from adapters.settings import Settings, SettingsError, load, secrets, variable

if TYPE_CHECKING:
    from pydantic import SecretStr

ROOT = Path(__file__).parents[2]
SECRET = "sk-not-to-be-seen"  # noqa: S105 - a made-up key that must not turn up anywhere
FIELDS = Settings.model_fields


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with an empty folder for secrets."""
    (tmp_path / "mounted").mkdir()
    monkeypatch.setenv("LOTSE_SECRETS_DIR", str(tmp_path / "mounted"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def shown(value: object) -> str:
    """Write a default as a person would set it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def written_down() -> dict[str, tuple[str, str]]:
    return {variable(name): (shown(field.default), str(field.description)) for name, field in FIELDS.items()}


def test_nothing_set_gives_the_defaults() -> None:
    settings = load()
    chosen = {name: getattr(settings, name) for name in FIELDS if name != "secrets_dir"}
    assert chosen == {name: field.default for name, field in FIELDS.items() if name != "secrets_dir"}


def test_a_variable_sets_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_DATA_DIR", "kept")
    monkeypatch.setenv("LOTSE_LANGUAGE", "DE")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1/")
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    settings = load()
    assert (settings.data_dir, settings.language, settings.openai_base_url) == (
        Path("kept"),
        "de",
        "http://localhost:11434/v1",
    )
    assert revealed(settings.openai_api_key) == SECRET


def test_the_environment_wins_over_the_file_of_the_working_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("LOTSE_CONTACT=from the file\nLOTSE_INCIDENT_CONTACT=also from the file\n")
    monkeypatch.setenv("LOTSE_CONTACT", "from the environment")
    assert (load().contact, load().incident_contact) == ("from the environment", "also from the file")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_file_may_begin_as_windows_begins_it_and_hold_umlauts(folder: Path, encoding: str) -> None:
    (folder / ".env").write_text("LOTSE_CONTACT=KI-Büro, Zimmer 3\n", encoding)
    assert load().contact == "KI-Büro, Zimmer 3"


@pytest.mark.parametrize("empty", ["", "  ", "\t"])
@pytest.mark.parametrize("name", sorted(FIELDS.keys() - {"secrets_dir"}))
def test_an_empty_variable_counts_as_unset(name: str, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable(name), empty)
    assert getattr(load(), name) == FIELDS[name].default


def test_an_empty_variable_does_not_hide_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("LOTSE_CONTACT=from the file\n")
    monkeypatch.setenv("LOTSE_CONTACT", "")
    assert load().contact == "from the file"


def test_space_around_a_value_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f" {SECRET}\n")
    assert revealed(load().openai_api_key) == SECRET


@pytest.mark.parametrize(
    ("given", "groups"),
    [("all", ("all",)), ("alle", ("all",)), ("HR, Betriebsrat", ("hr", "betriebsrat")), (" , ", ("all",))],
)
def test_the_default_audience_is_a_list_of_groups(
    given: str, groups: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOTSE_DEFAULT_AUDIENCE", given)
    assert load().default_audience == groups


@pytest.mark.parametrize("name", secrets())
def test_a_secret_may_stand_in_a_file_that_a_variable_names(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "key.txt").write_text(f"{SECRET}\n")
    monkeypatch.setenv(f"{variable(name)}_FILE", str(folder / "key.txt"))
    assert revealed(getattr(load(), name)) == SECRET


@pytest.mark.parametrize("written", [str.upper, str.lower])
def test_a_secret_may_stand_in_the_folder_for_secrets(written: type[str], folder: Path) -> None:
    (folder / "mounted" / written("OPENAI_API_KEY")).write_text(SECRET)
    assert revealed(load().openai_api_key) == SECRET


def test_the_file_of_the_working_folder_may_name_the_file_of_a_secret(folder: Path) -> None:
    (folder / "key.txt").write_text(SECRET)
    (folder / ".env").write_text("OPENAI_API_KEY_FILE=key.txt\n")
    assert revealed(load().openai_api_key) == SECRET


def test_a_variable_wins_over_a_named_file_and_that_over_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mounted" / "OPENAI_API_KEY").write_text("from the folder")
    assert revealed(load().openai_api_key) == "from the folder"
    (folder / "key.txt").write_text("from the named file")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", "key.txt")
    assert revealed(load().openai_api_key) == "from the named file"
    monkeypatch.setenv("OPENAI_API_KEY", "from the variable")
    assert revealed(load().openai_api_key) == "from the variable"


def test_an_empty_file_holds_no_secret(folder: Path) -> None:
    (folder / "mounted" / "OPENAI_API_KEY").write_text("\n")
    assert load().openai_api_key is None


def test_only_secrets_are_read_from_files(folder: Path) -> None:
    (folder / "mounted" / "LOTSE_CONTACT").write_text("from the folder")
    assert load().contact == ""


def test_a_missing_file_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", "missing.txt")
    with pytest.raises(SettingsError) as caught:
        load()
    assert caught.value.variables == ("SLACK_BOT_TOKEN_FILE",)


def test_wrong_values_are_named_by_their_variables_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_LANGUAGE", "fr")
    monkeypatch.setenv("LOTSE_LOG_LEVEL", "loud")
    monkeypatch.setenv("LOTSE_DATA_DIR", "~nobody-has-this-name/data")
    monkeypatch.setenv("SLACK_API_URL", "slack.example")
    with pytest.raises(SettingsError) as caught:
        load()
    assert set(caught.value.variables) == {"LOTSE_DATA_DIR", "LOTSE_LANGUAGE", "LOTSE_LOG_LEVEL", "SLACK_API_URL"}


def test_no_error_shows_what_a_variable_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"ftp://user:{SECRET}@models.example")
    with pytest.raises(SettingsError) as caught:
        load()
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_file_that_is_no_text_is_named(folder: Path) -> None:
    (folder / ".env").write_bytes("LOTSE_CONTACT=Büro".encode("utf-16"))
    with pytest.raises(SettingsError) as caught:
        load()
    assert caught.value.variables == (".env",)


def test_no_view_of_the_settings_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in secrets():
        monkeypatch.setenv(variable(name), SECRET)
    settings = load()
    assert SECRET not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"


def test_every_field_that_sounds_secret_is_one() -> None:
    assert set(secrets()) == {name for name in FIELDS if re.search(r"_(?:key|token|password)$|^database_url$", name)}


def test_settings_do_not_change() -> None:
    settings = load()
    with pytest.raises(ValidationError):
        settings.contact = "somebody else"


def test_a_variable_of_ours_begins_with_our_name() -> None:
    known = ("LOTSE_", "OPENAI_", "SLACK_", "TELEGRAM_")
    assert [name for name in map(variable, FIELDS) if not name.startswith(known)] == []


def test_the_example_lists_every_setting_with_its_default_and_its_reason() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    listed = re.findall(r"^# (.+)\n#? ?([A-Z_]+)=(.*)$", text, re.MULTILINE)
    assert {name: (default, reason) for reason, name, default in listed} == written_down()
    assert len(listed) == len(FIELDS)


def test_the_example_is_itself_a_set_of_settings_that_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOTSE_SECRETS_DIR")
    (folder / ".env").write_bytes((ROOT / ".env.example").read_bytes())
    assert load().model_dump() == {name: field.default for name, field in FIELDS.items()}


def test_the_reference_lists_every_setting_with_its_default_and_its_meaning() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.+?) \|$", text, re.MULTILINE)
    assert {
        name: (default.strip("`").replace("none", ""), meaning) for name, default, meaning in rows
    } == written_down()
    assert len(rows) == len(FIELDS)
