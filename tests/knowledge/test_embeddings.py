"""An embedder gives vectors of length 1 without a network, or asks a server and says in words when that fails."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from knowledge.embeddings import BuiltInEmbedder, OpenAIEmbedder, unit
from knowledge.errors import EmbeddingFailed
from tests.fakes import WordEmbedder
from tests.handbooks import ANYBODY, built_in, searching, take_in, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Reply = tuple[int, Any]


def lengths(vectors: np.ndarray[Any, np.dtype[np.float32]]) -> list[float]:
    return [float(length) for length in np.linalg.norm(vectors, axis=1)]


def test_rows_become_as_long_as_1_and_zeros_stay() -> None:
    assert unit(np.array([[3, 4], [0, 0]], np.float32)).tolist() == pytest.approx(np.array([[0.6, 0.8], [0, 0]]))


def test_the_built_in_embedder_gives_a_row_for_each_text() -> None:
    vectors = built_in().embed(["Customer data", "Kundendaten", ""])
    assert vectors.shape == (3, 256)
    assert vectors.dtype == np.float32
    assert lengths(vectors) == pytest.approx([1, 1, 0])


def test_no_texts_give_no_vectors() -> None:
    assert built_in().embed([]).shape == (0, 256)


def test_a_vector_does_not_depend_on_the_texts_beside_it() -> None:
    texts = [f"policy number {number}" for number in range(600)]
    together = built_in().embed(texts)
    assert built_in().embed(texts[555:556]).tolist() == together[555:556].tolist()


def test_words_are_remembered_and_change_nothing() -> None:
    fresh, used = BuiltInEmbedder(), BuiltInEmbedder()
    used.embed(["Kundendaten und Verträge", "customer data"])
    assert used.embed(["customer  data und Verträge"]).tolist() == fresh.embed(["customer data und Verträge"]).tolist()


def test_near_in_meaning_is_near_in_vectors() -> None:
    policy, rule, banana = built_in().embed(["company policy", "corporate rules", "yellow banana"])
    assert policy @ rule > policy @ banana


def test_the_built_in_embedder_has_a_name_with_its_version() -> None:
    assert BuiltInEmbedder().fingerprint.startswith("wordllama-0.")


def test_a_server_of_another_company_has_another_name() -> None:
    assert OpenAIEmbedder("small", "key").fingerprint == "openai-small"
    assert OpenAIEmbedder("small", "key", "http://a/v1").fingerprint == "openai-small@http://a/v1"


@contextmanager
def serving(reply: Callable[[dict[str, Any]], Reply]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Run a server that speaks OpenAI's interface; give its address and what it was asked."""
    heard: list[dict[str, Any]] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append(asked | {"path": self.path, "key": self.headers["Authorization"]})
            status, body = reply(asked)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1", heard
        finally:
            server.shutdown()
            thread.join()


def vectors(asked: dict[str, Any]) -> Reply:
    data = [
        {"object": "embedding", "index": number, "embedding": row.tolist()}
        for number, row in enumerate(WordEmbedder().embed(asked["input"]) * 7)
    ]
    return 200, {"object": "list", "model": "small", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}}


@pytest.mark.slow
def test_a_server_is_asked_with_plain_texts_and_its_key() -> None:
    with serving(vectors) as (address, heard):
        made = OpenAIEmbedder("small", "secret", address).embed(["Customer data", "", "Kundendaten"])
    assert lengths(made) == pytest.approx([1, 1, 1]) or lengths(made)[1] == 0
    assert [asked["input"] for asked in heard] == [["Customer data", "-", "Kundendaten"]]
    assert (heard[0]["model"], heard[0]["path"], heard[0]["key"]) == ("small", "/v1/embeddings", "Bearer secret")


@pytest.mark.slow
@pytest.mark.parametrize(
    "reply",
    [
        (401, {"error": {"message": "no", "code": "invalid_api_key"}}),
        (400, {"error": {"message": "no"}}),
        (200, {"object": "list", "data": []}),
        (200, {"object": "list", "data": [{"embedding": "text", "index": 0}]}),
        (200, {"object": "list", "data": [{"embedding": [1.0], "index": 0}, {"embedding": [1.0, 2.0], "index": 1}]}),
        (200, b"<html>proxy</html>"),
        (200, {}),
        (200, None),
    ],
    ids=["wrong key", "refused", "nothing", "no vector", "vectors of two sizes", "a page", "no data", "null"],
)
def test_a_server_that_does_not_answer_as_it_should_is_an_error_of_ours(reply: Reply) -> None:
    with serving(lambda _: reply) as (address, _), pytest.raises(EmbeddingFailed) as raised:
        OpenAIEmbedder("small", "secret", address).embed(["one", "two"])
    assert raised.value.reason
    assert "secret" not in str(raised.value)


@pytest.mark.slow
def test_a_server_that_is_not_there_is_an_error_of_ours() -> None:
    with serving(vectors) as (address, _):
        pass
    with pytest.raises(EmbeddingFailed):
        OpenAIEmbedder("small", "secret", address).embed(["one"])


@pytest.mark.slow
def test_a_handbook_is_taken_in_and_searched_with_a_server(tmp_path: Path) -> None:
    with serving(vectors) as (address, heard):
        embedder = OpenAIEmbedder("small", "secret", address)
        handbook = write(tmp_path / "handbook", {"a.md": "# A\n\nUse the first tool."})
        assert take_in(handbook, tmp_path / "data", embedder).passages == 1
        with searching(tmp_path / "data", embedder) as searcher:
            assert [found.passage.text for found in searcher.find("tool", "en", ANYBODY).found] == [
                "Use the first tool."
            ]
        (handbook / "a.md").rename(handbook / "b.md")
        assert take_in(handbook, tmp_path / "data", embedder).embedded == 0
    assert [asked["input"] for asked in heard] == [["A A Use the first tool.", "Use the first tool."], ["tool"]]
