"""Codes: hard to guess, good once, for a while, and dead after too many wrong tries."""

from __future__ import annotations

import asyncio
import math
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import pairing
from bot.pairing import ALPHABET, MOST_TRIES, NAME, SECRET, Redemption, issue, redeem
from tests.fakes import CodeBox

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GUESSES = 5_000
"""The bench makes 100,000."""


def wrong(code: str) -> str:
    """Return a code with its last character changed."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]


async def test_a_code_pairs_once_and_brings_its_groups() -> None:
    code, kept = issue(NOW, ("hr",))
    box = CodeBox(kept)
    assert await redeem(code, box, NOW) == (Redemption.PAIRED, ("hr",))
    assert await redeem(code, box, NOW) == (Redemption.WRONG, ())


async def test_a_message_that_is_tried_again_still_has_the_code_that_it_used_and_no_other_message_does() -> None:
    code, kept = issue(NOW, ("hr",))
    box = CodeBox(kept)
    for _ in range(2):
        assert await redeem(code, box, NOW, "first") == (Redemption.PAIRED, ("hr",))
    assert await redeem(code, box, NOW, "other") == (Redemption.WRONG, ())


async def test_of_many_who_try_a_code_at_once_one_is_paired() -> None:
    code, kept = issue(NOW)
    box = CodeBox(kept)
    ends = await asyncio.gather(*(redeem(code, box, NOW) for _ in range(20)))
    assert [end for end, _ in ends].count(Redemption.PAIRED) == 1


async def test_a_code_expires() -> None:
    code, kept = issue(NOW, lifetime=timedelta(minutes=10))
    almost = NOW + timedelta(minutes=9)
    assert (await redeem(code, CodeBox(kept), almost))[0] is Redemption.PAIRED
    assert (await redeem(code, CodeBox(kept), NOW + timedelta(minutes=10)))[0] is Redemption.EXPIRED


def test_a_code_lives_no_longer_than_the_longest_lifetime() -> None:
    _, kept = issue(NOW, lifetime=timedelta(days=3650))
    assert kept.expires == NOW + pairing.LONGEST_LIFETIME


async def test_a_code_is_locked_after_wrong_tries_even_for_the_right_one() -> None:
    code, kept = issue(NOW)
    box = CodeBox(kept)
    for _ in range(MOST_TRIES):
        assert (await redeem(wrong(code), box, NOW))[0] is Redemption.WRONG
    assert (await redeem(code, box, NOW))[0] is Redemption.LOCKED


async def test_one_wrong_try_less_does_not_lock() -> None:
    code, kept = issue(NOW)
    box = CodeBox(kept)
    for _ in range(MOST_TRIES - 1):
        await redeem(wrong(code), box, NOW)
    assert (await redeem(code, box, NOW))[0] is Redemption.PAIRED


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
async def test_how_a_code_is_typed_does_not_matter(change: object) -> None:
    code, kept = issue(NOW)
    assert callable(change)
    assert (await redeem(change(code), CodeBox(kept), NOW))[0] is Redemption.PAIRED


@pytest.mark.parametrize("typed", ["", "x", "-" * 64, "Ⅷ" * 16, "A" * 10_000, "O0I1-O0I1-O0I1-O0I1"])
async def test_what_has_not_the_form_of_a_code_is_wrong(typed: str) -> None:
    assert (await redeem(typed, CodeBox(issue(NOW)[1]), NOW))[0] is Redemption.WRONG


def test_a_code_is_not_kept() -> None:
    code, kept = issue(NOW)
    assert pairing.plain(code)[NAME:] not in repr(kept)


def test_a_code_has_fifty_bits_that_are_drawn_at_random() -> None:
    assert SECRET * math.log2(len(ALPHABET)) > 50
    codes = {issue(NOW)[0] for _ in range(1000)}
    assert len(codes) == 1000
    assert all({code[at] for code in codes} >= set(ALPHABET) for at in (0, 5, 18))


async def test_guessing_pairs_nobody() -> None:
    box = CodeBox(*(issue(NOW)[1] for _ in range(50)))
    names = list(box.kept)
    for number in range(GUESSES):
        guess = names[number % 50] + "".join(secrets.choice(ALPHABET) for _ in range(SECRET))
        assert (await redeem(guess, box, NOW))[0] is Redemption.WRONG
    assert all(kept.tries >= MOST_TRIES for kept in box.kept.values())


async def test_an_invitation_that_was_withdrawn_between_look_and_use_pairs_nobody() -> None:
    code, kept = issue(NOW)

    class Slow(CodeBox):
        async def use(self, name: str, by: str = "") -> bool:
            self.kept[name] = replace(self.kept[name], used=True)
            return await super().use(name, by)

    assert (await redeem(code, Slow(kept), NOW))[0] is Redemption.WRONG
