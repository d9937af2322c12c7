"""Put a whole store into one file while people work, and bring it back."""

from __future__ import annotations

import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from geo.errors import GeoError
from geo.store import guards, history, migrations, points, reading
from geo.store.edits import Edit, Stamp
from geo.store.engine import Database, connect, faults
from geo.store.files import file_fault, replacing
from geo.store.schema import (
    change,
    data_version,
    meta,
    project,
    series_change,
    series_point,
    tour,
    tour_action,
    tour_photo,
    tour_score,
)
from geo.store.values import EMPTY
from geo.store.writing import write

# in the order in which they refer to each other
TABLES = (data_version, change, project, series_change, series_point)
TOURS = (tour, tour_score, tour_photo, tour_action)
CHUNK = 2000
PHOTOS_AT_ONCE = 20


def backup(database: Database, file: Path) -> None:
    """Write projects, series, history and tours of one instant to a file, the same for either kind of database.

    The file is a SQLite store; it replaces an older one only when it is complete.
    Errors: those of `faults` and `replacing`.
    """
    with replacing(file) as draft:
        if database.is_sqlite:
            # Page by page it would start over with every write; in one step nobody disturbs it.
            with faults(database), closing(sqlite3.connect(database.name)) as connection:
                connection.execute("VACUUM INTO ?", (str(draft),))
        else:
            _dump(database, draft)
        draft.chmod(0o600)  # it holds all that is internal


def _dump(database: Database, draft: Path) -> None:
    portable = connect(draft)
    try:
        migrations.migrate(portable)
        database.read(
            lambda source: portable.write(lambda target: _copy(source, target, *TABLES, *TOURS))
        )
    finally:
        portable.close()
    with faults(portable), closing(sqlite3.connect(draft)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # one file, no companions


def _copy(source: sa.Connection, target: sa.Connection, *tables: sa.Table) -> None:
    """Insert what the source has and the target has not, by the keys of some tables."""
    for table in tables:
        (key, *_) = table.primary_key.columns
        there = set(target.scalars(sa.select(key))) if table in TOURS else set()
        chunk = PHOTOS_AT_ONCE if table is tour_photo else CHUNK
        rows = source.execution_options(yield_per=chunk).execute(
            sa.select(table).order_by(*table.primary_key.columns)
        )
        for part in rows.mappings().partitions(chunk):
            if new := [dict(row) for row in part if row[key.name] not in there]:
                target.execute(sa.insert(table), new)


def restore(database: Database, file: Path, *, who: str) -> int:
    """Bring projects and series back to a backup's state and return the data version.

    A store that holds nothing but its seed takes over the backup's history as well. Any other
    keeps its own: the difference becomes one more version, which can be undone. Tours, scores,
    photos and action items that are missing come back, deleted tours as well; what is there stays.
    Errors: `store.backup_invalid` (file, reason), `store.schema_newer`, those of `faults`.
    """
    with _opened(file) as kept:
        return kept.read(
            lambda source: database.write(
                lambda target: _bring(source, target, stamp=_stamp(file, who))
            )
        )


def _stamp(file: Path, who: str) -> Stamp:
    return Stamp(who=who, why=file.name, kind="restore", source=file.name)


@contextmanager
def _opened(file: Path) -> Iterator[Database]:
    """Open a checked copy of a backup, brought to the newest schema; the file stays as it is."""
    if not file.is_file():
        raise GeoError("file_missing", file=file.name)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "backup.sqlite"
        with file_fault(copy):
            _check(file, copy)
        kept = connect(copy)
        try:
            migrations.migrate(kept)
            yield kept
        finally:
            kept.close()


def _check(file: Path, copy: Path) -> None:
    try:
        address = f"{file.absolute().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(address, uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            (found,) = target.execute("PRAGMA application_id").fetchone()
            (sound,) = target.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise GeoError("store.backup_invalid", file=file.name, reason=str(error)) from error
    if found != migrations.APPLICATION_ID or sound != "ok":
        reason = sound if sound != "ok" else f"application_id {found:#x}"
        raise GeoError("store.backup_invalid", file=file.name, reason=reason)


def _bring(source: sa.Connection, target: sa.Connection, *, stamp: Stamp) -> int:
    _bring_tours(source, target)
    written = target.scalar(
        sa.select(sa.func.count()).select_from(data_version).where(data_version.c.kind != "seed")
    )
    if written == 0:
        _take_over(source, target)
        return history.now(target)
    wanted = {id_: (key, row) for id_, key, row in reading.every(source)}
    found = {id_: (key, row) for id_, key, row in reading.every(target)}
    known = target.execute(sa.select(project.c.id, project.c.row_version))
    versions = {row[0]: row[1] for row in known}
    edits = [
        Edit(id_, row, wanted[id_][1] if id_ in wanted else None, key, versions[id_])
        for id_, (key, row) in found.items()
    ]
    edits += [
        Edit(id_, None, EMPTY | row, key) for id_, (key, row) in wanted.items() if id_ not in found
    ]
    made = points.towards(target, points.read(source))
    return write(target, edits, stamp=stamp, points=made)


def _take_over(source: sa.Connection, target: sa.Connection) -> None:
    guards.remove(target)
    for table in reversed(TABLES):
        target.execute(sa.delete(table))
    _copy(source, target, *TABLES)
    # The same numbers now stand for other data: snapshots that any process has kept are void.
    target.execute(sa.update(meta).where(meta.c.key == "epoch").values(value=uuid.uuid4().hex))
    guards.install(target)


def _bring_tours(source: sa.Connection, target: sa.Connection) -> None:
    _copy(source, target, *TOURS)
    alive = set(source.scalars(sa.select(tour.c.id).where(~tour.c.deleted)))
    gone = set(target.scalars(sa.select(tour.c.id).where(tour.c.deleted)))
    values = {"deleted": False, "revision": tour.c.revision + 1}
    for id_ in sorted(alive & gone):
        target.execute(sa.update(tour).where(tour.c.id == id_).values(values))
