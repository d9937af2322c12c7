"""An OSRM server by URL: its table and route services (HTTP API v1).

Source: the project's documentation of its HTTP API, docs/http.md of osrm-backend.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from geo.tour.itinerary import Leg
from geo.tour.travel.batches import by_blocks, figure, in_pieces, table
from geo.tour.travel.http import Service
from geo.tour.travel.protocol import Floats, Matrix, Route, answered, checked, line_of, path_error

_SIDE = 50  # origins and destinations together stay below the server's default of 100
_LEGS = 24
_MISSES = ("NoRoute", "NoSegment")


class Osrm:
    """Ask an OSRM server, driving profile; WGS-84 both ways."""

    id = "osrm"

    def __init__(self, url: str, *, service: Service | None = None) -> None:
        self._service = service or Service(url, source=self.id)

    def matrix(self, places: ArrayLike) -> Matrix:
        """Return times between all places; as in `Backend`."""
        minutes, km = by_blocks(checked(places), side=_SIDE, ask=self._block, source=self.id)
        return answered(minutes, km, source=self.id)

    def route(self, places: ArrayLike) -> Route:
        """Return the drives from each place to the next; as in `Backend`."""
        return in_pieces(checked(places), most=_LEGS, ask=self._legs)

    def _block(self, origins: Floats, targets: Floats) -> tuple[Floats, Floats]:
        count, shape = len(origins), (len(origins), len(targets))
        answer = self._service.get(
            f"/table/v1/driving/{_written(np.vstack([origins, targets]))}",
            {
                "annotations": "duration,distance",
                "sources": _list(range(count)),
                "destinations": _list(range(count, count + len(targets))),
            },
        )
        minutes = table(answer.get("durations"), shape=shape, factor=1 / 60)
        km = table(answer.get("distances"), shape=shape, factor=1 / 1000)
        if answer.get("code") != "Ok" or minutes is None or km is None:
            raise self._service.failed()
        return minutes, km

    def _legs(self, places: Floats, *, first: int) -> list[Leg]:
        answer = self._service.get(
            f"/route/v1/driving/{_written(places)}",
            {"overview": "false", "steps": "true", "geometries": "geojson"},
        )
        if answer.get("code") in _MISSES:
            raise path_error(list(range(first, first + len(places))))
        try:
            legs = [self._leg(leg) for leg in answer["routes"][0]["legs"]]
        except (KeyError, IndexError, TypeError, ValueError):
            raise self._service.failed() from None
        if len(legs) != len(places) - 1:
            raise self._service.failed()
        return legs

    def _leg(self, leg: dict[str, Any]) -> Leg:
        minutes, km = figure(leg["duration"]), figure(leg["distance"])
        points = [point[:2] for step in leg["steps"] for point in step["geometry"]["coordinates"]]
        if minutes is None or km is None or not np.isfinite([minutes, km]).all():
            raise ValueError("figures")
        return Leg(minutes / 60, km / 1000, self.id, 0, line_of(points))


def _written(places: Floats) -> str:
    return ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in places.tolist())


def _list(numbers: range) -> str:
    return ";".join(map(str, numbers))
