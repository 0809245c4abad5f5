"""A message addressed to Lotse ends in exactly one answer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from adapters.database.memory import remember
from adapters.database.replicas import Replicas
from adapters.database.tables import inbox
from bot import journal
from bot.delivery import FRESH, Delivery
from bot.errors import Unavailable
from bot.inbox import Limits, Worker
from bot.messages import Answer, Kind, Outcome, Place
from bot.ports import Ending
from bot.visits import account
from tests.chats import UNMEANT, Chat, Counter, Direct, FakePlatform, Saying, Silent, message
from tests.scenes import playing, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from adapters.database.memory import Memory
    from bot.messages import Event, Message
    from bot.ports import Kept, Task


async def test_each_question_gets_one_answer(url: str) -> None:
    chat = Chat()
    async with playing(chat, url) as scene:
        for number in range(20):
            chat.say(message(number))
        answers = await scene.answered(20)
    assert answers == {f"q{n}": [f"q{n}.0: You asked: Question {n}?"] for n in range(20)}


@pytest.mark.slow
async def test_a_message_delivered_three_times_as_two_kinds_of_event_is_answered_once(url: str) -> None:
    chat = Chat()
    responder = Saying()
    async with playing(chat, url, responder) as scene:
        for number in range(10):
            chat.say(message(number), times=3)
            chat.say(message(number, context="the same as a mention"))
        await scene.answered(10)
    assert sorted(responder.asked) == sorted(f"Question {n}?" for n in range(10))
    assert set(chat.posts().values()) == {1}


async def test_the_same_message_is_new_once(memory: Memory) -> None:
    fresh = await asyncio.gather(*(memory.inbox.receive(message(1)) for _ in range(3)))
    assert sorted(fresh) == [False, False, True]
    assert not await memory.inbox.receive(message(1))
    assert await memory.inbox.receive(message(1, revision=1))


async def test_two_replicas_that_write_the_same_messages_down_in_opposite_order_both_succeed(
    url: str, memory: Memory
) -> None:
    other = await remember(url)
    messages = [message(number) for number in range(100)]
    for round_ in range(3):
        batch = [replace(each, id=f"{each.id}-{round_}") for each in messages]
        first, second = await asyncio.gather(
            asyncio.gather(*map(memory.inbox.receive, batch)),
            asyncio.gather(*map(other.inbox.receive, reversed(batch))),
        )
        assert all(one != two for one, two in zip(first, reversed(second), strict=True))
    await other.close()


@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b", "\udfff"])
async def test_whatever_a_message_holds_can_be_written_down(memory: Memory, bad: str) -> None:
    place = Place("fake", bad, bad, bad, private=True)
    hostile = message(1, place=place, id=bad, user=bad, text=bad, about=bad, locale=bad, home=bad, context=bad)
    assert await memory.inbox.receive(hostile)
    (task,) = await memory.inbox.claim("fake", 10)
    assert not {"\0", "\ud800"} & {*task.message.text, *task.message.id, *task.message.context}


async def test_a_message_that_cannot_be_written_down_stands_in_nobodys_way(memory: Memory) -> None:
    messages = (message(1), message(2, revision=2**80), message(3))
    results = await asyncio.gather(*map(memory.inbox.receive, messages), return_exceptions=True)
    assert (results[0], results[2]) == (True, True)
    assert isinstance(results[1], Exception)


async def test_a_text_that_goes_on_is_taken_up_with_its_next_piece_or_a_moment_later(memory: Memory) -> None:
    piece = message(1, "C1", user="U1", text="x" * 3000, goes_on=True)
    assert await memory.inbox.receive(piece)
    assert await memory.inbox.receive(message(2, "C2", user="U1", text="elsewhere"))
    assert [task.message.text for task in await memory.inbox.claim("fake", 10)] == ["elsewhere"]
    assert await memory.inbox.receive(message(3, "C1", user="U1", text="y"))
    assert [task.message.text for task in await memory.inbox.claim("fake", 10)] == ["x" * 3000 + "\ny"]
    assert not await memory.inbox.receive(message(3, "C1", user="U1", text="y"))
    assert await memory.inbox.depth() == {"waiting": 0, "working": 2}


async def test_an_edit_is_new_only_if_it_says_something_else_than_the_last_time(memory: Memory) -> None:
    texts = ("Question 1?", "Another?", "Another?", "Question 1?")
    assert await memory.inbox.receive(message(1))
    edits = [message(1, revision=number, text=text) for number, text in enumerate(texts, 1)]
    assert [await memory.inbox.revise(edit) for edit in edits] == [False, True, False, True]
    twice = memory.inbox.receive(message(2)), memory.inbox.revise(message(2, revision=1))
    assert list(await asyncio.gather(*twice)) == [True, False]


async def test_a_press_is_spent_when_it_ended_a_while_ago_without_an_answer_of_this_generation(memory: Memory) -> None:
    silent, answered = (message(number, kind=Kind.CLICK, context="first delivery") for number in (1, 2))
    for press, ending in ((silent, Ending.SILENT), (answered, Ending.ANSWERED)):
        await memory.inbox.receive(press)
        (task,) = await memory.inbox.claim("fake", 1)
        assert not await memory.inbox.spent(replace(press, context="in work"), "g1")
        answer = Answer(task.reference, "?", "en", Outcome.QUOTED, "!", generation="g1")
        if ending is Ending.ANSWERED:
            noted = journal.entry(task, answer, 1, late=False, error="")
            await memory.outbox.keep(task, journal.kept(answer, ["!"], noted))
        await memory.outbox.finish(task, ending)
        assert not await memory.inbox.spent(replace(press, context="double click"), "g1")
    async with memory.database.writing() as connection:
        await connection.execute(update(inbox).values(finished=datetime.now(UTC) - timedelta(seconds=10)))
    presses = [silent, *(replace(press, context="pressed again") for press in (silent, answered))]
    assert [await memory.inbox.spent(press, "g1") for press in presses] == [False, True, False]
    assert await memory.inbox.spent(presses[-1], "g2")


@pytest.mark.slow
async def test_questions_of_one_conversation_are_answered_in_order_and_of_many_at_once(url: str) -> None:
    chat = Chat()
    responder = Saying(pause=0.02)
    async with playing(chat, url, responder, limits=Limits(answering=4)) as scene:
        for number in range(12):
            chat.say(message(number, f"C{number % 3}"))
        await scene.answered(12)
    sent = [(sent.conversation, int(sent.question[1:])) for sent in chat.sent.values()]
    assert sent != sorted(sent)
    for conversation in ("C0", "C1", "C2"):
        of_one = [number for place, number in sent if place == conversation]
        assert of_one == sorted(of_one)
    assert 1 < responder.most <= 3


@pytest.mark.slow
async def test_no_more_than_the_limit_are_answered_at_once(url: str) -> None:
    chat = Chat()
    responder = Saying(pause=0.02)
    async with playing(chat, url, responder, limits=Limits(answering=3)) as scene:
        for number in range(15):
            chat.say(message(number))
        await scene.answered(15)
    assert 1 < responder.most <= 3


@pytest.mark.slow
async def test_an_edited_question_is_answered_anew_in_the_place_of_its_answer(url: str) -> None:
    chat = Chat()
    async with playing(chat, url) as scene:
        chat.say(message(1))
        await scene.answered(1)
        chat.say(message(1, revision=5, text="Edited?"))
        await scene.answered(1)
    assert chat.answers() == {"q1": ["q1.5: You asked: Edited?"]}
    assert [sent.edits for sent in chat.sent.values()] == [1]


@pytest.mark.slow
async def test_parts_that_an_edited_answer_no_longer_has_are_taken_back(url: str) -> None:
    chat = Chat()
    async with playing(chat, url, platform=FakePlatform(Direct(chat), size=20)) as scene:
        chat.say(message(1, text="A question of many many many words?"))
        await scene.answered(1)
        assert len(chat.answers()["q1"]) == 3
        chat.say(message(1, revision=1, text="X"))
        await scene.answered(1)
    assert chat.answers() == {"q1": ["q1.1: You asked: X"]}


async def test_only_the_newest_of_several_revisions_that_wait_is_answered_whatever_their_order(memory: Memory) -> None:
    for revision in (2, 0, 3, 1):
        await memory.inbox.receive(message(1, revision=revision))
    assert [task.message.revision for task in await memory.inbox.claim("fake", 9)] == [3]


@pytest.mark.slow
async def test_an_edit_while_its_question_is_answered_leaves_one_answer(url: str) -> None:
    chat = Chat()
    async with playing(chat, url, Saying(pause=0.3)) as scene:
        chat.say(message(1))
        await until(lambda: chat.shown)
        chat.say(message(1, revision=1, text="Edited?"))
        await scene.answered(1)
    assert chat.answers() == {"q1": ["q1.1: You asked: Edited?"]}
    assert len(chat.sent) == 1


@pytest.mark.slow
async def test_a_deleted_question_takes_its_answer_along(url: str) -> None:
    chat = Chat()
    gone = message(1, kind=Kind.DELETION, text="")
    async with playing(chat, url, platform=FakePlatform(Direct(chat), size=10)) as scene:
        chat.say(message(1))
        await scene.answered(1)
        chat.say(gone)
        await scene.answered(0)
        assert await scene.memory.conversations.turns(gone.place, 10, "p") == ()
    assert chat.answers() == {}


async def test_a_question_deleted_before_it_was_taken_up_gets_no_answer(memory: Memory) -> None:
    await memory.inbox.receive(message(1, kind=Kind.DELETION))
    await memory.inbox.receive(message(1))
    assert [task.message.kind for task in await memory.inbox.claim("fake", 9)] == [Kind.DELETION]


@pytest.mark.slow
async def test_a_click_has_its_turn_after_the_question_before_it(url: str) -> None:
    chat = Chat()
    click = replace(message(1), id="click-1", kind=Kind.CLICK, text="The second choice?", about="m1")
    async with playing(chat, url) as scene:
        chat.say(message(1))
        chat.say(click, times=3)
        await scene.answered(2)
    assert [sent.question for sent in chat.sent.values()] == ["q1", "click-1"]


@pytest.mark.slow
async def test_an_answer_to_an_old_message_begins_with_an_apology(url: str) -> None:
    chat = Chat()
    old = message(1)
    async with playing(chat, url) as scene:
        chat.say(replace(old, written=old.written - timedelta(minutes=16)))
        chat.say(replace(message(2), written=old.written - timedelta(minutes=14)))
        answers = await scene.answered(2)
    assert answers["q1"][0].startswith("Sorry for the delay")
    assert answers["q2"] == ["q2.0: You asked: Question 2?"]


@pytest.mark.slow
async def test_an_error_ends_in_an_answer_with_a_reference_and_no_text_of_the_question_in_the_log(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    chat = Chat()
    caplog.set_level("DEBUG")
    async with playing(chat, url, Saying(error=ValueError("Question 1?"))) as scene:
        chat.say(message(1))
        answers = await scene.answered(1)
    (entry,) = scene.observer.entries
    assert entry
    assert (entry.outcome, entry.error) == ("failed", "ValueError")
    assert entry.reference in answers["q1"][0]
    said = [f"{record.getMessage()} {vars(record)}" for record in caplog.records if record.name.startswith("lotse")]
    assert said
    assert not [line for line in said if "Question" in line]


@pytest.mark.slow
async def test_a_message_that_gets_no_answer_ends_silently_and_leaves_no_sign_of_life(url: str) -> None:
    chat = Chat()
    async with playing(chat, url, Silent()) as scene:
        chat.say(message(1))
        await until(lambda: scene.observer.endings)
    assert chat.answers() == {}
    assert [ending for ending, _ in scene.observer.endings] == ["silent"]


@pytest.mark.slow
async def test_the_answer_takes_the_place_of_its_sign_of_life(url: str) -> None:
    chat = Chat()
    async with playing(chat, url, Saying(pause=0.05), FakePlatform(Direct(chat), drafts=True)) as scene:
        chat.say(message(1))
        answers = await scene.answered(1)
    assert answers == {"q1": ["q1.0: You asked: Question 1?"]}
    assert [sent.edits for sent in chat.sent.values()] == [1]


@pytest.mark.slow
async def test_who_waits_is_told_once(url: str) -> None:
    chat = Chat()
    limits = Limits(answering=1, notice=0.1)
    async with playing(chat, url, Saying(pause=0.5), FakePlatform(Direct(chat), drafts=True), limits) as scene:
        for number in range(3):
            chat.say(message(number))
        answers = await scene.answered(3)
    assert [question for question, sign in chat.shown if sign == "Waiting"] == ["q1", "q2"]
    assert answers == {f"q{n}": [f"q{n}.0: You asked: Question {n}?"] for n in range(3)}


@pytest.mark.slow
async def test_a_refused_part_is_sent_when_the_platform_takes_it(url: str) -> None:
    chat = Chat()
    chat.failures.refuse, chat.failures.refuse_seconds = 2, 0.05
    async with playing(chat, url) as scene:
        chat.say(message(1))
        answers = await scene.answered(1)
    assert answers == {"q1": ["q1.0: You asked: Question 1?"]}
    assert scene.observer.retries == [("fake", "Refused")] * 2


@pytest.mark.slow
async def test_a_part_whose_arrival_is_unknown_is_looked_for_before_it_is_sent_again(url: str) -> None:
    chat = Chat()
    chat.failures.lose_reply = 1
    async with playing(chat, url) as scene:
        chat.say(message(1))
        await scene.answered(1)
    assert chat.posts() == {"q1/1": 1}


@pytest.mark.slow
async def test_a_conversation_that_is_closed_to_lotse_ends_and_holds_up_nobody(url: str) -> None:
    chat = Chat()
    chat.failures.unreachable = {"C1"}
    async with playing(chat, url) as scene:
        chat.say(message(1))
        chat.say(message(2))
        await scene.answered(1)
    assert sorted(ending for ending, _ in scene.observer.endings) == ["answered", "undeliverable"]


@pytest.mark.slow
async def test_one_answer_that_cannot_be_sent_yet_holds_up_no_other_conversation(url: str) -> None:
    chat = Chat()
    chat.failures.refuse, chat.failures.refuse_seconds = 1, 1.0
    async with playing(chat, url, limits=Limits(answering=1)) as scene:
        chat.say(message(1))
        await until(lambda: scene.observer.retries)
        chat.say(message(2))
        await scene.answered(2)
    assert [sent.question for sent in chat.sent.values()] == ["q2", "q1"]


@pytest.mark.slow
async def test_a_stop_lets_what_runs_finish_and_takes_up_nothing_new(url: str) -> None:
    chat = Chat()
    responder = Saying(pause=0.2)
    async with playing(chat, url, responder, limits=Limits(answering=1)) as scene:
        chat.say(message(1))
        chat.say(message(2))
        await until(lambda: responder.asked)
    assert chat.answers() == {"q1": ["q1.0: You asked: Question 1?"]}
    async with playing(chat, url) as scene:
        await scene.answered(2)
    assert chat.posts() == {"q1/1": 1, "q2/1": 1}


@pytest.mark.slow
async def test_what_does_not_finish_within_the_limit_of_a_stop_is_given_back(url: str) -> None:
    chat = Chat()
    responder = Saying(pause=60)
    async with playing(chat, url, responder, limits=Limits(stop=0.05)) as scene:
        chat.say(message(1))
        await until(lambda: responder.asked)
    async with playing(chat, url) as scene:
        answers = await scene.answered(1, seconds=5)
    assert answers == {"q1": ["q1.0: You asked: Question 1?"]}


@pytest.mark.slow
async def test_a_follow_up_leans_on_turns_without_personal_data(url: str) -> None:
    chat = Chat()
    asked = message(1, text="May I send hr@company.example the list?")
    async with playing(chat, url) as scene:
        chat.say(asked)
        await scene.answered(1)
        turns = await scene.memory.conversations.turns(asked.place, 10, "p")
    assert [turn.text for turn in turns] == [
        "May I send [E-MAIL 1] the list?",
        "You asked: May I send [E-MAIL 1] the list?",
    ]


@pytest.mark.slow
async def test_the_journal_tells_how_an_answer_came_about_without_a_word_of_the_question(url: str) -> None:
    chat = Chat()
    async with playing(chat, url) as scene:
        chat.say(message(1))
        await scene.answered(1)
        (entry,) = scene.observer.entries
        assert entry
        read = await scene.memory.journal.read(entry.reference)
    assert read
    assert (read.outcome, read.generation, read.parts, read.ending) == ("quoted", "g1", 1, "answered")
    assert "Question" not in str(read)
    assert "U1" not in str(read)


async def test_what_the_platform_vouches_for_is_what_the_door_sees(url: str) -> None:
    chat = Chat()
    async with playing(chat, url) as scene:
        chat.say(message(1, text=UNMEANT))
        chat.say(message(2))
        await scene.answered(1)
        await until(lambda: len(scene.observer.endings) > 1)
    assert chat.answers().keys() == {"q2"}
    assert sorted(ending for ending, _ in scene.observer.endings) == ["answered", "silent"]


async def test_whether_somebody_asked_is_known_of_that_person_only(memory: Memory) -> None:
    await memory.inbox.receive(message(1))
    assert await memory.inbox.asked(message(1))
    assert not await memory.inbox.asked(message(1, user="U2"))
    assert not await memory.inbox.asked(message(1, "C2"))
    assert not await memory.inbox.asked(message(2))


async def test_whoever_asked_before_they_were_met_is_known_afterwards(memory: Memory) -> None:
    asked = message(1)
    await memory.inbox.receive(asked)
    await memory.people.meet(account(asked), datetime.now(UTC))
    assert await memory.inbox.asked(asked)


async def test_a_platform_is_let_go_of_at_the_end(url: str) -> None:
    chat = Chat()
    platform = FakePlatform(Direct(chat))
    async with playing(chat, url, platform=platform) as scene:
        await until(lambda: scene.health.ready)
        assert not platform.closed
    assert platform.closed


class Forgetful(Saying):
    """A responder whose memory cannot be reached, so many times."""

    times = 2

    async def respond(self, task: Task) -> AsyncIterator[Event]:
        """Answer, when it can."""
        if self.times:
            self.times -= 1
            raise Unavailable("database")
        async for event in super().respond(task):
            yield event


async def test_an_outage_of_the_memory_makes_no_error_of_a_question_in_work(url: str) -> None:
    chat = Chat()
    async with playing(chat, url, Forgetful()) as scene:
        chat.say(message(1))
        answers = await scene.answered(1)
    assert answers == {"q1": ["q1.0: You asked: Question 1?"]}
    assert chat.posts() == {"q1/1": 1}


class Slow(FakePlatform):
    """A platform that stands still while it sends, until it is told to go on."""

    def __init__(self, line: Direct) -> None:
        super().__init__(line)
        self.sending, self.go_on = asyncio.Event(), asyncio.Event()

    async def send(self, message: Message, part: str, key: str) -> str:
        """Send, when it goes on."""
        self.sending.set()
        await self.go_on.wait()
        return await super().send(message, part, key)


@pytest.mark.slow
@pytest.mark.parametrize("change", ["edit", "deletion"])
async def test_what_a_slow_replica_sends_too_late_neither_stays_nor_takes_the_place_of_the_newer_answer(
    url: str, change: str
) -> None:
    chat = Chat()
    slow = Slow(Direct(chat))
    first, second = await remember(url), await remember(url)
    working = asyncio.create_task(_worker(first, slow).run())
    await first.inbox.receive(message(1))
    await asyncio.wait_for(slow.sending.wait(), 20)
    watching = Replicas(second.database, second.replicas.name, silent=0.05)
    await watching.beat()
    newer = message(1, revision=1, text="Edited?") if change == "edit" else message(1, kind=Kind.DELETION, text="")
    await second.inbox.receive(newer)
    await asyncio.sleep(0.1)
    await watching.beat()
    other = _worker(second, FakePlatform(Direct(chat)))
    answering = asyncio.create_task(other.run())
    await _idle(second)
    slow.go_on.set()
    await until(lambda: len(chat.sent) == (2 if change == "edit" else 1))
    await until(lambda: chat.answers() == ({"q1": ["q1.1: You asked: Edited?"]} if change == "edit" else {}))
    for worker in (working, answering):
        worker.cancel()
    await asyncio.gather(working, answering, return_exceptions=True)
    await first.close()
    await second.close()


@pytest.mark.slow
async def test_a_note_about_an_earlier_answer_does_not_count_for_the_one_in_its_place(memory: Memory) -> None:
    await memory.inbox.receive(message(1))
    (task,) = await memory.inbox.claim("fake", 1)
    _, (part,) = await memory.outbox.keep(task, _kept(task))
    await memory.inbox.receive(message(1, revision=1, text="Edited?"))
    await memory.outbox.finish(task, Ending.SUPERSEDED)
    (edited,) = await memory.inbox.claim("fake", 1)
    await memory.outbox.keep(edited, _kept(edited))
    assert not await memory.outbox.sent(task, part, "m1")
    assert [(each.sent, each.done) for each in await memory.outbox.parts(edited)] == [("", False)]


@pytest.mark.slow
async def test_what_is_kept_for_a_while_is_asked_again_whether_it_is_wanted_before_its_first_part(url: str) -> None:
    chat, memory = Chat(), await remember(url)
    await memory.inbox.receive(message(1))
    (task,) = await memory.inbox.claim("fake", 1)
    _, parts = await memory.outbox.keep(task, _kept(task))
    await memory.inbox.receive(message(1, revision=1, text="Edited?"))
    delivery = Delivery(FakePlatform(Direct(chat)), memory.outbox, Counter())
    assert await delivery.deliver(task, parts, time.monotonic() - FRESH) is Ending.SUPERSEDED
    assert not chat.sent
    await memory.close()


def _worker(memory: Memory, platform: FakePlatform) -> Worker:
    return Worker(platform, memory.inbox, memory.outbox, Saying(), Counter())


def _kept(task: Task) -> Kept:
    answer = Answer(task.reference, task.message.text, "en", Outcome.QUOTED, "Yes.")
    return journal.kept(answer, ("Yes.",), journal.entry(task, answer, 1, late=False, error=""))


async def _idle(memory: Memory) -> None:
    async with asyncio.timeout(20):
        while sum((await memory.inbox.depth()).values()):  # noqa: ASYNC110 - the database does not signal
            await asyncio.sleep(0.02)


class Stumbling(FakePlatform):
    """A platform whose code fails in a way that nobody thought of, so many times."""

    times = 0

    async def send(self, message: Message, part: str, key: str) -> str:
        """Fail, or send."""
        if self.times:
            self.times -= 1
            raise ValueError
        return await super().send(message, part, key)


@pytest.mark.slow
async def test_a_message_that_the_worker_stumbles_over_is_tried_again_and_answered_once(url: str) -> None:
    chat = Chat()
    platform = Stumbling(Direct(chat))
    platform.times = 2
    async with playing(chat, url, platform=platform) as scene:
        chat.say(message(1))
        assert len((await scene.answered(1))["q1"]) == 1


@pytest.mark.slow
async def test_a_message_that_the_worker_stumbles_over_every_time_is_ended_and_holds_up_nothing(url: str) -> None:
    chat = Chat()
    platform = Stumbling(Direct(chat))
    platform.times = 3
    async with playing(chat, url, platform=platform, limits=Limits(attempts=2)) as scene:
        chat.say(message(1, "C1"))
        chat.say(message(2, "C1"))
        assert list(await scene.answered(1)) == ["q2"]


@pytest.mark.slow
async def test_whoever_tells_of_an_incident_hears_whom_to_call_even_when_answering_fails(url: str) -> None:
    chat = Chat()
    limits = Limits(incident_contact="ext. 4400")
    async with playing(chat, url, Saying(error=ValueError()), limits=limits) as scene:
        chat.say(message(1, text="I pasted the payroll into ChatGPT"))
        chat.say(message(2, text="May I paste the payroll into ChatGPT?"))
        answers = await scene.answered(2)
    assert "ext. 4400" in answers["q1"][0]
    assert "ext. 4400" not in answers["q2"][0]
