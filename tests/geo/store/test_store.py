"""Reading, changing, looking back and undoing, on SQLite and on PostGIS."""

from __future__ import annotations

import time

import geopandas.testing
import pandas as pd
import pandas.testing
import pytest
import shapely

from geo import layers
from geo.errors import GeoError
from geo.store import Create, Delete, Store, Update, locate, open_store
from geo.store.schema import COLUMNS
from tests.geo.store import children
from tests.geo.store.children import row

WHO = {"who": "张三", "why": "更正", "kind": "edit"}


def put(store: Store, *changes, expected=None, **stamp) -> int:
    """Apply changes, of the rows as they are now unless said otherwise."""
    if expected is None:
        expected = seen(store)
    return store.apply(changes, expected=expected, **{**WHO, **stamp})


def seen(store: Store) -> dict[str, int]:
    """Return the row version of every project as a reader has it."""
    frame = store.projects()
    return dict(zip(frame["id"], frame["row_version"].astype(int), strict=True))


def one(store: Store, id_: str, as_of: int | None = None) -> pd.Series:
    """Return one project."""
    return store.projects(as_of).set_index("id").loc[id_]


def refusal(store: Store, *changes, **options) -> GeoError:
    """Return the error of changes, having seen that they left nothing behind."""
    before, version = store.projects(), store.version()
    with pytest.raises(GeoError) as caught:
        put(store, *changes, **options)
    assert store.version() == version
    same(store.projects(), before)
    return caught.value


def same(left: pd.DataFrame, right: pd.DataFrame, *, versions: bool = True) -> None:
    """Assert that two snapshots are equal, types, order and shapes included."""
    frames = [
        frame.assign(shape=[None if s is None else s.wkb_hex for s in frame["shape"]])
        for frame in (left, right)
    ]
    if not versions:
        frames = [frame.drop(columns="row_version") for frame in frames]
    pandas.testing.assert_frame_equal(*frames)


def test_a_new_store_holds_what_the_city_folder_holds(seeded, data_dir):
    """The map drawn from a seeded store is the map drawn from the files, to the last cell."""
    from_files = layers.load(data_dir)
    from_store = layers.with_projects(from_files, seeded.projects()).projects
    columns = list(from_files.projects.columns)
    geopandas.testing.assert_geodataframe_equal(from_store[columns], from_files.projects)
    (first,) = seeded.history()
    assert (first.number, first.kind, first.created) == (1, "seed", len(from_store))


def test_opening_again_neither_seeds_nor_changes(opened, data_dir):
    """A store that exists is opened as it is."""
    first = opened(city=data_dir)
    put(first, Delete("r01"))
    second = opened(city=data_dir)
    assert second.version() == 2
    same(second.projects(), first.projects())


def test_an_empty_store_has_the_columns_of_a_full_one(store):
    """Columns and types do not depend on what is in the table."""
    empty = store.projects()
    assert list(empty.columns) == list(COLUMNS)
    put(store, Create(row(1), id="a"), expected={})
    assert dict(empty.dtypes) == dict(store.projects().dtypes)


def test_every_kind_of_value_comes_back(store):
    """Texts, money, percentages, flags, lines and unknown values survive unchanged."""
    line = shapely.LineString([(124.123456789, 40.1), (124.2, 40.987654321)])
    text = "“引号” ' \" \\ {{x}} %s :a 𠮷\n\t第二行"
    fields = row(
        7, remark=text, invest_wan=10**10, progress_pct=33.3, internal=True, shape=line, owner=""
    )
    put(store, Create(fields, id="x1"), expected={})
    found = one(store, "x1")
    assert found["remark"] == text
    assert found["invest_wan"] == 10**10
    assert found["progress_pct"] == 33.3
    assert found["lon"] == fields["lon"]
    assert bool(found["internal"])
    assert not found["sample"]
    assert found["shape"].equals(line)
    assert pd.isna(found["owner"])
    assert pd.isna(found["plan_wan"])


