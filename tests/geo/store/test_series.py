"""Points of series share the projects' data versions: all or nothing, history, undo, backup."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from geo.errors import GeoError
from geo.series import Point, Series
from geo.store import Create, guards, open_store
from geo.store.roles import AUDITOR, OFFICE, VISITOR, may_bring_series, staff, visible_series
from tests.geo.store.children import row

ONE = Point("p", "output", "2021", 5, "actual", source="x")
TWO = Point("p", "output", "2022", 7, "estimate", source="x", internal=True)


def bring(store, *points: Point, who: str = "a") -> int:
    return store.series.apply(
        points, who=who, why="list", read=store.series.points(), source="list.xlsx"
    )


def test_points_come_back_as_they_went_in(store):
    """What is written is read again, of now and of each earlier version; one version for all."""
    assert bring(store, ONE, TWO) == 1
    assert store.series.points() == {ONE.id: ONE, TWO.id: TWO}
    better = replace(ONE, value=6)
    assert bring(store, better) == 2
    assert store.series.points() == {ONE.id: better, TWO.id: TWO}
    assert store.series.points(as_of=1) == {ONE.id: ONE, TWO.id: TWO}
    assert store.series.points(as_of=0) == {}
    with pytest.raises(GeoError, match=r"store\.version_unknown"):
        store.series.points(as_of=9)


def test_the_history_speaks_of_points(store):
    """A version of points has its counts, its steps and its file, and touches no project."""
    bring(store, ONE)
    bring(store, replace(ONE, value=6), TWO)
    second, first = store.history()
    assert (first.created, first.updated, first.deleted) == (1, 0, 0)
    assert (second.created, second.updated, second.deleted) == (1, 1, 0)
    assert (second.kind, second.source, second.who) == ("import", "list.xlsx", "a")
    assert [(s.id, s.before, s.after) for s in store.series.changes(1)] == [(ONE.id, None, ONE)]
    assert store.changes() == []
    assert store.version() == 2


def test_the_same_again_makes_no_version(store):
    """Points as they are already have no effect."""
    bring(store, ONE)
    assert bring(store, ONE) == 1
    assert len(store.history()) == 1


def test_a_version_is_taken_back_exactly(store):
    """Undo restores what was before; its own undo brings the points again."""
    bring(store, ONE)
    bring(store, replace(ONE, value=6), TWO)
    assert store.undo(2, who="b") == 3
    assert store.series.points() == {ONE.id: ONE}
    assert store.undo(3, who="b") == 4
    assert store.series.points() == {ONE.id: replace(ONE, value=6), TWO.id: TWO}
    with pytest.raises(GeoError, match=r"store\.undone_already"):
        store.undo(3, who="b")


def test_what_was_built_on_is_not_taken_back(store):
    """A version whose point somebody has changed since stays, and it is said who it was."""
    bring(store, ONE, TWO)
    bring(store, replace(ONE, value=6), who="ben")
    with pytest.raises(GeoError) as caught:
        store.undo(1, who="c")
    assert caught.value.code == "store.undo_series"
    assert (caught.value.details["point"], caught.value.details["who"]) == (ONE.id, "ben")
    assert store.version() == 2


def test_a_stale_preview_writes_nothing(store):
    """Points that are no longer as they were read are refused, all of them."""
    seen = store.series.points()
    bring(store, ONE, who="ben")
    with pytest.raises(GeoError) as caught:
        store.series.apply([TWO, replace(ONE, value=9)], who="a", why="", read=seen, source="f")
    assert (caught.value.code, caught.value.details["who"]) == ("store.series_conflict", "ben")
    assert store.series.points() == {ONE.id: ONE}


def test_projects_and_points_have_versions_in_one_row(store):
    """Versions of projects and of points count on; taking one back leaves the other."""
    store.apply([Create(row(1), id="a")], who="a", why="", kind="edit", expected={})
    assert bring(store, ONE) == 2
    store.undo(1, who="a")
    assert store.series.points() == {ONE.id: ONE}
    assert len(store.projects()) == 0
    assert len(store.projects(as_of=2)) == 1


def test_the_history_of_points_is_append_only(store):
    """Nobody changes or deletes what is written of points."""
    bring(store, ONE)
    assert store.database.read(guards.present)
    for statement in ("UPDATE series_change SET before = NULL", "DELETE FROM series_change"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            store.database.writers.begin() as connection,
        ):
            connection.exec_driver_sql(statement)


def test_a_backup_holds_the_points(store, tmp_path):
    """A backup opens with points and their history, and a new store takes all of it over."""
    bring(store, ONE)
    bring(store, replace(ONE, value=6), TWO)
    file = tmp_path / "backup.db"
    store.backup(file)
    copy = open_store(file)
    assert copy.series.points() == store.series.points()
    assert copy.history() == store.history()
    copy.close()
    fresh = open_store(tmp_path / "fresh" / "store.sqlite")
    fresh.restore(file, who="r")
    assert fresh.series.points(as_of=1) == {ONE.id: ONE}
    assert fresh.history() == store.history()
    fresh.close()


def test_restoring_into_a_store_in_use_is_one_version(store, tmp_path):
    """Points become those of the backup, in one version that can be undone."""
    bring(store, ONE)
    file = tmp_path / "backup.db"
    store.backup(file)
    bring(store, replace(ONE, value=6), TWO)
    made = store.restore(file, who="r")
    assert store.series.points() == {ONE.id: ONE}
    store.undo(made, who="r")
    assert store.series.points() == {ONE.id: replace(ONE, value=6), TWO.id: TWO}


def test_internal_points_are_for_those_who_answer_for_them():
    """Office and auditor receive all, staff what is internal of their own, a visitor none of it."""
    series = Series((ONE, TWO, replace(TWO, place="q")))
    assert visible_series(series, OFFICE) == visible_series(series, AUDITOR) == series
    assert visible_series(series, staff("p")).points == (ONE, TWO)
    assert visible_series(series, VISITOR).points == (ONE,)
    assert [may_bring_series(r) for r in (OFFICE, AUDITOR, staff("p"), VISITOR)] == [
        True,
        False,
        False,
        False,
    ]
