"""The AMap Web service by key: distances and driving routes; GCJ-02 there, WGS-84 here.

Source: the service's documentation of /v3/distance (type 1) and /v3/direction/driving.
"""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from geo import crs
from geo.errors import GeoError
from geo.tour.itinerary import Leg
from geo.tour.travel.http import Service
from geo.tour.travel.protocol import Floats, Matrix, Route, answered, checked, line_of, path_error

URL = "https://restapi.amap.com"
MOST_PLACES = 60  # one request a destination: more would use up a day's quota
_BATCH = 100  # origins a request
_BUSY = ("10019", "10020", "10021", "10014", "10015")  # too many a second
_QUOTA = ("10003", "10044", "10045", "40000", "40002", "40003")
_KEY = ("10001", "10002", "10005", "10006", "10007", "10008", "10009", "10012", "10013", "10026")
_NO_PATH = ("20800", "20801", "20802", "20803")
_TRIES, _PAUSE_S = 3, 1.0


class Amap:
    """Ask the AMap Web service, fastest way by its present traffic."""

    id = "amap"

    def __init__(self, key: str, *, service: Service | None = None, pause_s: float = _PAUSE_S):
        self._service = service or Service(URL, source=self.id, secret={"key": key})
        self._pause_s = pause_s

    def matrix(self, places: ArrayLike) -> Matrix:
        """Return times between all places; as in `Backend`.

        Error `travel.too_many` (source, expected, read) above 60 places.
        """
        points = _there(checked(places))
        count = len(points)
        if count > MOST_PLACES:
            raise GeoError("travel.too_many", source=self.id, expected=MOST_PLACES, read=count)
        minutes, km = np.zeros((count, count)), np.zeros((count, count))
        for column in range(count if count > 1 else 0):
            for first in range(0, count, _BATCH):
                rows = slice(first, first + _BATCH)
                minutes[rows, column], km[rows, column] = self._column(points[rows], points[column])
        return answered(minutes, km, source=self.id)

    def route(self, places: ArrayLike) -> Route:
        """Return the drives from each place to the next; as in `Backend`."""
        points = _there(checked(places))
        legs = enumerate(pairwise(points))
        return Route(tuple(self._leg(a, b, row=row) for row, (a, b) in legs))

    def _column(self, origins: Floats, target: Floats) -> tuple[Floats, Floats]:
        answer = self._ask(
            "/v3/distance",
            {
                "origins": "|".join(_written(point) for point in origins),
                "destination": _written(target),
                "type": "1",
            },
        )
        minutes, km = np.full(len(origins), np.nan), np.full(len(origins), np.nan)
        try:
            for result in answer["results"]:
                row = int(result["origin_id"]) - 1
                if row < 0:
                    raise IndexError(row)
                minutes[row], km[row] = _figures(result, same=bool((origins[row] == target).all()))
        except (KeyError, IndexError, TypeError, ValueError):
            raise self._service.failed() from None
        if np.isnan(minutes).any():
            raise self._service.failed()
        return minutes, km

    def _leg(self, start: Floats, end: Floats, *, row: int) -> Leg:
        asked = {"origin": _written(start), "destination": _written(end), "extensions": "base"}
        answer = self._ask("/v3/direction/driving", asked, rows=[row, row + 1])
        try:
            path = answer["route"]["paths"][0]
            minutes, km = float(path["duration"]) / 60, float(path["distance"]) / 1000
            points = [
                [float(part) for part in point.split(",")]
                for step in path["steps"]
                for point in step["polyline"].split(";")
            ]
            lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise self._service.failed() from None
        if not (0 <= minutes < np.inf and 0 <= km < np.inf):
            raise self._service.failed()
        here = crs.shift(lon, lat, source="gcj02", target="wgs84")
        return Leg(minutes, km, self.id, 0, line_of(np.column_stack(here)))

    def _ask(
        self, path: str, params: dict[str, str], *, rows: list[int] | None = None
    ) -> dict[str, Any]:
        """Ask, again after a pause where the service is busy; its own error codes become ours."""
        for last in (*[False] * (_TRIES - 1), True):
            answer = self._service.get(path, {**params, "output": "JSON"})
            code = str(answer.get("infocode", ""))
            if str(answer.get("status")) == "1":
                return answer
            if code in _BUSY and not last:
                time.sleep(self._pause_s)
                continue
            break
        if code in _NO_PATH and rows:
            raise path_error(rows)
        if code in _KEY:
            raise GeoError("travel.key", source=self.id)
        if code in _QUOTA or code in _BUSY:
            raise GeoError("travel.quota", source=self.id)
        raise self._service.failed()


def _there(places: Floats) -> Floats:
    return np.column_stack(crs.shift(places[:, 0], places[:, 1], target="gcj02"))


def _written(point: Floats) -> str:
    return f"{point[0]:.6f},{point[1]:.6f}"


def _figures(result: dict[str, Any], *, same: bool) -> tuple[float, float]:
    """Read one result; no way is told by an own code, and by −1 or nothing at all."""
    if same:
        return 0.0, 0.0
    if result.get("code") is not None or "duration" not in result:
        return float("inf"), float("inf")
    seconds, metres = float(result["duration"]), float(result["distance"])
    if seconds < 0 or metres < 0:
        return float("inf"), float("inf")
    return seconds / 60, metres / 1000