def test_one_call_is_one_version(store):
    """Creating, updating and deleting together is one numbered version with who, when and why."""
    put(store, Create(row(1), id="a"), Create(row(2), id="b"), expected={})
    number = put(
        store, Create(row(3)), Update("a", {"stage": "done"}), Delete("b"), source="表.xlsx"
    )
    assert number == store.version() == 2
    newest = store.history()[0]
    assert (newest.who, newest.why, newest.kind, newest.source) == (
        "张三",
        "更正",
        "edit",
        "表.xlsx",
    )
    assert (newest.created, newest.updated, newest.deleted) == (1, 1, 1)
    assert newest.at.tzinfo is not None
    assert abs(time.time() - newest.at.timestamp()) < 60
    changes = {change.project: change for change in store.changes(2)}
    assert changes["a"].before == {"stage": "build"}
    assert changes["a"].after == {"stage": "done"}
    assert changes["b"].after is None
    assert changes["b"].before["invest_wan"] == 2
    (made,) = set(changes) - {"a", "b"}
    assert changes[made].before is None
    assert one(store, made)["row_version"] == 2


def test_what_changes_nothing_makes_no_version(store):
    """Writing the values that are there already leaves version and history as they are."""
    put(store, Create(row(1), id="a"), expected={})
    assert put(store, Update("a", {"stage": "build", "owner": ""})) == 1
    assert put(store) == 1
    assert len(store.history()) == 1


def test_the_second_of_two_editors_sees_both_values(store):
    """A stale row is refused with what both read, what it is now, and what the second wants."""
    put(store, Create(row(1), id="a"), Create(row(2), id="b"), expected={})
    both = seen(store)
    put(store, Update("a", {"stage": "done", "owner": "甲"}), who="李四")
    error = refusal(store, Update("a", {"stage": "halt"}), Delete("b"), expected=both)
    assert error.code == "store.conflict"
    clashes = {
        clash.field: (clash.base, clash.theirs, clash.mine) for clash in error.details["clashes"]
    }
    assert clashes == {"stage": ("build", "done", "halt"), "owner": (None, "甲", None)}
    assert error.details["who"] == "李四"
    assert (error.details["theirs"], error.details["mine"]) == ("done", "halt")


def test_even_the_same_value_is_not_written_over_a_stale_row(store):
    """Two who both add one to what they read do not end with one added."""
    put(store, Create(row(1), id="a"), expected={})
    old = seen(store)
    put(store, Update("a", {"invest_wan": 2}))
    assert refusal(store, Update("a", {"invest_wan": 2}), expected=old).code == "store.conflict"


def test_a_stale_delete_is_refused(store):
    """Nobody deletes a project that has changed since it was read, or one that is gone."""
    put(store, Create(row(1), id="a"), expected={})
    old = seen(store)
    put(store, Update("a", {"stage": "done"}))
    error = refusal(store, Delete("a"), expected=old)
    assert error.code == "store.conflict"
    assert [clash.theirs for clash in error.details["clashes"]] == ["done"]
    put(store, Delete("a"), who="李四")
    error = refusal(store, Update("a", {"stage": "run"}), expected=old)
    assert (error.code, error.details["who"]) == ("store.gone", "李四")


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Create({"colour": "red"}), "store.field_unknown"),
        (Create({"invest_wan": 1.5}), "store.value_invalid"),
        (Create({"invest_wan": -1}), "store.value_invalid"),
        (Create({"invest_wan": "12"}), "store.value_invalid"),
        (Create({"invest_wan": True}), "store.value_invalid"),
        (Create({"progress_pct": float("inf")}), "store.value_invalid"),
        (Create({"progress_pct": 101}), "store.value_invalid"),
        (Create({"name": "a\0b"}), "store.value_invalid"),
        (Create({"name": "\ud800"}), "store.value_invalid"),
        (Create({"name": 5}), "store.value_invalid"),
        (Create({"internal": "maybe"}), "store.value_invalid"),
        (Create({"shape": shapely.Point()}), "store.value_invalid"),
        (Create({"shape": shapely.Point(500, 0)}), "store.value_invalid"),
        (Create({"shape": "no wkb"}), "store.value_invalid"),
        (Create({}, id="a\0"), "store.value_invalid"),
        (Create(row(1, lat=None)), "store.position_half"),
        (Update("a", {"precision": None}), "store.position_vague"),
        (Create(row(1), id="a"), "store.exists"),
        (Update("a", {"stage": "done"}), "store.change_twice"),
    ],
)
def test_one_bad_change_keeps_all_out(store, bad, code):
    """Whatever is wrong with one change is named, and none of the others is written."""
    put(store, Create(row(1), id="a"), Create(row(2), id="b"), expected={})
    others = [Create(row(n)) for n in range(3)] + [Update("b", {"stage": "done"}), Delete("a")]
    if code not in ("store.change_twice",):
        others.pop()
    assert refusal(store, *others, bad).code == code


