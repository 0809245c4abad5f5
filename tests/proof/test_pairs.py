from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.proof.load import HERE, SPLITS, by_hand, load, verdicts
from tests.proof.mutate import all_of
from tests.proof.texts import fold, normalised

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proof.pairs import Pair

UNQUOTED = {"edited", "glued", "misattributed"}
"""What the script does to a quote, so that it no longer stands in its passage."""
KINDS = {
    "true": {"one", "two", "row", "heading"},
    "hand": {
        *("condition", "exception", "scope", "actor", "purpose", "added", "half", "comparative", "list", "modality"),
        *("negation", "swap", "other-question", "cause", "time", "merged", "only"),
    },
    "script": {
        *("number", "date", "unit", "direction", "negation", "modality", "tool", "class", "person", "place"),
        *("unrelated", *UNQUOTED),
    },
}


@pytest.fixture(scope="module", params=["starter", "everything"])
def pairs(request: pytest.FixtureRequest) -> list[Pair]:
    folder: Path | None = request.getfixturevalue("shared") if request.param == "everything" else None
    return [pair for split in SPLITS for pair in load(split, folder)]


def test_ids_are_unique(pairs: list[Pair]) -> None:
    assert max(Counter(pair.id for pair in pairs).values()) == 1


def test_fields_are_known(pairs: list[Pair]) -> None:
    for pair in pairs:
        assert pair.split in SPLITS
        assert pair.label in {"true", "false"}
        assert pair.language in {"de", "en"}
        assert pair.kind in KINDS["true" if pair.true else "script" if pair.script else "hand"]
        assert 1 <= len(pair.quotes) <= 3
        assert pair.question
        assert pair.sentence
        assert pair.sentence == fold(pair.sentence)


def test_a_quote_stands_in_its_passage_unless_the_kind_says_otherwise(pairs: list[Pair]) -> None:
    for pair in pairs:
        stands = [fold(quote.quote) in fold(quote.passage) for quote in pair.quotes]
        assert not any(stands) if pair.kind in UNQUOTED else all(stands), pair.id


def test_a_passage_begins_with_its_headings(pairs: list[Pair]) -> None:
    assert all("\n" in quote.passage for pair in pairs for quote in pair.quotes)


def test_a_true_sentence_is_no_copy_of_its_quote(pairs: list[Pair]) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.lower())

    for pair in pairs:
        if pair.true:
            assert all(words(pair.sentence) != words(quote.quote) for quote in pair.quotes), pair.id


def test_no_sentence_is_true_and_false(pairs: list[Pair]) -> None:
    labels: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for pair in pairs:
        key = (pair.sentence, tuple(f"{quote.quote}\n{quote.passage}" for quote in pair.quotes))
        labels.setdefault(key, set()).add(pair.label)
    assert all(len(found) == 1 for found in labels.values())


def test_a_third_of_each_sort_is_set_aside(pairs: list[Pair]) -> None:
    written = [pair for pair in pairs if not pair.script and pair.place != "others"]
    sorts = Counter((pair.label, pair.language, pair.across, pair.split) for pair in written)
    for label, language, across in {sort[:3] for sort in sorts}:
        held, seen = (sorts[label, language, across, split] for split in ("held", "seen"))
        assert 0.26 < held / (held + seen) < 0.40


def test_half_of_those_by_other_hands_is_set_aside(pairs: list[Pair]) -> None:
    splits = Counter(pair.split for pair in pairs if pair.place == "others" and not pair.script)
    assert 0.4 < splits["held"] / splits.total() < 0.6


def test_the_files_hold_what_their_names_say() -> None:
    for split in SPLITS:
        for place in ("starter", "others", "shared"):
            rows = [json.loads(line) for line in (HERE / f"{split}_{place}.jsonl").read_text("utf-8").splitlines()]
            assert rows
            assert {row["split"] for row in rows} == {split}
            assert {isinstance(quote["quote"], str) for row in rows for quote in row["quotes"]} == {place != "shared"}


def test_quotes_stand_in_the_starter_handbook() -> None:
    folder = HERE.parents[1] / "knowledge" / "starter"
    texts = {
        path.name: fold(normalised(path)) for path in folder.iterdir() if path.suffix not in {".yaml", ".pdf", ".txt"}
    }
    for split in SPLITS:
        places = [quote for pair in by_hand(split, None) if pair.place == "starter" for quote in pair.quotes]
        places += [quote for case in verdicts(split) for quote in case.quotes]
        for quote in places:
            assert fold(quote.quote) in texts[quote.document]


def test_there_are_enough(shared: Path) -> None:
    pairs = [pair for split in SPLITS for pair in load(split, shared)]
    true, hand, script = (
        [pair for pair in pairs if pair.true],
        [pair for pair in pairs if not pair.true and not pair.script],
        [pair for pair in pairs if pair.script],
    )
    assert len(true) >= 330
    assert sum(pair.across for pair in true) >= 110
    assert len(hand) >= 430
    assert sum(pair.across for pair in hand) >= 140
    assert len(script) >= 900
    assert {pair.kind for pair in script} == KINDS["script"]
    assert {pair.kind for pair in hand} == KINDS["hand"]


def test_mutations_are_the_same_each_time() -> None:
    written = by_hand("seen", None)
    assert all_of(written) == all_of(written)


def test_verdicts_are_known_and_enough() -> None:
    cases = [case for split in SPLITS for case in verdicts(split)]
    assert len(cases) >= 120
    assert len({case.id for case in cases}) == len(cases)
    assert {case.language for case in cases} == {"de", "en"}
    given = {verdict for case in cases for verdict in case.verdicts or ("none",)}
    assert given == {"allowed", "conditional", "forbidden", "undecided", "none"}
    assert 0.26 < len(verdicts("held")) / len(cases) < 0.40
    for case in cases:
        assert all(fold(quote.quote) in fold(quote.passage) for quote in case.quotes)
