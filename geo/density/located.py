"""Where projects are as far as it is known: points, pieces of lines, and areas for the others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.density import areas, places
from geo.density.measures import VAGUE, one_of
from geo.density.plane import Plane
from geo.layers import Atlas

PIECE_M = 200.0


@dataclass(frozen=True)
class Extent:
    """Hold an area within which projects lie somewhere: a park's or a county's outline."""

    kind: str
    place: str
    shape: BaseGeometry
    rows: np.ndarray


@dataclass(frozen=True)
class Located:
    """Hold points (lon, lat, the row of each, into how many pieces it is cut), extents, and the rest.

    `left_out`: reason → positions of rows that are neither.
    """

    lon: np.ndarray
    lat: np.ndarray
    row: np.ndarray
    pieces: np.ndarray
    extents: tuple[Extent, ...]
    left_out: Mapping[str, np.ndarray]


def plane_of(atlas: Atlas) -> Plane:
    """Return the equal-area plane around the city's centre."""
    return Plane(*atlas.catalogue.city.centre)


def locate(atlas: Atlas, rows: np.ndarray, *, vague: str = "left_out") -> Located:
    """Locate the marked rows; what is known only to park, town or county level is never a point.

    With `vague` "spread" it is spread over its park's outline, else its zone's, else its county's;
    with "left_out" it is named under `park_only`, `town_only`, `county_only`, `line_only`. A drawn
    line is cut into equal pieces of 200 m at most; of a line that is not drawn, a point says little. Errors: `density.choice`, those of `areas.outline`.
    """
    one_of("vague", vague, VAGUE)
    placed = atlas.projects["placed"].fillna("none").to_numpy(dtype=object)
    points = _points(atlas, np.flatnonzero(rows & (placed == "site")))
    drawn = (placed == "line") & (atlas.projects.geometry.geom_type != "Point").to_numpy(dtype=bool)
    lines = _lines(atlas, np.flatnonzero(rows & drawn))
    lon, lat, row, pieces = (np.concatenate(parts) for parts in zip(points, lines, strict=True))
    rest = np.flatnonzero(rows & (placed != "site") & ~drawn)
    extents, left_out = _vague(atlas, rest, spread=vague == "spread")
    return Located(lon, lat, row, pieces, extents, left_out)


def _points(atlas: Atlas, rows: np.ndarray) -> tuple[np.ndarray, ...]:
    shapes = np.asarray(atlas.projects.geometry.array)[rows]
    ones = np.ones(len(rows), dtype=np.int64)
    return shapely.get_x(shapes), shapely.get_y(shapes), rows, ones


def _lines(atlas: Atlas, rows: np.ndarray) -> tuple[np.ndarray, ...]:
    plane, shapes = plane_of(atlas), np.asarray(atlas.projects.geometry.array)
    x, y, row, pieces = [], [], [], []
    for position in rows:
        line = plane.shape(shapely.force_2d(shapes[position]))
        n = max(1, math.ceil(line.length / PIECE_M))
        middles = shapely.line_interpolate_point(line, (np.arange(n) + 0.5) / n, normalized=True)
        x.append(shapely.get_x(middles))
        y.append(shapely.get_y(middles))
        row.append(np.full(n, position))
        pieces.append(np.full(n, n))
    if not row:
        none = np.empty(0, dtype=np.int64)
        return none.astype(float), none.astype(float), none, none
    lon, lat = plane.degrees(np.concatenate(x), np.concatenate(y))
    return lon, lat, np.concatenate(row), np.concatenate(pieces)


def _vague(
    atlas: Atlas, rows: np.ndarray, *, spread: bool
) -> tuple[tuple[Extent, ...], dict[str, np.ndarray]]:
    projects, county = atlas.projects, areas.county_of(atlas)
    level = projects["precision"].fillna("none").to_numpy(dtype=object)
    park = projects["park"].fillna("").to_numpy(dtype=object)
    outlines = _park_outlines(atlas)
    within: dict[tuple[str, str], list[int]] = {}
    left: dict[str, list[int]] = {}
    for row in rows.tolist():
        in_park = level[row] == "park" and park[row] in outlines
        if not in_park and not county[row]:
            left.setdefault("nowhere", []).append(row)
        elif not spread:
            left.setdefault(_reason(level[row]), []).append(row)
        else:
            place = ("park", outlines[park[row]]) if in_park else ("county", county[row])
            within.setdefault(place, []).append(row)
    extents = tuple(
        Extent(kind, place, _shape(atlas, kind, place), np.array(found))
        for (kind, place), found in sorted(within.items())
    )
    return extents, {reason: np.array(found) for reason, found in left.items()}


def _reason(level: str) -> str:
    known = {"park": "park_only", "town": "town_only", "line": "line_only"}
    return known.get(level, "county_only")


def _park_outlines(atlas: Atlas) -> dict[str, str]:
    """Return, for each park, the park whose outline stands for it: its own, else its zone's."""
    drawn = set(atlas.parks.loc[atlas.parks["outline"].isin(["circle", "polygon"]), "id"])
    found = {}
    for park, zone in places.zones(atlas).items():
        own = park if park in drawn else zone
        if own in drawn:
            found[park] = own
    return found


def _shape(atlas: Atlas, kind: str, place: str) -> BaseGeometry:
    frame, key = (atlas.parks, "id") if kind == "park" else (atlas.counties, "code")
    shape = frame.geometry[frame[key] == place].iloc[0]
    return areas.outline(shape, place=place)[0]
