"""The page about the access file says what the file may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.access_file import AccessFile, load
from bot.limits import Limits
from tests.docs import pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import BaseModel

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
    example = next(block.text for block in pages.blocks(PAGE) if block.text.startswith("workspaces:"))
    (tmp_path / "access.yaml").write_text(example, "utf-8")
    policy = load(tmp_path / "access.yaml")
    assert len(policy.workspaces) == len(policy.groups) == 2
    assert policy.admins
