"""Figures for Prometheus. No label names a person, a conversation or a text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports import Ending, Entry

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900)


class Metrics:
    """An Observer that counts, and the page that Prometheus reads."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._received = Counter("lotse_received", "Messages written down", ["platform", "kind"], registry=registry)
        self._repeated = Counter("lotse_repeated", "Messages that were there before", ["platform"], registry=registry)
        self._endings = Counter("lotse_endings", "How messages ended", ["platform", "ending"], registry=registry)
        self._outcomes = Counter("lotse_outcomes", "How questions ended", ["platform", "outcome"], registry=registry)
        self._seconds = Histogram("lotse_seconds", "Time by phase", ["phase"], buckets=SECONDS, registry=registry)
        self._retries = Counter("lotse_retries", "What was tried again", ["platform", "reason"], registry=registry)
        self._drops = Counter("lotse_drops", "Sentences dropped unproven", ["reason"], registry=registry)
        self._tokens = Counter("lotse_tokens", "Tokens of the model", ["kind"], registry=registry)
        self._queue = Gauge("lotse_queue", "Messages not ended yet", ["state"], registry=registry)
        self._age = Gauge("lotse_generation_age_seconds", "Age of what answers", registry=registry)
        self._heard = Gauge("lotse_heard_seconds", "Since a platform was heard from", ["platform"], registry=registry)

    def received(self, platform: str, kind: str, *, fresh: bool) -> None:
        """Count a message that came in."""
        if fresh:
            self._received.labels(platform, kind).inc()
        else:
            self._repeated.labels(platform).inc()

    def ended(self, entry: Entry | None, platform: str, ending: Ending, seconds: Mapping[str, float]) -> None:
        """Count how a message ended, and how long each phase took."""
        self._endings.labels(platform, ending.value).inc()
        for phase, value in seconds.items():
            self._seconds.labels(phase).observe(max(value, 0.0))
        if entry is None:
            return
        self._outcomes.labels(platform, entry.outcome).inc()
        for phase, milliseconds in entry.milliseconds.items():
            self._seconds.labels(f"answer_{phase}").observe(milliseconds / 1000)
        for reason, number in entry.drops.items():
            self._drops.labels(reason).inc(number)
        for kind, number in entry.tokens.items():
            self._tokens.labels(kind).inc(number)

    def retried(self, platform: str, reason: str) -> None:
        """Count something that is tried again."""
        self._retries.labels(platform or "none", reason).inc()

    def page(self, depth: Mapping[str, int], heard: Mapping[str, float], created: datetime | None) -> bytes:
        """Return the page, with what stands in the queue, when each platform was heard from, and since when what answers is there."""
        for state, number in depth.items():
            self._queue.labels(state).set(number)
        for platform, seconds in heard.items():
            self._heard.labels(platform).set(seconds)
        if created:
            self._age.set((datetime.now(UTC) - created).total_seconds())
        return generate_latest(self.registry)
