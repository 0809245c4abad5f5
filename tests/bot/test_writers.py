"""Every fault of a model becomes one of our errors, in time; what is complete is never mistaken for what is not."""

from __future__ import annotations

import asyncio
import inspect
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.drafts import Brief, Claim, Draft, Excerpt, Restated, Said, Source
from bot.errors import (
    KeyRefused,
    ModelBrokeOff,
    ModelBusy,
    ModelDeclined,
    ModelMissing,
    ModelOutOfOrder,
    ModelPaused,
    ModelTooSlow,
    ModelUnreachable,
    ModelUnreadable,
    QuotaSpent,
    WritingFailed,
)
from bot.faults import mapped
from bot.messages import Verdict
from bot.writers import ModelWriter, Options
from tests.platforms.model_server import FAULTS, Call, ModelServer, answer

if TYPE_CHECKING:
    from collections.abc import Iterator

BRIEF = Brief("May I use DeepL?", "en", (Source(1, "Tools > DeepL", "DeepL may be used for public texts."),))
SAID = Said("and for images?", ("May I use Firefly for texts?",), "en")
FIRST = ("DeepL may be used for public texts.", 1, "DeepL may be used for public texts.")
SECOND = ("It is for „public“ texts only { } ].", 2, "public texts")


def well(call: Call) -> dict[str, Any]:
    if call.task == "restate":
        return {"question": "May I use Firefly for images?", "translation": "Darf ich Firefly für Bilder nutzen?"}
    if call.task == "confirm":
        return {"carried": "public" in call.fields["sentence"]}
    return answer(FIRST, SECOND, verdict="conditional", suggestions=("What is DeepL?",))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(well) as running:
        yield running


def writer(server: ModelServer, *models: str, **options: float) -> ModelWriter:
    base = Options(models or ("small",), "key-123", server.base_url, silence=30)
    return ModelWriter(replace(base, **options))  # type: ignore[arg-type]


async def written(model: ModelWriter, seconds: float = 60) -> list[Claim | Draft]:
    await model.ready()
    deadline = asyncio.get_running_loop().time() + seconds
    return [event async for event in model.write(BRIEF, deadline)]


async def test_each_sentence_comes_once_it_is_complete_and_the_draft_holds_them_all(server: ModelServer) -> None:
    *claims, draft = await written(writer(server))
    assert isinstance(draft, Draft)
    assert tuple(claims) == draft.claims
    assert draft.claims[1] == Claim(SECOND[0], (Excerpt(2, "public texts"),))
    assert (draft.answered, draft.verdict) == (True, Verdict.CONDITIONAL)
    assert (draft.suggestions, draft.model) == (("What is DeepL?",), "small")
    assert draft.usage.prompt == len(server.calls[0].prompt) // 4


@pytest.mark.slow
async def test_a_sentence_does_not_wait_for_the_next_one() -> None:
    with ModelServer(well, delay=0.05) as slow:
        start = time.monotonic()
        events = writer(slow).write(BRIEF, asyncio.get_running_loop().time() + 60)
        first, second, last = [time.monotonic() - start async for _ in events]
    assert first < second - 0.1 < last


async def test_the_server_is_told_to_keep_nothing_and_gets_no_tools(server: ModelServer) -> None:
    await written(writer(server))
    body = server.calls[0].body
    assert body["store"] is False
    assert body["stream"] is True
    assert body["response_format"]["json_schema"]["strict"] is True
    assert not {"tools", "functions", "user", "metadata", "temperature"} & body.keys()
    assert server.calls[0].headers["Authorization"] == "Bearer key-123"


async def test_tokens_are_estimated_where_the_server_does_not_count() -> None:
    with ModelServer(well, usage=False) as running:
        *_, draft = await written(writer(running))
    assert isinstance(draft, Draft)
    assert draft.usage.prompt >= len(running.calls[0].prompt) / 4
    assert draft.usage.calls == 1


async def test_a_follow_up_is_made_to_stand_alone_in_both_languages(server: ModelServer) -> None:
    model = writer(server)
    restated = await model.restate(SAID, asyncio.get_running_loop().time() + 60)
    assert restated == Restated("May I use Firefly for images?", "Darf ich Firefly für Bilder nutzen?", restated.usage)
    assert server.calls[0].fields["earlier"] == ["May I use Firefly for texts?"]


async def test_a_second_opinion_says_yes_or_no(server: ModelServer) -> None:
    model, deadline = writer(server), asyncio.get_running_loop().time() + 60
    assert (await model.confirms("for public texts", ("a",), deadline)).carried
    assert not (await model.confirms("for all", ("a",), deadline)).carried


