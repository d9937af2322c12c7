"""The sites of a tour among a city's projects: which rows they are, and where they lie."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import GeoError


def rows(projects: gpd.GeoDataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Return the projects of these ids in order; error `tour.stop_gone` (stop)."""
    known = projects.set_index("id", drop=False)
    missing = [id_ for id_ in ids if id_ not in known.index]
    if missing:
        raise GeoError("tour.stop_gone", stop=missing[0])
    found: pd.DataFrame = known.loc[list(ids)]
    return found


def where(projects: gpd.GeoDataFrame, ids: Sequence[str]) -> np.ndarray:
    """Return the places of projects as (n, 2) lon, lat; a line stands with the middle of itself.

    Errors: `tour.stop_gone` (stop) for an id that is not there, `tour.stop_nowhere` (stop).
    """
    rows = {id_: row for row, id_ in enumerate(projects["id"])}
    found = []
    for id_ in ids:
        if id_ not in rows:
            raise GeoError("tour.stop_gone", stop=id_)
        project = projects.iloc[rows[id_]]
        shape = project["geometry"]
        if shape is None or shape.is_empty:
            raise GeoError("tour.stop_nowhere", stop=project["name"])
        found.append(_point(shape))
    return np.array(found, dtype=float).reshape(len(found), 2)


def _point(shape: shapely.Geometry) -> tuple[float, float]:
    if shape.geom_type == "LineString":
        shape = shape.interpolate(0.5, normalized=True)
    elif shape.geom_type != "Point":
        shape = shape.representative_point()
    return (shape.x, shape.y)
