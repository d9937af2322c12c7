"""Datums of Chinese maps and measures on the ellipsoid; degrees are always (longitude, latitude).

GCJ-02 and BD-09 have no official definition. The forward formulas are the public ones, found in
every open implementation; the inverses are solved by iteration, because the published short
inverses miss by metres. CGCS2000 differs from WGS-84 by centimetres and counts as WGS-84 here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, cast, get_args

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.errors import GeoError

Datum = Literal["wgs84", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

Floats = NDArray[np.float64]
Forward = Callable[[Floats, Floats], tuple[Floats, Floats]]

CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""Coarse box of the public formula (west, south, east, north); outside it nothing is shifted."""

_AXIS_M = 6378245.0  # Krasovsky 1940, as the public formula has it
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU_PI = math.pi * 3000.0 / 180.0
_STEP_DEG = 1e-12
_MAX_STEPS = 25
_GEOD = Geod(ellps="WGS84")


def shift(
    lon: ArrayLike, lat: ArrayLike, *, target: Datum, source: Datum = "wgs84"
) -> tuple[Floats, Floats]:
    """Move coordinates from one datum to another.

    Takes degrees of any one shape and returns new float arrays of that shape; NaN stays NaN.
    The inverse is within 1e-9 degree. Raises GeoError `crs.unknown_datum`.
    """
    _check(source)
    _check(target)
    x, y = np.array(lon, dtype=float), np.array(lat, dtype=float)
    if source == target:
        return x, y
    if source != "wgs84":
        x, y = _invert(_FORWARD[source], x, y)
    if target != "wgs84":
        x, y = _inside(_FORWARD[target](x, y), x, y, judge=(x, y))
    return x, y


def shift_geometry(
    geometry: BaseGeometry | None, datum: Datum, *, source: Datum = "wgs84"
) -> BaseGeometry | None:
    """Return the geometry in another datum; heights are kept, None stays None."""
    if geometry is None:
        return None
    move = _mover(source, datum)
    moved = shapely.transform(geometry, move, include_z=bool(geometry.has_z))
    return cast(BaseGeometry, moved)


def shift_frame(frame: gpd.GeoDataFrame, datum: Datum) -> gpd.GeoDataFrame:
    """Return a copy of the frame, its active geometry in another datum; the input stays as it was.

    The frame's own datum is read from `attrs["datum"]`, else it is WGS-84. GCJ-02 and BD-09 have
    no EPSG code, so a frame shifted to them carries no CRS, and a library cannot reproject it
    by mistake. Raises GeoError `crs.not_degrees` for a frame without CRS or with a projected one.
    """
    source = frame.attrs.get("datum", "wgs84")
    if source == "wgs84" and (frame.crs is None or not frame.crs.is_geographic):
        raise GeoError("crs.not_degrees", crs=str(frame.crs))
    moved = frame.copy()
    shifted = _shift_array(np.asarray(frame.geometry.array), _mover(source, datum))
    crs = (frame.crs or "EPSG:4326") if datum == "wgs84" else None
    name = frame.geometry.name
    moved[name] = gpd.GeoSeries(shifted, index=frame.index)
    moved = moved.set_crs(crs, allow_override=True)
    moved.attrs["datum"] = datum
    return moved


def area_km2(geometry: BaseGeometry) -> float:
    """Measure the geodesic area in km²; points and lines have none, holes are taken out."""
    return _area(geometry)


