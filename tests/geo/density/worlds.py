"""Atlases for tests: the shipped city with other projects in it."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import layers
from geo.layers import Atlas

TEXTS = ("id", "name", "county", "park", "industry", "stage", "precision")
NUMBERS = ("invest_wan", "plan_wan", "done_wan", "lon", "lat")


def with_rows(atlas: Atlas, *rows: dict[str, object]) -> Atlas:
    """Return the atlas with these projects alone; what a row leaves out is unknown."""
    template = pd.DataFrame(atlas.projects.drop(columns=["geometry", "placed", "mapped"]))
    full = [{"id": f"t{n}", "name": f"t{n}", "sample": True, **row} for n, row in enumerate(rows)]
    shapes = [row.pop("shape", None) for row in full]
    table = pd.DataFrame(full).reindex(columns=template.columns)
    for name in template.columns:
        table[name] = table[name].astype(template[name].dtype)
    table["shape"] = pd.Series(shapes, index=table.index, dtype=object)
    return layers.with_projects(atlas, table)


def every(atlas: Atlas) -> np.ndarray:
    """Return the mask of all projects."""
    return np.ones(len(atlas.projects), dtype=bool)


def with_outlines(atlas: Atlas, **shapes: object) -> Atlas:
    """Return the atlas with surveyed outlines for some parks (a dash in an id is an underscore)."""
    parks = atlas.parks.copy()
    geometry = parks.geometry.tolist()
    for name, shape in shapes.items():
        row = parks.index[parks["id"] == name.replace("_", "-")][0]
        geometry[row] = shape
        parks.loc[row, "outline"] = "polygon"
    return replace(atlas, parks=parks.set_geometry(gpd.GeoSeries(geometry, crs="EPSG:4326")))
