"""Compare what was read with what is known, and write it as one data version or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geo.errors import GeoError
from geo.series.listing import Read
from geo.series.points import Point, Series
from geo.store import Store

TRIES = 3


@dataclass(frozen=True)
class Change:
    """Hold a point before and after, and the row that changes it."""

    before: Point
    after: Point
    row: int


@dataclass(frozen=True)
class Diff:
    """Hold what an import would do: points that are new, changed, as they are."""

    new: tuple[Read, ...]
    changed: tuple[Change, ...]
    same: int

    @property
    def points(self) -> tuple[Point, ...]:
        """Return the points to be written."""
        return (*(one.point for one in self.new), *(one.after for one in self.changed))


@dataclass(frozen=True)
class Applied:
    """Hold what came of an import: the data version and the diff."""

    version: int
    diff: Diff


def known(base: Series, store: Store, *, as_of: int | None = None) -> Series:
    """Return the series as they are: those of the city folder, and over them those of the store."""
    return base.with_points(store.series.points(as_of).values())


def compare(reads: Sequence[Read], series: Series) -> Diff:
    """Compare reads with the points known; a blank cell says nothing of source or note, nor
    that what is internal is public from now on.

    A sample is never "as it is": the real figure takes its place.
    """
    new, changed, same = [], [], 0
    for read in reads:
        before = series.by_id.get(read.point.id)
        one = _still_internal(before, read)
        if before is None:
            new.append(one)
        elif _is_same(before, one):
            same += 1
        else:
            changed.append(Change(before, one.point, one.row))
    return Diff(tuple(new), tuple(changed), same)


def _still_internal(before: Point | None, one: Read) -> Read:
    if before is None or not before.internal or "internal" in one.stated:
        return one
    return replace(one, point=replace(one.point, internal=True))


def _is_same(before: Point, one: Read) -> bool:
    if before.sample or before.value != one.point.value:
        return False
    return all(getattr(before, name) == getattr(one.point, name) for name in one.stated)


def preview(reads: Sequence[Read], base: Series, store: Store) -> tuple[Diff, dict[str, Point]]:
    """Compare with the store; also return its points as they were read."""
    stored = store.series.points()
    return compare(reads, base.with_points(stored.values())), stored


def apply(diff: Diff, read: Mapping[str, Point], store: Store, *, who: str, source: str) -> int:
    """Write a previewed diff and return the data version.

    Errors: those of `SeriesStore.apply`; `store.series_conflict` if a point was changed since.
    """
    return store.series.apply(diff.points, who=who, why=source, read=read, source=source)


def run(reads: Sequence[Read], base: Series, store: Store, *, who: str, source: str) -> Applied:
    """Compare and write; if somebody else wrote in between, compare again.

    Errors: those of `apply`, the one about others' writes after `TRIES` times only.
    """
    for left in reversed(range(TRIES)):
        diff, stored = preview(reads, base, store)
        try:
            return Applied(apply(diff, stored, store, who=who, source=source), diff)
        except GeoError as error:
            if error.code != "store.series_conflict" or not left:
                raise
    raise AssertionError("unreachable")
