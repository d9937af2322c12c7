"""Bring a database to the newest schema, step by step; each step stays as it was written."""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Callable
from contextlib import closing

import sqlalchemy as sa

from geo.errors import GeoError
from geo.store import guards
from geo.store.engine import TURN, Database, faults
from geo.store.values import bounds

APPLICATION_ID = TURN  # tells a store from any other SQLite file

Step = Callable[[sa.Connection], None]


def migrate(database: Database) -> None:
    """Create or upgrade the tables in one transaction; do nothing where they are up to date.

    Errors: `store.schema_newer` (read, expected), `store.postgis_missing`, those of `faults`.
    """
    if database.read(_up_to_date):
        return
    if database.is_sqlite:
        _use_wal(database)
    database.write(_upgrade)


def current(connection: sa.Connection) -> int:
    """Return the number of the database's schema, 0 where there is none."""
    if not sa.inspect(connection).has_table("meta"):
        return 0
    found = connection.scalar(sa.text("SELECT value FROM meta WHERE key = 'schema'"))
    return int(found or 0)


def _up_to_date(connection: sa.Connection) -> bool:
    return current(connection) == len(STEPS) and guards.present(connection)


def _upgrade(connection: sa.Connection) -> None:
    at = current(connection)  # again: another process may have been first
    if at > len(STEPS):
        raise GeoError("store.schema_newer", read=at, expected=len(STEPS))
    for step in STEPS[at:]:
        step(connection)
    connection.execute(
        sa.text("UPDATE meta SET value = :number WHERE key = 'schema'"),
        {"number": str(len(STEPS))},
    )
    guards.install(connection)


def _use_wal(database: Database) -> None:
    """Let readers go on while one writes; the file remembers it."""
    give_up = time.monotonic() + database.wait_seconds
    with faults(database), closing(sqlite3.connect(database.name)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                # Here SQLite does not wait by itself for another process that starts as well.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise
                time.sleep(0.02)


def _tables(connection: sa.Connection) -> None:
    """1: projects, data versions, changes."""
    sqlite = connection.dialect.name == "sqlite"
    for statement in _FIRST.split(";"):
        connection.exec_driver_sql(statement.replace("BYTES", "BLOB" if sqlite else "BYTEA"))
    connection.execute(
        sa.text("INSERT INTO meta (key, value) VALUES ('schema', '1'), ('epoch', :epoch)"),
        {"epoch": uuid.uuid4().hex},
    )
    if sqlite:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE data_version (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL CHECK (who <> ''),
    why TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('seed', 'edit', 'import', 'undo', 'restore')),
    source TEXT,
    undone INTEGER REFERENCES data_version (number),
    CHECK ((kind = 'undo') = (undone IS NOT NULL))
);
CREATE TABLE project (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    code TEXT, name TEXT, county TEXT, park TEXT, industry TEXT, stage TEXT,
    plan_year TEXT, plan_attr TEXT,
    invest_wan BIGINT CHECK (invest_wan >= 0),
    plan_wan BIGINT CHECK (plan_wan >= 0),
    done_wan BIGINT CHECK (done_wan >= 0),
    progress_pct DOUBLE PRECISION CHECK (progress_pct BETWEEN 0 AND 100),
    progress_note TEXT, start_date TEXT, end_date TEXT, owner TEXT, leader TEXT, lists TEXT,
    place TEXT, precision TEXT,
    lon DOUBLE PRECISION CHECK (lon BETWEEN -180 AND 180),
    lat DOUBLE PRECISION CHECK (lat BETWEEN -90 AND 90),
    coord_source TEXT, source TEXT, source_url TEXT, source_grade TEXT, source_date TEXT,
    updated TEXT, remark TEXT, contact TEXT, phone TEXT, leader_note TEXT,
    sample BOOLEAN NOT NULL, internal BOOLEAN NOT NULL, position_internal BOOLEAN NOT NULL,
    shape BYTES,
    row_version INTEGER NOT NULL REFERENCES data_version (number),
    CHECK ((lon IS NULL) = (lat IS NULL))
);
CREATE INDEX project_code ON project (code);
CREATE TABLE change (
    project_id TEXT NOT NULL,
    version INTEGER NOT NULL REFERENCES data_version (number),
    key INTEGER NOT NULL,
    before JSON,
    after JSON,
    PRIMARY KEY (project_id, version),
    CHECK (before IS NOT NULL OR after IS NOT NULL)
);
CREATE INDEX change_version ON change (version);
CREATE INDEX change_key ON change (key)
"""


def _spatial_index(connection: sa.Connection) -> None:
    """2: the bounds of each project, and an index that finds them by window."""
    sides = ("west", "south", "east", "north")
    for name in sides:
        connection.exec_driver_sql(f"ALTER TABLE project ADD COLUMN {name} DOUBLE PRECISION")
    rows = connection.execute(sa.text("SELECT key, lon, lat, shape FROM project")).mappings()
    found = [
        {"row": row["key"], **dict(zip(sides, _bounds_of(row), strict=True))} for row in rows.all()
    ]
    if found:
        pairs = ", ".join(f"{name} = :{name}" for name in sides)
        connection.execute(sa.text(f"UPDATE project SET {pairs} WHERE key = :row"), found)  # noqa: S608
    if connection.dialect.name == "sqlite":
        for statement in (_BOX, *_BOX_TRIGGERS, _FILL_BOX):
            connection.exec_driver_sql(statement)
    else:
        _postgis(connection)
        connection.exec_driver_sql(_GEOMETRY)
        connection.exec_driver_sql("CREATE INDEX project_geom ON project USING gist (geom)")


def _bounds_of(row: sa.RowMapping) -> tuple[float | None, float | None, float | None, float | None]:
    shape = None if row["shape"] is None else bytes(row["shape"]).hex()
    return bounds({"lon": row["lon"], "lat": row["lat"], "shape": shape})


def _postgis(connection: sa.Connection) -> None:
    known = sa.text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")
    if connection.scalar(known):
        return
    try:
        connection.exec_driver_sql("CREATE EXTENSION postgis")
    except sa.exc.DBAPIError as error:  # not on this server, or only a superuser may
        raise GeoError("store.postgis_missing", reason=str(error.orig).strip()) from error


_GEOMETRY = """
ALTER TABLE project ADD COLUMN geom geometry(Geometry, 4326) GENERATED ALWAYS AS (
    coalesce(ST_GeomFromWKB(shape, 4326), ST_SetSRID(ST_MakePoint(lon, lat), 4326))
) STORED
"""
_BOX = "CREATE VIRTUAL TABLE project_box USING rtree (key, west, east, south, north)"
_PUT_BOX = """
    INSERT INTO project_box (key, west, east, south, north)
    SELECT NEW.key, NEW.west, NEW.east, NEW.south, NEW.north WHERE NEW.west IS NOT NULL;
