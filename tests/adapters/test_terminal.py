"""What a person reads in a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from adapters import terminal
from bot.messages import Answer, Citation, Outcome


def read(*citations: Citation, width: int = 60) -> str:
    screen = io.StringIO()
    answer = Answer("a1", "What does Quill cost?", "en", Outcome.QUOTED, "", citations=citations)
    terminal.show(answer, Console(file=screen, width=width, color_system=None))
    return screen.getvalue()


@pytest.mark.parametrize("width", [60, 200])
def test_a_row_of_a_table_is_shown_cell_by_cell_beside_the_names_of_its_columns(width: int) -> None:
    lead, quote = "Tool | Cost a month | Status", "Quill | 12.50 | approved"
    lines = [
        line.split() for line in read(Citation(1, "t.csv", "Tools", "", quote, lead=lead), width=width).splitlines()
    ]
    assert ["Tool", "Quill"] in lines
    assert ["Cost", "a", "month", "12.50"] in lines
    assert ["Status", "approved", "[1]"] in lines


def test_any_other_quote_stands_in_quotation_marks_below_what_leads_it() -> None:
    screen = read(Citation(1, "r.md", "Rules", "", "photos | of people", lead="Not allowed:"))
    assert screen.index("Not allowed:") < screen.index("“photos | of people” [1]")
