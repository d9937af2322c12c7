"""Excel: one sheet of typed cells and one of notes; text is never a formula, link or number."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from geo.errors import GeoError
from geo.exchange.table import Cell, Kind, Table, clean, cut

CELL_LIMIT = 32_767
ROW_LIMIT = 1_048_576
SHEET_NAME_LIMIT = 31
_MIN_WIDTH, _MAX_WIDTH = 6, 60
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NUMBER_FORMATS: dict[Kind, str] = {
    "int": "0",
    "money_wan": "#,##0",
    "date": "yyyy-mm-dd",
    "coordinate": "0.000000",
}
_SAMPLE_STYLE = {"italic": True, "pattern": 14, "fg_color": "#D0D0D0", "bg_color": "#FFFFFF"}
_FULL_DATE = re.compile(r"(19|2\d)\d\d-\d\d-\d\d")


def write(table: Table) -> bytes:
    """Write a workbook: the rows, heading frozen and with filters; then the notes.

    Full dates are real dates, years and months stay text. Text beyond Excel's cell limit is cut
    with a mark, and a note counts the cut cells. Raises GeoError `export.too_many_rows`.
    """
    if len(table.rows) >= ROW_LIMIT:
        raise GeoError("export.too_many_rows", read=len(table.rows), expected=ROW_LIMIT - 1)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"title": cut(table.clean_title, 255)})
    name = sheet_name(table.clean_title, fallback="data")
    cut_cells = _write_rows(book, book.add_worksheet(name), table)
    notes_name = sheet_name(table.wording.notes_sheet, fallback="notes", taken=name)
    notes = _notes(table, cut_cells)
    write_notes(book, book.add_worksheet(notes_name), notes, mark=table.wording.cut_mark)
    book.close()
    return out.getvalue()


def sheet_name(title: str, *, fallback: str, taken: str | None = None) -> str:
    """Return a title that Excel accepts as the name of a sheet and that is not taken yet."""
    kept = re.sub(r"[\[\]:*?/\\\s]+", " ", clean(title)).strip("' ")
    name = cut(kept, SHEET_NAME_LIMIT).strip("' ") or fallback
    if name.lower() == "history":  # Excel keeps this one for itself
        name = f"{name} 1"
    if taken is not None and name.lower() == taken.lower():
        name = cut(name, SHEET_NAME_LIMIT - 2) + " 2"
    return name


def _write_rows(book: Any, sheet: Any, table: Table) -> int:
    """Write heading and rows; return how many cells had to be cut."""
    kinds = [column.kind for column in table.columns]
    formats = {
        sample: [_format(book, kind, sample=sample) for kind in kinds] for sample in (False, True)
    }
    mark = table.wording.cut_mark
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    cut_cells = 0
    for column, text in enumerate(table.headings):
        cut_cells += write_text(sheet, (0, column), text, heading, mark=mark)
    for number, row in enumerate(table.cells):
        styles = formats[number in table.sample_rows]
        for column, (value, kind, style) in enumerate(zip(row, kinds, styles, strict=True)):
            place = (number + 1, column)
            cut_cells += _write_cell(sheet, place, value, kind=kind, style=style, mark=mark)
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(kinds) - 1)
    return cut_cells


def _format(book: Any, kind: Kind, *, sample: bool) -> Any:
    properties: dict[str, object] = {"valign": "top"}
    if kind in _NUMBER_FORMATS:
        properties["num_format"] = _NUMBER_FORMATS[kind]
    return book.add_format(properties | (_SAMPLE_STYLE if sample else {}))


def _write_cell(
    sheet: Any, place: tuple[int, int], value: Cell, *, kind: Kind, style: Any, mark: str
) -> bool:
    if value is None:
        sheet.write_blank(*place, None, style)
        return False
    if not isinstance(value, str):
        sheet.write_number(*place, value, style)
        return False
    day = _date(value) if kind == "date" else None
    if day is not None:
        sheet.write_datetime(*place, day, style)
        return False
    return write_text(sheet, place, value, style, mark=mark)


def write_text(sheet: Any, place: tuple[int, int], text: str, style: Any, *, mark: str) -> bool:
    """Write text that stays text, shortened to Excel's limit; tell whether it was."""
    shown = cut(text, CELL_LIMIT, mark=mark)
    if shown.startswith("<r>") and shown.endswith("</r>"):
        # xlsxwriter would take this text for its own markup and write it unescaped; in pieces
        # it is escaped, and it reads as one string again.
        sheet.write_rich_string(*place, "<", "r", shown[2:], style)
    else:
        sheet.write_string(*place, shown, style)
    return shown != text


def _date(text: str) -> dt.date | None:
    if not _FULL_DATE.fullmatch(text) or text < "1901":  # Excel's 1900 has a day too many
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _notes(table: Table, cut_cells: int) -> list[str]:
    notes = [table.clean_title, *table.clean_notes]
    if cut_cells:
        wording = table.wording.cut_note
        notes.append(wording.format(count=cut_cells, limit=CELL_LIMIT))
    return notes


def write_notes(book: Any, sheet: Any, notes: Iterable[str], *, mark: str) -> None:
    """Write one note a line into a sheet of their own."""
    style = book.add_format({"text_wrap": True, "valign": "top"})
    for row, note in enumerate(notes):
        write_text(sheet, (row, 0), note, style, mark=mark)
    sheet.set_column(0, 0, 100)


def _widths(table: Table) -> list[int]:
    """Return column widths in characters: a Chinese character takes two, the filter button three."""
    widths = [_shown_width(heading) + 3 for heading in table.headings]
    for row in table.cells:
        for column, value in enumerate(row):
            if value is not None and widths[column] < _MAX_WIDTH:
                widths[column] = max(widths[column], _cell_width(value) + 2)
    return [min(max(width, _MIN_WIDTH), _MAX_WIDTH) for width in widths]


def _cell_width(value: Cell) -> int:
    if isinstance(value, str):
        return _shown_width(value[: 4 * _MAX_WIDTH])
    return len(f"{value:,}")


def _shown_width(text: str) -> int:
    if text.isascii() and "\n" not in text:
        return len(text)
    return max(
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
        for line in text.split("\n")
    )
