"""A search finds what its reader may read today, the best first, and nothing without a reader."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from knowledge.findings import Reader
from knowledge.retriever import PassageRetriever
from tests.fakes import WordEmbedder
from tests.handbooks import ANYBODY, TODAY, page, searching, take_in, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.findings import Findings
    from knowledge.search import Searcher

EMBEDDER = WordEmbedder()
HR = Reader(frozenset({"hr"}), TODAY)
HANDBOOK = {
    "data.md": page(
        "# Data\n\nCustomer data stays in the approved tools.\n\n## Deletion\n\nPrompts are deleted after thirty days.",
        title="Data classes",
        version=2,
        effective="2026-02-01",
    ),
    "werkzeuge.md": page("# Werkzeuge\n\nDeepL ist für Verträge freigegeben.", title="Werkzeuge", language="de"),
    "old.md": page("# Old\n\nCustomer data may go into any chatbot.", title="Old data rules"),
    "new.md": page("# New\n\nNo chatbot may see customer data.", supersedes="old.md", effective="2026-12-01"),
    "draft.md": page("# Draft\n\nCustomer data may go anywhere.", status="draft"),
    "hr.md": page("# Staff\n\nApplicants are never ranked by software.", audience="hr"),
    "chess.md": page("# Chess\n\nThe club uses an engine.", audience="chess club"),
    "tools.csv": "Tool;Customer data\nChatGPT;no\nMidjourney;no\n",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    place = tmp_path_factory.mktemp("search")
    take_in(write(place / "handbook", HANDBOOK), place / "data", EMBEDDER)
    with searching(place / "data", EMBEDDER) as opened:
        yield opened


def found(findings: Findings) -> list[str]:
    return [each.passage.document for each in findings.found]


def test_without_a_reader_nothing_is_found(searcher: Searcher) -> None:
    findings = searcher.find("customer data", "en", None)
    assert (findings.found, findings.documents) == ((), 0)


def test_the_passage_that_says_it_comes_first(searcher: Searcher) -> None:
    first = searcher.find("When are prompts deleted?", "en", ANYBODY).found[0]
    assert first.passage.pieces == ("Prompts are deleted after thirty days.",)
    assert first.passage.section == ("Data", "Deletion")
    assert (first.metadata.title, first.metadata.version) == ("Data classes", "2")


def test_a_question_in_one_language_finds_the_other_by_the_glossary(searcher: Searcher) -> None:
    assert found(searcher.find("Which contracts are approved for translation?", "en", ANYBODY))[0] == "werkzeuge.md"


def test_a_row_is_found_by_the_names_of_its_columns(searcher: Searcher) -> None:
    first = searcher.find("Midjourney customer data", "en", ANYBODY).found[0].passage
    assert (first.document, first.pieces) == ("tools.csv", ("Midjourney | no",))


def test_scores_fall(searcher: Searcher) -> None:
    scores = [each.score for each in searcher.find("customer data chatbot", "en", ANYBODY).found]
    assert scores == sorted(scores, reverse=True)


def test_a_limit_is_kept(searcher: Searcher) -> None:
    assert len(searcher.find("customer data", "en", ANYBODY, limit=2).found) == 2


def test_a_closed_document_is_found_only_by_its_group(searcher: Searcher) -> None:
    question = "Are applicants ranked by software?"
    assert found(searcher.find(question, "en", HR))[0] == "hr.md"
    assert "hr.md" not in found(searcher.find(question, "en", ANYBODY))


def test_a_group_that_nobody_knows_closes_a_document_to_all_but_that_group(searcher: Searcher) -> None:
    assert "chess.md" not in found(searcher.find("chess engine", "en", HR))
    assert found(searcher.find("chess engine", "en", Reader(frozenset({"chess club"}), TODAY)))[0] == "chess.md"


def test_groups_that_no_document_names_change_nothing(searcher: Searcher) -> None:
    known = searcher.find("customer data", "en", ANYBODY)
    assert searcher.find("customer data", "en", Reader(frozenset({"sales"}), TODAY)) == known


def test_the_count_of_documents_is_of_those_in_force_for_the_reader(searcher: Searcher) -> None:
    assert searcher.find("data", "en", ANYBODY).documents == 4
    assert searcher.find("data", "en", HR).documents == 5


def test_a_draft_is_never_found(searcher: Searcher) -> None:
    assert "draft.md" not in found(searcher.find("Customer data may go anywhere", "en", ANYBODY))


def test_what_replaces_a_rule_is_found_from_its_day_on(searcher: Searcher) -> None:
    question = "May a chatbot see customer data?"
    today = set(found(searcher.find(question, "en", ANYBODY)))
    december = set(found(searcher.find(question, "en", Reader(frozenset(), date(2026, 12, 1)))))
    assert {"old.md", "new.md"} & today == {"old.md"}
    assert {"old.md", "new.md"} & december == {"new.md"}


def test_a_follow_up_leans_on_the_question_before(searcher: Searcher) -> None:
    history = ("When are prompts deleted?", "After thirty days.")
    assert found(searcher.find("Why?", "en", ANYBODY, history))[0] == "data.md"


def test_a_follow_up_leans_on_what_the_answer_before_named(searcher: Searcher) -> None:
    history = ("Which tool is for contracts?", "Midjourney.")
    assert found(searcher.find("And is it allowed?", "en", ANYBODY, history))[0] == "tools.csv"


@pytest.mark.parametrize("text", ["", "?!", "xyzzy", "ß", "\ufffd" * 50, "data " * 3000])
def test_any_text_can_be_searched_for(text: str, searcher: Searcher) -> None:
    assert searcher.find(text, "en", ANYBODY).documents == 4


def test_the_same_question_finds_the_same(searcher: Searcher) -> None:
    assert searcher.find("customer data", "en", ANYBODY) == searcher.find("customer data", "en", ANYBODY)


def test_where_a_reader_may_read_nothing_nothing_is_found(tmp_path: Path) -> None:
    take_in(write(tmp_path / "handbook", {"hr.md": HANDBOOK["hr.md"]}), tmp_path / "data", EMBEDDER)
    with searching(tmp_path / "data", EMBEDDER) as closed:
        assert closed.find("applicants", "en", ANYBODY).found == ()
        assert closed.find("applicants", "en", ANYBODY).documents == 0
        assert found(closed.find("applicants", "en", HR)) == ["hr.md"]


def test_a_search_follows_a_new_generation(tmp_path: Path) -> None:
    handbook = write(tmp_path / "handbook", {"a.md": "# A\n\nUse the first tool."})
    take_in(handbook, tmp_path / "data", EMBEDDER)
    with searching(tmp_path / "data", EMBEDDER) as following:
        before = following.find("tool", "en", ANYBODY)
        take_in(write(handbook, {"a.md": "# A\n\nUse the second tool."}), tmp_path / "data", EMBEDDER)
        after = following.find("tool", "en", ANYBODY)
    assert [each.found[0].passage.text for each in (before, after)] == ["Use the first tool.", "Use the second tool."]
    assert before.generation != after.generation


def test_the_retriever_serves_chains_with_everything_that_a_citation_needs(searcher: Searcher) -> None:
    retriever = PassageRetriever(searcher=searcher, reader=ANYBODY, limit=3)
    documents = retriever.invoke("When are prompts deleted?")
    assert len(documents) == 3
    assert documents[0].page_content == "Prompts are deleted after thirty days."
    assert {key: value for key, value in documents[0].metadata.items() if key != "score"} == {
        "source": "data.md",
        "title": "Data classes",
        "section": ["Data", "Deletion"],
        "page": None,
        "version": "2",
        "effective": "2026-02-01",
        "external": True,
    }


def test_the_retriever_without_a_reader_returns_nothing(searcher: Searcher) -> None:
    assert PassageRetriever(searcher=searcher).invoke("When are prompts deleted?") == []


def test_the_retriever_keeps_a_closed_document_closed(searcher: Searcher) -> None:
    question = "Are applicants ranked by software?"
    for reader, may in ((ANYBODY, False), (HR, True)):
        sources = {
            document.metadata["source"]
            for document in PassageRetriever(searcher=searcher, reader=reader).invoke(question)
        }
        assert ("hr.md" in sources) is may


async def test_the_retriever_can_be_awaited(searcher: Searcher) -> None:
    assert await PassageRetriever(searcher=searcher, reader=ANYBODY).ainvoke("When are prompts deleted?")
