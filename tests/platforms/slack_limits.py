"""How often Slack may be called: what is more is refused with 429 and the seconds to wait.

Sources, each below https://docs.slack.dev: apis/web-api/rate-limits (tiers; one message a second in a channel, and several hundred a
minute in a workspace), reference/methods/NAME (the tier of each method). Slack tolerates bursts that it does not number; here is none
above the number of a minute, and in a channel none at all.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}  # apis/web-api/rate-limits: requests a minute, for each method
CHANNEL = 60  # the same page: "one message per second per channel"
WORKSPACE = 300  # the same page: "several hundred messages per minute" in a workspace
METHODS = {
    "apps.connections.open": 1,
    "chat.startStream": 2,
    "chat.stopStream": 2,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.replies": 3,
    "conversations.history": 3,
    "users.conversations": 3,
    "assistant.threads.setSuggestedPrompts": 3,
    "chat.appendStream": 4,
    "chat.postEphemeral": 4,
    "users.info": 4,
    "views.open": 4,
    "views.publish": 4,
}


@dataclass
class Bucket:
    """Tokens that come back evenly; `minute` of them in a minute, `most` at once."""

    minute: float
    most: float
    left: float = field(init=False)
    looked: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.left = self.most

    def take(self) -> int:
        """Take a token and return 0, or return in how many whole seconds there is one."""
        now = time.monotonic()
        self.left, self.looked = min(self.most, self.left + (now - self.looked) * self.minute / 60), now
        if self.left >= 1:
            self.left -= 1
            return 0
        return max(1, math.ceil((1 - self.left) * 60 / self.minute))


class Limits:
    """Counts calls. `share` of what Slack allows is allowed, so that a test need not wait for minutes."""

    def __init__(self, share: float = 1.0) -> None:
        self._share = share
        self._buckets: dict[str, Bucket] = {}

    def wait(self, method: str, arguments: Mapping[str, Any]) -> int:
        """Return for how many seconds a call has to wait, 0 if it may go on."""
        if method == "chat.postMessage":
            channel = Bucket(CHANNEL, 1)
            return self._of(f"#{arguments.get('channel')}", channel) or self._of(method, Bucket(WORKSPACE, WORKSPACE))
        if method not in METHODS:
            return 0
        minute = TIERS[METHODS[method]] * self._share
        return self._of(method, Bucket(minute, max(1.0, minute)))

    def _of(self, name: str, fresh: Bucket) -> int:
        return self._buckets.setdefault(name, fresh).take()
