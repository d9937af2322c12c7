"""Keep history and scores append-only: triggers that refuse to change or delete what is written."""

from __future__ import annotations

import sqlalchemy as sa

from geo.errors import GeoError

TABLES = {
    "data_version": ("number",),
    "change": ("project_id", "version"),
    "series_change": ("point_id", "version"),
    "tour_score": ("uuid",),
}


def install(connection: sa.Connection) -> None:
    """Put every trigger in place again, and make sure that it is: a migration may have lost some.

    Errors: `store.unguarded`.
    """
    for statement in _sqlite() if connection.dialect.name == "sqlite" else _server():
        connection.exec_driver_sql(statement)
    if not present(connection):
        raise GeoError("store.unguarded")


def remove(connection: sa.Connection) -> None:
    """Take the triggers away, inside a transaction that will install them again."""
    for name, table in _names(connection):
        suffix = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def present(connection: sa.Connection) -> bool:
    """Tell whether every trigger is there and switched on."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        tables = ", ".join(f"to_regclass('{table}')" for table in TABLES)
        query = (
            "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' "  # noqa: S608
            f"AND tgrelid IN ({tables})"
        )
    found = set(connection.scalars(sa.text(query)))
    return {name for name, _ in _names(connection)} <= found


def _names(connection: sa.Connection) -> list[tuple[str, str]]:
    kinds = ("update", "delete", "replace")
    if connection.dialect.name != "sqlite":
        kinds = ("update", "delete", "truncate")
    return [(f"{table}_no_{kind}", table) for table in TABLES for kind in kinds]


def _sqlite() -> list[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
    statements = []
    for table, key in TABLES.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        exists = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608
        events = {
            "update": f"BEFORE UPDATE ON {table}",
            "delete": f"BEFORE DELETE ON {table}",
            # INSERT OR REPLACE deletes without asking the delete trigger
            "replace": f"BEFORE INSERT ON {table} WHEN EXISTS ({exists})",
        }
        for kind, when in events.items():
            statements.append(f"DROP TRIGGER IF EXISTS {table}_no_{kind}")
            statements.append(f"CREATE TRIGGER {table}_no_{kind} {when} {refuse}")
    return statements


def _server() -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION geo_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$"
    ]
    for table in TABLES:
        for kind in ("update", "delete", "truncate"):
            name = f"{table}_no_{kind}"
            statements.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            statements.append(
                f"CREATE TRIGGER {name} BEFORE {kind.upper()} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION geo_append_only()"
            )
            # also against replication roles, which skip ordinary triggers
            statements.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    return statements
