"""GeoJSON by RFC 7946: WGS-84 degrees, six decimals, outer rings counter-clockwise."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.errors import GeoError
from geo.exchange.table import Table

DECIMALS = 6  # 0.1 m, finer than any location in the data

# The same strings to a JSON reader, but harmless where the file is pasted into a web page.
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def write(table: Table, geometries: Sequence[BaseGeometry | None]) -> bytes:
    """Write a FeatureCollection, one feature a row in the table's order.

    `geometries` are WGS-84, one a row; None gives a feature with null geometry. Title, columns
    and notes are in the foreign member `metadata`. Raises GeoError `export.geometry_count`.
    """
    check_count(table, geometries)
    ids = [column.id for column in table.columns]
    # Row by row as text: a tree of every feature of a long list would take gigabytes.
    features = ",\n".join(
        _dump(
            {
                "type": "Feature",
                "geometry": _geometry(geometry),
                "properties": dict(zip(ids, row, strict=True)),
            }
        )
        for row, geometry in zip(table.cells, geometries, strict=True)
    )
    metadata = _dump(_metadata(table, ids))
    head = f'{{"type":"FeatureCollection","metadata":{metadata},"features":[\n'
    return f"{head}{features}\n]}}\n".encode()


def check_count(table: Table, geometries: Sequence[BaseGeometry | None]) -> None:
    """Refuse geometries that do not pair with the rows."""
    if len(geometries) != len(table.rows):
        raise GeoError("export.geometry_count", read=len(geometries), expected=len(table.rows))


def drawable(geometry: BaseGeometry | None) -> BaseGeometry | None:
    """Return the geometry flat, with rings turned by RFC 7946; None where nothing can be drawn."""
    if geometry is None or geometry.is_empty:
        return None
    if not all(math.isfinite(bound) for bound in geometry.bounds):
        return None
    flat: BaseGeometry = shapely.orient_polygons(shapely.force_2d(geometry))
    return flat


def _dump(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


def _metadata(table: Table, ids: list[str]) -> dict[str, object]:
    headings = zip(ids, table.headings, strict=True)
    return {
        "title": table.clean_title,
        "datum": "WGS-84",
        "columns": [{"id": key, "title": heading} for key, heading in headings],
        "notes": table.clean_notes,
    }


def _geometry(geometry: BaseGeometry | None) -> dict[str, object] | None:
    shape = drawable(geometry)
    return None if shape is None else _rounded(mapping(shape))


def _rounded(part: Mapping[str, Any]) -> dict[str, object]:
    if part["type"] == "GeometryCollection":
        return {"type": part["type"], "geometries": [_rounded(one) for one in part["geometries"]]}
    return {"type": part["type"], "coordinates": _round(part["coordinates"])}


def _round(value: Any) -> object:
    if isinstance(value, float):
        return round(value, DECIMALS)
    return [_round(item) for item in value]
