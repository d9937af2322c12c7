"""Rows with their merged cells filled in, knowing which values are the row's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.errors import GeoError
from geo.exchange.reading.grid import EMPTY, Cell, Range, Row, Sheet

MAX_MERGED = 2_000_000


@dataclass(frozen=True)
class Line:
    """Hold one row as it reads: `own` are the columns (from 0) with a value that is this row's own.

    `down` are columns filled from a row above, `across` those filled from the left: column →
    the column that holds the value. `merged` are the own columns that reach over further rows.
    """

    number: int
    cells: tuple[Cell, ...]
    hidden: bool
    own: tuple[int, ...]
    down: frozenset[int] = frozenset()
    across: Mapping[int, int] = field(default_factory=dict)
    merged: frozenset[int] = frozenset()

    def cell(self, column: int) -> Cell:
        """Return the cell of a column, empty beyond the row's end."""
        return self.cells[column] if column < len(self.cells) else EMPTY

    def text(self, column: int) -> str:
        """Return the text of a column's cell; a number as it is shown."""
        return text_of(self.cell(column))


def text_of(cell: Cell) -> str:
    """Return a cell's text: its own if it is one, else as the spreadsheet shows the value."""
    if isinstance(cell.value, str):
        return cell.value
    return "" if cell.value is None else cell.text or str(cell.value)


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell says nothing; a cell with a fault says something."""
    if cell.fault:
        return False
    return cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())


def read(sheet: Sheet) -> list[Line]:
    """Return the rows of a sheet in order. Raises GeoError `import.merged_too_many`."""
    rows = {row.number: row for row in sheet.rows}
    width = max((len(row.cells) for row in sheet.rows), default=0)
    covering = _covering(sheet.merged, rows=rows, width=width)
    return [_line(row, covering.get(row.number, ()), rows) for row in sheet.rows]


def _covering(
    merged: tuple[Range, ...], *, rows: Mapping[int, Row], width: int
) -> dict[int, list[Range]]:
    covering: dict[int, list[Range]] = defaultdict(list)
    last = max(rows, default=0)
    area = 0
    for top, left, bottom, right in merged:
        clipped = (top, left, min(bottom, last), min(right, max(width, left)))
        area += (clipped[2] - top + 1) * (clipped[3] - left + 1)
        if area > MAX_MERGED:
            raise GeoError("import.merged_too_many", expected=MAX_MERGED)
        for number in range(top, clipped[2] + 1):
            covering[number].append(clipped)
    return covering


def _line(row: Row, covering: list[Range] | tuple[()], rows: Mapping[int, Row]) -> Line:
    if not covering:
        own = tuple(i for i, cell in enumerate(row.cells) if not is_blank(cell))
        return Line(row.number, row.cells, row.hidden, own)
    cells = list(row.cells)
    down: set[int] = set()
    across: dict[int, int] = {}
    tall: set[int] = set()
    for top, left, bottom, right in covering:
        origin = rows.get(top)
        source = origin.cells[left - 1] if origin and left <= len(origin.cells) else EMPTY
        cells += [EMPTY] * (right - len(cells))
        if top == row.number and bottom > top:
            tall.add(left - 1)
        for column in range(left - 1, right):
            if top < row.number:
                down.add(column)
            if column > left - 1:
                across[column] = left - 1
            cells[column] = source
    own = tuple(
        i
        for i, cell in enumerate(cells)
        if not is_blank(cell) and i not in down and i not in across
    )
    return Line(row.number, tuple(cells), row.hidden, own, frozenset(down), across, frozenset(tall))
