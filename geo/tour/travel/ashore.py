"""Keep a routing service to places that can be driven to: a service moves any place to a road."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.tour.travel.protocol import Backend, Floats, Matrix, Route, answered, checked, path_error


class Ashore:
    """Answer as another backend does, but find no way to places off the coast.

    Asked for a wind farm, a service answers for the nearest road on the shore, as if one could
    drive there. Land is what lies within `reach_km` of the mainland or of a county.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        land: gpd.GeoDataFrame,
        counties: gpd.GeoDataFrame,
        reach_km: float,
    ) -> None:
        self.id = backend.id
        self._backend = backend
        mainland = land[land["kind"] == "mainland"] if "kind" in land else land
        frame = pd.concat([mainland[["geometry"]], counties[["geometry"]]])
        west, south, east, north = counties.total_bounds
        target = f"+proj=laea +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +units=m"
        self._plane = pyproj.Transformer.from_crs("EPSG:4326", target, always_xy=True)
        self._known = shapely.box(*land.total_bounds)
        self._land = frame.to_crs(target).geometry.to_numpy()
        self._tree = shapely.STRtree(self._land)
        self._reach_m = reach_km * 1000

    def matrix(self, places: ArrayLike) -> Matrix:
        """Return times between all places; as in `Backend`."""
        found = checked(places)
        dry = ~self._at_sea(found)
        if dry.all():
            return self._backend.matrix(found)
        answer = self._backend.matrix(found[dry])
        minutes, km = np.full((2, len(found), len(found)), np.inf)
        rows = np.ix_(dry, dry)
        minutes[rows], km[rows] = answer.minutes, answer.km
        notices = tuple(notice for notice in answer.notices if notice.code != "travel.path")
        return answered(
            minutes, km, source=answer.source, band_pct=answer.band_pct, notices=notices
        )

    def route(self, places: ArrayLike) -> Route:
        """Return the drives from each place to the next; as in `Backend`."""
        found = checked(places)
        wet = np.flatnonzero(self._at_sea(found))
        if len(wet):
            raise path_error([int(row) for row in wet])
        return self._backend.route(found)

    def _at_sea(self, places: Floats) -> NDArray[np.bool_]:
        """Tell which places are too far from land, as far as the land layer reaches."""
        wet = np.asarray(shapely.contains_xy(self._known, places), dtype=bool)
        x, y = self._plane.transform(places[:, 0], places[:, 1])
        points = shapely.points(np.column_stack([x, y])[wet])
        near = self._tree.query(points, predicate="dwithin", distance=self._reach_m)[0]
        wet[np.flatnonzero(wet)[np.unique(near)]] = False
        return wet