def test_a_change_must_say_what_it_starts_from(store):
    """An update without the row version that was read is refused, as is a version without a hand."""
    put(store, Create(row(1), id="a"), expected={})
    error = refusal(store, Update("a", {"stage": "done"}), expected={})
    assert error.code == "store.expected_missing"
    change = Update("a", {"stage": "done"})
    assert refusal(store, change, who=" ").details == {"field": "who"}
    assert refusal(store, change, kind="guess").details == {"field": "kind"}


def test_the_map_as_of_any_version(store):
    """Each earlier version is read exactly as it was, row versions and order included."""
    snapshots = {}
    put(store, Create(row(1), id="a"), Create(row(2), id="b"), expected={})
    snapshots[1] = store.projects()
    line = shapely.LineString([(120, 40), (121, 41)])
    put(store, Update("a", {"shape": line, "stage": "done"}), Create(row(3), id="c"))
    snapshots[2] = store.projects()
    put(store, Delete("a"), Update("c", {"lon": None, "lat": None}))
    snapshots[3] = store.projects()
    put(store, Create(row(9), id="a"), Delete("b"))
    snapshots[4] = store.projects()
    fresh = Store(store.database)  # with no snapshots in memory
    for version, snapshot in snapshots.items():
        same(fresh.projects(as_of=version), snapshot)
    assert fresh.projects(as_of=0).empty
    with pytest.raises(GeoError) as caught:
        store.projects(as_of=5)
    assert caught.value.code == "store.version_unknown"


def test_the_difference_of_two_versions(store):
    """What was changed and changed back is no difference; either direction can be asked."""
    put(store, Create(row(1), id="a"), Create(row(2), id="b"), Create(row(3), id="c"), expected={})
    put(store, Update("a", {"stage": "done"}), Delete("b"))
    put(store, Update("a", {"stage": "build", "owner": "甲"}), Create(row(2), id="b"))
    put(store, Delete("c"), Create(row(4), id="d"))
    put(store, Create(row(5), id="e"))
    put(store, Delete("e"))
    there = {d.project: (d.before, d.after) for d in store.diff(1, 6)}
    assert set(there) == {"a", "c", "d"}
    assert there["a"] == ({"owner": None}, {"owner": "甲"})
    assert there["c"][1] is None
    assert there["d"][1]["invest_wan"] == 4
    back = {d.project: (d.after, d.before) for d in store.diff(6, 1)}
    assert back == there
    assert store.diff(3, 3) == []
    put(store, Create({}, id="blank"))
    assert [d.project for d in store.diff(6, 7)] == ["blank"]


def test_the_history_of_one_project(store):
    """Only versions that touched the project are listed, newest first."""
    put(store, Create(row(1), id="a"), Create(row(2), id="b"), expected={})
    put(store, Update("b", {"stage": "done"}))
    put(store, Update("a", {"stage": "done"}))
    assert [version.number for version in store.history("a")] == [3, 1]
    assert [change.after for change in store.changes(project="a")][-1] == {"stage": "done"}


def test_undo_restores_exactly(store):
    """Undoing creations, changes and deletions gives back every field, the key and the order."""
    put(store, Create(row(1), id="a"), Create(row(2), id="b"), Create(row(3), id="c"), expected={})
    before = store.projects()
    number = put(store, Delete("a"), Update("b", {"stage": "done", "lon": 1.5}), Create(row(4)))
    undo = store.undo(number, who="王五")
    same(store.projects(), before, versions=False)
    newest = store.history()[0]
    assert (newest.number, newest.kind, newest.undone, newest.who) == (undo, "undo", 2, "王五")
    assert store.history()[1].undone_by == undo
    redo = store.undo(undo, who="王五")
    same(store.projects(), store.projects(as_of=2), versions=False)
    store.undo(redo, who="王五")
    same(store.projects(), before, versions=False)


