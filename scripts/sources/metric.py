"""Metres: an equal-area plane round the city, and lengths and areas on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely

_GEOD = pyproj.Geod(ellps="WGS84")


class Plane:
    """Project lon/lat (EPSG:4326) to a Lambert azimuthal equal-area plane in metres, and back."""

    def __init__(self, lon: float, lat: float) -> None:
        laea = f"+proj=laea +lon_0={lon} +lat_0={lat} +datum=WGS84 +units=m"
        self._forward = pyproj.Transformer.from_crs("EPSG:4326", laea, always_xy=True)

    def metres(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Return the geometry in metres."""
        return shapely.transform(geometry, lambda xy: self._apply(xy, "FORWARD"))

    def degrees(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Return the geometry in lon/lat."""
        return shapely.transform(geometry, lambda xy: self._apply(xy, "INVERSE"))

    def _apply(self, xy: np.ndarray, direction: str) -> np.ndarray:
        return np.column_stack(self._forward.transform(xy[:, 0], xy[:, 1], direction=direction))


def area_km2(geometry: shapely.Geometry) -> float:
    """Return the geodesic area of a lon/lat polygon in km²."""
    outward = shapely.orient_polygons(geometry)
    return _GEOD.geometry_area_perimeter(outward)[0] / 1e6


def length_km(geometry: shapely.Geometry) -> float:
    """Return the geodesic length of a lon/lat line in km."""
    return _GEOD.geometry_length(geometry) / 1e3


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the geodesic distance between two lon/lat pairs in km."""
    return _GEOD.inv(*a, *b)[2] / 1e3