RAISED: dict[str, type[WritingFailed]] = {
    "unauthorized": KeyRefused,
    "not allowed": KeyRefused,
    "bad request": ModelMissing,
    "unknown model": ModelMissing,
    "rate limit": ModelBusy,
    "rate limit, wait long": ModelBusy,
    "quota": QuotaSpent,
    "payment": QuotaSpent,
    "server error": ModelOutOfOrder,
    "unavailable": ModelOutOfOrder,
    "hang": ModelTooSlow,
    "hang midway": ModelTooSlow,
    "drip": ModelTooSlow,
    "clean end midway": ModelBrokeOff,
    "abort midway": ModelUnreachable,
    "error midway": ModelOutOfOrder,
    "length": ModelBrokeOff,
    "content filter": ModelDeclined,
    "html": ModelUnreadable,
    "empty": ModelUnreadable,
    "none": ModelUnreadable,
    "refusal": ModelDeclined,
    "no json": ModelUnreadable,
    "other shape": ModelUnreadable,
    "half json": ModelUnreadable,
    "too long": ModelUnreadable,
}
WAITING = {"hang", "hang midway", "drip"}
"""Faults that are over when the patience is; in the tests it is short."""
WELL = {"", "rate limit, wait"}


@pytest.mark.parametrize("fault", [pytest.param(f, marks=pytest.mark.slow if f in WAITING else ()) for f in RAISED])
async def test_a_fault_of_the_model_is_named_in_time_and_never_a_finished_draft(
    fault: str, server: ModelServer
) -> None:
    server.faults = (fault,)
    with pytest.raises(RAISED[fault]):
        await written(
            writer(server, silence=0.4 if fault in WAITING else 5, attempts=1), 1.2 if fault in WAITING else 5
        )


def test_every_fault_of_the_server_is_tried() -> None:
    assert FAULTS.keys() == RAISED.keys() | WELL


async def test_no_way_to_the_server_is_named() -> None:
    with ModelServer() as gone:
        pass
    with pytest.raises(ModelUnreachable):
        await written(writer(gone, attempts=1))


@pytest.mark.parametrize("fault", ["quota", "payment", "unauthorized", "not allowed", "refusal", "content filter"])
async def test_what_another_call_would_not_mend_costs_one_call_whatever_other_models_there_are(
    fault: str, server: ModelServer
) -> None:
    server.faults = (fault,)
    with pytest.raises(WritingFailed):
        await written(writer(server, "small", "large", attempts=3))
    assert len(server.calls) == 1


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["rate limit", "server error", "unavailable"])
async def test_what_may_be_over_in_a_moment_is_tried_again(fault: str, server: ModelServer) -> None:
    server.faults = (fault, "")
    *_, draft = await written(writer(server))
    assert isinstance(draft, Draft)
    assert len(server.calls) == 2


@pytest.mark.slow
async def test_a_server_that_asks_to_wait_is_waited_for(server: ModelServer) -> None:
    server.faults = ("rate limit, wait", "")
    start = time.monotonic()
    assert isinstance((await written(writer(server)))[-1], Draft)
    assert time.monotonic() - start >= 1


async def test_a_server_that_asks_to_wait_too_long_is_not_waited_for(server: ModelServer) -> None:
    server.faults = ("rate limit, wait long",)
    start = time.monotonic()
    with pytest.raises(ModelBusy):
        await written(writer(server))
    assert (time.monotonic() - start < 30, len(server.calls)) == (True, 1)


@pytest.mark.parametrize("fault", ["unknown model", "server error", "rate limit", "html"])
async def test_the_next_model_in_line_steps_in(fault: str, server: ModelServer) -> None:
    server.faults = (fault, "")
    *_, draft = await written(writer(server, "small", "large", attempts=1))
    assert isinstance(draft, Draft)
    assert draft.model == "large"


async def test_no_other_model_goes_on_with_what_one_has_begun(server: ModelServer) -> None:
    server.faults = ("clean end midway", "")
    with pytest.raises(ModelBrokeOff):
        await written(writer(server, "small", "large"))
    assert len(server.calls) == 1


@pytest.mark.slow
async def test_a_model_that_keeps_failing_is_left_alone_and_tried_again_later(server: ModelServer) -> None:
    server.faults = ("server error", "server error", "")
    model = writer(server, attempts=1, failures=2, pause=1)
    for _ in range(2):
        with pytest.raises(ModelOutOfOrder):
            await written(model)
    with pytest.raises(ModelPaused):
        await written(model)
    assert len(server.calls) == 2
    await asyncio.sleep(1.1)
    assert isinstance((await written(model))[-1], Draft)


async def test_a_model_that_declines_is_not_left_alone(server: ModelServer) -> None:
    server.faults = ("refusal", "refusal", "")
    model = writer(server, failures=1)
    for _ in range(2):
        with pytest.raises(ModelDeclined):
            await written(model)
    assert isinstance((await written(model))[-1], Draft)


def test_every_error_of_the_client_has_its_place() -> None:
    import openai

    errors = [
        kind
        for kind in map(openai.__dict__.get, openai.__all__)
        if inspect.isclass(kind) and issubclass(kind, openai.OpenAIError)
    ]
    assert len(errors) > 15
    for kind in errors:
        error = kind.__new__(kind)
        vars(error).update(code=None, type=None, status_code=getattr(kind, "status_code", 500))
        assert isinstance(mapped(error), WritingFailed)


async def test_nobody_else_is_told_what_is_asked_whatever_the_environment_says(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer() as eavesdropper:
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", eavesdropper.base_url)
        monkeypatch.setenv("LANGSMITH_API_KEY", "x")
        await written(writer(server))
        await asyncio.sleep(0.2)
        assert eavesdropper.requests == 0
    assert len(server.calls) == 1
