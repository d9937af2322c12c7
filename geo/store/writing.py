"""Change projects, all or nothing: one transaction is one data version; nobody is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from geo.errors import GeoError
from geo.store import bulk, history, reading
from geo.store.edits import Change, Clash, Create, Delete, Edit, Stamp, Update
from geo.store.points import Step, put
from geo.store.schema import FIELDS, KINDS, change, data_version, project
from geo.store.values import EMPTY, Fields, Plain, bounds, complete, is_text, plain

NOBODY = "—"
Found = Mapping[str, tuple[int, int, Fields]]


def apply(
    connection: sa.Connection,
    asked: Sequence[Change],
    *,
    stamp: Stamp,
    expected: Mapping[str, int],
) -> int:
    """Write changes as one data version and return its number; without an effect, the newest.

    Errors: `store.conflict`, `store.gone` (see `_stale`), `store.exists`, `store.change_twice`,
    `store.expected_missing` (project), those of `plain` and `complete`.
    """
    _once(asked)
    found = reading.rows(connection, [one.id for one in asked if one.id])
    _stale(connection, asked, found=found, expected=expected)
    edits = [_edit(one, found.get(one.id)) for one in asked]
    return write(connection, edits, stamp=stamp)


def _once(asked: Sequence[Change]) -> None:
    ids = [one.id for one in asked if one.id]
    for id_ in ids:
        if not is_text(id_) or not id_.isprintable():
            raise GeoError("store.value_invalid", field="id", read=ascii(id_)[:80])
    if len(set(ids)) < len(ids):
        seen: set[str] = set()
        twice = next(id_ for id_ in ids if id_ in seen or seen.add(id_))  # type: ignore[func-returns-value]
        raise GeoError("store.change_twice", project=twice)


def _edit(one: Change, found: tuple[int, int, Fields] | None) -> Edit:
    if isinstance(one, Create):
        if found is not None:
            raise GeoError("store.exists", project=one.id)
        return Edit(one.id, None, complete(EMPTY | plain(one.fields), project=one.id))
    if found is None:
        raise GeoError("store.gone", project=one.id, who=NOBODY)
    key, version, row = found
    after = None
    if isinstance(one, Update):
        after = complete(row | plain(one.fields), project=one.id)
    return Edit(one.id, row, after, key, version)


def _stale(
    connection: sa.Connection,
    asked: Sequence[Change],
    *,
    found: Found,
    expected: Mapping[str, int],
) -> None:
    """Refuse changes of rows that are no longer as the caller read them.

    Errors: `store.gone` (project, who), `store.conflict` (project, name, field, theirs, mine, who,
    count, clashes: every field that either side has touched since).
    """
    clashes: list[Clash] = []
    for one in asked:
        if isinstance(one, Create):
            continue
        if one.id not in expected:
            raise GeoError("store.expected_missing", project=one.id)
        if one.id not in found:
            raise GeoError("store.gone", project=one.id, who=_last_hand(connection, one.id))
        if found[one.id][1] != expected[one.id]:
            clashes += _clashes(connection, one, found[one.id][2], since=expected[one.id])
    if clashes:
        first = clashes[0]
        details = {name: getattr(first, name) for name in ("project", "name", "field")}
        raise GeoError(
            "store.conflict",
            **details,
            theirs=said(first.theirs),
            mine=said(first.mine),
            who=_last_hand(connection, first.project),
            count=len(clashes),
            clashes=tuple(clashes),
        )


def _clashes(
    connection: sa.Connection, one: Update | Delete, row: Fields, *, since: int
) -> list[Clash]:
    later = history.net(history.changes(connection, after=since, projects=[one.id]))
    before = (later[one.id].before or {}) if one.id in later else {}
    mine = plain(one.fields) if isinstance(one, Update) else dict.fromkeys(before)
    touched = [*mine, *(name for name in before if name not in mine)] or ["name"]
    return [
        Clash(
            project=one.id,
            name=str(row["name"] or one.id),
            field=name,
            base=(base := before.get(name, row[name])),
            theirs=row[name],
            mine=mine.get(name, base),
        )
        for name in touched
    ]


def said(value: Plain) -> str:
    """Write a value as it stands in a sentence."""
    return NOBODY if value is None else str(value)


def _last_hand(connection: sa.Connection, id_: str) -> str:
    newest = sa.select(sa.func.max(change.c.version)).where(change.c.project_id == id_)
    query = sa.select(data_version.c.who).where(data_version.c.number == newest.scalar_subquery())
    return str(connection.scalar(query) or NOBODY)


def write(
    connection: sa.Connection,
    edits: Iterable[Edit],
    *,
    stamp: Stamp,
    points: Sequence[Step] = (),
) -> int:
    """Write edits, whose `before` the caller has just read, and record each field of them.

    `points` are steps of series that belong to the same version.

    Errors: `store.stamp_invalid` (field).
    """
    real = [one for one in edits if one.before != one.after]
    moved = [step for step in points if step.before != step.after]
    version = history.now(connection)
    if not real and not moved:
        return version
    version = _open_version(connection, version + 1, stamp)
    put(connection, moved, version)
    real = _keyed(connection, real)
    bulk.insert(connection, change, [_record(one, version) for one in real])
    gone = [{"k": one.key} for one in real if one.after is None]
    if gone:
        connection.execute(sa.delete(project).where(project.c.key == sa.bindparam("k")), gone)
    if changed := [one for one in real if one.before is not None and one.after is not None]:
        _update(connection, changed, version)
    bulk.insert(connection, project, [_row(one, version) for one in real if one.before is None])
    return version


def _open_version(connection: sa.Connection, number: int, stamp: Stamp) -> int:
    for name, right in (
        ("who", is_text(stamp.who) and bool(stamp.who.strip())),
        ("why", is_text(stamp.why)),
        ("source", stamp.source is None or is_text(stamp.source)),
        ("kind", stamp.kind in KINDS),
    ):
        if not right:
            raise GeoError("store.stamp_invalid", field=name)
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    values = {"number": number, "at": at, **vars(stamp)}
    connection.execute(sa.insert(data_version), [values])
    return number


def _keyed(connection: sa.Connection, edits: Sequence[Edit]) -> list[Edit]:
    """Give new projects a key that none has had, or their old one, and an id where they have none."""
    if all(one.before is not None for one in edits):
        return list(edits)
    wanted = [one.key for one in edits if one.before is None and one.key is not None]
    taken = {
        key
        for start in range(0, len(wanted), 1000)
        for key in connection.scalars(
            sa.select(project.c.key).where(project.c.key.in_(wanted[start : start + 1000]))
        )
    }
    highest = max(
        *(
            connection.scalar(sa.select(sa.func.max(table.c.key))) or 0
            for table in (project, change)
        ),
        *wanted,
        0,
    )
    ids = set(connection.scalars(sa.select(change.c.project_id).distinct()))
    ids |= {one.id for one in edits}
    keyed = []
    for one in edits:
        key, id_ = one.key, one.id
        if one.before is None and (key is None or key in taken):
            highest += 1
            key = highest
        if not id_:
            id_ = _new_id(key or 0, ids)
        keyed.append(Edit(id_, one.before, one.after, key, one.row_version))
    return keyed


def _new_id(key: int, taken: set[str]) -> str:
    id_ = f"p{key:06d}"
    while id_ in taken:
        id_ += "x"
    taken.add(id_)
    return id_


def _record(one: Edit, version: int) -> dict[str, object]:
    before, after = one.before, one.after
    if before is not None and after is not None:
        differ = [name for name in FIELDS if before[name] != after[name]]
        before, after = ({name: row[name] for name in differ} for row in (before, after))
    else:
        before, after = (_filled(row) for row in (before, after))
    return {
        "project_id": one.id,
        "version": version,
        "key": one.key,
        "before": before,
        "after": after,
    }


def _filled(row: Fields | None) -> Fields | None:
    if row is None:
        return None
    return {name: value for name, value in row.items() if value != EMPTY[name]}


def _row(one: Edit, version: int) -> dict[str, object]:
    after = EMPTY if one.after is None else one.after
    west, south, east, north = bounds(after)
    return {
        "key": one.key,
        "id": one.id,
        **after,
        "row_version": version,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


def _update(connection: sa.Connection, edits: Sequence[Edit], version: int) -> None:
    """Set whole rows; the row version in the condition is the last line of defence."""
    values = [_row(one, version) for one in edits]
    names = [name for name in values[0] if name not in ("key", "id")]
    query = (
        sa.update(project)
        .where(project.c.key == sa.bindparam("old_key"))
        .where(project.c.row_version == sa.bindparam("old_version"))
        .values({name: sa.bindparam(name) for name in names})
    )
    parameters = [
        {**{name: row[name] for name in names}, "old_key": one.key, "old_version": one.row_version}
        for one, row in zip(edits, values, strict=True)
    ]
    if connection.execute(query, parameters).rowcount != len(edits):
        raise GeoError("store.gone", project=edits[0].id, who=NOBODY)
