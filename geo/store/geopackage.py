"""Write placed projects as a GeoPackage that QGIS opens: points, lines, and those without a place."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.errors import GeoError
from geo.store.files import replacing

LAYERS = {"point": ("Point", "MultiPoint"), "line": ("LineString", "MultiLineString")}


def export(projects: gpd.GeoDataFrame, file: Path) -> None:
    """Write one layer a kind of geometry, WGS-84, replacing `file` only when all is written.

    Layers: `projects` (points), `projects_line`, `projects_area`, `projects_unplaced` (a table);
    an empty one is left out, but for the first. Give it only what may be seen (`roles.visible`).
    Errors: `store.export_failed` (file, reason), those of `files.replacing`.
    """
    kinds = projects.geometry.geom_type
    points, lines = (kinds.isin(names) for names in LAYERS.values())
    parts = {
        "projects": points,
        "projects_line": lines,
        "projects_area": kinds.notna() & ~points & ~lines,
    }
    with replacing(file) as draft:
        try:
            for layer, rows in parts.items():
                if rows.any() or layer == "projects":
                    _write(projects[rows], draft, layer=layer)
            if kinds.isna().any():
                table = projects[kinds.isna()].drop(columns=projects.geometry.name)
                _write(table, draft, layer="projects_unplaced")
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise GeoError("store.export_failed", file=file.name, reason=str(error)) from error


def _write(frame: pd.DataFrame, draft: Path, *, layer: str) -> None:
    unknown = "Point" if isinstance(frame, gpd.GeoDataFrame) and frame.empty else None
    pyogrio.write_dataframe(
        frame,
        draft,
        layer=layer,
        driver="GPKG",
        append=draft.exists(),
        geometry_type=unknown,
        layer_options={"FID": "fid"},
    )
