"""Schemas that grow, a history that cannot be rewritten, and an index that finds by place."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from geo.errors import GeoError
from geo.store import Create, Delete, Store, Update, guards, migrations, reading
from geo.store.engine import Database, connect
from geo.store.schema import BOUNDS, metadata
from tests.geo.store import children
from tests.geo.store.children import row

REWRITES = (
    "UPDATE change SET before = NULL",
    "UPDATE data_version SET who = 'x'",
    "DELETE FROM change",
    "DELETE FROM data_version",
)


def put(store: Store, *changes, expected=None) -> int:
    return store.apply(changes, who="a", why="", kind="edit", expected=expected or {})


def rewrite_fails(database: Database, statement: str) -> None:
    """Assert that a statement against the history is refused, whoever sends it."""
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.writers.begin() as c:
        c.exec_driver_sql(statement)


def old_store(place: str, *, schema: int = 1) -> Database:
    """Make a store of an early schema, with a project and a version in it."""
    database = connect(place)
    if database.is_sqlite:
        Path(place).parent.mkdir()
    with database.writers.begin() as connection:
        for step in migrations.STEPS[:schema]:
            step(connection)
        connection.execute(
            sa.text("UPDATE meta SET value = :n WHERE key = 'schema'"), {"n": str(schema)}
        )
        connection.exec_driver_sql(
            "INSERT INTO data_version (number, at, who, why, kind)"
            " VALUES (1, '2026-01-01T00:00:00+00:00', 'a', '', 'import')"
        )
        connection.exec_driver_sql(
            "INSERT INTO project (key, id, name, lon, lat, precision, sample, internal,"
            " position_internal, row_version)"
            " VALUES (1, 'a', '旧项目', 124.5, 40.5, 'site', false, false, false, 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO change (project_id, version, key, after) VALUES ('a', 1, 1,"
            ' \'{"name": "旧项目", "lon": 124.5, "lat": 40.5, "precision": "site"}\')'
        )
    return database


def test_an_old_schema_is_upgraded_with_all_that_is_in_it(place, opened):
    """A store of the first schema opens: same projects and history, found by place, and guarded."""
    old = old_store(place)
    assert old.read(migrations.current) == 1
    assert not old.read(guards.present)
    store = opened()
    assert store.database.read(migrations.current) == len(migrations.STEPS)
    assert list(store.projects()["name"]) == ["旧项目"]
    assert store.within((124, 40, 125, 41)) == ["a"]
    assert store.history()[0].who == "a"
    for statement in REWRITES:
        rewrite_fails(store.database, statement)
    assert put(store, Update("a", {"stage": "done"}), expected={"a": 1}) == 2
    old.close()


def test_a_store_from_before_the_responsible_unit_keeps_all(place, opened):
    """A store of schema 3 opens with its projects, history and tours; the new field is unknown, can be written and undone."""
    old = old_store(place, schema=3)
    tour = "INSERT INTO tour VALUES ('t', '题', '{}', 1, NULL, 'x', 'a', 'x', 'a', false)"
    old.write(lambda c: c.exec_driver_sql(tour))
    old.close()
    store = opened()
    before = store.projects()
    assert list(before["name"]) == ["旧项目"]
    assert before["responsible"].isna().all()
    assert store.database.read(lambda c: c.scalar(sa.select(metadata.tables["tour"].c.id))) == "t"
    put(store, Update("a", {"responsible": "工信局", "owner": "甲公司"}), expected={"a": 1})
    assert store.changes(version=2)[0].before == {"owner": None, "responsible": None}
    assert list(store.projects()["responsible"]) == ["工信局"]
    assert store.projects(as_of=1)["responsible"].isna().all()
    store.undo(2, who="b")
    pd.testing.assert_frame_equal(
        store.projects().drop(columns="row_version"), before.drop(columns="row_version")
    )
    put(store, Delete("a"), expected={"a": 3})
    store.undo(4, who="b")
    assert store.projects()["responsible"].isna().all()
    assert [d.project for d in store.diff(1, 2)] == ["a"]


def test_a_store_from_before_land_keeps_all(place, opened):
    """A store of schema 5 opens with its projects; land is unknown, whole, never below zero, and undone."""
    old_store(place, schema=5).close()
    store = opened()
    assert store.projects()["land_m2"].isna().all()
    put(store, Update("a", {"land_m2": 3333333}), expected={"a": 1})
    assert list(store.projects()["land_m2"]) == [3333333]
    for wrong in (-1, 2.5, "亩"):
        with pytest.raises(GeoError):
            put(store, Update("a", {"land_m2": wrong}), expected={"a": 2})
    store.undo(2, who="b")
    assert store.projects()["land_m2"].isna().all()


def test_each_migration_is_followed_by_the_guards(place, opened, monkeypatch):
    """A migration that rebuilds a table, and so loses its triggers, gets them back at once."""
    opened()

    def rebuild(connection: sa.Connection) -> None:
        guards.remove(connection)

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, rebuild))
    store = opened()
    assert store.database.read(migrations.current) == len(migrations.STEPS)
    put(store, Create(row(1)))
    for statement in REWRITES:
        rewrite_fails(store.database, statement)


def test_a_store_that_has_lost_its_guards_gets_them_back(opened):
    """Opening a store puts a missing trigger in place again."""
    store = opened()
    store.database.write(guards.remove)
    assert not store.database.read(guards.present)
    assert opened().database.read(guards.present)


def test_history_is_append_only(store):
    """Nobody with the store's own connection changes, deletes or replaces what is written."""
    put(store, Create(row(1), id="a"))
    statements = list(REWRITES)
    if store.database.is_sqlite:
        statements += [
            "REPLACE INTO change SELECT project_id, version, key, NULL, '{}' FROM change",
            "INSERT OR REPLACE INTO data_version SELECT 1, at, 'x', why, kind, NULL, NULL"
            " FROM data_version",
        ]
    else:
        statements += ["TRUNCATE change", "TRUNCATE data_version CASCADE"]
    for statement in statements:
        rewrite_fails(store.database, statement)
    assert store.history()[0].who == "a"


