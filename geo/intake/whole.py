"""What is said of a table as a whole: units and datum that are missing, hidden or shifted rows."""

from __future__ import annotations

from collections.abc import Sequence

from geo.intake import headers, land, places
from geo.intake.cells import Report, RowReader
from geo.intake.headers import Table
from geo.intake.headings import YUAN
from geo.intake.lines import Line


def of_the_columns(reader: RowReader, table: Table, report: Report) -> None:
    """Say once for a column what holds for many of its cells: no unit, no datum."""
    for column in table.columns:
        numbers = reader.unitless.get(column.index)
        known = land.UNITS if column.kind == "land" else YUAN
        if numbers and (not column.unit or column.unit in known):  # else its unit is a fault itself
            details = {"count": len(numbers), "first": numbers[0]}
            code = "land_unit_unknown" if column.kind == "land" else "unit_unknown"
            report.error(table.sheet, column.row, column, code, **details)
    if reader.undeclared:
        place = table.column("lon") or table.column("coordinate")
        count, default = len(reader.undeclared), reader.lexicon.default_datum
        row = place.row if place else None
        if default:
            used = places.DATUMS.get(default, default)
            report.warn(table.sheet, row, place, "datum_assumed", count=count, used=used)
        else:
            expected = "WGS-84 / CGCS2000 / GCJ-02 / BD-09"
            report.error(table.sheet, row, place, "datum_unknown", expected=expected)


def too_wide(table: Table, projects: Sequence[Line], report: Report) -> None:
    """Report rows of a .csv with more cells than its heading: 12,000 without quotes is two."""
    last = max((column.index for column in table.columns), default=0)
    for line in projects:
        beyond = [line.text(column) for column in line.own if column > last]
        if beyond:
            read_ = "、".join(beyond)[:40]
            report.error(table.sheet, line.number, None, "row_too_wide", read=read_)


def hidden(table: Table, projects: Sequence[Line], report: Report) -> None:
    """Say which hidden rows and columns were read like the others."""
    numbers = [line.number for line in projects if line.hidden]
    if numbers:
        details = {"count": len(numbers), "rows": _ranges(numbers)}
        report.warn(table.sheet, numbers[0], None, "rows_hidden", **details)
    if table.hidden:
        letters = ", ".join(headers.letter(index) for index in sorted(table.hidden))
        details = {"count": len(table.hidden), "columns": letters}
        report.warn(table.sheet, table.columns[0].row, None, "columns_hidden", **details)


def _ranges(numbers: Sequence[int]) -> str:
    """Write row numbers short: 3, 5–9."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    shown = [str(a) if a == b else f"{a}–{b}" for a, b in parts[:20]]
    return ", ".join(shown) + (" …" if len(parts) > 20 else "")