"""
_DROP_BOX = "DELETE FROM project_box WHERE key = OLD.key;"
_MOVED = "UPDATE OF west, south, east, north"
_BOX_TRIGGERS = tuple(
    f"CREATE TRIGGER project_box_{name} AFTER {when} ON project BEGIN {what} END"
    for name, when, what in (
        ("insert", "INSERT", _PUT_BOX),
        ("update", _MOVED, _DROP_BOX + _PUT_BOX),
        ("delete", "DELETE", _DROP_BOX),
    )
)
_FILL_BOX = """
INSERT INTO project_box (key, west, east, south, north)
SELECT key, west, east, south, north FROM project WHERE west IS NOT NULL
"""


def _tours(connection: sa.Connection) -> None:
    """3: tours, the scores and photos that phones send, and what is to be done."""
    sqlite = connection.dialect.name == "sqlite"
    for statement in _TOURS.split(";"):
        connection.exec_driver_sql(statement.replace("BYTES", "BLOB" if sqlite else "BYTEA"))


_TOURS = """
CREATE TABLE tour (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    code_hash TEXT,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL CHECK (created_by <> ''),
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL CHECK (updated_by <> ''),
    deleted BOOLEAN NOT NULL
);
CREATE TABLE tour_score (
    uuid TEXT PRIMARY KEY,
    tour_id TEXT NOT NULL REFERENCES tour (id),
    project TEXT NOT NULL CHECK (project <> ''),
    member TEXT NOT NULL CHECK (member <> ''),
    device TEXT NOT NULL,
    criteria JSON NOT NULL,
    remark TEXT NOT NULL,
    at TEXT NOT NULL,
    received TEXT NOT NULL
);
CREATE INDEX tour_score_tour ON tour_score (tour_id);
CREATE TABLE tour_photo (
    uuid TEXT PRIMARY KEY,
    tour_id TEXT NOT NULL REFERENCES tour (id),
    project TEXT NOT NULL CHECK (project <> ''),
    member TEXT NOT NULL CHECK (member <> ''),
    digest TEXT NOT NULL,
    at TEXT NOT NULL,
    received TEXT NOT NULL,
    content BYTES
);
CREATE INDEX tour_photo_tour ON tour_photo (tour_id);
CREATE TABLE tour_action (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    tour_id TEXT NOT NULL REFERENCES tour (id),
    text TEXT NOT NULL CHECK (text <> ''),
    owner TEXT NOT NULL,
    due TEXT,
    done BOOLEAN NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL CHECK (who <> '')
);
CREATE INDEX tour_action_tour ON tour_action (tour_id)
"""


def _responsible(connection: sa.Connection) -> None:
    """4: the authority that answers for a project; nobody has said so far."""
    connection.exec_driver_sql("ALTER TABLE project ADD COLUMN responsible TEXT")


def _series(connection: sa.Connection) -> None:
    """5: points of series, and what each data version changed of them."""
    for statement in _SERIES.split(";"):
        connection.exec_driver_sql(statement)


_SERIES = """
CREATE TABLE series_point (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    place TEXT NOT NULL CHECK (place <> ''),
    metric TEXT NOT NULL CHECK (metric <> ''),
    period TEXT NOT NULL CHECK (period <> ''),
    value BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('actual', 'estimate', 'target')),
    area_kind TEXT NOT NULL,
    source TEXT NOT NULL,
    source_url TEXT NOT NULL,
    source_grade TEXT NOT NULL,
    note TEXT NOT NULL,
    sample BOOLEAN NOT NULL,
    internal BOOLEAN NOT NULL
);
CREATE TABLE series_change (
    point_id TEXT NOT NULL,
    version INTEGER NOT NULL REFERENCES data_version (number),
    before JSON,
    after JSON,
    PRIMARY KEY (point_id, version),
    CHECK (before IS NOT NULL OR after IS NOT NULL)
);
CREATE INDEX series_change_version ON series_change (version)
"""


def _land(connection: sa.Connection) -> None:
    """6: the land that a project takes, whole square metres; nobody has said so far."""
    connection.exec_driver_sql("ALTER TABLE project ADD COLUMN land_m2 BIGINT CHECK (land_m2 >= 0)")


STEPS: tuple[Step, ...] = (_tables, _spatial_index, _tours, _responsible, _series, _land)
