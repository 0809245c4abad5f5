"""The memory is bounded, and no question stands in it."""

from __future__ import annotations

from bot.cache import Cache


def test_what_was_kept_is_found_under_the_same_key_only() -> None:
    cache = Cache[str](2)
    cache.put(("a", 1), "x")
    assert (cache.get(("a", 1)), cache.get(("a", 2)), cache.get("a")) == ("x", None, None)


def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache = Cache[str](2)
    cache.put("a", "1")
    cache.put("b", "2")
    cache.get("a")
    cache.put("c", "3")
    assert [cache.get(key) for key in "abc"] == ["1", None, "3"]
    assert len(cache) == 2


def test_no_key_stands_in_the_memory() -> None:
    cache = Cache[str](2)
    cache.put("my salary", "x")
    assert "salary" not in repr(vars(cache))


def test_what_was_begun_before_the_memory_was_emptied_is_not_kept_in_it() -> None:
    cache = Cache[str](2)
    begun = cache.era
    cache.clear()
    cache.put("a", "somebody's words", begun)
    assert len(cache) == 0
    cache.put("a", "x", cache.era)
    assert cache.get("a") == "x"
