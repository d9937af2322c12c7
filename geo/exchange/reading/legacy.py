"""Read an old .xls workbook (BIFF) with xlrd, in the same terms as the new format."""

from __future__ import annotations

import io
from pathlib import Path

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.book import Book
from xlrd.sheet import Sheet

from geo.errors import GeoError
from geo.exchange.reading import shown
from geo.exchange.reading.shown import BUILTIN, GENERAL
from geo.exchange.reading.wire import Raw, Writer
from geo.exchange.reading.workbook import number


def read(path: Path, writer: Writer) -> None:
    """Write every sheet of the workbook, one in memory at a time.

    Raises GeoError `file_encrypted` and what `Writer` and xlrd raise.
    """
    try:
        book = xlrd.open_workbook(
            str(path), logfile=io.StringIO(), formatting_info=True, on_demand=True, ragged_rows=True
        )
    except xlrd.XLRDError as error:
        raise GeoError("file_encrypted" if "encrypt" in str(error) else "file_damaged") from None
    if book.datemode == 1:
        writer.from_1904()
    for index in range(book.nsheets):
        sheet = book.sheet_by_index(index)
        writer.sheet(sheet.name, hidden=sheet.visibility != 0)
        _rows(book, sheet, writer)
        for column, info in sorted(sheet.colinfo_map.items()):
            if info.hidden:
                writer.hide_columns(column + 1, column + 1)
        for low, high, left, right in sheet.merged_cells:
            writer.merge((low + 1, left + 1, high, right))
        book.unload_sheet(index)


def _rows(book: Book, sheet: Sheet, writer: Writer) -> None:
    for row in range(sheet.nrows):
        info = sheet.rowinfo_map.get(row)
        cells = [_cell(book, sheet, row, column) for column in range(sheet.row_len(row))]
        writer.row(row + 1, cells, hidden=bool(info and info.hidden))


def _cell(book: Book, sheet: Sheet, row: int, column: int) -> Raw:
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or value == "":
        return None
    if kind == xlrd.XL_CELL_TEXT:
        return str(value)
    if kind == xlrd.XL_CELL_ERROR:
        fault = error_text_from_code.get(value, "#VALUE!")
        return (None, fault, GENERAL, fault)
    code = _format(book, sheet.cell_xf_index(row, column))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return (bool(value), "TRUE" if value else "FALSE", code, "")
    date = code != GENERAL and shown.parse(code).is_date
    return number(value, code, date=date, date1904=book.datemode == 1)


def _format(book: Book, style: int) -> str:
    key = book.xf_list[style].format_key
    form = book.format_map.get(key)
    if key in BUILTIN and (form is None or not form.format_str or form.format_str == GENERAL):
        return BUILTIN[key]
    return form.format_str if form else GENERAL
