"""Take a data version back, exactly, unless somebody has built on it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from geo.errors import GeoError
from geo.store import history, points, reading
from geo.store.edits import Clash, Edit, Stamp
from geo.store.values import EMPTY, Fields
from geo.store.writing import NOBODY, Found, said, write


def undo(connection: sa.Connection, version: int, *, who: str) -> int:
    """Take one data version back and return the number of the version that does so.

    Errors: `store.version_unknown`, `store.undo_seed`, `store.undone_already` (version, by),
    `store.undo_conflict` (project, name, field, version, count, clashes), `store.undo_series`.
    """
    history.check(connection, version)
    past = {one.number: one for one in history.links(connection, since=version)}
    if version == 0 or past[version].kind == "seed":
        raise GeoError("store.undo_seed", version=version)
    touching = _effective(past, version)
    steps = list(history.changes(connection, after=version - 1, until=version))
    _untouched(connection, steps, touching=touching, version=version)
    found = reading.rows(connection, [one.project for one in steps])
    edits = [_inverse(one, found.get(one.project)) for one in steps]
    back = points.inverse(connection, version)
    stamp = Stamp(who=who, why=past[version].why, kind="undo", undone=version)
    return write(connection, edits, stamp=stamp, points=back)


def _effective(past: Mapping[int, history.Link], version: int) -> set[int]:
    """Return the later versions that still have an effect: an undone one and its undo have none."""
    cancelled: set[int] = set()
    for number in sorted(past, reverse=True):
        undone = past[number].undone
        if number in cancelled or number == version or undone is None or undone < version:
            continue
        if undone == version:
            raise GeoError("store.undone_already", version=version, by=number)
        cancelled |= {number, undone}
    return {number for number in past if number > version} - cancelled


def _untouched(
    connection: sa.Connection,
    steps: Sequence[history.Difference],
    *,
    touching: set[int],
    version: int,
) -> None:
    own = {one.project: one for one in steps}
    rows = reading.rows(connection, list(own))
    clashes: dict[tuple[str, str], Clash] = {}
    for later in history.changes(connection, after=version, projects=list(own)):
        mine = own[later.project]
        if later.version not in touching:
            continue
        whole = None in (mine.before, mine.after, later.before, later.after)
        for name in {**(later.before or {}), **(later.after or {})}:
            if whole or name in (mine.after or {}):
                clashes[mine.project, name] = _clash(mine, later, name, rows)
    if clashes:
        first = next(iter(clashes.values()))
        raise GeoError(
            "store.undo_conflict",
            version=version,
            project=first.project,
            name=first.name,
            field=first.field,
            theirs=said(first.theirs),
            mine=said(first.mine),
            count=len(clashes),
            clashes=tuple(clashes.values()),
        )


def _clash(mine: history.Difference, later: history.Difference, name: str, rows: Found) -> Clash:
    return Clash(
        project=mine.project,
        name=_name(rows, mine.project),
        field=name,
        base=(mine.after or {}).get(name),
        theirs=(later.after or {}).get(name),
        mine=(mine.before or {}).get(name),
    )


def _name(found: Found, id_: str) -> str:
    return str(found[id_][2]["name"] or id_) if id_ in found else id_


def _inverse(one: history.Difference, found: tuple[int, int, Fields] | None) -> Edit:
    if one.after is None and one.before is not None:
        return Edit(one.project, None, EMPTY | one.before, one.key)
    if found is None:
        raise GeoError("store.gone", project=one.project, who=NOBODY)
    key, row_version, row = found
    after = None if one.before is None else row | one.before
    return Edit(one.project, row, after, key, row_version)
