"""A payload says what its button means, and nothing else is read as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import LONGEST, Action, Press, payload, pressed, read
from bot.commands import Reason

REFERENCE = "ab12cd34ef56"


@pytest.mark.parametrize("action", Action)
def test_what_was_written_is_read(action: Action) -> None:
    detail = Reason.TOO_LONG if action in {Action.JUDGE, Action.EXPLAIN} else "3"
    text = pressed(payload(action, REFERENCE, detail), "May I?\nReally?")
    assert read(text) == Press(action, REFERENCE, detail, "May I?\nReally?")


@pytest.mark.parametrize("reference", ["", "xyz", "AB12CD34EF56", "ab" * 40, "ab12cd34ef56:"])
def test_an_answer_without_an_id_that_comes_back_has_no_buttons(reference: str) -> None:
    assert payload(Action.ASK, reference) == ""


OTHERS = ["ask:", "judge:ab12cd34ef56:", "judge:ab12cd34ef56:nice", "explain:ab12cd34ef56:", "ask:x:1", ":"]


@given(st.text(max_size=200) | st.sampled_from(OTHERS))
def test_nothing_else_is_read_as_a_button(text: str) -> None:
    assert read(text) is None


def test_every_reason_fits_into_a_payload() -> None:
    made = [payload(Action.JUDGE, REFERENCE, reason) for reason in Reason]
    assert all(0 < len(each.encode()) <= LONGEST for each in made)
