"""CSV: UTF-8 with a byte-order mark, so that Excel reads Chinese, and no cell becomes a formula."""

from __future__ import annotations

import csv
import io

from geo.exchange import formula
from geo.exchange.table import Cell, Table

FORMULA_STARTS = formula.STARTS


def write(table: Table) -> bytes:
    """Write headings and rows as CSV (comma, CRLF); the notes are not part of it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guard(heading) for heading in table.headings])
    writer.writerows([guard(value) for value in row] for row in table.cells)
    return out.getvalue().encode("utf-8-sig")


def guard(value: Cell) -> Cell:
    """Return text that a spreadsheet would run with an apostrophe before it; numbers as they are."""
    return formula.guard(value) if isinstance(value, str) else value