def distance_km(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    """Measure geodesic distances in km between points in WGS-84 degrees; shapes broadcast."""
    ends = (np.asarray(value, dtype=float) for value in (lon1, lat1, lon2, lat2))
    # pyproj writes into the arrays it is given, so it gets copies.
    x1, y1, x2, y2 = (np.array(value) for value in np.broadcast_arrays(*ends))
    metres = _GEOD.inv(x1, y1, x2, y2)[2]
    return np.asarray(metres, dtype=float) / 1000.0


def geodesic_circle(lon: float, lat: float, area_km2: float, *, vertices: int = 72) -> Polygon:
    """Draw the circle that has the stated area on the ellipsoid, as a counter-clockwise polygon.

    The radius is chosen so that the polygon, not the circle around it, has the area.
    Raises GeoError `crs.area_not_positive`.
    """
    if not (math.isfinite(area_km2) and area_km2 > 0):
        raise GeoError("crs.area_not_positive", read=area_km2)
    step = 2 * math.pi / vertices
    radius = 1000.0 * math.sqrt(area_km2 / (vertices / 2 * math.sin(step)))
    circle = _ring(lon, lat, radius_m=radius, vertices=vertices)
    # The plane formula is short of the ellipsoid's curvature: one correction settles it.
    radius *= math.sqrt(area_km2 / _area(circle))
    return _ring(lon, lat, radius_m=radius, vertices=vertices)


def _check(datum: str) -> None:
    if datum not in DATUMS:
        raise GeoError("crs.unknown_datum", read=datum, expected=", ".join(DATUMS))


def _gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6 * np.pi * x) + 20.0 * np.sin(2 * np.pi * x)
    east = 300.0 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2 / 3 * (ripple + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3))
    east += 2 / 3 * (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30))
    north = -100.0 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2 / 3 * (ripple + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3))
    north += 2 / 3 * (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30))
    phi = np.radians(lat)
    magic = 1 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY_SQUARED) / magic**1.5
    parallel = _AXIS_M / np.sqrt(magic) * np.cos(phi)
    return lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)


def _bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = _gcj02(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU_PI)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


_FORWARD: dict[str, Forward] = {"gcj02": _gcj02, "bd09": _bd09}


def _invert(forward: Forward, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Solve forward(p) = (lon, lat) by p ← p + miss, which gains two digits a step."""
    x, y = lon.copy(), lat.copy()
    for _ in range(_MAX_STEPS):
        image_x, image_y = forward(x, y)
        miss_x, miss_y = lon - image_x, lat - image_y
        x, y = x + miss_x, y + miss_y
        miss = np.fmax(np.abs(miss_x), np.abs(miss_y))
        if not np.any(miss > _STEP_DEG):
            break
    # The forward shift is judged by the WGS-84 point, so its inverse is too.
    return _inside((x, y), lon, lat, judge=(x, y))


def _inside(
    moved: tuple[Floats, Floats], lon: Floats, lat: Floats, *, judge: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    west, south, east, north = CHINA_BOX
    x, y = judge
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return np.where(inside, moved[0], lon), np.where(inside, moved[1], lat)


def _mover(source: Datum, target: Datum) -> Callable[[Floats], Floats]:
    _check(source)
    _check(target)

    def move(points: Floats) -> Floats:
        out = points.copy()
        out[:, 0], out[:, 1] = shift(points[:, 0], points[:, 1], source=source, target=target)
        return out

    return move


def _shift_array(geometries: NDArray[np.object_], move: Callable[[Floats], Floats]) -> object:
    out = geometries.copy()
    tall = shapely.has_z(geometries)
    for with_z in (False, True):  # asked for heights, shapely would give flat shapes empty ones
        chosen = tall == with_z
        if chosen.any():
            out[chosen] = shapely.transform(geometries[chosen], move, include_z=with_z)
    return out


def _area(geometry: BaseGeometry) -> float:
    if geometry.geom_type == "GeometryCollection":
        return sum(_area(part) for part in geometry.geoms)
    oriented = shapely.orient_polygons(geometry)
    return abs(_GEOD.geometry_area_perimeter(oriented)[0]) / 1e6


def _ring(lon: float, lat: float, *, radius_m: float, vertices: int) -> Polygon:
    azimuths = -np.linspace(0.0, 360.0, vertices, endpoint=False)
    same = np.ones(vertices)
    x, y, _ = _GEOD.fwd(lon * same, lat * same, azimuths, radius_m * same)
    return Polygon(np.column_stack([x, y]))
