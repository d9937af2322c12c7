"""How many points are in each outline or hexagon, and the sum of one whole number they carry.

Made for many points: they are taken in chunks, so memory is that of a chunk, and the counts of
parts add up to those of the whole, so parts may come from a stream or from several machines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import h3.api.basic_int as h3
import numpy as np

from geo.density import cells
from geo.density.outlines import Outlines

CHUNK = 2**20
_HALF = 32  # bits: sums of halves stay below what int64 holds up to 2^31 points
_LOW = 2**_HALF - 1


@dataclass(frozen=True)
class Counts:
    """Hold places in ascending order, how many points each has, and the sum of their values.

    `places` are codes of outlines, all of them, or ids of H3 cells, those with a point. `sums` are
    whole numbers of any size, all 0 where no values were given. `outside` counts points in none.
    """

    places: tuple[str, ...]
    counts: tuple[int, ...]
    sums: tuple[int, ...]
    outside: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add what was counted over other points; places may differ."""
        return merged([self, other])


EMPTY = Counts((), (), ())


class Running:
    """Add counts one after the other, keeping only the totals."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._sum: dict[str, int] = {}
        self._outside = 0

    def add(self, part: Counts) -> None:
        """Add the counts of points that have not been counted yet."""
        for place, n, value in zip(part.places, part.counts, part.sums, strict=True):
            self._number[place] = self._number.get(place, 0) + n
            self._sum[place] = self._sum.get(place, 0) + value
        self._outside += part.outside

    def total(self) -> Counts:
        """Return all that was added."""
        places = tuple(sorted(self._number))
        numbers = tuple(self._number[place] for place in places)
        return Counts(places, numbers, tuple(self._sum[place] for place in places), self._outside)


def merged(parts: Iterable[Counts]) -> Counts:
    """Add the counts of parts that have no point in common, in any order."""
    running = Running()
    for part in parts:
        running.add(part)
    return running.total()


def by_outline(
    outlines: Outlines, lon: np.ndarray, lat: np.ndarray, values: np.ndarray | None = None
) -> Counts:
    """Count points in degrees WGS-84 by outline; one on a border counts for the lowest code alone.

    `values` is a whole number a point (int64), to be summed exactly.
    """
    total = _Totals.of(len(outlines.codes) + 1)  # the last is for what is outside
    for part in _chunks(len(lon)):
        total.add(outlines.place(lon[part], lat[part]), None if values is None else values[part])
    number, sums = total.count.tolist(), total.sums()
    return Counts(outlines.codes, tuple(number[:-1]), tuple(sums[:-1]), number[-1])


def by_cell(
    lon: np.ndarray, lat: np.ndarray, resolution: int, values: np.ndarray | None = None
) -> Counts:
    """Count points in degrees WGS-84 by H3 cell; each belongs to one, as the library has it.

    `values` as in `by_outline`. A point that is not finite is outside. Errors: `density.choice`.
    """
    ids: list[np.ndarray] = []
    parts: list[_Totals] = []
    for part in _chunks(len(lon)):
        found = cells.grouped(lon[part], lat[part], resolution)
        total = _Totals.of(len(found.ids) + 1)
        total.add(found.group, None if values is None else values[part])
        ids.append(found.ids)
        parts.append(total)
    every, place = np.unique(np.concatenate([_NONE, *ids]), return_inverse=True)
    ends = np.cumsum([len(own) for own in ids])
    whole = _Totals.of(len(every) + 1)
    for total, end in zip(parts, ends, strict=True):
        whole.join(total, place[end - len(total.count) + 1 : end])
    number, sums = whole.count.tolist(), whole.sums()
    names = tuple(map(h3.int_to_str, every.tolist()))
    return Counts(names, tuple(number[:-1]), tuple(sums[:-1]), number[-1])


_NONE = np.empty(0, dtype=np.uint64)


def _chunks(size: int) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, size, CHUNK)]


@dataclass(frozen=True)
class _Totals:
    """Hold running totals by place; a sum is kept in two halves, so that int64 is never too small."""

    count: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, size: int) -> _Totals:
        return cls(*(np.zeros(size, dtype=np.int64) for _ in range(3)))

    def add(self, place: np.ndarray, values: np.ndarray | None) -> None:
        """Add points by their place; -1 is the last place."""
        last = len(self.count) - 1
        where = np.where(place < 0, last, place)
        self.count[:] += np.bincount(where, minlength=last + 1)
        if values is not None:
            whole = np.asarray(values).astype(np.int64, casting="safe", copy=False)
            np.add.at(self.low, where, whole & _LOW)
            np.add.at(self.high, where, whole >> _HALF)

    def join(self, part: _Totals, place: np.ndarray) -> None:
        """Add the totals of a part, whose places are numbers of this one's; the last is the last."""
        where = np.append(place, len(self.count) - 1)
        for own, more in zip(
            (self.count, self.low, self.high), (part.count, part.low, part.high), strict=True
        ):
            own[where] += more

    def sums(self) -> list[int]:
        pairs = zip(self.high.tolist(), self.low.tolist(), strict=True)
        return [(high << _HALF) + low for high, low in pairs]
