"""What was changed when, by whom and why: data versions, field changes, and the sum of several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from geo.errors import GeoError
from geo.store.schema import change, data_version, series_change
from geo.store.values import EMPTY, Fields

_COUNTED = ("created", "updated", "deleted")
MANY = 500  # more ids than this are sifted here: databases limit the parameters of a query


@dataclass(frozen=True)
class Version:
    """Describe one data version; `undone_by` is the version that took it back, if one did."""

    number: int
    at: datetime
    who: str
    why: str
    kind: str
    source: str | None
    undone: int | None
    undone_by: int | None
    created: int
    updated: int
    deleted: int


@dataclass(frozen=True)
class Difference:
    """Say what became of one project; `before` is None if it was made, `after` if it was deleted.

    Otherwise both hold the fields that differ, with their values in plain form.
    """

    project: str
    key: int
    before: Fields | None
    after: Fields | None
    version: int


def now(connection: sa.Connection) -> int:
    """Return the number of the newest data version, 0 in a new store."""
    return int(connection.scalar(sa.select(sa.func.max(data_version.c.number))) or 0)


def versions(connection: sa.Connection, *, project: str | None = None) -> list[Version]:
    """List the data versions, newest first: all, or those that touched one project.

    Counts are of projects and of points of series; with a project, of that alone.
    """
    counts = _counts(change)
    query = sa.select(data_version).order_by(data_version.c.number.desc())
    if project is not None:
        touched = sa.select(change.c.version).where(change.c.project_id == project)
        counts = counts.where(change.c.version.in_(touched))
        query = query.where(data_version.c.number.in_(touched))
    counted = Counter[tuple[int, str]]()
    for each in (counts,) if project is not None else (counts, _counts(series_change)):
        for row in connection.execute(each):
            for name in _COUNTED:
                counted[row.version, name] += int(getattr(row, name))
    undone_by = {one.undone: one.number for one in links(connection) if one.undone is not None}
    return [
        _version(row, counted, undone_by.get(row["number"]))
        for row in connection.execute(query).mappings()
    ]


def _counts(table: sa.Table) -> sa.Select[Any]:
    """Select how many rows each version made, changed and deleted."""
    version, before, after = table.c.version, table.c.before, table.c.after
    made, gone = before.is_(None), after.is_(None)
    cases = (made, sa.and_(~made, ~gone), gone)
    columns = (
        sa.func.sum(sa.case((case, 1), else_=0)).label(name)
        for case, name in zip(cases, _COUNTED, strict=True)
    )
    return sa.select(version, *columns).group_by(version)


def _version(
    row: sa.RowMapping, counted: Counter[tuple[int, str]], undone_by: int | None
) -> Version:
    number = row["number"]
    return Version(
        **{name: row[name] for name in ("number", "who", "why", "kind", "source", "undone")},
        at=datetime.fromisoformat(row["at"]).astimezone(UTC),
        undone_by=undone_by,
        created=counted[number, "created"],
        updated=counted[number, "updated"],
        deleted=counted[number, "deleted"],
    )


class Link(NamedTuple):
    """Tie a data version to the one that it undoes."""

    number: int
    undone: int | None
    kind: str
    why: str


def links(connection: sa.Connection, *, since: int = 0) -> list[Link]:
    """List the data versions from `since` on, oldest first, without counting their changes."""
    columns = data_version.c
    query = sa.select(columns.number, columns.undone, columns.kind, columns.why)
    query = query.where(columns.number >= since).order_by(columns.number)
    return [Link(*row) for row in connection.execute(query)]


def changes(
    connection: sa.Connection,
    *,
    after: int = 0,
    until: int | None = None,
    projects: Sequence[str] | None = None,
) -> Iterator[Difference]:
    """Yield the changes of the versions above `after` up to `until`, oldest first."""
    query = sa.select(change).where(change.c.version > after)
    if until is not None:
        query = query.where(change.c.version <= until)
    if projects is not None and len(projects) <= MANY:
        query = query.where(change.c.project_id.in_(projects))
    query = query.order_by(change.c.version, change.c.key)
    wanted = None if projects is None else frozenset(projects)
    for row in connection.execute(query):
        if wanted is not None and row.project_id not in wanted:
            continue
        yield Difference(row.project_id, row.key, row.before, row.after, row.version)


@dataclass
class _Sum:
    key: int
    last_key: int
    version: int
    existed: bool
    exists: bool
    before: Fields = field(default_factory=dict)
    after: Fields = field(default_factory=dict)


def net(changes: Iterable[Difference]) -> dict[str, Difference]:
    """Add up successive changes: what the first found and what the last left, by project id.

    A project that was deleted and made again is one that changed, if only in its key; `key` is the
    one that it had before. What is as before is left out.
    """
    sums: dict[str, _Sum] = {}
    for one in changes:
        found = sums.setdefault(
            one.project,
            _Sum(one.key, one.key, one.version, existed := one.before is not None, existed),
        )
        before = one.before if one.before is not None else {}
        after = one.after if one.after is not None else {}
        if one.before is None or one.after is None:
            before, after = EMPTY | before, EMPTY | after
        for name in before:
            found.before.setdefault(name, before[name])
        found.after |= after
        found.version, found.last_key, found.exists = one.version, one.key, one.after is not None
    summed = ((id_, _difference(id_, found)) for id_, found in sums.items())
    return {id_: one for id_, one in summed if one is not None}


def _difference(project: str, found: _Sum) -> Difference | None:
    before: Fields | None = found.before
    after: Fields | None = found.after
    if found.existed and found.exists:
        differ = [name for name, value in found.before.items() if value != found.after[name]]
        if not differ and found.key == found.last_key:
            return None
        before = {name: found.before[name] for name in differ}
        after = {name: found.after[name] for name in differ}
    elif not found.existed and not found.exists:
        return None
    else:
        before = _filled(found.before) if found.existed else None
        after = _filled(found.after) if found.exists else None
    return Difference(project, found.key, before, after, found.version)


def _filled(row: Fields) -> Fields:
    return {name: value for name, value in row.items() if value != EMPTY[name]}


def diff(connection: sa.Connection, first: int, last: int) -> list[Difference]:
    """Return what differs between two data versions, in the order of the projects' keys.

    Errors: `store.version_unknown` (version).
    """
    for version in (first, last):
        check(connection, version)
    low, high = sorted((first, last))
    found = net(changes(connection, after=low, until=high)).values()
    if last < first:
        found = [replace(one, before=one.after, after=one.before) for one in found]  # type: ignore[assignment]
    differ = (one for one in found if one.before != one.after)  # the same under another key
    return sorted(differ, key=lambda one: one.key)


def check(connection: sa.Connection, version: int) -> None:
    """Refuse a data version that does not exist; 0 is the empty store before the first."""
    query = sa.select(data_version.c.number).where(data_version.c.number == version)
    if version != 0 and connection.scalar(query) is None:
        raise GeoError("store.version_unknown", version=version)
