"""Count the same points by outline and by hexagon: our way, and what a user would first try.

Each way takes coordinates in memory and outlines as shapes, and gives places with their counts.
The outline ways of the databases use both cores, the others one. None of the databases here has H3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np

Found = dict[str, int]
Outlines = tuple[list[str], list]
Prepared = Callable[[], Found]
RESOLUTION = 7


def ours_outline(outlines: Outlines, lon: np.ndarray, lat: np.ndarray) -> Prepared:
    """Count with `geo.density.counts`; its grid is made anew."""
    from geo.density import counts
    from geo.density.outlines import Outlines as Asked

    def run() -> Found:
        found = counts.by_outline(Asked.of(*outlines), lon, lat)
        return dict(zip(found.places, found.counts, strict=True))

    return run


def sjoin(outlines: Outlines, lon: np.ndarray, lat: np.ndarray) -> Prepared:
    """Join with GeoPandas from coordinates."""
    frame = _frame(outlines)
    return lambda: _joined(frame, _points(lon, lat))


def sjoin_ready(outlines: Outlines, lon: np.ndarray, lat: np.ndarray) -> Prepared:
    """Join with GeoPandas where the points are a frame already."""
    frame, points = _frame(outlines), _points(lon, lat)
    return lambda: _joined(frame, points)


def _frame(outlines: Outlines) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": outlines[0]}, geometry=outlines[1], crs="EPSG:4326")


def _points(lon: np.ndarray, lat: np.ndarray) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat, crs="EPSG:4326"))


def _joined(frame: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> Found:
    found = points.sjoin(frame, predicate="intersects").groupby("code").size()
    return {code: int(found.get(code, 0)) for code in frame["code"]}


SQL = """
    SELECT s.code AS code, count(*) AS n FROM points AS p
    JOIN (SELECT code, ST_GeomFromWKB(wkb) AS geom FROM outlines) AS s
    ON ST_Intersects(s.geom, ST_Point(p.lon, p.lat)) GROUP BY s.code
"""


def duckdb(outlines: Outlines, lon: np.ndarray, lat: np.ndarray) -> Prepared:
    """Join with DuckDB's spatial extension, which comes as a package of its own."""
    import duckdb as engine
    import duckdb_extension_spatial

    folder = Path(duckdb_extension_spatial.__file__).parent
    extension = next(folder.rglob("*.duckdb_extension"))
    connection = engine.connect()
    connection.execute(f"LOAD '{extension}'")
    points, shapes = _tables(outlines, lon, lat)

    def run() -> Found:
        connection.register("points", points)
        connection.register("outlines", shapes)
        return _all(outlines, connection.execute(SQL).fetchall())

    return run


def sedonadb(outlines: Outlines, lon: np.ndarray, lat: np.ndarray) -> Prepared:
    """Join with SedonaDB."""
    import sedona.db

    connection = sedona.db.connect()
    points, shapes = _tables(outlines, lon, lat)

    def run() -> Found:
        connection.create_data_frame(points).to_view("points", overwrite=True)
        connection.create_data_frame(shapes).to_view("outlines", overwrite=True)
        found = connection.sql(SQL).to_pandas()
        return _all(outlines, zip(found["code"], found["n"], strict=True))

    return run


def _tables(outlines: Outlines, lon: np.ndarray, lat: np.ndarray) -> tuple:
    import pyarrow as pa

    shapes = {"code": outlines[0], "wkb": [shape.wkb for shape in outlines[1]]}
    return pa.table({"lon": lon, "lat": lat}), pa.table(shapes)


def _all(outlines: Outlines, rows) -> Found:
    found = {str(code): int(n) for code, n in rows}
    return {code: found.get(code, 0) for code in outlines[0]}


def ours_cell(outlines: Outlines, lon: np.ndarray, lat: np.ndarray) -> Prepared:
    """Count hexagons with `geo.density.counts`."""
    from geo.density import counts

    def run() -> Found:
        found = counts.by_cell(lon, lat, RESOLUTION)
        return dict(zip(found.places, found.counts, strict=True))

    return run


def h3_loop(outlines: Outlines, lon: np.ndarray, lat: np.ndarray) -> Prepared:
    """Ask the H3 library for each point."""
    import h3.api.basic_int as h3

    def run() -> Found:
        ask = h3.latlng_to_cell
        pairs = zip(lat.tolist(), lon.tolist(), strict=True)
        ids = np.array([ask(y, x, RESOLUTION) for y, x in pairs], dtype=np.uint64)
        return _cells(ids)

    return run


def h3ronpy(outlines: Outlines, lon: np.ndarray, lat: np.ndarray) -> Prepared:
    """Ask h3ronpy for all points at once."""
    from h3ronpy.vector import coordinates_to_cells

    return lambda: _cells(np.asarray(coordinates_to_cells(lat, lon, RESOLUTION)))


def _cells(ids: np.ndarray) -> Found:
    import h3.api.basic_int as h3

    cells, number = np.unique(ids, return_counts=True)
    return dict(zip(map(h3.int_to_str, cells.tolist()), number.tolist(), strict=True))


OURS = "this app"
Way = Callable[[Outlines, np.ndarray, np.ndarray], Prepared]
WAYS: Mapping[str, Mapping[str, Way]] = {
    "outline": {
        OURS: ours_outline,
        "GeoPandas sjoin": sjoin,
        "GeoPandas sjoin, points ready": sjoin_ready,
        "DuckDB spatial": duckdb,
        "SedonaDB": sedonadb,
    },
    "hexagon": {OURS: ours_cell, "h3, one by one": h3_loop, "h3ronpy": h3ronpy},
}
