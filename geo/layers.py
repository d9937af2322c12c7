"""Read the layers of a city folder as checked GeoDataFrames in WGS-84, with every fault named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import catalogue, crs
from geo.catalogue import Catalogue
from geo.errors import GeoError
from geo.series import Series, files

TEXT = "string"
MONEY_WAN = ("invest_wan", "plan_wan", "done_wan")
LAND = "land_m2"
PRECISIONS = ("site", "park", "town", "county", "line", "none")
PLAN_ATTRIBUTES = ("new", "resumed", "preliminary")
# Columns that a city's project files may leave out; what they do not say is unknown.
OPTIONAL = ("responsible", LAND)
BASE = ("land", "water", "roads", "towns")  # of the base map; a city may have none of a kind
LIMITS: dict[str, tuple[float, float]] = {
    "lon": (-180, 180),
    "lat": (-90, 90),
    "area_km2": (1e-6, 1e7),
    "progress_pct": (0, 100),
    **dict.fromkeys((*MONEY_WAN, LAND), (0, 10**10)),
}


@dataclass(frozen=True)
class Atlas:
    """Hold one city's layers, all WGS-84; treat the frames as read-only.

    `counties`: code, name, name_en, area_km2, area_km2_amap, polygons.
    `parks`: id, name, parent, county …, polygons (the stated area as a circle where
    `outline` is "circle", a surveyed polygon where it is "polygon", None where unknown).
    `projects`: one row a project, real and sample (`sample`), points or lines or None.
    `base`: land, water, roads, towns, for the offline base map.
    `series`: metrics of the city, its parks and counties over time, real and sample.
    """

    catalogue: Catalogue
    counties: gpd.GeoDataFrame
    parks: gpd.GeoDataFrame
    projects: gpd.GeoDataFrame
    base: dict[str, gpd.GeoDataFrame]
    series: Series = field(default_factory=Series)


def load(folder: Path) -> Atlas:
    """Load every layer of a city folder.

    Errors: those of `catalogue.read`, `file_missing`, `file_unreadable`,
    `value_invalid` (file, row, column, read, expected) for the first fault found.
    """
    declared = catalogue.read(folder)
    counties = _vector(declared, "counties")
    parks = _parks(declared, counties)
    return Atlas(
        catalogue=declared,
        counties=counties,
        parks=parks,
        projects=_placed(
            _project_files(declared, counties=counties, parks=parks), counties=counties, parks=parks
        ),
        base={layer: _vector(declared, layer) for layer in BASE},
        series=files.read(declared, counties=list(counties["code"]), parks=list(parks["id"])),
    )


def read_projects(folder: Path) -> pd.DataFrame:
    """Read the project files of a city folder as one table, one row a project, not yet placed.

    Columns: those of the files, `sample`, and `shape` (the line of a linear project, else None).
    Errors as in `load`.
    """
    declared = catalogue.read(folder)
    counties = _vector(declared, "counties")
    return _project_files(declared, counties=counties, parks=_parks(declared, counties))


def with_projects(atlas: Atlas, table: pd.DataFrame) -> Atlas:
    """Return the atlas with other projects: a table as `read_projects` gives it, e.g. a snapshot."""
    placed = _placed(table, counties=atlas.counties, parks=atlas.parks)
    return replace(atlas, projects=placed)


def with_series(atlas: Atlas, series: Series) -> Atlas:
    """Return the atlas with other series, e.g. those of the store over its own."""
    return replace(atlas, series=series)


def _vector(declared: Catalogue, layer: str) -> gpd.GeoDataFrame:
    path = declared.path(layer)
    if not path.exists():
        raise GeoError("file_missing", file=path.name)
    try:
        frame = gpd.read_file(path)
    except Exception as error:  # pyogrio raises several unrelated classes for a bad file
        raise GeoError("file_unreadable", file=path.name, reason=str(error)) from error
    if frame.empty and layer in BASE:  # without a feature a file names no column
        named = [column.id for column in declared.layers[layer].columns]
        frame = frame.reindex(columns=list(dict.fromkeys([*named, "geometry"])))
    _complete(frame, declared, layer)
    return frame.to_crs("EPSG:4326") if frame.crs else frame.set_crs("EPSG:4326")


def _table(declared: Catalogue, layer: str) -> pd.DataFrame:
    """Read a CSV as text, so that codes keep their zeros and an empty cell is missing."""
    path = declared.path(layer)
    if not path.exists():
        raise GeoError("file_missing", file=path.name)
    try:
        table = pd.read_csv(path, dtype=TEXT, keep_default_na=False, na_values=[""])
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise GeoError("file_unreadable", file=path.name, reason=str(error)) from error
    _complete(table, declared, layer)
    return table


def _complete(frame: pd.DataFrame, declared: Catalogue, layer: str) -> None:
    for column in declared.layers[layer].columns:
        if column.id not in frame:
            file = declared.layers[layer].file
            details = {"row": 1, "column": column.id, "read": "", "expected": column.id}
            raise GeoError("value_invalid", file=file, **details)


def _numbers(table: pd.DataFrame, column: str, *, file: str, whole: bool = False) -> pd.Series:
    low, high = LIMITS[column]
    numbers = pd.to_numeric(table[column], errors="coerce").astype("Float64")
    right = numbers.between(low, high)
    if whole:
        right &= numbers % 1 == 0
    wrong = table[column].notna() & ~right.fillna(False).astype(bool)
    if wrong.any():
        _refuse(table, wrong, column=column, file=file, expected=f"{low:g} … {high:g}")
    return numbers


def _refuse(
    table: pd.DataFrame, wrong: pd.Series, *, column: str, file: str, expected: str
) -> None:
    row = int(np.flatnonzero(wrong.to_numpy(dtype=bool))[0])
    value = table[column].iloc[row]
    raise GeoError(
        "value_invalid",
        file=file,
        row=row + 2,  # the header is row 1 in a spreadsheet
        column=column,
        read="" if pd.isna(value) else str(value),
        expected=expected,
    )


def _member(table: pd.DataFrame, column: str, allowed: object, *, file: str) -> None:
    known = list(allowed)  # type: ignore[call-overload]
    wrong = table[column].notna() & ~table[column].isin(known)
    if wrong.any():
        _refuse(table, wrong, column=column, file=file, expected=" / ".join(known))


def _unique(table: pd.DataFrame, *, file: str, taken: Iterable[str] = ()) -> None:
    ids = table["id"]
    wrong = ids.isna() | ids.duplicated() | ids.isin(list(taken))
    if wrong.any():
        _refuse(table, wrong, column="id", file=file, expected="unique")


def _paired(table: pd.DataFrame, *, file: str) -> None:
    for column, other in (("lat", "lon"), ("lon", "lat")):
        wrong = table[column].isna() & table[other].notna()
        if wrong.any():
            _refuse(table, wrong, column=column, file=file, expected="lon + lat")


def _parks(declared: Catalogue, counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    file = declared.path("parks").name
    table = _table(declared, "parks")
    _unique(table, file=file)
    _member(table, "parent", table["id"], file=file)
    _member(table, "county", counties["code"], file=file)
    for column in ("lon", "lat", "area_km2"):
        table[column] = _numbers(table, column, file=file)
    _paired(table, file=file)
    outlines = [
        crs.geodesic_circle(lon, lat, area)
        if pd.notna(lon) and pd.notna(lat) and pd.notna(area)
        else (shapely.Point(lon, lat) if pd.notna(lon) and pd.notna(lat) else None)
        for lon, lat, area in zip(table["lon"], table["lat"], table["area_km2"], strict=True)
    ]
    table["outline"] = [
        "none" if shape is None else "circle" if shape.geom_type == "Polygon" else "point"
        for shape in outlines
    ]
    parks = gpd.GeoDataFrame(table, geometry=outlines, crs="EPSG:4326")
    return _with_polygons(declared, parks)


def _with_polygons(declared: Catalogue, parks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put surveyed outlines in the place of circles, where the city folder has them."""
    if "park_polygons" not in declared.layers or not declared.path("park_polygons").exists():
        return parks
    surveyed = _shapes(declared, "park_polygons")
    own = parks["id"].isin(surveyed.index)
    parks.loc[own, "geometry"] = parks.loc[own, "id"].map(surveyed).to_numpy()
    parks.loc[own, "outline"] = "polygon"
    return parks


