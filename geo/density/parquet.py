"""Points in Parquet files, counted piece by piece: a row group at a time, the counts added.

A file has columns of degrees WGS-84 (`lon` and `lat`, or others that are named), or it is GeoParquet
with points in any CRS. Files and row groups are independent, so any number of processes may share
them out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.density import counts
from geo.density.counts import Counts
from geo.density.outlines import Outlines
from geo.errors import GeoError

WGS84 = "OGC:CRS84"  # what GeoParquet means where it names no CRS; longitude first


@dataclass(frozen=True)
class Question:
    """Say what is to be counted: by outline, by H3 cell of a resolution, or both."""

    outlines: Outlines | None = None
    resolution: int | None = None

    def count(self, lon: np.ndarray, lat: np.ndarray, values: np.ndarray | None = None) -> Answer:
        """Count points in degrees WGS-84 in each way that is asked for."""
        cells, outlines = self.resolution, self.outlines
        return Answer(
            counts.EMPTY if outlines is None else counts.by_outline(outlines, lon, lat, values),
            counts.EMPTY if cells is None else counts.by_cell(lon, lat, cells, values),
            len(lon),
        )


@dataclass(frozen=True)
class Answer:
    """Hold the counts by outline and by cell, empty where not asked for, and the number of points."""

    by_outline: Counts = counts.EMPTY
    by_cell: Counts = counts.EMPTY
    points: int = 0


def added(answers: Iterable[Answer]) -> Answer:
    """Add the answers to one question over points that no two of them share."""
    outline, cell, points = counts.Running(), counts.Running(), 0
    for answer in answers:
        outline.add(answer.by_outline)
        cell.add(answer.by_cell)
        points += answer.points
    return Answer(outline.total(), cell.total(), points)


@dataclass(frozen=True)
class Columns:
    """Name the columns of coordinates, where a file is not GeoParquet, and of a whole number."""

    lon: str = "lon"
    lat: str = "lat"
    value: str | None = None


@dataclass(frozen=True)
class Piece:
    """Name one row group of a file."""

    file: Path
    group: int
    columns: Columns


def pieces(sources: Sequence[Path], columns: Columns) -> list[Piece]:
    """List the row groups of files, and of the .parquet files of folders, in order.

    Errors: `file_missing` (file), `counts.unreadable` (file, reason), `counts.column` (file, read,
    expected).
    """
    found: list[Piece] = []
    for source in sources:
        files = sorted(source.glob("**/*.parquet")) if source.is_dir() else [source]
        if not files or not source.exists():
            raise GeoError("file_missing", file=source.name)
        for file in files:
            with _opened(file) as opened:
                _check(file, opened.schema_arrow, columns)
                found += [Piece(file, n, columns) for n in range(opened.num_row_groups)]
    return found


def _opened(file: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise GeoError("counts.unreadable", file=file.name, reason=str(error)) from error


def _check(file: Path, schema: pa.Schema, columns: Columns) -> None:
    wanted = [] if _geometry(schema) else [columns.lon, columns.lat]
    for name in (*wanted, *([columns.value] if columns.value else [])):
        if name not in schema.names:
            known = ", ".join(schema.names)
            raise GeoError("counts.column", file=file.name, read=name, expected=known)
    if columns.value and not pa.types.is_integer(schema.field(columns.value).type):
        raise GeoError("counts.not_whole", file=file.name, read=columns.value)


def _geometry(schema: pa.Schema) -> tuple[str, object] | None:
    """Return the column of geometry and its CRS, None where a file is no GeoParquet."""
    said = (schema.metadata or {}).get(b"geo")
    if said is None:
        return None
    geo = json.loads(said)
    name = str(geo["primary_column"])
    return name, geo["columns"][name].get("crs", WGS84) or WGS84


def count(piece: Piece, question: Question) -> Answer:
    """Count the points of one row group, a chunk in memory at a time.

    A point without coordinates is outside, a value that is missing is 0. Errors:
    `counts.unreadable`.
    """
    return added([question.count(*_nothing(piece)), *_counted(piece, question)])


def _nothing(piece: Piece) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    none = np.empty(0)
    return none, none, none.astype(np.int64) if piece.columns.value else None


def _counted(piece: Piece, question: Question) -> Iterator[Answer]:
    columns = piece.columns
    with _opened(piece.file) as opened:
        geometry = _geometry(opened.schema_arrow)
        places = [geometry[0]] if geometry else [columns.lon, columns.lat]
        names = [*places, *([columns.value] if columns.value else [])]
        try:
            for batch in opened.iter_batches(counts.CHUNK, row_groups=[piece.group], columns=names):
                values = None
                if columns.value:
                    values = batch.column(columns.value).fill_null(0).to_numpy(zero_copy_only=False)
                yield question.count(*_degrees(batch, geometry, columns), values)
        except (pa.ArrowException, OSError) as error:
            raise GeoError("counts.unreadable", file=piece.file.name, reason=str(error)) from error


def _degrees(
    batch: pa.RecordBatch, geometry: tuple[str, object] | None, columns: Columns
) -> tuple[np.ndarray, np.ndarray]:
    if geometry is None:
        lon, lat = (batch.column(name).cast(pa.float64()) for name in (columns.lon, columns.lat))
        return lon.to_numpy(zero_copy_only=False), lat.to_numpy(zero_copy_only=False)
    name, crs = geometry
    shapes = shapely.from_wkb(batch.column(name).to_numpy(zero_copy_only=False))
    return degrees(gpd.GeoSeries(shapes, crs=crs))


def degrees(points: gpd.GeoSeries) -> tuple[np.ndarray, np.ndarray]:
    """Return the longitudes and latitudes of points in any CRS; nan for what is no point."""
    if points.crs is not None and not points.crs.equals(WGS84, ignore_axis_order=True):
        points = points.to_crs("EPSG:4326")
    shapes = np.where(points.is_empty, None, points)  # an empty point cannot be asked
    return shapely.get_x(shapes), shapely.get_y(shapes)
