"""End a process that hangs, so that whoever started it starts it again: what it was doing is taken up by then."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HANGS = 60.0
"""Seconds without a sign from the event loop after which a process counts as hanging."""
TICK = 2.0
PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before something that ended is started again, the first time and at most."""
_log = logging.getLogger("lotse.watchdog")


class Watchdog:
    """Watches the event loop, and whether a thread can still give it a result, from a thread of its own."""

    def __init__(self, hangs: float = HANGS, end: Callable[[int], object] = os._exit) -> None:
        self._hangs, self._end = hangs, end
        self._seen = time.monotonic()
        self._over = threading.Event()

    async def run(self) -> None:
        """Give signs until cancelled."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        sign = ThreadPoolExecutor(1, "sign")  # those that all share may wait for a slow server, all of them
        loop = asyncio.get_running_loop()
        try:
            while True:
                self._seen = await loop.run_in_executor(sign, time.monotonic)
                await asyncio.sleep(min(TICK, self._hangs / 4))
        finally:
            self._over.set()
            sign.shutdown(wait=False)

    def _watch(self) -> None:
        while not self._over.wait(min(TICK, self._hangs / 4)):
            if time.monotonic() - self._seen > self._hangs:
                _log.critical("hangs", extra={"seconds": self._hangs})
                faulthandler.dump_traceback()
                self._end(1)
                return


async def forever(
    name: str, run: Callable[[], Awaitable[object]], over: Callable[[], bool] = lambda: False, pause: float = PAUSE
) -> None:
    """Run something that should not end before it is `over`, and start it again when it does, after a growing pause."""
    first = pause
    while True:
        started = time.monotonic()
        try:
            await run()
            if over():
                return
            _log.error("ended", extra={"what": name})
        except Exception:  # noqa: BLE001 - whatever it was, it goes on
            _log.exception("failed", extra={"what": name})
        pause = first if time.monotonic() - started > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause)