def test_a_connection_without_settings_cannot_rewrite_either(tmp_path):
    """Any program that opens the SQLite file is held back: the guards are in the file."""
    store = Store(connect(tmp_path / "s.sqlite"))
    migrations.migrate(store.database)
    put(store, Create(row(1), id="a"))
    other = sqlite3.connect(tmp_path / "s.sqlite")
    other.execute("PRAGMA recursive_triggers=OFF")
    for statement in (*REWRITES, "REPLACE INTO change SELECT * FROM change"):
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            other.execute(statement)
    other.close()
    store.close()


def test_a_newer_schema_is_left_alone(opened):
    """A program that is too old says so and changes nothing."""
    store = opened()
    number = str(len(migrations.STEPS) + 1)
    store.database.write(
        lambda c: c.execute(sa.text("UPDATE meta SET value = :n WHERE key='schema'"), {"n": number})
    )
    with pytest.raises(GeoError) as caught:
        opened()
    assert caught.value.code == "store.schema_newer"
    assert store.database.read(migrations.current) == int(number)


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_the_tables_are_those_of_the_code(store):
    """After all migrations each table has exactly the columns that the code reads and writes."""

    def columns(connection: sa.Connection) -> dict[str, set[str]]:
        found = sa.inspect(connection)
        return {name: {c["name"] for c in found.get_columns(name)} for name in metadata.tables}

    wanted = {name: set(table.columns.keys()) for name, table in metadata.tables.items()}
    if not store.database.is_sqlite:
        wanted["project"].add("geom")
    assert store.database.read(columns) == wanted


def test_several_processes_may_open_first(place, data_dir):
    """Four processes that find no store at once end with one seed."""
    started = [children.run(children.open_seeded, place, data_dir) for _ in range(4)]
    for _, pipe in started:
        assert pipe.recv() == "ready"
    for _, pipe in started:
        pipe.send("go")
    assert [pipe.recv() for _, pipe in started] == [1, 1, 1, 1]
    for process, _ in started:
        process.join()


def moves(store: Store, seed: int) -> pd.DataFrame:
    """Make, move, stretch and delete projects at random; return the projects."""
    rng = random.Random(seed)
    put(
        store,
        *(Create(row(n, lon=rng.uniform(123, 125), lat=rng.uniform(39, 41))) for n in range(300)),
    )
    ids = list(store.projects()["id"])
    changes: list[Update | Delete] = []
    for id_ in ids[:200]:
        west, south = rng.uniform(123, 125), rng.uniform(39, 41)
        line = shapely.LineString([(west, south), (west + 0.3, south - 0.2)])
        changes.append(
            rng.choice(
                [
                    Update(id_, {"lon": west, "lat": south}),
                    Update(id_, {"lon": None, "lat": None}),
                    Update(id_, {"shape": line}),
                    Delete(id_),
                ]
            )
        )
    store.undo(put(store, *changes[:40], expected=dict.fromkeys(ids, 1)), who="a")
    put(
        store,
        *changes,
        expected=dict(zip(ids, store.projects()["row_version"].tolist(), strict=True)),
    )
    return store.projects()


def inside(frame: pd.DataFrame, box: tuple[float, float, float, float]) -> list[str]:
    """Return the ids in a window by looking at every project."""
    window = shapely.box(*box)
    found = []
    for record in frame.to_dict("records"):
        shape = record["shape"]
        if shape is None and not pd.isna(record["lon"]):
            shape = shapely.Point(record["lon"], record["lat"])
        if shape is not None and shapely.box(*shape.bounds).intersects(window):
            found.append(record["id"])
    return found


def test_the_spatial_index_keeps_up(store):
    """After many moves, deletions and undos a window finds what a full search finds."""
    frame = moves(store, seed=5)
    rng = random.Random(6)
    hits = 0
    for _ in range(40):
        west, south = rng.uniform(122.5, 125), rng.uniform(38.5, 41)
        box = (west, south, west + rng.uniform(0, 1), south + rng.uniform(0, 1))
        assert store.within(box) == inside(frame, box)
        hits += len(inside(frame, box))
    assert hits > 100
    first = frame[frame["lon"].notna() & frame["shape"].isna()].iloc[0]
    exact = (first["lon"], first["lat"], first["lon"], first["lat"])
    assert first["id"] in store.within(exact)  # its own place, to the last bit


def test_a_window_asks_the_spatial_index(store):
    """The database's own plan for a window names the index, not a walk through the table."""
    moves(store, seed=1)
    sqlite = store.database.is_sqlite

    def plan(connection: sa.Connection) -> str:
        query = reading.within_query(sqlite=sqlite).params(
            dict(zip(BOUNDS, (124.0, 40.0, 124.01, 40.01), strict=True))
        )
        text = query.compile(connection, compile_kwargs={"literal_binds": True})
        if not sqlite:  # a few hundred rows are read faster without any index
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return str(
            connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN' if sqlite else ''} {text}").all()
        )

    text = store.database.write(plan)
    assert ("project_box VIRTUAL TABLE INDEX" if sqlite else "project_geom") in text
    assert "SCAN project'" not in text
    assert "Seq Scan" not in text
