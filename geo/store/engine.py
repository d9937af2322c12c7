"""Reach a database by path or URL, read and write in whole transactions, and name what goes wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from geo.errors import GeoError

T = TypeVar("T")
WAIT_SECONDS = 20.0
FILE = "store.sqlite"
TURN = 0x47656F53  # the lock that writers on one server take; also marks a SQLite file as a store


@dataclass(frozen=True)
class Database:
    """Hold the two engines of one database: readers share a snapshot, writers take turns."""

    url: sa.URL
    readers: sa.Engine
    writers: sa.Engine
    wait_seconds: float

    @property
    def is_sqlite(self) -> bool:
        """Tell the embedded database from a server."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def name(self) -> str:
        """Name the database in a message: its file, or its server without user and password."""
        database = self.url.database or ""
        return database if self.is_sqlite else f"{self.url.host or 'local'}/{database}"

    def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Run work on one consistent snapshot; a connection that has died is replaced once.

        Errors: those of `faults`.
        """
        with faults(self):
            try:
                return self._run(self.readers, work)
            except exc.DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return self._run(self.readers, work)

    def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run work as the only writer, all or nothing; it waits for its turn at most so long.

        Never repeated by itself: whether a lost commit has arrived, only the history can say.
        Errors: those of `faults`.
        """

        def alone(connection: sa.Connection) -> T:
            if not self.is_sqlite:  # SQLite has begun as the only writer
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {self._wait_ms}")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURN})")
            return work(connection)

        with faults(self):
            return self._run(self.writers, alone)

    @property
    def _wait_ms(self) -> int:
        return int(self.wait_seconds * 1000)

    @staticmethod
    def _run(engine: sa.Engine, work: Callable[[sa.Connection], T]) -> T:
        with engine.begin() as connection:
            return work(connection)

    def close(self) -> None:
        """Give every connection back."""
        self.readers.dispose()
        self.writers.dispose()


def locate(environ: Mapping[str, str], *, state: Path) -> str:
    """Return where the store is: `GEO_DATABASE_URL`, else a file in the state folder."""
    return environ.get("GEO_DATABASE_URL") or str(state / FILE)


def connect(where: str | Path, *, wait_seconds: float = WAIT_SECONDS) -> Database:
    """Prepare the engines of a path or a `postgresql://` URL; nothing is opened yet.

    Errors: `store.url_unknown` (read).
    """
    url = _url(where)
    if url.get_backend_name() == "sqlite":
        readers, writers = (_sqlite(url, write=w, wait_seconds=wait_seconds) for w in (False, True))
    else:
        # One pool of connections, two ways to use it: reads see one instant and cannot write.
        writers = sa.create_engine(
            url, pool_pre_ping=True, pool_size=5, connect_args={"connect_timeout": 5}
        )
        readers = writers.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    return Database(url=url, readers=readers, writers=writers, wait_seconds=wait_seconds)


def _url(where: str | Path) -> sa.URL:
    text = str(where)
    if isinstance(where, Path) or "://" not in text:
        return sa.URL.create("sqlite", database=str(Path(text).absolute()))
    scheme = text.split("://")[0]
    try:
        url = sa.make_url(text)
    except exc.ArgumentError:
        raise GeoError("store.url_unknown", read=scheme) from None
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if scheme == "sqlite" and url.database:
        return url.set(database=str(Path(url.database).absolute()))
    raise GeoError("store.url_unknown", read=scheme)


def _sqlite(url: sa.URL, *, write: bool, wait_seconds: float) -> sa.Engine:
    engine = sa.create_engine(
        url, connect_args={"timeout": wait_seconds}, pool_timeout=wait_seconds
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: see `_begin`
        for pragma in (
            "foreign_keys=ON",
            "synchronous=FULL",  # what was acknowledged survives a power cut
            "recursive_triggers=ON",  # else REPLACE slips past the append-only triggers
            f"query_only={'OFF' if write else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A deferred transaction that turns into a write fails at once when another has written.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def faults(database: Database) -> Iterator[None]:
    """Turn what a database can suffer into errors with a code.

    Errors: `store.disk_full`, `store.read_only`, `store.unwritable`, `store.busy`,
    `store.damaged`, `store.unreachable`, `store.failed` (place, reason).
    """
    try:
        yield
    except exc.TimeoutError as error:
        raise GeoError("store.busy", place=database.name, reason=str(error)) from error
    except exc.DBAPIError as error:
        found = _sqlite_fault(error.orig) if database.is_sqlite else _server_fault(error)
        raise _fault(found, place=database.name, reason=str(error.orig).strip()) from error
    except sqlite3.Error as error:
        raise _fault(_sqlite_fault(error), place=database.name, reason=str(error)) from error


def _fault(found: str, *, place: str, reason: str) -> GeoError:
    match found:
        case "disk_full":
            return GeoError("store.disk_full", place=place, reason=reason)
        case "read_only":
            return GeoError("store.read_only", place=place, reason=reason)
        case "unwritable":
            return GeoError("store.unwritable", place=place, reason=reason)
        case "busy":
            return GeoError("store.busy", place=place, reason=reason)
        case "damaged":
            return GeoError("store.damaged", place=place, reason=reason)
        case "unreachable":
            return GeoError("store.unreachable", place=place, reason=reason)
    return GeoError("store.failed", place=place, reason=reason)


_SQLITE = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_CANTOPEN": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_IOERR": "unwritable",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
}


def _sqlite_fault(error: BaseException | None) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_IOERR_READ", "SQLITE_IOERR_SHORT_READ")):
        return "damaged"
    return _SQLITE.get("_".join(name.split("_")[:2]), "failed")


_SERVER = {
    "53100": "disk_full",
    "25006": "read_only",
    "42501": "read_only",
    "55P03": "busy",
    "40P01": "busy",
    "53300": "busy",
    "XX001": "damaged",
    "XX002": "damaged",
    "57P01": "unreachable",
    "57P02": "unreachable",
    "57P03": "unreachable",
}


def _server_fault(error: exc.DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or (state or "").startswith("08"):
        return "unreachable"
    # A connection that never came about has no state.
    if state is None and isinstance(error, exc.OperationalError):
        return "unreachable"
    return _SERVER.get(state or "", "failed")
