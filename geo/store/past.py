"""One unit's part of the history: what became of its projects while they were its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import sqlalchemy as sa

from geo.store import history
from geo.store.history import Difference, Version
from geo.store.schema import change
from geo.store.values import Fields

_PLACES = ("county", "park")
_KNOWN = ("name", *_PLACES)


@dataclass(frozen=True)
class Step:
    """Hold one project's change as its unit may read it, under the name that it had there.

    Where a project came in or left, `moved` says so and the difference says nothing else: its
    other side is another unit's.
    """

    name: str
    difference: Difference
    moved: Literal["", "in", "out"] = ""


@dataclass(frozen=True)
class Past:
    """Hold the versions that touched a unit's projects, newest first, and their steps.

    `whole` are the versions all of whose changes the unit may read. Of the others neither the
    reason nor the file is given, and counts are those of the unit's own projects.
    """

    versions: tuple[Version, ...]
    steps: Mapping[int, tuple[Step, ...]]
    whole: frozenset[int]


def of_units(connection: sa.Connection, units: Collection[str]) -> Past:
    """Return what became of the projects of some counties and parks, while they were there."""
    if not units:
        return Past((), {}, frozenset())
    steps: dict[int, list[Step]] = defaultdict(list)
    states: dict[str, Fields] = {}
    for row in connection.execute(_query(units)):
        one = Difference(row.project_id, row.key, row.before, row.after, row.version)
        before = states.get(one.project) if one.before is not None else None
        after = None
        if one.after is not None:
            after = (before or {}) | {n: one.after[n] for n in _KNOWN if n in one.after}
            states[one.project] = after
        if step := _step(one, before, after, units=units):
            steps[one.version].append(step)
    versions = [one for one in history.versions(connection) if one.number in steps]
    whole = frozenset(one.number for one in versions if _is_whole(one, steps[one.number]))
    return Past(
        versions=tuple(_own(one, steps[one.number], whole=one.number in whole) for one in versions),
        steps={number: tuple(found) for number, found in steps.items()},
        whole=whole,
    )


def _query(units: Collection[str]) -> sa.Select[tuple[object, ...]]:
    """Select all changes of each project that was ever there: it came by a change that says so."""
    came = sa.or_(*(change.c.after[name].as_string().in_(list(units)) for name in _PLACES))
    ever = sa.select(change.c.project_id).where(came)
    query = sa.select(change).where(change.c.project_id.in_(ever))
    return query.order_by(change.c.version, change.c.key)


def _step(
    one: Difference, before: Fields | None, after: Fields | None, *, units: Collection[str]
) -> Step | None:
    was, is_ = _lies_in(before, units), _lies_in(after, units)
    if not was and not is_:
        return None
    name = str(((after if is_ else before) or {}).get("name") or one.project)
    if before is None or after is None or (was and is_):
        return Step(name, one)
    return Step(name, replace(one, before={}, after={}), "in" if is_ else "out")


def _lies_in(state: Fields | None, units: Collection[str]) -> bool:
    return state is not None and any(state.get(name) in units for name in _PLACES)


def _is_whole(version: Version, steps: Collection[Step]) -> bool:
    count = version.created + version.updated + version.deleted
    return len(steps) == count and not any(step.moved for step in steps)


def _own(version: Version, steps: Collection[Step], *, whole: bool) -> Version:
    if whole:
        return version
    made = sum(step.difference.before is None for step in steps)
    gone = sum(step.difference.after is None for step in steps)
    counts = {"created": made, "updated": len(steps) - made - gone, "deleted": gone}
    return replace(version, why="", source=None, **counts)  # type: ignore[arg-type]
