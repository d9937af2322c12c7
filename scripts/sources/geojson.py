"""GeoJSON (RFC 7946) whose bytes depend on the features alone."""

from __future__ import annotations

import json
from typing import Any

import shapely

Feature = tuple[dict[str, Any], shapely.Geometry | None]


def dump(features: list[Feature], *, decimals: int) -> bytes:
    """Return a FeatureCollection, one feature a line, in the order given.

    Coordinates are lon, lat in EPSG:4326, rounded to `decimals`; outer rings run
    counter-clockwise; a feature without a position has a null geometry.
    """
    lines = [_compact(_feature(row, shape, decimals)) for row, shape in features]
    body = ",\n".join(lines)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode()


def _feature(row: dict[str, Any], shape: shapely.Geometry | None, decimals: int) -> dict[str, Any]:
    geometry = None if shape is None else _geometry(shape, decimals)
    return {"type": "Feature", "properties": row, "geometry": geometry}


def _geometry(shape: shapely.Geometry, decimals: int) -> dict[str, Any]:
    mapping = shapely.geometry.mapping(shapely.orient_polygons(shape))
    return {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"], decimals)}


def _rounded(coordinates: Any, decimals: int) -> Any:
    if isinstance(coordinates, float | int):
        return round(float(coordinates), decimals)
    return [_rounded(part, decimals) for part in coordinates]


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
