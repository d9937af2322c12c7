"""The last resort: geodesic distances, drawn out and driven at one speed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from geo import crs
from geo.model import Travel
from geo.tour.itinerary import Leg
from geo.tour.travel.protocol import Floats, Matrix, Route, answered, checked, line_of


class GreatCircle:
    """Estimate times from straight lines alone; every place can be reached."""

    id = "great_circle"

    def __init__(self, travel: Travel) -> None:
        self._travel = travel

    def matrix(self, places: ArrayLike) -> Matrix:
        """Return times between all places; as in `Backend`."""
        lon, lat = checked(places).T
        straight = crs.distance_km(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
        minutes, km = self._driven(straight)
        return answered(minutes, km, source=self.id, band_pct=self._travel.straight_band_pct)

    def route(self, places: ArrayLike) -> Route:
        """Return the drives from each place to the next, straight lines; as in `Backend`."""
        found = checked(places)
        lon, lat = found.T
        minutes, km = self._driven(crs.distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:]))
        legs = (
            Leg(
                minutes=float(minutes[number]),
                km=float(km[number]),
                source=self.id,
                band_pct=self._travel.straight_band_pct,
                line=line_of(found[number : number + 2]),
            )
            for number in range(max(len(found) - 1, 0))
        )
        return Route(tuple(legs))

    def _driven(self, straight: Floats) -> tuple[Floats, Floats]:
        driving = self._travel.straight
        return np.asarray(straight * driving.minutes_per_km), np.asarray(
            straight * driving.circuity
        )
