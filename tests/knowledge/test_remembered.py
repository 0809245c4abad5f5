"""What passes through is remembered only where it can be emptied."""

from __future__ import annotations

import gc
import re
from pathlib import Path

from knowledge.remembered import forget, remembered

ROOT = Path(__file__).parents[2]
OF_DOCUMENTS = {
    "knowledge/common.py": "the built-in list of words",
    "knowledge/generation.py": "passages",
    "knowledge/remembered.py": "what is emptied",
    "knowledge/store.py": "files of a generation",
}
"""Where functools' own memory is used, and for what: nothing of what somebody wrote."""


def test_all_that_is_remembered_of_what_somebody_wrote_can_be_emptied() -> None:
    rooms = (file for room in ("bot", "knowledge") for file in (ROOT / room).rglob("*.py"))
    using = {str(file.relative_to(ROOT)) for file in rooms if re.search(r"\blru_cache\(", file.read_text("utf-8"))}
    assert using == set(OF_DOCUMENTS)


def test_after_forgetting_no_function_remembers_a_word() -> None:
    calls = []

    @remembered(10)
    def shout(word: str) -> str:
        calls.append(word)
        return word.upper()

    assert [shout("zilpzalp"), shout("zilpzalp")] == ["ZILPZALP"] * 2
    assert calls == ["zilpzalp"]
    forget()
    shout("zilpzalp")
    assert calls == ["zilpzalp"] * 2


def test_a_memory_goes_with_what_it_belongs_to() -> None:
    def made() -> object:
        return remembered(2)(len)

    made()
    gc.collect()
    forget()
