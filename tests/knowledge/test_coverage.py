"""How much of a question one piece of a passage says, with what stands above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge.coverage import ABOVE, Coverage
from knowledge.live import LiveGeneration
from knowledge.query import HINTED, Asked, understand
from knowledge.search import Searcher
from tests.fakes import WordEmbedder
from tests.handbooks import ANYBODY, names, page, take_in, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.view import View

EMBEDDER = WordEmbedder()
HANDBOOK = {
    "one.md": page("# Alpha\n\nZebras graze. Quokkas sleep.", title="Animals", language="en"),
    "two.md": page("# Beta\n\nZebras and quokkas meet.", title="More", language="en"),
    "three.md": page("# Quokkas\n\nZebras visit.", title="Rest", language="en"),
    "vier.md": page("# Gamma\n\nKundendaten bleiben hier.", title="Daten", language="de"),
}


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    place = tmp_path_factory.mktemp("coverage")
    take_in(write(place / "handbook", HANDBOOK), place / "data", EMBEDDER)
    live = LiveGeneration(place / "data", EMBEDDER.fingerprint)
    with live.using() as generation:
        yield Searcher(live, EMBEDDER, names()).view(generation, ANYBODY)
    live.close()


def said(view: View, question: str, language: str = "en") -> dict[str, float]:
    return shares(view, understand(question, language, names()).asked)


def shares(view: View, asked: tuple[Asked, ...]) -> dict[str, float]:
    numbers = np.arange(view.generation.manifest.passages)
    coverage = Coverage(asked, view)
    files = [view.generation.passage(number).document for number in numbers.tolist()]
    return dict(zip(files, coverage.of(numbers).best(), strict=True))


def test_one_piece_that_says_all_beats_two_that_say_half_each(view: View) -> None:
    found = said(view, "zebras quokkas")
    assert found["two.md"] == pytest.approx(1)
    assert found["one.md"] < 1


def test_a_heading_lends_a_piece_its_words_at_a_discount(view: View) -> None:
    found = said(view, "zebras quokkas")
    assert 0 < found["three.md"] < found["two.md"]
    assert said(view, "quokkas")["three.md"] == pytest.approx(ABOVE)


def test_another_name_in_the_other_language_counts_like_the_word(view: View) -> None:
    assert said(view, "customer data")["vier.md"] == pytest.approx(1)


def test_a_name_that_is_only_hinted_at_counts_for_less(view: View) -> None:
    name = ("=kundendat",)
    sure = Asked("=client", (), (name,))
    hinted = Asked("=client", (), (name,), hinted=frozenset({name}))
    assert shares(view, (sure,))["vier.md"] == pytest.approx(1)
    assert shares(view, (hinted,))["vier.md"] == pytest.approx(HINTED)


def test_a_word_that_nobody_here_uses_counts_for_nothing(view: View) -> None:
    assert said(view, "xylophone zebras") == pytest.approx(said(view, "zebras"))


def test_a_word_that_only_a_name_of_several_words_says_counts_nevertheless(view: View) -> None:
    meeting = Asked("=rendezvous", (), (("=quokka", "=meet"),))
    assert shares(view, (meeting,))["two.md"] == pytest.approx(1)
    both = shares(view, (meeting, Asked("=zebra", (), ())))
    assert both["two.md"] > both["one.md"] > 0


def test_one_word_of_a_name_of_several_says_less_on_its_own(view: View) -> None:
    name = ("=zebra", "=graze")
    asked = Asked("=zebra", ("_zeb",), (name,), part=True)
    found = shares(view, (asked,))
    assert found["one.md"] == pytest.approx(1)
    assert found["three.md"] == pytest.approx(HINTED)


def test_a_question_of_function_words_is_said_nowhere(view: View) -> None:
    assert set(said(view, "what is it").values()) == {0}
