"""Figures that take long are reckoned once for all who may see them, and kept for a while.

Whoever asks waits a little; what takes longer goes on in a thread and is there the next time. Until
then they get what was reckoned before, or nothing.
"""

import logging
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Any, NamedTuple

LOG = logging.getLogger(__name__)
_MOST = 64  # kinds of reach; it bounds the memory


class Kept(NamedTuple):
    """What was reckoned, as of when."""

    value: Any
    at: datetime


class Remembered:
    """What an application keeps. One thread reckons a key at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[Hashable, Kept] = {}
        self._running: dict[Hashable, Event] = {}

    def ask(
        self, key: Hashable, make: Callable[[], Any], *, at: datetime, life: timedelta, wait: float
    ) -> Kept | None:
        """Return what is kept and no older than ``life``, else reckon; ``wait`` is in seconds."""
        with self._lock:
            kept = self._kept.get(key)
            if kept and abs(at - kept.at) <= life:
                return kept
            done = self._running.get(key) or self._start(key, make, at)
        done.wait(wait)
        return self._kept.get(key)

    def _start(self, key: Hashable, make: Callable[[], Any], at: datetime) -> Event:
        done = self._running[key] = Event()
        Thread(target=self._reckon, args=(key, make, at, done), daemon=True).start()
        return done

    def _reckon(self, key: Hashable, make: Callable[[], Any], at: datetime, done: Event) -> None:
        try:
            value = make()
        except Exception:
            LOG.exception("figures could not be reckoned")
            with self._lock:
                self._running.pop(key)
            done.set()
            return
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = Kept(value, at)
            if len(self._kept) > _MOST:
                self._kept.pop(next(iter(self._kept)))
            self._running.pop(key)
        done.set()
