"""Figures for Prometheus. No label names a person, a conversation or a text, and no figure is about fewer than five people."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from bot.figures import SMALLEST, withheld
from bot.messages import Outcome
from bot.ports import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.messages import Message
    from bot.ports import Entry, Task

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900)


class Crowds(Collector):
    """Counts what people did on each platform, by groups: shown are those of five people and more, as in every other figure.

    Of each group, the first five people are remembered, until the process ends.
    """

    def __init__(self, name: str, text: str, label: str, registry: CollectorRegistry) -> None:
        self._name, self._text, self._label = name, text, label
        self._times = Tally[tuple[str, str]]()
        self._people: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        registry.register(self)

    def add(self, platform: str, group: str, person: str) -> None:
        """Count what a person did."""
        self._times[platform, group] += 1
        known = self._people[platform][group]
        if len(known) < SMALLEST:
            known.add(person)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Yield what may be shown."""
        family = CounterMetricFamily(self._name, self._text, labels=["platform", self._label])
        for platform, groups in self._people.items():
            for group in sorted(groups.keys() - withheld(groups)):
                family.add_metric([platform, group], self._times[platform, group])
        yield family


class Metrics:
    """An Observer that counts, and the page that Prometheus reads.

    `registry` holds what the machine does, `used` what tells how much it is used: that is shown from five people on.
    """

    def __init__(self) -> None:
        self.registry, self.used = registry, used = CollectorRegistry(), CollectorRegistry()
        self._received = Crowds("lotse_received", "Messages written down", "kind", used)
        self._endings = Crowds("lotse_endings", "How messages ended", "ending", used)
        self._outcomes = Crowds("lotse_outcomes", "How questions ended", "outcome", used)
        self._seconds = Histogram("lotse_seconds", "Time by phase", ["phase"], buckets=SECONDS, registry=used)
        self._drops = Counter("lotse_drops", "Sentences dropped unproven", ["reason"], registry=used)
        self._tokens = Counter("lotse_tokens", "Tokens of the model", ["kind"], registry=used)
        self._repeated = Counter("lotse_repeated", "Messages that were there before", ["platform"], registry=registry)
        self._faults = Counter("lotse_faults", "Messages that Lotse failed", ["platform", "fault"], registry=registry)
        self._retries = Counter("lotse_retries", "What was tried again", ["platform", "reason"], registry=registry)
        self._queue = Gauge("lotse_queue", "Messages not ended yet", ["state"], registry=registry)
        self._age = Gauge("lotse_generation_age_seconds", "Age of what answers", registry=registry)
        self._heard = Gauge("lotse_heard_seconds", "Since a platform was heard from", ["platform"], registry=registry)
        self._people = set[str]()

    def received(self, message: Message, *, fresh: bool) -> None:
        """Count a message that came in."""
        platform = message.place.platform
        if fresh:
            self._received.add(platform, message.kind.value, str(hash((message.home, message.user))))
        else:
            self._repeated.labels(platform).inc()

    def ended(self, task: Task, entry: Entry | None, ending: Ending, seconds: Mapping[str, float]) -> None:
        """Count how a message ended, and how long each phase took."""
        platform = task.message.place.platform
        if len(self._people) < SMALLEST:
            self._people.add(task.person)
        self._endings.add(platform, ending.value, task.person)
        for phase, value in seconds.items():
            self._seconds.labels(phase).observe(max(value, 0.0))
        if entry:
            self._answered(platform, entry, task.person)
        if ending is Ending.UNDELIVERABLE:
            self._faults.labels(platform, ending.value).inc()

    def _answered(self, platform: str, entry: Entry, person: str) -> None:
        """Count how a question ended, and what it took."""
        self._outcomes.add(platform, entry.outcome, person)
        if entry.outcome == Outcome.FAILED:
            self._faults.labels(platform, entry.outcome).inc()
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
        shown = (self.registry, *([self.used] if len(self._people) >= SMALLEST else []))
        return b"".join(map(generate_latest, shown))
