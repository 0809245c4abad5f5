"""A document counts for an asker on a day only if they may read it, if it has begun, and if nothing that they may read replaces it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.currency import in_force, readable
from knowledge.documents import Metadata, Status

TODAY = date(2026, 11, 20)
SPRING, SUMMER, WINTER = date(2026, 3, 1), date(2026, 7, 1), date(2026, 12, 1)
NOBODY: frozenset[str] = frozenset()


def about(title: str = "", **fields: Any) -> Metadata:  # noqa: ANN401 - any field of Metadata
    return Metadata(title or "Untitled", "en", **fields)


def valid(documents: dict[str, Metadata], *groups: str, today: date = TODAY) -> set[str]:
    return set(in_force(documents, frozenset(groups), today))


def test_a_document_without_any_word_about_it_is_in_force() -> None:
    assert valid({"a.md": about()}) == {"a.md"}


def test_no_documents_leave_nothing_in_force() -> None:
    assert valid({}) == set()


def test_a_draft_is_never_in_force() -> None:
    assert valid({"a.md": about(status=Status.DRAFT)}) == set()


def test_a_draft_silences_nothing() -> None:
    documents = {"old.md": about(), "new.md": about(status=Status.DRAFT, supersedes=("old.md",))}
    assert valid(documents) == {"old.md"}


def test_a_document_begins_on_its_effective_day() -> None:
    documents = {"a.md": about(effective=SUMMER)}
    assert valid(documents, today=date(2026, 6, 30)) == set()
    assert valid(documents, today=SUMMER) == {"a.md"}


def test_a_later_document_takes_over_on_its_day_and_not_before() -> None:
    documents = {"old.md": about(), "new.md": about(effective=WINTER, supersedes=("old.md",))}
    assert valid(documents, today=date(2026, 11, 30)) == {"old.md"}
    assert valid(documents, today=WINTER) == {"new.md"}


@pytest.mark.parametrize(
    "named", ["rules/old.md", "old.md", "old", "The Old Rules", " THE  OLD rules ", "./rules/old.md"]
)
def test_a_document_is_named_by_path_file_stem_or_title(named: str) -> None:
    documents = {"rules/old.md": about("The old rules"), "new.md": about("New", supersedes=(named,))}
    assert valid(documents) == {"new.md"}


def test_a_path_may_be_written_with_backslashes() -> None:
    assert valid({"rules/old.md": about("Old"), "new.md": about(supersedes=("rules\\old.md",))}) == {"new.md"}


def test_a_successor_with_the_same_title_replaces_the_other_and_not_itself() -> None:
    documents = {"v1.md": about("AI policy"), "v2.md": about("AI policy", supersedes=("AI policy",))}
    assert valid(documents) == {"v2.md"}


def test_of_several_documents_with_one_name_the_one_in_the_same_folder_is_meant() -> None:
    documents = {
        "de/policy.md": about("Richtlinie"),
        "en/policy.md": about("Policy"),
        "en/policy-2.md": about("Policy 2", supersedes=("policy.md",)),
    }
    assert valid(documents) == {"de/policy.md", "en/policy-2.md"}


def test_a_name_that_nobody_bears_replaces_nothing() -> None:
    assert valid({"a.md": about(supersedes=("gone.md",))}) == {"a.md"}


def test_each_of_several_replaced_documents_falls_silent() -> None:
    documents = {"a.md": about("A"), "b.md": about("B"), "c.md": about("C", supersedes=("a.md", "B"))}
    assert valid(documents) == {"c.md"}


def test_in_a_chain_only_the_last_speaks() -> None:
    documents = {
        "1.md": about("1"),
        "2.md": about("2", supersedes=("1.md",)),
        "3.md": about("3", supersedes=("2.md",)),
    }
    assert valid(documents) == {"3.md"}


def test_a_chain_moves_on_day_by_day() -> None:
    documents = {
        "1.md": about("1", effective=SPRING),
        "2.md": about("2", effective=SUMMER, supersedes=("1.md",)),
        "3.md": about("3", effective=WINTER, supersedes=("2.md",)),
    }
    days = (SPRING, SUMMER, WINTER)
    assert [valid(documents, today=day) for day in days] == [{"1.md"}, {"2.md"}, {"3.md"}]


def test_a_document_marked_as_superseded_is_silent_even_without_a_successor() -> None:
    assert valid({"a.md": about(status=Status.SUPERSEDED)}) == set()


def test_replaced_by_names_the_successor_from_the_other_side() -> None:
    documents = {"old.md": about(status=Status.SUPERSEDED, superseded_by="new.md"), "new.md": about("New")}
    assert valid(documents) == {"new.md"}


def test_a_superseded_document_speaks_until_its_successor_begins() -> None:
    documents = {
        "old.md": about(status=Status.SUPERSEDED, superseded_by="new.md"),
        "new.md": about("New", effective=WINTER),
    }
    assert valid(documents) == {"old.md"}
    assert valid(documents, today=WINTER) == {"new.md"}


def test_two_undated_documents_that_replace_each_other_both_stay() -> None:
    documents = {"a.md": about("A", supersedes=("b.md",)), "b.md": about("B", supersedes=("a.md",))}
    assert valid(documents) == {"a.md", "b.md"}


def test_a_circle_of_undated_documents_leaves_all_of_them() -> None:
    documents = {
        "a.md": about("A", supersedes=("b.md",)),
        "b.md": about("B", supersedes=("c.md",)),
        "c.md": about("C", supersedes=("a.md",)),
    }
    assert valid(documents) == {"a.md", "b.md", "c.md"}


def test_a_circle_silences_what_stands_outside_it() -> None:
    documents = {
        "a.md": about("A", supersedes=("b.md", "old.md")),
        "b.md": about("B", supersedes=("a.md",)),
        "old.md": about("Old"),
    }
    assert valid(documents) == {"a.md", "b.md"}


def test_dates_decide_where_two_documents_replace_each_other() -> None:
    documents = {
        "a.md": about("A", effective=SPRING, supersedes=("b.md",)),
        "b.md": about("B", effective=SUMMER, supersedes=("a.md",)),
    }
    assert valid(documents) == {"b.md"}


def test_an_older_document_replaces_no_newer_one() -> None:
    documents = {
        "a.md": about("A", effective=SPRING, supersedes=("b.md",)),
        "b.md": about("B", effective=SUMMER),
    }
    assert valid(documents) == {"a.md", "b.md"}


def test_a_document_does_not_replace_itself() -> None:
    assert valid({"a.md": about("A", supersedes=("a.md",), superseded_by="A")}) == {"a.md"}


def test_a_closed_document_silences_only_for_those_who_may_read_it() -> None:
    documents = {"old.md": about(), "new.md": about(audience=("board",), supersedes=("old.md",))}
    assert valid(documents) == {"old.md"}
    assert valid(documents, "board") == {"new.md"}


def test_a_superseded_document_with_a_closed_successor_is_silent_for_all() -> None:
    documents = {
        "old.md": about(status=Status.SUPERSEDED, superseded_by="new.md"),
        "new.md": about("New", audience=("board",)),
    }
    assert valid(documents) == set()
    assert valid(documents, "board") == {"new.md"}


def test_a_group_that_nobody_knows_closes_a_document_to_all_but_that_group() -> None:
    about_it = about(audience=("chess club",))
    assert not readable(about_it, NOBODY)
    assert not readable(about_it, frozenset({"hr", "board"}))
    assert readable(about_it, frozenset({"chess club"}))


def test_one_of_several_groups_is_enough() -> None:
    assert readable(about(audience=("hr", "board")), frozenset({"board", "it"}))


def test_a_document_for_everybody_is_open_to_those_without_a_group() -> None:
    assert readable(about(audience=("hr", "all")), NOBODY)


PATHS = ("a.md", "b.md", "c.md", "d.md")
documents = st.fixed_dictionaries(
    {
        path: st.builds(
            Metadata,
            title=st.just(path),
            language=st.just("en"),
            effective=st.sampled_from([None, SPRING, SUMMER, WINTER]),
            audience=st.sampled_from([("all",), ("hr",)]),
            status=st.sampled_from(Status),
            supersedes=st.lists(st.sampled_from(PATHS), max_size=2, unique=True).map(tuple),
            superseded_by=st.sampled_from(["", *PATHS]),
        )
        for path in PATHS
    }
)


@given(documents)
def test_what_an_asker_may_not_read_changes_nothing_for_them(written: dict[str, Metadata]) -> None:
    seen = {path: metadata for path, metadata in written.items() if readable(metadata, NOBODY)}
    assert valid(written) == valid(seen)


@given(documents)
def test_nothing_is_in_force_that_is_a_draft_or_still_to_come_or_closed(written: dict[str, Metadata]) -> None:
    for path in valid(written):
        metadata = written[path]
        assert metadata.status is not Status.DRAFT
        assert metadata.effective is None or metadata.effective <= TODAY
        assert readable(metadata, NOBODY)


undated = st.fixed_dictionaries(
    {path: st.lists(st.sampled_from(PATHS), max_size=3, unique=True).map(tuple) for path in PATHS}
)


@given(undated, st.lists(st.sampled_from([None, SPRING, SUMMER]), min_size=len(PATHS), max_size=len(PATHS)))
def test_however_documents_replace_each_other_one_speaks(
    claims: dict[str, tuple[str, ...]], days: list[date | None]
) -> None:
    written = {
        path: about(path, supersedes=claim, effective=day)
        for (path, claim), day in zip(claims.items(), days, strict=True)
    }
    assert valid(written)
