"""What was worked out lately for one city, so that many visitors with one filter share it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

KEPT = 72  # three things for each of two dozen filters; at 100,000 projects some tens of MB
Made = TypeVar("Made")


class Recent:
    """Remember the last results by key; safe to share between threads, and never changed by users.

    Two threads may make the same thing at once; what they make is equal, so neither waits.
    """

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is remembered under a key, or make it."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                kept: Made = self._found[key]
                return kept
        made = make()
        with self._lock:
            self._found[key] = made
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made
