"""The embedded backend: the city's schematic roads, driven at the speeds of its terrain."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike
from pyproj.enums import TransformDirection

from geo.model import Travel
from geo.tour.itinerary import Leg
from geo.tour.travel.ground import Floats, Ints, Network, Roads
from geo.tour.travel.protocol import Matrix, Route, answered, checked, line_of, path_error

_BACK = TransformDirection.INVERSE
_NEARLY = 0.999  # a road is at least a little faster than the ground beside it


class Graph:
    """Estimate times on a road graph.

    Ways lie in an equal-area plane of the city, in which lengths are within 0.1 % of geodesic ones;
    an edge keeps the length that its layer states. A place farther than `Travel.reach_km` from
    every county (off the coast, abroad) has no way.
    """

    id = "graph"

    def __init__(self, travel: Travel, *, counties: gpd.GeoDataFrame, roads: gpd.GeoDataFrame):
        self._travel = travel
        self._plane = _plane(counties)
        there = counties.to_crs(self._plane.target_crs)
        self._land = shapely.union_all(there.geometry.to_numpy()).buffer(travel.reach_km * 1000)
        shapely.prepare(self._land)
        self._network = Network(_roads(travel, there, roads.to_crs(self._plane.target_crs)))

    def matrix(self, places: ArrayLike) -> Matrix:
        """Return times between all places; as in `Backend`."""
        found = checked(places)
        points = self._points(found)
        minutes, km = self._network.between(points)
        lost = ~self._reachable(points)
        for figures in (minutes, km):
            figures[lost, :] = figures[:, lost] = np.inf
        return answered(minutes, km, source=self.id, band_pct=self._travel.band_pct)

    def route(self, places: ArrayLike) -> Route:
        """Return the drives from each place to the next; as in `Backend`."""
        points = self._points(checked(places))
        lost = np.flatnonzero(~self._reachable(points))
        if len(lost):
            raise path_error([int(row) for row in lost])
        legs = zip(*self._network.legs(points), strict=True)
        return Route(tuple(self._leg(minutes, km, course) for minutes, km, course in legs))

    def _leg(self, minutes: float, km: float, course: Floats) -> Leg:
        lon, lat = self._plane.transform(course[:, 0] * 1e3, course[:, 1] * 1e3, direction=_BACK)
        return Leg(
            minutes=float(minutes),
            km=float(km),
            source=self.id,
            band_pct=self._travel.band_pct,
            line=line_of(np.column_stack([lon, lat])),
        )

    def _points(self, places: Floats) -> Floats:
        x, y = self._plane.transform(places[:, 0], places[:, 1])
        points = np.column_stack([x, y]) / 1000
        return np.where(np.isfinite(points), points, 1e6)  # beyond the plane is beyond the land

    def _reachable(self, points: Floats) -> np.ndarray:
        return np.asarray(shapely.contains_xy(self._land, points * 1000), dtype=bool)


def _plane(counties: gpd.GeoDataFrame) -> pyproj.Transformer:
    west, south, east, north = counties.total_bounds
    sixth = (north - south) / 6
    target = (
        f"+proj=aea +lat_1={south + sixth} +lat_2={north - sixth} +lat_0={(south + north) / 2} "
        f"+lon_0={(west + east) / 2} +datum=WGS84 +units=m"
    )
    return pyproj.Transformer.from_crs("EPSG:4326", target, always_xy=True)


def _roads(travel: Travel, counties: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> Roads:
    """Cut lines into straight edges; `length_km`, where given, says how long a line really is."""
    drawn = shapely.length(roads.geometry.to_numpy()) / 1000
    stated = roads["length_km"].to_numpy(dtype=float) if "length_km" in roads else drawn
    lines, origin = _straight(roads.geometry.to_numpy())
    stretch = np.maximum(stated / np.maximum(drawn, 1e-6), 1.0)[origin]
    nodes, ends = _nodes(lines)
    circuity, minutes = _terrain(travel, counties, lines)
    ground = travel.local.minutes_per_km
    return Roads(
        nodes=nodes / 1000,
        ends=ends,
        rate=np.minimum(minutes * stretch, ground * _NEARLY),
        km=circuity * stretch,
        ground_rate=ground,
        ground_km=travel.local.circuity,
    )


def _straight(lines: np.ndarray) -> tuple[np.ndarray, Ints]:
    """Return the two-point pieces of lines, none shorter than a metre, and whose they are."""
    parts, whose = shapely.get_parts(lines, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    points = points.round(0)  # to the metre, so that ends that meet are one junction
    inside = (part[1:] == part[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    pairs = np.stack([points[:-1][inside], points[1:][inside]], axis=1)
    return shapely.linestrings(pairs), whose[part[:-1][inside]]


def _nodes(lines: np.ndarray) -> tuple[Floats, Ints]:
    """Return the distinct ends of two-point lines and each line's two node numbers."""
    nodes, number = np.unique(shapely.get_coordinates(lines), axis=0, return_inverse=True)
    return nodes, number.reshape(-1, 2).astype(np.int64)


def _terrain(
    travel: Travel, counties: gpd.GeoDataFrame, lines: np.ndarray
) -> tuple[Floats, Floats]:
    """Return each line's circuity and minutes per km, by its share in each class of terrain.

    What of a line lies in no county counts as the nearest county's.
    """
    code = counties["code"].astype(str).to_numpy()
    share = np.zeros((len(lines), len(travel.terrains)))
    away = np.zeros_like(share)
    for column, terrain in enumerate(travel.terrains):
        area = shapely.union_all(counties.geometry.to_numpy()[np.isin(code, terrain.counties)])
        share[:, column] = shapely.length(shapely.intersection(lines, area))
        away[:, column] = shapely.distance(shapely.centroid(lines), area)
    rest = np.maximum(shapely.length(lines) - share.sum(axis=1), 0)
    share[np.arange(len(lines)), away.argmin(axis=1)] += rest
    share /= share.sum(axis=1, keepdims=True)
    circuity = np.array([terrain.driving.circuity for terrain in travel.terrains])
    minutes = np.array([terrain.driving.minutes_per_km for terrain in travel.terrains])
    return share @ circuity, share @ minutes
