"""What every uploaded file becomes: sheets of rows of cells, as the spreadsheet shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | float | bool | dt.date | dt.datetime | None
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column; 1-based, both ends included."""

UNCACHED = "uncached"
"""Fault of a formula whose result the file does not hold; other faults are error values (#REF!)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold one cell: its value, its text as shown, its number format, and what is wrong with it.

    A cell with a fault has the value None. With the format `0%` the value 0.5 is shown as `50%`:
    the value is never scaled.
    """

    value: Value
    text: str
    number_format: str = "General"
    fault: str = ""


EMPTY = Cell(None, "")


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row with its 1-based number as the spreadsheet shows it.

    Trailing empty cells are left out, so rows of one sheet differ in length.
    """

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold one sheet: its rows in order, from row 1 to the last that is not empty.

    `hidden_columns` are first and last columns, 1-based, both included.
    A merged range has its value in the top-left cell only. Dates are dates, whatever the date
    system of the workbook.
    """

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False
    merged: tuple[Range, ...] = ()
    hidden_columns: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """Hold one file: its name, kind (xlsx, xls, csv, geojson, gpkg), sheets and shapes.

    `geometries` has the WGS-84 shape of each row number of a vector file that has one. With
    `date1904` a number that is not formatted as a date, but is one, counts days from 1904.
    """

    file: str
    kind: str
    sheets: tuple[Sheet, ...]
    geometries: Mapping[int, object] = field(default_factory=dict)
    date1904: bool = False
