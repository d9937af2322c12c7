"""Density by H3 hexagon, resolutions 6 to 9; exact parts where a project is spread."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from functools import lru_cache

import h3
import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from geo.density import cells
from geo.density.located import Located, locate
from geo.density.measures import Amount, Area, Densities, Figure, amount, one_of, values
from geo.layers import Atlas

RESOLUTIONS = (6, 7, 8, 9)
SOURCE = f"H3 {h3.versions()['c']}"
_GEOD = Geod(ellps="WGS84")


def by_hexagon(
    atlas: Atlas, rows: np.ndarray, *, measure: str, resolution: int = 7, vague: str = "left_out"
) -> Densities:
    """Compute the density of each hexagon that holds something, in the order of its cell id.

    A point belongs to one cell, so one on an edge is counted once. What is spread goes to the
    cells whose centre lies in the park or county, by their area. Areas are geodesic on the
    ellipsoid, since those of the library are on a sphere. Errors: `density.choice`, those of
    `locate`.
    """
    one_of("resolution", resolution, RESOLUTIONS)
    found = locate(atlas, rows, vague=vague)
    worth, known = values(atlas, measure)
    points, covered = _points(found, resolution), _covered(found, resolution)
    sums = [int(worth[e.rows[known[e.rows]]].sum()) for e in found.extents]
    groups = _Rows(found, known)
    figures = []
    for cell in sorted({*points, *covered}):
        here, over = points.get(cell, ()), covered.get(cell, ())
        total = sum((share * int(worth[row]) for row, share in here), Fraction(0))
        total += sum((share * sums[extent] for extent, share in over), Fraction(0))
        stated, unknown = groups.of([row for row, _ in here], tuple(e for e, _ in over))
        figures.append(Figure(cell, Amount(measure, total, stated, unknown), _area(cell)))
    return Densities(
        by="h3",
        measure=measure,
        figures=tuple(figures),
        whole=amount(atlas, rows, measure),
        left_out=found.left_out,
    )


# Which rows or extents are in a cell, and the part of each that is.
Parts = dict[str, list[tuple[int, Fraction]]]


def _points(found: Located, resolution: int) -> Parts:
    here = cells.grouped(found.lon, found.lat, resolution)
    keys = np.stack([here.group, found.row, found.pieces])
    counted, number = np.unique(keys, axis=1, return_counts=True)
    names = [h3.int_to_str(id_) for id_ in here.ids.tolist()]
    parts: Parts = defaultdict(list)
    for (cell, row, pieces), n in zip(counted.T.tolist(), number.tolist(), strict=True):
        parts[names[cell]].append((row, Fraction(n, pieces)))
    return parts


def _covered(found: Located, resolution: int) -> Parts:
    parts: Parts = defaultdict(list)
    for number, extent in enumerate(found.extents):
        for cell, share in shares(extent.shape, resolution).items():
            parts[cell].append((number, share))
    return parts


class _Rows:
    """Give the rows of a cell that state their value and those that do not; most cells share theirs."""

    def __init__(self, found: Located, known: np.ndarray) -> None:
        self._extents, self._known = found.extents, known
        self._kept: dict[tuple[int, ...], tuple[np.ndarray, np.ndarray]] = {}

    def of(self, rows: list[int], extents: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
        if rows or extents not in self._kept:
            parts = [np.array(rows, dtype=np.int64), *(self._extents[e].rows for e in extents)]
            every = np.unique(np.concatenate(parts))
            found = every[self._known[every]], every[~self._known[every]]
            if rows:
                return found
            self._kept[extents] = found
        return self._kept[extents]


def shares(shape: BaseGeometry, resolution: int) -> dict[str, Fraction]:
    """Return the cells that an area is shared out to and each one's part; the parts add up to 1."""
    weights = {cell: cell_m2(cell) for cell in cells_within(shape, resolution)}
    whole = sum(weights.values())
    return {cell: Fraction(weight, whole) for cell, weight in weights.items()}


def cells_within(shape: BaseGeometry, resolution: int) -> list[str]:
    """Return the cells whose centre lies in a polygon; the one around its inner point if none does."""
    within: set[str] = set()
    for part in shapely.get_parts(shape):
        rings = [[(y, x) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        within |= set(h3.h3shape_to_cells(h3.LatLngPoly(*rings), resolution))
    if not within:
        inner = shape.representative_point()
        within = {h3.latlng_to_cell(inner.y, inner.x, resolution)}
    return sorted(within)


@lru_cache(maxsize=2**18)
def cell_m2(cell: str) -> int:
    """Return a cell's geodesic area in whole square metres."""
    lat, lon = zip(*h3.cell_to_boundary(cell), strict=True)
    return round(abs(_GEOD.polygon_area_perimeter(lon, lat)[0]))


def _area(cell: str) -> Area:
    return Area(Fraction(cell_m2(cell), 10**6), "geodesic", SOURCE, "")
