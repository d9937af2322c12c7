"""Cut matrices and routes into pieces that a service accepts, and put the answers together."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from geo.errors import GeoError
from geo.tour.itinerary import Leg
from geo.tour.travel.protocol import Floats, Route

Block = Callable[[Floats, Floats], tuple[Floats, Floats]]


PATIENCE_S = 60.0


class Patience:
    """Bound the time of many requests together; error `travel.timeout` (source, seconds)."""

    def __init__(self, source: str, *, seconds: float | None = None) -> None:
        self._source = source
        self._seconds = PATIENCE_S if seconds is None else seconds
        self._until = time.monotonic() + self._seconds

    def check(self) -> None:
        """Refuse to go on when the time is over."""
        if time.monotonic() > self._until:
            raise GeoError("travel.timeout", source=self._source, seconds=f"{self._seconds:g}")


def by_blocks(places: Floats, *, side: int, ask: Block, source: str) -> tuple[Floats, Floats]:
    """Ask for every block of at most `side` origins and destinations; minutes and km, square."""
    patience = Patience(source)
    count = len(places)
    minutes, km = np.zeros((count, count)), np.zeros((count, count))
    for top in range(0, count, side):
        for left in range(0, count, side):
            patience.check()
            rows, columns = slice(top, top + side), slice(left, left + side)
            minutes[rows, columns], km[rows, columns] = ask(places[rows], places[columns])
    return minutes, km


def in_pieces(places: Floats, *, most: int, ask: Callable[..., list[Leg]]) -> Route:
    """Ask for the drives of at most `most` legs at a time; `ask` gets places and `first`, their row."""
    legs: list[Leg] = []
    for first in range(0, len(places) - 1, most):
        legs += ask(places[first : first + most + 1], first=first)
    return Route(tuple(legs))


def table(rows: object, *, shape: tuple[int, int], factor: float) -> Floats | None:
    """Return nested lists of figures times a factor; null is inf, anything amiss gives None."""
    if not isinstance(rows, list) or len(rows) != shape[0]:
        return None
    found = np.empty(shape)
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != shape[1]:
            return None
        for column, cell in enumerate(row):
            value = figure(cell)
            if value is None:
                return None
            found[number, column] = value * factor
    return found


def figure(cell: object) -> float | None:
    """Return one figure, inf for null, None for what is none (text, a truth value, negative)."""
    if cell is None:
        return float("inf")
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return float(cell) if 0 <= cell < 1e12 else None
