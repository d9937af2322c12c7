"""A planned tour as it is shown, printed, driven and exported: every figure in it is final.

Times are minutes of the tour's first day (`day_start` gives the date); coordinates are lon, lat in
degrees WGS-84; names are as the city's lists have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Place:
    """Name a place that is no site: start, end, lunch or night stop."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Leg:
    """Describe one drive; `line` is its course, `source` the id of the backend that gave it.

    `minutes` has the convoy's allowance in it; `band_pct` is the error band of the estimate,
    0 where the source states none.
    """

    minutes: float
    km: float
    source: str
    band_pct: int
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Stop:
    """Describe one site on its day; `number` counts over all days from 1.

    `slack` is how many minutes later one may arrive without breaking a rule later in that day.
    `project` holds the project's fields as the reader may see them, `sample` whether it is one.
    """

    number: int
    project_id: str
    name: str
    lon: float
    lat: float
    arrives: float
    begins: float
    departs: float
    slack: float
    precision: str
    sample: bool
    project: dict[str, Any]


@dataclass(frozen=True)
class Meal:
    """Say when and where lunch is: after stop `after` (0 is the start) of its day."""

    after: int
    begins: float
    minutes: float
    place: Place | None


@dataclass(frozen=True)
class TourDay:
    """Hold one day: its legs are one more than its stops, two where lunch has a place of its own.

    `legs` are in driving order: start, stops (and lunch's place after stop `meal.after`), end.
    """

    start: Place
    end: Place
    departs: float
    returns: float
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]
    meal: Meal | None

    @property
    def driving(self) -> float:
        """Return the day's driven minutes."""
        return sum(leg.minutes for leg in self.legs)

    @property
    def km(self) -> float:
        """Return the day's driven kilometres."""
        return sum(leg.km for leg in self.legs)


@dataclass(frozen=True)
class Itinerary:
    """Hold a whole tour; `first` is the date of its first day in the city's `time_zone`."""

    id: str
    title: str
    city: str
    first: date
    time_zone: str
    days: tuple[TourDay, ...]
    convoy_pct: int

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Return the stops of all days in order."""
        return tuple(stop for day in self.days for stop in day.stops)

    def at(self, minutes: float) -> datetime:
        """Return the moment of a time of the tour, in the city's time zone, to the minute."""
        midnight = datetime(
            self.first.year, self.first.month, self.first.day, tzinfo=ZoneInfo(self.time_zone)
        )
        return midnight + timedelta(minutes=round(minutes))


def clock(minutes: float) -> str:
    """Write a time of the tour as a clock does: 545 is 09:05, and so is 1985 on the next day."""
    hours, rest = divmod(round(minutes) % MINUTES_A_DAY, 60)
    return f"{hours:02d}:{rest:02d}"
