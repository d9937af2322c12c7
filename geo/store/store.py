"""One city's projects, series and tours, kept safely: read a version, change it, look back, undo, back up."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from geo import layers
from geo.store import backup as backups
from geo.store import history, migrations, past, reading, undoing, writing
from geo.store.edits import Change, Edit, Stamp
from geo.store.engine import WAIT_SECONDS, Database, connect
from geo.store.files import file_fault
from geo.store.history import Difference, Version
from geo.store.past import Past
from geo.store.schema import data_version, meta
from geo.store.series import SeriesStore
from geo.store.tours import Tours
from geo.store.values import EMPTY, complete, plain_rows

KEPT = 3  # snapshots in memory: today's, and those that somebody compares it with


class Store:
    """Keep projects in numbered data versions; safe to share between threads.

    Every method may raise the errors of `engine.faults`: `store.busy`, `store.disk_full`,
    `store.read_only`, `store.unwritable`, `store.damaged`, `store.unreachable`, `store.failed`.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.tours = Tours(database)
        self.series = SeriesStore(database)
        self._kept: OrderedDict[tuple[str, int], pd.DataFrame] = OrderedDict()
        self._lock = threading.Lock()

    def version(self) -> int:
        """Return the newest data version's number, cheaply: ask it every few seconds."""
        return self.database.read(history.now)

    def state(self) -> tuple[str, int]:
        """Return the epoch, which a restored backup renews, and the newest version's number."""
        return self.database.read(_state)

    def projects(self, as_of: int | None = None) -> pd.DataFrame:
        """Return the projects of a data version, one row each, internal fields included.

        Columns and types as `layers.read_projects` gives them, and `row_version`. Snapshots are
        shared copies on write. Show nobody more than `roles.visible` lets through.
        Errors: `store.version_unknown` (version).
        """
        epoch, newest = self.database.read(_state)
        wanted = (epoch, newest if as_of is None else as_of)
        with self._lock:
            if wanted in self._kept:
                self._kept.move_to_end(wanted)
                return self._kept[wanted].copy(deep=False)
        (epoch, newest), frame = self.database.read(
            lambda connection: (_state(connection), reading.table(connection, as_of=as_of))
        )
        with self._lock:
            self._kept[epoch, newest if as_of is None else as_of] = frame
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return frame.copy(deep=False)

    def within(self, box: tuple[float, float, float, float]) -> list[str]:
        """Return the ids of projects whose own place meets west, south, east, north."""
        return self.database.read(lambda connection: reading.within(connection, box))

    def apply(
        self,
        changes: Sequence[Change],
        *,
        who: str,
        why: str,
        kind: str,
        expected: Mapping[str, int],
        source: str | None = None,
    ) -> int:
        """Write all changes as one data version, or none, and return its number.

        `expected` holds the `row_version` under which each project to be updated or deleted was
        read; `kind` is "edit" or "import", `source` the file. Without an effect no version is made.
        Errors: `store.conflict` (clashes, a tuple of `Clash`, and the first one's project, name,
        field, theirs, mine, who), `store.gone`, `store.exists`, `store.change_twice`,
        `store.expected_missing`, `store.field_unknown`, `store.value_invalid`,
        `store.position_half`, `store.position_vague`, `store.stamp_invalid`.
        """
        stamp = Stamp(who=who, why=why, kind=kind, source=source)
        return self.database.write(
            lambda connection: writing.apply(connection, changes, stamp=stamp, expected=expected)
        )

    def undo(self, version: int, *, who: str) -> int:
        """Take a data version back, fields exactly as before it, and return the new version.

        Errors: `store.undo_conflict` (clashes) where a later version touched the same fields,
        `store.undo_series` where a point of a series is no longer as it left it,
        `store.undone_already`, `store.undo_seed`, `store.version_unknown`.
        """
        return self.database.write(lambda connection: undoing.undo(connection, version, who=who))

    def history(self, project: str | None = None) -> list[Version]:
        """List the data versions, newest first: all, or those that touched one project."""
        return self.database.read(lambda c: history.versions(c, project=project))

    def past(self, units: Collection[str]) -> Past:
        """Return the part of the history that staff of some units may read; see `past.of_units`."""
        return self.database.read(lambda connection: past.of_units(connection, units))

    def changes(self, version: int | None = None, project: str | None = None) -> list[Difference]:
        """List what was changed, oldest first, in one version, in one project, or at all."""
        return self.database.read(
            lambda connection: list(
                history.changes(
                    connection,
                    after=0 if version is None else version - 1,
                    until=version,
                    projects=None if project is None else [project],
                )
            )
        )

    def diff(self, first: int, last: int) -> list[Difference]:
        """Return what differs between two data versions; 0 is the empty store.

        Errors: `store.version_unknown`.
        """
        return self.database.read(lambda connection: history.diff(connection, first, last))

    def backup(self, file: Path) -> None:
        """Write the whole store to one file while people work; see `backup.backup`."""
        backups.backup(self.database, file)

    def restore(self, file: Path, *, who: str) -> int:
        """Bring a backup back and return the data version; see `backup.restore`."""
        return backups.restore(self.database, file, who=who)

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()


def open_store(
    where: str | Path, *, city: Path | None = None, wait_seconds: float = WAIT_SECONDS
) -> Store:
    """Open the store at a path or a `postgresql://` URL; create, upgrade and seed it as needed.

    `city` is the city folder whose projects a new store begins with; without, it begins empty.
    Errors: `store.url_unknown`, `store.schema_newer`, `store.postgis_missing`, those of
    `engine.faults` and, for the seed, of `layers.read_projects`.
    """
    database = connect(where, wait_seconds=wait_seconds)
    if database.is_sqlite:
        _make_file(Path(database.name))
    migrations.migrate(database)
    store = Store(database)
    if city is not None and store.version() == 0:
        _seed(database, city)
    return store


def _make_file(file: Path) -> None:
    """Make an empty database that only its owner reads: it will hold names and telephones."""
    with file_fault(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _seed(database: Database, city: Path) -> None:
    table = layers.read_projects(city)
    edits = [
        Edit(id_, None, complete(EMPTY | row, project=id_))
        for id_, row in zip(table["id"], plain_rows(table), strict=True)
    ]

    def write(connection: sa.Connection) -> None:
        if history.now(connection) == 0:  # another process may have been first
            stamp = Stamp(who="system", why=city.name, kind="seed", source=city.name)
            writing.write(connection, edits, stamp=stamp)

    database.write(write)


def _state(connection: sa.Connection) -> tuple[str, int]:
    """Return the epoch, which a restored backup renews, and the newest data version."""
    newest = sa.select(sa.func.coalesce(sa.func.max(data_version.c.number), 0)).scalar_subquery()
    query = sa.select(meta.c.value, newest).where(meta.c.key == "epoch")
    epoch, number = connection.execute(query).one()
    return str(epoch), int(number)
