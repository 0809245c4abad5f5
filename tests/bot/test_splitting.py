"""What is too long for one message is split where people would, and nothing visible is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.splitting import joined, split, utf16

if TYPE_CHECKING:
    from collections.abc import Callable

SOME = "aä ß\n\t.!€🙂👩‍👩‍👧🇩🇪אבّ`*[]()<>_\u200b\u0301"


def visible(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.text(alphabet=SOME, max_size=120), max_size=6),
    st.integers(min_value=4, max_value=60),
    st.sampled_from([len, utf16]),
)
def test_every_message_fits_and_nothing_visible_is_lost(
    blocks: list[str], limit: int, measure: Callable[[str], int]
) -> None:
    messages = [joined(blocks, message) for message in split(blocks, limit, measure)]
    assert visible("".join(messages)) == visible("".join(blocks))
    assert all(0 < measure(message) <= limit and message.strip() for message in messages)


def test_a_block_is_cut_only_when_it_does_not_fit_alone() -> None:
    blocks = ["a" * 30, "b" * 30, "c" * 5]
    assert [[piece.block for piece in message] for message in split(blocks, 40)] == [[0], [1, 2]]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One two three four.\n\nFive six seven eight nine ten.", "One two three four."),
        ("- one point\n- two points\n- three points are more", "- one point\n- two points"),
        ("Eins zwei drei vier. Fünf sechs sieben acht neun.", "Eins zwei drei vier."),
        ("einundzwanzig zweiundzwanzig dreiundzwanzig", "einundzwanzig zweiundzwanzig"),
    ],
)
def test_a_block_is_cut_where_people_would(text: str, first: str) -> None:
    assert joined([text], split([text], 30)[0]) == first


def test_the_indent_of_a_line_stays() -> None:
    text = "def one():\n    return 1\n    # more\n    # still more"
    assert joined([text], split([text], 26)[1]).startswith("    # more")


def test_what_makes_one_character_stays_together() -> None:
    family, flag = "👩‍👩‍👧", "🇩🇪"
    assert [joined([family * 3], m) for m in split([family * 3], 11, utf16)] == [family] * 3
    assert [joined([flag * 2], m) for m in split([flag * 2], 6, utf16)] == [flag] * 2


def test_a_character_too_long_for_a_message_is_cut_all_the_same() -> None:
    text = "a" + "\u0301" * 50
    assert "".join(joined([text], m) for m in split([text], 10)) == text
