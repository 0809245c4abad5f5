"""The page about the access file says what the file may hold."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
import yaml

from adapters.access_file import AccessFile, load, schema
from bot.limits import Limits
from tests.docs import pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import BaseModel

VALIDATOR = import_module("jsonschema").Draft202012Validator(schema())
"""Comes with Chroma; it has no types."""
PAGE = pages.ROOT / "docs" / "reference" / "access.md"
PARTS = pages.sections(PAGE)
OF_LISTS = {"workspaces": "workspaces[]", "groups": "groups.NAME", "limits": "limits"}


def fields(model: type[BaseModel]) -> Iterator[str]:
    """Yield each key of the file as the page writes it."""
    for name, field in model.model_fields.items():
        yield name
        inner = next(
            (
                kind
                for kind in (field.annotation, *getattr(field.annotation, "__args__", ()))
                if hasattr(kind, "model_fields")
            ),
            None,
        )
        if inner is not None:
            yield from (f"{OF_LISTS[name]}.{key}" for key in inner.model_fields)


def test_every_key_is_told_and_no_other() -> None:
    told = {name for part in ("Keys", "Limits") for row in pages.rows(PARTS[part]) for name in pages.coded(row[0])}
    assert told == set(fields(AccessFile))


def test_the_limits_are_those_of_the_code() -> None:
    told = {
        row[0].strip("`").removeprefix("limits."): int(row[1].replace(",", "")) for row in pages.rows(PARTS["Limits"])
    }
    assert Limits(**told) == Limits()


def test_the_example_is_understood(tmp_path: Path) -> None:
    example = next(block.text for block in pages.blocks(PAGE) if "workspaces:" in block.text)
    (tmp_path / "access.yaml").write_text(example, "utf-8")
    policy = load(tmp_path / "access.yaml")
    assert len(policy.workspaces) == len(policy.groups) == 2
    assert policy.admins


SCHEMA = pages.ROOT / "docs" / "reference" / "access.schema.json"


def test_the_schema_is_that_of_the_code() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == schema(), "make access-schema writes it anew"


def test_the_example_fits_the_schema_and_names_it() -> None:
    example = next(block.text for block in pages.blocks(PAGE) if "workspaces:" in block.text)
    assert SCHEMA.name in example
    VALIDATOR.check_schema(schema())
    VALIDATOR.validate(yaml.safe_load(example))


@pytest.mark.parametrize(
    "text",
    [
        "people: []",
        "workspaces: [{platform: slack}]",
        "workspaces: [{platform: teams, workspace: T0A1}]",
        "workspaces: [{platform: telegram, workspace: T0A1}]",
        "workspaces: [{platform: slack, workspace: T0A1, rooms: {general: all}}]",
        "workspaces: [{platform: slack, workspace: T0A1, rooms: yes}]",
        "admins: [Anna Admin]",
        "groups: {hr: {people: ['slack/T0A1/@anna']}}",
        "limits: {person_day: 0}",
    ],
)
def test_what_the_file_refuses_the_schema_refuses(text: str) -> None:
    assert not VALIDATOR.is_valid(yaml.safe_load(text))
