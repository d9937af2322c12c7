"""One measure of each county at three scales: the whole county, its parks, its densest hexagon."""

from __future__ import annotations

from fractions import Fraction

import h3
import numpy as np

from geo.density import areas, hexagons, places
from geo.density.measures import WAN_PER_YI, amount
from geo.density.outlines import OUTSIDE
from geo.layers import Atlas

View = dict[str, Fraction | None]


def of_counties(
    atlas: Atlas, rows: np.ndarray, *, measure: str, resolution: int = 7
) -> dict[str, View]:
    """Return views of the counties' density that can be set against each other by `ranks.flips`.

    `tianditu`, `amap`: the county over either area; `park`: projects in the county's zones over
    the zones' stated areas, whatever their kind; `h3`: the densest hexagon whose centre is in the
    county. None where a county has no such figure.
    """
    views: dict[str, View] = {}
    for source in areas.COUNTY_SOURCES:
        found = places.by_county(atlas, rows, measure=measure, area=source)
        views[source] = {figure.place: figure.per_km2 for figure in found.figures}
    views["park"] = _in_parks(atlas, rows, measure)
    views["h3"] = _peaks(atlas, rows, measure, resolution)
    return views


def _in_parks(atlas: Atlas, rows: np.ndarray, measure: str) -> View:
    county = dict(zip(atlas.parks["id"], atlas.parks["county"], strict=True))
    zone = places.zone_of(atlas)
    known = areas.of_parks(atlas)
    found: View = {}
    for code in atlas.counties["code"]:
        own = [
            id_
            for id_, top in places.zones(atlas).items()
            if id_ == top and isinstance(county[id_], str) and county[id_] == code
        ]
        sized = [id_ for id_ in own if known[id_].km2]
        km2 = sum((known[id_].km2 or Fraction(0) for id_ in sized), Fraction(0))
        total = amount(atlas, rows & np.isin(zone, sized), measure).value
        if measure != "projects" and total is not None:
            total /= WAN_PER_YI
        found[code] = total / km2 if km2 and total is not None else None
    return found


def _peaks(atlas: Atlas, rows: np.ndarray, measure: str, resolution: int) -> View:
    cells = hexagons.by_hexagon(atlas, rows, measure=measure, resolution=resolution)
    outlines = areas.lookup(atlas.counties, key="code")
    centres = np.array([h3.cell_to_latlng(f.place) for f in cells.figures]).reshape(-1, 2)
    found: View = dict.fromkeys(outlines.codes)
    for figure, place in zip(
        cells.figures, outlines.place(centres[:, 1], centres[:, 0]).tolist(), strict=True
    ):
        if place != OUTSIDE and figure.per_km2 is not None:
            code = outlines.codes[place]
            found[code] = max(found[code] or Fraction(0), figure.per_km2)
    return found
