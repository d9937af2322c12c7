"""Count points where they are kept: by outline in the database, by hexagon from a stream.

PostGIS answers by its spatial index, and only totals come back. H3 is no part of PostGIS, and its
extension is in few distributions, so for hexagons coordinates come in chunks by COPY, and the
totals of chunks are added. SQLite has no outlines; there both are streamed.

Everything that is asked for is counted, internal projects too: show the totals to nobody who may
not see the rows (`roles.visible`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from geo.density import counts
from geo.density.counts import Counts
from geo.density.outlines import Outlines
from geo.errors import GeoError
from geo.store.schema import FIELDS, Kind, project, to_wkb

CHUNK = 100_000
EXACT = "site"  # the only precision that makes a place a point
_EACH_OF = {"lists"}  # fields of several ids, parted by semicolons


@dataclass(frozen=True)
class Points:
    """Name rows to be counted by expressions over their table: which of them, and what each has.

    `value` is a whole number, 0 where unknown; `place` a code that the row states; `located` says
    whether `lon`, `lat` (degrees WGS-84) and, in PostGIS, `geom` are its exact place.
    """

    source: sa.FromClause
    where: sa.ColumnElement[bool]
    key: sa.ColumnElement[Any]
    value: sa.ColumnElement[int]
    place: sa.ColumnElement[str]
    located: sa.ColumnElement[bool]
    lon: sa.ColumnElement[float]
    lat: sa.ColumnElement[float]
    geom: sa.ColumnElement[Any]


def projects(
    *,
    value: str | None = None,
    place: str = "county",
    only: Mapping[str, Collection[str]] | None = None,
) -> Points:
    """Name the store's projects; only those that have, in each field of `only`, one of its values.

    `value` is a field of whole numbers, `place` and the keys of `only` are fields of text.
    Errors: `store.field_unknown` (field).
    """
    only = only or {}
    _check(Kind.WHOLE, [value] if value else [])
    _check(Kind.TEXT, [place, *only])
    columns = project.c
    return Points(
        source=project,
        where=sa.and_(sa.true(), *(_among(name, values) for name, values in only.items())),
        key=columns.key,
        value=sa.func.coalesce(columns[value], 0) if value else sa.literal_column("0"),
        place=columns[place],
        located=sa.and_(columns.precision == EXACT, columns.shape.is_(None)),
        lon=columns.lon,
        lat=columns.lat,
        geom=sa.literal_column("project.geom"),
    )


def _check(kind: Kind, names: Collection[str]) -> None:
    for name in names:
        if FIELDS.get(name) is not kind:
            raise GeoError("store.field_unknown", field=name)


def _among(name: str, values: Collection[str]) -> sa.ColumnElement[bool]:
    column = project.c[name]
    if name not in _EACH_OF:
        return column.in_(list(values))
    listed = sa.literal(";") + column + ";"
    return sa.or_(sa.false(), *(listed.contains(f";{one};", autoescape=True) for one in values))


def table(name: str, *, geom: str = "geom", key: str = "id", value: str | None = None) -> Points:
    """Name all rows of another PostGIS table, whose `geom` are points in EPSG:4326.

    `name` may be "schema.table"; `key` is unique, `value` a column of whole numbers.
    """
    schema, _, name = name.rpartition(".")
    names = dict.fromkeys((geom, key, *([value] if value else [])))
    source = sa.table(name, *(sa.column(one) for one in names), schema=schema or None)
    columns = source.c
    return Points(
        source=source,
        where=sa.true(),
        key=columns[key],
        value=sa.func.coalesce(columns[value], 0) if value else sa.literal_column("0"),
        place=sa.literal_column("NULL", sa.Text),
        located=columns[geom].is_not(None),
        lon=sa.func.ST_X(columns[geom], type_=sa.Double),
        lat=sa.func.ST_Y(columns[geom], type_=sa.Double),
        geom=columns[geom],
    )


def rows(connection: sa.Connection, points: Points) -> int:
    """Return how many rows there are, with an exact place or without."""
    every = sa.select(sa.func.count()).select_from(points.source).where(points.where)
    return int(connection.scalar(every) or 0)


def by_stated(connection: sa.Connection, points: Points) -> Counts:
    """Count rows by the place that they state; those that state none are outside."""
    each = sa.select(points.place.label("place"), points.value.label("value"))
    found = _totals(connection, each.select_from(points.source).where(points.where))
    stated = {place: totals for place, totals in found.items() if place}
    missing = sum(n for place, (n, _) in found.items() if not place)
    return _counts(tuple(sorted(stated)), stated, missing)


def by_outline(connection: sa.Connection, points: Points, outlines: Outlines) -> Counts:
    """Count points by outline as `geo.density.counts.by_outline` does; the rest are outside.

    Rows without an exact place are outside, too.
    """
    if connection.dialect.name == "sqlite":
        return counts.merged(
            counts.by_outline(outlines, *part) for part in _streamed(connection, points)
        )
    found = _totals(connection, outline_query(points, outlines))
    named = {outlines.codes[place]: totals for place, totals in found.items()}
    inside = sum(n for n, _ in named.values())
    return _counts(outlines.codes, named, rows(connection, points) - inside)


def by_cell(connection: sa.Connection, points: Points, resolution: int) -> Counts:
    """Count points by H3 cell as `geo.density.counts.by_cell` does; the rest are outside.

    Coordinates are streamed, so memory is that of a chunk. Errors: `density.choice`.
    """
    return counts.merged(
        counts.by_cell(lon, lat, resolution, value)
        for lon, lat, value in _streamed(connection, points)
    )


def outline_query(points: Points, outlines: Outlines) -> sa.Select[Any, Any]:
    """Return the query for each point's place in `outlines` and its value, for PostGIS.

    The index gives the points in each outline's box. Of several outlines around a point, or meeting
    in it, the first counts.
    """
    given = (
        sa.func.unnest(
            sa.bindparam("places", list(range(len(outlines.codes))), postgresql.ARRAY(sa.Integer)),
            sa.bindparam(
                "wkb",
                [to_wkb(shape) for shape in outlines.shapes],
                postgresql.ARRAY(sa.LargeBinary),
            ),
        )
        .table_valued("place", "wkb")
        .render_derived()
    )
    # Made once, not for each point that is compared with it.
    outline = (
        sa.select(given.c.place, sa.func.ST_GeomFromWKB(given.c.wkb, 4326).label("geom"))
        .cte("outline")
        .prefix_with("MATERIALIZED")
    )
    # A collection takes the way of GEOS, whose test on a border is exact and the same as here.
    met = sa.func.ST_Intersects(outline.c.geom, sa.func.ST_ForceCollection(points.geom))
    near = points.geom.op("&&", is_comparison=True)(outline.c.geom)
    return (
        sa.select(
            sa.func.min(outline.c.place).label("place"), sa.func.min(points.value).label("value")
        )
        .select_from(outline.join(points.source, sa.and_(near, met)))
        .where(points.where, points.located)
        .group_by(points.key)
    )


def _totals(connection: sa.Connection, asked: sa.Select[Any, Any]) -> dict[Any, tuple[int, int]]:
    """Return the number and the sum of rows (place, value) by place; a server's sum has any size."""
    each = asked.subquery()
    query = sa.select(each.c.place, sa.func.count(), sa.func.sum(each.c.value))
    found = connection.execute(query.group_by(each.c.place))
    return {place: (int(number), int(total)) for place, number, total in found}


