"""Cut a matrix into blocks that a service accepts, and put the answers together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from geo.tour.travel.protocol import Floats

Block = Callable[[Floats, Floats], tuple[Floats, Floats]]


def by_blocks(places: Floats, *, side: int, ask: Block) -> tuple[Floats, Floats]:
    """Ask for every block of at most `side` origins and destinations; minutes and km, square."""
    count = len(places)
    minutes, km = np.zeros((count, count)), np.zeros((count, count))
    for top in range(0, count, side):
        for left in range(0, count, side):
            rows, columns = slice(top, top + side), slice(left, left + side)
            minutes[rows, columns], km[rows, columns] = ask(places[rows], places[columns])
    return minutes, km


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
