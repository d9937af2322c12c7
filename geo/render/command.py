"""Say what the map in the browser shows now, as one small value that carries no markup."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from geo import crs
from geo.crs import Datum
from geo.tour.itinerary import Itinerary, Place


def tour_layer(
    tour: Itinerary | None,
    *,
    datum: Datum,
    ends: tuple[str, str],
    rows: Mapping[str, int],
    chosen: Sequence[str] = (),
    fit: int = 0,
) -> dict[str, object]:
    """Return a tour as the map draws it, in the base map's datum; nothing of it is a name.

    `ends` are the words for start and end, `rows` the row of each project on the map, `chosen` the
    sites asked for; the map shows the tour whole when `fit` changes. In the result `lines` are flat
    lon, lat; `stops` number, lon, lat, row or -1; `ends` words, lon, lat; `chosen` rows.
    """
    days = tour.days if tour else ()
    start, end = ends
    marks = [(start, day.start) for day in days[:1]]
    marks += [(end, day.end) for day in days if _spot(day.end) != _spot(days[0].start)]
    return {
        "lines": [_moved(leg.line, datum) for day in days for leg in day.legs if leg.line],
        "stops": [
            [stop.number, *_moved([(stop.lon, stop.lat)], datum), rows.get(stop.project_id, -1)]
            for day in days
            for stop in day.stops
        ],
        "ends": [[words, *_moved([_spot(place)], datum)] for words, place in marks],
        "chosen": [rows[id_] for id_ in chosen if id_ in rows],
        "fit": fit,
    }


def _spot(place: Place) -> tuple[float, float]:
    return (place.lon, place.lat)


def _moved(points: Sequence[tuple[float, float]], datum: Datum) -> list[float]:
    lon, lat = crs.shift([p[0] for p in points], [p[1] for p in points], target=datum)
    flat: list[float] = np.column_stack([lon, lat]).round(5).ravel().tolist()
    return flat


@dataclass(frozen=True)
class Command:
    """Hold one state of the map.

    `atlas`, `points`, `details`: addresses of the payloads, relative to the map's frame;
    `mask`: the shown rows (see `payload.row_mask`); `selected`: a row or -1; `counts` and
    `active`: per facet; `text`: every word on the map, in the page's language; `at`: lon, lat,
    zoom to start from; `tiles`: whether an online base map lies below; `tour`: a tour to be drawn,
    as `tour_layer` makes it, None on a map that is for looking only; `shade`: places
    coloured by class, as `shade.layer` makes them.
    """

    atlas: str
    points: str
    details: str
    mask: str
    lang: str
    colour: str
    selected: int
    counts: Mapping[str, Mapping[str, int]]
    active: Mapping[str, Sequence[str]]
    text: Mapping[str, object]
    at: tuple[float, float, float] | None = None
    tiles: bool = False
    tour: Mapping[str, object] | None = None
    shade: Mapping[str, object] | None = None

    def encode(self) -> str:
        """Encode as base64, so that no character of the data can mean anything to a template."""
        document = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(document.encode("utf-8", "replace")).decode("ascii")
