"""How long things are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept.

    `raw`: a message as it was written, after its answer. `turns`: what a follow-up needs, and the ids of what was sent.
    `journal`: how answers came about, and what people think of them. `people`: after the day on which they last asked.
    `audit`: what admins did.
    """

    raw: timedelta = timedelta(hours=1)
    turns: timedelta = timedelta(days=30)
    journal: timedelta = timedelta(days=30)
    people: timedelta = timedelta(days=180)
    audit: timedelta = timedelta(days=365)
