"""From the solver's answer to an itinerary: days with clock times, drives with their course."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from geo.layers import Atlas
from geo.tour.itinerary import Itinerary, Leg, Meal, Stop, TourDay
from geo.tour.problem import FOREVER, Problem, Solution
from geo.tour.sites import rows, where
from geo.tour.timetable import Timetable, schedule
from geo.tour.tour import Tour
from geo.tour.travel import Backend, Notice


def itinerary_of(
    tour: Tour, chosen: Solution, *, asked: Problem, id_: str, atlas: Atlas, travel: Backend
) -> tuple[Itinerary, list[Notice]]:
    """Return the chosen visits as an itinerary with every figure that is shown, and its notices."""
    sites = rows(atlas.projects, tour.ids)
    points = where(atlas.projects, tour.ids)
    notices: list[Notice] = []
    days, number = [], 0
    for at, route in enumerate(chosen.routes):
        table = schedule(asked, route, day=at)
        made = _Made(tour, at, table, sites, points)
        drives = travel.route(made.way())
        notices += drives.notices
        days.append(made.day(drives.legs, first=number + 1))
        number += len(route)
    city = atlas.catalogue.city
    return (
        Itinerary(
            id=id_,
            title=tour.title,
            city=city.name["zh"],
            first=tour.first,
            time_zone=city.time_zone,
            days=tuple(days),
            convoy_pct=tour.convoy_pct,
        ),
        notices,
    )


@dataclass(frozen=True)
class _Made:
    """Turn one day's timetable into what is shown of it."""

    tour: Tour
    number: int
    table: Timetable
    sites: pd.DataFrame
    points: np.ndarray

    def _driven(self) -> list[int]:
        """Return the halts that one drives to; lunch at a stop is none, nor is staying at home."""
        table = self.table
        meal_moves = self.tour.meal is not None and self.tour.meal.place is not None
        return [at for at, halt in enumerate(table.halts) if at != table.lunch or meal_moves]

    def _place(self, at: int) -> tuple[float, float]:
        halt = self.table.halts[at]
        if halt.visit is not None:
            lon, lat = self.points[halt.visit]
            return float(lon), float(lat)
        if at == self.table.lunch and self.tour.meal is not None and self.tour.meal.place:
            return self.tour.meal.place.lon, self.tour.meal.place.lat
        end = self.tour.days[self.number].end
        return end.lon, end.lat

    def way(self) -> np.ndarray:
        """Return the places one drives through, the start first."""
        start = self.tour.days[self.number].start
        return np.array([(start.lon, start.lat), *(self._place(at) for at in self._driven())])

    def day(self, drives: Sequence[Leg], *, first: int) -> TourDay:
        """Return the day; `drives` come without the convoy's allowance."""
        span, table = self.tour.days[self.number], self.table
        allowance = 1 + self.tour.convoy_pct / 100
        legs = tuple(replace(leg, minutes=leg.minutes * allowance) for leg in drives)
        stops = [halt for halt in table.halts if halt.visit is not None]
        return TourDay(
            start=span.start,
            end=span.end,
            departs=table.departs,
            returns=table.finish,
            stops=tuple(
                self._stop(halt.visit, first + at)
                for at, halt in enumerate(stops)
                if halt.visit is not None
            ),
            legs=legs,
            meal=self._meal(),
        )

    def _stop(self, visit: int, number: int) -> Stop:
        at = next(at for at, halt in enumerate(self.table.halts) if halt.visit == visit)
        halt, project = self.table.halts[at], self.sites.iloc[visit]
        before = self.table.halts[at - 1] if at and at - 1 == self.table.lunch else None
        # lunch on arrival: one is there from its beginning on
        came = (
            before
            if before is not None and halt.minutes == 0 and before.node == halt.node
            else halt
        )
        return Stop(
            number=number,
            project_id=str(project["id"]),
            name=str(project["name"]),
            lon=float(self.points[visit][0]),
            lat=float(self.points[visit][1]),
            arrives=came.arrives,
            begins=halt.begins,
            departs=halt.departs,
            slack=came.slack if math.isfinite(came.slack) else FOREVER,
            precision=str(project["placed"]),
            sample=bool(project["sample"]),
            project=_fields(project),
        )

    def _meal(self) -> Meal | None:
        lunch = self.table.lunch
        if lunch is None or self.tour.meal is None:
            return None
        after = sum(halt.visit is not None for halt in self.table.halts[:lunch])
        halt = self.table.halts[lunch]
        return Meal(after, halt.begins, self.tour.meal.minutes, self.tour.meal.place)


def _fields(project: pd.Series) -> dict[str, Any]:
    """Return what is known of a project as plain values."""
    known = project.drop("geometry").dropna()
    return {str(name): getattr(value, "item", lambda v=value: v)() for name, value in known.items()}
