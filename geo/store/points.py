"""Points of series in the database: read as of a version, written step by step, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import sqlalchemy as sa

from geo.errors import GeoError
from geo.series.points import Point
from geo.store import bulk, history
from geo.store.schema import data_version, series_change, series_point

NAMES = tuple(field.name for field in fields(Point))
CHUNK = 500  # ids in one query: databases limit its parameters


@dataclass(frozen=True)
class Step:
    """Hold what became of one point in one version; None where there is none."""

    id: str
    before: Point | None
    after: Point | None
    version: int = 0


def read(connection: sa.Connection, *, as_of: int | None = None) -> dict[str, Point]:
    """Return the points of now, or of a data version: today's, with each later step taken back."""
    query = sa.select(series_point).order_by(series_point.c.id)
    found = {row["id"]: _point(row) for row in connection.execute(query).mappings()}
    if as_of is None or as_of == history.now(connection):
        return found
    history.check(connection, as_of)
    for step in reversed(list(steps(connection, after=as_of))):
        found.pop(step.id, None)
        if step.before is not None:
            found[step.id] = step.before
    return dict(sorted(found.items()))


def some(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Point]:
    """Return some points by their ids."""
    wanted = list(ids)
    found: dict[str, Point] = {}
    for start in range(0, len(wanted), CHUNK):
        query = sa.select(series_point).where(series_point.c.id.in_(wanted[start : start + CHUNK]))
        found |= {row["id"]: _point(row) for row in connection.execute(query).mappings()}
    return found


def steps(connection: sa.Connection, *, after: int, until: int | None = None) -> Iterator[Step]:
    """Yield the steps of the versions above `after` up to `until`, oldest first."""
    query = sa.select(series_change).where(series_change.c.version > after)
    if until is not None:
        query = query.where(series_change.c.version <= until)
    query = query.order_by(series_change.c.version, series_change.c.point_id)
    for row in connection.execute(query):
        yield Step(row.point_id, _plain(row.before), _plain(row.after), row.version)


def inverse(connection: sa.Connection, version: int) -> list[Step]:
    """Return the steps that take a version's own back.

    Errors: `store.undo_series` (version, point, who) where a point is no longer as it left it.
    """
    own = list(steps(connection, after=version - 1, until=version))
    found = some(connection, [step.id for step in own])
    for step in own:
        if found.get(step.id) != step.after:
            who = last_hand(connection, step.id)
            raise GeoError("store.undo_series", version=version, point=step.id, who=who)
    return [Step(step.id, step.after, step.before) for step in own]


def towards(connection: sa.Connection, wanted: Mapping[str, Point]) -> list[Step]:
    """Return the steps that bring all points to a wanted state."""
    found = read(connection)
    return [Step(id_, found.get(id_), wanted.get(id_)) for id_ in sorted({*found, *wanted})]


def _point(row: Mapping[Any, Any]) -> Point:
    return Point(**{name: row[name] for name in NAMES})


def _plain(row: dict[str, Any] | None) -> Point | None:
    return None if row is None else Point(**row)


def _record(step: Step, version: int) -> dict[str, object]:
    """Return a step as the history keeps it."""
    before, after = (None if p is None else asdict(p) for p in (step.before, step.after))
    return {"point_id": step.id, "version": version, "before": before, "after": after}


def put(connection: sa.Connection, made: Sequence[Step], version: int) -> None:
    """Write steps and record each of them; `before` is what the caller has just read."""
    bulk.insert(connection, series_change, [_record(step, version) for step in made])
    gone = [{"k": step.id} for step in made if step.before is not None]
    if gone:  # few columns, all of them new: it is written again rather than changed
        query = sa.delete(series_point).where(series_point.c.id == sa.bindparam("k"))
        connection.execute(query, gone)
    rows = [{"id": step.id, **asdict(step.after)} for step in made if step.after is not None]
    bulk.insert(connection, series_point, rows)


def last_hand(connection: sa.Connection, id_: str) -> str:
    """Return who wrote a point last, "" for nobody."""
    newest = sa.select(sa.func.max(series_change.c.version)).where(series_change.c.point_id == id_)
    query = sa.select(data_version.c.who).where(data_version.c.number == newest.scalar_subquery())
    return str(connection.scalar(query) or "—")
