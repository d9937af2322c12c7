"""A Valhalla server by URL: its matrix and route services, and what an embedded one shares with it.

Source: the project's API references for the time-distance matrix and for turn-by-turn routing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import GeoError
from geo.tour.itinerary import Leg
from geo.tour.travel.batches import by_blocks, figure, in_pieces, table
from geo.tour.travel.http import Service
from geo.tour.travel.polyline import decode
from geo.tour.travel.protocol import Floats, Matrix, Route, answered, checked, line_of, path_error

_SIDE = 50  # a server's default is 2,500 pairs a request
_LEGS = 19  # and 20 places a route


class Engine(Protocol):
    """Answer the two requests of a Valhalla, wherever it runs; errors are GeoErrors."""

    def matrix(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer `sources_to_targets`."""

    def route(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer `route`."""

    def failed(self) -> GeoError:
        """Return the error for an answer that cannot be read."""


class Asker:
    """Put questions to a Valhalla engine and read its answers; WGS-84 both ways."""

    def __init__(self, engine: Engine, *, source: str) -> None:
        self.id = source
        self._engine = engine

    def matrix(self, places: ArrayLike) -> Matrix:
        """Return times between all places; as in `Backend`."""
        minutes, km = by_blocks(checked(places), side=_SIDE, ask=self._block, source=self.id)
        return answered(minutes, km, source=self.id)

    def route(self, places: ArrayLike) -> Route:
        """Return the drives from each place to the next; as in `Backend`."""
        return in_pieces(checked(places), most=_LEGS, ask=self._legs)

    def _block(self, origins: Floats, targets: Floats) -> tuple[Floats, Floats]:
        body = {
            "sources": _located(origins),
            "targets": _located(targets),
            "costing": "auto",
            "units": "kilometers",
        }
        shape = (len(origins), len(targets))
        minutes, km = _cells(self._engine.matrix(body).get("sources_to_targets"), shape)
        if minutes is None or km is None:
            raise self._engine.failed()
        return minutes, km

    def _legs(self, places: Floats, *, first: int) -> list[Leg]:
        body = {
            "locations": [{**place, "type": "break"} for place in _located(places)],
            "costing": "auto",
            "units": "kilometers",
            "directions_type": "none",
        }
        answer = self._engine.route(body)
        if answer.get("error_code") in _NO_PATH:
            raise path_error(list(range(first, first + len(places))))
        try:
            legs = [self._leg(leg) for leg in answer["trip"]["legs"]]
        except (KeyError, IndexError, TypeError, ValueError):
            raise self._engine.failed() from None
        if len(legs) != len(places) - 1:
            raise self._engine.failed()
        return legs

    def _leg(self, leg: dict[str, Any]) -> Leg:
        minutes, km = figure(leg["summary"]["time"]), figure(leg["summary"]["length"])
        if minutes is None or km is None or not np.isfinite([minutes, km]).all():
            raise ValueError("figures")
        return Leg(minutes / 60, km, self.id, 0, line_of(decode(leg["shape"], digits=6)))


_NO_PATH = (170, 171, 442, 443)  # unconnected places, no road near a place, no path


class Valhalla(Asker):
    """Ask a Valhalla server, car costing."""

    def __init__(self, url: str, *, service: Service | None = None) -> None:
        super().__init__(_Remote(service or Service(url, source="valhalla")), source="valhalla")


class _Remote:
    def __init__(self, service: Service) -> None:
        self._service = service
        self.failed = service.failed

    def matrix(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer `sources_to_targets`."""
        return self._service.post("/sources_to_targets", body)

    def route(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer `route`."""
        return self._service.post("/route", body)


def _located(places: Floats) -> list[dict[str, float]]:
    return [{"lon": round(lon, 6), "lat": round(lat, 6)} for lon, lat in places.tolist()]


def _cells(answer: object, shape: tuple[int, int]) -> tuple[Floats | None, Floats | None]:
    """Read either form of a matrix: rows of cells, or two tables of plain figures."""
    if isinstance(answer, dict):
        times, distances = answer.get("durations"), answer.get("distances")
    elif isinstance(answer, list):
        times, distances = _column(answer, "time"), _column(answer, "distance")
    else:
        return None, None
    return table(times, shape=shape, factor=1 / 60), table(distances, shape=shape, factor=1.0)


def _column(rows: list[Any], name: str) -> list[Any]:
    return [
        [cell.get(name, "") if isinstance(cell, dict) else "" for cell in row]
        if isinstance(row, list)
        else row
        for row in rows
    ]
