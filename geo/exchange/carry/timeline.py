"""A day of a tour as rows in the order in which they happen, and as the places it drives to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from geo.tour.itinerary import MINUTES_A_DAY, Leg, Meal, Place, Stop, TourDay

Kind = Literal["start", "stop", "lunch", "end"]


@dataclass(frozen=True)
class Row:
    """Describe one line of a timetable; `leg` is the drive that leads to it, None where none does.

    `minutes` is the time spent, without waiting; `day` is the tour's day from 0; `name` is empty for a lunch without a place.
    """

    kind: Kind
    name: str
    arrives: float | None = None
    leaves: float | None = None
    minutes: float | None = None
    waits: float = 0.0
    leg: Leg | None = None
    stop: Stop | None = None
    day: int = 0

    def after_midnight(self, minutes: float) -> bool:
        """Tell whether a time lies on a later date than the row's day began."""
        return int(round(minutes) // MINUTES_A_DAY) > self.day


def rows(day: TourDay) -> list[Row]:
    """Return the day's rows: start, stops with lunch among them, end.

    Lunch at a stop stands before it where it is had on arrival, else after it.
    """
    legs = iter(day.legs)
    found = [Row("start", day.start.name, leaves=day.departs)]
    found += _lunch(day.meal, 0, legs)
    for count, stop in enumerate(day.stops, start=1):
        found.append(_stop(stop, day.meal, count, next(legs, None)))
        found += _lunch(day.meal, count, legs)
    end = Row("end", day.end.name, arrives=day.returns, leg=next(legs, None))
    begun = int(day.departs // MINUTES_A_DAY)
    return [replace(row, day=begun) for row in (*found, end)]


def places(day: TourDay) -> list[Place]:
    """Return the places that the day's legs join: one more than there are legs."""
    found = [day.start]
    for count in range(len(day.stops) + 1):
        if count:
            stop = day.stops[count - 1]
            found.append(Place(stop.name, stop.lon, stop.lat))
        if day.meal and day.meal.place and day.meal.after == count:
            found.append(day.meal.place)
    return [*found, day.end]


def _stop(stop: Stop, meal: Meal | None, count: int, leg: Leg | None) -> Row:
    leaves, waits = stop.departs, max(0.0, stop.begins - stop.arrives)
    if meal and meal.place is None:
        if meal.after == count and stop.begins <= meal.begins < leaves:
            leaves = meal.begins
        elif meal.after == count - 1 and stop.arrives <= meal.begins < stop.begins:
            waits = max(0.0, waits - meal.minutes)
    return Row(
        kind="stop",
        name=stop.name,
        arrives=stop.arrives,
        leaves=leaves,
        minutes=leaves - stop.begins,
        waits=waits,
        leg=leg,
        stop=stop,
    )


def _lunch(meal: Meal | None, count: int, legs: Iterator[Leg]) -> list[Row]:
    if meal is None or meal.after != count:
        return []
    ends = meal.begins + meal.minutes
    name, leg = "", None
    if meal.place is not None:
        name, leg = meal.place.name, next(legs, None)
    return [Row("lunch", name, arrives=meal.begins, leaves=ends, minutes=meal.minutes, leg=leg)]
