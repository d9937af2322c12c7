"""Insert many rows at once, a column at a time: the library's way costs more than the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; errors are those of the database."""
    if not rows:
        return
    names, dialect = list(rows[0]), connection.dialect
    compiled: Any = sa.insert(table).compile(dialect=dialect, column_keys=names)
    ordered = list(compiled.positiontup) if compiled.positional else names
    columns = [_column(table.c[name], [row[name] for row in rows], dialect) for name in ordered]
    found: list[Any] = list(zip(*columns, strict=True))
    if not compiled.positional:
        found = [dict(zip(ordered, values, strict=True)) for values in found]
    connection.exec_driver_sql(str(compiled), found)


def _column(column: sa.Column[Any], values: list[Any], dialect: sa.Dialect) -> list[Any]:
    """Write a column's values as the driver wants them, by the type that the table declares."""
    kind = column.type.dialect_impl(dialect)
    process = kind.bind_processor(dialect)
    return values if process is None else [process(value) for value in values]