def _shapes(declared: Catalogue, layer: str) -> gpd.GeoSeries:
    """Return the geometries of a layer by the id that each belongs to."""
    frame = _vector(declared, layer)
    if "id" in frame:
        _unique(frame, file=declared.path(layer).name)
        return frame[frame.geometry.notna()].set_index("id").geometry
    details = {"row": 1, "column": "id", "read": "", "expected": "id"}
    raise GeoError("value_invalid", file=declared.path(layer).name, **details)


def _project_files(
    declared: Catalogue, *, counties: gpd.GeoDataFrame, parks: gpd.GeoDataFrame
) -> pd.DataFrame:
    frames: list[pd.DataFrame] = []
    for layer in ("projects", "projects_sample"):
        if layer in declared.layers:
            table = _project_table(declared, layer, counties=counties, parks=parks)
            taken = [id_ for frame in frames for id_ in frame["id"]]
            _unique(table, file=declared.path(layer).name, taken=taken)
            table["sample"] = layer == "projects_sample"
            frames.append(table)
    if not frames:
        raise GeoError("layer_missing", layer="projects")
    table = pd.concat(frames, ignore_index=True)
    table["shape"] = pd.Series(None, index=table.index, dtype=object)
    if "project_lines" in declared.layers and declared.path("project_lines").exists():
        lines = _shapes(declared, "project_lines")
        drawn = table["id"].isin(lines.index)
        table.loc[drawn, "shape"] = table.loc[drawn, "id"].map(lines).to_numpy()
    return table


