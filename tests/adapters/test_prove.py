"""`lotse prove`: a line in, a line out; what is no pair gets no result and shows in the exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from adapters.cli import DONE, MISUSED, PARTLY, main

if TYPE_CHECKING:
    from pathlib import Path

PASSAGE = "Rules > Data\nSalaries must not be uploaded."


def pair(sentence: str, number: int = 1) -> dict[str, Any]:
    quotes = [{"quote": "Salaries must not be uploaded.", "passage": PASSAGE}]
    return {"id": f"p{number}", "sentence": sentence, "language": "en", "question": "May I?", "quotes": quotes}


def run(folder: Path, *lines: str) -> tuple[int, list[dict[str, Any]]]:
    pairs, out = folder / "pairs.jsonl", folder / "results.jsonl"
    pairs.write_text("\n".join(lines) + "\n", "utf-8")
    code = main(["prove", str(pairs), "--out", str(out)])
    return code, [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_every_sentence_gets_a_result_with_the_checks_that_fail(tmp_path: Path) -> None:
    lines = [json.dumps(pair("You must not upload salaries.")), json.dumps(pair("You may upload salaries.", 2))]
    code, results = run(tmp_path, *lines)
    assert code == DONE
    assert results[0] == {"id": "p1", "proven": True, "reasons": []}
    assert (results[1]["id"], results[1]["proven"]) == ("p2", False)
    assert {reason.partition(":")[0] for reason in results[1]["reasons"]} == {"modality"}


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"id": "x"}',
        json.dumps(pair("") | {"quotes": [{"quote": 3}]}),
        "[" * 9_000,
        f'"{"x" * 1_000_001}"',
    ],
)
def test_a_line_that_is_no_pair_gets_no_result(tmp_path: Path, line: str) -> None:
    code, results = run(tmp_path, line, json.dumps(pair("You must not upload salaries.")))
    assert code == PARTLY
    assert [result["id"] for result in results] == ["p1"]


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "out.jsonl")]) == MISUSED
    assert "none.jsonl" in capsys.readouterr().err.replace("\n", "")