def test_undo_stops_where_somebody_has_built_on_it(store):
    """A field that a later version touched is not undone; another field of the row does not matter."""
    put(store, Create(row(1), id="a"), Create(row(2), id="b"), expected={})
    number = put(store, Update("a", {"stage": "done"}), Update("b", {"stage": "done"}))
    put(store, Update("b", {"owner": "甲"}))
    put(store, Update("a", {"stage": "run"}))
    put(store, Update("a", {"stage": "full"}))
    with pytest.raises(GeoError) as caught:
        store.undo(number, who="x")
    assert caught.value.code == "store.undo_conflict"
    (clash,) = caught.value.details["clashes"]
    assert (clash.project, clash.field) == ("a", "stage")
    assert (clash.base, clash.theirs, clash.mine) == ("done", "full", "build")
    assert store.version() == 5
    store.undo(5, who="x")
    store.undo(4, who="x")  # with that out of the way it can be done
    store.undo(number, who="x")
    assert list(store.projects()["stage"]) == ["build", "build"]
    assert one(store, "b")["owner"] == "甲"


def test_an_import_of_thousands_is_undone(store):
    """More rows than a query takes parameters are created, changed and taken back as one."""
    number = put(store, *(Create(row(n)) for n in range(1500)), expected={})
    put(store, *(Update(id_, {"stage": "done"}) for id_ in store.projects()["id"]))
    with pytest.raises(GeoError) as caught:
        store.undo(number, who="x")
    assert caught.value.details["count"] == 1500
    store.undo(2, who="x")
    store.undo(number, who="x")
    assert store.projects().empty
    assert store.history()[0].deleted == 1500


def test_undo_refuses_what_cannot_be_undone(seeded):
    """The seed, an unknown version, and a version that is undone already are named as such."""
    put(seeded, Update("r01", {"stage": "done"}))
    seeded.undo(2, who="x")
    for version, code in ((1, "undo_seed"), (9, "version_unknown"), (2, "undone_already")):
        with pytest.raises(GeoError) as caught:
            seeded.undo(version, who="x")
        assert caught.value.code == f"store.{code}"


def test_undoing_an_import_that_was_built_on_by_deletion(store):
    """A project that was deleted since its import cannot be taken back as if it were there."""
    put(store, Create(row(1), id="a"), expected={})
    number = put(store, Update("a", {"stage": "done"}))
    put(store, Delete("a"))
    with pytest.raises(GeoError) as caught:
        store.undo(number, who="x")
    assert caught.value.code == "store.undo_conflict"


def test_snapshots_are_shared_and_cannot_be_spoilt(store):
    """Changing a frame that was handed out changes no other one."""
    put(store, Create(row(1), id="a"), expected={})
    frame = store.projects()
    frame["name"] = "spoilt"
    frame.loc[0, "stage"] = "spoilt"
    assert one(store, "a")["stage"] == "build"
    assert one(store, "a")["name"] == "示例项目 1"


def test_another_process_is_seen_within_five_seconds(store, place):
    """What another process has written stands in the next snapshot, soon and without reopening."""
    assert store.projects().empty
    process, pipe = children.run(children.import_rows, place, 3, "other")
    assert pipe.recv() == "open"
    pipe.send("go")
    assert pipe.recv() == 1
    done = time.monotonic()
    while store.version() < 1:
        assert time.monotonic() - done < 5
        time.sleep(0.05)
    assert len(store.projects()) == 3
    process.join()


def test_keys_and_ids_are_never_given_twice(store):
    """A new project never takes the id or the place in the list of one that was deleted."""
    put(store, Create(row(1)), Create(row(2)), expected={})
    first, second = store.projects()["id"]
    put(store, Delete(second))
    put(store, Create(row(3)))
    third = store.projects()["id"].iloc[-1]
    assert third not in (first, second)
    store.undo(2, who="x")
    assert list(store.projects()["id"]) == [first, second, third]


def test_an_unknown_address_is_refused():
    """Only a path and PostgreSQL are places for a store; a password is not repeated."""
    for address in ("mysql://a:secret@h/x", "http://h", "sqlite://", "://"):
        with pytest.raises(GeoError) as caught:
            open_store(address)
        assert caught.value.code == "store.url_unknown"
        assert "secret" not in str(caught.value)


def test_the_setting_decides_where_the_store_is(tmp_path):
    """A database address wins; without one the store is a file in the state folder."""
    address = {"GEO_DATABASE_URL": "postgresql://host/name"}
    assert locate(address, state=tmp_path) == "postgresql://host/name"
    for nothing in ({}, {"GEO_DATABASE_URL": ""}):
        assert locate(nothing, state=tmp_path) == str(tmp_path / "store.sqlite")
