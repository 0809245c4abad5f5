"""Pages hold together: links lead somewhere, lines can be read beside code, the picture is what Lotse prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs import pages, picture

if TYPE_CHECKING:
    from pathlib import Path

WIDEST = 140


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_a_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    broken = []
    for link in pages.links(page):
        target, _, anchor = link.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor not in pages.anchors(file)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", [page for page in pages.PAGES if "tests" not in page.parts], ids=pages.name)
def test_a_line_is_no_wider_than_the_code_beside_it(page: Path) -> None:
    lines = pages.prose(page).splitlines()
    assert [line for line in lines if len(line) > WIDEST and not line.startswith(("|", "!["))] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set[object](), [pages.ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = [(page.parent / link.partition("#")[0]).resolve() for link in pages.links(page) if "://" not in link]
        for target in targets:
            waiting.extend(sorted(target.glob("*.md")) if target.is_dir() else [target] * (target.suffix == ".md"))
    docs = {page for page in pages.PAGES if page.is_relative_to(pages.ROOT / "docs")}
    assert sorted(map(pages.name, docs - reached)) == []


def test_the_picture_fetches_nothing() -> None:
    drawn = picture.PICTURE.read_text("utf-8")
    assert [word for word in ("@font-face", "@import", "<script", "<image", "href", "url(http") if word in drawn] == []


@pytest.mark.slow
def test_the_picture_shows_what_lotse_prints(tmp_path: Path) -> None:
    printed = [f"$ {typed}\n{text}" for typed, text in picture.play(tmp_path, colour=False)]
    shown = picture.words(picture.PICTURE.read_text("utf-8"))
    assert "".join(shown) == "".join("".join(printed).split()), "draw it anew: .venv/bin/python tests/docs/picture.py"
