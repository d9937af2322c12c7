"""What every source of travel times answers, and what it is asked: places in, minutes and km out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import GeoError
from geo.tour.itinerary import Leg

Floats = NDArray[np.float64]
MOST_PLACES = 1000


@dataclass(frozen=True)
class Notice:
    """Say what a reader must know of an answer; `code` is a key below `error.` in locales."""

    code: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Matrix:
    """Hold driving times and ways between places, from row to column.

    `minutes` and `km` are square; the diagonal is 0, inf is where no way leads. `source` is the id
    of the backend that answered, `band_pct` how far its times may be off, 0 where it states none.
    """

    minutes: Floats
    km: Floats
    source: str
    band_pct: int = 0
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Route:
    """Hold the drives between consecutive places; each leg names its own source."""

    legs: tuple[Leg, ...]
    notices: tuple[Notice, ...] = ()


class Backend(Protocol):
    """Answer how long it takes to drive, free of any convoy's allowance.

    `places` is (n, 2) lon, lat in degrees WGS-84, in visiting order for `route`. Both raise
    GeoError with a code below `travel.`: what failed, never where or with which key.
    """

    @property
    def id(self) -> str:
        """Return the short stable name that stands beside every figure."""

    def matrix(self, places: ArrayLike) -> Matrix:
        """Return the times between all places; unreachable ones are inf and noticed."""

    def route(self, places: ArrayLike) -> Route:
        """Return the drives from each place to the next; error `travel.path` (places, rows)."""


def checked(places: ArrayLike) -> Floats:
    """Return places as a float array (n, 2); error `travel.places` (expected, read)."""
    try:
        found = np.asarray(places, dtype=float)
    except (TypeError, ValueError):
        raise GeoError("travel.places", expected="(n, 2)", read="?") from None
    if found.size == 0:
        return np.empty((0, 2))
    if found.ndim != 2 or found.shape[1] != 2:
        raise GeoError("travel.places", expected="(n, 2)", read=str(found.shape))
    if len(found) > MOST_PLACES:
        raise GeoError("travel.places", expected=f"≤ {MOST_PLACES}", read=len(found))
    far = ~(np.isfinite(found).all(axis=1) & (np.abs(found) <= (180, 90)).all(axis=1))
    if far.any():
        number = int(np.flatnonzero(far)[0])
        lon, lat = found[number]
        raise GeoError("travel.places", expected="lon, lat", read=f"{number + 1}: {lon}, {lat}")
    return found


def answered(
    minutes: Floats, km: Floats, *, source: str, band_pct: int = 0, notices: tuple[Notice, ...] = ()
) -> Matrix:
    """Make a matrix of raw figures: zero diagonal, inf for what has no way, and a notice of it.

    A place without a way to or from any other is named; error `travel.answer` (source) for
    figures that are none.
    """
    minutes, km = minutes.astype(float), km.astype(float)
    if np.isnan(minutes).any() or np.isnan(km).any() or (minutes < 0).any() or (km < 0).any():
        raise GeoError("travel.answer", source=source)
    np.fill_diagonal(minutes, 0.0)
    np.fill_diagonal(km, 0.0)
    lost = ~np.isfinite(minutes) | ~np.isfinite(km)
    minutes[lost] = km[lost] = np.inf
    return Matrix(minutes, km, source, band_pct, (*notices, *_lost(lost)))


def path_error(rows: list[int]) -> GeoError:
    """Return the error for places (rows from 0) that no way connects."""
    return GeoError("travel.path", **lost_places(rows))


def lost_places(rows: list[int], *, most: int = 5) -> dict[str, object]:
    """Return details of rows without a way: `rows` from 0, and `places` as text from 1."""
    written = ", ".join(str(row + 1) for row in rows[:most])
    return {"places": written + (" …" if len(rows) > most else ""), "rows": tuple(rows)}


def line_of(points: ArrayLike) -> tuple[tuple[float, float], ...]:
    """Return lon/lat points as plain tuples to six decimals, repeated points left out."""
    line: list[tuple[float, float]] = []
    for lon, lat in np.asarray(points, dtype=float).reshape(-1, 2).tolist():
        point = (round(lon, 6), round(lat, 6))
        if not (math.isfinite(lon) and math.isfinite(lat)):
            continue
        if not line or line[-1] != point:
            line.append(point)
    return tuple(line)


def _lost(lost: NDArray[np.bool_]) -> tuple[Notice, ...]:
    """Name the places that are cut off; if none is, the first of each pair without a way."""
    if not lost.any():
        return ()
    others = np.maximum(len(lost) - 1, 1)
    cut = np.flatnonzero((lost.sum(axis=0) >= others) | (lost.sum(axis=1) >= others))
    named = cut if len(cut) else np.flatnonzero(lost.any(axis=1))
    return (Notice("travel.path", lost_places([int(row) for row in named])),)
