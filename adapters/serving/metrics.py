"""Figures for Prometheus. No label names a person, a conversation or a text, and no figure is about fewer than five people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from bot.figures import SMALLEST, withheld
from bot.messages import Outcome
from bot.ports import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.messages import Message
    from bot.ports import Entry, Task

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900)


@dataclass
class _Group:
    """What one group did: how often, what of that is shown, the first five who were in it, and who was since that was shown."""

    times: int = 0
    shown: int = 0
    people: set[str] = field(default_factory=set)
    since: set[str] = field(default_factory=set)

    def add(self, person: str, times: int) -> None:
        """Count what a person did. A new figure is shown once five people are behind what is new about it."""
        self.times += times
        if len(self.people) < SMALLEST:
            self.people.add(person)
        self.since.add(person)
        if len(self.since) >= SMALLEST:
            self.shown = self.times
            self.since.clear()


class Crowds(Collector):
    """Counts what people did, by groups: shown are those of five people and more, as in every other figure.

    A group's figure moves on in steps that five people and more are behind, so that no two pages differ by what one person did.
    All but the last label name where; groups are held against each other within that.
    """

    def __init__(self, name: str, text: str, labels: Sequence[str], registry: CollectorRegistry) -> None:
        self._name, self._text, self._labels = name, text, labels
        self._groups: dict[tuple[str, ...], dict[str, _Group]] = defaultdict(lambda: defaultdict(_Group))
        registry.register(self)

    def add(self, labels: Sequence[str], person: str, times: int = 1) -> None:
        """Count what a person did."""
        *where, group = labels
        self._groups[tuple(where)][group].add(person, times)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Yield what may be shown."""
        family = CounterMetricFamily(self._name, self._text, labels=self._labels)
        for where, groups in self._groups.items():
            hidden = withheld({name: group.people for name, group in groups.items()})
            for name in sorted(groups.keys() - hidden):
                family.add_metric([*where, name], groups[name].shown)
        yield family


class Metrics:
    """An Observer that counts, and the page that Prometheus reads.

    `registry` holds what the machine does, `used` what tells how much it is used: a page of that stands until five more people
    were answered.
    """

    def __init__(self) -> None:
        self.registry, self.used = registry, used = CollectorRegistry(), CollectorRegistry()
        self._received = Crowds("lotse_received", "Messages written down", ("platform", "kind"), used)
        self._endings = Crowds("lotse_endings", "How messages ended", ("platform", "ending"), used)
        self._outcomes = Crowds("lotse_outcomes", "How questions ended", ("platform", "outcome"), used)
        self._seconds = Histogram("lotse_seconds", "Time by phase", ["phase"], buckets=SECONDS, registry=used)
        self._drops = Crowds("lotse_drops", "Sentences dropped unproven", ("reason",), used)
        self._tokens = Counter("lotse_tokens", "Tokens of the model", ["kind"], registry=used)
        self._repeated = Counter("lotse_repeated", "Messages that were there before", ["platform"], registry=registry)
        self._faults = Counter("lotse_faults", "Messages that Lotse failed", ["platform", "fault"], registry=registry)
        self._retries = Counter("lotse_retries", "What was tried again", ["platform", "reason"], registry=registry)
        self._queue = Gauge("lotse_queue", "Messages not ended yet", ["state"], registry=registry)
        self._age = Gauge("lotse_generation_age_seconds", "Age of what answers", registry=registry)
        self._behind = Gauge("lotse_generation_behind_seconds", "Since newer is published", registry=registry)
        self._heard = Gauge("lotse_heard_seconds", "Since a platform was heard from", ["platform"], registry=registry)
        self._answered_since, self._shown = set[str](), b""

    def received(self, message: Message, *, fresh: bool) -> None:
        """Count a message that came in."""
        platform = message.place.platform
        if fresh:
            self._received.add((platform, message.kind.value), str(hash((message.home, message.user))))
        else:
            self._repeated.labels(platform).inc()

    def ended(self, task: Task, entry: Entry | None, ending: Ending, seconds: Mapping[str, float]) -> None:
        """Count how a message ended, and how long each phase took."""
        platform = task.message.place.platform
        self._answered_since.add(task.person)
        self._endings.add((platform, ending.value), task.person)
        for phase, value in seconds.items():
            self._seconds.labels(phase).observe(max(value, 0.0))
        if entry:
            self._answered(platform, entry, task.person)
        if ending is Ending.UNDELIVERABLE:
            self._faults.labels(platform, ending.value).inc()

    def _answered(self, platform: str, entry: Entry, person: str) -> None:
        """Count how a question ended, and what it took."""
        self._outcomes.add((platform, entry.outcome), person)
        if entry.outcome == Outcome.FAILED:
            self._faults.labels(platform, entry.outcome).inc()
        for phase, milliseconds in entry.milliseconds.items():
            self._seconds.labels(f"answer_{phase}").observe(milliseconds / 1000)
        for reason, number in entry.drops.items():
            self._drops.add((reason,), person, number)
        for kind, number in entry.tokens.items():
            self._tokens.labels(kind).inc(number)

    def retried(self, platform: str, reason: str) -> None:
        """Count something that is tried again."""
        self._retries.labels(platform or "none", reason).inc()

    def page(
        self, depth: Mapping[str, int], heard: Mapping[str, float], created: datetime | None, behind: float = 0.0
    ) -> bytes:
        """Return the page, with what stands in the queue, when each platform was heard from, since when what answers is there.

        `behind`: for how many seconds something newer is published.
        """
        self._queue.clear()  # while the database is gone nobody knows
        for state, number in depth.items():
            self._queue.labels(state).set(number)
        for platform, seconds in heard.items():
            self._heard.labels(platform).set(seconds)
        self._behind.set(behind)
        if created:
            self._age.set((datetime.now(UTC) - created).total_seconds())
        if len(self._answered_since) >= SMALLEST:
            self._shown = generate_latest(self.used)
            self._answered_since.clear()
        return generate_latest(self.registry) + self._shown