def _placed(
    table: pd.DataFrame, *, counties: gpd.GeoDataFrame, parks: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Give each project the geometry that it is drawn with, and say in `placed` what it is."""
    drawn = table["shape"].notna()
    geometry, placed = _positions(table, counties=counties, parks=parks)
    geometry = geometry.where(~drawn, table["shape"])
    table = table.drop(columns="shape").assign(placed=placed.where(~drawn, "line"))
    frame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(geometry.tolist()), crs="EPSG:4326")
    frame["mapped"] = frame.geometry.notna()
    return frame


def _project_table(
    declared: Catalogue, layer: str, *, counties: gpd.GeoDataFrame, parks: gpd.GeoDataFrame
) -> pd.DataFrame:
    file = declared.path(layer).name
    table = _table(declared, layer)
    for column in (name for name in OPTIONAL if name not in table):
        table[column] = pd.Series(pd.NA, index=table.index, dtype=TEXT)
    for column in (*MONEY_WAN, LAND):
        table[column] = _numbers(table, column, file=file, whole=True).astype("Int64")
    for column in ("lon", "lat", "progress_pct"):
        table[column] = _numbers(table, column, file=file)
    for column, known in (
        ("stage", declared.stages),
        ("industry", declared.industries),
        ("county", counties["code"]),
        ("park", parks["id"]),
        ("precision", PRECISIONS),
        ("plan_attr", PLAN_ATTRIBUTES),
    ):
        _member(table, column, known, file=file)
    _paired(table, file=file)
    vague = table["lon"].notna() & table["precision"].fillna("none").eq("none")
    if vague.any():  # a position must say what it stands for
        expected = " / ".join(PRECISIONS[:-1])
        _refuse(table, vague, column="precision", file=file, expected=expected)
    return table


def _positions(
    table: pd.DataFrame, *, counties: gpd.GeoDataFrame, parks: gpd.GeoDataFrame
) -> tuple[pd.Series, pd.Series]:
    """Give each project its own point, else its park's centre or its county's label point.

    The second series says what the point stands for (`site`, `park`, `town`, `county`, `none`):
    a project of a park whose centre is unknown is drawn at the county, and must say so.
    """
    lon, lat = table["lon"].copy(), table["lat"].copy()
    placed = table["precision"].where(lon.notna(), "none")
    fallbacks = (
        ("park", ["park"], parks.set_index("id")[["lon", "lat"]]),
        (
            "county",
            ["park", "town", "county"],
            counties.set_index("code")[["label_lon", "label_lat"]],
        ),
    )
    for key, precisions, places in fallbacks:
        open_ = lon.isna() & table["precision"].isin(precisions)
        lon = lon.where(~open_, table[key].map(places.iloc[:, 0]))
        lat = lat.where(~open_, table[key].map(places.iloc[:, 1]))
        placed = placed.where(~open_ | lon.isna(), key)
    points = [
        shapely.Point(x, y) if pd.notna(x) and pd.notna(y) else None
        for x, y in zip(lon, lat, strict=True)
    ]
    return pd.Series(points, index=table.index, dtype=object), placed
