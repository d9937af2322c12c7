"""Read GeoJSON and GeoPackage: attributes as rows under a heading row, shapes in WGS-84 degrees.

Both are read without GDAL: GeoJSON by the standard library, which changes no attribute (GDAL takes
some texts for dates), GeoPackage as the SQLite file it is, with views and functions shut out.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import GeoError
from geo.exchange.reading.grid import Value
from geo.exchange.reading.shown import GENERAL
from geo.exchange.reading.wire import Raw, Writer
from geo.exchange.reading.workbook import number as number_cell

_DEGREES = ("EPSG:4326", "EPSG:4490")  # CGCS2000 differs from WGS-84 by centimetres
_FIRST = 2  # row 1 holds the names of the attributes
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_BATCH = 1000
_PARTS = ("_line", "_area", "_unplaced")  # how our own export names the parts of one list
Shapes = Sequence[Any]


def read_geojson(path: Path, writer: Writer) -> None:
    """Write a FeatureCollection (or one Feature) as a sheet, with a shape per row.

    Raises GeoError `file_damaged`, `file_encoding_unknown`, `file_crs_unknown`,
    `file_not_degrees`, `file_shape_unreadable` and what `Writer` raises.
    """
    document = _document(path)
    features = document.get("features") if document.get("type") != "Feature" else [document]
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise GeoError("file_damaged")
    rows = [feature.get("properties") or {} for feature in features]
    if not all(isinstance(row, dict) for row in rows):
        raise GeoError("file_damaged")
    names = list(dict.fromkeys(name for row in rows for name in row))
    _table(writer, path.stem, names, ([row.get(name) for name in names] for row in rows))
    to_wgs84 = _transform(_geojson_crs(document))
    shapes = [_geojson_shape(each.get("geometry"), n) for n, each in enumerate(features, _FIRST)]
    _write_shapes(writer, shapes, to_wgs84)


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise GeoError("file_encoding_unknown") from None
    except (ValueError, RecursionError):
        raise GeoError("file_damaged") from None
    return document if isinstance(document, dict) else {}


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _geojson_crs(document: dict[str, Any]) -> CRS:
    """RFC 7946 knows WGS-84 only; the edition of 2008 may name another."""
    declared = document.get("crs")
    if declared is None:
        return CRS("EPSG:4326")
    name = declared.get("properties", {}).get("name") if isinstance(declared, dict) else None
    return _crs(str(name))


def _crs(name: str) -> CRS:
    try:
        return CRS.from_user_input(name)
    except CRSError:
        raise GeoError("file_crs_unknown", read=name[:80]) from None


def _geojson_shape(geometry: object, row: int) -> object:
    if geometry is None:
        return None
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        raise GeoError("file_shape_unreadable", row=row) from None


def _transform(crs: CRS) -> Callable[[Shapes], Shapes] | None:
    """Return the way to WGS-84, None if there is nothing to do.

    A datum other than WGS-84 and CGCS2000 (Beijing 1954, Xian 1980) is refused: without the
    parameters of the region the shift is wrong by a hundred metres, and nobody would see it.
    """
    degrees = [CRS(code) for code in _DEGREES]
    base = crs.to_2d().geodetic_crs if crs.geodetic_crs else None
    if base is None or not any(base.equals(one, ignore_axis_order=True) for one in degrees):
        raise GeoError("file_crs_unknown", read=crs.name[:80])
    if crs.is_geographic:
        return None
    move = Transformer.from_crs(crs.to_2d(), base, always_xy=True)

    def transform(points: Any) -> Any:
        return np.column_stack(move.transform(points[:, 0], points[:, 1]))

    return lambda shapes: shapely.transform(np.array(shapes, dtype=object), transform)


def _write_shapes(
    writer: Writer,
    shapes: Shapes,
    to_wgs84: Callable[[Shapes], Shapes] | None,
    *,
    first: int = _FIRST,
) -> None:
    moved = np.array(to_wgs84(shapes) if to_wgs84 else shapes, dtype=object)
    west, south, east, north = shapely.bounds(moved).T
    empty = shapely.is_missing(moved) | shapely.is_empty(moved)
    inside = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    for row, (none, right, shape) in enumerate(zip(empty, inside, moved, strict=True), first):
        if not none and not right:
            raise GeoError("file_not_degrees", row=row)
        if not none:
            writer.geometry(row, shapely.to_wkb(shape))


def _table(
    writer: Writer, name: str, names: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    writer.sheet(name)
    writer.row(1, [_cell(name) for name in names])
    for number, row in enumerate(rows, _FIRST):
        writer.row(number, [_cell(value) for value in row])


def _cell(value: object) -> Raw:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return (value, "TRUE" if value else "FALSE", GENERAL, "")
    if isinstance(value, int | float):
        return number_cell(value, GENERAL, date=False, date1904=False)
    if isinstance(value, dt.date):
        return (value, str(value), "yyyy-mm-dd", "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read_geopackage(path: Path, writer: Writer) -> None:
    """Write the one feature layer of a GeoPackage as a sheet, with a shape per row.

    The parts into which an export divides a list by kind of geometry are one sheet again.
    Raises GeoError `file_damaged`, `file_layers_none`, `file_layers_many`, `file_crs_unknown`,
    `file_not_degrees`, `file_shape_unreadable` and what `Writer` raises.
    """
    try:
        with closing(_open(path)) as base:
            first, *others = [_part(base, table) for table in _layers(base)]
            writer.sheet(first.table)
            writer.row(1, [_cell(name) for name in first.types])
            row = _FIRST
            for part in (first, *others):
                row = _features(writer, base, part, row=row, names=list(first.types))
    except sqlite3.Error:
        raise GeoError("file_damaged") from None


def _open(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    base.text_factory = lambda data: data.decode("utf-8", errors="replace")
    base.execute("PRAGMA trusted_schema = OFF")
    base.execute("PRAGMA cell_size_check = ON")
    base.set_authorizer(_authorise)
    return base


def _authorise(action: int, *_: object) -> int:
    """Allow reading tables and nothing else: a file can bring views, triggers and functions."""
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA)
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


@dataclass(frozen=True)
class _Part:
    """Hold one layer: attribute → declared type, and where its shapes are, if it has any."""

    table: str
    types: dict[str, str]
    shapes: str = ""
    crs: CRS | None = None


def _layers(base: sqlite3.Connection) -> list[str]:
    """Return the layer that has data, with the other parts of the same list."""
    declared = base.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall()
    tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    filled = {
        str(name): kind
        for name, kind in declared
        if kind in ("features", "attributes") and name in tables and _is_filled(base, str(name))
    }
    shaped = [name for name, kind in filled.items() if kind == "features"]
    stems = {str(name) for name, kind in declared if kind == "features" and name in tables}
    for stem in sorted(stems):
        whole = [name for name in (stem, *(stem + end for end in _PARTS)) if name in filled]
        alike = {frozenset(_columns(base, name)) - _shape_names(base, name) for name in whole}
        if whole and set(shaped) <= set(whole) and len(alike) == 1:
            return whole
    if len(shaped) > 1:
        raise GeoError("file_layers_many", read=" ".join(shaped)[:200])
    if not shaped:
        raise GeoError("file_layers_none")
    return shaped


def _is_filled(base: sqlite3.Connection, table: str) -> bool:
    return bool(base.execute(f"SELECT 1 FROM {_quoted(table)} LIMIT 1").fetchone())  # noqa: S608


def _shape_names(base: sqlite3.Connection, table: str) -> set[str]:
    query = "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?"
    return {str(name) for (name,) in base.execute(query, (table,))}


def _part(base: sqlite3.Connection, table: str) -> _Part:
    columns = _columns(base, table)
    if table.endswith(_PARTS[-1]) and not _shape_names(base, table):
        return _Part(table, columns)
    shapes, crs = _shape_column(base, table)
    return _Part(table, {n: kind for n, kind in columns.items() if n != shapes}, shapes, crs)


def _shape_column(base: sqlite3.Connection, table: str) -> tuple[str, CRS]:
    found = base.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (table,)
    ).fetchone()
    if found is None:
        raise GeoError("file_damaged")
    system = base.execute(
        "SELECT organization, organization_coordsys_id, definition, srs_name"
        " FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (found[1],),
    ).fetchone()
    if system is None or found[1] in (-1, 0):
        raise GeoError("file_crs_unknown", read=str(found[1]))
    authority = f"{system[0]}:{system[1]}" if str(system[0]).upper() == "EPSG" else str(system[2])
    return str(found[0]), _crs(authority)


def _columns(base: sqlite3.Connection, table: str) -> dict[str, str]:
    """Return name → declared type; the key that the format itself asks for is no attribute."""
    info = base.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
    return {str(name): str(kind).upper() for _, name, kind, _, _, key in info if not key}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _features(
    writer: Writer, base: sqlite3.Connection, part: _Part, *, row: int, names: list[str]
) -> int:
    """Write the rows of a layer from `row` on, and return the number of the next one."""
    picked = ", ".join(_quoted(name) for name in names)
    picked += f", {_quoted(part.shapes)}" if part.shapes else ", NULL"
    found = base.execute(f"SELECT {picked} FROM {_quoted(part.table)} ORDER BY rowid")  # noqa: S608
    types, shapes = [part.types[name] for name in names], []
    for number, (*values, blob) in enumerate(found, row):
        shapes.append(_blob_shape(blob, number))
        cells = [_typed(value, kind) for value, kind in zip(values, types, strict=True)]
        writer.row(number, [_cell(value) for value in cells])
    if part.crs:
        _write_shapes(writer, shapes, _transform(part.crs), first=row)
    return row + len(shapes)


def _blob_shape(blob: object, row: int) -> object:
    """Read a GeoPackage geometry: a header with an envelope, then WKB."""
    if blob is None:
        return None
    try:
        if not isinstance(blob, bytes) or blob[:2] != b"GP":
            raise ValueError
        return shapely.from_wkb(blob[8 + _ENVELOPES[blob[3] >> 1 & 7] :])
    except (shapely.errors.ShapelyError, ValueError, KeyError, IndexError, struct.error):
        raise GeoError("file_shape_unreadable", row=row) from None


def _typed(value: object, kind: str) -> object:
    if isinstance(value, bytes):
        return None  # a picture is no attribute of a list
    if kind == "BOOLEAN" and value in (0, 1):
        return bool(value)
    if kind in ("DATE", "DATETIME") and isinstance(value, str):
        return _moment(value, kind)
    return value


def _moment(text: str, kind: str) -> Value:
    try:
        if kind == "DATE":
            return dt.date.fromisoformat(text)
        at = dt.datetime.fromisoformat(text).replace(tzinfo=None)
        return at.date() if at.time() == dt.time() else at
    except ValueError:
        return text
