"""Turn an atlas into what the browser keeps: shapes, and columns of plain values, as JSON bytes.

These bytes are served from a public address. Only what the public may see goes in:
positions, codes, names and total investment of the projects of the atlas that is given.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import crs
from geo.crs import Datum
from geo.layers import BASE, Atlas
from geo.model import Stage

DECIMALS = 5  # about a metre
HIDDEN = -(2**31)  # the coordinate of a project without a place
NO_CODE = 255
SAMPLE, APPROXIMATE = 1, 2
SIZE_BOUNDS_WAN = (0, 10_000, 50_000, 100_000, 500_000)  # 0, 1, 5, 10, 50 亿元
SIDE_MARK = "–"


def shapes(atlas: Atlas, *, datum: Datum) -> bytes:
    """Write the layers below the projects, and the dictionaries that colour them.

    Shapes are lists of flat [lon, lat, …] parts in the datum of the base map; a polygon's
    rings are filled even-odd.
    """
    declared = atlas.catalogue
    layers = {name: _features(atlas.base[name], datum) for name in BASE}
    counties = crs.shift_frame(atlas.counties, datum)
    layers["counties"] = _features(counties, datum)
    layers["parks"] = _features(atlas.parks, datum)
    west, south, east, north = (float(v) for v in counties.total_bounds)
    document = {
        "layers": layers,
        "bbox": [west, south, east, north],
        "stages": [
            {
                "id": stage.id,
                "name": vars(stage.title),
                "colour": stage.colour,
                "mark": mark,
            }
            for stage, mark in _marks(list(declared.stages.values()))
        ],
        "industries": [
            {
                "id": industry.id,
                "name": vars(industry.title),
                "colour": industry.colour,
                "symbol": industry.symbol,
            }
            for industry in declared.industries.values()
        ],
    }
    return _json(document)


def _marks(stages: list[Stage]) -> list[tuple[Stage, str]]:
    """Number the rungs of the ladder; the last phase holds the side states, which have no rung."""
    side = stages[-1].phase
    rungs = [stage for stage in stages if stage.phase != side]
    return [
        (stage, str(rungs.index(stage) + 1) if stage in rungs else SIDE_MARK) for stage in stages
    ]


def points(atlas: Atlas, *, datum: Datum) -> bytes:
    """Write one column a property, in the order of the projects' frame, packed as base64.

    lon, lat: int32 in 1e-6 degrees (`HIDDEN` where unmapped); stage, industry: uint8 codes in
    dictionary order (255: none); size: uint8 class of investment; flags: uint8 bits.
    A line's own course is in `lines`, its middle is its point.
    """
    projects = crs.shift_frame(atlas.projects, datum)
    declared = atlas.catalogue
    geometry = projects.geometry
    spot = geometry.where(geometry.geom_type == "Point", _middles(geometry))
    mapped = spot.notna().to_numpy()
    return _json(
        {
            "n": len(projects),
            "lon": _pack(_micro(spot.x, mapped)),
            "lat": _pack(_micro(spot.y, mapped)),
            "stage": _pack(_codes(projects["stage"], list(declared.stages))),
            "industry": _pack(_codes(projects["industry"], list(declared.industries))),
            "size": _pack(_sizes(projects["invest_wan"])),
            "flags": _pack(_flags(projects)),
            "lines": [
                [int(row), _parts(shape)]
                for row, shape in enumerate(geometry)
                if shape is not None and shape.geom_type in ("LineString", "MultiLineString")
            ],
        }
    )


def details(atlas: Atlas) -> bytes:
    """Write what a tooltip says of each project: name and total investment in 万元."""
    projects = atlas.projects
    invest = projects["invest_wan"]
    return _json(
        {
            "names": projects["name"].fillna("").tolist(),
            "invest_wan": [None if pd.isna(value) else int(value) for value in invest],
        }
    )


def row_mask(rows: np.ndarray) -> str:
    """Pack a row mask, one bit a row, the highest bit of each byte first, as base64."""
    return base64.b64encode(np.packbits(rows).tobytes()).decode("ascii")


def _features(frame: gpd.GeoDataFrame, datum: Datum) -> list[dict[str, Any]]:
    shifted = crs.shift_frame(frame, datum)
    records = shifted.drop(columns=shifted.geometry.name).to_dict("records")
    return [
        _feature(record, shape)
        for record, shape in zip(records, shifted.geometry, strict=True)
        if shape is not None
    ]


def _feature(record: dict[str, Any], shape: shapely.Geometry) -> dict[str, Any]:
    kind = {"Point": "point", "LineString": "line", "MultiLineString": "line"}
    feature: dict[str, Any] = {
        "kind": kind.get(shape.geom_type, "polygon"),
        "parts": [] if shape.geom_type == "Point" else _parts(shape),
    }
    identity = record.get("code") or record.get("id")
    if isinstance(identity, str):
        feature["id"] = identity
    name = record.get("name")
    if isinstance(name, str):
        english = record.get("name_en")
        feature["name"] = {"zh": name, "en": english if isinstance(english, str) else name}
        feature["label"] = _label(record, shape)
    if "outline" in record:
        area = record["area_km2"]
        feature["outline"] = record["outline"]
        feature["area_km2"] = None if pd.isna(area) else float(area)
    return feature


def _label(record: dict[str, Any], shape: shapely.Geometry) -> list[float]:
    spot = shape if shape.geom_type == "Point" else shape.representative_point()
    if "outline" in record:
        spot = shape.centroid
    return [round(spot.x, DECIMALS), round(spot.y, DECIMALS)]


def _parts(shape: shapely.Geometry) -> list[list[float]]:
    parts: list[list[float]] = []
    for single in shapely.get_parts(shape):
        rings = [single.exterior, *single.interiors] if single.geom_type == "Polygon" else [single]
        for ring in rings:
            flat = np.round(shapely.get_coordinates(ring), DECIMALS)
            parts.append(flat.ravel().tolist())
    return parts


def _middles(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    middles = [
        None
        if shape is None or shape.is_empty
        else shape.interpolate(0.5, normalized=True)
        if shape.geom_type == "LineString"
        else shape.representative_point()
        for shape in geometry
    ]
    return gpd.GeoSeries(middles, index=geometry.index, crs=geometry.crs)


def _micro(degrees: pd.Series, mapped: np.ndarray) -> np.ndarray:
    scaled = np.full(len(degrees), HIDDEN, dtype="<i4")
    scaled[mapped] = np.round(degrees.to_numpy(dtype=float)[mapped] * 1e6).astype("<i4")
    return scaled


def _codes(values: pd.Series, ids: list[str]) -> np.ndarray:
    codes = pd.Categorical(values, categories=ids).codes.astype(int)
    return np.where(codes < 0, NO_CODE, codes).astype(np.uint8)


def _sizes(invest_wan: pd.Series) -> np.ndarray:
    stated = invest_wan.fillna(-1).to_numpy(dtype=np.int64)
    return np.searchsorted(np.array(SIZE_BOUNDS_WAN), stated, side="right").astype(np.uint8)


def _flags(projects: gpd.GeoDataFrame) -> np.ndarray:
    sample = projects["sample"].to_numpy(dtype=bool) * SAMPLE
    vague = projects["placed"].isin(["park", "town", "county"]).to_numpy() * APPROXIMATE
    return (sample + vague).astype(np.uint8)


def _pack(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
