"""Read the projects of one data version as a table, of now or of any earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa

from geo.layers import TEXT
from geo.store import history
from geo.store.schema import BOUNDS, COLUMNS, FIELDS, Kind, change, project, to_wkb
from geo.store.values import EMPTY, Fields, Plain

_DTYPES = {Kind.TEXT: TEXT, Kind.WHOLE: "Int64", Kind.NUMBER: "Float64", Kind.FLAG: "bool"}
_CHUNK = 1000


def table(connection: sa.Connection, *, as_of: int | None = None) -> pd.DataFrame:
    """Return one row a project, in the order of their keys, with the columns of `COLUMNS`.

    Types are those of `geo.layers.read_projects`; `shape` holds geometries or None.
    Errors: `store.version_unknown`.
    """
    query = sa.select(*(_raw(name) for name in COLUMNS)).order_by(project.c.key)
    if as_of is None or as_of == history.now(connection):
        return _frame(connection.execute(query).all())
    history.check(connection, as_of)
    return _frame(_at(connection, as_of))


def _raw(name: str) -> sa.ColumnElement[Any]:
    """Leave WKB as it is: a whole column of it is read at once."""
    column = project.c[name]
    return sa.type_coerce(column, sa.LargeBinary) if name == "shape" else column


def _frame(rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in COLUMNS]
    found = dict(zip(COLUMNS, columns, strict=True))
    frame = pd.DataFrame(
        {
            name: pd.array(list(found[name]), dtype=_DTYPES[kind])  # type: ignore[call-overload]
            for name, kind in {"id": Kind.TEXT, **FIELDS}.items()
            if kind is not Kind.SHAPE
        }
    )
    frame["shape"] = pd.Series(_shapes(found["shape"]), index=frame.index, dtype=object)
    frame["row_version"] = np.array(found["row_version"], dtype="int64")
    return frame


def _shapes(values: Iterable[bytes | None]) -> np.ndarray:
    shapes = np.array([None if value is None else bytes(value) for value in values], dtype=object)
    return np.asarray(shapely.from_wkb(shapes), dtype=object)


def _at(connection: sa.Connection, version: int) -> list[Sequence[Any]]:
    """Walk back from today: undo, for each project, the sum of what came later."""
    later = history.net(history.changes(connection, after=version))
    rows = {id_: (key, row) for id_, key, row in every(connection)}
    last = _last_versions(connection, version)
    for id_, one in later.items():
        if one.before is None:
            del rows[id_]
        elif one.after is None:
            rows[id_] = (one.key, EMPTY | one.before)
        else:
            rows[id_] = (one.key, rows[id_][1] | one.before)
    ordered = sorted((key, id_, row) for id_, (key, row) in rows.items())
    return [
        (id_, *(_wire(name, row[name]) for name in FIELDS), last[id_]) for _, id_, row in ordered
    ]


def _wire(name: str, value: Plain) -> object:
    return bytes.fromhex(value) if name == "shape" and isinstance(value, str) else value


def every(connection: sa.Connection) -> list[tuple[str, int, Fields]]:
    """Return id, key and plain fields of every project."""
    return [
        (row["id"], row["key"], fields(row))
        for row in connection.execute(_plain_query()).mappings()
    ]


def _plain_query() -> sa.Select[Any]:
    columns = (project.c[name] for name in ("key", *COLUMNS))
    return sa.select(*columns)


def fields(row: sa.RowMapping) -> Fields:
    """Return the fields of a project's row in plain form."""
    found: Fields = {name: row[name] for name in FIELDS}
    if row["shape"] is not None:
        found["shape"] = to_wkb(row["shape"]).hex()
    return found


def _last_versions(connection: sa.Connection, version: int) -> dict[str, int]:
    query = (
        sa.select(change.c.project_id, sa.func.max(change.c.version))
        .where(change.c.version <= version)
        .group_by(change.c.project_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def rows(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[int, int, Fields]]:
    """Return key, row version and plain fields of some projects by their id."""
    found: dict[str, tuple[int, int, Fields]] = {}
    for start in range(0, len(ids), _CHUNK):
        query = _plain_query().where(project.c.id.in_(ids[start : start + _CHUNK]))
        for row in connection.execute(query).mappings():
            found[row["id"]] = (row["key"], row["row_version"], fields(row))
    return found


def within(connection: sa.Connection, box: tuple[float, float, float, float]) -> list[str]:
    """Return the ids of projects whose own bounds meet a window, in the order of their keys.

    `box` is west, south, east, north in degrees WGS-84. The spatial index answers, which keeps
    32-bit numbers; the exact bounds then decide.
    """
    query = within_query(sqlite=connection.dialect.name == "sqlite")
    return list(connection.scalars(query, dict(zip(BOUNDS, box, strict=True))))


def within_query(*, sqlite: bool) -> sa.Select[Any]:
    """Return the query of `within`, with the window's sides as parameters."""
    west, south, east, north = (sa.bindparam(side, type_=sa.Double) for side in BOUNDS)
    if sqlite:
        box = sa.table("project_box", *(sa.column(name) for name in ("key", *BOUNDS)))
        hit = project.c.key.in_(
            sa.select(box.c.key).where(
                box.c.west <= east, box.c.east >= west, box.c.south <= north, box.c.north >= south
            )
        )
    else:
        window = sa.func.ST_MakeEnvelope(west, south, east, north, 4326)
        hit = sa.column("geom").op("&&", is_comparison=True)(window)
    return (
        sa.select(project.c.id)
        .where(
            hit,
            project.c.west <= east,
            project.c.east >= west,
            project.c.south <= north,
            project.c.north >= south,
        )
        .order_by(project.c.key)
    )