def _counts(places: tuple[str, ...], totals: Mapping[str, tuple[int, int]], outside: int) -> Counts:
    both = [totals.get(place, (0, 0)) for place in places]
    return Counts(places, tuple(n for n, _ in both), tuple(value for _, value in both), outside)


Columns = tuple[np.ndarray, np.ndarray, np.ndarray]


def _streamed(connection: sa.Connection, points: Points) -> Iterator[Columns]:
    """Give lon, lat (nan where there is no exact place) and values, in chunks, at least one."""
    exact = (sa.case((points.located, part)) for part in (points.lon, points.lat))
    lon, lat = exact
    yield _columns([])
    if connection.dialect.name == "sqlite":
        query = sa.select(lon, lat, points.value).select_from(points.source).where(points.where)
        found = connection.execute(query.execution_options(yield_per=CHUNK))
        yield from map(_columns, found.partitions())
        return
    nowhere: sa.ColumnElement[float] = sa.literal_column("'NaN'::float8", sa.Double)
    fixed = (sa.func.coalesce(lon, nowhere), sa.func.coalesce(lat, nowhere))
    whole = sa.cast(points.value, sa.BigInteger)
    yield from _copied(
        connection, sa.select(*fixed, whole).select_from(points.source).where(points.where)
    )


def _columns(chunk: Sequence[Sequence[Any]]) -> Columns:
    lon, lat, value = zip(*chunk, strict=True) if chunk else ((), (), ())
    return np.array(lon, dtype=float), np.array(lat, dtype=float), np.array(value, dtype=np.int64)


# COPY's binary format: a head, then rows of (fields, then size and content of each), then an end.
_HEAD = 19
_ROW = np.dtype(
    {
        "names": ["lon", "lat", "value"],
        "formats": [">f8", ">f8", ">i8"],
        "offsets": [6, 18, 30],
        "itemsize": 38,
    }
)


def _copied(connection: sa.Connection, query: sa.Select[Any, Any, Any]) -> Iterator[Columns]:
    """Read a query of three columns of eight bytes, none of them NULL, many times faster than rows."""
    asked = query.compile(connection, compile_kwargs={"render_postcompile": True})
    text, given = f"COPY ({asked}) TO STDOUT (FORMAT binary)", asked.construct_params()
    kept, at = bytearray(), _HEAD
    try:
        driver = cast(Any, connection.connection.driver_connection)
        with driver.cursor() as cursor, cursor.copy(text, given) as blocks:
            for block in blocks:
                kept += block
                if len(kept) >= CHUNK * _ROW.itemsize:
                    whole = (len(kept) - at) // _ROW.itemsize
                    yield _read(kept, at, whole)
                    kept, at = kept[at + whole * _ROW.itemsize :], 0
    except psycopg.Error as error:  # as SQLAlchemy's, so that `engine.faults` can tell them
        raise sa.exc.DBAPIError.instance(text, None, error, psycopg.Error) from error
    yield _read(kept, at, (len(kept) - at) // _ROW.itemsize)  # without the end, of two bytes


def _read(kept: bytearray, at: int, number: int) -> Columns:
    found = np.frombuffer(bytes(kept), dtype=_ROW, count=number, offset=at)
    lon, lat = (found[name].astype(float) for name in ("lon", "lat"))
    return lon, lat, found["value"].astype(np.int64)
